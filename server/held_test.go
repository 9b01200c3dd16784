package server

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// TestHeldFile: a small file is read again after a moment, so that a change shows.
func TestHeldFile(t *testing.T) {
	folder := t.TempDir()
	site := filepath.Join(folder, "content", "C", "site")
	if err := os.MkdirAll(site, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(folder, "MetaBase.xml"), metabaseOf("", ""))
	write(filepath.Join(site, "a.txt"), "before")
	s, err := snapshot.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	srv := start(t, s, Options{})
	body := func() string {
		_, _, b := parts(get(t, srv, "/a.txt"))
		return b
	}
	if got := body(); got != "before" {
		t.Fatalf("%q", got)
	}
	write(filepath.Join(site, "a.txt"), "afterwards")
	for deadline := time.Now().Add(20 * time.Second); body() != "afterwards"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the change does not show")
		}
	}
	if _, head, _ := parts(get(t, srv, "/a.txt")); !strings.Contains(head, "Content-Length: 10\r\n") {
		t.Errorf("head of the changed file: %q", head)
	}
}

// TestHeldParts: ranges and conditions take what is held, and leave it whole.
func TestHeldParts(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	for range 2 {
		for _, row := range []struct{ field, status, body string }{
			{"Range: bytes=1-2", "HTTP/1.1 206 Partial Content", "el"},
			{"Range: bytes=-1", "HTTP/1.1 206 Partial Content", "o"},
			{"If-Modified-Since: Fri, 21 Feb 2003 15:48:30 GMT", "HTTP/1.1 304 Not Modified", ""},
			{"Accept: */*", "HTTP/1.1 200 OK", "hello"},
		} {
			if status, _, body := parts(get(t, srv, "/hello.txt", row.field)); status != row.status || body != row.body {
				t.Errorf("%s: %s %q", row.field, status, body)
			}
		}
	}
}

// TestHeldBound: what is held of many files is bounded.
func TestHeldBound(t *testing.T) {
	files := fstest.MapFS{"MetaBase.xml": {Data: []byte(metabaseOf("", ""))}}
	const n = 1500
	data := make([]byte, smallFile)
	for i := range n {
		files[fmt.Sprintf("content/C/site/%d.txt", i)] = &fstest.MapFile{Data: data}
	}
	s, err := snapshot.OpenFS(files)
	if err != nil {
		t.Fatal(err)
	}
	srv := newServer(s, Options{})
	x := &exchange{Server: srv, plan: &plan{}, out: &iis.Outcome{}, head: &head{}}
	for i := range n {
		if f, err := x.file(source.WinPath(fmt.Sprintf(`C:\site\%d.txt`, i))); err != nil || f.size != smallFile || f.open != nil {
			t.Fatalf("%+v %v", f, err)
		}
	}
	total := 0
	for _, generation := range []map[source.WinPath]*file{srv.held.young, srv.held.old} {
		for _, f := range generation {
			total += len(f.bytes)
		}
	}
	if total > 2*(heldBytes+smallFile) || total < heldBytes {
		t.Errorf("%d bytes are held", total)
	}
}

// TestStays: only where time-outs are long, and only for a moment, does a deadline
// stand for a later one.
func TestStays(t *testing.T) {
	set := time.Now()
	for _, row := range []struct {
		timeout time.Duration
		set     time.Time
		by      time.Duration // after set
		stays   bool
	}{
		{120 * time.Second, set, 0, true},
		{120 * time.Second, set, 20*time.Millisecond - 1, true},
		{120 * time.Second, set, 20 * time.Millisecond, false},
		{120 * time.Second, set, -1, false}, // an earlier one
		{10 * time.Second, set, 1, true},
		{10*time.Second - 1, set, 0, false},
		{120 * time.Second, time.Time{}, 0, false}, // none is set
	} {
		c := &conn{server: &Server{clock: newClock(Options{})}, endpoint: &endpoint{timeout: row.timeout}}
		if got := c.stays(row.set, set.Add(row.by)); got != row.stays {
			t.Errorf("time-out %v, %v later: %v", row.timeout, row.by, got)
		}
	}
	fast := &conn{server: &Server{clock: newClock(Options{Speed: 100})}, endpoint: &endpoint{timeout: 120 * time.Second}}
	if fast.stays(set, set) {
		t.Error("a fast clock's time-outs are short")
	}
}
