package server

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// counterPage counts a visitor's requests in the session.
const counterPage = `<% Session("n") = Session("n") + 1 %><%= Session("n") %>`

// tenant gives a server with files of its own; sessions are on.
func tenant(t *testing.T, siteAttributes, pool string, o Options, files map[string]string) *Server {
	t.Helper()
	layer := fstest.MapFS{}
	for name, text := range files {
		layer["content/C/"+name] = &fstest.MapFile{Data: []byte(text), ModTime: fileTime, Mode: fs.ModePerm}
	}
	s, err := fixture(t, `AspAllowSessionState="TRUE" `+siteAttributes, pool).WithContent(layer)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, s, o)
}

// visit asks for a page with a cookie and gives the body and the cookie that is
// then in force.
func visit(t *testing.T, srv *Server, path, cookie string) (body, kept string) {
	t.Helper()
	var fields []string
	if cookie != "" {
		fields = append(fields, "Cookie: "+cookie)
	}
	_, head, body := parts(get(t, srv, path, fields...))
	if m := regexp.MustCompile(`Set-Cookie: (ASPSESSIONID[A-Z]{8}=[A-Z]{24}); path=/\r\n`).FindStringSubmatch(head); m != nil {
		return body, m[1]
	}
	return body, cookie
}

// TestSession: a visitor's values come back with the cookie, other visitors have
// their own; the cookie stands before Cache-control (captured).
func TestSession(t *testing.T) {
	srv := tenant(t, "", "", Options{}, map[string]string{"site/count.asp": counterPage})
	_, head, _ := parts(get(t, srv, "/count.asp"))
	if got := names(head); got != "Connection Date Server X-Powered-By Content-Length Content-Type Set-Cookie Cache-control" {
		t.Errorf("fields %q", got)
	}
	var got []string
	one, two := "", ""
	body := ""
	for range 3 {
		body, one = visit(t, srv, "/count.asp", one)
		got = append(got, body)
	}
	body, two = visit(t, srv, "/count.asp", two)
	got = append(got, body)
	body, _ = visit(t, srv, "/count.asp", one)
	got = append(got, body)
	if diff := cmp.Diff([]string{"1", "2", "3", "1", "4"}, got); diff != "" {
		t.Error(diff)
	}
	if one == two || one == "" {
		t.Errorf("cookies %q, %q", one, two)
	}
}

// TestSessionEnds: what ends a session, and what does not. S1 "Session state lost":
// recycling drops it; ms525914, ms525851, ms525145 for the limits; cc780679 for 20 minutes.
func TestSessionEnds(t *testing.T) {
	for _, test := range []struct {
		name, site, pool string
		pause            time.Duration
		want             string // the second count
		events           string // their IDs
	}{
		{"nothing", "", "", time.Minute, "2", ""},
		{"recycled by time", "", `PeriodicRestartTime="30"`, 31 * time.Minute, "1", ""},
		{"idle time-out of 20 minutes", "", "", 20 * time.Minute, "1", ""},
		{"just before", "", "", 20*time.Minute - time.Second, "2", ""},
		{"session time-out", `AspSessionTimeout="5"`, "", 5 * time.Minute, "1", ""},
		{"long session, no idle time-out", `AspSessionTimeout="60"`, `IdleTimeout="0"`, 59 * time.Minute, "2", ""},
		{"long session, recycled by time", `AspSessionTimeout="60"`, `IdleTimeout="0" PeriodicRestartTime="30"`, 59 * time.Minute, "1", "1074"},
		{"age below the idle time-out: both defaults", `AspSessionTimeout="60"`, `IdleTimeout="30" PeriodicRestartTime="5"`, 10 * time.Minute, "2", ""},
		{"its event switched off", `AspSessionTimeout="60"`, `IdleTimeout="0" PeriodicRestartTime="30" LogEventOnRecycle="0"`, 59 * time.Minute, "1", ""},
		{"by schedule", `AspSessionTimeout="60"`, `IdleTimeout="0" PeriodicRestartSchedule="09:50" LogEventOnRecycle="AppPoolRecycleSchedule"`, 30 * time.Minute, "1", "1076"},
		{"before the schedule", `AspSessionTimeout="60"`, `IdleTimeout="0" PeriodicRestartSchedule="10:50"`, 30 * time.Minute, "2", ""},
		{"by requests", "", `PeriodicRestartRequests="1" LogEventOnRecycle="AppPoolRecycleRequests"`, 0, "1", "1075"},
		{"below the requests", "", `PeriodicRestartRequests="2"`, 0, "2", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &clock{now: at}
			srv := tenant(t, test.site, test.pool, Options{Now: c.Now}, map[string]string{"site/count.asp": counterPage})
			_, cookie := visit(t, srv, "/count.asp", "")
			c.add(test.pause)
			if got, _ := visit(t, srv, "/count.asp", cookie); got != test.want {
				t.Errorf("count %q, want %q", got, test.want)
			}
			ids := ""
			for _, line := range logLines(srv, Event) {
				ids += strings.Trim(strings.Split(line, ",")[1], `"`)
			}
			if ids != test.events {
				t.Errorf("events %q, want %q", ids, test.events)
			}
		})
	}
}

// TestRecycleEvent: the text of 1077 is KB919790's, that of 1074 is documented for
// the later event 5074 (cc735206); the time is that of the recycling.
func TestRecycleEvent(t *testing.T) {
	c := &clock{now: at}
	srv := tenant(t, "", `PeriodicRestartTime="20" IdleTimeout="0"`, Options{Now: c.Now}, nil)
	get(t, srv, "/hello.txt")
	c.add(time.Hour)
	want := []string{`"Information","1074","2005-03-14 09:46:53","W3SVC","SERVER","None","N/A","A worker process with process id of '1204' serving application pool 'DefaultAppPool' has requested a recycle because the worker process reached its allowed processing time limit."`}
	if diff := cmp.Diff(want, logLines(srv, Event)); diff != "" {
		t.Error(diff)
	}
	srv = tenant(t, "", `PeriodicRestartMemory="1"`, Options{}, map[string]string{"site/fill.asp": `<% Session("x") = String(2000, "x") %>`})
	visit(t, srv, "/fill.asp", "")
	visit(t, srv, "/fill.asp", "")
	want = []string{`"Information","1077","2005-03-14 09:26:53","W3SVC","SERVER","None","N/A","A worker process with process id of '1204' serving application pool 'DefaultAppPool' has requested a recycle because it reached its virtual memory limit."`}
	if diff := cmp.Diff(want, logLines(srv, Event)); diff != "" {
		t.Error(diff)
	}
}

// TestWebGarden: each process has its own sessions, so that a visitor's count
// begins again in the next one.
func TestWebGarden(t *testing.T) {
	srv := tenant(t, "", `MaxProcesses="2"`, Options{}, map[string]string{"site/count.asp": counterPage})
	_, first := visit(t, srv, "/count.asp", "")
	body, second := visit(t, srv, "/count.asp", first)
	if body != "1" || first == second {
		t.Errorf("the second process counts %q with %q after %q", body, second, first)
	}
	if body, _ = visit(t, srv, "/count.asp", first+"; "+second); body != "2" {
		t.Errorf("back in a process: %q", body)
	}
}

// TestCrashDropsSessions: a crash takes the sessions along and runs no OnEnd.
func TestCrashDropsSessions(t *testing.T) {
	srv := tenant(t, "", "", Options{Faults: true}, map[string]string{"site/count.asp": counterPage,
		"site/global.asa": "<script language=vbscript runat=server>\r\nSub Session_OnEnd\r\nx = \"a\" + 1\r\nEnd Sub\r\n</script>"})
	_, cookie := visit(t, srv, "/count.asp", "")
	askReset(t, srv, "/crash.asp")
	if body, _ := visit(t, srv, "/count.asp", cookie); body != "1" {
		t.Errorf("count %q", body)
	}
	if all := logLines(srv, Event); len(all) != 1 || !strings.Contains(all[0], `"1009"`) {
		t.Errorf("events %q", all)
	}
}

// TestNoSession: EnableSessionState=False, AspAllowSessionState FALSE and static
// files have no cookie; a page that uses Session all the same fails.
func TestNoSession(t *testing.T) {
	files := map[string]string{"site/off.asp": `<%@ EnableSessionState=False %>x`, "site/count.asp": counterPage}
	srv := tenant(t, "", "", Options{}, files)
	for _, path := range []string{"/off.asp", "/hello.txt"} {
		if got := get(t, srv, path); strings.Contains(got, "Set-Cookie") {
			t.Errorf("%s: %q", path, got)
		}
	}
	s, err := fixture(t, "", "").WithContent(fstest.MapFS{"content/C/site/count.asp": {Data: []byte(counterPage)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := get(t, start(t, s, Options{}), "/count.asp"); strings.Contains(got, "Set-Cookie") || !strings.Contains(got, "Object required: 'Session'") {
		t.Errorf("got %q", got)
	}
}

// TestForgedCookie: an ID that this process did not give begins a new session.
func TestForgedCookie(t *testing.T) {
	srv := tenant(t, "", "", Options{}, map[string]string{"site/count.asp": counterPage, "site/id.asp": `<%= Session.SessionID %>`})
	_, cookie := visit(t, srv, "/count.asp", "")
	name, id, _ := strings.Cut(cookie, "=")
	for _, forged := range []string{strings.Repeat("A", 24), id[:23] + string('A'+(id[23]-'A'+1)%26), "x", strings.Repeat("Z", 24)} {
		if body, kept := visit(t, srv, "/count.asp", name+"="+forged); body != "1" || kept == name+"="+forged {
			t.Errorf("%s: count %q, cookie %q", forged, body, kept)
		}
	}
	// A session that nothing was stored in keeps its ID.
	one, cookie := visit(t, srv, "/id.asp", "")
	if two, kept := visit(t, srv, "/id.asp", cookie); one != two || kept != cookie {
		t.Errorf("IDs %q, %q", one, two)
	}
}

const onEnd = "<script language=vbscript runat=server>\r\nSub Session_OnStart\r\nSession(\"n\") = 10\r\nEnd Sub\r\n" +
	"Sub Session_OnEnd\r\nSet f = CreateObject(\"Scripting.FileSystemObject\")\r\nSet s = f.OpenTextFile(\"C:\\data\\log.txt\", 8, True)\r\n" +
	"s.WriteLine Session(\"n\")\r\nEnd Sub\r\nSub Application_OnEnd\r\nx = \"a\" * 2\r\nEnd Sub\r\n</script>"

// TestOnEnd: routines that no request belongs to; events 5, 21 and 22 of cc781350.
// With AspRunOnEndAnonymously, the default, the anonymous user needs the rights, and
// without one the routine does not run (ms524696). That 22 tells of a process which
// may impersonate nobody is inferred.
func TestOnEnd(t *testing.T) {
	const listing = "C:\\data\\log.txt NT AUTHORITY\\NETWORK SERVICE:(OI)(CI)F \r\n                BUILTIN\\Administrators:F \r\n"
	event := func(id int, at, text string) string {
		return fmt.Sprintf(`"Error","%d","2005-03-14 %s","Active Server Pages","SERVER","None","N/A","%s"`, id, at, text)
	}
	denied := event(5, "09:31:53", "Error: File /LM/W3SVC/1/ROOT/global.asa Line 7 Permission denied.")
	mismatch := event(5, "09:46:53", "Error: File /LM/W3SVC/1/ROOT/global.asa Line 11 Type mismatch.")
	noUser := "Failed to retrieve the anonymous user token for ASP application /LM/W3SVC/1/ROOT. Global.asa OnEnd routines will not be executed."
	noToken := "Failed to impersonate the anonymous user for ASP application /LM/W3SVC/1/ROOT. Global.asa OnEnd routines will not be executed."
	for _, test := range []struct {
		name, site, rights string
		want               []string
	}{
		{"anonymous user without rights", "", "", []string{denied, mismatch}},
		{"as the pool, which has them", `AspRunOnEndAnonymously="FALSE"`, "", []string{mismatch}},
		{"no anonymous user", `AnonymousUserName="" AuthFlags="AuthBasic"`, "", []string{event(21, "09:31:53", noUser), event(21, "09:46:53", noUser)}},
		{"the process may not impersonate", "", "*S-1-5-32-544", []string{event(22, "09:31:53", noToken), event(22, "09:46:53", noToken)}},
		{"it may, as IIS_WPG", "", "*S-1-5-32-544,IIS_WPG", []string{denied, mismatch}},
		{"it may, as a service", "", "*S-1-5-6", []string{denied, mismatch}},
		{"it need not, as itself", `AspRunOnEndAnonymously="FALSE"`, "*S-1-5-32-544", []string{mismatch}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &clock{now: at}
			s, err := fixture(t, `AspAllowSessionState="TRUE" AspSessionTimeout="5" `+test.site, "").WithContent(fstest.MapFS{
				"content/C/site/global.asa": {Data: []byte(onEnd)}, "content/C/site/count.asp": {Data: []byte(counterPage)},
				"content/C/data/log.txt": {Data: []byte("old\r\n")},
			})
			if err != nil {
				t.Fatal(err)
			}
			s.ACLs = aclsOf(t, listing)
			if test.rights != "" {
				s.Rights = rightsOf(t, "[Privilege Rights]\r\nSeImpersonatePrivilege = "+test.rights+"\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n")
			}
			srv := start(t, s, Options{Now: c.Now})
			// A visitor who has logged on: without an anonymous user nobody else gets in.
			if _, _, body := parts(get(t, srv, "/count.asp", "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("ada:x")))); body != "11" {
				t.Errorf("count %q, want the 10 of Session_OnStart and 1", body)
			}
			c.add(time.Hour)
			if diff := cmp.Diff(test.want, logLines(srv, Event)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
