package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/proof"
	"github.com/iisdoctor/iisdoctor/server"
)

// reproduction is one that was not proven: the answer after the remedy is wrong.
func reproduction() *proof.Result {
	page := http.Header{"Content-Type": {"text/html"}}
	broken := proof.Exchange{
		Request: proof.Request{Method: "GET", URL: "http://www.contoso.com/data.json"},
		Status:  "HTTP/1.1 404 Not Found", Header: page,
		Body:    []byte("<html><head><title>x</title><style>p { }</style></head><body><h1>The page\ncannot be found</h1></body></html>"),
		Answer:  &server.Answer{Status: "404.3"},
		Records: []server.Record{{Kind: server.W3C, Line: "2026-01-02 03:04:05 GET /data.json 404 3 50"}},
		Checked: []proof.Checked{
			{Expect: proof.Expectation{Kind: "status", Text: "404.3", Source: "S1", Documented: true}, OK: true, Got: "404.3"},
			{Expect: proof.Expectation{Kind: "w3c", Text: "404 3 50", Source: "nobody says it"}, OK: true, Got: "404 3 50"},
		},
	}
	after := proof.Exchange{
		Request: broken.Request, Err: errors.New("connection reset"),
		Checked: []proof.Checked{{Expect: proof.Expectation{Kind: "status", Text: "200", Source: "S1", Documented: true}, Got: "connection reset"}},
	}
	return &proof.Result{
		Fault:    &proof.Fault{Check: checks.Check{ID: "mime-unmapped", Codes: []string{"404.3"}}},
		Before:   []proof.Exchange{broken},
		Findings: []checks.Finding{{ID: "mime-unmapped", Message: "No MIME type for .json", Certainty: checks.Possible, Missing: "the file"}},
		After: []proof.Mended{
			{Remedy: checks.Remedy{Title: "Add the type", Steps: []string{"Open IIS Manager."}, Risk: "none to speak of"}, Exchanges: []proof.Exchange{after}},
			{Remedy: checks.Remedy{Title: "Rewrite the page"}, Fixed: true},
		},
		Faults: []string{"remedy 1: GET http://www.contoso.com/data.json: expected status 200, got connection reset"},
	}
}

func TestReproduction(t *testing.T) {
	var b bytes.Buffer
	if err := WriteReproduction(&b, reproduction(), Options{}); err != nil {
		t.Fatal(err)
	}
	_, got, _ := strings.Cut(b.String(), "WITH THE FAULT\n") // the words above are those of the check
	want := `  > GET http://www.contoso.com/data.json
  < HTTP/1.1 404 Not Found  (404.3 in the log)
    The page cannot be found
  W3C | 2026-01-02 03:04:05 GET /data.json 404 3 50
    ok   status 404.3 [documented: S1]
    ok   w3c 404 3 50 [not documented: nobody says it]

DIAGNOSIS
  No MIME type for .json
  certainty    possible: the file

REMEDY: Add the type
  - Open IIS Manager.
  Risk: none to speak of

  > GET http://www.contoso.com/data.json
  < no answer: connection reset
    FAIL status 200 [documented: S1]
         got: connection reset

OR: Rewrite the page
    (here: the page rewritten)

not proven: remedy 1: GET http://www.contoso.com/data.json: expected status 200, got connection reset
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestSteps: what a visitor did and what came of it can be read without proof.txt.
func TestSteps(t *testing.T) {
	full, fine := proof.Exchange{Status: "HTTP/1.1 503 Service Unavailable"}, proof.Exchange{Status: "HTTP/1.1 200 OK", Body: []byte("done")}
	lines := make([]server.Record, 6)
	for i := range lines {
		lines[i] = server.Record{Kind: server.HTTPERR, Line: "QueueFull " + string(rune('a'+i))}
	}
	for _, c := range []struct {
		x    proof.Exchange
		want string
	}{
		{proof.Exchange{Request: proof.Request{Wait: 20 * time.Minute}}, "  > nothing for 20 minutes\n"},
		{proof.Exchange{Request: proof.Request{Wait: 90 * time.Second}}, "  > nothing for 90 seconds\n"},
		{proof.Exchange{Request: proof.Request{Method: proof.Connect, URL: "http://www.contoso.com/"}, Err: errors.New("reset")},
			"  > a connection to http://www.contoso.com/ on which nothing is sent\n  < no answer: reset\n"},
		{proof.Exchange{Request: proof.Request{Method: "GET", URL: "http://x/"}, Err: &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}},
			"  > GET http://x/\n  < no answer: the connection was reset\n"},
		{proof.Exchange{Request: proof.Request{Method: "GET", URL: "http://x/"}, Err: fmt.Errorf("reading: %w", io.ErrUnexpectedEOF)},
			"  > GET http://x/\n  < no answer: the connection was closed\n"},
		{proof.Exchange{Request: proof.Request{Method: "GET", URL: "http://x/", Times: 8, Parallel: true, KeepAlive: true, SlowHead: 500 * time.Millisecond, Rate: 5000},
			All: []proof.Exchange{fine, full, full, {Err: errors.New("reset")}}, Records: lines},
			`  > GET http://x/
    8 at the same time
    on a connection that is kept
    its head line by line, each 500ms after the other
    taking 5,000 bytes of the answer a second
  < 1 × HTTP/1.1 200 OK
    done
  < 2 × HTTP/1.1 503 Service Unavailable
  < 1 × no answer: reset
  HTTPERR | QueueFull a
  HTTPERR | QueueFull b
  HTTPERR | QueueFull c
  HTTPERR | QueueFull d
  HTTPERR | 2 more
`},
		{proof.Exchange{Status: "HTTP/1.1 200 OK", Request: proof.Request{Method: "POST", URL: "http://x/", User: "CONTOSO\\anna", Password: "secret", From: "192.0.2.7", Times: 3,
			Send: proof.Sending{Header: []string{"X-A: b"}, Body: &proof.Content{Text: "hello"},
				Fields: []proof.Part{{Name: "a", Content: proof.Content{Text: "b"}}}, Files: []proof.Part{{Name: "photo", Content: proof.Content{Size: 300000}}}}}},
			`  > POST http://x/
    3 times, one after the other
    as CONTOSO\anna
    from 192.0.2.7
    X-A: b
    body: hello
    form field a: b
    uploaded file photo: 300,000 bytes
  < HTTP/1.1 200 OK
`},
	} {
		var b bytes.Buffer
		newPrinter(&b, Options{}).exchange(&c.x)
		if b.String() != c.want {
			t.Errorf("got\n%s\nwant\n%s", &b, c.want)
		}
	}
}

func TestTally(t *testing.T) {
	failed, quiet := reproduction(), reproduction()
	quiet.Faults, quiet.Fault.Check = nil, checks.Check{ID: "metabase-value", ConfigOnly: true}
	var b bytes.Buffer
	if err := WriteTally(&b, []*proof.Result{failed, quiet}, Options{}); err != nil {
		t.Fatal(err)
	}
	want := `  mime-unmapped   not proven
  metabase-value  proven (configuration only: finding, then silence)
2 faults, 1 proven
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}

func TestExcerpt(t *testing.T) {
	html := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	for _, c := range []struct {
		header http.Header
		body   string
		want   string
	}{
		{nil, "", ""},
		{nil, "a <b> c\r\nd", "a <b> c d"},
		{html, "a<br>b<!-- c > d -->e<script>f < g</script>h<", "a b e h"},
		{html, "<style>never ended", "never ended"},
		{html, "<p", ""},
		{nil, "GIF89a\x00\x01", "(8 bytes that are no text)"},
		{nil, strings.Repeat("ä", 200), strings.Repeat("ä", 160) + "…"},
	} {
		if got := excerpt(&proof.Exchange{Header: c.header, Body: []byte(c.body)}); got != c.want {
			t.Errorf("%q: %q, want %q", c.body, got, c.want)
		}
	}
}

func TestSites(t *testing.T) {
	bindings := []iis.Binding{
		{Site: "/LM/W3SVC/1", Port: 80, Started: true},
		{Site: "/LM/W3SVC/1", Port: 80, Host: "www.contoso.com", Started: true},
		{Site: "/LM/W3SVC/1", Port: 443, Secure: true, Started: true},
		{Site: "/LM/W3SVC/1", Port: 443, Secure: true, Host: "www.contoso.com", Started: true},
		{Site: "/LM/W3SVC/2", IP: "10.0.0.1", Port: 80, Host: "a'; rm -rf '\x1b", Started: true},
		{Site: "/LM/W3SVC/3", Port: 81},
	}
	endpoints := []server.Endpoint{
		{Port: 80, Addr: "127.0.0.1:5080"},
		{Port: 443, Secure: true, Addr: "127.0.0.1:5443"},
		{IP: "10.0.0.1", Port: 80, Addr: "127.0.0.1:5081"},
	}
	var b bytes.Buffer
	if err := WriteSites(&b, bindings, endpoints, Options{}); err != nil {
		t.Fatal(err)
	}
	want := `/LM/W3SVC/1
  http://127.0.0.1:5080/  for :80:
  curl -H 'Host: www.contoso.com' http://127.0.0.1:5080/  for :80:www.contoso.com
  https://127.0.0.1:5443/  for :443:
  curl -k --resolve 'www.contoso.com:5443:127.0.0.1' 'https://www.contoso.com:5443/'  for :443:www.contoso.com
/LM/W3SVC/2
  curl -H 'Host: a; rm -rf ␛' http://127.0.0.1:5081/  for 10.0.0.1:80:a'; rm -rf '␛
/LM/W3SVC/3
  not started: :81:
For a browser, write the line "127.0.0.1 www.contoso.com" into the hosts file and open
  http://www.contoso.com:5080/
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}

// TestMappedSites: one URL for each site, or why it has none.
func TestMappedSites(t *testing.T) {
	bindings := []iis.Binding{
		{Site: "/LM/W3SVC/1", Port: 80, Host: "www.contoso.com", Started: true},
		{Site: "/LM/W3SVC/1", Port: 443, Secure: true, Host: "www.contoso.com", Started: true},
		{Site: "/LM/W3SVC/2", IP: "10.0.0.1", Port: 443, Secure: true, Started: true},
		{Site: "/LM/W3SVC/3", Port: 81},
		{Site: "/LM/W3SVC/4", Port: 80, Host: "www.contoso.com", Started: true},
	}
	endpoints := []server.Endpoint{
		{Site: "/LM/W3SVC/1", Port: 80, Addr: "127.0.0.1:5080", Entry: true},
		{Site: "/LM/W3SVC/1", Port: 443, Secure: true, Addr: "127.0.0.1:5443"},
		{Site: "/LM/W3SVC/2", IP: "10.0.0.1", Port: 443, Secure: true, Addr: "127.0.0.1:5444", Entry: true},
	}
	var b bytes.Buffer
	if err := WriteMappedSites(&b, bindings, endpoints, Options{}); err != nil {
		t.Fatal(err)
	}
	want := `/LM/W3SVC/1
  http://127.0.0.1:5080/  for :80:www.contoso.com, :443:www.contoso.com
/LM/W3SVC/2
  https://127.0.0.1:5444/  for 10.0.0.1:443:
/LM/W3SVC/3
  not started: :81:
/LM/W3SVC/4
  another site takes its requests: :80:www.contoso.com
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
}

// TestEnding: what became of the requests and where the logs are.
func TestEnding(t *testing.T) {
	for _, c := range []struct {
		e    server.Ending
		want string
	}{
		{server.Ending{}, "0 requests answered.\n"},
		{server.Ending{Answered: 1, Logs: []string{"logs/HTTPERR/httperr1.log", "logs/W3SVC1/ex050314.log"}},
			"1 request answered.\nLogs: logs/HTTPERR/httperr1.log, logs/W3SVC1/ex050314.log\n"},
		{server.Ending{Answered: 12345, Dropped: 2, Drained: 1, Cut: 2, Waited: 5003 * time.Millisecond},
			"1 request under way was finished.\n2 requests under way were cut off after 5.0 seconds.\n12,345 requests answered, 2 connections reset instead of an answer.\n"},
	} {
		var b bytes.Buffer
		if err := WriteEnding(&b, c.e, Options{}); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("got\n%s\nwant\n%s", &b, c.want)
		}
	}
}

func TestUnfinished(t *testing.T) {
	open := []server.Record{{Kind: server.Begin, Site: "1", Number: 2, Line: "2005-03-14 09:26:53 GET /a\x1b - 80"}}
	for _, c := range []struct {
		open []server.Record
		want string
	}{
		{nil, "Every request that began has its line in the log.\n"},
		{open, "1 request began and left no line in the log of the site:\n  site 1  2005-03-14 09:26:53 GET /a␛ - 80\n" +
			"They crashed their worker process, were cut off, or a filter dropped their line.\n"},
	} {
		var b bytes.Buffer
		if err := WriteUnfinished(&b, c.open, Options{}); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("got\n%s\nwant\n%s", &b, c.want)
		}
	}
	var b bytes.Buffer
	if err := WriteUnfinished(&b, slices.Repeat(open, 250), Options{}); err != nil || strings.Count(b.String(), "site 1") != 100 || !strings.Contains(b.String(), "  and 150 more\n") {
		t.Errorf("%v\n%s", err, &b)
	}
}

func TestAnswer(t *testing.T) {
	request := iis.Request{Method: "GET", Host: "www.contoso.com", Port: 80, Path: "/a\x1b", Query: "b"}
	for _, c := range []struct {
		a    server.Answer
		want string
	}{
		{server.Answer{Status: "404.3", Outcome: iis.Outcome{Request: request, Status: "404.3", Stage: "MIME type"}},
			"GET http://www.contoso.com/a␛?b  404.3  MIME type\n"},
		{server.Answer{Status: "404.3", Outcome: iis.Outcome{Request: request, Status: "404.3", Stage: "MIME type", Because: &iis.Because{Span: fixture(t).Span(0, 3)}}},
			"GET http://www.contoso.com/a␛?b  404.3  MIME type  metabase.xml:1:1\n"},
		{server.Answer{Status: "500", Outcome: iis.Outcome{Request: request, Status: "500", Stage: "ASP page", ASP: &iis.ASPError{Code: "ASP 0131", Title: "Disallowed Parent Path"}}},
			"GET http://www.contoso.com/a␛?b  500  ASP page: ASP 0131, Disallowed Parent Path\n"},
		{server.Answer{Status: "500.13", Decided: "ASP request queue", Outcome: iis.Outcome{Request: request, Status: "200", Stage: "answer"}},
			"GET http://www.contoso.com/a␛?b  500.13  ASP request queue\n"},
		{server.Answer{Status: "503", Outcome: iis.Outcome{Request: request, Status: "200", Stage: "answer"},
			Line: server.Record{Kind: server.HTTPERR, Line: "2026-01-02 03:04:05 192.0.2.1 1 127.0.0.1 80 HTTP/1.1 GET /a 503 1 AppOffline DefaultAppPool"}},
			"GET http://www.contoso.com/a␛?b  503  HTTP.sys: AppOffline\n"},
		{server.Answer{Outcome: iis.Outcome{Request: request, Status: "200", Stage: "answer"}},
			"GET http://www.contoso.com/a␛?b  no answer  the server's state\n"},
		{server.Answer{Status: "400"}, "(no request that HTTP.sys accepts)  400  the server's state\n"},
	} {
		var b bytes.Buffer
		if err := NewLive(&b, Options{}).Answer(&c.a); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("got  %q\nwant %q", b.String(), c.want)
		}
	}
}

// TestAnswersAgain: a line that is remembered is that of the same request alone.
func TestAnswersAgain(t *testing.T) {
	usual := iis.Request{Method: "GET", Host: "www.contoso.com", IP: "192.0.2.1", Port: 80, Path: "/a", Query: "b"}
	answer := func(change func(*iis.Request)) server.Answer {
		r := usual
		change(&r)
		return server.Answer{Status: "200", Outcome: iis.Outcome{Request: r, Status: "200", Stage: "answer"}}
	}
	of := func(change func(*server.Answer)) server.Answer {
		a := answer(func(*iis.Request) {})
		change(&a)
		return a
	}
	all := []struct {
		a    server.Answer
		want string
	}{
		{answer(func(r *iis.Request) {}), "GET http://www.contoso.com/a?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Method = "HEAD" }), "HEAD http://www.contoso.com/a?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Host = "contoso.com" }), "GET http://contoso.com/a?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Host = "" }), "GET http://192.0.2.1/a?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Host, r.IP = "", "192.0.2.2" }), "GET http://192.0.2.2/a?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Port = 8080 }), "GET http://www.contoso.com:8080/a?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Secure, r.Port = true, 443 }), "GET https://www.contoso.com/a?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Path = "/b" }), "GET http://www.contoso.com/b?b  200  answer\n"},
		{answer(func(r *iis.Request) { r.Query = "" }), "GET http://www.contoso.com/a  200  answer\n"},
		{of(func(a *server.Answer) { a.Status, a.Outcome.Status = "304", "304" }), "GET http://www.contoso.com/a?b  304  answer\n"},
		{of(func(a *server.Answer) { a.Decided = "cache" }), "GET http://www.contoso.com/a?b  200  cache\n"},
	}
	var b bytes.Buffer
	live := NewLive(&b, Options{})
	for range 2 {
		for _, c := range all {
			b.Reset()
			if err := live.Answer(&c.a); err != nil || b.String() != c.want {
				t.Errorf("got  %q %v\nwant %q", b.String(), err, c.want)
			}
		}
	}
	for i := range 3 * maxServed {
		a := answer(func(r *iis.Request) { r.Query = strconv.Itoa(i) })
		if live.Answer(&a); len(live.served) > maxServed {
			t.Fatalf("%d lines are remembered", len(live.served))
		}
	}
}
