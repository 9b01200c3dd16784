package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/source"
)

// unfinished is what the HTTP error log tells of one pool's requests that had no end.
type unfinished struct {
	pool  string
	count int64
	at    source.Pos
}

// unfinishedRequests: requests whose worker process quit while it served them. IIS
// logs a request when it is finished, so the W3C log has no line of them (Gerhards,
// IIS Workflow); only HTTPERR has one (KB820729). One finding for each pool.
func unfinishedRequests(p *pass) {
	byPool := map[string]*unfinished{}
	var order []*unfinished
	for _, g := range p.kernelErrors() {
		if g.Key.Reason != abandoned {
			continue
		}
		u := byPool[strings.ToLower(g.Key.Queue)]
		if u == nil {
			u = &unfinished{pool: g.Key.Queue}
			byPool[strings.ToLower(g.Key.Queue)] = u
			order = append(order, u)
		}
		u.count += g.Count
		if len(g.Samples) > 0 && u.at.Line == 0 {
			u.at = source.Pos{File: g.Samples[0].File, Line: g.Samples[0].Line, Column: 1, EndColumn: 1}
		}
	}
	for _, u := range order {
		p.report(u.finding(p))
	}
}

func (u *unfinished) finding(p *pass) Finding {
	s := &poolSetting{pools: []string{u.pool}}
	f := Finding{
		At: u.at, Affects: []string{u.pool}, Key: poolKey(p.tree, u.pool),
		Message: fmt.Sprintf("%s to application pool %s ended without an answer and without a line in the W3C log: the worker process quit or gave up the connection while it served them",
			count(int(u.count), "request"), u.pool),
		sign: sign{kernel: s.kernelSign(abandoned)},
		Remedies: []Remedy{{Title: "Mend the page that brings the worker process down", Steps: []string{
			"The rows of HTTPERR name the pages; the same page in many of them is the suspect.",
			"Take out of it the component or script that fails, one at a time, or put the application into a pool of its own until it is mended.",
			"Install what the maker of the component offers as a correction; the exit code in event 1009 (0xc0000005 is an access violation) helps him.",
			"If no page stands out, look for attacks: a request that exploits a weakness ends just like this.",
		}}},
	}
	if n := crashes(p.events(), s); n > 0 {
		f.Message += fmt.Sprintf(" (%s of its worker processes in the event log)", count(n, "failure"))
	} else {
		f.Severity = Warning
	}
	return f
}

// poolKey is the key of a pool, "" for one that the metabase does not have.
func poolKey(t *metabase.Tree, pool string) metabase.Path {
	if k, ok := t.Key(pools.Join(pool)); ok {
		return k.Path()
	}
	return ""
}

// crashes counts the events of failures of a pool's worker processes.
func crashes(events []eventlog.Group, s *poolSetting) (n int) {
	failed := s.eventSign(failures[:]...)
	for _, g := range events {
		if failed(g) {
			n += g.Count
		}
	}
	return n
}
