package server

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// crashCode is the exit code that a crash shows: an access violation.
const crashCode = 0xc0000005

// maxGarden bounds the processes of one pool.
const maxGarden = 64

// pools holds the application pools that were asked so far.
type pools struct {
	sync.Mutex
	byName map[string]*pool
	pid    int
	swept  time.Time // when all of them were last looked through
}

// pool is the state of one application pool.
type pool struct {
	name     string
	protect  bool // RapidFailProtection
	crashMax int
	interval time.Duration

	recycle recycling
	cpu     cpuLimit

	off       bool // rapid-fail protection turned it off
	crashes   []time.Time
	garden    int // MaxProcesses
	turn      int
	processes []*process // those that take requests
}

func (s *Server) poolOf(name string) *pool {
	s.pools.Lock()
	defer s.pools.Unlock()
	p := s.pools.byName[strings.ToLower(name)]
	if p == nil {
		p = s.newPool(name)
		s.pools.byName[strings.ToLower(name)] = p
	}
	return p
}

// newPool reads the settings in force; defaults are RapidFailProtection TRUE, 5
// crashes (ms525633), 5 minutes (ms525610), one process.
func (s *Server) newPool(name string) *pool {
	p := &pool{name: name, protect: true, crashMax: 5, interval: 5 * time.Minute, garden: 1}
	if name == "" { // IIS 5.0 isolation mode has no pools and no rapid-fail protection
		p.protect = false
		return p
	}
	key := metabase.Path("/LM/W3SVC/AppPools").Join(name)
	if on, ok := s.tree.Effective(key, "RapidFailProtection").Bool(); ok {
		p.protect = on
	}
	if n, ok := s.tree.Effective(key, "RapidFailProtectionMaxCrashes").Uint(); ok && n >= 1 && n <= 1<<20 {
		p.crashMax = int(n)
	}
	if n, ok := s.tree.Effective(key, "RapidFailProtectionInterval").Uint(); ok && n >= 1 && n <= 71582 {
		p.interval = time.Duration(n) * time.Minute
	}
	if n, ok := s.tree.Effective(key, "MaxProcesses").Uint(); ok && n >= 1 {
		p.garden = int(min(n, maxGarden))
	}
	p.recycle, p.cpu = s.recycling(key), s.cpuLimit(key)
	return p
}

// crash ends a worker process. It gives the events: 1009 for the process, 1002
// where rapid-fail protection turns the pool off (cc786887). That the interval
// slides is not documented. Every request of the process is lost with it.
func (s *Server) crash(p *pool, w *process) []Record {
	s.pools.Lock()
	defer s.pools.Unlock()
	if w.dead.Swap(true) {
		return nil // another of its requests brought it down first
	}
	p.retire(w)
	if p.name == "" {
		return nil
	}
	events := []Record{s.event("Warning", "W3SVC", 1009, fmt.Sprintf(
		"A process serving application pool '%s' terminated unexpectedly. The process id was '%d'. The process exit code was '0x%x'.",
		p.name, w.pid, crashCode))}
	now := s.options.Now()
	recent := p.crashes[:0]
	for _, at := range p.crashes {
		if now.Sub(at) < p.interval {
			recent = append(recent, at)
		}
	}
	p.crashes = append(recent, now)
	if len(p.crashes) > p.crashMax {
		p.crashes = p.crashes[len(p.crashes)-p.crashMax:]
	}
	if p.protect && len(p.crashes) >= p.crashMax {
		p.off = true
		events = append(events, s.event("Error", "W3SVC", 1002, fmt.Sprintf(
			"Application pool '%s' is being automatically disabled due to a series of failures in the process(es) serving that application pool.",
			p.name)))
	}
	return events
}
