package metabase

import (
	"bytes"
	"fmt"

	"github.com/iisdoctor/iisdoctor/source"
)

// maxDepth bounds nested elements; MetaBase.xml needs four, MBSchema.xml five.
const maxDepth = 256

// scanner reads XML 1.0 strictly and keeps offsets only: encoding/xml knows no
// place of an attribute and is twenty times slower. It takes a text that is UTF-8.
// The first fault of well-formedness ends the reading.
type scanner struct {
	text  *source.Text
	data  []byte
	pos   int
	open  []element       // elements not closed yet
	start int             // offset of the last tag's "<"
	close bool            // the last start tag closed itself: its end comes next
	root  bool            // a root element was seen
	fault *source.Problem // why reading ended early
}

type element struct{ tag, name, end int } // offsets of "<" and of the name

type token uint8

const (
	atEOF   token = iota // the end, or a fault
	atStart              // a start tag: call attr until it reports false
	atEnd                // an end tag
	atText               // character data that is not blank
)

// attribute is one name="value", as offsets; the value without its quotes.
type attribute struct{ name, nameEnd, start, end int }

// fail keeps the first fault, at a stretch of the text.
func (s *scanner) fail(start, end int, found, expected, hint string) {
	if s.fault == nil {
		s.fault = &source.Problem{Pos: s.text.Span(start, end).Pos(), Found: found, Expected: expected, Hint: hint}
	}
}

// next moves to the next token. Comments, processing instructions and blanks are
// passed over.
func (s *scanner) next() token {
	if s.close {
		s.close = false
		return atEnd
	}
	for s.fault == nil {
		for s.pos < len(s.data) && blankByte(s.data[s.pos]) {
			s.pos++
		}
		if s.pos == len(s.data) {
			s.endOfFile()
			return atEOF
		}
		if s.data[s.pos] != '<' {
			if s.characters() {
				return atText
			}
			continue
		}
		s.start = s.pos
		switch s.at(s.pos + 1) {
		case '/':
			return s.endTag()
		case '!':
			if s.markup() {
				return atText
			}
		case '?':
			s.instruction()
		default:
			return s.startTag()
		}
	}
	return atEOF
}

// at is the byte at i, 0 behind the end.
func (s *scanner) at(i int) byte {
	if i < len(s.data) {
		return s.data[i]
	}
	return 0
}

func (s *scanner) startTag() token {
	name := s.pos + 1
	end := nameEnd(s.data, name)
	switch {
	case end == name:
		s.fail(s.pos, name, `"<" that begins no tag`, "a tag name", `Write "&lt;" where the character itself is meant.`)
		return atEOF
	case len(s.open) == 0 && s.root:
		s.fail(s.pos, end, fmt.Sprintf("a second root element <%s>", s.data[name:end]), "the end of the file", "Remove what follows the first root element; two files may have been joined.")
		return atEOF
	case len(s.open) == maxDepth:
		s.fail(s.pos, end, "elements nested too deep", fmt.Sprintf("at most %d levels", maxDepth), "")
		return atEOF
	}
	s.root = true
	s.open = append(s.open, element{s.pos, name, end})
	s.pos = end
	return atStart
}

func (s *scanner) endTag() token {
	name := s.pos + 2
	if n := len(s.open); n > 0 { // what IIS writes: the same name, and ">" at once
		want := s.data[s.open[n-1].name:s.open[n-1].end]
		if end := name + len(want); s.at(end) == '>' && string(s.data[name:end]) == string(want) {
			s.pos = end + 1
			return atEnd
		}
	}
	end := nameEnd(s.data, name)
	if len(s.open) == 0 {
		s.fail(s.pos, max(end, name), fmt.Sprintf("</%s>, which closes nothing", s.data[name:end]), "", "Remove it, or restore its start tag.")
		return atEOF
	}
	top := s.open[len(s.open)-1]
	want := s.data[top.name:top.end]
	if !bytes.Equal(s.data[name:end], want) {
		s.fail(s.pos, end, fmt.Sprintf("</%s>", s.data[name:end]),
			fmt.Sprintf("</%s>, which closes the tag of line %d", want, s.line(top.tag)), "Restore the missing end tag.")
		return atEOF
	}
	i := s.blanks(end)
	if s.at(i) != '>' {
		s.fail(s.pos, end, fmt.Sprintf("</%s without its >", want), ">", "Complete the end tag.")
		return atEOF
	}
	s.pos = i + 1
	return atEnd
}

// pop leaves the innermost element; the caller does it after atEnd.
func (s *scanner) pop() { s.open = s.open[:len(s.open)-1] }

func (s *scanner) blanks(i int) int {
	for i < len(s.data) && class[s.data[i]]&isBlank != 0 {
		i++
	}
	return i
}

func (s *scanner) line(off int) int { return s.text.Span(off, off).Pos().Line }

// attr reads the next attribute of the start tag. False means that the tag is
// over or that a fault was found; a then holds what was read of the attribute.
func (s *scanner) attr(a *attribute) bool {
	d, from, before := s.data, s.pos, *a
	*a = attribute{}
	i := s.blanks(from)
	if i >= len(d) {
		s.unclosedTag(len(d))
		return false
	}
	switch d[i] {
	case '>':
		s.pos = i + 1
		return false
	case '/':
		if s.at(i+1) != '>' {
			s.fail(i, i+1, `"/" inside a tag`, `"/>" or ">"`, "")
			return false
		}
		s.pos, s.close = i+2, true
		return false
	}
	a.name = i
	if class[d[i]]&isStart != 0 {
		for i < len(d) && class[d[i]]&isName != 0 {
			i++
		}
	}
	if i == a.name || i < len(d) && d[i] >= 0x80 {
		i = nameEnd(d, a.name)
	}
	a.nameEnd = i
	if i == a.name || a.name == from {
		s.badAttribute(a.name, from, before)
		return false
	}
	return s.value(a)
}

// value reads ="value" behind the attribute's name.
func (s *scanner) value(a *attribute) bool {
	d := s.data
	i := s.blanks(a.nameEnd)
	if s.at(i) != '=' {
		s.noValue(a, i)
		return false
	}
	i = s.blanks(i + 1)
	stop := uint8(stopDbl)
	switch s.at(i) {
	case '"':
	case '\'':
		stop = stopSgl
	default:
		s.noQuote(a, i)
		return false
	}
	quote := d[i]
	i++
	a.start = i
	for {
		if i = run(d, i, quote); i >= len(d) {
			s.special(a, i)
			return false
		}
		switch c := d[i]; {
		case class[c]&stop == 0: // a line end with its tabs, or a letter beyond ASCII
			i = s.blanks(i + 1)
		case c == quote:
			a.end, s.pos = i, i+1
			return true
		default:
			if i = s.special(a, i); s.fault != nil {
				return false
			}
		}
	}
}

// special handles the byte that stopped the run through a value and gives the
// offset to go on from.
func (s *scanner) special(a *attribute, i int) int {
	switch {
	case i >= len(s.data):
		s.fail(a.start-1, len(s.data), fmt.Sprintf("the value of %s never ends", s.data[a.name:a.nameEnd]), "a closing quote", "Add the missing quote; the file may be cut off.")
	case s.data[i] == '<':
		s.fail(i, i+1, fmt.Sprintf(`"<" in the value of %s, begun at line %d`, s.data[a.name:a.nameEnd], s.line(a.start)), "a closing quote before the next tag",
			`Add the missing quote, or write "&lt;" where the character itself is meant.`)
	case s.data[i] == '&':
		return s.reference(i)
	default:
		return s.character(i)
	}
	return i
}
