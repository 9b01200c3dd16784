package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// tally is what clients saw, or what logs tell.
type tally struct {
	served  int // answers of worker processes
	refused int // answers of HTTP.sys
	lost    int // requests whose connection ended without an answer
}

func (a *tally) add(b tally) {
	a.served, a.refused, a.lost = a.served+b.served, a.refused+b.refused, a.lost+b.lost
}

// loadRequests with the status that each must have; "" may only be lost, as its page
// brings the worker process down.
var loadRequests = []struct{ text, status, body string }{
	{"GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n", "200", "hello"},
	{"GET /hello.txt?a=1 HTTP/1.1\r\nHost: www.contoso.com\r\nCookie: a=b\r\n\r\n", "200", "hello"},
	{"GET /hello.txt HTTP/1.1\r\nHost: x\r\nRange: bytes=1-3\r\n\r\n", "206", "ell"},
	{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200", "<p>welcome</p>"},
	{"HEAD /big.gif HTTP/1.1\r\nHost: x\r\n\r\n", "200", ""},
	{"GET /type.asp HTTP/1.1\r\nHost: x\r\n\r\n", "200", "x"},
	{"POST /type.asp HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=b", "200", "x"},
	{"POST /type.asp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n", "200", "x"},
	{"GET /none.txt HTTP/1.1\r\nHost: x\r\n\r\n", "404", "*"},
	{"GET /data.json HTTP/1.1\r\nHost: x\r\n\r\n", "404", "*"},
	{"GET /noread/a.htm HTTP/1.1\r\nHost: x\r\n\r\n", "403", "*"},
	{"GET /crash.asp HTTP/1.1\r\nHost: x\r\n\r\n", "", ""},
}

const loadRefused = "GET /hello.txt HTTP/1.1\r\n\r\n" // without Host

// client sends n requests, some of them several at once, and counts what comes back.
func loadClient(srv *Server, r *rand.Rand, n int) (seen tally, err error) {
	var c net.Conn
	var in *bufio.Reader
	for n > 0 {
		if c == nil {
			if c, err = srv.Dial("", 80); err != nil {
				return seen, err
			}
			c.SetDeadline(time.Now().Add(60 * time.Second))
			in = bufio.NewReader(c)
		}
		batch := min(n, 1+r.IntN(3))
		n -= batch
		keep, err := sendBatch(c, in, r, batch, &seen)
		if err != nil {
			return seen, err
		}
		if !keep {
			c.Close()
			c = nil
		}
	}
	if c != nil {
		c.Close()
	}
	return seen, nil
}

// sendBatch reports whether the connection can carry more.
func sendBatch(c net.Conn, in *bufio.Reader, r *rand.Rand, batch int, seen *tally) (keep bool, err error) {
	if r.IntN(20) == 0 {
		return false, refusedOnce(c, in, seen)
	}
	var picks []int
	text := ""
	for range batch {
		i := r.IntN(len(loadRequests))
		if loadRequests[i].status == "" && r.IntN(8) > 0 {
			i = 0
		}
		picks, text = append(picks, i), text+loadRequests[i].text
	}
	if _, err := io.WriteString(c, text); err != nil {
		return false, fmt.Errorf("sending %q: %w", text, err)
	}
	for _, i := range picks {
		want := &loadRequests[i]
		answer, err := readAnswer(in, strings.HasPrefix(want.text, "HEAD"))
		if answer == "" && err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			seen.lost++
			return false, nil
		}
		status, _, body := parts(answer)
		if err != nil || !strings.HasPrefix(status, "HTTP/1.1 "+want.status) || want.status == "" || want.body != "*" && body != want.body {
			return false, fmt.Errorf("%q is answered %q: %v", want.text, answer, err)
		}
		seen.served++
	}
	return true, nil
}

func refusedOnce(c net.Conn, in *bufio.Reader, seen *tally) error {
	if _, err := io.WriteString(c, loadRefused); err != nil {
		return err
	}
	if answer, err := readAnswer(in, false); err != nil || !strings.HasPrefix(answer, "HTTP/1.1 400 ") {
		return fmt.Errorf("%q is answered %q: %v", loadRefused, answer, err)
	}
	seen.refused++
	return nil
}

// logged counts lines of logs.
func logged(w3c, httperr []string) (n tally) {
	n.served = len(w3c)
	for _, line := range httperr {
		if strings.Contains(line, " "+reasonAbandoned+" ") {
			n.lost++
		} else {
			n.refused++
		}
	}
	return n
}

// fileLines are the lines below a folder's logs of one kind, without directives.
func fileLines(t *testing.T, pattern string) (lines []string) {
	t.Helper()
	names, _ := filepath.Glob(pattern)
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if !strings.HasPrefix(line, "#") {
				lines = append(lines, strings.TrimRight(line, "\r\n"))
			}
		}
	}
	return lines
}

// TestLoad: under load, while pages crash and worker processes are recycled, every
// answer is right and leaves its line, every request that a crash takes leaves its
// line in the HTTP error log, and nothing is left behind.
func TestLoad(t *testing.T) {
	const clients, requests = 24, 250
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors()
	folder := t.TempDir()
	var answers, recycled tally
	srv := start(t, fixture(t, "", `RapidFailProtection="FALSE" PeriodicRestartRequests="40" LogEventOnRecycle="AppPoolRecycleRequests"`),
		Options{Faults: true, Logs: folder, OnAnswer: func(a Answer) {
			switch {
			case a.Status == "":
				answers.lost++
			case a.Line.Kind == HTTPERR:
				answers.refused++
			default:
				answers.served++
			}
		}})
	var seen tally
	var lock sync.Mutex
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			n, err := loadClient(srv, rand.New(rand.NewPCG(4, uint64(i))), requests)
			if err != nil {
				t.Error(err)
			}
			lock.Lock()
			seen.add(n)
			lock.Unlock()
		})
	}
	all.Wait()
	inMemory := logged(logLines(srv, W3C), logLines(srv, HTTPERR))
	for _, line := range logLines(srv, Event) {
		if strings.Contains(line, textRequests) {
			recycled.served++
		} else if strings.Contains(line, `"1009"`) {
			recycled.lost++
		}
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	inFiles := logged(fileLines(t, filepath.Join(folder, "W3SVC1", "*.log")), fileLines(t, filepath.Join(folder, "HTTPERR", "*.log")))
	if seen != inMemory || seen != inFiles {
		t.Errorf("clients saw %+v, the logs hold %+v, the files %+v", seen, inMemory, inFiles)
	}
	if answers.served != seen.served || answers.refused != seen.refused {
		t.Errorf("clients saw %+v, the server says %+v", seen, answers)
	}
	if seen.served < clients*requests/2 || seen.refused == 0 || seen.lost == 0 || recycled.served == 0 || recycled.lost == 0 {
		t.Errorf("not much of a load: %+v, processes recycled %d, crashed %d", seen, recycled.served, recycled.lost)
	}
	left(t, goroutines, descriptors)
}

// openDescriptors counts the open files of this process, 0 where the system does not
// tell.
func openDescriptors() int {
	list, _ := os.ReadDir("/proc/self/fd")
	return len(list)
}

// left waits until no more goroutines and descriptors are there than before.
func left(t *testing.T, goroutines, descriptors int) {
	t.Helper()
	n, d := 0, 0
	for range 400 {
		if n, d = runtime.NumGoroutine(), openDescriptors(); n <= goroutines && d <= descriptors {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines, before %d; %d descriptors, before %d\n%s", n, goroutines, d, descriptors, stacks[:runtime.Stack(stacks, true)])
}

// TestAborts: clients that leave at any moment leave nothing behind, and the server
// goes on.
func TestAborts(t *testing.T) {
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors()
	srv := start(t, fixture(t, `AspAllowSessionState="TRUE"`, `RapidFailProtection="FALSE"`), Options{Faults: true})
	var all sync.WaitGroup
	for i, text := range []string{
		"", "\r\n", "GET", "GET /hello.txt HTTP/1.1\r\nHost: x\r\n", "GET /big.gif HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST /type.asp HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc",
		"POST /type.asp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc",
		"POST /type.asp HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
		"GET /crash.asp HTTP/1.1\r\nHost: x\r\n\r\nGET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n",
		strings.Repeat("GET /big.gif HTTP/1.1\r\nHost: x\r\n\r\n", 20), "\x16\x03\x01\x00\xff",
	} {
		for k := range 20 {
			all.Go(func() {
				c, err := srv.Dial("", 80)
				if err != nil {
					t.Error(err)
					return
				}
				io.WriteString(c, text)
				if (i+k)%2 == 0 {
					c.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
					io.CopyN(io.Discard, c, 100)
				}
				if k%3 == 0 {
					c.(*net.TCPConn).SetLinger(0) // a reset instead of an end
				}
				c.Close()
			})
		}
	}
	all.Wait()
	answer := ""
	for range 20 { // a process that still crashes takes requests with it
		c, err := srv.Dial("", 80)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n")
		answer, err = readAnswer(bufio.NewReader(c), false)
		c.Close()
		if err == nil {
			break
		}
	}
	if !strings.HasPrefix(answer, "HTTP/1.1 200 OK") || !strings.HasSuffix(answer, "hello") {
		t.Errorf("afterwards: %q", answer)
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	left(t, goroutines, descriptors)
}

// TestManyAddresses: the number of listeners is bounded; the lowest ports are served.
func TestManyAddresses(t *testing.T) {
	var bindings strings.Builder
	for i := range MaxEndpoints + 10 {
		fmt.Fprintf(&bindings, "10.0.%d.%d:443:\n", i/200, 1+i%200)
	}
	srv := start(t, fixture(t, `SecureBindings="`+strings.TrimSpace(bindings.String())+`"`, ""), Options{})
	if n := len(srv.Endpoints()); n != MaxEndpoints {
		t.Errorf("%d endpoints", n)
	}
	if status, _, _ := parts(get(t, srv, "/hello.txt")); status != "HTTP/1.1 200 OK" {
		t.Errorf("port 80: %s", status)
	}
}
