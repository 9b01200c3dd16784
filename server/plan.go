package server

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
)

// plan is a decision and what the snapshot says about carrying it out. It holds for
// all requests that are alike: neither changes while the server runs.
type plan struct {
	outcome iis.Outcome // its Request is that of the request for which it was made
	site    *site       // nil where no site was found
	pool    *pool
	queue   *queue     // of the application pool
	format  *w3cFormat // of the site's log
	custom  []byte     // HttpCustomHeaders as lines of a head
	folded  string     // the site's key
	closes  bool       // AllowKeepAlive is FALSE
	silent  bool       // nothing is logged for the key
	drops   bool       // a filter keeps its requests out of the log

	rewrites [][]rewriteRule // of filters that change URLs
	whole    atomic.Pointer[wholeHead]
}

// wholeHead is what the head of an answer with a whole file holds before its date.
type wholeHead struct {
	file   *file
	fields []byte
}

// plans remembers what was decided for requests that are alike, in two generations:
// when the young one is full it takes the place of the old one.
type plans struct {
	sync.Mutex
	young, old map[iis.Alike]*plan
}

// Bounds of what is remembered.
const (
	maxPlans    = 2048 // a generation
	longestPlan = 512  // bytes of host and path
)

// plan decides a request, or finds what was decided for one that is alike.
func (s *Server) plan(r *iis.Request) *plan {
	a, ok := s.model.Alike(r)
	if ok = ok && len(a.Host)+len(a.Path)+len(a.Method) <= longestPlan; ok {
		if p := s.plans.find(a); p != nil {
			return p
		}
	}
	out, alike := s.decide(*r)
	p := s.newPlan(out)
	if ok && alike {
		s.plans.keep(a, p)
	}
	return p
}

func (l *plans) find(a iis.Alike) *plan {
	l.Lock()
	defer l.Unlock()
	p := l.young[a]
	if p == nil {
		if p = l.old[a]; p != nil {
			l.add(a, p)
		}
	}
	return p
}

func (l *plans) keep(a iis.Alike, p *plan) {
	l.Lock()
	defer l.Unlock()
	l.add(a, p)
}

func (l *plans) add(a iis.Alike, p *plan) {
	if l.young == nil || len(l.young) >= maxPlans {
		l.old, l.young = l.young, map[iis.Alike]*plan{}
	}
	l.young[a] = p
}

// newPlan reads the settings in force for an outcome.
func (s *Server) newPlan(out iis.Outcome) *plan {
	p := &plan{outcome: out}
	t := &p.outcome.Target
	if t.Site == "" {
		return p
	}
	p.site, p.folded, p.format = s.siteOf(t.Site), t.Site.Fold(), s.format(t.Site)
	if out.Handler == iis.HTTPSys {
		return p
	}
	p.pool, p.queue = s.poolOf(t.Pool), s.queueOf(t.Pool)
	p.closes = s.isFalse(t.Key, "AllowKeepAlive")
	p.silent = p.format.off || s.isTrue(t.Key, "DontLog")
	p.drops, p.rewrites = s.dropsLine(t), s.rewriters(t)
	p.custom = s.customHeaders(t.Key)
	return p
}

// customHeaders are HttpCustomHeaders as lines of a head.
func (s *Server) customHeaders(key metabase.Path) []byte {
	var r response
	for _, item := range s.tree.Effective(key, "HttpCustomHeaders").Items() {
		name, value, ok := strings.Cut(item.Text, ":")
		if !ok || !isFieldName(name) || isFraming(name) {
			continue
		}
		r.add(name, strings.TrimSpace(value))
	}
	return r.fields
}
