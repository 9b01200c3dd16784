package proof

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseSpec(t *testing.T) {
	s, err := ParseSpec(`# words
variant extension .json
variant inherit AspEnableParentPaths
broken
request GET http://x/a.json
  status 404.3   [D: S1, "a [quoted] title"]
  nolog [I: why]
remedy 2 raises a-b, c
request POST http://x/
  body lacks <% [I: because]
`)
	if err != nil {
		t.Fatal(err)
	}
	if s.Extension != ".json" || s.Inherit != "AspEnableParentPaths" || len(s.Broken) != 1 || len(s.Remedies) != 1 {
		t.Fatalf("%+v", s)
	}
	first := s.Broken[0].Expect
	if first[0] != (Expectation{"status", "404.3", `S1, "a [quoted] title"`, true}) || first[1] != (Expectation{"nolog", "", "why", false}) {
		t.Errorf("%+v", first)
	}
	r := s.Remedies[0]
	if r.Remedy != 2 || strings.Join(r.Raises, "|") != "a-b|c" || r.Requests[0].Method != "POST" || r.Requests[0].Expect[0].Text != "lacks <%" {
		t.Errorf("%+v", r)
	}
}

// TestParseSteps: every option and line of the format comes out where it belongs.
func TestParseSteps(t *testing.T) {
	s, err := ParseSpec(`clock 500
begin log
broken
request POST http://x/up.asp as CONTOSO\anna:a:b from 192.0.2.7 times 5 keep-alive
  send header X-A: b: c
  send field name=a=b (c)
  send file photo=(300000 bytes)
connect http://x/
wait 1h30m
request GET http://x/ in parallel 12 slow head 20s reading 5000
  send body (0 bytes)
  count 2 httperr 503 QueueFull   [D: KB820729]
`)
	if err != nil {
		t.Fatal(err)
	}
	if s.Speed != 500 || !s.BeginLog {
		t.Errorf("clock %v, begin log %v", s.Speed, s.BeginLog)
	}
	want := []Request{
		{Method: "POST", URL: "http://x/up.asp", User: `CONTOSO\anna`, Password: "a:b", From: "192.0.2.7", Times: 5, KeepAlive: true,
			Send: Sending{Header: []string{"X-A: b: c"}, Fields: []Part{{Name: "name", Content: Content{Text: "a=b (c)"}}}, Files: []Part{{Name: "photo", Content: Content{Size: 300000}}}}},
		{Method: "connect", URL: "http://x/"},
		{Wait: 90 * time.Minute},
		{Method: "GET", URL: "http://x/", Times: 12, Parallel: true, SlowHead: 20 * time.Second, Rate: 5000,
			Send: Sending{Body: &Content{Text: "(0 bytes)"}}, Expect: []Expectation{{"count", "2 httperr 503 QueueFull", "KB820729", true}}},
	}
	if diff := cmp.Diff(want, s.Broken); diff != "" {
		t.Error(diff)
	}
	if got := s.Broken[0].String() + ", " + s.Broken[2].String(); got != "POST http://x/up.asp, wait 1h30m0s" {
		t.Errorf("named %q", got)
	}
}

// TestParseSpecRefuses: above all an expectation without a source.
func TestParseSpecRefuses(t *testing.T) {
	head := "broken\nrequest GET http://x/\n"
	for _, text := range []string{
		"", "# nothing\n", head + "status 200\n", head + "status 200 [S1]\n", head + "status 200 [D:]\n", head + "status 200 [X: y]\n",
		head + "colour red [D: x]\n", "status 200 [D: x]\n", "broken\nstatus 200 [D: x]\n", "request GET http://x/\n",
		"broken\nrequest GET\n", "remedy first\n", "remedy 0\n", "variant drive C\n",
		"clock 0\n", "clock fast\n", "begin\n", "wait 5m\n", "connect http://x/\n", "broken\nsend body x\n",
		"broken\nwait\n", "broken\nwait 5\n", "broken\nwait -5m\n", "broken\nconnect\n", "broken\nwait 5m\nsend body x\n", "broken\nconnect http://x/\nsend body x\n",
		"broken\nrequest GET http://x/ as\n", "broken\nrequest GET http://x/ as anna\n", "broken\nrequest GET http://x/ from here\n", "broken\nrequest GET http://x/ times\n",
		"broken\nrequest GET http://x/ times 0\n", "broken\nrequest GET http://x/ in parallel 1\n", "broken\nrequest GET http://x/ in 12\n", "broken\nrequest GET http://x/ slow head\n",
		"broken\nrequest GET http://x/ reading slowly\n", "broken\nrequest GET http://x/ quickly\n",
		head + "send\n", head + "send body\n", head + "send field x\n", head + "send field =x\n", head + "send header x\n", head + "send wine x\n",
		head + "status [D: x]\n", head + "count status 200 [D: x]\n", head + "count 2 [D: x]\n", head + "count 2 nolog [D: x]\n", head + "count 2 count 1 status 200 [D: x]\n", head + "count 2 colour [D: x]\n",
	} {
		if s, err := ParseSpec(text); err == nil {
			t.Errorf("%q is accepted: %+v", text, s)
		} else if text != "" && text[0] != '#' && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%q: the error names no line: %v", text, err)
		}
	}
}
