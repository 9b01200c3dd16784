package asp

import (
	"github.com/iisdoctor/iisdoctor/source"
)

// Flow goes with a reader through a page and its include files in their order: to
// ASP they are one script. It knows what came before that keeps the error of a call
// from ending the page, or the call from being reached. The zero Flow begins a page.
type Flow struct {
	caught, left string
	within       bool // in a file that is included inside an If, a procedure or a loop
}

// turn is a statement from which on script goes on differently.
type turn struct {
	kind        turnKind
	span        source.Span
	conditional bool
}

type turnKind int8

const (
	catches  turnKind = iota // On Error Resume Next: an error goes by
	releases                 // On Error GoTo 0: an error ends the page again
	leaves                   // Response.End, Response.Redirect, Server.Transfer: the rest does not run
)

// step is one thing on the way through a page, by index.
type step struct {
	kind  stepKind
	index int
}

type stepKind int8

const (
	includeStep stepKind = iota
	callStep
	turnStep
)

// Walk goes through the page's include directives and its noted calls in order. The reader of an included file goes on with the same flow inside include.
func (p *Page) Walk(f *Flow, include func(Include), call func(Call)) {
	for _, s := range p.steps {
		switch s.kind {
		case includeStep:
			before := f.within
			f.within = before || p.held[s.index]
			include(p.Includes[s.index])
			f.within = before
		case callStep:
			c := p.calls[s.index]
			c.Conditional = c.Conditional || f.within
			c.Guarded = f.guard()
			call(c)
		default:
			f.turn(p.turns[s.index])
		}
	}
}

// guard says what keeps the error of a call at this point from ending the page, ""
// where nothing does.
func (f *Flow) guard() string {
	if f.left != "" {
		return f.left
	}
	return f.caught
}

// turn takes a statement. What may not run may change what follows, but undoes nothing.
func (f *Flow) turn(t turn) {
	sure := !t.conditional && !f.within
	at := t.span.Pos().String()
	switch {
	case t.kind == releases:
		if sure {
			f.caught = ""
		}
	case t.kind == catches:
		f.caught = "On Error Resume Next at " + at + " lets the page go on after the error"
	case f.left != "":
	case sure:
		f.left = "the page ends before the call, at " + at
	default:
		f.left = "the page may end before the call, at " + at
	}
}

// turns notes the statement that ends here where it turns the flow. Inside a
// procedure On Error counts for that procedure only, and whether a page calls one
// that ends it is not followed.
func (s *script) turns() {
	kind, ok := s.turnKind()
	if !ok || s.procedure {
		return
	}
	s.page.step(turnStep, len(s.page.turns))
	s.page.turns = append(s.page.turns, turn{kind, s.page.Text.Span(s.from, s.to), s.conditional()})
}

func (s *script) turnKind() (turnKind, bool) {
	switch w := s.words; {
	case w[0] == "on" && w[1] == "error" && w[2] == "resume":
		return catches, true
	case w[0] == "on" && w[1] == "error":
		return releases, true
	case w[0] == "response" && (s.second == "end" || s.second == "redirect"),
		w[0] == "server" && s.second == "transfer":
		return leaves, true
	}
	return 0, false
}

func (p *Page) step(kind stepKind, index int) { p.steps = append(p.steps, step{kind, index}) }
