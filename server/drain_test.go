package server

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDrain: what is under way is finished, what does not come to an end is cut, and
// both are told. Requests before count as answered, those that were reset do not.
func TestDrain(t *testing.T) {
	folder := t.TempDir()
	srv := start(t, snapshotOf(t, evidence{content: map[string][]byte{"C/site/read.asp": []byte(readPage)}}), Options{Faults: true, BeginLog: true, Logs: folder})
	get(t, srv, "/hello.txt")
	get(t, srv, "/data.json")
	ask(t, srv, "nonsense\r\n\r\n")
	askReset(t, srv, "/crash.asp")
	finished, stuck := holdScript(t, srv), holdScript(t, srv)
	running(t, srv, 2, 0)

	type result struct {
		e   Ending
		err error
	}
	ended, hurry := make(chan result, 1), make(chan struct{})
	go func() {
		e, err := srv.Drain(time.Hour, hurry)
		ended <- result{e, err}
	}()
	for range 400 { // no new connection from here on
		c, err := srv.Dial("", 80)
		if err != nil {
			break
		}
		c.Close()
		time.Sleep(5 * time.Millisecond)
	}
	if body := finished(); body != fmt.Sprint(readAhead+1) {
		t.Errorf("a request under way is answered %q", body)
	}
	running(t, srv, 1, 0)
	close(hurry)
	got := <-ended
	stuck()
	if got.err != nil {
		t.Fatal(got.err)
	}
	var open []string
	for _, r := range got.e.Open {
		open = append(open, strings.Fields(r.Line)[4])
	}
	got.e.Open, got.e.Waited = nil, 0
	want := Ending{Answered: 4, Dropped: 1, Drained: 1, Cut: 1, Logs: []string{"HTTPERR/httperr1.log", "W3SVC1/ex050314.log", "begin1.txt", "events.csv"}}
	if diff := cmp.Diff(want, got.e); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"/crash.asp", "/read.asp"}, open); diff != "" {
		t.Error(diff)
	}
}

// TestDrainBounded: whoever does not hurry it waits no longer than the time given.
func TestDrainBounded(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{content: map[string][]byte{"C/site/read.asp": []byte(readPage)}}), Options{})
	holdScript(t, srv)
	running(t, srv, 1, 0)
	c := dial(t, srv, 80)
	io.WriteString(c, "GET / HT") // a head is no request yet
	e, err := srv.Drain(10*time.Millisecond, nil)
	if err != nil || e.Cut != 1 || e.Drained != 0 || e.Answered != 0 {
		t.Errorf("%+v, %v", e, err)
	}
}
