package server

import (
	"time"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// defaultCPUReset is CPUResetInterval where it is not set, in minutes (ms525330).
const defaultCPUReset = 5

// cpuLimit is how much processor time the processes of a pool may take. The time for
// which pages run stands for it, on a server of one processor: both are this model's.
type cpuLimit struct {
	share    float64       // CPULimit of one processor; 0 for none
	kills    bool          // CPUAction 1: the processes are shut down (ms525681)
	interval time.Duration // CPUResetInterval; the times begin anew after it

	begun time.Time // of the interval
	used  time.Duration
	over  bool // the pool is shut down until the interval ends
}

// cpuLimit reads the settings of a pool; CPULimit counts in thousandths of a percent.
func (s *Server) cpuLimit(key metabase.Path) cpuLimit {
	limit, _ := s.written(key, "CPULimit")
	action, _ := s.written(key, "CPUAction")
	minutes, ok := s.written(key, "CPUResetInterval")
	if !ok {
		minutes = defaultCPUReset
	}
	c := cpuLimit{kills: action == 1, interval: time.Duration(minutes) * time.Minute, begun: s.options.Now()}
	if minutes > 0 && minutes <= 1440 && limit <= 100000 {
		c.share = float64(limit) / 100000
	}
	return c
}

// shut reports whether the pool takes no requests for now. The caller holds the lock
// of the pools.
func (c *cpuLimit) shut(now time.Time) bool {
	if c.share > 0 && now.Sub(c.begun) >= c.interval {
		c.begun, c.used, c.over = now, 0, false
	}
	return c.over
}

// burn counts the time that a page ran. Beyond the limit the pool's processes end as
// soon as their requests are done. The event that IIS writes then is not documented.
func (s *Server) burn(w *process, took time.Duration) {
	s.pools.Lock()
	defer s.pools.Unlock()
	c := &w.pool.cpu
	if c.share == 0 || c.shut(s.options.Now()) {
		return
	}
	c.used += took
	if !c.kills || float64(c.used) <= c.share*float64(c.interval) {
		return
	}
	c.over = true
	for _, one := range append([]*process(nil), w.pool.processes...) {
		w.pool.retire(one)
	}
}

// closed is why a pool takes no requests: rapid-fail protection, or the processor time
// that it took (AppShutdown, cc781893).
func (s *Server) closed(p *pool) *refusal {
	s.pools.Lock()
	defer s.pools.Unlock()
	if !p.off && p.cpu.over {
		return appShutdown
	}
	return unavailable
}
