package reports

import (
	"github.com/fatih/color"

	"github.com/iisdoctor/iisdoctor/checks"
)

// pen colours a text, or leaves it alone.
type pen func(string) string

// pens are the few colours of all text formats.
type pens struct {
	error, warning, info, pass, bold, dim, mark, code pen
}

// newPen decides for itself: the library would decide once for the whole program
// from what standard output is.
func newPen(on bool, attributes ...color.Attribute) pen {
	if !on {
		return asIs
	}
	c := color.New(attributes...)
	c.EnableColor()
	return func(s string) string {
		if s == "" {
			return s
		}
		return c.Sprint(s)
	}
}

func newPens(on bool) pens {
	return pens{
		error:   newPen(on, color.Bold, color.FgRed),
		warning: newPen(on, color.Bold, color.FgYellow),
		info:    newPen(on, color.Bold, color.FgBlue),
		pass:    newPen(on, color.FgGreen),
		bold:    newPen(on, color.Bold),
		dim:     newPen(on, color.Faint),
		mark:    newPen(on, color.Bold, color.FgRed),
		code:    newPen(on, color.FgCyan),
	}
}

func (p pens) severity(s checks.Severity) pen {
	switch s {
	case checks.Error:
		return p.error
	case checks.Warning:
		return p.warning
	}
	return p.info
}
