package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// Numbers of MaxConnections: a workstation is held to 10 and never to more than 40; what
// a server writes limits nothing; the number for "many" fits what adsutil takes.
const (
	workstation  = 40
	noLimit      = 1<<32 - 1
	asGoodAsNone = 2000000000
)

// connectionsLimited: a site may hold few connections at a time, as the metabase of a
// workstation says, or its limit was reached by the HTTP error log: 503 ConnLimit
// (KB820729). An absent value says nothing.
func connectionsLimited(p *pass) {
	var found byPlace[setting]
	asked := p.tree.Question("MaxConnections")
	for _, site := range p.tree.Sites() {
		v := asked.Effective(site)
		if n, ok := v.Uint(); !v.IsSet() || !ok || n == 0 || n == noLimit {
			continue
		}
		s, fresh := found.get(v.Span())
		if fresh {
			s.value, s.site = v, site
		}
		s.keys = append(s.keys, site)
	}
	for _, s := range found.order {
		n, _ := s.value.Uint()
		reached := s.limitReached()
		seen := p.inKernelLog(reached)
		if n > workstation && !seen {
			continue
		}
		p.report(s.tooFew(n, seen, reached))
	}
}

// limitReached is a sign in HTTPERR: ConnLimit for one of the sites. Without Service
// Pack 1 the log names no site.
func (s *setting) limitReached() func(weblog.Error) bool {
	return func(e weblog.Error) bool {
		if !strings.EqualFold(e.Reason, "ConnLimit") {
			return false
		}
		for _, site := range s.keys {
			if e.Site == "" || e.Site == site.Path().Name() {
				return true
			}
		}
		return false
	}
}

func (s *setting) tooFew(n uint32, seen bool, reached func(weblog.Error) bool) Finding {
	f := s.finding()
	f.Message = fmt.Sprintf("%s may hold %d connections at a time, as a workstation's IIS does: one more is answered 503", capital(s.place()), n)
	f.Missing = "the HTTP error log (HTTPERR) would show ConnLimit if it happens"
	f.sign.kernel = reached
	to := uint32(asGoodAsNone)
	if seen {
		f.Severity = Error
		f.Message = fmt.Sprintf("%s reached its limit of %d connections at a time: the visitors beyond it were answered 503", capital(s.place()), n)
	}
	if n > workstation {
		to = min(n, asGoodAsNone/2) * 2
	}
	f.Remedies = []Remedy{{
		Title: "Allow more connections",
		Steps: []string{"In IIS Manager: the site's Properties, Performance tab, Web site connections: Unlimited, or a higher number."},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(s.value.Key), Property: s.value.Property, Op: metabase.Set, Value: fmt.Sprint(to)}},
	}}
	return f
}
