package server

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/iis"
)

// TestAnswers: whole answers as typed from captured ones. Orders of fields: static
// 200, error page and ASP 200 from captured IIS 6.0 answers; ETag of iisstart.htm
// (2003-02-21 15:48:30) "05b3daec0d9c21:358"; the 304's order is not documented.
func TestAnswers(t *testing.T) {
	const tail = "Server: Microsoft-IIS/6.0\r\nX-Powered-By: ASP.NET\r\n" + date + "Connection: close\r\n\r\n"
	const aspHead = "Connection: close\r\n" + date + "Server: Microsoft-IIS/6.0\r\nX-Powered-By: ASP.NET\r\n"
	const file = "Last-Modified: Fri, 21 Feb 2003 15:48:30 GMT\r\nAccept-Ranges: bytes\r\nETag: \"05b3daec0d9c21:358\"\r\n"
	for _, test := range []struct {
		name, path string
		fields     []string
		want       string
	}{
		{"static file", "/hello.txt", nil,
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n" + file + tail + "hello"},
		{"empty file", "/empty.txt", nil,
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n" + file + tail},
		{"default document", "/", nil,
			"HTTP/1.1 200 OK\r\nContent-Length: 14\r\nContent-Type: text/html\r\nContent-Location: http://www.contoso.com/Default.htm\r\n" + file + tail + "<p>welcome</p>"},
		{"same tag", "/hello.txt", []string{`If-None-Match: "x", "05b3daec0d9c21:358"`}, "HTTP/1.1 304 Not Modified\r\n" + file + tail},
		{"other tag wins over the time", "/hello.txt", []string{`If-None-Match: "x"`, "If-Modified-Since: Fri, 21 Feb 2003 15:48:30 GMT"},
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n" + file + tail + "hello"},
		{"same time", "/hello.txt", []string{"If-Modified-Since: Fri, 21 Feb 2003 15:48:30 GMT; length=5"}, "HTTP/1.1 304 Not Modified\r\n" + file + tail},
		{"a second before", "/hello.txt", []string{"If-Modified-Since: Fri, 21 Feb 2003 15:48:29 GMT"},
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n" + file + tail + "hello"},
		{"a page", "/page.asp", nil,
			"HTTP/1.1 200 OK\r\n" + aspHead + "Content-Length: 26\r\nContent-Type: text/html\r\nCache-control: private\r\n\r\n" +
				"\r\n\r\n<p>a \"b\"7</p>[part]end"},
		{"a page's own type", "/type.asp", nil,
			"HTTP/1.1 200 OK\r\n" + aspHead + "Content-Length: 1\r\nContent-Type: text/plain\r\nCache-control: private\r\n\r\nx"},
		{"ASP 0131, KB226474; layout captured", "/parent.asp", nil,
			"HTTP/1.1 500 Internal Server Error\r\n" + aspHead + "Content-Length: 376\r\nContent-Type: text/html\r\nCache-control: private\r\n\r\n" +
				" <font face=\"Arial\" size=2>\n<p>Active Server Pages</font> <font face=\"Arial\" size=2>error 'ASP 0131'</font>\n<p>\n" +
				"<font face=\"Arial\" size=2>Disallowed Parent Path</font>\n<p>\n" +
				"<font face=\"Arial\" size=2>/parent.asp</font><font face=\"Arial\" size=2>, line 2</font>\n<p>\n" +
				"<font face=\"Arial\" size=2>The Include file '../x.inc' cannot contain '..' to indicate the parent directory.</font>"},
		{"403.14, captured body of 218 bytes", "/quiet/", nil,
			"HTTP/1.1 403 Forbidden\r\nContent-Length: 218\r\nContent-Type: text/html\r\n" + tail +
				"<html><head><title>Error</title></head><body><head><title>Directory Listing Denied</title></head>\n" +
				"<body><h1>Directory Listing Denied</h1>This Virtual Directory does not allow contents to be listed.</body></body></html>"},
		{"a custom error file that was collected", "/noread/a.htm", nil,
			"HTTP/1.1 403 Forbidden\r\nContent-Length: 11\r\nContent-Type: text/html\r\n" + tail + "<p>ours</p>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := start(t, fixture(t, "", ""), Options{})
			if got := get(t, srv, test.path, test.fields...); got != test.want {
				t.Errorf("got\n%q\nwant\n%q", got, test.want)
			}
		})
	}
}

// TestErrorPages: title, sentence and error name of the installed pages (captured)
// and the order of an error page's fields.
func TestErrorPages(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	for _, test := range []struct {
		path, status, fields string
		body                 []string
	}{
		{"/data.json", "HTTP/1.1 404 Not Found", "Content-Length Content-Type Server X-Powered-By Date Connection",
			[]string{"<TITLE>The page cannot be found</TITLE>", "<h2>HTTP Error 404 - File or directory not found.<br>Internet Information Services (IIS)</h2>",
				"The page you are looking for might have been removed, had its name changed, or is temporarily unavailable."}},
		{"/nothing.txt", "HTTP/1.1 404 Not Found", "Content-Length Content-Type Server X-Powered-By Date Connection",
			[]string{"The page cannot be found"}},
		{"/private/a.txt", "HTTP/1.1 401 Unauthorized",
			"Content-Length Content-Type Server WWW-Authenticate WWW-Authenticate WWW-Authenticate X-Powered-By Date Connection",
			[]string{"You are not authorized to view this page", "HTTP Error 401.2 - Unauthorized: Access is denied due to server configuration."}},
		{"/mapped.asp", "HTTP/1.1 500 Internal Server Error", "Connection Date Server X-Powered-By Content-Length Content-Type Cache-control",
			[]string{"<p>Server.MapPath()</font> <font face=\"Arial\" size=2>error 'ASP 0175 : 80004005'</font>", "Disallowed Path Characters"}},
		{"/browse", "HTTP/1.1 301 Moved Permanently", "Content-Length Content-Type Location Server X-Powered-By Date Connection",
			[]string{`<a HREF="http://www.contoso.com/browse/">here</a>`}},
		{"/browse/", "HTTP/1.1 200 OK", "Content-Length Content-Type Server X-Powered-By Date Connection",
			[]string{`<A HREF="/browse/x&amp;y.txt">x&amp;y.txt</A>`, "[To Parent Directory]"}},
	} {
		status, head, body := parts(get(t, srv, test.path))
		if status != test.status || names(head) != test.fields {
			t.Errorf("%s: %s, fields %q; want %s, %q", test.path, status, names(head), test.status, test.fields)
		}
		for _, want := range test.body {
			if !strings.Contains(body, want) {
				t.Errorf("%s: body lacks %q:\n%s", test.path, want, body)
			}
		}
	}
}

// TestChallenges: Negotiate, NTLM, then Basic with the host as realm (captured).
func TestChallenges(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	_, head, _ := parts(get(t, srv, "/private/a.txt"))
	const want = "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nWWW-Authenticate: Basic realm=\"www.contoso.com\"\r\n"
	if !strings.Contains(head, want) {
		t.Errorf("head %q lacks %q", head, want)
	}
	// User and password "Aladdin:open sesame" are RFC 2617's own example.
	if got := get(t, srv, "/private/a.txt", "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); !strings.HasSuffix(got, "\r\n\r\nfor members") {
		t.Errorf("with credentials: %q", got)
	}
}

// TestUnknownStatement: a fault folder fails where the server does not know a
// statement, a user's own page says so and goes out.
func TestUnknownStatement(t *testing.T) {
	for _, test := range []struct {
		faults       bool
		status, body string
	}{
		{false, "HTTP/1.1 200 OK", "head\r\n\n<p>reached the script; line 2 of content/C/site/loop.asp is not modelled</p>\n"},
		{true, "HTTP/1.1 500 Internal Server Error", "line 2 of content/C/site/loop.asp is not modelled: Class c"},
	} {
		srv := start(t, fixture(t, "", ""), Options{Faults: test.faults})
		if status, _, body := parts(get(t, srv, "/loop.asp")); status != test.status || !strings.Contains(body, test.body) {
			t.Errorf("faults %v: %s %q", test.faults, status, body)
		}
	}
}

// TestNoCrashOutsideFaults: Fault.Crash is a class like any other on a user's page.
func TestNoCrashOutsideFaults(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	if _, _, body := parts(get(t, srv, "/crash.asp")); body != "beforeafter" {
		t.Errorf("got %q", body)
	}
}

// TestAssumedFile: a file that was not collected is answered by a page that says so.
func TestAssumedFile(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	srv.decide = func(r iis.Request) (iis.Outcome, bool) {
		o := srv.model.Decide(r)
		o.FileAssumed, o.Target.Physical = true, `D:\a<b>.txt`
		return o, true
	}
	status, _, body := parts(get(t, srv, "/hello.txt"))
	if status != "HTTP/1.1 200 OK" || !strings.Contains(body, "not in the snapshot") || !strings.Contains(body, `D:\a&lt;b&gt;.txt`) {
		t.Errorf("%s %q", status, body)
	}
}

// TestBufferingLimit: a page larger than AspBufferingLimit is ASP 0251 (KB944886).
func TestBufferingLimit(t *testing.T) {
	for _, test := range []struct {
		limit, status, body string
	}{
		{"26", "HTTP/1.1 200 OK", "[part]end"},
		{"25", "HTTP/1.1 500 Internal Server Error", "error 'ASP 0251 : 80004005'"},
	} {
		srv := start(t, fixture(t, `AspBufferingLimit="`+test.limit+`"`, ""), Options{})
		if status, _, body := parts(get(t, srv, "/page.asp")); status != test.status || !strings.Contains(body, test.body) {
			t.Errorf("limit %s: %s %q", test.limit, status, body)
		}
	}
}

// TestBigFile: content larger than one buffer arrives whole.
func TestBigFile(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	_, _, body := parts(get(t, srv, "/big.gif"))
	if len(body) != 1048577 || strings.Trim(body, "\x07") != "" {
		t.Errorf("got %d bytes", len(body))
	}
}

// TestEvaluate: the expressions of VBScript that the server knows; "?" is not modelled.
func TestEvaluate(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`"a"`, "a"},
		{`("a")`, "a"},
		{`"a" & "b"&1`, "ab1"},
		{`"say ""hi"""`, `say "hi"`},
		{`007`, "7"},
		{`("a") & ("b")`, "ab"},
		{`1 + 2 * 3`, "7"},
		{`(1 + 2) * 3 - -1`, "10"},
		{`1 & 2 + 3`, "15"},
		{`"1" + "2"`, "12"},
		{`"1" + 2`, "3"},
		{`7 Mod 4`, "3"},
		{`1 = 1 And Not 2 < 1`, "True"},
		{`1 > 2 Or "a" <> "a"`, "False"},
		{`Len("abc") & UCase("x") & CInt("4")`, "3X4"},
		{`y`, ""},
		{`y & "a" & x`, "a5"},
		{`String(3, "z")`, "zzz"},
		{`"a" & undeclared`, "?"},
		{`"a`, "?"},
		{`1.5`, "?"},
		{`"a" "b"`, "?"},
		{`"a" &`, "?"},
		{``, "?"},
		{`(`, "?"},
		{`1 / 2`, "?"},
		{`"a" + 1`, "800a000d Type mismatch"},
		{`1 Mod 0`, "800a000b Division by zero"},
	} {
		r := &run{vars: map[string]value{"x": int64(5), "y": nil}}
		v, err := r.evaluate(test.text)
		got, _ := textOf(v)
		switch {
		case err == errNotModelled:
			got = "?"
		case err != nil:
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.text, got, test.want)
		}
	}
}

// TestRefusedHeaders: what a snapshot or request brings cannot end a header line or
// change where an answer ends.
func TestRefusedHeaders(t *testing.T) {
	site := "HttpCustomHeaders=\"Content-Length: 0\n\t\t\tBad Name: x\n\t\t\tX-Own: a&#13;X-Evil: b\""
	srv := start(t, fixture(t, site, ""), Options{})
	answer := get(t, srv, "/hello.txt")
	_, head, body := parts(answer)
	if strings.Count(head, "Content-Length") != 1 || strings.Contains(head, "Bad Name") || strings.Contains(answer, "\rX-Evil") || body != "hello" {
		t.Errorf("got %q", answer)
	}
}
