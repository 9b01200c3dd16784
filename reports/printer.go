package reports

import (
	"bytes"
	"strings"
)

// printer writes text for people into a buffer.
type printer struct {
	*bytes.Buffer
	pens
	o Options
}

func newPrinter(b *bytes.Buffer, o Options) *printer {
	return &printer{Buffer: b, pens: newPens(o.Color), o: o}
}

// line writes its parts and a line end. Parts are visible already.
func (p *printer) line(parts ...string) {
	n := p.Len()
	for _, s := range parts {
		p.WriteString(s)
	}
	if written := string(p.Bytes()[n:]); commanding(written) {
		p.Truncate(n)
		p.WriteString(Uncommanded(written))
	}
	for b := p.Bytes(); p.Len() > n && b[p.Len()-1] == ' '; {
		p.Truncate(p.Len() - 1)
	}
	p.WriteByte('\n')
}

// para writes a text wrapped after a first indent, with blanks below it. Line ends of
// the text become visible as all its characters do: they are those of a snapshot, and
// what follows one must not look like a line of this report.
func (p *printer) para(first, text string, paint pen) {
	rest := strings.Repeat(" ", width(first))
	for _, l := range wrap(Visible(text), p.o.prose()-len(rest)) {
		p.line(first, paint(l))
		first = rest
	}
}

// labelled writes "  label     text" with the text wrapped beside its label.
func (p *printer) labelled(label, text string) {
	const room = 13
	rest := strings.Repeat(" ", 2+room)
	for i, l := range wrap(Visible(text), p.o.prose()-len(rest)) {
		if i == 0 {
			p.line("  ", p.dim(label), rest[2+len(label):], l)
			continue
		}
		p.line(rest, l)
	}
}

// asIs is the pen that changes nothing.
func asIs(s string) string { return s }
