package eventlog

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// maxProblems bounds what is reported of one damaged file; the rest is counted.
const maxProblems = 20

// Result is what reading one file gave.
type Result struct {
	Format   Format
	Events   int       // events of IIS
	Others   int       // records of other sources, counted only
	Dates    DateOrder // what the file's dates tell of their order
	Problems []source.Problem
	More     int // problems that are not in Problems
}

// record is what a format's reader found, as written. Its text is bounded.
type record struct {
	pos                    source.Pos
	source, id, instance   string
	level, log, time, date string
	message                string
	inserts                []string
	utc                    bool // the format says that its times are UTC
}

// reader reads one file.
type reader struct {
	in   *input
	res  Result
	each func(*Event)
	log  string // the log that eventquery.vbs lists
}

// Read reads an export and calls each, which may be nil, for every event of IIS in
// the order of the file. Name is the file's name as it is shown. What cannot be
// understood is a problem of the result; an error means that r failed.
func Read(name string, r io.Reader, each func(Event)) (Result, error) {
	return read(name, r, func(e *Event) {
		if each != nil {
			e.mask()
			each(*e)
		}
	})
}

// read is Read with events that are not masked yet: a summary masks only the few
// that it shows, which is most of the time.
func read(name string, r io.Reader, each func(*Event)) (Result, error) {
	head, err := io.ReadAll(io.LimitReader(r, headSize))
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", name, err)
	}
	f := Recognise(head)
	rd := &reader{in: newInput(name, io.MultiReader(strings.NewReader(string(head)), r)), res: Result{Format: f}, each: each}
	switch f {
	case CSV, Tab:
		rd.readTable(findTable(headLines(head)))
	case Plain:
		rd.readPlain(findTable(headLines(head)).columns.separator)
	case XML:
		rd.readXML()
	case Listed:
		rd.readListed()
	default:
		found, hint := Declined(f, name)
		rd.problem(source.Pos{File: name, Line: 1, Column: 1, EndColumn: 1}, found, "an event log exported as CSV, XML or text", hint)
	}
	if n := rd.in.nuls; n > 0 {
		rd.problem(rd.in.nul, fmt.Sprintf("NUL bytes, %d in all: what stood there is lost", n), "text to the end of the file", hintAgain)
	}
	if rd.in.err != nil {
		return rd.res, fmt.Errorf("%s: %w", name, rd.in.err)
	}
	return rd.res, nil
}

func (rd *reader) problem(pos source.Pos, found, expected, hint string) {
	if len(rd.res.Problems) >= maxProblems {
		rd.res.More++
		return
	}
	rd.res.Problems = append(rd.res.Problems, source.Problem{Pos: pos, Found: found, Expected: expected, Hint: hint})
}

const hintAgain = "Export the log again and copy the whole file."

// add takes a record: it counts those of other sources, and turns those of IIS
// into events.
func (rd *reader) add(r *record) {
	if r.id == "" {
		r.id = r.instance
	}
	id, ok := eventID(r.id)
	if !ok || strings.TrimSpace(r.source) == "" {
		rd.problem(r.pos, "an event "+missingPart(r, ok), "source and event ID", hintAgain)
		return
	}
	src := sourceOf(strings.TrimSpace(r.source), id)
	if src == noSource {
		rd.res.Others++
		return
	}
	if r.date != "" {
		r.time = r.date + " " + r.time
	}
	e := Event{
		Source: src, Provider: bounded(strings.TrimSpace(r.source), 100), ID: id, Level: bounded(strings.TrimSpace(r.level), 40),
		Log: bounded(strings.TrimSpace(r.log), 100), Time: parseTime(r.time, r.utc), Pos: r.pos,
	}
	rd.res.Dates = rd.res.Dates.and(e.Time.forced())
	rd.res.Events++
	e.speak(r)
	rd.each(&e)
}

// missingPart names what a record lacks.
func missingPart(r *record, hasID bool) string {
	if hasID {
		return "without a source"
	}
	if strings.TrimSpace(r.id) == "" {
		return "without an ID"
	}
	return fmt.Sprintf("with the ID %q", bounded(r.id, 40))
}

// speak takes message and insert strings, and finds the subject in them.
func (e *Event) speak(r *record) {
	e.Message, e.Inserts = r.message, r.inserts
	if found, ok := missing(r.message); ok {
		if len(e.Inserts) == 0 {
			e.Inserts = found
		}
		e.Message = ""
	}
	e.Message = strings.Join(strings.Fields(e.Message), " ")
	e.Subject = subject(e.Source, e.ID, e.Message, e.Inserts)
}

// mask withholds what must not be shown, and bounds the rest.
func (e *Event) mask() {
	e.Message = bounded(mask(e.Message), maxMessage)
	w, known := documented(e.Source, e.ID)
	var shown []string
	for i, s := range e.Inserts[:min(len(e.Inserts), maxInserts)] {
		switch {
		case !known: // any of them could be a user or a password
			continue
		case i+1 == w.secret:
			s = source.Withheld
		}
		shown = append(shown, bounded(mask(strings.TrimSpace(s)), maxMessage))
	}
	e.Inserts = shown
}

// eventID reads an ID. Exports may carry the whole 32-bit identifier, with severity
// and facility in its upper half, even as a negative number; the event's number
// is its lower half (EVENTLOGRECORD).
func eventID(s string) (int, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	n, err := strconv.ParseInt(s, 0, 64)
	if err != nil || n < math.MinInt32 || n > math.MaxUint32 {
		return 0, false
	}
	return int(n & 0xFFFF), true
}
