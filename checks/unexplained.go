package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

const unexplainedID = "answer-unexplained"

// leftOver is what answer-unexplained reports: error answers in the logs that no
// finding accounts for, one finding for each site and status. It runs when all
// others are done, over the groups of rows that they explained.
func leftOver(g *ground, skipped []Skip, explained map[any]bool) []Finding {
	i := slices.IndexFunc(list[:], func(c Check) bool { return c.ID == unexplainedID })
	if _, missing := lacks(g.snapshot, &list[i]); missing {
		return nil
	}
	p := &pass{ground: g, check: &list[i]}
	rows := leftRows{}
	for _, x := range g.requests() {
		if x.Key.Status >= 400 && !explained[x.Key] && !usual(x.Key) && !g.asConfigured(x) {
			rows.add(x.Key.Site, requestStatus(x.Key), x.Count, x.First, x.Last, x.Samples)
		}
	}
	for _, x := range g.kernelErrors() {
		if x.Key.Status >= 400 && !explained[x.Key] {
			rows.addKernel(x)
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(rows), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		p.report(rows[at].finding(g, skipped))
	}
	return p.findings
}

// asConfigured reports whether the configuration gives the most frequent path of the
// group just this answer.
func (g *ground) asConfigured(x weblog.Group[weblog.Request]) bool {
	if len(x.URLs) == 0 || x.Key.ASP != "" || x.Key.HResult != "" {
		return false
	}
	d, ok := g.dirOf(x.Key.Site, x.URLs[0].Path)
	return ok && configured(g, d, x.URLs[0].Path, statusOf(x.Key))
}

// leftRows are rows by site and status.
type leftRows map[[2]string]*unexplained

func (l leftRows) add(site, status string, count int64, first, last string, samples []weblog.Sample) {
	at := [2]string{site, status}
	if l[at] == nil {
		l[at] = &unexplained{site: site, status: status}
	}
	l[at].add(count, first, last, samples)
}

// scanned are reasons of HTTPERR for what scanners and broken clients send
// (KB820729). Every server on the Internet has them, so they are told together.
var scanned = [...]string{"400 BadRequest", "400 Header", "400 Hostname", "400 Invalid_CR/LF", "400 URL", "400 Verb", "411 LengthRequired", "501 N/I", "505 Version_N/S"}

func (l leftRows) addKernel(x weblog.Group[weblog.Error]) {
	status := fmt.Sprintf("%d %s", x.Key.Status, x.Key.Reason)
	if !slices.Contains(scanned[:], status) {
		l.add(x.Key.Site, status, x.Count, x.First, x.Last, x.Samples)
		return
	}
	l.add(x.Key.Site, scanners, x.Count, x.First, x.Last, x.Samples)
	u := l[[2]string{x.Key.Site, scanners}]
	if !slices.Contains(u.reasons, status) {
		u.reasons = append(u.reasons, status)
		slices.Sort(u.reasons)
	}
}

// scanners stands for the status of rows with different reasons.
const scanners = "scanners"

// usual are answers that every server gives without a fault of its own: a name that
// is not there, the first legs of a logon (KB907273), and what a client asked wrongly.
func usual(r weblog.Request) bool {
	switch r.Status {
	case 404:
		return r.Substatus <= 0
	case 401:
		return r.Substatus <= 2
	case 400, 405, 406, 411, 412, 414, 416, 417, 501:
		return true
	}
	return false
}

func requestStatus(r weblog.Request) string {
	switch {
	case r.ASP != "":
		return statusOf(r) + " " + r.ASP
	case r.HResult != "":
		return statusOf(r) + " script error " + r.HResult
	}
	return statusOf(r)
}

// unexplained is all rows of one site with one status.
type unexplained struct {
	site, status string
	reasons      []string // of scanners, sorted
	seen         Observation
	at           source.Pos
}

func (u *unexplained) add(count int64, first, last string, samples []weblog.Sample) {
	if len(samples) > 0 && (u.at.Line == 0 || samples[0].File < u.at.File || samples[0].File == u.at.File && samples[0].Line < u.at.Line) {
		u.at = source.Pos{File: samples[0].File, Line: samples[0].Line, Column: 1, EndColumn: 1}
	}
	u.seen.Count += int(count)
	if u.seen.First == "" || first != "" && first < u.seen.First {
		u.seen.First = first
	}
	u.seen.Last = max(u.seen.Last, last)
	lines := logSamples(samples)
	u.seen.Samples = append(u.seen.Samples, lines[:min(len(lines), maxSamples-len(u.seen.Samples))]...)
}

func (u *unexplained) finding(g *ground, skipped []Skip) Finding {
	status := u.status
	if status == scanners {
		status = strings.Join(u.reasons, ", ")
	}
	return Finding{
		Severity: Info, Certainty: Observed, At: u.at, Observed: &u.seen,
		Message: fmt.Sprintf("%s × %s", thousands(u.seen.Count), status) + u.why(g, skipped),
		Remedies: []Remedy{{
			Title: "Look at the rows, or bring more evidence along",
			Steps: []string{"Run iisdoctor trace with one of the URLs to see how the configuration decides it.",
				"Collect what the report lists as skipped."},
		}},
	}
}

// why says what keeps the rows from being explained.
func (u *unexplained) why(g *ground, skipped []Skip) string {
	where := " on site " + u.site
	if u.site == "" {
		where = " (the log names no site)"
	} else if site, ok := g.tree.Key(service.Join(u.site)); !ok {
		return where + ": that site is not in this metabase"
	} else if !startsItself(site) {
		return where + ": that site is stopped (ServerAutoStart is FALSE), so its causes were not looked for"
	}
	if u.status == scanners {
		return where + ": what scanners and broken clients send, no fault of the server by itself"
	}
	for _, s := range skipped {
		i := slices.IndexFunc(list[:], func(c Check) bool { return c.ID == s.ID })
		if slices.ContainsFunc(list[i].Codes, func(code string) bool { return strings.HasSuffix(u.status, code) }) {
			return where + fmt.Sprintf(": %s could not look for the cause (%s)", s.ID, s.Reason)
		}
	}
	return where + ": not explained by the configuration given"
}

// thousands writes 1204 as 1,204.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// hasLogs reports whether logs were read.
func hasLogs(s *snapshot.Snapshot) bool { return s.Logs != nil && s.Logs.Totals().Rows > 0 }
