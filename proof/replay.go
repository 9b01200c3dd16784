package proof

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/server"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// patience bounds one exchange and the wait for its log line.
const patience = 10 * time.Second

// maxBody bounds what is kept of an answer.
const maxBody = 8 << 20

// Exchange is one step and its answer as they crossed the wire.
type Exchange struct {
	Request Request
	Status  string // "HTTP/1.1 404 Not Found", "" where no answer came
	Header  http.Header
	Body    []byte
	Err     error           // why no answer came
	Answer  *server.Answer  // what the server says of it, nil where it saw none
	All     []Exchange      // of a request that is sent several times, one for each
	Records []server.Record // the log lines and events it left
	Open    []server.Record // beginnings of requests that have no end so far
	Checked []Checked
}

// Checked is an expectation held against the answer.
type Checked struct {
	Expect Expectation
	OK     bool
	Got    string
}

// slower are the parts of the clock's speed at which a section is replayed until all
// is as expected: with a fast clock a busy machine makes clients late that are not.
var slower = [...]float64{1, 4, 10}

// replay takes the steps of a section one after the other. No steps need no server.
func replay(s *snapshot.Snapshot, spec *Spec, steps []Request) (done []Exchange, err error) {
	if len(steps) == 0 {
		return nil, nil
	}
	for _, part := range slower {
		if done, err = replayAt(s, spec, steps, spec.Speed/part); err != nil || spec.Speed == 0 || asExpected(done) {
			break
		}
	}
	return done, err
}

func asExpected(done []Exchange) bool {
	return !slices.ContainsFunc(done, func(x Exchange) bool {
		return slices.ContainsFunc(x.Checked, func(c Checked) bool { return !c.OK })
	})
}

// replayAt starts a server with the snapshot and a clock, and replays the section.
func replayAt(s *snapshot.Snapshot, spec *Spec, steps []Request, speed float64) ([]Exchange, error) {
	c, err := visit(s, spec, speed)
	if err != nil {
		return nil, err
	}
	defer c.close()
	var done []Exchange
	for _, r := range steps {
		x := c.step(r)
		for _, e := range r.Expect {
			x.Checked = append(x.Checked, check(s, &x, e))
		}
		done = append(done, x)
	}
	return done, nil
}

// client is one visitor: no redirects followed, the server's own certificate
// trusted and no other, cookies kept.
type client struct {
	srv     *server.Server
	clock   *clock
	answers chan server.Answer
	seen    int           // records so far
	kept    *connection   // of the requests with keep-alive
	jar     sync.Mutex    // of cookies
	cookies []http.Cookie // in the order in which they were given
}

// visit starts a server for a section, with the speed of its clock.
func visit(s *snapshot.Snapshot, spec *Spec, speed float64) (*client, error) {
	c := &client{clock: newClock(speed), answers: make(chan server.Answer, 4*maxTimes)}
	srv, err := server.Start(s, c.clock.options(server.Options{Faults: true, BeginLog: spec.BeginLog,
		OnAnswer: func(a server.Answer) { c.answers <- a }}))
	c.srv = srv
	return c, err
}

func (c *client) close() {
	if c.kept != nil {
		c.kept.Close()
	}
	c.srv.Close()
}

// step takes one step and gathers what the server wrote meanwhile.
func (c *client) step(r Request) Exchange {
	x := Exchange{Request: r}
	switch {
	case r.URL == "":
		c.clock.wait(r.Wait)
	case r.Parallel:
		x.All = c.together(r)
	case r.Times > 1:
		for range r.Times {
			x.All = append(x.All, c.send(r))
		}
	default:
		x = c.send(r)
	}
	records := c.answered(&x)
	x.Records, c.seen = records[min(c.seen, len(records)):], len(records)
	x.Open = server.Unfinished(records)
	return x
}

// together sends a request several times at once: all connections stand before the
// first one is used.
func (c *client) together(r Request) []Exchange {
	all := make([]Exchange, r.Times)
	var open, done sync.WaitGroup
	open.Add(r.Times)
	for i := range all {
		done.Go(func() {
			x := &all[i]
			x.Request = r
			one, err := c.connect(r)
			open.Done()
			open.Wait()
			if x.Err = err; err == nil {
				x.Err = c.ask(x, one)
				one.Close()
			}
		})
	}
	done.Wait()
	return all
}

// answered finds what the server says of each exchange, and gives its records.
// Whoever has read an answer finds its line (Server.Records); a connection that
// failed below HTTP leaves none, and one that was dropped perhaps a little later.
func (c *client) answered(x *Exchange) []server.Record {
	records := c.srv.Records()
	open := 0
	for _, one := range x.parts() {
		wait := patience
		if one.Err != nil {
			wait = 300 * time.Millisecond
		}
		if r := one.Request; r.URL == "" || r.Method == Connect || one.wasRefused() || one.Err != nil && len(records) > c.seen {
			wait = 0
		}
		a, ok := c.next(wait)
		if !ok {
			open++
		}
		x.claim(a, ok)
	}
	if open > 0 {
		records = c.srv.Records()
	}
	return records
}

// next gives the next answer of the server, waiting for it if need be.
func (c *client) next(wait time.Duration) (server.Answer, bool) {
	select {
	case a := <-c.answers:
		return a, true
	default:
	}
	if wait == 0 {
		return server.Answer{}, false
	}
	select {
	case a := <-c.answers:
		return a, true
	case <-time.After(wait):
		return server.Answer{}, false
	}
}

// claim gives an answer of the server to the first part that shows its status and
// has none yet: those of parallel requests come in any order.
func (x *Exchange) claim(a server.Answer, ok bool) {
	parts := x.parts()
	i := slices.IndexFunc(parts, func(one *Exchange) bool { return one.Answer == nil && one.statusCode() == a.Status.Code() })
	if i < 0 {
		i = slices.IndexFunc(parts, func(one *Exchange) bool { return one.Answer == nil })
	}
	if ok && i >= 0 {
		parts[i].Answer = &a
	}
}

// parts are the exchanges of a step: itself where it is one.
func (x *Exchange) parts() []*Exchange {
	if x.All == nil {
		return []*Exchange{x}
	}
	var all []*Exchange
	for i := range x.All {
		all = append(all, &x.All[i])
	}
	return all
}

// send carries out one request, or holds a connection until the server ends it.
func (c *client) send(r Request) Exchange {
	x := Exchange{Request: r}
	x.Err = c.exchange(&x)
	return x
}

// connect opens a connection to the address that the URL means.
func (c *client) connect(r Request) (*connection, error) {
	target, err := iis.ParseURL("GET", r.URL)
	if err != nil {
		return nil, err
	}
	raw, err := c.srv.DialFrom(r.From, target.IP, target.Port)
	if err != nil {
		return nil, err
	}
	return c.over(raw, target, r.Rate)
}

// wasRefused reports that nobody listens.
func (x *Exchange) wasRefused() bool {
	var op *net.OpError
	return errors.As(x.Err, &op) && op.Op == "dial"
}

// statusCode is the number on the status line, "" where no answer came.
func (x *Exchange) statusCode() string {
	if x.Status == "" {
		return ""
	}
	var proto string
	var code int
	if _, err := fmt.Sscanf(x.Status, "%s %d", &proto, &code); err != nil {
		return ""
	}
	return strconv.Itoa(code)
}
