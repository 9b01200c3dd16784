package server

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const allFields = `LogExtFileFlags="4194303"`

// TestW3CHeader: the columns of IIS 6.0 in order; the internal default 0x218FCF of
// ms524906 where nothing is set.
func TestW3CHeader(t *testing.T) {
	for _, test := range []struct{ site, fields string }{
		{"", "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status"},
		{allFields, "#Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken"},
		{`LogExtFileFlags="LogExtFileTime | LogExtFileHttpStatus"`, "#Fields: time sc-status"},
	} {
		srv := start(t, fixture(t, test.site, ""), Options{})
		want := []string{"#Software: Microsoft Internet Information Services 6.0", "#Version: 1.0", "#Date: 2005-03-14 09:26:53", test.fields}
		if diff := cmp.Diff(want, srv.W3CHeader("1")); diff != "" {
			t.Errorf("%s: %s", test.site, diff)
		}
	}
}

// TestW3CLine: bytes typed from the log documentation: "-" for no value, "+" for
// blanks; 404 2 1260, 403 14 5, 500 0 0 seen in IIS 6.0 logs; 404 3 50 and 404 0 2 for
// later versions.
func TestW3CLine(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{ClientIP: "198.51.100.7"})
	for _, test := range []struct{ path, want string }{
		{"/hello.txt", "GET /hello.txt - 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 200 0 0"},
		{"/", "GET /Default.htm - 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 200 0 0"},
		{"/hello%2etxt?a=b+c", "GET /hello.txt a=b+c 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 200 0 0"},
		{"/data.json", "GET /data.json - 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 404 3 50"},
		{"/nothing.txt", "GET /nothing.txt - 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 404 0 2"},
		{"/no/thing.txt", "GET /no/thing.txt - 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 404 0 3"},
		{"/sub/", "GET /sub/ - 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 403 14 5"},
		{"/parent.asp?x=1", "GET /parent.asp x=1|2|ASP_0131|Disallowed_Parent_Path 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 500 0 0"},
		{"/parent.asp", "GET /parent.asp |2|ASP_0131|Disallowed_Parent_Path 80 - 198.51.100.7 Mozilla/4.0+(compatible;+MSIE+6.0) 500 0 0"},
	} {
		before := len(srv.Records())
		get(t, srv, test.path, "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0)")
		all := srv.Records()[before:]
		want := []Record{{Kind: W3C, Site: "1", Line: "2005-03-14 09:26:53 127.0.0.1 " + test.want}}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("%s: %s", test.path, diff)
		}
	}
}

// TestAllColumns: every column, with the real counts of bytes.
func TestAllColumns(t *testing.T) {
	srv := start(t, fixture(t, allFields, ""), Options{})
	const request = "GET /private/a.txt?q HTTP/1.0\r\nHost: www.contoso.com:8080\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n" +
		"Cookie: a=b; c=d\r\nReferer: http://x/\r\n\r\n"
	answer := ask(t, srv, request)
	line := logLines(srv, W3C)[0]
	const want = "2005-03-14 09:26:53 W3SVC1 WEB01 127.0.0.1 GET /private/a.txt q 80 Aladdin 192.0.2.1 HTTP/1.0 - a=b;+c=d http://x/ www.contoso.com:8080 200 0 0 "
	counts, ok := strings.CutPrefix(line, want)
	fields := strings.Fields(counts)
	if !ok || len(fields) != 3 || fields[0] != strconv.Itoa(len(answer)) || fields[1] != strconv.Itoa(len(request)) {
		t.Errorf("line %q, want %q%d %d and a time", line, want, len(answer), len(request))
	}
}

// TestNotLogged: DontLog and LogType 0 leave no line.
func TestNotLogged(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	get(t, srv, "/quiet/a.txt")
	off := start(t, fixture(t, `LogType="0"`, ""), Options{})
	get(t, off, "/hello.txt")
	if n := len(srv.Records()) + len(off.Records()); n != 0 {
		t.Errorf("%d lines", n)
	}
}

// TestHTTPErr: the 13 columns of KB820729; the client's port is the socket's.
func TestHTTPErr(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{ClientIP: "198.51.100.7"})
	c := dial(t, srv, 80)
	_, port := split(c.LocalAddr())
	c.Write([]byte("GET /a%20b?c HTTP/1.1\r\n\r\n"))
	c.Read(make([]byte, 1000))
	want := []string{"2005-03-14 09:26:53 198.51.100.7 " + port + " 127.0.0.1 80 HTTP/1.1 GET /a%20b?c 400 - Hostname -"}
	if diff := cmp.Diff(want, logLines(srv, HTTPERR)); diff != "" {
		t.Error(diff)
	}
}

// TestBoundedRecords: what the server remembers stays within its bounds, the
// newest lines are kept.
func TestBoundedRecords(t *testing.T) {
	srv := newServer(fixture(t, "", ""), Options{})
	for range maxRecords + 1 {
		srv.logs.write(Record{Kind: Event, Line: "old"})
	}
	if n := len(srv.Records()); n != maxRecords/2 {
		t.Errorf("%d records after one too many", n)
	}
	for range 3 {
		srv.logs.write(Record{Kind: Event, Line: strings.Repeat("x", maxRecordBytes/2)})
	}
	srv.logs.write(Record{Kind: Event, Line: "new"})
	all := srv.Records()
	if len(all) == 0 || all[len(all)-1].Line != "new" || srv.logs.size > maxRecordBytes {
		t.Errorf("%d records of %d bytes", len(all), srv.logs.size)
	}
}
