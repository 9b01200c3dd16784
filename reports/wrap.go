package reports

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// unlimited is the width assumed where there is no terminal.
const unlimited = 100

// narrow is the smallest width that is honoured; below it lines are too short to read.
const narrow = 40

// columns is the width to lay tables and excerpts out for.
func (o Options) columns() int {
	if o.Width <= 0 {
		return unlimited
	}
	return max(o.Width, narrow)
}

// prose is the width for sentences: longer lines than 100 are hard to read.
func (o Options) prose() int { return min(o.columns(), unlimited) }

// width counts terminal cells. The options are given on each call because the
// library's own default depends on the machine's locale.
func width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return twwidth.WidthWithOptions(s, twwidth.Options{})
		}
	}
	return len(s)
}

// wrap breaks a text at blanks into lines of at most limit cells. A longer word
// (a URL, a path) stays whole on a line of its own, so that it can be copied.
func wrap(s string, limit int) []string {
	var lines []string
	words := strings.Fields(s)
	first, used := 0, 0 // of the line: its first word, and its cells
	for i, word := range words {
		n := width(word)
		if i > first && used+1+n > limit {
			lines = append(lines, strings.Join(words[first:i], " "))
			first, used = i, 0
		}
		if i > first {
			used++
		}
		used += n
	}
	if len(words) > 0 {
		lines = append(lines, strings.Join(words[first:], " "))
	}
	return lines
}

// fold wraps the lines of a table cell: words that do not fit are broken, nothing is lost.
func fold(cell string, limit int) string {
	var lines []string
	for _, part := range strings.Split(cell, "\n") {
		for _, line := range wrap(part, limit) {
			for len(prefix(line, limit)) < len(line) {
				head := breakable(prefix(line, limit))
				lines, line = append(lines, head), line[len(head):]
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// widest is the width of a cell of several lines.
func widest(cell string) int {
	n := 0
	for _, line := range strings.Split(cell, "\n") {
		n = max(n, width(line))
	}
	return n
}

// breakable ends a piece of a long word where a reader expects it: after a
// hyphen, a slash, a colon, as long as half of it remains.
func breakable(s string) string {
	if i := strings.LastIndexAny(s, `-/\:,=`) + 1; i > len(s)/2 {
		return s[:i]
	}
	return s
}

// prefix is the longest beginning of s within limit cells, at least one character.
func prefix(s string, limit int) string {
	used, end := 0, 0
	for i, r := range s {
		n := width(string(r))
		if end > 0 && used+n > limit {
			break
		}
		used, end = used+n, i+len(string(r))
	}
	return s[:end]
}

// suffix is the longest end of s within limit cells.
func suffix(s string, limit int) string {
	runes := []rune(s)
	from := len(runes)
	for used := 0; from > 0; from-- {
		used += width(string(runes[from-1]))
		if used > limit {
			break
		}
	}
	return string(runes[from:])
}

// Line is a text for one line of a terminal: visible, cut to that many cells and
// filled up to them, so that nothing of what stood there before remains.
func Line(s string, cells int) string {
	s = elide(Visible(s), cells)
	return s + strings.Repeat(" ", max(cells-width(s), 0))
}

// elide shortens a cell of the summary to limit cells with an ellipsis.
func elide(s string, limit int) string {
	if width(s) <= limit {
		return s
	}
	return prefix(s, limit-1) + "…"
}

// elideLeft keeps the end: of a place the line and column matter most.
func elideLeft(s string, limit int) string {
	if width(s) <= limit {
		return s
	}
	return "…" + suffix(s, limit-1)
}
