package reports

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/source"
)

// shown is how many affected keys and samples are named before "and n more".
const shown = 3

// writeText is the report for people: findings, problems, what was skipped, summary.
func writeText(b *bytes.Buffer, r checks.Report, o Options) error {
	p := newPrinter(b, o)
	p.findings(r.Findings)
	p.problems(r.Problems)
	p.skipped(r.Skipped)
	return p.summary(r)
}

// heading is "error: Title [id, codes]".
func (p *printer) heading(f *checks.Finding) {
	label := string(f.Severity)
	text := label + ": " + f.Title + " [" + tags(f) + "]"
	for i, l := range wrap(Visible(text), p.o.prose()) {
		if i == 0 && strings.HasPrefix(l, label) {
			p.line(p.severity(f.Severity)(label), p.bold(l[len(label):]))
			continue
		}
		p.line(p.bold(l))
	}
}

// finding is one finding in full.
func (p *printer) finding(f *checks.Finding) {
	if f.Severity == checks.Info {
		p.lead(f, "")
		p.snippet("  ", f.Span)
	} else {
		p.heading(f)
		p.snippet("  ", f.Span)
		p.line()
		p.para("  ", message(f), asIs)
	}
	p.line()
	p.labelled("setting", whereSet(f))
	if f.Witness != nil {
		p.labelled("clients see", f.Witness.String()+" → "+orElse(f.Seen, "not known"))
	}
	if f.HiddenBy != nil {
		p.labelled("hidden by", hidden(*f.HiddenBy))
	}
	p.labelled("affects", firstOf(f.Affects, p.o.Verbose))
	p.labelled("certainty", certainty(f))
	if f.Observed != nil {
		p.observation(*f.Observed)
	}
	for i, r := range f.Remedies {
		p.remedy(i, r)
	}
}

// whereSet names the property, the key that is spoken of and the key that sets it.
func whereSet(f *checks.Finding) string {
	if f.Property == "" {
		return string(f.Key)
	}
	s := f.Property
	if f.Key != "" {
		s += " at " + string(f.Key)
	}
	switch {
	case f.Key == "" && f.Origin == "" && f.Pos().File != "": // of a file that is no metabase
		return s + " in " + f.Pos().File
	case f.Origin == "":
		return s + " (set by no key)"
	case !f.Origin.Equal(f.Key):
		return s + " (set by " + string(f.Origin) + ")"
	}
	return s
}

func hidden(h checks.Hidden) string {
	var where []string
	if h.ID != "" {
		where = append(where, h.ID)
	}
	if h.File != "" {
		where = append(where, fmt.Sprintf("%s:%d", h.File, h.Line))
	}
	s := h.Status
	if len(where) > 0 {
		s += " (" + strings.Join(where, ", ") + ")"
	}
	return s + ": clients meet that failure first"
}

// firstOf is the number of things and the first few of them.
func firstOf(all []string, every bool) string {
	n := len(all)
	switch {
	case n == 0:
		return ""
	case n == 1:
		return all[0]
	case n <= shown || every:
		return grouped(n) + ": " + strings.Join(all, ", ")
	}
	return grouped(n) + ": " + strings.Join(all[:shown], ", ") + " and " + grouped(n-shown) + " more"
}

// certainty says how sure the finding is, in the design's three words.
func certainty(f *checks.Finding) string {
	switch {
	case f.Certainty == checks.Observed && f.Observed != nil:
		o := f.Observed
		return fmt.Sprintf("observed %s, first %s, last %s", count(o.Count, "time", "times"), o.First, o.Last)
	case f.Certainty == checks.Observed:
		return "observed: the logs show it"
	case f.Certainty == checks.Proven && f.Witness != nil && f.HiddenBy == nil:
		return "proven: this place decides the answer to that request"
	case f.Certainty == checks.Proven && f.Witness == nil:
		return "proven: the value itself shows it"
	case f.Certainty == checks.Possible && f.Missing != "":
		return "possible: " + f.Missing
	case f.HiddenBy != nil:
		return string(f.Certainty) + ": it shows when the failure in front of it is mended"
	}
	return string(f.Certainty)
}

func (p *printer) observation(o checks.Observation) {
	samples := o.Samples
	if !p.o.Verbose {
		samples = samples[:min(len(samples), shown)]
	}
	for _, s := range samples {
		p.line("    ", p.dim(Visible(source.MaskPasswords(s))))
	}
}

// remedy writes the first one as the remedy, the others as alternatives.
func (p *printer) remedy(i int, r checks.Remedy) {
	label, paint := "remedy: ", p.bold
	if i > 0 {
		label, paint = "or: ", asIs
	}
	p.line()
	for n, l := range wrap(Visible(label+r.Title), p.o.prose()-2) {
		if n == 0 && strings.HasPrefix(l, label) {
			p.line("  ", p.pass(label), paint(l[len(label):]))
			continue
		}
		p.line("  ", paint(l))
	}
	for n, s := range r.Steps {
		p.para(fmt.Sprintf("    %d. ", n+1), s, asIs)
	}
	if r.Risk != "" {
		p.para("    Risk: ", r.Risk, asIs)
	}
	commands := r.Commands()
	if len(commands) > 0 && len(r.Steps) > 0 {
		p.line()
	}
	for _, c := range commands {
		p.command("    ", c)
	}
}

// command stands alone on its line, never wrapped or cut: it is there to be copied.
func (p *printer) command(indent, c string) {
	p.line(indent, p.code(Visible(c)))
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
