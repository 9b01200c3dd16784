package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// filtered serves one site with filters; content/C/filters/there.dll is collected.
func filtered(t *testing.T, order, keys string, o Options) *Server {
	t.Helper()
	text := strings.Replace(metabaseOf(`ServerComment="Shop"`, ""), "</MBProperty>",
		`<IIsFilters	Location ="/LM/W3SVC/1/Filters" FilterLoadOrder="`+order+`"></IIsFilters>`+keys+"</MBProperty>", 1)
	s, err := snapshot.OpenFS(fstest.MapFS{"MetaBase.xml": {Data: []byte(text)},
		"content/C/site/hello.txt": {Data: []byte("hello")}, "content/C/filters/there.dll": {Data: []byte("MZ")}})
	if err != nil || len(s.Problems) > 0 {
		t.Fatal(err, s.Problems)
	}
	return start(t, s, o)
}

// TestFilterFails: 503 of HTTP.sys, no line in the site's log, events 2214 and 2268
// (cc758052, cc735105) at the first request and not again.
func TestFilterFails(t *testing.T) {
	srv := filtered(t, "own", `<IIsFilter	Location ="/LM/W3SVC/1/Filters/own" FilterPath="C:\filters\gone.dll"></IIsFilter>`, Options{})
	if all := srv.Records(); len(all) > 0 {
		t.Errorf("before the first request: %v", all)
	}
	for range 2 {
		if got := get(t, srv, "/hello.txt"); got != kernel("503 Service Unavailable", "<h1>Service Unavailable</h1>", 28) {
			t.Errorf("got %q", got)
		}
	}
	want := []string{
		`"Error","2214","2005-03-14 09:26:53","W3SVC-WP","SERVER","None","N/A","The HTTP filter DLL C:\filters\gone.dll failed to load. The data is the error."`,
		`"Error","2268","2005-03-14 09:26:53","W3SVC-WP","SERVER","None","N/A","Could not load all ISAPI filters for site 'Shop'. Therefore site startup aborted."`,
	}
	if diff := cmp.Diff(want, logLines(srv, Event)); diff != "" {
		t.Error(diff)
	}
	if n, m := len(logLines(srv, W3C)), len(logLines(srv, HTTPERR)); n != 0 || m != 2 {
		t.Errorf("%d W3C lines, %d of HTTPERR", n, m)
	}
}

// TestRawDataFilter: not loaded in worker process isolation mode, the site goes on;
// an event with the notification's name (S1, ms525612).
func TestRawDataFilter(t *testing.T) {
	srv := filtered(t, "own", `<IIsFilter	Location ="/LM/W3SVC/1/Filters/own" FilterPath="C:\filters\there.dll" FilterFlags="NotifyReadRawData"></IIsFilter>`, Options{})
	get(t, srv, "/hello.txt")
	if got := get(t, srv, "/hello.txt"); !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") {
		t.Errorf("got %q", got)
	}
	if all := logLines(srv, Event); len(all) != 1 || !strings.Contains(all[0], `"2222"`) || !strings.Contains(all[0], "SF_NOTIFY_READ_RAW_DATA") {
		t.Errorf("events %q", all)
	}
}

// TestDroppedLine: a filter can take the line out of the log (Gerhards, IIS
// Workflow); the beginning shows that the request came.
func TestDroppedLine(t *testing.T) {
	srv := filtered(t, "own", `<IIsFilter	Location ="/LM/W3SVC/1/Filters/own" FilterPath="D:\x\Fault.DropLog.dll"></IIsFilter>`, Options{Faults: true, BeginLog: true})
	if got := get(t, srv, "/hello.txt"); !strings.HasSuffix(got, "hello") {
		t.Errorf("got %q", got)
	}
	if n := len(logLines(srv, W3C)); n != 0 || len(Unfinished(srv.Records())) != 1 {
		t.Errorf("%d lines, records %v", n, srv.Records())
	}
}

// TestRewriter: a filter may change the URL in any way before it is mapped; several
// do so in turn (Gerhards, IIS Workflow). The log shows what they made: inferred.
func TestRewriter(t *testing.T) {
	const keys = `<IIsFilters	Location ="/LM/W3SVC/1/Filters" FilterLoadOrder="one,two"></IIsFilters>
<IIsFilter	Location ="/LM/W3SVC/1/Filters/one" FilterPath="C:\one\Fault.Rewrite.dll"></IIsFilter>
<IIsFilter	Location ="/LM/W3SVC/1/Filters/two" FilterPath="C:\two\fault.rewrite.DLL"></IIsFilter>`
	files := map[string][]byte{
		"C/one/Fault.Rewrite.dll": []byte("MZ"), "C/one/Fault.Rewrite.txt": []byte("no rule\r\n/product/ /show.asp?id=\r\n/prod /never\r\n/old/ /older/\r\n"),
		"C/two/fault.rewrite.DLL": []byte("MZ"), "C/two/Fault.Rewrite.txt": []byte("/older/ /\n"),
		"C/site/show.asp": []byte(`<%= Request.QueryString("id") %>|<%= Request.QueryString("x") %>|<%= Request.ServerVariables("URL") %>`),
	}
	for _, row := range []struct {
		path   string
		faults bool
		want   string
		log    string
	}{
		{"/product/7?x=1", true, "7|1|/show.asp", " GET /show.asp id=7&x=1 80 "},
		{"/product/7", true, "7||/show.asp", " GET /show.asp id=7 80 "},
		{"/old/hello.txt?a", true, "hello", " GET /hello.txt a 80 "},
		{"/hello.txt", true, "hello", " GET /hello.txt - 80 "},
		{"/old/hello.txt", false, "", " GET /old/hello.txt - 80 "},
	} {
		srv := start(t, snapshotOf(t, evidence{keys: keys, content: files}), Options{Faults: row.faults})
		status, _, body := parts(get(t, srv, row.path))
		if row.want != "" && (status != "HTTP/1.1 200 OK" || body != row.want) || row.want == "" && status != "HTTP/1.1 404 Not Found" {
			t.Errorf("%s: %s %q, want %q", row.path, status, body, row.want)
		}
		if all := logLines(srv, W3C); len(all) != 1 || !strings.Contains(all[0], row.log) {
			t.Errorf("%s: log %q, want %q", row.path, all, row.log)
		}
	}
}

// TestBeginLog: every request has a line at its beginning, only a finished one also
// at its end (Gerhards, IIS Workflow).
func TestBeginLog(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{Faults: true, BeginLog: true})
	get(t, srv, "/hello.txt?a")
	askReset(t, srv, "/crash.asp")
	get(t, srv, "/hello.txt")
	get(t, srv, "/quiet/a.txt") // DontLog
	want := []Record{
		{Begin, "1", "2005-03-14 09:26:53 - GET /hello.txt a 80 - 192.0.2.1 - - - -", 1},
		{Begin, "1", "2005-03-14 09:26:53 - GET /crash.asp - 80 - 192.0.2.1 - - - -", 2},
		{Begin, "1", "2005-03-14 09:26:53 - GET /hello.txt - 80 - 192.0.2.1 - - - -", 3},
	}
	var begun []Record
	for _, r := range srv.Records() {
		if r.Kind == Begin {
			begun = append(begun, r)
		}
	}
	if diff := cmp.Diff(want, begun); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[1:2], Unfinished(srv.Records())); diff != "" {
		t.Error(diff)
	}
}

// TestLogFolder: the folder has the layout of a server and is read back as evidence.
func TestLogFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "LogFiles")
	for range 2 { // a second start writes on, behind a head of its own
		srv, err := Start(fixture(t, "", ""), Options{Faults: true, BeginLog: true, Logs: dir, Now: (&clock{now: at}).Now})
		if err != nil {
			t.Fatal(err)
		}
		get(t, srv, "/hello.txt")
		askReset(t, srv, "/crash.asp")
		if err := srv.Close(); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(filepath.Join(dir, "W3SVC1", "ex050314.log"))
	if err != nil {
		t.Fatal(err)
	}
	const once = "#Software: Microsoft Internet Information Services 6.0\r\n#Version: 1.0\r\n#Date: 2005-03-14 09:26:53\r\n" +
		"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status\r\n" +
		"2005-03-14 09:26:53 127.0.0.1 GET /hello.txt - 80 - 192.0.2.1 - 200 0 0\r\n"
	if diff := cmp.Diff(once+once, string(raw)); diff != "" {
		t.Error(diff)
	}
	s, err := snapshot.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]snapshot.Kind{}
	for _, f := range s.Files {
		kinds[f.Path] = f.Kind
	}
	want := map[string]snapshot.Kind{"W3SVC1/ex050314.log": snapshot.KindW3C, "HTTPERR/httperr1.log": snapshot.KindHTTPERR,
		"events.csv": snapshot.KindEvents, "begin1.txt": snapshot.KindUnknown}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if len(s.Problems) > 0 {
		t.Errorf("problems %v", s.Problems)
	}
}

// TestUnlogged: lines that nobody asked for are not made, those that somebody did are.
func TestUnlogged(t *testing.T) {
	for name, c := range map[string]struct {
		options Options
		want    int
	}{
		"nobody":      {Options{Unlogged: true}, 0},
		"by default":  {Options{}, 1},
		"a folder":    {Options{Unlogged: true, Logs: filepath.Join(t.TempDir(), "LogFiles")}, 1},
		"--begin-log": {Options{Unlogged: true, BeginLog: true}, 2},
	} {
		srv := start(t, fixture(t, "", ""), c.options)
		get(t, srv, "/hello.txt")
		if got := srv.Records(); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestBeginningsAreNoLog: with the site's name in its rows too, the file of beginnings
// is not taken for a log whose head was lost.
func TestBeginningsAreNoLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "LogFiles")
	srv, err := Start(fixture(t, `LogExtFileFlags="2199551"`, ""), Options{BeginLog: true, Logs: dir, Now: (&clock{now: at}).Now})
	if err != nil {
		t.Fatal(err)
	}
	get(t, srv, "/hello.txt")
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Files {
		if f.Path == "begin1.txt" && f.Kind == snapshot.KindUnknown && len(s.Problems) == 0 {
			return
		}
	}
	t.Errorf("files %v, problems %v", s.Files, s.Problems)
}

// TestLogNames: LogFilePeriod 0 to 4.
func TestLogNames(t *testing.T) {
	for attribute, want := range map[string]string{
		"": "ex050314.log", `LogFilePeriod="0"`: "extend1.log", `LogFilePeriod="1"`: "ex050314.log",
		`LogFilePeriod="2"`: "ex050302.log", `LogFilePeriod="3"`: "ex0503.log", `LogFilePeriod="4"`: "ex05031409.log",
	} {
		srv := newServer(fixture(t, attribute, ""), Options{})
		if got := srv.logName("1", at); got != want {
			t.Errorf("%s: %s, want %s", attribute, got, want)
		}
	}
}

// TestTrace: TRACE is off by default and never sends credentials back (cc786149).
func TestTrace(t *testing.T) {
	s := fixture(t, "", "")
	registry, _ := snapshot.ReadRegistry(textOfFile(t, "w3svc.reg", "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\\Parameters]\r\n\"EnableTraceMethod\"=dword:00000001\r\n"))
	const request = "TRACE /hello.txt HTTP/1.1\r\nHost: a\r\nCookie: secret\r\nAuthorization: Basic eDp5\r\nConnection: close\r\n\r\n"
	if got := ask(t, start(t, s, Options{}), request); !strings.HasPrefix(got, "HTTP/1.1 501 ") {
		t.Errorf("off: %q", got)
	}
	s.Registry = registry
	status, head, body := parts(ask(t, start(t, s, Options{}), request))
	if status != "HTTP/1.1 200 OK" || !strings.Contains(head, "Content-Type: message/http\r\n") || body != "TRACE /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" {
		t.Errorf("on: %s %q %q", status, head, body)
	}
}

// TestURLScanLine: how a refused request is answered and logged (UrlScan 2 Reference).
func TestURLScanLine(t *testing.T) {
	srv := filtered(t, "own", `<IIsFilter	Location ="/LM/W3SVC/1/Filters/own" FilterPath="D:\x\urlscan.dll"></IIsFilter>`, Options{})
	srv.snapshot.URLScan, _ = snapshot.ReadUrlScan(textOfFile(t, "UrlScan.ini", "[Options]\r\nUseAllowVerbs=1\r\n[AllowVerbs]\r\nGET\r\n[DenyExtensions]\r\n.exe\r\n"))
	if status, _, _ := parts(get(t, srv, "/a.exe?b")); status != "HTTP/1.1 404 Not Found" {
		t.Errorf("got %s", status)
	}
	want := []string{"2005-03-14 09:26:53 127.0.0.1 GET /<Rejected-By-UrlScan> ~/a.exe?b 80 - 192.0.2.1 - 404 0 2"}
	if diff := cmp.Diff(want, logLines(srv, W3C)); diff != "" {
		t.Error(diff)
	}
}
