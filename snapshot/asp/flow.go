package asp

import (
	"slices"

	"github.com/iisdoctor/iisdoctor/source"
)

// Flow goes with a reader through a page and its include files in their order: to
// ASP they are one script. It knows what came before that keeps the error of a call
// from ending the page, or the call from being reached. The zero Flow begins a page.
type Flow struct {
	caught, left *turn
	mayLeave     bool   // left may not run
	said         string // what guard says, "" until it is asked after a turn
	within       bool   // in a file that is included inside an If, a procedure or a loop
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
			f.turn(&p.turns[s.index])
		}
	}
}

// guard says what keeps the error of a call at this point from ending the page, ""
// where nothing does.
func (f *Flow) guard() string {
	switch {
	case f.said != "":
	case f.left != nil && f.mayLeave:
		f.said = "the page may end before the call, at " + f.left.span.Pos().String()
	case f.left != nil:
		f.said = "the page ends before the call, at " + f.left.span.Pos().String()
	case f.caught != nil:
		f.said = "On Error Resume Next at " + f.caught.span.Pos().String() + " lets the page go on after the error"
	}
	return f.said
}

// turn takes a statement. What may not run may change what follows, but undoes nothing.
func (f *Flow) turn(t *turn) {
	sure := !t.conditional && !f.within
	switch {
	case f.left != nil:
		return // only what comes first counts
	case t.kind == releases:
		if sure {
			f.caught = nil
		}
	case t.kind == catches:
		f.caught = t
	default:
		f.left, f.mayLeave = t, !sure
	}
	f.said = ""
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

// Steps is how many things Walk meets.
func (p *Page) Steps() int {
	if p == nil {
		return 0
	}
	return len(p.steps)
}

// Outline is the page for Walk alone, with the first of its include directives and calls:
// what is kept of a page that many others include.
func (p *Page) Outline(includes, calls int) *Page {
	o := &Page{Text: p.Text, turns: slices.Clone(p.turns)}
	o.Includes = slices.Clone(p.Includes[:min(len(p.Includes), includes)])
	o.held = slices.Clone(p.held[:len(o.Includes)])
	o.calls = slices.Clone(p.calls[:min(len(p.calls), calls)])
	for _, s := range p.steps {
		if s.kind == includeStep && s.index >= includes || s.kind == callStep && s.index >= calls {
			continue
		}
		o.steps = append(o.steps, s)
	}
	return o
}
