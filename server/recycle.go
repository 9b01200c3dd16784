package server

import (
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// recycling is when a pool replaces its worker processes. Zero is never.
type recycling struct {
	age      time.Duration // PeriodicRestartTime
	idle     time.Duration // IdleTimeout
	requests int           // PeriodicRestartRequests
	schedule []int         // PeriodicRestartSchedule, minutes of the day
	virtual  int64         // PeriodicRestartMemory, bytes
	private  int64         // PeriodicRestartPrivateMemory, bytes
	logged   metabase.Value
}

// Flags of LogEventOnRecycle.
const (
	logTime     = "AppPoolRecycleTime"
	logRequests = "AppPoolRecycleRequests"
	logSchedule = "AppPoolRecycleSchedule"
	logMemory   = "AppPoolRecycleMemory"
	logPrivate  = "AppPoolRecyclePrivateMemory"
)

// Defaults of IIS 6.0 where nothing is set, in minutes (ms525914, MBSchema.xml).
const (
	defaultAge  = 1740
	defaultIdle = 20
)

// recycling reads the settings of a pool. An age below the idle time-out makes both
// revert to their defaults (ms525914).
func (s *Server) recycling(key metabase.Path) recycling {
	number := func(property string, absent uint32) uint32 {
		if n, ok := s.tree.Effective(key, property).Uint(); ok {
			return n
		}
		return absent
	}
	age, idle := number("PeriodicRestartTime", defaultAge), number("IdleTimeout", defaultIdle)
	if age != 0 && age < idle {
		age, idle = defaultAge, defaultIdle
	}
	r := recycling{
		age: time.Duration(age) * time.Minute, idle: time.Duration(idle) * time.Minute,
		requests: int(number("PeriodicRestartRequests", 0)),
		virtual:  int64(number("PeriodicRestartMemory", 0)) << 10,
		private:  int64(number("PeriodicRestartPrivateMemory", 0)) << 10,
		logged:   s.tree.Effective(key, "LogEventOnRecycle"),
	}
	for _, item := range s.tree.Effective(key, "PeriodicRestartSchedule").Items() {
		if t, err := time.Parse("15:04", strings.TrimSpace(item.Text)); err == nil {
			r.schedule = append(r.schedule, t.Hour()*60+t.Minute())
		}
	}
	return r
}

// logs reports whether a kind of recycling leaves an event. Where nothing is set:
// time, memory and private memory (ms525613).
func (r *recycling) logs(flag string) bool {
	if !r.logged.IsSet() {
		return flag == logTime || flag == logMemory || flag == logPrivate
	}
	return r.logged.Has(flag)
}

// ending is why and when a process is to end. The zero reason means that it goes on.
type ending struct {
	process *process
	at      time.Time
	id      int // of the event, 0 for none
	flag    string
	text    string
}

// Texts of 1074 to 1076 are documented for the later events 5074 to 5076 (cc735206,
// dd349270), that of 1077 for this one (KB919790); 1117 follows its pattern.
const (
	textTime     = "the worker process reached its allowed processing time limit."
	textRequests = "it reached its allowed request limit."
	textSchedule = "it reached its scheduled recycle time."
	textVirtual  = "it reached its virtual memory limit."
	textPrivate  = "it reached its private bytes memory limit."
)

// due gives the first reason for which a process had to end by now. The caller
// holds the lock of the pools.
func (w *process) due(now time.Time) (e ending, ok bool) {
	r := &w.pool.recycle
	w.Lock()
	active, used, taken, since := w.active, w.used, w.taken, w.checked
	w.checked = now
	w.Unlock()
	consider := func(at time.Time, id int, flag, text string) {
		if !at.After(now) && (!ok || at.Before(e.at)) {
			e, ok = ending{w, at, id, flag, text}, true
		}
	}
	if r.age > 0 {
		consider(w.started.Add(r.age), 1074, logTime, textTime)
	}
	if r.idle > 0 && active == 0 {
		consider(used.Add(r.idle), 0, "", "") // an idle process ends without an event
	}
	for _, minute := range r.schedule {
		consider(nextAt(since, minute), 1076, logSchedule, textSchedule)
	}
	if r.requests > 0 && taken >= r.requests {
		consider(now, 1075, logRequests, textRequests)
	}
	if held := w.held(); r.virtual > 0 && held >= r.virtual {
		consider(now, 1077, logMemory, textVirtual)
	} else if r.private > 0 && held >= r.private {
		consider(now, 1117, logPrivate, textPrivate)
	}
	return e, ok
}

// nextAt is the next time of day behind a moment, on the server's own clock.
func nextAt(after time.Time, minute int) time.Time {
	year, month, day := after.Date()
	at := time.Date(year, month, day, minute/60, minute%60, 0, 0, after.Location())
	if !at.After(after) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// sweepEvery is how often all pools are looked through at most.
const sweepEvery = time.Second

// sweep carries out what fell due since it was last called: idle processes end, old
// ones are recycled, sessions time out. It runs before a request is taken and
// before the logs are read, so that nothing is late for whoever looks.
func (s *Server) sweep(now time.Time) {
	s.pools.Lock()
	if past := now.Sub(s.pools.swept); past >= 0 && past < sweepEvery {
		s.pools.Unlock()
		return
	}
	s.pools.swept = now
	var endings []ending
	var alive []*process
	for _, p := range s.pools.byName {
		endings = append(endings, p.endings(now)...)
		alive = append(alive, p.processes...)
	}
	s.pools.Unlock()
	for _, e := range endings {
		s.end(e)
	}
	for _, w := range alive {
		s.expire(w, now)
	}
}

// endings takes the processes that are to end out of the pool.
func (p *pool) endings(now time.Time) (list []ending) {
	if p.name == "" {
		return nil // IIS 5.0 isolation mode does not recycle
	}
	for i := 0; i < len(p.processes); {
		e, ok := p.processes[i].due(now)
		if !ok {
			i++
			continue
		}
		p.retire(e.process)
		list = append(list, e)
	}
	return list
}

// end writes the event of an ending and ends the process when its requests are done.
// Sessions that timed out before are ended at their own time.
func (s *Server) end(e ending) {
	s.expire(e.process, e.at)
	if e.id != 0 && e.process.pool.recycle.logs(e.flag) {
		s.logs.write(eventAt(e.at, "Information", "W3SVC", e.id, e.process.requested(e.text)))
	}
	e.process.Lock()
	busy := e.process.active > 0
	e.process.Unlock()
	if !busy {
		s.shutDown(e.process, e.at)
	}
}
