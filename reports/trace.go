package reports

import (
	"bytes"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/source"
)

// traceText shows how a request went: where it leads, each step with its mark,
// the value that decided, the answer.
func traceText(b *bytes.Buffer, t iis.Outcome, o Options) error {
	p := newPrinter(b, o)
	p.line(p.bold(Visible(t.Request.Method + " " + requestURL(t.Request))))
	if t.Request.Host != "" && t.Request.IP != t.Request.Host {
		p.labelled("arrives at", t.Request.IP)
	}
	p.labelled("site", string(t.Target.Site))
	p.labelled("pool", t.Target.Pool)
	p.labelled("key", string(t.Target.Key))
	p.labelled("file", string(t.Target.Physical))
	p.line()
	p.steps(t)
	p.answer(t)
	p.process(t.Process)
	return nil
}

// steps is one line a stage; the one that decided shows its place.
func (p *printer) steps(t iis.Outcome) {
	room := 0
	for _, s := range t.Steps {
		room = max(room, width(Visible(s.Stage)))
	}
	decided := -1
	for i, s := range t.Steps {
		if s.Stage == t.Stage {
			decided = i
		}
	}
	for i, s := range t.Steps {
		sign, paint := mark(p, s.Result)
		stage := Visible(s.Stage) + strings.Repeat(" ", room-width(Visible(s.Stage)))
		text, note := source.MaskPasswords(s.Detail), orderNote(s.Order)
		if s.Result != "pass" && s.Result != "answer" {
			text = s.Result + " " + text
		}
		for n, l := range wrap(Visible(text)+" "+note, p.o.prose()-room-6) {
			if before, ok := strings.CutSuffix(l, note); ok {
				l = before + p.dim(note)
			}
			if n == 0 {
				p.line("  ", paint(sign), " ", paint(stage), "  ", l)
				continue
			}
			p.line(strings.Repeat(" ", room+6), l)
		}
		switch {
		case s.Because != nil && i == decided:
			p.snippet("      ", s.Because.Span)
		case s.Because != nil && p.o.Verbose && !s.Because.Span.IsZero():
			p.line("      ", p.dim("--> "+Visible(s.Because.Span.Pos().String())))
		}
	}
	if t.Because != nil && (decided < 0 || t.Steps[decided].Because == nil) {
		p.snippet("      ", t.Because.Span)
	}
	if len(t.Steps) > 0 {
		p.line()
	}
}

// mark is the sign of a step's result, readable without colour.
func mark(p *printer, result string) (string, pen) {
	switch result {
	case "pass":
		return "✓", p.pass
	case "answer":
		return "●", p.bold
	}
	return "✗", p.error
}

// orderNote is a word after the step, explained below the answer: nothing inferred
// may look documented.
func orderNote(o iis.Order) string {
	switch o {
	case iis.Inferred:
		return "(inferred)"
	case iis.Assumed:
		return "(assumed)"
	}
	return ""
}

// answer is the status, its words, and what else the client or a log gets.
func (p *printer) answer(t iis.Outcome) {
	paint := p.pass
	if t.Status.Failed() {
		paint = p.error
	}
	p.line(paint(Visible(string(t.Status))), p.bold(" "+Visible(t.Reason)))
	if t.KernelReason != "" {
		p.labelled("HTTPERR", t.KernelReason)
	}
	if a := t.ASP; a != nil {
		p.labelled("ASP error", a.Code+" "+a.Title+", "+a.URL+", line "+strconv.Itoa(a.Line))
	}
	p.labelled("location", t.Location)
	p.labelled("type", t.ContentType)
	if t.Assumed {
		p.para("  ", "Assumed: a step above rests on evidence that is not in the snapshot.", asIs)
	}
	if t.FileAssumed {
		p.para("  ", "The file itself is not in the snapshot.", asIs)
	}
	if slices.ContainsFunc(t.Steps, func(s iis.Step) bool { return s.Order == iis.Inferred }) {
		p.para("  ", "inferred: order not documented. Microsoft's pages do not say at which point IIS takes that step.", p.dim)
	}
}

// requestURL puts the request's URL together again.
func requestURL(r iis.Request) string {
	scheme, port := "http", 80
	if r.Secure {
		scheme, port = "https", 443
	}
	host := r.Host
	if host == "" {
		host = r.IP
	}
	switch {
	case r.Port != 0 && r.Port != port:
		host = net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(r.Port))
	case strings.Contains(host, ":"):
		host = "[" + strings.Trim(host, "[]") + "]"
	}
	url := scheme + "://" + host + r.Path
	if r.Query != "" {
		url += "?" + r.Query
	}
	return url
}
