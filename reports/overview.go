package reports

import (
	"cmp"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
)

// cause is a row of the overview: the findings of one check that show themselves
// in the same way.
type cause struct {
	first  checks.Finding
	places int
	hidden []string // what stands in front of some of them
}

// overview is what to mend, in the order in which to go about it: a row a cause. It
// is the only place where text is cut: everything in it stands in full above.
func (p *printer) overview(findings []checks.Finding) (string, error) {
	causes := causesOf(findings)
	cols := []column{
		{head: "severity", fit: elide, pen: func(i int) pen { return p.severity(causes[i].first.Severity) }, floor: len("severity")},
		{head: "code", fit: elide}, {head: "id", fit: elide}, {head: "place", fit: elideLeft},
	}
	if p.o.columns() >= 80 && slices.ContainsFunc(causes, func(c *cause) bool { return len(c.hidden) > 0 }) {
		cols = append(cols, column{head: "hidden by", fit: elide})
	}
	var rows [][]string
	for _, c := range causes {
		rows = append(rows, c.row()[:len(cols)])
	}
	return grid(cols, rows, p.o.columns(), p.dim)
}

// causesOf groups findings: errors first, and among them what IIS meets first, since
// clients see the next fault only when the one before is mended.
func causesOf(findings []checks.Finding) []*cause {
	order := map[string]int{}
	for i, c := range checks.All() {
		order[c.ID] = i
	}
	var causes []*cause
	index := map[string]*cause{}
	for _, f := range findings {
		kind := strings.Join([]string{string(f.Severity), f.ID, strings.Join(f.Codes, ", ")}, "\x00")
		c := index[kind]
		if c == nil {
			c = &cause{first: f}
			index[kind] = c
			causes = append(causes, c)
		}
		c.places++
		if f.HiddenBy != nil {
			c.hide(cmp.Or(f.HiddenBy.ID, f.HiddenBy.Status))
		}
	}
	slices.SortStableFunc(causes, func(a, b *cause) int {
		return cmp.Or(cmp.Compare(severities[a.first.Severity], severities[b.first.Severity]),
			cmp.Compare(order[a.first.ID], order[b.first.ID]))
	})
	return causes
}

// severities is the order of rows.
var severities = map[checks.Severity]int{checks.Error: 0, checks.Warning: 1, checks.Info: 2}

func (c *cause) hide(by string) {
	if !slices.Contains(c.hidden, by) {
		c.hidden = append(c.hidden, by)
	}
}

func (c *cause) row() []string {
	place := Visible(c.first.Pos().String())
	if c.places > 1 {
		place = count(c.places, "place", "places") + ", first " + place
	}
	return []string{string(c.first.Severity), Visible(strings.Join(c.first.Codes, ", ")), Visible(c.first.ID), place,
		Visible(strings.Join(c.hidden, ", "))}
}
