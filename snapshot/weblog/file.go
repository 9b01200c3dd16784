package weblog

import (
	"fmt"
	"strconv"

	"github.com/iisdoctor/iisdoctor/source"
)

// file is one log while it is read.
type file struct {
	name    string
	site    string // of rows without s-sitename
	summary *Summary

	otherService bool // the folder is that of FTP, SMTP or NNTP
	format       Format
	spans        []*span
	notes        notes
}

func (s *Summary) newFile(name, site string, format Format) *file {
	f := &file{name: name, site: site, summary: s, format: format}
	if number, ok := siteNumber(site); ok {
		f.site = number
	} else {
		f.site, f.otherService = "", true
	}
	return f
}

// start is what is in force before the first line.
func (f *file) start() state {
	if f.format == HTTPERR {
		return state{layout: bare} // until the first #Fields line, if there is one
	}
	return state{}
}

// span is a stretch of a file that one reader takes. Lines are counted within it
// until all before it are counted.
type span struct {
	lines int // that begin in it
	first int // lines before it
}

// note is a place that a problem may name.
type note struct {
	off     int64
	from    *span
	line    int
	columns int // of the layout in force
	length  int // of the line
	err     error
}

// firstNotes keeps the earliest notes of one kind and counts all.
type firstNotes struct {
	count int64
	notes [3]note
}

func (f *firstNotes) add(n note) {
	f.count++
	f.insert(n)
}

func (f *firstNotes) insert(n note) {
	for i := range f.notes {
		have := f.notes[i]
		if have.from == nil {
			f.notes[i] = n
			return
		}
		if n.off < have.off {
			f.notes[i], n = n, have
		}
	}
}

func (f *firstNotes) merge(o *firstNotes) {
	f.count += o.count
	for _, n := range o.notes {
		if n.from != nil {
			f.insert(n)
		}
	}
}

// notes are what a reader could not read.
type notes struct {
	junk      firstNotes
	noColumns firstNotes
	bareCR    firstNotes // directives with rows behind them in one line
	failures  firstNotes
}

func (n *notes) merge(o *notes) {
	n.junk.merge(&o.junk)
	n.noColumns.merge(&o.noColumns)
	n.bareCR.merge(&o.bareCR)
	n.failures.merge(&o.failures)
}

// finish numbers the lines of the file and says what could not be read.
func (f *file) finish(size int64) []source.Problem {
	lines := 0
	for _, s := range f.spans {
		s.first = lines
		lines += s.lines
	}
	f.summary.requests.settle(f.name)
	f.summary.errors.settle(f.name)
	f.summary.totals.Files++
	f.summary.totals.Bytes += size
	return f.problems()
}

// settle gives the samples of a file that was read to its end their lines.
func (t *table[K]) settle(name string) {
	for _, g := range t.groups {
		for _, s := range g.samples {
			if s != nil && s.from != nil && s.file == name {
				s.line += s.from.first
				s.from = nil
			}
		}
	}
}

func (n note) pos(name string) source.Pos {
	pos := source.Pos{File: name, Line: n.line, Column: 1, EndColumn: 2}
	if n.from != nil {
		pos.Line += n.from.first
	}
	return pos
}

func (f *file) problems() []source.Problem {
	var all []source.Problem
	if n := f.notes.noColumns; n.count > 0 {
		all = append(all, source.Problem{
			Pos:      n.notes[0].pos(f.name),
			Found:    "columns unknown: " + counted(n.count, "row") + " without a #Fields line before that names sc-status",
			Expected: "#Fields: date time … sc-status sc-substatus sc-win32-status",
			Hint:     "Copy the whole log from the server again; its first lines are missing, or the status is not logged.",
		})
	}
	if n := f.notes.bareCR.notes[0]; n.from != nil {
		all = append(all, source.Problem{
			Pos:      n.pos(f.name),
			Found:    "lines that end in CR alone: what stands in them is not read",
			Expected: "CR and LF, or LF, at the end of each line",
			Hint:     "Copy the log from the server again, byte by byte; a conversion has changed its line ends.",
		})
	}
	for i, n := range f.notes.junk.notes {
		if n.from == nil {
			break
		}
		all = append(all, f.junkProblem(n, f.notes.junk.count-int64(i)-1, i == len(f.notes.junk.notes)-1))
	}
	if n := f.notes.failures.notes[0]; n.from != nil {
		all = append(all, source.Problem{
			Pos:      n.pos(f.name),
			Found:    "a part of the log cannot be read: " + n.err.Error(),
			Expected: "the whole file",
			Hint:     "Copy the log again; what could be read counts.",
		})
	}
	return all
}

func (f *file) junkProblem(n note, rest int64, last bool) source.Problem {
	p := source.Problem{
		Pos:      n.pos(f.name),
		Found:    fmt.Sprintf("a line of %d bytes that is no row", n.length),
		Expected: fmt.Sprintf("the %d columns of the #Fields line above it", n.columns),
	}
	if n.columns == 0 {
		p.Found, p.Expected = "a line that is too long", fmt.Sprintf("at most %d bytes", maxLine)
	}
	if last && rest > 0 {
		p.Found += ", and " + counted(rest, "more such line")
	}
	return p
}

func counted(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.FormatInt(n, 10) + " " + what + "s"
}

// declined is the problem of a file that is no log that is read here, nil for one
// that is.
func declined(name string, format Format, head []byte) []source.Problem {
	p := source.Problem{Pos: source.Pos{File: name, Line: 1, Column: 1, EndColumn: 2}, Expected: "a W3C extended log or an HTTPERR log"}
	switch {
	case format == W3C || format == HTTPERR:
		return nil
	case format == IISFormat || format == NCSA:
		p.Found = "a " + format.String() + ", which has no substatus and is not read"
		p.Hint = "Set the site's log format to W3C extended (LogPluginClsid) for the next logs."
	case len(head) == 0:
		p.Found = "an empty file"
	default:
		p.Found = "no Web log"
	}
	return []source.Problem{p}
}
