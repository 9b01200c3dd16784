package server

import "github.com/iisdoctor/iisdoctor/iis"

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

// Unfinished gives the beginnings among the records that have no end: requests
// under way, those that crashed, and those whose line a filter dropped.
func Unfinished(records []Record) (list []Record) {
	ended := map[int]bool{}
	for _, r := range records {
		if r.Kind == W3C && r.Number > 0 {
			ended[r.Number] = true
		}
	}
	for _, r := range records {
		if r.Kind == Begin && !ended[r.Number] {
			list = append(list, r)
		}
	}
	return list
}
