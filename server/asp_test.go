package server

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func post(t *testing.T, srv *Server, path, body string, fields ...string) (status, head, text string) {
	t.Helper()
	return parts(ask(t, srv, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n%sContent-Length: %d\r\n\r\n%s",
		path, lines(fields), len(body), body)))
}

// TestRequest: form, query, cookies and their order in Request("x").
func TestRequest(t *testing.T) {
	srv := tenant(t, "", "", Options{}, map[string]string{
		"site/f.asp": `<%= Request.Form("a") %>|<%= Request.QueryString("A") %>|<%= Request("b") %>|<%= Request.Cookies("c") %>|<%= Request.TotalBytes %>|<%= Request.QueryString %>`,
	})
	_, _, body := post(t, srv, "/f.asp?a=q%20q&b=2", "a=1+1&A=%3Cb&b=3", "Cookie: c=d")
	if want := "1 1, <b|q q|2|d|16|a=q%20q&b=2"; body != want {
		t.Errorf("%q, want %q", body, want)
	}
}

// TestPostLimits: AspMaxRequestEntityAllowed is 403 (ms525409, KB327659), a field of
// more than 100 KB ASP 0107 (S1, cc785706), BinaryRead of a chunked body that is too
// long ASP 0104 (KB327659).
func TestPostLimits(t *testing.T) {
	srv := tenant(t, "", "", Options{}, map[string]string{
		"site/f.asp": `<%= Len(Request.Form("a")) %>`, "site/b.asp": `<%= Len(Request.BinaryRead(Request.TotalBytes)) %>`,
	})
	field := func(n int) string { return "a=" + strings.Repeat("x", n) }
	pair := field(102397) + "&b=" + strings.Repeat("x", 102398) // 204,800 bytes
	for _, test := range []struct{ body, status, text, line string }{
		{field(102399), "HTTP/1.1 200 OK", "102399", " 200 0 0"},
		{field(102400), "HTTP/1.1 500 Internal Server Error", "error 'ASP 0107 : 80004005'</font>\n<p>\n<font face=\"Arial\" size=2>Data size too large", "|ASP_0107_:_80004005|Data_size_too_large 80 - 192.0.2.1 - 500 0 0"},
		{pair, "HTTP/1.1 200 OK", "102397", " 200 0 0"},
		{pair + "x", "HTTP/1.1 403 Forbidden", "", " 403 0 0"},
	} {
		status, _, text := post(t, srv, "/f.asp", test.body)
		if status != test.status || !strings.Contains(text, test.text) {
			t.Errorf("%d bytes: %s %.300q, want %s %q", len(test.body), status, text, test.status, test.text)
		}
		if all := logLines(srv, W3C); !strings.HasSuffix(all[len(all)-1], test.line) {
			t.Errorf("%d bytes: line %q, want %q", len(test.body), all[len(all)-1], test.line)
		}
	}
	chunk := strings.Repeat("x", 204801)
	status, _, text := parts(ask(t, srv, fmt.Sprintf("POST /b.asp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(chunk), chunk)))
	if status != "HTTP/1.1 500 Internal Server Error" || !strings.Contains(text, "error 'ASP 0104 : 80004005'") || !strings.Contains(text, "Operation not Allowed") {
		t.Errorf("chunked: %s %.300q", status, text)
	}
}

// TestBufferLimitOfALoop: a loop that writes beyond AspBufferingLimit is ASP 0251,
// line 0 (KB944886); Response.Flush and unbuffered pages go on.
func TestBufferLimitOfALoop(t *testing.T) {
	const loop = "\r\n<% For i = 1 To 100 : Response.Write \"0123456789\" : %F Next %>"
	srv := tenant(t, `AspBufferingLimit="500"`, "", Options{}, map[string]string{
		"site/loop.asp":  strings.Replace(loop, "%F", "", 1),
		"site/flush.asp": strings.Replace(loop, "%F", "Response.Flush :", 1),
		"site/off.asp":   "<% Response.Buffer = False %>" + strings.Replace(loop, "%F", "", 1),
		"site/late.asp":  "a<% Response.Flush : Response.ContentType = \"x\" %>",
		"site/flat.asp":  "a<% Response.Buffer = False : Response.Flush %>",
	})
	status, _, body := parts(get(t, srv, "/loop.asp"))
	for _, want := range []string{"<p>Response object</font> <font face=\"Arial\" size=2>error 'ASP 0251 : 80004005'</font>", "Response Buffer Limit Exceeded",
		"/loop.asp</font><font face=\"Arial\" size=2>, line 0</font>", "Execution of the ASP page caused the Response Buffer to exceed its configured limit."} {
		if status != "HTTP/1.1 500 Internal Server Error" || !strings.Contains(body, want) {
			t.Errorf("%s lacks %q: %q", status, want, body)
		}
	}
	if all := logLines(srv, W3C); !strings.Contains(all[0], "|ASP_0251_:_80004005|Response_Buffer_Limit_Exceeded 80 - 192.0.2.1 - 500 0 0") {
		t.Errorf("line %q", all)
	}
	_, head, body := parts(get(t, srv, "/flush.asp"))
	if !strings.Contains(head, "Transfer-Encoding: chunked\r\n") || strings.Contains(head, "Content-Length") ||
		body != "c\r\n\r\n0123456789\r\n"+strings.Repeat("a\r\n0123456789\r\n", 99)+"0\r\n\r\n" {
		t.Errorf("flushed: %q %q", head, body)
	}
	if _, _, body = parts(get(t, srv, "/off.asp")); strings.Count(body, "0123456789") != 100 || !strings.HasSuffix(body, "\r\n0\r\n\r\n") {
		t.Errorf("unbuffered: %.200q", body)
	}
	old := ask(t, srv, "GET /flush.asp HTTP/1.0\r\nHost: a\r\n\r\n")
	if strings.Contains(old, "chunked") || !strings.HasSuffix(old, "\r\n\r\n\r\n"+strings.Repeat("0123456789", 100)) {
		t.Errorf("HTTP/1.0: %q", old)
	}
	if _, _, body = parts(get(t, srv, "/late.asp")); !strings.Contains(body, "error 'ASP 0156 : 80004005'") || !strings.HasPrefix(body, "1\r\na\r\n") {
		t.Errorf("late header: %q", body)
	}
	if _, _, body = parts(get(t, srv, "/flat.asp")); !strings.Contains(body, "error 'ASP 0159 : 80004005'") {
		t.Errorf("flush without buffer: %q", body)
	}
}

// TestScriptTimeout: ASP 0113 with the captured sentence, by the server's clock.
func TestScriptTimeout(t *testing.T) {
	files := map[string]string{"site/ever.asp": "\r\n<% Do\r\nLoop %>", "site/long.asp": "<% For i = 1 To 20000 : Next %>done"}
	var n atomic.Int64
	slow := func() time.Time { return at.Add(time.Duration(n.Add(1)) * time.Second) } // each look at the clock is a second
	for _, test := range []struct {
		path, site string
		now        func() time.Time
		want       string
	}{
		{"/ever.asp", "", nil, "error 'ASP 0113'</font>\n<p>\n<font face=\"Arial\" size=2>Script timed out</font>\n<p>\n<font face=\"Arial\" size=2>/ever.asp</font><font face=\"Arial\" size=2>, line"},
		{"/long.asp", "", nil, "done"},
		{"/long.asp", `AspScriptTimeout="5"`, slow, "The maximum amount of time for a script to execute was exceeded. You can change this limit by specifying a new value for the property Server.ScriptTimeOut or by changing the value in the IIS administration tools."},
		{"/long.asp", `AspScriptTimeout="500"`, slow, "done"},
	} {
		srv := tenant(t, test.site, "", Options{Now: test.now}, files)
		if _, _, body := parts(get(t, srv, test.path)); !strings.Contains(body, test.want) {
			t.Errorf("%s %s: %.400q, want %q", test.path, test.site, body, test.want)
		}
	}
}

// TestObjects: a class that is not registered is ASP 0177 (code and name documented,
// the words behind them not), through VBScript error 429; files need rights.
func TestObjects(t *testing.T) {
	files := map[string]string{
		"site/mail.asp":   "\r\n<% Set m = Server.CreateObject(\"CDONTS.NewMail\") %>",
		"site/plain.asp":  `<% Set m = CreateObject("CDONTS.NewMail") %>`,
		"site/if.asp":     "<% If 1 = 1 Then\r\nSet m = Server.CreateObject(\"CDONTS.NewMail\")\r\nEnd If %>",
		"site/resume.asp": `<% On Error Resume Next : Set m = Server.CreateObject("CDONTS.NewMail") %>on`,
		"site/cdo.asp":    `<% Set m = Server.CreateObject("CDO.Message") : m.From = "a@contoso.com" : m.TextBody = "x" : m.AddAttachment "C:\a.txt" : m.Send %>ok`,
		"site/read.asp":   "<% Set f = Server.CreateObject(\"Scripting.FileSystemObject\")\r\nSet s = f.OpenTextFile(Server.MapPath(\"lines.txt\"), 1)\r\nDo While Not s.AtEndOfStream\r\nResponse.Write \"(\" & s.ReadLine & \")\"\r\nLoop\r\ns.Close %>",
		"site/gone.asp":   "<% Set f = Server.CreateObject(\"Scripting.FileSystemObject\")\r\nIf Not f.FileExists(\"C:\\site\\gone.txt\") Then Response.Write \"no\"\r\nSet s = f.OpenTextFile(\"C:\\site\\gone.txt\") %>",
		"site/locked.asp": "<% Set f = Server.CreateObject(\"Scripting.FileSystemObject\")\r\nSet s = f.OpenTextFile(\"C:\\site\\hello.txt\", 8) %>",
		"site/lines.txt":  "one\r\ntwo",
		"site/parent.asp": "<% p = \"..\"\r\nResponse.Write Server.MapPath(p & \"/x\") %>",
	}
	srv := tenant(t, "", "", Options{}, files)
	srv.snapshot.ACLs = aclsOf(t, "C:\\site\\hello.txt BUILTIN\\Users:R \r\n                   BUILTIN\\Administrators:F \r\n")
	for path, want := range map[string]string{
		"/mail.asp":   "<p>Server object</font> <font face=\"Arial\" size=2>error 'ASP 0177 : 800401f3'</font>\n<p>\n<font face=\"Arial\" size=2>Server.CreateObject Failed</font>\n<p>\n<font face=\"Arial\" size=2>/mail.asp</font><font face=\"Arial\" size=2>, line 2</font>\n<p>\n<font face=\"Arial\" size=2>Invalid class string</font>",
		"/plain.asp":  "error '800a01ad'</font>\n<p>\n<font face=\"Arial\" size=2>ActiveX component can't create object: 'CDONTS.NewMail'",
		"/if.asp":     "error 'ASP 0177 : 800401f3'",
		"/resume.asp": "on",
		"/cdo.asp":    "ok",
		"/read.asp":   "(one)(two)",
		"/gone.asp":   "error '800a0035'</font>\n<p>\n<font face=\"Arial\" size=2>File not found",
		"/locked.asp": "error '800a0046'</font>\n<p>\n<font face=\"Arial\" size=2>Permission denied</font>\n<p>\n<font face=\"Arial\" size=2>/locked.asp</font><font face=\"Arial\" size=2>, line 2",
		"/parent.asp": "<p>Server.MapPath()</font> <font face=\"Arial\" size=2>error 'ASP 0175 : 80004005'",
	} {
		if _, _, body := parts(get(t, srv, path)); !strings.Contains(body, want) {
			t.Errorf("%s: %q, want %q", path, body, want)
		}
	}
}

// TestResponse: redirect, status, headers, charset, expiry, and what a page adds to
// its line of the log.
func TestResponse(t *testing.T) {
	srv := tenant(t, "", "", Options{}, map[string]string{
		"site/go.asp":   `gone<% Response.Redirect "/hello.txt?a&b" %>never`,
		"site/all.asp":  `<%@ EnableSessionState=False %><% Response.Status = "404 Not here" : Response.Charset = "utf-8" : Response.Expires = 5 : Response.AddHeader "X-Own", "1" : Response.CacheControl = "public" : Response.AppendToLog "x,y" %>`,
		"site/evil.asp": "<% Response.AddHeader \"Content-Length\", \"0\" %>",
	})
	status, head, body := parts(get(t, srv, "/go.asp"))
	if status != "HTTP/1.1 302 Object moved" || !strings.Contains(head, "\r\nLocation: /hello.txt?a&b\r\n") || !strings.Contains(body, `<a HREF="/hello.txt?a&amp;b">`) || strings.Contains(body, "gone") {
		t.Errorf("%s %q %q", status, head, body)
	}
	status, head, _ = parts(get(t, srv, "/all.asp?q"))
	const want = "Connection: close\r\n" + date + "Server: Microsoft-IIS/6.0\r\nX-Powered-By: ASP.NET\r\nX-Own: 1\r\nContent-Length: 0\r\n" +
		"Content-Type: text/html; Charset=utf-8\r\nExpires: Mon, 14 Mar 2005 09:31:53 GMT\r\nCache-control: public"
	if status != "HTTP/1.1 404 Not here" || head != want {
		t.Errorf("%s\n%q\nwant\n%q", status, head, want)
	}
	if all := logLines(srv, W3C); !strings.HasSuffix(all[1], "GET /all.asp qxy 80 - 192.0.2.1 - 404 0 0") {
		t.Errorf("line %q", all[1])
	}
	if answer := get(t, srv, "/evil.asp"); strings.Count(answer, "Content-Length") != 1 || !strings.Contains(answer, "is not modelled") {
		t.Errorf("got %q", answer)
	}
}
