package reports

import (
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// tabStop is how far a tab reaches in an excerpt.
const tabStop = 4

// snippet shows a place as compilers do: the file and line, the source line with
// its number, and a caret under the stretch that is meant.
func (p *printer) snippet(indent string, span source.Span) { p.excerpt(indent, span, true) }

// excerpt is the snippet, airy with an empty line above the source line.
func (p *printer) excerpt(indent string, span source.Span, airy bool) {
	pos := span.Pos()
	if pos.File == "" && pos.Line == 0 {
		return
	}
	number := strconv.Itoa(pos.Line)
	p.line(indent, p.dim(strings.Repeat(" ", len(number)-1)+"--> "), Visible(pos.String()))
	if span.IsZero() {
		return
	}
	e, ok := span.Text.Excerpt(pos)
	if !ok || strings.TrimSpace(e.Line) == "" {
		return
	}
	e = dedent(onSecret(e))
	gutter := strings.Repeat(" ", len(number)) + " " + p.dim("|")
	text, from, length := view(e, p.o.columns()-len(indent)-len(number)-3)
	if airy {
		p.line(indent, gutter)
	}
	p.line(indent, p.dim(number+" |")+" ", text)
	p.line(indent, gutter, " ", strings.Repeat(" ", from), p.mark("^"+strings.Repeat("~", max(length-1, 0))))
}

// dedent takes the blanks away that begin the line: the room is for what is said.
func dedent(e source.Excerpt) source.Excerpt {
	n := len(e.Line) - len(strings.TrimLeft(e.Line, " \t"))
	n = min(n, e.Start)
	return source.Excerpt{Line: e.Line[n:], Start: e.Start - n, Length: e.Length}
}

// onSecret lets the caret stand under the word that replaces a secret: a place
// inside of one has no characters of its own in the line that is shown.
func onSecret(e source.Excerpt) source.Excerpt {
	before := []rune(e.Line)
	before = before[:min(e.Start, len(before))]
	if e.Length == 0 && strings.HasSuffix(string(before), source.Withheld) {
		e.Start -= len(source.Withheld)
		e.Length = len(source.Withheld)
	}
	return e
}

// view is the part of an excerpt's line that fits into limit cells: tabs as
// blanks, hidden characters visible, … where something was left out. from and
// length are the marked stretch in cells.
func view(e source.Excerpt, limit int) (text string, from, length int) {
	// A saved metabase has lines of many thousand characters: only what can be
	// seen around the mark is laid out.
	runes := []rune(e.Line)
	low := min(max(e.Start-limit, 0), len(runes))
	high := min(e.Start+2*limit, len(runes))
	cells := layOut(runes[low:high])
	mark := min(e.Start-low, len(cells))
	end := min(max(e.Start+e.Length, e.Start), high) - low

	first, last := window(cells, mark, limit, low > 0, high < len(runes))
	var b strings.Builder
	if first > 0 || low > 0 {
		b.WriteString("…")
		from = 1
	}
	for i := first; i < last; i++ {
		n := width(cells[i])
		switch {
		case i < mark:
			from += n
		case i < end:
			length += n
		}
		b.WriteString(cells[i])
	}
	if last < len(cells) || high < len(runes) {
		b.WriteString("…")
	}
	return strings.TrimRight(b.String(), " "), from, length
}

// layOut turns each character into what is shown for it.
func layOut(runes []rune) []string {
	cells, at := make([]string, len(runes)), 0
	for i, r := range runes {
		if r == '\t' {
			cells[i] = strings.Repeat(" ", tabStop-at%tabStop)
		} else {
			cells[i] = Visible(string(r))
		}
		at += width(cells[i])
	}
	return cells
}

// window chooses which cells are shown: all of them, or those around the mark
// with a third of the room before it. A cut costs one cell on its side.
func window(cells []string, mark, limit int, cutLeft, cutRight bool) (first, last int) {
	total := 0
	for _, c := range cells {
		total += width(c)
	}
	if total <= limit && !cutLeft && !cutRight {
		return 0, len(cells)
	}
	first = mark
	for room := limit / 3; first > 0; first-- {
		if room -= width(cells[first-1]); room < 0 {
			break
		}
	}
	used := 0
	if first > 0 || cutLeft {
		used = 1
	}
	for last = first; last < len(cells); last++ {
		used += width(cells[last])
		if used > limit-1 && (used > limit || last < len(cells)-1 || cutRight) {
			return first, last
		}
	}
	for ; first > 0; first-- { // room is left behind the line's end: show more before the mark
		if used += width(cells[first-1]); used > limit-1 {
			break
		}
	}
	return first, last
}
