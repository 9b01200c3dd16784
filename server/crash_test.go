package server

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// askReset sends a request whose connection the server must reset.
func askReset(t *testing.T, srv *Server, path string) {
	t.Helper()
	c := dial(t, srv, 80)
	io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: www.contoso.com\r\n\r\n")
	b, err := io.ReadAll(c)
	if !errors.Is(err, syscall.ECONNRESET) || len(b) > 0 {
		t.Errorf("%s: got %q, %v; want a reset", path, b, err)
	}
}

// clock is a settable time.
type clock struct {
	sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.now = c.now.Add(d)
}

// serviceUnavailable begins what HTTP.sys answers for a pool that is off (captured).
const serviceUnavailable = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n"

// TestRapidFail: as many crashes as RapidFailProtectionMaxCrashes turn the pool off;
// event texts from cc786887, log reasons from KB820729.
func TestRapidFail(t *testing.T) {
	var answers []Answer
	srv := start(t, fixture(t, "", `RapidFailProtection="TRUE" RapidFailProtectionMaxCrashes="2" RapidFailProtectionInterval="5"`),
		Options{Faults: true, OnAnswer: func(a Answer) { answers = append(answers, a) }})
	askReset(t, srv, "/crash.asp")
	if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") {
		t.Fatalf("after one crash: %q", got)
	}
	askReset(t, srv, "/crash.asp")
	want := kernel("503 Service Unavailable", "<h1>Service Unavailable</h1>", 28)
	for range 2 {
		if got := get(t, srv, "/hello.txt"); got != want {
			t.Fatalf("after two crashes: %q", got)
		}
	}
	events := []string{
		`"Warning","1009",TIME,"W3SVC","SERVER","None","N/A","A process serving application pool 'DefaultAppPool' terminated unexpectedly. The process id was '1204'. The process exit code was '0xc0000005'."`,
		`"Warning","1009",TIME,"W3SVC","SERVER","None","N/A","A process serving application pool 'DefaultAppPool' terminated unexpectedly. The process id was '1208'. The process exit code was '0xc0000005'."`,
		`"Error","1002",TIME,"W3SVC","SERVER","None","N/A","Application pool 'DefaultAppPool' is being automatically disabled due to a series of failures in the process(es) serving that application pool."`,
	}
	written := logLines(srv, Event)
	for i, line := range written {
		written[i] = regexp.MustCompile(`"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"`).ReplaceAllString(line, "TIME")
	}
	if diff := cmp.Diff(events, written); diff != "" {
		t.Error(diff)
	}
	suffixes := []string{
		" 80 HTTP/1.1 GET /crash.asp - 1 Connection_Abandoned_By_AppPool DefaultAppPool",
		" 80 HTTP/1.1 GET /crash.asp - 1 Connection_Abandoned_By_AppPool DefaultAppPool",
		" 80 HTTP/1.1 GET /hello.txt 503 1 AppOffline DefaultAppPool",
		" 80 HTTP/1.1 GET /hello.txt 503 1 AppOffline DefaultAppPool",
	}
	logged := logLines(srv, HTTPERR)
	for i, line := range logged {
		if i >= len(suffixes) || !strings.HasSuffix(line, suffixes[i]) {
			t.Errorf("line %d: %q", i, line)
		}
	}
	if n := len(logLines(srv, W3C)); n != 1 || len(logged) != len(suffixes) {
		t.Errorf("%d W3C lines, want only the one of the answered request; HTTPERR %q", n, logged)
	}
	srv.Close()
	if len(answers) != 5 || answers[0].Status != "" || answers[1].Status != "200" || answers[4].Status != "503" || answers[4].Outcome.Status != "200" {
		t.Errorf("told %d answers: %.300v", len(answers), answers)
	}
}

// TestRapidFailSettings: interval, the switch, the default of 5 crashes (ms525633).
func TestRapidFailSettings(t *testing.T) {
	for _, test := range []struct {
		name, pool string
		crashes    int
		pause      time.Duration
		off        bool
	}{
		{"default, four", "", 4, 0, false},
		{"default, five", "", 5, 0, true},
		{"one", `RapidFailProtectionMaxCrashes="1"`, 1, 0, true},
		{"within the interval", `RapidFailProtectionMaxCrashes="3" RapidFailProtectionInterval="1"`, 3, 29 * time.Second, true},
		{"beyond the interval", `RapidFailProtectionMaxCrashes="3" RapidFailProtectionInterval="1"`, 6, 31 * time.Second, false},
		{"switched off", `RapidFailProtection="FALSE" RapidFailProtectionMaxCrashes="1"`, 3, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &clock{now: at}
			srv := start(t, fixture(t, "", test.pool), Options{Faults: true, Now: c.Now})
			for range test.crashes {
				askReset(t, srv, "/crash.asp")
				c.add(test.pause)
			}
			got := get(t, srv, "/hello.txt")
			if off := strings.HasPrefix(got, serviceUnavailable); off != test.off {
				t.Errorf("off %v, want %v: %q", off, test.off, got)
			}
		})
	}
}

// TestLoadBalancer: LoadBalancerCapabilities 1 makes a reset of the 503 (cc757659).
func TestLoadBalancer(t *testing.T) {
	srv := start(t, fixture(t, "", `RapidFailProtectionMaxCrashes="1" LoadBalancerCapabilities="1"`), Options{Faults: true})
	askReset(t, srv, "/crash.asp")
	askReset(t, srv, "/hello.txt")
	if all := logLines(srv, HTTPERR); len(all) != 2 || !strings.HasSuffix(all[1], " 503 1 AppOffline DefaultAppPool") {
		t.Errorf("log %q", all)
	}
}

// TestStoppedPool: a pool that an administrator stopped (AppPoolAutoStart FALSE,
// cc759202) is 503 Disabled (KB820729).
func TestStoppedPool(t *testing.T) {
	srv := start(t, fixture(t, "", `AppPoolAutoStart="FALSE"`), Options{})
	if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, serviceUnavailable) {
		t.Errorf("got %q", got)
	}
	if all := logLines(srv, HTTPERR); len(all) != 1 || !strings.HasSuffix(all[0], " 503 1 Disabled DefaultAppPool") {
		t.Errorf("log %q", all)
	}
}

// TestCrashTakesNeighbours: a crash drops every request of the same process.
func TestCrashTakesNeighbours(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{Faults: true})
	c := dial(t, srv, 80)
	io.WriteString(c, "POST /type.asp HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
	io.ReadFull(c, make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))) // the process has taken it
	askReset(t, srv, "/crash.asp")
	io.WriteString(c, "x")
	if b, err := io.ReadAll(c); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %q, %v; want a reset", b, err)
	}
	if n, m := len(logLines(srv, Event)), len(logLines(srv, HTTPERR)); n != 1 || m != 2 {
		t.Errorf("%d events, %d lines; one process crashed with two requests", n, m)
	}
}
