package server

import (
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/iisdoctor/iisdoctor/source"
)

// process is one worker process. A request belongs to the process that took it;
// what it keeps in memory ends with it.
type process struct {
	pool    *pool
	pid     int
	started time.Time
	checked time.Time // up to when the schedule of recycling was looked at
	dead    atomic.Bool

	sync.Mutex
	taken   int       // requests so far
	active  int       // requests under way
	used    time.Time // when the last request ended
	retired bool      // a newer process takes the requests
	ended   bool
	apps    map[string]*application   // by key of the starting point, folded
	bytes   int64                     // kept for applications
	secret  [32]byte                  // proves the IDs of sessions
	cache   map[string]source.WinPath // static files by upper-cased path
	filters map[string]bool           // sites whose filters were loaded, by key, folded
	scripts *scriptQueue
}

// start makes a worker process of the pool; the caller holds the lock of the pools.
func (s *Server) start(p *pool) *process {
	s.pools.pid += 4
	now := s.options.Now()
	w := &process{pool: p, pid: 1200 + s.pools.pid, started: now, checked: now, used: now,
		apps: map[string]*application{}, cache: map[string]source.WinPath{}, filters: map[string]bool{}, scripts: s.newScriptQueue(p.name)}
	rand.Read(w.secret[:])
	p.processes = append(p.processes, w)
	return w
}

// enter finds the worker process that takes a request, starting one on demand. off
// tells that the pool is turned off: closed says why.
func (s *Server) enter(p *pool) (w *process, off bool) {
	now := s.options.Now()
	s.sweep(now)
	s.pools.Lock()
	endings := p.endings(now) // the limits of requests and memory count at once
	if off = p.off || p.cpu.shut(now); !off {
		w = s.next(p)
	}
	s.pools.Unlock()
	for _, e := range endings {
		s.end(e)
	}
	if off {
		return nil, true
	}
	w.Lock()
	w.taken++
	w.active++
	w.Unlock()
	return w, false
}

// next takes the processes of a web garden in turn, the first time by starting
// them. That IIS takes them in turn is inferred.
func (s *Server) next(p *pool) *process {
	if len(p.processes) < p.garden {
		return s.start(p)
	}
	p.turn++
	return p.processes[p.turn%len(p.processes)]
}

// leave ends a request inside its process.
func (s *Server) leave(w *process) {
	w.Lock()
	w.active--
	w.used = s.options.Now()
	over := w.retired && w.active == 0
	w.Unlock()
	if over {
		s.shutDown(w, s.options.Now())
	}
}

// retire takes a process out of its pool: new requests go to another one, those
// under way are finished first. The caller holds the lock of the pools.
func (p *pool) retire(w *process) {
	for i, other := range p.processes {
		if other == w {
			p.processes = append(p.processes[:i:i], p.processes[i+1:]...)
			break
		}
	}
	w.Lock()
	w.retired = true
	w.Unlock()
}

// shutDown ends a process in order: its applications end, and with them their
// sessions (Session_OnEnd and Application_OnEnd run).
func (s *Server) shutDown(w *process, at time.Time) {
	w.Lock()
	again := w.ended
	w.ended = true
	apps := w.apps
	w.apps = map[string]*application{}
	w.Unlock()
	if again || w.dead.Load() {
		return
	}
	s.endApplications(apps, at)
}

// identity is the account that the pool's processes run as.
func (s *Server) identity(pool string) string {
	account, _ := s.model.Identity(pool)
	return account
}

// requested is the text of an event about recycling.
func (w *process) requested(why string) string {
	return fmt.Sprintf("A worker process with process id of '%d' serving application pool '%s' has requested a recycle because %s", w.pid, w.pool.name, why)
}
