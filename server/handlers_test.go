package server

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// handlers are script maps and list entries for SSI, CGI and an ISAPI extension.
const handlers = `ScriptMaps=".asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE
			.stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST
			.pl,C:\perl\perl.exe &quot;%s&quot; %s,5
			.xyz,C:\xyz\xyz.dll,1" `

const allHandlers = `WebSvcExtRestrictionList="1,*.dll
			1,*.exe"`

// programs serves pages of all handlers; pool is the pool's attributes.
func programs(t *testing.T, site, pool string, o Options, files map[string]string) *Server {
	t.Helper()
	return start(t, programsOf(t, site, pool, files), o)
}

func programsOf(t *testing.T, site, pool string, files map[string]string) *snapshot.Snapshot {
	t.Helper()
	text := strings.Replace(metabaseOf(site+" "+handlers, pool), `WebSvcExtRestrictionList="1,C:\WINDOWS\system32\inetsrv\asp.dll"`, allHandlers, 1)
	all := fstest.MapFS{"MetaBase.xml": {Data: []byte(text)}}
	for name, text := range files {
		all["content/C/site/"+name] = &fstest.MapFile{Data: []byte(text), ModTime: fileTime}
	}
	s, err := snapshot.OpenFS(all)
	if err != nil || len(s.Problems) > 0 {
		t.Fatal(err, s.Problems)
	}
	return s
}

// TestCGI: the program that runs is this one; it has the variables of CGI/1.1 and
// nothing of this computer's environment.
func TestCGI(t *testing.T) {
	t.Setenv("SECRET", "not for programs")
	srv := programs(t, "", "", Options{}, map[string]string{"sum.pl": "print 1"})
	status, head, body := parts(ask(t, srv, "POST /sum.pl?a=b HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\nX-Own: c\r\nProxy: evil\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\nContent-Type: text/x\r\nContent-Length: 5\r\n\r\nhello"))
	if status != "HTTP/1.1 200 OK" || names(head) != "Content-Length Content-Type Server X-Powered-By Date Connection" {
		t.Errorf("%s %q", status, head)
	}
	for _, want := range []string{"GATEWAY_INTERFACE=CGI/1.1", "REQUEST_METHOD=POST", "QUERY_STRING=a=b", "SCRIPT_NAME=/sum.pl", `PATH_TRANSLATED=C:\site\sum.pl`,
		"CONTENT_LENGTH=5", "CONTENT_TYPE=text/x", "SERVER_NAME=www.contoso.com", "SERVER_PORT=80", "SERVER_PROTOCOL=HTTP/1.1", "SERVER_SOFTWARE=Microsoft-IIS/6.0",
		"REMOTE_ADDR=192.0.2.1", "HTTP_X_OWN=c", "APPL_MD_PATH=/LM/W3SVC/1/ROOT", "INSTANCE_ID=1", "5 bytes on standard input"} {
		if !strings.Contains(body, want+"\r\n") {
			t.Errorf("lacks %q: %s", want, body)
		}
	}
	for _, never := range []string{"SECRET", "PATH=", "HTTP_AUTHORIZATION", "HTTP_PROXY", cgiMark} {
		if strings.Contains(body, "\n"+never) {
			t.Errorf("holds %q: %s", never, body)
		}
	}
}

// TestCGIFails: 502.2 with its captured body of 232 bytes, 502.1 with event 2216
// (cc758052) when CGITimeout is over by the server's clock.
func TestCGIFails(t *testing.T) {
	c := &clock{now: at}
	srv := programs(t, `CGITimeout="60"`, "", Options{Faults: true, Now: c.Now}, map[string]string{"Fault.Headers.pl": "", "Fault.Slow.pl": ""})
	const want = "<html><head><title>Error</title></head><body><head><title>Error in CGI Application</title></head>\n" +
		"<body><h1>CGI Error</h1>The specified CGI application misbehaved by not returning a complete set of HTTP headers.</body></body></html>"
	if status, head, body := parts(get(t, srv, "/Fault.Headers.pl")); status != "HTTP/1.1 502 Bad Gateway" || body != want || !strings.HasPrefix(head, "Content-Length: 232\r\n") {
		t.Errorf("%s %q %q", status, head, body)
	}
	go func() {
		time.Sleep(100 * time.Millisecond)
		c.add(61 * time.Second)
	}()
	if status, _, _ := parts(get(t, srv, "/Fault.Slow.pl?q")); status != "HTTP/1.1 502 Bad Gateway" {
		t.Errorf("slow: %s", status)
	}
	event := `"Warning","2216","2005-03-14 09:27:54","W3SVC-WP","SERVER","None","N/A","The script that was started from the URL /Fault.Slow.pl with parameters q has not responded within the configured time-out period. The HTTP server is terminating the script."`
	if diff := cmp.Diff([]string{event}, logLines(srv, Event)); diff != "" {
		t.Error(diff)
	}
	all := logLines(srv, W3C)
	if len(all) != 2 || !strings.Contains(all[0], " 502 2 ") || !strings.Contains(all[1], " 502 1 ") {
		t.Errorf("log %q", all)
	}
}

// TestFromCGI: what a program prints becomes the answer.
func TestFromCGI(t *testing.T) {
	srv := programs(t, "", "", Options{}, nil)
	for _, test := range []struct{ printed, status, contains string }{
		{"Content-Type: text/x\n\nbody", "200", "Content-Type: text/x\r\n"},
		{"Status: 404 Gone away\r\nContent-Type: a/b\r\n\r\n", "404", "Content-Length: 0\r\n"},
		{"Location: /x\r\n\r\n", "302", "Location: /x\r\n"},
		{"X-Own: 1\r\nContent-Length: 99\r\n\r\n1", "200", "X-Own: 1\r\n"},
		{"no header\r\n\r\n", "502.2", ""},
		{"Content-Type: a/b", "502.2", ""},
		{"", "502.2", ""},
		{"Bad Name: x\r\n\r\n", "502.2", ""},
		{"Status: 999 x\r\n\r\n", "200", ""},
	} {
		x := &exchange{Server: srv, plan: &plan{}, out: &iis.Outcome{}, head: &head{}}
		r := x.fromCGI([]byte(test.printed))
		if string(r.status) != test.status || !strings.Contains(string(r.fields), test.contains) || strings.Count(string(r.fields), "Content-Length") != 1 {
			t.Errorf("%q: %s %q", test.printed, r.status, r.fields)
		}
	}
}

// TestSSI: directives, and "..": 404 with event 2218 (S1, "Parent paths").
func TestSSI(t *testing.T) {
	files := map[string]string{
		"a.stm":     "1<!--#include file=\"b.inc\"-->2<!-- #include virtual=\"/sub/c.inc\" -->3<!--#echo var=\"SERVER_NAME\"--><!-- plain --><% x %><!--#exec cmd=\"dir\"-->4<!--#fsize file=\"b.inc\"-->",
		"b.inc":     "[b]",
		"sub/c.inc": "[c<!--#include file=\"d.inc\"-->]",
		"sub/d.inc": "d",
		"up.stm":    "x\r\n<!--#include file=\"../b.inc\"-->",
		"self.stm":  "a<!--#include file=\"self.stm\"-->b",
		"gone.stm":  "a<!--#include file=\"gone.inc\"-->b",
	}
	srv := programs(t, "", "", Options{}, files)
	for path, want := range map[string]string{
		"/a.stm":    "1[b]2[cd]3www.contoso.com<!-- plain --><% x %><!-- #exec is not carried out here -->43",
		"/self.stm": "ab",
		"/gone.stm": "aError processing SSI fileb",
	} {
		if status, _, body := parts(get(t, srv, path)); status != "HTTP/1.1 200 OK" || body != want {
			t.Errorf("%s: %s %q, want %q", path, status, body, want)
		}
	}
	srv = programs(t, "", "", Options{}, files)
	if status, _, _ := parts(get(t, srv, "/up.stm")); status != "HTTP/1.1 404 Not Found" {
		t.Errorf("up: %s", status)
	}
	if all := logLines(srv, Event); len(all) != 1 || !strings.Contains(all[0], `"2218"`) ||
		!strings.Contains(all[0], `The HTTP server encountered an error processing the server-side include file C:\site\up.stm. The error was `) {
		t.Errorf("events %q", all)
	}
	srv = programs(t, `AspEnableParentPaths="TRUE"`, "", Options{}, files)
	if status, _, _ := parts(get(t, srv, "/up.stm")); status != "HTTP/1.1 200 OK" {
		t.Errorf("parent paths on: %s", status)
	}
}

// TestISAPI: an extension of somebody else is reached and said not to be run; one whose
// DLL is known to be missing is not reached.
func TestISAPI(t *testing.T) {
	for _, faults := range []bool{false, true} {
		srv := programs(t, "", "", Options{Faults: faults}, map[string]string{"a.xyz": "x"})
		if status, _, body := parts(get(t, srv, "/a.xyz")); status != "HTTP/1.1 200 OK" || !strings.Contains(body, "which this server does not run") {
			t.Errorf("faults %v: %s %s", faults, status, body)
		}
	}
}

// TestRange: RFC 2616 14.35 and 14.27.
func TestRange(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	const tag = `"05b3daec0d9c21:358"`
	for _, test := range []struct {
		fields         []string
		status         string
		contains, body string
	}{
		{[]string{"Range: bytes=1-3"}, "HTTP/1.1 206 Partial Content", "Content-Length: 3\r\nContent-Type: text/plain\r\nContent-Range: bytes 1-3/5\r\n", "ell"},
		{[]string{"Range: bytes=3-"}, "HTTP/1.1 206 Partial Content", "Content-Range: bytes 3-4/5\r\n", "lo"},
		{[]string{"Range: bytes=-2"}, "HTTP/1.1 206 Partial Content", "Content-Range: bytes 3-4/5\r\n", "lo"},
		{[]string{"Range: bytes=-99"}, "HTTP/1.1 206 Partial Content", "Content-Range: bytes 0-4/5\r\n", "hello"},
		{[]string{"Range: bytes=0-99999999999999999999"}, "HTTP/1.1 206 Partial Content", "Content-Range: bytes 0-4/5\r\n", "hello"},
		{[]string{"Range: bytes=5-"}, "HTTP/1.1 416 Requested Range Not Satisfiable", "Content-Range: bytes */5\r\n", ""},
		{[]string{"Range: bytes=-0"}, "HTTP/1.1 416 Requested Range Not Satisfiable", "Content-Range: bytes */5\r\n", ""},
		{[]string{"Range: bytes=3-1"}, "HTTP/1.1 200 OK", "", "hello"},
		{[]string{"Range: lines=0-1"}, "HTTP/1.1 200 OK", "", "hello"},
		{[]string{"Range: bytes=x"}, "HTTP/1.1 200 OK", "", "hello"},
		{[]string{"Range: bytes=0-1", "If-Range: " + tag}, "HTTP/1.1 206 Partial Content", "", "he"},
		{[]string{"Range: bytes=0-1", `If-Range: "other"`}, "HTTP/1.1 200 OK", "", "hello"},
		{[]string{"Range: bytes=0-1", "If-Range: Fri, 21 Feb 2003 15:48:30 GMT"}, "HTTP/1.1 206 Partial Content", "", "he"},
		{[]string{"Range: bytes=0-1", "If-Range: Fri, 21 Feb 2003 15:48:31 GMT"}, "HTTP/1.1 200 OK", "", "hello"},
		{[]string{"If-Match: " + tag}, "HTTP/1.1 200 OK", "", "hello"},
		{[]string{`If-Match: "other"`}, "HTTP/1.1 412 Precondition Failed", "", ""},
		{[]string{"If-Unmodified-Since: Fri, 21 Feb 2003 15:48:29 GMT"}, "HTTP/1.1 412 Precondition Failed", "", ""},
		{[]string{"If-Unmodified-Since: Fri, 21 Feb 2003 15:48:30 GMT"}, "HTTP/1.1 200 OK", "", "hello"},
	} {
		status, head, body := parts(get(t, srv, "/hello.txt", test.fields...))
		if status != test.status || !strings.Contains(head+"\r\n", test.contains) || test.body != "" && body != test.body {
			t.Errorf("%q: %s %q %q, want %s %q %q", test.fields, status, head, body, test.status, test.contains, test.body)
		}
	}
}

// TestByteRanges: several ranges come as parts, each with its type and place (RFC 2616
// 14.16, 19.2); the boundary of IIS is not documented. What together would be more
// than the file gets the file.
func TestByteRanges(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	for _, row := range []struct {
		spec   string
		status int
		want   []string // each part's place and text
	}{
		{"bytes=0-1,3-4", 206, []string{"bytes 0-1/5 he", "bytes 3-4/5 lo"}},
		{"bytes=3-4, 0-1", 206, []string{"bytes 3-4/5 lo", "bytes 0-1/5 he"}},
		{"bytes=-1,0-0,1-1", 206, []string{"bytes 4-4/5 o", "bytes 0-0/5 h", "bytes 1-1/5 e"}},
		{"bytes=0-0,9-", 206, []string{"bytes 0-0/5 h"}},
		{"bytes=7-8,9-", 416, nil},
		{"bytes=0-3,1-4", 200, nil},
		{"bytes=0-0,x", 200, nil},
		{"bytes=0-0,3-1", 200, nil},
		{"bytes=0-0,", 200, nil},
		{"bytes=" + strings.Repeat("0-0,", 64) + "0-0", 200, nil},
	} {
		request, err := http.ReadResponse(bufio.NewReader(strings.NewReader(get(t, srv, "/hello.txt", "Range: "+row.spec))), nil)
		if err != nil {
			t.Fatal(row.spec, err)
		}
		body, err := io.ReadAll(request.Body)
		if err != nil || request.StatusCode != row.status || row.status == 200 && string(body) != "hello" {
			t.Errorf("%s: %s %q, %v", row.spec, request.Status, body, err)
		}
		if row.status != 206 {
			continue
		}
		kind, parameters, _ := mime.ParseMediaType(request.Header.Get("Content-Type"))
		if kind != "multipart/byteranges" {
			t.Errorf("%s: %s", row.spec, kind)
		}
		var got []string
		for r := multipart.NewReader(bytes.NewReader(body), parameters["boundary"]); ; {
			part, err := r.NextPart()
			if err != nil {
				break
			}
			text, _ := io.ReadAll(part)
			if part.Header.Get("Content-Type") != "text/plain" {
				t.Errorf("%s: a part of %s", row.spec, part.Header.Get("Content-Type"))
			}
			got = append(got, part.Header.Get("Content-Range")+" "+string(text))
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.spec, diff)
		}
	}
}

// TestErrorURL: an entry URL of HttpErrors hands the failed request to a page.
func TestErrorURL(t *testing.T) {
	srv := tenant(t, `HttpErrors="404,*,URL,/lost.asp
			403,*,URL,/gone.asp"`, "", Options{}, map[string]string{"site/lost.asp": `<% Response.Status = "404 Lost" %>lost <%= Request.QueryString %>`})
	status, _, body := parts(get(t, srv, "/no%20such.txt?a"))
	if status != "HTTP/1.1 404 Lost" || body != "lost 404;http://www.contoso.com/no%20such.txt?a" {
		t.Errorf("%s %q", status, body)
	}
	if all := logLines(srv, W3C); !strings.HasSuffix(all[0], "GET /lost.asp 404;http://www.contoso.com/no%20such.txt?a 80 - 192.0.2.1 - 404 0 0") {
		t.Errorf("line %q", all)
	}
	if status, _, body = parts(get(t, srv, "/sub/")); status != "HTTP/1.1 403 Forbidden" || !strings.Contains(body, "Directory Listing Denied") {
		t.Errorf("a page that is missing itself: %s %q", status, body)
	}
}

// TestUnixCase: S1, "UNIX and Linux file servers": the static file cache knows names
// in upper case, so that a second request gets the first one's file.
func TestUnixCase(t *testing.T) {
	for _, test := range []struct{ attribute, want string }{
		{"", "lower lower"}, {`DisableStaticFileCache="TRUE"`, "lower UPPER"},
	} {
		text := strings.Replace(metabaseOf(`AspAllowSessionState="FALSE"`, ""), "</MBProperty>", `<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT/nfs" Path="\\unix\web" `+test.attribute+`></IIsWebVirtualDir></MBProperty>`, 1)
		s, err := snapshot.OpenFS(fstest.MapFS{"MetaBase.xml": {Data: []byte(text)},
			"content/UNC/unix/web/a.txt": {Data: []byte("lower")}, "content/UNC/unix/web/A.TXT": {Data: []byte("UPPER")}})
		if err != nil {
			t.Fatal(err)
		}
		srv := start(t, s, Options{})
		_, _, first := parts(get(t, srv, "/nfs/a.txt"))
		_, _, second := parts(get(t, srv, "/nfs/A.TXT"))
		if got := fmt.Sprint(first, " ", second); got != test.want {
			t.Errorf("%s: %s, want %s", test.attribute, got, test.want)
		}
	}
}
