package server

import (
	"maps"
	"slices"

	"github.com/iisdoctor/iisdoctor/iis"
)

// logBegin writes the line of a request's beginning where Options.BeginLog asks for
// it, and gives its number. A request that crashes or never ends has no line of its
// own in the log (Gerhards, IIS Workflow); this one shows that it came.
func (s *Server) logBegin(p *plan, out *iis.Outcome) int {
	if !s.options.BeginLog {
		return 0
	}
	n := int(s.begins.Add(1))
	ip := out.Request.IP
	if ip == iis.AnyAddress {
		ip = ""
	}
	r := s.w3cLine(&w3cEntry{plan: p, outcome: out, query: out.Request.Query, serverIP: ip, port: out.Request.Port, host: out.Request.Host, number: n, begin: true})
	if r.Kind != "" {
		r.Kind = Begin
		s.logs.write(r)
	}
	return n
}

// atEnd are the columns that only the end of a request can fill.
const atEnd = 0x400 | 0x200000 | 0x800 | 0x1000 | 0x2000 | 0x4000

// compare keeps the beginnings that have no end yet: requests under way, those that
// crashed, and those whose line a filter dropped.
func (l *logs) compare(r Record) {
	switch {
	case r.Number == 0:
	case r.Kind == W3C:
		delete(l.open, r.Number)
	case r.Kind == Begin && len(l.open) < maxRecords:
		if l.open == nil {
			l.open = map[int]Record{}
		}
		l.open[r.Number] = r
	}
}

// unfinished are the beginnings without an end, in order.
func (l *logs) unfinished() (list []Record) {
	l.Lock()
	defer l.Unlock()
	for _, n := range slices.Sorted(maps.Keys(l.open)) {
		list = append(list, l.open[n])
	}
	return list
}

// Unfinished gives the beginnings among the records that have no end: requests
// under way, those that crashed, and those whose line a filter dropped.
func Unfinished(records []Record) []Record {
	var l logs
	for _, r := range records {
		l.compare(r)
	}
	return l.unfinished()
}
