package eventlog

import "strings"

// xmlEvent is the event that is being read: the record, and the elements that are
// open within it.
type xmlEvent struct {
	record
	open     []string // at most maxDepth
	deep     int      // open elements beyond
	textSize int
}

const maxDepth = 16

// readXML reads <Event> elements, whether they stand in a root element or, as
// wevtutil writes them without /e, one behind the other. TimeCreated is UTC.
func (rd *reader) readXML() {
	s := newScanner(rd.in)
	var e *xmlEvent
	for {
		t := s.next()
		pos := rd.in.pos(t.line, t.column, len("<"+t.name))
		switch {
		case t.kind == endOfFile:
			if e != nil {
				rd.problem(e.pos, "an event that the file's end cuts off", "</Event>", hintAgain)
			}
			return
		case t.kind == doctype:
			rd.problem(pos, "a document type declaration", "an export of wevtutil or Event Viewer, which has none", hintAgain)
		case t.kind == brokenTag:
			rd.problem(pos, "a tag that does not end", ">", hintAgain)
		case t.kind == startTag && t.name == "Event" && (e == nil || !e.inside("UserData")):
			if e != nil {
				rd.problem(e.pos, "an event without its end", "</Event> before the next event", hintAgain)
			}
			e = &xmlEvent{record: record{pos: pos, utc: true}}
		case e == nil:
		case t.kind == endTag && t.name == "Event" && !e.inside("UserData"):
			rd.add(&e.record)
			e = nil
		default:
			e.take(t, string(s.text))
		}
	}
}

func (e *xmlEvent) inside(name string) bool {
	return len(e.open) > 0 && e.open[0] == name
}

// take follows one tag within the event.
func (e *xmlEvent) take(t token, text string) {
	switch t.kind {
	case startTag, emptyTag:
		e.attributes(t)
		if t.kind == emptyTag {
			if t.name == "Data" && e.inside("EventData") {
				e.insert("")
			}
		} else if len(e.open) < maxDepth {
			e.open = append(e.open, t.name)
		} else {
			e.deep++
		}
	case endTag:
		if e.deep > 0 {
			e.deep--
			return
		}
		e.element(t.name, text)
		for i := len(e.open) - 1; i >= 0; i-- {
			if e.open[i] == t.name {
				e.open = e.open[:i]
				break
			}
		}
	}
}

// attributes takes what System's elements say in attributes. Provider may carry
// the classic source's name beside its own.
func (e *xmlEvent) attributes(t token) {
	if !e.inside("System") {
		return
	}
	switch t.name {
	case "Provider":
		e.source = t.attrs["Name"]
		if classic := t.attrs["EventSourceName"]; sourceOf(e.source, 0) == noSource && classic != "" {
			e.source = classic
		}
	case "TimeCreated":
		e.time = t.attrs["SystemTime"]
	}
}

// element takes the text of an element that ends.
func (e *xmlEvent) element(name, text string) {
	if len(e.open) != 2 || e.open[1] != name {
		return
	}
	text = unescape(text)
	switch e.open[0] + "/" + name {
	case "System/EventID":
		e.id = text
	case "System/Level":
		if e.level == "" {
			e.level = levelName(text)
		}
	case "System/Channel":
		e.log = text
	case "EventData/Data":
		e.insert(text)
	case "RenderingInfo/Message":
		e.message = text
	case "RenderingInfo/Level":
		if text != "" {
			e.level = text
		}
	}
}

// insert keeps an insert string; all of one event together stay within maxField.
func (e *xmlEvent) insert(text string) {
	if len(e.inserts) < maxInserts && e.textSize+len(text) <= maxField {
		e.inserts = append(e.inserts, text)
		e.textSize += len(text)
	}
}

// levelName names the levels of the event schema.
func levelName(n string) string {
	switch strings.TrimSpace(n) {
	case "1":
		return "Critical"
	case "2":
		return "Error"
	case "3":
		return "Warning"
	case "0", "4":
		return "Information"
	case "5":
		return "Verbose"
	}
	return n
}
