package weblog

import (
	"bytes"
	"encoding/binary"
)

// reader counts the rows it is given in groups of its own and hands them in now and
// then. One goroutine uses it.
type reader struct {
	file *file
	from *span // the part of the file that is being read
	state

	line     int   // of the row at hand, from 1, within the span
	off      int64 // of the row at hand, in the file
	words    words
	site     uint32 // the word for the site that the caller named
	requests groups
	errors   groups
	totals   Totals
	notes    notes
	full     bool // hand in after this row

	date      [2]uint64 // the letters of the last date and its stamp: most rows have the same
	dateStamp uint64
	clock     uint64 // the letters of the last time of day and its stamp
	timeStamp uint64

	second      [3]uint64 // the letters of the last row's date and time and its stamp
	secondStamp uint64

	otherOrigin origin // of a row that no memo holds
	otherResult result
}

// What a reader collects before it hands in; it bounds the memory of one reader.
const (
	maxOwnWords  = 16384
	maxOwnGroups = 2048
	maxOwnURLs   = 24576
)

// id is the key of a group in numbers: packed codes, and words by their number.
type id struct{ codes, words uint64 }

// groups are the groups of one kind of log, with the ones met last at hand.
type groups struct {
	all    map[id]*tally
	recent [1024]struct {
		id    id
		tally *tally
	}
	urls ownURLs
}

func (g *groups) find(k id) *tally {
	place := (k.codes*0x9e3779b97f4a7c15 ^ k.words*0xc2b2ae3d27d4eb4f) >> 54
	slot := &g.recent[place]
	if slot.id != k && slot.tally != nil {
		slot = &g.recent[place^1] // the next where another has the first
	}
	if slot.id == k && slot.tally != nil {
		return slot.tally
	}
	t := g.all[k]
	if t == nil {
		if g.all == nil {
			g.all = map[id]*tally{}
		}
		t = &tally{number: uint64(len(g.all))}
		g.all[k] = t
	}
	slot.id, slot.tally = k, t
	return t
}

func newReader(f *file) *reader {
	r := &reader{file: f}
	r.clear()
	return r
}

func (r *reader) clear() {
	r.requests, r.errors = groups{}, groups{}
	r.totals, r.notes, r.full = Totals{}, notes{}, false
	r.words.clear()
	r.site = r.words.number([]byte(r.file.site))
}

// handIn adds what was counted to the summary.
func (r *reader) handIn() {
	s := r.file.summary
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, t := range r.requests.all {
		t.into = s.requests.add(r.words.request(k), t)
	}
	for k, t := range r.errors.all {
		t.into = s.errors.add(r.words.error(k), t)
	}
	r.requests.urls.handIn()
	r.errors.urls.handIn()
	s.requests.bound()
	s.errors.bound()
	s.totals.add(r.totals)
	r.file.notes.merge(&r.notes)
	r.clear()
}

// read takes whole lines; off is where they stand in the file.
func (r *reader) read(block []byte, off int64) {
	for at := 0; at < len(block); {
		n := bytes.IndexByte(block[at:], '\n')
		next := at + n + 1
		if n < 0 {
			n, next = len(block)-at, len(block)
		}
		r.line++
		r.off = off + int64(at)
		if line := block[at : at+n]; !r.quick(line) {
			r.take(line)
		}
		at = next
		if r.full {
			r.handIn()
		}
	}
}

// take reads one line without its end.
func (r *reader) take(line []byte) {
	r.totals.Lines++
	if len(line) > maxLine {
		r.tooLong()
		return
	}
	for len(line) > 0 && line[len(line)-1] <= ' ' {
		line = line[:len(line)-1]
	}
	// A server that was switched off leaves NUL bytes where it had reserved space.
	if len(line) > 0 && (line[0] == 0 || line[0] == '\xef') {
		line = bytes.TrimLeft(bytes.TrimPrefix(line, utf8Mark), "\x00")
	}
	switch {
	case len(line) == 0:
	case line[0] == '#':
		if bytes.IndexByte(line, '\r') >= 0 {
			r.notes.bareCR.add(note{off: r.off, from: r.from, line: r.line})
		}
		r.apply(line)
	case r.layout == nil || r.layout.format == None:
		r.totals.NoColumns++
		r.notes.noColumns.add(note{off: r.off, from: r.from, line: r.line})
	case !r.row(line):
		r.junk(line)
	}
}

var utf8Mark = []byte("\xef\xbb\xbf")

// row counts one row, and reports false where it is none.
func (r *reader) row(line []byte) bool {
	var f fields
	if !r.layout.split(line, &f) {
		return false
	}
	stamp, ok := r.stamp(f.get(partDate), f.get(partTime))
	if !ok {
		return false
	}
	if r.layout.format == HTTPERR {
		return r.error(&f, stamp)
	}
	return r.request(&f, stamp)
}

// stamp is the row's time. Without a date column the day of the #Date line counts.
func (r *reader) stamp(date, clock []byte) (uint64, bool) {
	day, ok := r.day(date)
	if !ok {
		return 0, false
	}
	if len(clock) == 0 {
		if len(date) == 0 && r.state.date != 0 {
			return r.state.date, true
		}
		if day == noDate {
			return noTime, true
		}
		return day, true
	}
	if len(clock) != 8 {
		return 0, false
	}
	if v := binary.LittleEndian.Uint64(clock); v != r.clock {
		t, ok := parseClock(clock)
		if !ok {
			return 0, false
		}
		r.clock, r.timeStamp = v, t
	}
	return day + r.timeStamp, true
}

// day is the stamp of the row's date.
func (r *reader) day(date []byte) (uint64, bool) {
	switch len(date) {
	case 0:
		if day := r.state.date / dayStamp * dayStamp; day != 0 {
			return day, true
		}
		return noDate, true
	case len("2003-04-24"):
		letters := [2]uint64{binary.LittleEndian.Uint64(date), binary.LittleEndian.Uint64(date[2:])}
		if letters != r.date {
			day, ok := parseDate(date)
			if !ok {
				return 0, false
			}
			r.date, r.dateStamp = letters, day
		}
		return r.dateStamp, true
	}
	return 0, false
}

// sample remembers the row at hand in a group.
func (r *reader) sample(t *tally, stamp uint64, words ...string) {
	text := stampText(stamp)
	for _, w := range words {
		if w != "" {
			text += " " + w
		}
	}
	t.keep(&sample{stamp: stamp, file: r.file.name, off: r.off, text: text, line: r.line, from: r.from})
}

// long counts a line that is too long to be read into memory.
func (r *reader) long(off int64) {
	r.line++
	r.off = off
	r.totals.Lines++
	r.tooLong()
}

func (r *reader) tooLong() {
	r.totals.Junk++
	r.notes.junk.add(note{off: r.off, from: r.from, line: r.line})
}

func (r *reader) junk(line []byte) {
	r.totals.Junk++
	r.notes.junk.add(note{off: r.off, from: r.from, line: r.line, columns: len(r.layout.columns), length: len(line)})
}
