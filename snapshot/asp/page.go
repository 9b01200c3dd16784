// Package asp scans classic ASP and server-side-include pages: it finds what the
// page processor finds before the first statement runs (include directives) and
// the statements that the documented failures turn on. It executes nothing.
package asp

import "github.com/iisdoctor/iisdoctor/source"

// Page is one scanned page.
type Page struct {
	Text       *source.Text
	Language   string // of the <% %> blocks, as the page names it; VBScript where it does not
	Includes   []Include
	Statements []Statement // without the expressions of <%= %>, which only Parts has
	Output     []Output

	exprs   []Statement
	parts   []part
	calls   []Call
	session []Use
	turns   []turn
	steps   []step
	held    []bool // which includes stand inside an If, a procedure or a loop
}

// Include is one #include directive outside script. It counts wherever it stands
// in the HTML: directives are processed before any script runs, so neither an If
// around it nor an HTML comment before it keeps it from being read.
type Include struct {
	Virtual bool        // virtual= instead of file=
	Target  string      // as written
	Span    source.Span // the target between its quotes
}

// Statement is one statement of script, in order. A block's header ("If x Then",
// "Sub a") and its end are statements of their own; of a single-line If the header
// and each statement behind Then are.
type Statement struct {
	Text        string // without comment, blanks around and line continuation
	Span        source.Span
	Conditional bool // inside If, Sub, Function, Class, Select or a loop: may not run. Headers count by what is around them
}

// Output is a stretch of the page that is sent as it stands.
type Output struct{ Span source.Span }

// Part is one piece of a page in order: exactly one of the first four fields is set.
type Part struct {
	Literal     source.Span // sent as it stands
	Include     *Include
	Statement   *Statement
	Expr        *Statement // <%= ... %>
	Conditional bool       // inside an If, a Sub or a loop that another block opened
}

// The methods whose calls are noted.
const (
	MapPath      = "MapPath"      // Server.MapPath
	CreateObject = "CreateObject" // Server.CreateObject, and the one of VBScript itself
)

// Call is one call with a literal text argument, or one that begins with a literal.
type Call struct {
	Name        string      // MapPath or CreateObject
	OnServer    bool        // a method of Server
	Argument    string      // doubled quotes and escapes resolved
	Prefix      bool        // script adds to the literal: "..\" & name
	Span        source.Span // the literal between its quotes
	Conditional bool
	Guarded     string // why an error need not end the page here, or the call not be reached; "" where nothing is known
}

// part is a Part by index, since the slices still grow while a page is scanned.
type part struct {
	kind        partKind
	index       int
	conditional bool
}

type partKind int8

const (
	literalPart partKind = iota
	includePart
	statementPart
	exprPart
)

// Parts gives the page in order.
func (p *Page) Parts() []Part {
	out := make([]Part, len(p.parts))
	for i, q := range p.parts {
		out[i].Conditional = q.conditional
		switch q.kind {
		case literalPart:
			out[i].Literal = p.Output[q.index].Span
		case includePart:
			out[i].Include = &p.Includes[q.index]
		case statementPart:
			out[i].Statement = &p.Statements[q.index]
		case exprPart:
			out[i].Expr = &p.exprs[q.index]
		}
	}
	return out
}

// MapPathCalls gives the calls Server.MapPath("...") and Server.MapPath("..." & x) of
// the page itself; what its include files do to them is left to Walk.
func (p *Page) MapPathCalls() []Call { return p.callsOf(MapPath) }

// CreateObjectCalls gives the calls [Server.]CreateObject("...") of the page itself.
func (p *Page) CreateObjectCalls() []Call { return p.callsOf(CreateObject) }

func (p *Page) callsOf(name string) []Call {
	var all []Call
	p.Walk(&Flow{}, func(Include) {}, func(c Call) {
		if c.Name == name {
			all = append(all, c)
		}
	})
	return all
}
