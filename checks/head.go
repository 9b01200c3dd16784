package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// headLimit is one of the two limits of HTTP.sys for what stands before a request's
// body (KB820129), and the reason that HTTPERR has for what is beyond it.
type headLimit struct {
	name      string
	low, high uint32 // bytes
	reason    string

	set     bool
	written uint32
	at      source.Span // the value, or its key where there is none
}

// headDefault is the limit where nothing is set, and roomyHead what administrators
// set for large cookies and Kerberos tickets; both in bytes (KB820129).
const (
	headDefault = 16384
	roomyHead   = 32768
)

// force is what HTTP.sys works with: a number out of range counts as the nearest
// bound. Of 0 it is published that requests were then refused.
func (l *headLimit) force() uint32 {
	if !l.set {
		return headDefault
	}
	return min(max(l.written, l.low), l.high)
}

// headerTooLarge: MaxRequestBytes and MaxFieldLength that refuse what clients send
// (S1: "By default, HTTP.sys only accepts requests where the request header is less
// than 16 KB").
func headerTooLarge(p *pass) {
	if p.snapshot.Registry.HasKey(snapshot.RegHTTP) == snapshot.Unknown {
		headsRefused(p)
		return
	}
	whole := p.headLimit(headLimit{name: "MaxRequestBytes", low: 256, high: 16777216, reason: "RequestLength"})
	field := p.headLimit(headLimit{name: "MaxFieldLength", low: 64, high: 65534, reason: "FieldLength"})
	var found byPlace[headFault]
	note := func(l *headLimit, severity Severity, text string) {
		f, _ := found.get(l.at)
		f.limit = l
		f.notes = append(f.notes, text)
		f.reasons = append(f.reasons, l.reason)
		if f.severity == "" || severity == Error {
			f.severity = severity
		}
	}
	lowers := whole.force() < field.force() // MaxFieldLength is then adjusted to it (KB820129)
	if severity, text := whole.judge(p.refused(whole.reason) || lowers && p.refused(field.reason)); text != "" {
		note(whole, severity, text)
	}
	if severity, text := field.judge(!lowers && p.refused(field.reason)); text != "" {
		note(field, severity, text)
	}
	if lowers {
		if f := found.at[whole.at]; f != nil {
			f.reasons = append(f.reasons, field.reason)
		} else {
			note(whole, Warning, fmt.Sprintf("MaxRequestBytes (%d bytes in force) is less than MaxFieldLength (%d), which HTTP.sys therefore lowers to it: raising MaxFieldLength alone has no effect", whole.force(), field.force()))
		}
	}
	for _, f := range found.order {
		p.report(f.finding(p, whole, field))
	}
}

func (p *pass) headLimit(l headLimit) *headLimit {
	v, known := p.snapshot.Registry.Value(snapshot.RegHTTP, l.name)
	l.at = p.snapshot.Registry.At(snapshot.RegHTTP)
	if known == snapshot.Yes {
		l.at = v.At
		l.written, l.set = v.DWORD()
	}
	return &l
}

// refused reports whether HTTPERR has requests refused for that reason.
func (p *pass) refused(reason string) bool {
	return slices.ContainsFunc(p.kernelErrors(), func(g weblog.Group[weblog.Error]) bool { return g.Key.Reason == reason })
}

// judge says what is wrong with a limit, "" where nothing is.
func (l *headLimit) judge(refused bool) (Severity, string) {
	n := l.written
	switch {
	case l.set && n < l.low:
		return Error, fmt.Sprintf("%s is %d, which is out of range (%d to %d): HTTP.sys then takes %d bytes, and refuses almost every request of a browser", l.name, n, l.low, l.high, l.low)
	case l.set && n > l.high:
		return Warning, fmt.Sprintf("%s is %d, which is out of range: HTTP.sys takes no more than %d", l.name, n, l.high)
	case l.set && n < headDefault && refused:
		return Error, fmt.Sprintf("%s is %d bytes, less than the default of %d, and HTTPERR shows requests refused for it", l.name, n, headDefault)
	case l.set && n < headDefault:
		return Warning, fmt.Sprintf("%s is %d bytes, less than the default of %d: requests with large cookies or Kerberos tickets are refused", l.name, n, headDefault)
	case refused:
		return Warning, fmt.Sprintf("HTTPERR shows requests refused because they are larger than %s, %d bytes (%s)", l.name, l.force(), l.reason)
	}
	return "", ""
}

// headFault is what is wrong at one place.
type headFault struct {
	limit    *headLimit
	severity Severity
	notes    []string
	reasons  []string // of HTTPERR
}

func (h *headFault) finding(p *pass, whole, field *headLimit) Finding {
	f := Finding{
		Severity: h.severity, Message: strings.Join(h.notes, "; "), Span: h.limit.at,
		Key: metabase.Path(snapshot.RegHTTP), Origin: metabase.Path(snapshot.RegHTTP), Property: h.limit.name,
		sign:     sign{kernel: func(e weblog.Error) bool { return slices.Contains(h.reasons, e.Reason) }},
		Remedies: []Remedy{roomier(whole, field)},
	}
	if h.limit.set {
		f.Value = fmt.Sprint(h.limit.written)
	}
	if dirs := p.directories(); len(dirs) > 0 {
		f.Witness = p.witness(dirs[0], dirs[0].url)
		f.Witness.sends(h.limit == whole, whole.force(), field.force())
	}
	return f
}

// sends gives the witness header fields that are just too large: one field, or so
// many that together they are.
func (w *Witness) sends(together bool, whole, field uint32) {
	const name = "Cookie"
	size, times := field+1, uint32(1)
	if together {
		if field >= whole {
			field = whole
		}
		size = min(whole/2+64, field-uint32(len(name))-8)
		times = whole/size + 1
	}
	if whole > 1<<20 {
		w.unreachable = "a request beyond that limit is too large to be shown"
		return
	}
	for range times {
		w.fields = append(w.fields, iis.Field{Name: name, Value: strings.Repeat("x", int(size))})
	}
	w.Header = fmt.Sprintf("%s: (%d bytes)", name, size)
	if times > 1 {
		w.Header = fmt.Sprintf("%d × %s", times, w.Header)
	}
}

// roomier sets both limits to what large cookies and Kerberos tickets need; larger
// ones stay.
func roomier(whole, field *headLimit) Remedy {
	r := Remedy{
		Title: "Set both limits to 32 KB",
		Steps: []string{
			"Find out first what makes the headers so large: cookies that pile up, or the Kerberos ticket of a user in very many groups.",
			fmt.Sprintf("In the registry, below %s, set MaxRequestBytes and MaxFieldLength.", snapshot.RegHTTP),
			"Restart HTTP.sys and what depends on it; the sites are away for a moment.",
		},
		Risk: "HTTP.sys refuses large headers because they can be an attack: each of them takes memory of the kernel",
	}
	one := max(field.force(), roomyHead)
	set := func(l *headLimit, to uint32) {
		if to != l.force() || l.set && l.written > l.high {
			r.Edits = append(r.Edits, limitEdit(l.name, to))
		}
	}
	set(whole, max(whole.force(), one)) // less would lower the field's
	set(field, one)
	return r
}

func limitEdit(name string, n uint32) snapshot.Edit {
	return snapshot.Edit{Kind: snapshot.EditRegistry, Target: snapshot.RegHTTP, Property: name, Op: metabase.Set, Value: snapshot.RegistryData(n)}
}
