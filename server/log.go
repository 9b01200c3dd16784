package server

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// LogKind is the log a record belongs to.
type LogKind string

const (
	W3C     LogKind = "W3C"     // the site's W3C extended log
	HTTPERR LogKind = "HTTPERR" // HTTP.sys error log
	Event   LogKind = "event"   // the Windows event log
	Begin   LogKind = "begin"   // the beginning of a request, with Options.BeginLog
)

// Record is one line of a log.
type Record struct {
	Kind LogKind
	Site string // site ID for W3C
	Line string
	// Number is that of the request, equal in its Begin and its W3C record; 0 where
	// beginnings are not logged.
	Number int
}

// What the server remembers is bounded; older lines are forgotten.
const (
	maxRecords     = 1 << 16
	maxRecordBytes = 32 << 20
)

// logs holds the lines in order of completion.
type logs struct {
	sync.Mutex
	idle    *sync.Cond
	sending int // answers whose bytes are on their way and whose line is not yet written
	records []Record
	size    int            // bytes of their lines
	open    map[int]Record // requests that began and did not end yet, by number
	reading sync.Mutex     // of formats
	formats map[string]*w3cFormat
	files   func(Record) // writes them below Options.Logs; nil without
}

// begin announces a line: an answer is about to be sent.
func (l *logs) begin() {
	l.Lock()
	l.sending++
	l.Unlock()
}

// end counts an announced answer as done.
func (l *logs) end() {
	l.Lock()
	l.sending--
	l.Unlock()
	l.idle.Broadcast()
}

func (l *logs) write(r ...Record) {
	l.Lock()
	defer l.Unlock()
	for _, r := range r {
		l.add(r)
	}
}

func (l *logs) add(r Record) {
	if r.Kind == "" {
		return
	}
	l.compare(r)
	if l.files != nil {
		l.files(r)
	}
	l.records = append(l.records, r)
	if l.size += len(r.Line); len(l.records) <= maxRecords && l.size <= maxRecordBytes {
		return
	}
	drop := 0
	for len(l.records)-drop > maxRecords/2 || l.size > maxRecordBytes/2 {
		l.size -= len(l.records[drop].Line)
		drop++
	}
	l.records = append([]Record(nil), l.records[drop:]...)
}

// Records gives the log lines so far, in order of completion, at most the last
// 65,536. A line is written after its answer was sent, so for at most half a second
// Records waits for answers under way: who has read an answer finds its line, and
// OnAnswer was called. OnAnswer itself should use Answer.Line instead.
func (s *Server) Records() []Record {
	s.sweep(s.options.Now())
	l := &s.logs
	l.Lock()
	defer l.Unlock()
	late := false
	timer := time.AfterFunc(500*time.Millisecond, func() {
		l.Lock()
		late = true
		l.Unlock()
		l.idle.Broadcast()
	})
	defer timer.Stop()
	for l.sending > 0 && !late {
		l.idle.Wait()
	}
	return append([]Record(nil), l.records...)
}

// finish ends an announced answer: its line, then OnAnswer, in the same order.
func (s *Server) finish(a Answer) {
	if a.Status == "" {
		s.dropped.Add(1)
	} else {
		s.answered.Add(1)
	}
	if s.options.OnAnswer == nil {
		s.logs.write(a.Line)
	} else {
		s.answering.Lock()
		s.logs.write(a.Line)
		s.options.OnAnswer(a)
		s.answering.Unlock()
	}
	s.logs.end()
}

// appendField writes one field of a log: "-" where it is empty, "+" for blanks and
// control characters (w3c-logging).
func appendField(b []byte, v string) []byte {
	if v == "" {
		return append(b, '-')
	}
	from := len(b)
	b = append(b, v...)
	for i, c := range b[from:] {
		if c <= ' ' || c == 0x7f {
			b[from+i] = '+'
		}
	}
	return b
}

// EventHeader is the first line of a table of events as eventquery.vbs /v /fo csv
// prints it; the lines of Event records are its rows.
const EventHeader = `"Type","Event","Date Time","Source","ComputerName","Category","User","Description"`

// event is a record of the Windows event log in the form in which administrators
// export it. The computer's name is left out of everything that the server writes.
func (s *Server) event(level, source string, id int, text string) Record {
	return eventAt(s.options.Now(), level, source, id, text)
}

func eventAt(at time.Time, level, source string, id int, text string) Record {
	when := at.UTC().Format("2006-01-02 15:04:05")
	return Record{Kind: Event, Line: fmt.Sprintf(`"%s","%d","%s","%s","SERVER","None","N/A","%s"`,
		level, id, when, source, strings.ReplaceAll(text, `"`, `""`))}
}
