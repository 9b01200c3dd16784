package source

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Withheld stands where a secret was.
const Withheld = "[withheld]"

// maxExcerpt bounds what is shown of a line on each side of its mark, in bytes. A
// tool may have saved a whole metabase on one line.
const maxExcerpt = 2000

// Excerpt is one line of a text with the stretch that a caret marks.
type Excerpt struct {
	Line          string // without the line end, secrets replaced; shortened with … where it is very long
	Start, Length int    // the marked stretch, in code points of Line
}

// Excerpt gives the line at p with p's stretch marked. It reports false where the
// text has no such line. Hidden stretches and words after "password=" are
// replaced, so that no secret of a configuration reaches a report.
func (t *Text) Excerpt(p Pos) (Excerpt, bool) {
	start := t.offset(p.Line-1, max(p.Column-1, 0))
	if start < 0 {
		return Excerpt{}, false
	}
	from, end := t.around(start)
	stop := min(max(start, t.offset(p.Line-1, max(p.EndColumn-1, 0))), end)
	start = min(start, end)
	secrets := t.secrets(from, end)
	first, last := t.window(from, start, stop, end)
	var b strings.Builder
	if first > 0 && t.data[first-1] != '\n' {
		b.WriteString("…")
	}
	at := func(off int) int { // shows the line up to off and counts what is shown
		t.show(&b, &secrets, first, off)
		first = max(first, off)
		return utf8.RuneCountInString(b.String())
	}
	e := Excerpt{Start: at(start)}
	e.Length = at(stop) - e.Start
	at(last)
	if last < t.lineEnd(start, min(len(t.data), last+2)) {
		b.WriteString("…")
	}
	e.Line = b.String()
	return e, true
}

// around gives the line that holds off, or as much of it as decides what is shown.
func (t *Text) around(off int) (from, end int) {
	from = max(0, off-4*maxExcerpt)
	from += bytes.LastIndexByte(t.data[from:off], '\n') + 1
	return from, t.lineEnd(off, min(len(t.data), off+4*maxExcerpt))
}

// window is the part of the line from..end that is shown around start..stop,
// between whole code points.
func (t *Text) window(from, start, stop, end int) (first, last int) {
	first, last = max(from, start-maxExcerpt), min(end, min(stop, start+maxExcerpt)+maxExcerpt)
	for first > from && !utf8.RuneStart(t.data[first]) {
		first--
	}
	for last < end && !utf8.RuneStart(t.data[last]) {
		last++
	}
	return first, last
}

// show writes from..end with secrets replaced. A secret that reaches beyond end is
// written whole; its rest is left to the next call, which drops it.
func (t *Text) show(b *strings.Builder, secrets *[]hiddenRange, from, end int) {
	for len(*secrets) > 0 && (*secrets)[0].start < end {
		s := &(*secrets)[0]
		if s.end > from {
			b.Write(t.data[from:max(from, min(s.start, end))])
			if s.start >= from || !s.shown {
				b.WriteString(Withheld)
				s.shown = true
			}
			from = min(s.end, end)
		}
		if s.end > end {
			return
		}
		*secrets = (*secrets)[1:]
	}
	if from < end {
		b.Write(t.data[from:end])
	}
}

// secrets gives the stretches of a line that must not be shown, in order.
func (t *Text) secrets(from, end int) []hiddenRange {
	var found []hiddenRange
	i := sort.Search(len(t.hidden), func(i int) bool { return t.hidden[i].end > from })
	for ; i < len(t.hidden) && t.hidden[i].start < end; i++ {
		found = append(found, hiddenRange{start: max(t.hidden[i].start, from), end: min(t.hidden[i].end, end)})
	}
	for _, m := range foreign(t.data[from:end]) {
		found = append(found, hiddenRange{start: from + m.start, end: from + m.end})
	}
	slices.SortStableFunc(found, func(a, b hiddenRange) int { return a.start - b.start })
	return joined(found)
}

// joined makes one stretch of those that overlap or touch.
func joined(ranges []hiddenRange) []hiddenRange {
	var out []hiddenRange
	for _, r := range ranges {
		if n := len(out); n > 0 && r.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, r.end)
		} else {
			out = append(out, r)
		}
	}
	return out
}
