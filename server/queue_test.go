package server

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const interim = "HTTP/1.1 100 Continue\r\n\r\n"

// holdOpen sends requests that stay in process: their bodies do not come. finish
// sends the bodies and gives how many were answered 200.
func holdOpen(t *testing.T, srv *Server, n int) (finish func() int) {
	t.Helper()
	var all []net.Conn
	for range n {
		c := dial(t, srv, 80)
		io.WriteString(c, "POST /type.asp HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\n")
		if _, err := io.ReadFull(c, make([]byte, len(interim))); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return func() (ok int) {
		for _, c := range all {
			io.WriteString(c, "x")
			b, _ := io.ReadAll(c)
			if strings.HasPrefix(string(b), served) {
				ok++
			}
		}
		return ok
	}
}

// TestQueueFull: AppPoolQueueLength counts requests that wait and those in process
// (KB816995); one more is 503 QueueFull in the HTTP error log alone (cc736325). As
// soon as one is complete, the next is served.
func TestQueueFull(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{pool: `AppPoolQueueLength="10"`}), Options{})
	finish := holdOpen(t, srv, 9)
	if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, served) {
		t.Errorf("the tenth: %q", got)
	}
	tenth := holdOpen(t, srv, 1)
	if got := get(t, srv, "/hello.txt"); got != noService {
		t.Errorf("the eleventh: %q", got)
	}
	waitLine(t, srv, " 80 HTTP/1.1 GET /hello.txt 503 1 QueueFull DefaultAppPool")
	if n := tenth(); n != 1 {
		t.Error("a request in process is not answered")
	}
	if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, served) {
		t.Errorf("after one is complete: %q", got)
	}
	if n := finish(); n != 9 {
		t.Errorf("%d of 9 requests in process were answered", n)
	}
}

// TestQueueReset: with LoadBalancerCapabilities 1 a full queue resets (cc757659).
func TestQueueReset(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{pool: `AppPoolQueueLength="10" LoadBalancerCapabilities="1"`}), Options{})
	finish := holdOpen(t, srv, 10)
	askReset(t, srv, "/hello.txt")
	waitLine(t, srv, " 80 HTTP/1.1 GET /hello.txt 503 1 QueueFull DefaultAppPool")
	finish()
}

// TestQueueLength: 10 to 65535 (ms524493); any other number is replaced by 1000 and
// leaves event 1041, whose words are those of cc735211.
func TestQueueLength(t *testing.T) {
	const event = `The 'AppPool' 'DefaultAppPool' failed range validation for property 'AppPoolQueueLength'. The configured value 'N' is outside of the range '10' to '65535'.`
	for _, row := range []struct {
		pool  string
		limit int
		value string
	}{
		{``, 1000, ""},
		{`AppPoolQueueLength="10"`, 10, ""},
		{`AppPoolQueueLength="9"`, 1000, "9"},
		{`AppPoolQueueLength="65535"`, 65535, ""},
		{`AppPoolQueueLength="65536"`, 1000, "65536"},
		{`AppPoolQueueLength="0"`, 1000, "0"},
	} {
		srv := start(t, snapshotOf(t, evidence{pool: row.pool}), Options{})
		if n := srv.queueOf("defaultapppool").limit; n != row.limit {
			t.Errorf("%s: %d requests, want %d", row.pool, n, row.limit)
		}
		events := logLines(srv, Event)
		want := strings.Replace(event, "N", row.value, 1)
		if row.value == "" && len(events) > 0 || row.value != "" && (len(events) != 1 || !strings.Contains(events[0], `"1041"`) || !strings.Contains(events[0], want)) {
			t.Errorf("%s: events %q", row.pool, events)
		}
	}
}

// busy takes all threads of the default pool's worker process.
func busy(srv *Server) (release func()) {
	q := srv.queueOf("DefaultAppPool")
	for range cap(q.threads) {
		q.threads <- struct{}{}
	}
	return func() {
		for range cap(q.threads) {
			<-q.threads
		}
	}
}

// TestAppPoolTimer: a request that waits in the queue for longer than
// ConnectionTimeout is reset with Timer_AppPool (cc759448).
func TestAppPoolTimer(t *testing.T) {
	srv, err := Start(snapshotOf(t, evidence{service: `ConnectionTimeout="60"`}), Options{Speed: 1000})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	defer busy(srv)()
	begun := srv.clock.Now()
	askReset(t, srv, "/hello.txt")
	if passed := srv.clock.Now().Sub(begun); passed < 60*time.Second {
		t.Errorf("reset after %v of the server's time, want 60 seconds", passed)
	}
	waitLine(t, srv, " 80 HTTP/1.1 GET /hello.txt - 1 Timer_AppPool DefaultAppPool")
}

// TestWaiting: a request that waits is answered once a thread is free, whatever the
// client sends meanwhile; a client that resets leaves Client_Reset (KB820729).
func TestWaiting(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{}), Options{})
	release := busy(srv)
	c := dial(t, srv, 80)
	io.WriteString(c, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
	silent := dial(t, srv, 80)
	io.WriteString(silent, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
	silent.(*net.TCPConn).CloseWrite()
	gone := dial(t, srv, 80)
	io.WriteString(gone, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
	time.Sleep(20 * time.Millisecond)
	io.WriteString(c, "GET /nothing.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	gone.(*net.TCPConn).SetLinger(0)
	gone.Close()
	waitLine(t, srv, " 80 HTTP/1.1 GET /hello.txt - 1 Client_Reset DefaultAppPool")
	release()
	r := bufio.NewReader(c)
	for _, want := range []string{served, missing} {
		if got, err := readAnswer(r, false); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	if b, _ := io.ReadAll(silent); !strings.HasPrefix(string(b), served) {
		t.Errorf("a client that only listens got %q", b)
	}
}

// TestCloseWhileWaiting: Close does not wait for requests in a queue that nobody
// empties.
func TestCloseWhileWaiting(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{}), Options{})
	defer busy(srv)()
	for range 3 {
		io.WriteString(dial(t, srv, 80), "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
	}
	silent := dial(t, srv, 80)
	io.WriteString(silent, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
	silent.(*net.TCPConn).CloseWrite()
	waitUnder(t, srv, 4)
	if e, err := srv.Drain(10*time.Millisecond, nil); err != nil || e.Cut != 4 || e.Answered != 0 {
		t.Errorf("%+v, %v; want the four cut", e, err)
	}
}

// TestConnLimit: MaxConnections counts the connections of a site; a request on one
// more is 503 ConnLimit (KB820729; published notes of K. Gafvert for 503).
func TestConnLimit(t *testing.T) {
	const other = `<IIsWebServer	Location ="/LM/W3SVC/2" ServerBindings=":80:other.contoso.com"></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/2/ROOT" Path="C:\site"></IIsWebVirtualDir>
`
	srv := start(t, snapshotOf(t, evidence{site: `MaxConnections="2"`, keys: other}), Options{})
	const request = "GET /hello.txt HTTP/1.1\r\nHost: www.contoso.com\r\n\r\n"
	var open []net.Conn
	for range 2 {
		c := dial(t, srv, 80)
		for range 2 { // a connection counts once
			io.WriteString(c, request)
			if got, err := readAnswer(bufio.NewReader(c), false); err != nil || !strings.HasPrefix(got, served) {
				t.Fatalf("got %q, %v", got, err)
			}
		}
		open = append(open, c)
	}
	if got := get(t, srv, "/hello.txt"); got != noService {
		t.Errorf("the third connection: %q", got)
	}
	waitLine(t, srv, " 80 HTTP/1.1 GET /hello.txt 503 1 ConnLimit DefaultAppPool")
	if got := ask(t, srv, "GET /hello.txt HTTP/1.1\r\nHost: other.contoso.com\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, served) {
		t.Errorf("the other site: %q", got)
	}
	io.WriteString(open[0], "GET /hello.txt HTTP/1.1\r\nHost: other.contoso.com\r\n\r\n") // counts there now
	readAnswer(bufio.NewReader(open[0]), false)
	if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, served) {
		t.Errorf("after one connection went to the other site: %q", got)
	}
}

// TestConnLimitValues: absent and 4294967295 limit nothing.
func TestConnLimitValues(t *testing.T) {
	for site, want := range map[string]uint32{"": 0, `MaxConnections="4294967295"`: 0, `MaxConnections="1"`: 1, `MaxConnections="0"`: 0} {
		srv := newServer(snapshotOf(t, evidence{site: site}), Options{})
		if n := srv.siteOf("/LM/W3SVC/1").limit; n != want {
			t.Errorf("%s: %d, want %d", site, n, want)
		}
	}
}

// TestQueueLoad: a queue under load answers every request, with 200 or with 503,
// and counts down to nothing.
func TestQueueLoad(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{pool: `AppPoolQueueLength="10"`}), Options{})
	srv.queueOf("DefaultAppPool").threads = make(chan struct{}, 1)
	var all sync.WaitGroup
	var mu sync.Mutex
	counts := map[string]int{}
	for range 40 {
		all.Go(func() {
			for range 10 {
				c, err := srv.Dial("", 80)
				if err != nil {
					t.Error(err)
					return
				}
				io.WriteString(c, path("/page.asp"))
				b, err := io.ReadAll(c)
				c.Close()
				if errors.Is(err, syscall.ECONNRESET) {
					t.Error(err)
				}
				mu.Lock()
				counts[strings.SplitN(string(b), "\r\n", 2)[0]]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	full := counts["HTTP/1.1 503 Service Unavailable"]
	if counts["HTTP/1.1 200 OK"]+full != 400 || counts["HTTP/1.1 200 OK"] == 0 {
		t.Errorf("answers: %v", counts)
	}
	srv.Close()
	if n := len(logLines(srv, HTTPERR)); n != full {
		t.Errorf("%d lines for %d refused requests", n, full)
	}
	if n := srv.queueOf("DefaultAppPool").outstanding; n != 0 {
		t.Errorf("%d requests are left in the queue", n)
	}
}
