package asp

import "bytes"

// script collects the statements of one run of script: all <% %> blocks of a page,
// or one <script runat=server>.
type script struct {
	page      *Page
	language  language
	depth     int  // open blocks: If, Sub, Function, Class, Select, loops; in JScript braces
	procedure bool // VBScript: inside a Sub, a Function or a Property

	// the statement that is being read
	buf      []byte
	from, to int
	started  bool
	words    [3]string // its first words, in lower case, as long as only words stand there
	second   string    // the member in: object.member
	tokens   int
	recent   [6]token // the last tokens, for calls
	inline   bool     // VBScript: behind Then of a single-line If
	pending  bool     // JScript: behind if (...) without a brace
	parens   int
	header   int   // JScript: tokens up to the first parenthesis that closed
	outer    []int // JScript: parentheses open around each open brace
	expr     bool
	lex      lexer
}

// run takes the statements between two offsets.
func (s *script) run(from, to int) {
	s.begin(from, to)
	switch s.language {
	case vbscript:
		s.vbscript()
	case jscript:
		s.jscript()
	default:
		s.whole()
	}
}

// expression takes what stands behind <%=.
func (s *script) expression(from, to int) {
	s.begin(from, to)
	s.expr = true
	s.whole()
	s.expr = false
}

func (s *script) begin(from, to int) {
	s.lex = lexer{data: s.page.Text.Bytes(), at: from, to: to, js: s.language == jscript}
	s.inline, s.pending = false, false
	s.reset()
}

// whole takes everything as one statement: an expression, or a language whose
// statements cannot be told apart.
func (s *script) whole() {
	for t := s.lex.next(); t.kind != end; t = s.lex.next() {
		if t.kind != newline {
			s.take(t)
		}
	}
	s.emit()
}

func (s *script) reset() {
	s.buf, s.started, s.tokens, s.header = s.buf[:0], false, 0, 0
	s.words, s.second, s.recent = [3]string{}, "", [6]token{}
}

// take adds a token to the statement. Between two tokens of one line the blanks
// stay as written; a comment or a joined line end becomes one blank.
func (s *script) take(t token) {
	data := s.lex.data
	if !s.started {
		s.from, s.started = t.from, true
	} else if gap := data[s.to:t.from]; len(bytes.Trim(gap, " \t")) == 0 {
		s.buf = append(s.buf, gap...)
	} else {
		s.buf = append(s.buf, ' ')
	}
	s.buf = append(s.buf, data[t.from:t.to]...)
	s.to = t.to
	if s.tokens < len(s.words) && t.kind == word && (s.tokens == 0 || s.words[s.tokens-1] != "") {
		s.words[s.tokens] = lower(data[t.from:t.to])
	}
	if s.tokens == 2 && s.is(s.recent[5], ".") {
		s.second = lower(data[t.from:t.to])
	}
	s.use(t)
	s.tokens++
	s.call(t)
	copy(s.recent[:], s.recent[1:])
	s.recent[len(s.recent)-1] = t
}

// lower is a keyword in lower case; longer words are no keywords.
func lower(b []byte) string {
	if len(b) > 16 {
		return string(b[:16]) + "..."
	}
	return string(bytes.ToLower(b))
}

// emit ends the statement.
func (s *script) emit() {
	if !s.started {
		return
	}
	s.call(token{kind: end})
	st := Statement{Text: string(s.buf), Span: s.page.Text.Span(s.from, s.to), Conditional: s.conditional()}
	p := part{statementPart, len(s.page.Statements), st.Conditional}
	if s.expr {
		p.kind, p.index = exprPart, len(s.page.exprs)
		s.page.exprs = append(s.page.exprs, st)
	} else {
		s.page.Statements = append(s.page.Statements, st)
	}
	s.page.parts = append(s.page.parts, p)
	s.turns()
	s.reset()
}

// conditional reports whether the statement being read may not run.
func (s *script) conditional() bool {
	return s.depth > 0 || s.inline || s.pending || s.language == jscript && jsHeader(s.words[0])
}
