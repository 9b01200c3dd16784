package server

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
)

// Bounds of AppPoolQueueLength and what takes the place of a number beyond them
// (ms524493, cc783070).
const (
	defaultQueue = 1000
	leastQueue   = 10
	mostQueue    = 65535
)

// workerThreads is how many requests of one pool are in its handlers at once. The
// number is inferred; it bounds the threads of one worker process.
const workerThreads = 256

// queue is the queue of one application pool in HTTP.sys. It counts outstanding
// requests, those that wait and those in process (KB816995).
type queue struct {
	limit   int
	resets  bool // LoadBalancerCapabilities 1: a reset stands for 503 (cc757659)
	threads chan struct{}

	sync.Mutex
	outstanding int
}

// queues holds the queues of the pools that were asked so far.
type queues struct {
	sync.Mutex
	byName map[string]*queue
}

// enter counts one more outstanding request. It reports false where there are already
// as many as the queue takes; else leave must be called once, when the request is
// complete.
func (q *queue) enter() bool {
	q.Lock()
	defer q.Unlock()
	if q.outstanding >= q.limit {
		return false
	}
	q.outstanding++
	return true
}

func (q *queue) leave() {
	q.Lock()
	q.outstanding--
	q.Unlock()
}

func (s *Server) queueOf(pool string) *queue {
	s.queues.Lock()
	defer s.queues.Unlock()
	name := strings.ToLower(pool)
	q := s.queues.byName[name]
	if q == nil {
		q = s.newQueue(pool)
		if s.queues.byName == nil {
			s.queues.byName = map[string]*queue{}
		}
		s.queues.byName[name] = q
	}
	return q
}

// newQueue reads the settings in force. In IIS 5.0 isolation mode there are no
// pools, and the defaults hold: inferred.
func (s *Server) newQueue(pool string) *queue {
	q := &queue{limit: defaultQueue, threads: make(chan struct{}, workerThreads)}
	if pool == "" {
		return q
	}
	key := metabase.Path("/LM/W3SVC/AppPools").Join(pool)
	if n, ok := s.tree.Effective(key, "AppPoolQueueLength").Uint(); ok && inQueueRange(uint64(n)) {
		q.limit = int(n)
	}
	n, ok := s.tree.Effective(key, "LoadBalancerCapabilities").Uint()
	q.resets = ok && n == 1
	return q
}

func inQueueRange(n uint64) bool { return n >= leastQueue && n <= mostQueue }

// queueEvents are the events that the start of the service writes for queue
// lengths out of range (1041, cc735211 for the words, ms524493 for the event).
func (s *Server) queueEvents() (events []Record) {
	const pools = metabase.Path("/LM/W3SVC/AppPools")
	for pool := range s.tree.Children(pools) {
		n, ok := pool.Effective("AppPoolQueueLength").Uint()
		if !ok || inQueueRange(uint64(n)) {
			continue
		}
		events = append(events, s.event("Warning", "W3SVC", 1041, fmt.Sprintf(
			"The 'AppPool' '%s' failed range validation for property 'AppPoolQueueLength'. The configured value '%d' is outside of the range '%d' to '%d'. The value will default to '%d'.",
			pool.Path().Name(), n, leastQueue, mostQueue, defaultQueue)))
	}
	return events
}

// await gives the request a thread of its pool's worker process; release gives it
// back. Where all are taken it waits, at most the connection's time-out: the
// connection is then reset (Timer_AppPool, cc759448). It reports false where the
// request is over: the line is written and the connection ended.
func (c *conn) await(q *queue, h *head, out *iis.Outcome) bool {
	select {
	case q.threads <- struct{}{}:
		return true
	default:
	}
	gone := c.watch()
	timer := time.NewTimer(c.server.clock.real(c.timeout()))
	defer timer.Stop()
	for {
		select {
		case q.threads <- struct{}{}:
			c.unwatch(gone)
			return true
		case err := <-gone:
			gone = nil
			if err == nil || err == io.EOF { // the next request, or a client that only listens now
				continue
			}
			if !errors.Is(err, net.ErrClosed) {
				c.lost(reasonReset, h, out)
			}
			return false
		case <-timer.C:
			c.unwatch(gone)
			c.lost(reasonQueue, h, out)
			return false
		case <-c.server.conns.ended:
			c.unwatch(gone)
			return false
		}
	}
}

func (q *queue) release() { <-q.threads }

// watch reads on while the request waits, to see whether the client is still there.
// What it reads stays in the buffer.
func (c *conn) watch() chan error {
	c.readUntil(time.Time{})
	gone := make(chan error, 1)
	c.server.wait.Go(func() { gone <- c.fill() })
	return gone
}

// unwatch ends watch; only then may the connection be read by others.
func (c *conn) unwatch(gone chan error) {
	if gone == nil {
		return
	}
	c.readUntil(time.Unix(1, 0))
	<-gone
}
