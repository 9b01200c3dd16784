package reports

import (
	"bytes"
	"io"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/proof"
)

// WriteReproduction writes how a fault was reproduced and mended: requests and
// answers, log lines, the diagnosis, each remedy, and what was held against the
// documents. Its last line is "proven" or "not proven: " and why.
func WriteReproduction(w io.Writer, r *proof.Result, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		c := r.Fault.Check
		words, _ := checks.WordsOf(c.ID)
		p.para("", words.Title, p.bold)
		p.line(p.dim(Visible(strings.Join(append([]string{c.ID}, c.Codes...), ", "))))
		p.line(p.dim("sources in full: iisdoctor explain " + Visible(c.ID)))
		p.head("WITH THE FAULT")
		if len(r.Before) == 0 {
			p.para("  ", "No request shows this fault; it is found in the configuration alone.", asIs)
		}
		p.exchanges(r.Before)
		p.diagnosis(r.Findings)
		for i, m := range r.After {
			p.mended(i, m)
		}
		p.verdict(r)
		return nil
	})
}

// head begins a part of the text.
func (p *printer) head(text string) {
	p.line()
	p.line(p.bold(text))
}

func (p *printer) exchanges(all []proof.Exchange) {
	for i := range all {
		if i > 0 {
			p.line()
		}
		p.exchange(&all[i])
	}
}

// exchange is one step, its answers, the log lines it left, and each expectation
// with its source.
func (p *printer) exchange(x *proof.Exchange) {
	p.step(&x.Request)
	p.answers(x)
	p.records(x.Records)
	for _, c := range x.Checked {
		p.expectation(c)
	}
}

// expectation is one line of the proof: what was expected, and who says so.
func (p *printer) expectation(c proof.Checked) {
	verdict := p.pass("ok  ")
	if !c.OK {
		verdict = p.error("FAIL")
	}
	source := "[documented: " + c.Expect.Source + "]"
	if !c.Expect.Documented {
		source = "[not documented: " + c.Expect.Source + "]"
	}
	const indent = "         "
	lines := wrap(Visible(c.Expect.String()+"  "+source), p.o.prose()-len(indent))
	for i, l := range lines {
		if i == 0 {
			p.line("    ", verdict, " ", l)
			continue
		}
		p.line(indent, l)
	}
	if !c.OK {
		p.para(indent, "got: "+orElse(c.Got, "nothing"), asIs)
	}
}

// diagnosis is what the check says of the snapshot with the fault.
func (p *printer) diagnosis(findings []checks.Finding) {
	p.head("DIAGNOSIS")
	for i := range findings {
		f := &findings[i]
		p.para("  ", message(f), asIs)
		p.snippet("  ", f.Span)
		p.labelled("certainty", certainty(f))
	}
	if len(findings) == 0 {
		p.line("  none")
	}
}

// mended is a remedy and what the server answers after it.
func (p *printer) mended(i int, m proof.Mended) {
	name := "REMEDY"
	if i > 0 {
		name = "OR"
	}
	p.head(name + ": " + Visible(m.Remedy.Title))
	for _, s := range m.Remedy.Steps {
		p.para("  - ", s, asIs)
	}
	if m.Remedy.Risk != "" {
		p.para("  Risk: ", m.Remedy.Risk, asIs)
	}
	commands := m.Remedy.Commands()
	if len(commands) > 0 {
		p.line()
	}
	for _, c := range commands {
		p.command("    ", c)
	}
	if m.Fixed {
		p.line("    ", p.dim("(here: the page rewritten)"))
	}
	if len(m.Exchanges) > 0 {
		p.line()
	}
	p.exchanges(m.Exchanges)
}

// verdict is the last line, with every reason where something is not proven.
func (p *printer) verdict(r *proof.Result) {
	p.line()
	if !r.Proven() {
		p.line(p.error("not proven: "), Visible(strings.Join(r.Faults, "; ")))
		return
	}
	switch {
	case len(r.Before) == 0 && len(r.After) == 0:
		p.line("The check tells of it. It is no fault, and there is nothing to mend.")
	case len(r.Before) == 0:
		p.line("The check finds the fault, and nothing after the remedy.")
	}
	p.line(p.pass("proven"))
}

// WriteTally ends a run over several faults: a line for each, and the sum.
func WriteTally(w io.Writer, results []*proof.Result, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		proven, room := 0, 0
		for _, r := range results {
			room = max(room, len(r.Fault.Check.ID))
		}
		for _, r := range results {
			id := r.Fault.Check.ID
			verdict := p.error("not proven")
			if r.Proven() {
				proven++
				verdict = p.pass("proven")
			}
			if r.Fault.Check.ConfigOnly {
				verdict += " (configuration only: finding, then silence)"
			}
			p.line("  ", Visible(id), strings.Repeat(" ", room-len(id)+gap), verdict)
		}
		p.line(p.bold(count(len(results), "fault", "faults") + ", " + grouped(proven) + " proven"))
		return nil
	})
}

// excerptLength is how much of a body is shown, in characters.
const excerptLength = 160

// excerpt is the beginning of a body as a reader would see it.
func excerpt(x *proof.Exchange) string {
	body := x.Body[:min(len(x.Body), 64<<10)]
	if bytes.IndexByte(body, 0) >= 0 {
		return "(" + count(len(x.Body), "byte", "bytes") + " that are no text)"
	}
	text := string(body)
	if strings.HasPrefix(x.Header.Get("Content-Type"), "text/html") {
		text = withoutTags(text)
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > excerptLength {
		text = string(runes[:excerptLength]) + "…"
	}
	return text
}

// unread are the elements whose content no reader sees.
var unread = [...]string{"style", "script", "title"}

// withoutTags takes the tags out of an HTML page, for showing only.
func withoutTags(page string) string {
	var b strings.Builder
	for {
		text, tag, found := strings.Cut(page, "<")
		b.WriteString(text)
		if !found {
			return b.String()
		}
		b.WriteByte(' ')
		page = afterTag(tag)
	}
}

// afterTag is what follows a tag; of an element that is not read, what follows it all.
func afterTag(page string) string {
	if comment, ok := strings.CutPrefix(page, "!--"); ok {
		_, rest, _ := strings.Cut(comment, "-->")
		return rest
	}
	tag, rest, _ := strings.Cut(page, ">")
	for _, name := range unread {
		if len(tag) >= len(name) && strings.EqualFold(tag[:len(name)], name) {
			if i := strings.Index(strings.ToLower(rest), "</"+name); i >= 0 {
				_, rest, _ = strings.Cut(rest[i:], ">")
			}
		}
	}
	return rest
}
