package server

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// holdScript makes a page run until finish: it reads a body whose end does not come.
func holdScript(t *testing.T, srv *Server) (finish func() string) {
	t.Helper()
	c := dial(t, srv, 80)
	fmt.Fprintf(c, "POST /read.asp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", readAhead+1, strings.Repeat("x", readAhead))
	return func() string {
		io.WriteString(c, "x")
		b, _ := io.ReadAll(c)
		_, _, body := parts(string(b))
		return body
	}
}

// running waits until so many pages run and so many wait.
func running(t *testing.T, srv *Server, run, wait int) {
	t.Helper()
	got := ""
	for range 400 {
		p := srv.poolOf("DefaultAppPool")
		srv.pools.Lock()
		for _, w := range p.processes {
			w.scripts.Lock()
			got = fmt.Sprint(len(w.scripts.threads), " run, ", w.scripts.waiting, " wait")
			w.scripts.Unlock()
		}
		srv.pools.Unlock()
		if got == fmt.Sprint(run, " run, ", wait, " wait") {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s, want %d and %d", got, run, wait)
}

const readPage = `<%= Len(Request.BinaryRead(Request.TotalBytes)) %>`

// TestScriptQueue: beyond AspRequestQueueMax a page is HTTP 500 "Server Too Busy"
// (ms525044, cc783366); static files are served on, and pages as well as soon as one
// that ran is done. The substatus 13 is that of KB318380, inferred for this case.
func TestScriptQueue(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{service: `AspProcessorThreadMax="1" AspRequestQueueMax="1"`,
		content: map[string][]byte{"C/site/read.asp": []byte(readPage)}}), Options{})
	first := holdScript(t, srv)
	running(t, srv, 1, 0)
	waiting := make(chan string, 1)
	go func() { waiting <- ask(t, srv, path("/type.asp")) }()
	running(t, srv, 1, 1)
	status, _, body := parts(get(t, srv, "/type.asp"))
	if status != "HTTP/1.1 500 Server Too Busy" || !strings.Contains(body, "Server Too Busy") {
		t.Errorf("beyond the queue: %s %q", status, body)
	}
	if all := logLines(srv, W3C); len(all) != 1 || !strings.HasSuffix(all[0], "GET /type.asp - 80 - 192.0.2.1 - 500 13 0") {
		t.Errorf("log %q", all)
	}
	if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, served) {
		t.Errorf("a static file: %q", got)
	}
	if got := first(); got != fmt.Sprint(readAhead+1) {
		t.Errorf("the page that ran: %q", got)
	}
	if got := <-waiting; !strings.HasPrefix(got, served) {
		t.Errorf("the page that waited: %q", got)
	}
	if got := get(t, srv, "/type.asp"); !strings.HasPrefix(got, served) {
		t.Errorf("afterwards: %q", got)
	}
}

// TestScriptQueueSettings: defaults 25 and 3000 (MBSchema.xml, ms525044). IIS honours
// the service's value, not a site's (ms525044), and the pool's (cc783366).
func TestScriptQueueSettings(t *testing.T) {
	for _, row := range []struct {
		name          string
		evidence      evidence
		threads, most int
		patient       time.Duration
	}{
		{"nothing set", evidence{}, 25, 3000, 0},
		{"at the service", evidence{service: `AspProcessorThreadMax="4" AspRequestQueueMax="7" AspQueueTimeout="30"`}, 4, 7, 30 * time.Second},
		{"at the pool", evidence{service: `AspRequestQueueMax="7"`, pool: `AspRequestQueueMax="8"`}, 25, 8, 0},
		{"at the site", evidence{site: `AspRequestQueueMax="7"`}, 25, 3000, 0},
		{"unlimited time", evidence{service: `AspQueueTimeout="4294967295"`}, 25, 3000, 0},
		{"no queue", evidence{service: `AspRequestQueueMax="0"`}, 25, 0, 0},
		{"no thread: inferred", evidence{service: `AspProcessorThreadMax="0"`}, 25, 3000, 0},
	} {
		q := newServer(snapshotOf(t, row.evidence), Options{}).newScriptQueue("DefaultAppPool")
		if cap(q.threads) != row.threads || q.most != row.most || q.patient != row.patient {
			t.Errorf("%s: %d, %d, %v", row.name, cap(q.threads), q.most, q.patient)
		}
	}
}

// TestScriptQueueTimeout: a page that waited for longer than AspQueueTimeout is
// rejected when its turn comes (cc756838).
func TestScriptQueueTimeout(t *testing.T) {
	c := &clock{now: at}
	srv := start(t, snapshotOf(t, evidence{service: `AspProcessorThreadMax="1" AspQueueTimeout="30"`,
		content: map[string][]byte{"C/site/read.asp": []byte(readPage)}}), Options{Now: c.Now})
	first := holdScript(t, srv)
	running(t, srv, 1, 0)
	waiting := make(chan string, 1)
	go func() { waiting <- ask(t, srv, path("/type.asp")) }()
	running(t, srv, 1, 1)
	c.add(31 * time.Second)
	first()
	if got := <-waiting; !strings.HasPrefix(got, "HTTP/1.1 500 Server Too Busy\r\n") {
		t.Errorf("got %q", got)
	}
}

// TestScriptQueueCloses: Close does not wait for pages in the queue.
func TestScriptQueueCloses(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{service: `AspProcessorThreadMax="1"`,
		content: map[string][]byte{"C/site/read.asp": []byte(readPage)}}), Options{})
	holdScript(t, srv)
	running(t, srv, 1, 0)
	c := dial(t, srv, 80)
	io.WriteString(c, path("/type.asp"))
	running(t, srv, 1, 1)
	srv.Close()
	if b, _ := io.ReadAll(c); strings.Contains(string(b), " 200 ") { // the refusal may still go out
		t.Errorf("the page ran: %q", b)
	}
	if _, err := net.Dial("tcp", srv.Endpoints()[0].Addr); err == nil {
		t.Error("still listening")
	}
}
