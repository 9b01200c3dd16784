package server

import (
	"math"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// Defaults of ASP's own queue where nothing is set (ms525044, and what setup
// writes).
const (
	defaultScripts = 25   // AspProcessorThreadMax, for each processor
	defaultASP     = 3000 // AspRequestQueueMax
)

// scriptQueue is ASP inside one worker process: so many pages run at once, and so
// many more may wait. Another one is told that the server is too busy (ms525044).
type scriptQueue struct {
	threads chan struct{} // one for each page that runs
	most    int           // AspRequestQueueMax
	patient time.Duration // AspQueueTimeout, 0 for no limit

	sync.Mutex
	waiting int
}

// newScriptQueue reads the settings of a pool's processes. They hold for the whole
// process, set at the service (ms525044) or at the pool (cc783366). A server of one
// processor is assumed: no evidence tells how many it has.
func (s *Server) newScriptQueue(pool string) *scriptQueue {
	key := webService
	if pool != "" {
		key = metabase.Path("/LM/W3SVC/AppPools").Join(pool)
	}
	q := &scriptQueue{most: defaultASP}
	threads := defaultScripts
	if n, ok := s.written(key, "AspProcessorThreadMax"); ok && n >= 1 {
		threads = int(min(n, workerThreads))
	}
	if n, ok := s.written(key, "AspRequestQueueMax"); ok {
		q.most = int(min(n, math.MaxInt32))
	}
	if n, ok := s.written(key, "AspQueueTimeout"); ok && n < math.MaxUint32 {
		q.patient = max(1, time.Duration(n)*time.Second)
	}
	q.threads = make(chan struct{}, threads)
	return q
}

// written is a number that the metabase sets. The schema's own default of some
// properties is not what a server does.
func (s *Server) written(key metabase.Path, property string) (uint32, bool) {
	v := s.tree.Effective(key, property)
	n, ok := v.Uint()
	return n, ok && v.IsSet()
}

// enterScripts waits until the page may run. It reports false where the queue is
// full, or where the page waited for longer than AspQueueTimeout, which is looked
// at when its turn comes (cc756838).
func (x *exchange) enterScripts() (leave func(), ok bool) {
	q := x.process.scripts
	leave = func() { <-q.threads }
	select {
	case q.threads <- struct{}{}:
		return leave, true
	default:
	}
	if !q.join() {
		return nil, false
	}
	defer q.part()
	begun := x.options.Now()
	select {
	case q.threads <- struct{}{}:
	case <-x.conns.ended: // the server closes
		return nil, false
	}
	if q.patient > 0 && x.options.Now().Sub(begun) > q.patient {
		leave()
		return nil, false
	}
	return leave, true
}

func (q *scriptQueue) join() bool {
	q.Lock()
	defer q.Unlock()
	if q.waiting >= q.most {
		return false
	}
	q.waiting++
	return true
}

func (q *scriptQueue) part() {
	q.Lock()
	q.waiting--
	q.Unlock()
}

// tooBusy is HTTP 500 "Server Too Busy" (ms525044). That it is 500.13, which
// KB318380 calls "Web server is too busy", and the page of HttpErrors for that is
// inferred.
func (x *exchange) tooBusy() *response {
	r := x.errorPage("500.13")
	r.phrase, r.decided = "Server Too Busy", "ASP request queue"
	return r
}
