package snapshot

import (
	"bytes"
	"fmt"

	"github.com/iisdoctor/iisdoctor/source"
)

// maxProblems bounds what one file is reproached with: a file of another kind
// would give a problem a line.
const maxProblems = 20

// maxLine bounds a line that readers look into; longer ones are no line of the
// small text formats read here.
const maxLine = 64 << 10

// problemList gathers the problems of one text.
type problemList struct {
	text *source.Text
	list []source.Problem
	more int
	last source.Span
}

// add notes what stands at start..end. What the file says there must not be in
// found: it may be a secret.
func (p *problemList) add(start, end int, found, expected, hint string) {
	if len(p.list) == maxProblems {
		p.more++
		p.last = p.text.Span(start, end)
		return
	}
	p.list = append(p.list, source.Problem{Pos: p.text.Span(start, end).Pos(), Found: found, Expected: expected, Hint: hint})
}

// all gives the problems; what was beyond the bound is counted in the last one.
func (p *problemList) all() []source.Problem {
	if p.more == 0 {
		return p.list
	}
	what := fmt.Sprintf("%d more lines that were not understood, the last one here", p.more)
	return append(p.list, source.Problem{Pos: p.last.Pos(), Found: what})
}

// nextLine gives the end of the line at start without CR and LF, and where the
// next one begins.
func nextLine(b []byte, start int) (end, next int) {
	next = len(b)
	end = len(b)
	if i := bytes.IndexByte(b[start:], '\n'); i >= 0 {
		end, next = start+i, start+i+1
	}
	if end > start && b[end-1] == '\r' {
		end--
	}
	return end, next
}

// trimmed narrows start..end to what stands between blanks, tabs and marks.
func trimmed(b []byte, start, end int) (int, int) {
	for start < end && isBlank(b[start]) {
		start++
	}
	for end > start && isBlank(b[end-1]) {
		end--
	}
	return start, end
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' }
