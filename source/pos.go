// Package source holds one input text: its bytes, its encoding, its lines, and
// the words for what could not be understood in it.
//
// It stands at the bottom of the house: every reader builds on it, it imports
// nothing of the project.
package source

import "fmt"

// Pos is a place as a person reads it. Line and Column count from 1, columns in
// code points; EndColumn is the column after the last, on the same line. The
// zero Pos means "no place".
type Pos struct {
	File      string
	Line      int
	Column    int
	EndColumn int
}

// String gives file:line:column, the form editors and CI logs turn into a link.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Span is a stretch of a text as byte offsets into its UTF-8 form. It is cheap to
// keep for every value; Pos is worked out only for what is reported.
// The zero Span means "no place".
type Span struct {
	Text       *Text
	Start, End int
}

// IsZero reports whether the span names no place.
func (s Span) IsZero() bool { return s.Text == nil }

// Bytes gives the stretch itself. The caller must not change it.
func (s Span) Bytes() []byte {
	if s.Text == nil {
		return nil
	}
	return s.Text.data[s.Start:s.End]
}

// Pos turns the span into line and columns. A span over several lines ends with
// its first line.
func (s Span) Pos() Pos {
	if s.Text == nil {
		return Pos{}
	}
	return s.Text.pos(s.Start, s.End)
}

// Problem is input that could not be understood: where, what was found, what was
// expected and what to do. Go errors are for I/O and usage only.
type Problem struct {
	Pos      Pos
	Found    string // "attribute Path twice in one key"
	Expected string // "each attribute once"; may be empty
	Hint     string // what to do, an imperative sentence; may be empty
}

// Message is the problem as one sentence without its place.
func (p Problem) Message() string {
	m := p.Found
	if p.Expected != "" {
		m += "; expected " + p.Expected
	}
	if p.Hint != "" {
		m += ". " + p.Hint
	}
	return m
}

// String gives place and message.
func (p Problem) String() string { return p.Pos.String() + ": " + p.Message() }
