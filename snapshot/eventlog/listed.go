package eventlog

import (
	"github.com/iisdoctor/iisdoctor/source"
	"strings"
	"unicode/utf8"
)

var (
	// numbered begins an event in wevtutil's text.
	numbered = source.Lazy(`^Event\[\d{1,10}\]:?\s*$`)
	// labelled is a label at the line's beginning. wevtutil indents it by two; what
	// is indented further goes on with the value above.
	labelled = source.Lazy(`^ {0,2}([A-Za-z][A-Za-z ]{0,30}?)\s*:(?:\s+|$)(.*)$`)
)

// recogniseListed looks for the labels of an event.
func recogniseListed(lines []string) bool {
	var seen [roles]bool
	for _, line := range lines {
		if numbered().MatchString(line) {
			return true
		}
		if m := labelled().FindStringSubmatch(line); m != nil {
			seen[roleNames[strings.ToLower(m[1])]] = true
		}
	}
	return seen[roleSource] && (seen[roleID] || seen[roleInstance]) && (seen[roleTime] || seen[roleDate])
}

// listing is one event of labelled text while it is read.
type listing struct {
	rd        *reader
	rec       *record
	message   strings.Builder
	first     string // the label that began the first event: it begins each
	inMessage bool   // indented lines go on with the message
	free      bool   // the message takes every line, as behind "Description:"
	numbered  bool   // wevtutil: only Event[n] begins an event
	blank     bool   // the line before was blank
}

// readListed reads "label: value" lines: an event begins with the label that
// the first one began with, with Event[n], or behind a blank line.
func (rd *reader) readListed() {
	l := &listing{rd: rd}
	var line []byte
	for {
		at := rd.in.line
		var ok bool
		if line, ok = rd.in.readLine(line[:0], maxField); !ok {
			break
		}
		l.take(string(line), at)
	}
	l.flush()
}

func (l *listing) take(line string, at int) {
	blank := strings.TrimSpace(line) == ""
	defer func() { l.blank = blank }()
	var m []string
	if !(l.numbered && l.free) && strings.Contains(line, ":") {
		m = labelled().FindStringSubmatch(line)
	}
	switch {
	case strings.HasPrefix(line, "Event[") && numbered().MatchString(line):
		l.flush()
		l.begin(line, at)
		l.numbered = true
	case m != nil && l.label(m[1], m[2], line, at):
	case blank && !l.free:
	case l.inMessage:
		l.more(line)
	}
}

// label takes a labelled line. It reports false where the line belongs to a message.
func (l *listing) label(name, value, line string, at int) bool {
	name = strings.ToLower(name)
	begins := l.rec == nil || !l.numbered && (name == l.first || l.blank && !l.free && name != "description")
	switch {
	case begins:
		l.flush()
		l.begin(line, at)
		if l.first == "" {
			l.first = name
		}
	case l.free && name == "event xml": // what Event Viewer copies behind the text
		l.free, l.inMessage = false, false
		return true
	case l.free:
		return false
	}
	what := roleNames[name]
	if what == roleLevel && l.rec.level != "" && name == "level" {
		return true
	}
	l.free, l.inMessage = name == "description", what == roleMessage
	if l.inMessage {
		l.more(value)
	} else {
		l.rec.set(what, strings.TrimSpace(value))
	}
	return true
}

func (l *listing) begin(line string, at int) {
	l.rec = &record{pos: l.rd.in.pos(at, 1, runes(line))}
	l.inMessage, l.free = false, false
}

func (l *listing) more(line string) {
	if l.message.Len()+len(line) < maxField {
		l.message.WriteString(line + "\n")
	}
}

func (l *listing) flush() {
	if l.rec == nil {
		return
	}
	l.rec.message = l.message.String()
	l.message.Reset()
	if l.rec.time == "" {
		l.rec.time, l.rec.date = l.rec.date, ""
	}
	l.rd.add(l.rec)
	l.rec = nil
}

func runes(s string) int { return utf8.RuneCountInString(s) }
