package server

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestCPULimit: with CPUAction 1 a pool that takes more than CPULimit of the
// CPUResetInterval is shut down until that ends (ms525681, ms525330): 503 with the
// reason AppShutdown (cc781893). That pages take the time for which they run is this
// model's.
func TestCPULimit(t *testing.T) {
	const half, done = `CPULimit="50000" CPUResetInterval="2" `, "done"
	for _, row := range []struct {
		name, pool string
		shut       bool
	}{
		{"more than half of two minutes", half + `CPUAction="1"`, true},
		{"only a warning", half + `CPUAction="0"`, false},
		{"no limit", `CPULimit="0" CPUResetInterval="2" CPUAction="1"`, false},
		{"monitoring off", `CPULimit="50000" CPUResetInterval="0" CPUAction="1"`, false},
		{"below the limit", `CPULimit="100000" CPUResetInterval="5" CPUAction="1"`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			var n atomic.Int64
			slow := func() time.Time { return at.Add(time.Duration(n.Add(1)) * time.Second / 4) } // each look at the clock is a quarter of a second
			s := snapshotOf(t, evidence{service: `AspScriptTimeout="3600"`, pool: row.pool, content: map[string][]byte{"C/site/busy.asp": []byte("<% For i = 1 To 20000 : Next %>done")}})
			srv := start(t, s, Options{Now: slow})
			if _, _, body := parts(get(t, srv, "/busy.asp")); body != done {
				t.Fatalf("%q", body)
			}
			got := get(t, srv, "/hello.txt")
			if !row.shut {
				if !strings.HasPrefix(got, served) {
					t.Errorf("%q", got)
				}
				return
			}
			if got != noServiceAt(got) {
				t.Errorf("%q", got)
			}
			waitLine(t, srv, " 80 HTTP/1.1 GET /hello.txt 503 1 AppShutdown DefaultAppPool")
			n.Add(4 * 120)
			if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, served) {
				t.Errorf("after the interval: %q", got)
			}
		})
	}
}

// noServiceAt is the answer of a pool that takes no requests, with the date of another.
func noServiceAt(answer string) string {
	_, rest, _ := strings.Cut(answer, "Date: ")
	date, _, _ := strings.Cut(rest, "\r\n")
	return strings.Replace(noService, "Mon, 14 Mar 2005 09:26:53 GMT", date, 1)
}
