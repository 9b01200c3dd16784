package asp

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Routine is one Sub or Function of a page or of global.asa.
type Routine struct {
	Name       string
	Span       source.Span // of the statement that begins it
	Statements []Statement // without that statement and the one that ends it
}

var (
	vbHeader = source.Lazy(`(?i)^(?:(?:public|private)[ \t]+(?:default[ \t]+)?)?(?:sub|function)[ \t]+([a-z_][a-z0-9_]*)`)
	vbEnd    = source.Lazy(`(?i)^end[ \t]+(?:sub|function)\b`)
	jsName   = source.Lazy(`^function[ \t]+([A-Za-z_$][A-Za-z0-9_$]*)[ \t]*\(`)
)

// Routines gives the routines of the page in order.
func (p *Page) Routines() []Routine {
	var out []Routine
	open := false
	for _, s := range p.Statements {
		header := jsName().FindStringSubmatch(s.Text)
		if header == nil {
			header = vbHeader().FindStringSubmatch(s.Text)
		}
		switch {
		case header != nil:
			out = append(out, Routine{Name: header[1], Span: s.Span})
			open = true
		case !open:
		case vbEnd().MatchString(s.Text), !s.Conditional: // a JScript function ends before the next statement outside
			open = false
		default:
			r := &out[len(out)-1]
			r.Statements = append(r.Statements, s)
		}
	}
	return out
}

// Routine looks a routine up by its name, without case: Session_OnEnd and
// Application_OnEnd run under the identity of the pool, not of a user.
func (p *Page) Routine(name string) (Routine, bool) {
	for _, r := range p.Routines() {
		if strings.EqualFold(r.Name, name) {
			return r, true
		}
	}
	return Routine{}, false
}
