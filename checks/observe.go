package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// sign is how a finding shows in logs and events when it happens. A nil part does
// not show there.
type sign struct {
	request func(weblog.Request) bool // a group of rows of a W3C log
	row     pathRows                  // of those, the rows of a path
	kernel  func(weblog.Error) bool   // a group of rows of HTTPERR
	event   func(eventlog.Group) bool // a group of events
}

// maxSamples bounds the lines that are shown of one finding.
const maxSamples = 3

// observe looks for the signs of every finding in logs and events. explained holds
// the groups that some finding accounts for.
func (g *ground) observe(findings []Finding) (explained map[any]bool) {
	explained = map[any]bool{}
	for i := range findings {
		f := &findings[i]
		if f.Observed != nil { // in a log that only its check reads
			f.Certainty, f.Missing = Observed, ""
		}
		for i := range g.requests() {
			f.observeRequests(&g.requests()[i], explained)
		}
		for _, group := range g.kernelErrors() {
			if f.sign.kernel != nil && f.sign.kernel(group.Key) {
				explained[group.Key] = true
				f.saw(int(group.Count), group.First, group.Last, logSamples(group.Samples))
			}
		}
		for _, group := range g.events() {
			if f.sign.event != nil && f.sign.event(group) {
				f.sawEvents(group)
			}
		}
	}
	return explained
}

// observeRequests counts the rows of a group that show the finding: those of the
// paths that it speaks of.
func (f *Finding) observeRequests(g *weblog.Group[weblog.Request], explained map[any]bool) {
	if f.sign.request == nil || !f.sign.request(g.Key) {
		return
	}
	count := int(f.sign.row.in(g))
	if count == 0 {
		return
	}
	explained[g.Key] = true
	if int64(count) == g.Count {
		f.saw(count, g.First, g.Last, logSamples(g.Samples))
		return
	}
	// Other paths share the group: its first and last time need not be of ours.
	f.saw(count, "", "", nil)
}

// saw adds rows to what was observed of the finding.
func (f *Finding) saw(count int, first, last string, samples []string) {
	f.Certainty, f.Missing = Observed, ""
	if f.Observed == nil {
		f.Observed = &Observation{First: first, Last: last}
	}
	o := f.Observed
	o.Count += count
	if first != "" && (o.First == "" || first < o.First) {
		o.First = first
	}
	if last > o.Last {
		o.Last = last
	}
	o.Samples = append(o.Samples, samples[:min(len(samples), maxSamples-min(maxSamples, len(o.Samples)))]...)
}

// sawEvents adds events. Their times are shown only where no log gave any: an
// export may write local time, and the two must not be compared.
func (f *Finding) sawEvents(g eventlog.Group) {
	if f.Observed == nil {
		f.saw(g.Count, g.First.Text, "", eventSamples(g))
		f.Observed.Last = g.Last.Text
		return
	}
	f.saw(g.Count, "", "", eventSamples(g))
}

func logSamples(samples []weblog.Sample) []string {
	var lines []string
	for _, s := range samples {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", s.File, s.Line, s.Text))
	}
	return lines
}

func eventSamples(g eventlog.Group) []string {
	var lines []string
	for _, s := range g.Samples {
		lines = append(lines, fmt.Sprintf("%s:%d: %s %s %d %s", s.Pos.File, s.Pos.Line, s.Time.Text, g.Source, g.ID, s.Text))
	}
	return lines
}

// answered is a sign in W3C logs: one of the statuses, with one of the extensions
// (none: any).
func answered(extensions []string, statuses ...string) func(weblog.Request) bool {
	wanted := make([]shortStatus, len(statuses))
	for i, s := range statuses {
		code, sub, _ := strings.Cut(s, ".")
		wanted[i].code, _ = strconv.Atoi(code)
		wanted[i].sub, _ = strconv.Atoi(sub)
	}
	return func(r weblog.Request) bool {
		return slices.Contains(wanted, shortStatus{r.Status, max(r.Substatus, 0)}) && (len(extensions) == 0 || slices.Contains(extensions, r.Extension))
	}
}

// shortStatus is a status as documents cite it: 404.0 is 404.
type shortStatus struct{ code, sub int }

// statusOf writes the status of a group as documents cite it: "404.3", "500".
func statusOf(r weblog.Request) string {
	if r.Substatus > 0 {
		return fmt.Sprintf("%d.%d", r.Status, r.Substatus)
	}
	return strconv.Itoa(r.Status)
}
