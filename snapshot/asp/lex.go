package asp

import (
	"bytes"
	"strings"
)

// tokenKind is what the statements of both languages are told apart by.
type tokenKind int8

const (
	end     tokenKind = iota
	newline           // an end of line that no continuation joins
	word              // a name, a number, a keyword
	text              // a string literal with its quotes
	mark              // any other single byte
	opaque            // a date or a regular expression: nothing inside counts
)

type token struct {
	kind     tokenKind
	from, to int
}

// lexer gives the tokens of one stretch of script. Comments and blanks are left out.
type lexer struct {
	data    []byte
	at, to  int
	js      bool
	last    token // the last token that was no newline: before a / it tells division from a regular expression
	noRegex int   // up to here no regular expression ends: keeps the search linear
}

func (l *lexer) byteAt(i int) byte {
	if i < l.to {
		return l.data[i]
	}
	return 0
}

func (l *lexer) next() token {
	l.blanks()
	t := token{kind: mark, from: l.at, to: l.at + 1}
	if l.at >= l.to {
		return token{end, l.to, l.to}
	}
	switch b := l.data[l.at]; {
	case b == '\r' || b == '\n':
		t.kind = newline
	case b == '"' || l.js && b == '\'':
		t.kind, t.to = text, l.stringEnd(b)
	case isWord(b):
		t.kind = word
		for t.to < l.to && isWord(l.data[t.to]) {
			t.to++
		}
	case l.js && b == '/':
		l.regex(&t)
	case !l.js && b == '#':
		l.date(&t)
	case !l.js && b == '[':
		l.bracket(&t)
	}
	l.at = t.to
	if t.kind != newline {
		l.last = t
	}
	return t
}

func isWord(b byte) bool {
	return 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '$' || b >= 0x80
}

// blanks skips blanks, comments and, in VBScript, joined line ends.
func (l *lexer) blanks() {
	for l.at < l.to {
		b, after := l.data[l.at], l.byteAt(l.at+1)
		switch {
		case isSpace(b) && b != '\r' && b != '\n':
			l.at++
		case !l.js && b == '\'', l.js && b == '/' && after == '/':
			l.skipLine()
		case l.js && b == '/' && after == '*':
			l.skipTo("*/")
		case !l.js && b == '_' && l.joins():
		default:
			return
		}
	}
}

// skipLine goes to the end of the line.
func (l *lexer) skipLine() {
	if i := bytes.IndexAny(l.data[l.at:l.to], "\r\n"); i >= 0 {
		l.at += i
	} else {
		l.at = l.to
	}
}

func (l *lexer) skipTo(mark string) {
	if i := bytes.Index(l.data[l.at+2:l.to], []byte(mark)); i >= 0 {
		l.at += 2 + i + len(mark)
	} else {
		l.at = l.to
	}
}

// joins skips the underscore that joins a line with the next, and the line end.
func (l *lexer) joins() bool {
	i := l.at + 1
	for l.byteAt(i) == ' ' || l.byteAt(i) == '\t' {
		i++
	}
	switch {
	case l.byteAt(i) == '\r' && l.byteAt(i+1) == '\n':
		i++
	case l.byteAt(i) != '\r' && l.byteAt(i) != '\n':
		return false
	}
	l.at = i + 1
	return true
}

// stringEnd is the offset behind the string literal that begins here. It ends at
// the end of the line at the latest: an unclosed one must not swallow the page.
func (l *lexer) stringEnd(quote byte) int {
	for i := l.at + 1; i < l.to; i++ {
		switch b := l.data[i]; {
		case l.js && b == '\\':
			if l.byteAt(i+1) == '\r' && l.byteAt(i+2) == '\n' {
				i++
			}
			i++
		case b == quote && !l.js && l.byteAt(i+1) == quote:
			i++
		case b == quote:
			return i + 1
		case b == '\r' || b == '\n':
			return i
		}
	}
	return l.to
}

// date takes #1/31/2004 10:00:00 PM#, whose colons separate no statements.
func (l *lexer) date(t *token) {
	for i := t.to; i < l.to; i++ {
		switch b := l.data[i]; {
		case b == '#' && i > t.to:
			t.kind, t.to = opaque, i+1
			return
		case !isWord(b) && strings.IndexByte(" /:-,.", b) < 0:
			return
		}
	}
}

// bracket takes [any name].
func (l *lexer) bracket(t *token) {
	i := bytes.IndexAny(l.data[t.to:min(l.to, t.to+256)], "]\r\n")
	if i >= 0 && l.data[t.to+i] == ']' {
		t.kind, t.to = opaque, t.to+i+1
	}
}

// regex takes /expression/ where a value may begin.
func (l *lexer) regex(t *token) {
	if t.from < l.noRegex || !l.valueBegins() {
		return
	}
	class := false
	i := t.to
	for ; i < l.to && l.data[i] != '\r' && l.data[i] != '\n'; i++ {
		switch b := l.data[i]; {
		case b == '\\':
			i++
		case b == '[':
			class = true
		case b == ']':
			class = false
		case b == '/' && !class:
			t.kind, t.to = opaque, i+1
			return
		}
	}
	l.noRegex = min(i, l.to)
}

// valueBegins reports whether an operand may follow the last token.
func (l *lexer) valueBegins() bool {
	switch l.last.kind {
	case end:
		return true
	case mark:
		return strings.IndexByte(")]}", l.data[l.last.from]) < 0
	case word:
		w := string(l.data[l.last.from:l.last.to])
		return w == "return" || w == "typeof" || w == "case" || w == "in" || w == "else"
	}
	return false
}
