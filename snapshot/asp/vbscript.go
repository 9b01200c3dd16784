package asp

// vbscript splits at line ends, at colons, behind Then and around Else.
func (s *script) vbscript() {
	for {
		t := s.lex.next()
		switch {
		case t.kind == end:
			s.vbEnd()
			return
		case t.kind == newline:
			s.vbEnd()
			s.inline = false
		case s.is(t, ":"):
			s.vbEnd()
		case t.kind == word && s.tokens == 0 && s.is(t, "rem"):
			s.lex.skipLine()
		case t.kind == word && !s.member():
			s.vbWord(t)
		default:
			s.take(t)
		}
	}
}

// member reports whether a name follows a dot: Response.End ends no block.
func (s *script) member() bool { return s.tokens > 0 && s.is(s.recent[5], ".") }

func (s *script) vbWord(t token) {
	first := s.words[0]
	switch {
	case s.is(t, "then") && (first == "if" || first == "elseif"):
		s.take(t)
		single := first == "if" && s.moreOnLine()
		s.vbEnd()
		if single {
			s.depth-- // the header counted as the beginning of a block
			s.inline = true
		}
	case s.is(t, "else") && s.tokens == 0:
		s.take(t)
		s.vbEnd()
	case s.inline && first != "case" && s.tokens > 0 && (s.is(t, "else") || s.is(t, "end")):
		s.vbEnd() // a: If x Then a Else b End If
		s.vbWord(t)
	default:
		s.take(t)
	}
}

// moreOnLine reports whether a statement follows on the same line.
func (s *script) moreOnLine() bool {
	ahead := s.lex
	t := ahead.next()
	return t.kind != end && t.kind != newline && !s.is(t, "rem")
}

// vbEnd ends a statement and counts the blocks that it opens or closes.
func (s *script) vbEnd() {
	if !s.started {
		return
	}
	words := s.words
	if words[0] == "end" && words[1] == "if" && s.inline {
		s.inline = false
		s.emit()
		return
	}
	if vbCloses(words) {
		s.depth = max(0, s.depth-1)
		s.procedure = s.procedure && !(words[0] == "end" && vbProcedure(words[1]))
	}
	s.emit()
	if vbOpens(words) {
		s.depth++
		s.procedure = s.procedure || vbProcedure(words[0]) || vbProcedure(words[1]) || vbProcedure(words[2])
	}
}

func vbProcedure(word string) bool { return word == "sub" || word == "function" || word == "property" }

func vbOpens(w [3]string) bool {
	switch w[0] {
	case "public", "private":
		if w[1] == "default" {
			return w[2] == "function" || w[2] == "sub" || w[2] == "property"
		}
		return w[1] == "function" || w[1] == "sub" || w[1] == "property"
	case "select":
		return w[1] == "case"
	case "property":
		return w[1] == "get" || w[1] == "let" || w[1] == "set"
	case "if", "for", "do", "while", "sub", "function", "class":
		return true
	}
	return false
}

func vbCloses(w [3]string) bool {
	switch w[0] {
	case "next", "loop", "wend":
		return true
	case "end":
		switch w[1] {
		case "if", "select", "sub", "function", "class", "property":
			return true
		}
	}
	return false
}
