package asp

import "github.com/iisdoctor/iisdoctor/source"

// Use is one place where the page uses an object of ASP.
type Use struct {
	Span        source.Span
	Conditional bool
}

// SessionUses gives the places where script uses the Session object: its variables,
// its ID, its time-out. What is kept there is lost when the worker process ends.
func (p *Page) SessionUses() []Use { return p.session }

// use notes the word Session where it names the object: not behind a dot, and not
// where a name is declared.
func (s *script) use(t token) {
	if t.kind != word || !s.is(t, "session") || s.member() {
		return
	}
	switch before := s.recent[5]; {
	case s.is(before, "sub"), s.is(before, "function"), s.is(before, "dim"), s.is(before, "class"):
		return
	}
	s.page.session = append(s.page.session, Use{Span: s.page.Text.Span(t.from, t.to), Conditional: s.conditional()})
}
