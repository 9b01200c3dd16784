package checks

import (
	"fmt"
	"slices"

	"github.com/iisdoctor/iisdoctor/iis"
)

// anyone stands for a visitor who can log on where a site asks for it: the first
// answer to an anonymous request says nothing of a fault behind the logon.
const anyone = "(any user)"

// prove asks the model for the answer to every witness and fills in what was
// seen. It is the only place in this package that asks the model for verdicts.
func prove(m *iis.Model, findings []Finding) {
	places := map[any]*Finding{}
	for i := range findings {
		if f := &findings[i]; places[f.Span] == nil {
			places[f.Span] = f
		}
	}
	var last lastAnswer
	for i := range findings {
		f := &findings[i]
		if w := f.Witness; w != nil && w.unreachable != "" {
			f.Witness, f.Missing = nil, w.unreachable
		}
		if f.Witness == nil {
			proveByValue(f)
			continue
		}
		out, err := last.answer(m, f.Witness)
		if err != nil {
			f.Witness = nil
			proveByValue(f)
			continue
		}
		judge(f, out, places)
		if out.Handler == iis.Redirect && out.Because != nil && f.Certainty == Possible {
			sentAway(f, out)
		}
	}
}

// sentAway makes a fact to know of what HttpRedirect keeps from every visitor. A
// redirect to the same URL with a slash has no place, and hides nothing.
func sentAway(f *Finding, out iis.Outcome) {
	f.Severity = Info
	pos := out.Because.Span.Pos()
	f.Missing = fmt.Sprintf("requests are redirected to %s (HttpRedirect, %s:%d), so nobody meets it", out.Location, pos.File, pos.Line)
}

// proveByValue: what no request shows is proven by the value itself for a fault
// of the configuration, and possible for what only logs can show.
func proveByValue(f *Finding) {
	if f.Certainty != "" {
		return
	}
	f.Certainty = Possible
	if i := slices.IndexFunc(list[:], func(c Check) bool { return c.ID == f.ID }); list[i].ConfigOnly || list[i].ByValue {
		f.Certainty = Proven
	}
}

// risks reports whether the check's witness shows what a value costs, rather than
// an answer that is wrong.
func risks(id string) bool {
	return slices.ContainsFunc(list[:], func(c Check) bool { return c.ID == id && c.ByValue })
}

// lastAnswer is the answer to the witness that was asked last: a page of thousands of
// faults is asked for once.
type lastAnswer struct {
	witness *Witness
	out     iis.Outcome
	err     error
}

func (l *lastAnswer) answer(m *iis.Model, w *Witness) (iis.Outcome, error) {
	if l.witness == nil || !l.witness.same(w) {
		l.witness = w
		l.out, l.err = answer(m, w)
	}
	return l.out, l.err
}

func answer(m *iis.Model, w *Witness) (iis.Outcome, error) {
	r, err := iis.ParseURL(w.Method, w.URL)
	if err != nil {
		return iis.Outcome{}, err
	}
	r.User, r.Trusted = anyone, true
	r.Header = append(r.Header, w.fields...)
	if w.address != "" {
		r.IP = w.address
	}
	return m.Decide(r), nil
}

// configured reports whether the configuration, as far as it was collected, decides
// that a request gets this status: then a log that shows it needs no explanation.
func configured(g *ground, dir directory, path, status string) bool {
	w := g.witness(dir, path)
	if status == "403.4" { // came over http to where SSL is required; a witness goes by https
		w.URL, w.address, w.unreachable = g.model.Reach(dir.site.Path(), "/LM", escape(path))
	}
	out, err := answer(g.model, w)
	return err == nil && string(out.Status) == status && !out.Assumed
}

// judge compares the answer with the finding: proven where one of its codes was
// decided at its place, hidden where another failure came first, else possible.
func judge(f *Finding, out iis.Outcome, places map[any]*Finding) {
	f.Seen = string(out.Status)
	code := f.Seen
	if out.ASP != nil {
		code = out.ASP.Code[:len("ASP 0000")]
		f.Seen += ", " + code
	}
	here := out.Because != nil && out.Because.Span == f.Span
	switch {
	case here && slices.Contains(f.Codes, code):
		f.Certainty = Proven
		if out.Assumed {
			f.Certainty = Possible
		}
	case !out.Status.Failed() && !out.Assumed && out.Handler == iis.Static && slices.Contains(f.Codes, sourceSent):
		f.Certainty = Proven
		f.Seen += ", " + sourceSent
	case !out.Status.Failed() && !out.Assumed && risks(f.ID):
		f.Certainty = Proven
	case out.Status.Failed():
		f.Certainty = Possible
		f.HiddenBy = hiddenBy(out, places)
	default:
		f.Certainty = Possible
	}
	if f.Certainty == Possible && f.Missing == "" {
		f.Missing = missing(out)
	}
}

func hiddenBy(out iis.Outcome, places map[any]*Finding) *Hidden {
	h := &Hidden{Status: string(out.Status)}
	if out.Because == nil {
		return h
	}
	pos := out.Because.Span.Pos()
	h.File, h.Line = pos.File, pos.Line
	if owner := places[out.Because.Span]; owner != nil {
		h.ID = owner.ID
	}
	return h
}

// missing names the first assumption that the answer rests on.
func missing(out iis.Outcome) string {
	for _, s := range out.Steps {
		if s.Order == iis.Assumed {
			return s.Detail
		}
	}
	return ""
}
