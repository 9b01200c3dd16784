package reports

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/source"
)

// problems are input that could not be understood.
func (p *printer) problems(all []source.Problem) {
	for _, problem := range all {
		p.line(p.error("problem"), p.bold(": "+strings.Join(wrap(Visible(problemText(problem)), p.o.prose()-len("problem: ")), "\n         ")))
		if place := problem.Pos.String(); place != "" {
			p.line("  ", p.dim("--> "), Visible(place))
		}
		p.line()
	}
}

// problemText is what the problem says: it may quote what was found there.
func problemText(p source.Problem) string { return source.MaskPasswords(p.Message()) }

// skipped lists the checks that could not run, one group a reason: skipped is not passed.
func (p *printer) skipped(all []checks.Skip) {
	if len(all) == 0 {
		return
	}
	type group struct{ reason, collect string }
	var order []group
	ids := map[group][]string{}
	for _, s := range all {
		g := group{s.Reason, s.Collect}
		if ids[g] == nil {
			order = append(order, g)
		}
		ids[g] = append(ids[g], s.ID)
	}
	p.line(p.bold("skipped"), ": "+count(len(all), "check", "checks")+" for want of evidence")
	for _, g := range order {
		p.para("  ", g.reason+": "+strings.Join(ids[g], ", "), asIs)
		if g.collect != "" {
			p.para("    to collect: ", g.collect, p.dim)
		}
	}
	p.para("  all at once: ", "run on the server what iisdoctor collect --for 2003 prints", p.dim)
	p.line()
}

// summary ends the report: a table where there are several findings, the counts,
// and what was read.
func (p *printer) summary(r checks.Report) error {
	if len(r.Findings) > 1 {
		table, err := p.overview(r.Findings)
		if err != nil {
			return err
		}
		p.line(p.bold("what to mend, in this order"))
		p.line()
		p.line(table)
	}
	p.ending(r)
	return nil
}

// ending is the last paragraph of every report for people.
func (p *printer) ending(r checks.Report) {
	if len(r.Findings) == 0 {
		p.para("", nothing(r), p.bold)
	}
	p.para("", tally(r), p.bold)
	p.para("", coverage(r), asIs)
	p.notRead(r)
}
