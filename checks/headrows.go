package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// largeHead reports whether HTTP.sys refused a request for the size of what stands
// before its body.
func largeHead(e weblog.Error) bool {
	return e.Status == 400 && (e.Reason == "RequestLength" || e.Reason == "FieldLength")
}

// hasLargeHeads reports whether HTTPERR shows such requests: they are a fault to tell
// of, even where the registry's limits were not collected.
func hasLargeHeads(s *snapshot.Snapshot) bool {
	if s.Logs == nil {
		return false
	}
	for _, g := range s.Logs.Errors() {
		if largeHead(g.Key) {
			return true
		}
	}
	return false
}

// headsRefused tells of refused requests where the limits are not known. The finding
// stands at the first line of the log, and changes nothing: the limits may be higher
// than the default already.
func headsRefused(p *pass) {
	f := Finding{
		Severity: Warning,
		Missing:  "the limits in the registry",
		Remedies: []Remedy{{
			Title: "Find out what makes the headers so large, then look at the limits",
			Steps: []string{
				"Cookies that pile up, or the Kerberos ticket of a user in very many groups, make large headers; a scanner's requests need no remedy.",
				fmt.Sprintf("Look at MaxRequestBytes and MaxFieldLength below %s. Where neither is set, 16384 bytes are in force; 32768 is enough for most. Restart HTTP.sys afterwards.", snapshot.RegHTTP),
				"With an export of that key the report says what to type: " + evidence[NeedHTTPSys].collect,
			},
			Risk: "HTTP.sys refuses large headers because they can be an attack: each of them takes memory of the kernel",
		}},
	}
	f.sign.kernel = largeHead
	limits := map[string]string{"RequestLength": "MaxRequestBytes", "FieldLength": "MaxFieldLength"}
	var rows, names []string
	for reason, total := range p.largeHeads(&f.At) {
		rows = append(rows, fmt.Sprintf("%s × %s", thousands(total), reason))
		names = append(names, limits[reason])
	}
	f.Message = fmt.Sprintf("HTTPERR shows requests refused because their headers are too large (%s). The limit %s is not known: the registry was not collected; the default is %d bytes",
		strings.Join(rows, ", "), strings.Join(names, " or "), headDefault)
	p.report(f)
}

// largeHeads counts the refused requests by reason, in a fixed order, and gives the
// first line that shows one.
func (p *pass) largeHeads(first *source.Pos) func(yield func(string, int) bool) {
	totals := map[string]int{}
	for _, g := range p.kernelErrors() {
		if !largeHead(g.Key) {
			continue
		}
		totals[g.Key.Reason] += int(g.Count)
		if s := g.Samples; len(s) > 0 && (first.Line == 0 || s[0].File < first.File || s[0].File == first.File && s[0].Line < first.Line) {
			*first = source.Pos{File: s[0].File, Line: s[0].Line, Column: 1, EndColumn: 1}
		}
	}
	return func(yield func(string, int) bool) {
		for _, reason := range [...]string{"RequestLength", "FieldLength"} {
			if n := totals[reason]; n > 0 && !yield(reason, n) {
				return
			}
		}
	}
}
