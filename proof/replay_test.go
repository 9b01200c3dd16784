package proof

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// site is the healthy server with pages that count, echo, crash and take time.
func site(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	healthy, err := checks.Healthy()
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"files.txt": {Data: []byte(`C:\inetpub\wwwroot\big.zip = (33554432 bytes)`)}}
	for name, text := range map[string]string{
		"count.asp": `<% Session("n") = Session("n") + 1 %>visit <%= Session("n") %>.`,
		"form.asp":  `<%= Len(Request.Form("a")) %> and <%= Request.Form("b") %>.`,
		"size.asp":  `<%= Request.TotalBytes %> bytes of <%= Request.ServerVariables("CONTENT_TYPE") %> from <%= Request.ServerVariables("REMOTE_ADDR") %>`,
		"user.asp":  `<%= Request.ServerVariables("HTTP_AUTHORIZATION") %> <%= Request.ServerVariables("HTTP_X_NOTE") %>`,
		"crash.asp": `<% Set c = Server.CreateObject("Fault.Crash") %>`,
		"slow.asp":  `<% Set s = Server.CreateObject("Fault.Slow") : s.Work 30 %>done`,
	} {
		files["broken/content/C/inetpub/wwwroot/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := snapshot.OpenFault(healthy, files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// failed replays a section and gives the expectations that do not hold.
func failed(t *testing.T, s *snapshot.Snapshot, text string) (all []string) {
	t.Helper()
	spec, err := ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	done, err := replay(s, spec, spec.Broken)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range done {
		for _, c := range x.Checked {
			if !c.OK {
				all = append(all, fmt.Sprintf("%s: %s, got %s", x.Request, c.Expect, c.Got))
			}
		}
	}
	return all
}

// TestSteps: each kind of step and of expectation does what it says, on a server
// that answers so. What the server does is tested with the server.
func TestSteps(t *testing.T) {
	s := site(t)
	for name, text := range map[string]string{
		"a visitor keeps the cookies until the session is over": `
			request GET http://www.contoso.com/count.asp
			  body visit 1.     [I: x]
			request GET http://www.contoso.com/count.asp times 3
			  status 200        [I: x]
			  w3c 200 0 0       [I: x]
			  count 1 body visit 4. [I: x]
			  count 3 w3c 200 0 0   [I: x]
			wait 19m
			  nolog             [I: x]
			  noevent           [I: x]
			request GET http://www.contoso.com/count.asp
			  body visit 5.     [I: x]
			wait 21m
			request GET http://www.contoso.com/count.asp
			  body visit 1.     [I: x]`,
		"crashes in a row": `
			request GET http://www.contoso.com/crash.asp times 5
			  reset             [I: x]
			  httperr - Connection_Abandoned_By_AppPool [I: x]
			  count 5 httperr - Connection_Abandoned_By_AppPool [I: x]
			  count 5 event 1009 terminated unexpectedly [I: x]
			  count 1 event 1002 [I: x]
			  nolog             [I: x]
			  noevent 1011      [I: x]
			request GET http://www.contoso.com/ in parallel 3
			  status 503        [I: x]
			  nolog             [I: x]
			  httperr 503 AppOffline [I: x]`,
		"forms, bodies, headers, users, addresses": `
			request POST http://www.contoso.com/form.asp
			  send field a=(2000 bytes)
			  send field b=x & y
			  body 2000 and x & y. [I: x]
			request POST http://www.contoso.com/size.asp from 198.51.100.7
			  send body (3000 bytes)
			  body 3000 bytes of  from 198.51.100.7 [I: x]
			request POST http://www.contoso.com/size.asp
			  send file photo=(5000 bytes)
			  body bytes of multipart/form-data; boundary= [I: x]
			request GET http://www.contoso.com/user.asp as CONTOSO\anna:se:cret
			  send header X-Note: a: b
			  body Basic Q09OVE9TT1xhbm5hOnNlOmNyZXQ= a: b [I: x]
			request GET http://www.contoso.com/
			  send header Host: nowhere.example
			  status 200        [I: x]
			request GET http://www.contoso.com/
			  send header X-Note: (16384 bytes)
			  status 400        [I: x]
			request GET http://www.contoso.com/
			  send header X-Note: (16384 bytes
			  status 200        [I: x]
			request GET http://www.contoso.com:81/
			  refused           [I: x]
			  nolog             [I: x]
			  nohttperr         [I: x]`,
		"beginnings": `
			request GET http://www.contoso.com/crash.asp
			  begin GET /crash.asp   [I: x]
			  unfinished GET /crash.asp [I: x]
			request GET http://www.contoso.com/default.htm
			  begin GET /default.htm [I: x]
			  count 1 begin GET [I: x]
			  unfinished GET /crash.asp [I: x]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range failed(t, s, "begin log\nbroken\n"+text) {
				t.Error(f)
			}
		})
	}
}

// TestPacedSteps: what takes time on a connection, with a clock that runs two hundred
// times faster. Time-outs are the default two minutes; a download must be fast.
func TestPacedSteps(t *testing.T) {
	s := site(t).Apply([]snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC", Property: "MinFileBytesPerSec", Op: metabase.Set, Value: "1000000"}})
	for name, text := range map[string]string{
		"an idle connection": `
			connect http://www.contoso.com/
			  reset             [I: x]
			  nolog             [I: x]
			  httperr - Timer_ConnectionIdle [I: x]`,
		"a kept connection": `
			request GET http://www.contoso.com/default.htm keep-alive times 2
			  status 200        [I: x]
			wait 30s
			request GET http://www.contoso.com/default.htm keep-alive
			  status 200        [I: x]
			  nohttperr         [I: x]
			wait 150s
			  httperr - Timer_ConnectionIdle [I: x]
			request GET http://www.contoso.com/default.htm keep-alive
			  reset             [I: x]
			  nolog             [I: x]`,
		"a slow head": `
			request GET http://www.contoso.com/default.htm slow head 2s
			  status 200        [I: x]
			request GET http://www.contoso.com/default.htm slow head 100s
			  reset             [I: x]
			  httperr - Timer_HeaderWait [I: x]`,
		"a slow reader": `
			request GET http://www.contoso.com/default.htm reading 1000
			  status 200        [I: x]
			request GET http://www.contoso.com/big.zip reading 100000
			  reset             [I: x]
			  httperr - Timer_MinBytesPerSecond [I: x]`,
		"many at once": `
			request GET http://www.contoso.com/slow.asp in parallel 20
			  status 200        [I: x]
			  body done         [I: x]
			  w3c 200 0 0       [I: x]
			  count 20 body done [I: x]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range failed(t, s, "clock 200\nbroken\n"+text) {
				t.Error(f)
			}
		})
	}
}

// TestExpectationsFail: near misses are seen.
func TestExpectationsFail(t *testing.T) {
	got := failed(t, site(t), `begin log
		broken
		request GET http://www.contoso.com/default.htm times 2
		  status 404          [I: x]
		  count 1 status 200  [I: x]
		  w3c 200 0 5         [I: x]
		  httperr 503 QueueFull [I: x]
		  event 1002          [I: x]
		  nolog               [I: x]
		  unfinished GET      [I: x]
		  reset               [I: x]
		  refused             [I: x]
		request GET http://www.contoso.com/crash.asp
		  status 200          [I: x]
		  event 1009 another text [I: x]
		  noevent             [I: x]
		  nohttperr           [I: x]
		  count 2 event 1009  [I: x]
		  body lacks x        [I: x]
		  httperr 503 Connection_Abandoned_By_AppPool [I: x]
		wait 1s
		  status 200          [I: x]`)
	var kinds []string
	for _, f := range got {
		_, rest, _ := strings.Cut(f, ": ")
		kind, _, _ := strings.Cut(rest, ", got")
		kinds = append(kinds, kind)
	}
	want := []string{"status 404", "1 × status 200", "w3c 200 0 5", "httperr 503 QueueFull", "event 1002", "nolog", "unfinished GET", "reset", "refused",
		"status 200", "event 1009 another text", "noevent", "nohttperr", "2 × event 1009", "body lacks x", "httperr 503 Connection_Abandoned_By_AppPool", "status 200"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
}
