package server

import (
	"strings"
	"testing"
)

// TestStatusHeader: X-IIS-Status is sent where it is asked for, and by default not.
func TestStatusHeader(t *testing.T) {
	files := map[string][]byte{"C/site/bad.asp": []byte("\r\n<% x = \"a\" * 2 %>"), "C/site/read.asp": []byte(readPage)}
	for _, row := range []struct{ send, want string }{
		{path("/hello.txt"), "200 answer"},
		{path("/data.json"), "404.3 MIME type"},
		{path("/noread/a.htm"), "403.2 execute and read permission"},
		{path("/parent.asp"), "500 ASP page"},
		{path("/bad.asp"), "500 ASP page: 800a000d, Type mismatch"},
		{"GET /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: bytes=1-2\r\n\r\n", "206 range"},
		{"GET /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIf-None-Match: *\r\n\r\n", "304 conditional request"},
		{"get / HTTP/1.1\r\nHost: a\r\n\r\n", "400 HTTP.sys: Verb"},
		{"GET / HTTP/1.1\r\nHost: \r\n\r\n", "400 HTTP.sys: Hostname"},
	} {
		for _, on := range []bool{true, false} {
			srv := start(t, snapshotOf(t, evidence{content: files}), Options{Status: on})
			_, head, _ := parts(ask(t, srv, row.send))
			if got := fieldIn([]byte(head), "X-IIS-Status"); on && got != row.want || !on && got != "" {
				t.Errorf("%q, %v: %q, want %q", row.send, on, got, row.want)
			}
		}
	}
}

// TestStage: what decided, where it was not the configuration.
func TestStage(t *testing.T) {
	answers := make(chan Answer, 10)
	note := func(a Answer) { answers <- a }
	srv := start(t, snapshotOf(t, evidence{pool: `AppPoolAutoStart="FALSE"`}), Options{OnAnswer: note})
	get(t, srv, "/hello.txt")
	if a := <-answers; a.Stage() != "application pool" {
		t.Errorf("a stopped pool: %q", a.Stage())
	}
	srv = start(t, snapshotOf(t, evidence{}), Options{Faults: true, OnAnswer: note})
	askReset(t, srv, "/crash.asp")
	if a := <-answers; a.Stage() != "HTTP.sys: Connection_Abandoned_By_AppPool" || a.Status != "" {
		t.Errorf("a crash: %q", a.Stage())
	}
	got := get(t, srv, "/hello.txt")
	if a := <-answers; !strings.HasPrefix(got, served) || a.Stage() != "answer" {
		t.Errorf("served: %q", a.Stage())
	}
}
