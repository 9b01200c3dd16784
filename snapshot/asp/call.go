package asp

import "strings"

// call looks whether the token t ends the literal argument of a call: the tokens
// before it are [Server .] Name [(] "argument". Of a path also the beginning counts
// ("a" & b); a class name that goes on behind the literal is left out.
func (s *script) call(t token) {
	arg := s.recent[5]
	prefix := s.is(t, "&") || s.is(t, "+")
	if arg.kind != text || t.kind != end && !s.is(t, ")") && !s.is(t, ",") && !prefix {
		return
	}
	name := 4
	if s.is(s.recent[4], "(") {
		name = 3
	}
	onServer := s.is(s.recent[name-1], ".") && s.is(s.recent[name-2], "server") && !s.is(s.recent[name-3], ".")
	own := !s.is(s.recent[name-1], ".") && !s.is(s.recent[name-1], "function") && !s.is(s.recent[name-1], "sub")
	method := ""
	switch {
	case s.is(s.recent[name], "mappath") && onServer:
		method = MapPath
	case s.is(s.recent[name], "createobject") && (onServer || own) && !prefix:
		method = CreateObject
	default:
		return
	}
	call := s.literal(arg)
	call.Name, call.Prefix, call.OnServer = method, prefix, onServer
	s.page.step(callStep, len(s.page.calls))
	s.page.calls = append(s.page.calls, call)
}

// is reports whether the token reads like this lower-case word. JScript tells case
// apart, but a call in the wrong case fails there, so it is no harm to take it.
func (s *script) is(t token, w string) bool {
	return t.kind != end && t.kind != text && t.to-t.from == len(w) && strings.EqualFold(string(s.lex.data[t.from:t.to]), w)
}

func (s *script) literal(arg token) Call {
	from, to := arg.from+1, arg.to
	if quote := s.lex.data[arg.from]; to > from && s.lex.data[to-1] == quote {
		to--
	}
	c := Call{Argument: string(s.lex.data[from:to]), Span: s.page.Text.Span(from, to), Conditional: s.conditional()}
	if s.language == jscript {
		c.Argument = unescape(c.Argument)
	} else {
		c.Argument = strings.ReplaceAll(c.Argument, `""`, `"`)
	}
	return c
}

// unescape resolves the escapes that a path or a class name has in JScript: \\ and \".
func unescape(t string) string {
	var b strings.Builder
	for i := 0; i < len(t); i++ {
		if t[i] == '\\' && i+1 < len(t) {
			i++
		}
		b.WriteByte(t[i])
	}
	return b.String()
}
