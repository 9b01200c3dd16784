package asp

import "strings"

// jscript splits at semicolons and line ends outside parentheses and at braces.
func (s *script) jscript() {
	s.parens, s.outer = 0, s.outer[:0]
	for {
		t := s.lex.next()
		switch {
		case t.kind == end:
			s.jsEnd(false)
			return
		case t.kind == newline:
			if s.parens == 0 && !s.goesOn() {
				s.jsEnd(true)
			}
		case s.is(t, ";") && s.parens == 0:
			s.jsEnd(false)
		case s.is(t, "{"):
			s.jsEnd(false)
			s.outer = append(s.outer, s.parens)
			s.parens = 0
			s.depth++
		case s.is(t, "}"):
			s.jsEnd(false)
			s.depth = max(0, s.depth-1)
			if n := len(s.outer); n > 0 {
				s.parens, s.outer = s.outer[n-1], s.outer[:n-1]
			}
		default:
			s.jsTake(t)
		}
	}
}

func (s *script) jsTake(t token) {
	switch {
	case s.is(t, "(") || s.is(t, "["):
		s.parens++
	case s.is(t, ")") || s.is(t, "]"):
		s.parens = max(0, s.parens-1)
	}
	s.take(t)
	if s.parens == 0 && s.header == 0 && s.is(t, ")") {
		s.header = s.tokens
	}
}

// goesOn reports whether the line ends with an operator, so that no statement ends.
func (s *script) goesOn() bool {
	last := s.recent[5]
	return s.tokens > 0 && last.kind == mark && strings.IndexByte(",+-*=&|(?:.<>[", s.lex.data[last.from]) >= 0
}

// jsEnd ends a statement. A header without a brace at the end of its line makes
// the next statement conditional.
func (s *script) jsEnd(atLineEnd bool) {
	if !s.started {
		return
	}
	header := atLineEnd && jsHeader(s.words[0]) && (s.tokens == 1 || s.tokens == s.header)
	s.emit()
	s.pending = header
}

func jsHeader(word string) bool {
	switch word {
	case "if", "else", "for", "while", "do", "with", "switch", "try", "catch", "function":
		return true
	}
	return false
}
