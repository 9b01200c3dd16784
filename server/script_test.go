package server

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// pageServer serves the fixture with one page of its own, /p.asp.
func pageServer(t *testing.T, text, site string, o Options) *Server {
	t.Helper()
	s, err := fixture(t, site, "").WithContent(fstest.MapFS{
		"content/C/site/p.asp": {Data: []byte(text)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return start(t, s, o)
}

// TestStatements: what each statement of the handful does; a statement outside it
// ends the page at its line.
func TestStatements(t *testing.T) {
	const reached = "\n<p>reached the script; line 1 of content/C/site/p.asp is not modelled</p>\n"
	for _, test := range []struct{ page, want string }{
		{`a<% Response.Write "b" & 1 %>c`, "ab1c"},
		{`a<% Call Response.Write("b") : RESPONSE.WRITE("c") %>`, "abc"},
		{`a<% Response.End %>b`, "a"},
		{`a<% Option Explicit : Dim x, y : On Error Resume Next %>b`, "ab"},
		{`a<% Response.Buffer = True : Response.Expires = -1 : Response.Charset = "utf-8" %>b`, "ab"},
		{`a<% Set x = Server.CreateObject("ADODB.Connection") : Set x = Nothing %>b`, "ab"},
		{`a<%= "<b>" %>c`, "a<b>c"},
		{"a<% ' only a comment\r\n%>b", "ab"},
		{`a<% x = 1 : y = x + 1 %><%= x & y %>b`, "a12b"},
		{`a<% Dim x : Response.Write x %>b`, "ab"},
		{`<% For i = 1 To 3 %><%= i %>,<% Next %>b`, "1,2,3,b"},
		{`<% For i = 6 To 1 Step -2 : Response.Write i : Next %>b`, "642b"},
		{"<% For i = 1 To 9\r\nIf i = 3 Then Exit For\r\nResponse.Write i\r\nNext %>b", "12b"},
		{`<% For i = 2 To 1 %>never<% Next %>b`, "b"},
		{`<% i = 0 : Do While i < 2 : i = i + 1 : Response.Write i : Loop %>b`, "12b"},
		{`<% i = 0 : Do : i = i + 1 : Response.Write i : Loop Until i = 2 %>b`, "12b"},
		{`<% i = 5 : While i > 3 : i = i - 1 : Response.Write i : Wend %>b`, "43b"},
		{`<% For i = 1 To 2 : For j = 1 To 2 %>(<%= i & j %>)<% Next : Next %>`, "(11)(12)(21)(22)"},
		{`a<% If True Then %>b<% End If %>c`, "abc"},
		{`a<% If False Then %>b<% ElseIf 1 = 1 Then %>c<% ElseIf True Then %>d<% Else %>e<% End If %>f`, "acf"},
		{`a<% If False Then %>b<% Else %>c<% End If %>d`, "acd"},
		{`a<% If True Then %>b<% Else %>c<% End If %>d`, "abd"},
		{`a<% If True Then Response.Write "b" %>c`, "abc"},
		{`a<% If False Then Response.Write "b" : Response.Write "x" %>c`, "ac"},
		{"a<% If 1 > 2 Then Response.Write \"b\" Else Response.Write \"c\"\r\nResponse.Write \"d\" %>e", "acde"},
		{"a<% If 2 > 1 Then Response.Write \"b\" Else Response.Write \"c\"\r\nResponse.Write \"d\" %>e", "abde"},
		{"<% Sub b\r\nResponse.Write \"never\"\r\nEnd Sub %>c", "c"},
		{`a<% Response.Clear %>b`, "b"},
		{`<%= Server.MapPath("x.mdb") & "|" & Server.MapPath("/sub/y") & "|" & Server.HTMLEncode("<") %>`, `C:\site\x.mdb|C:\site\sub\y|&lt;`},
		{`<%= Request.ServerVariables("SCRIPT_NAME") & " " & Request.ServerVariables("HTTP_HOST") %>`, "/p.asp www.contoso.com"},
		{`a<% On Error Resume Next : x = "a" + 1 %>b`, "ab"},
		{`a<% For Each x In y : Next %>b`, "a" + reached},
		{`a<% For i = 1 To 2 %>b`, "a" + reached},
		{`a<% End If %>b`, "a" + reached},
		{`a<% x.Open %>b`, "a" + reached},
		{`a<% Response.Write x %>b`, "a" + reached},
		{`a<%= Now %>b`, "a" + reached},
		{`a<% On Error %>b`, "a" + reached},
		{`a<% Response.ContentType = x %>b`, "a" + reached},
		{`a<% Response.ContentType "x" %>b`, "a" + reached},
		{`a<% Set x = Server.CreateObject(y) %>b`, "a" + reached},
		{`a<% Sub b %>c<% End Sub %>`, "a"},
	} {
		srv := pageServer(t, test.page, "", Options{})
		if _, _, body := parts(get(t, srv, "/p.asp")); body != test.want {
			t.Errorf("%s: %q, want %q", test.page, body, test.want)
		}
	}
}

// TestErrorSettings: AspScriptErrorSentToBrowser and the message of META, with its
// two blanks; AspLogErrorRequests; a 500,100 entry of HttpErrors (KB318380).
func TestErrorSettings(t *testing.T) {
	const include = "<!--#include file=\"../x.inc\"-->"
	for _, test := range []struct{ site, body, line string }{
		{"", "error 'ASP 0131'", " |1|ASP_0131|Disallowed_Parent_Path 80 "},
		{`AspScriptErrorSentToBrowser="FALSE" AspScriptErrorMessage="An error occurred on the server when processing the URL.  Please contact the system administrator."`,
			"An error occurred on the server when processing the URL.  Please contact the system administrator.", " |1|ASP_0131|Disallowed_Parent_Path 80 "},
		{`AspLogErrorRequests="FALSE"`, "error 'ASP 0131'", " - 80 "},
		{`HttpErrors="500,100,FILE,C:\site\own-403.htm"`, "<p>ours</p>", " |1|ASP_0131|Disallowed_Parent_Path 80 "},
		{`HttpErrors="500,*,FILE,C:\site\own-403.htm"`, "error 'ASP 0131'", " |1|ASP_0131|Disallowed_Parent_Path 80 "},
	} {
		srv := pageServer(t, include, test.site, Options{})
		status, _, body := parts(get(t, srv, "/p.asp"))
		if status != "HTTP/1.1 500 Internal Server Error" || !strings.Contains(body, test.body) {
			t.Errorf("%s: %s %q, want %q", test.site, status, body, test.body)
		}
		if all := logLines(srv, W3C); len(all) != 1 || !strings.Contains(all[0], test.line) {
			t.Errorf("%s: log %q, want %q", test.site, all, test.line)
		}
	}
}

// TestIncludes: an included file's script runs, a file that is in no collected
// folder leaves a comment, and a bomb of includes ends.
func TestIncludes(t *testing.T) {
	files := fstest.MapFS{
		"content/C/site/p.asp":     {Data: []byte("1<!--#include file=\"sub/a.inc\"-->4")},
		"content/C/site/sub/a.inc": {Data: []byte("2<!-- #include virtual=\"/b.inc\" -->")},
		"content/C/site/b.inc":     {Data: []byte("<%= 3 %>")},
		"content/C/site/big.asp":   {Data: []byte(strings.Repeat("x", 100000))},
		"content/C/site/bomb.asp":  {Data: []byte(strings.Repeat("<!--#include file=\"level1.inc\"-->", 50))},
	}
	for i, next := range []string{"level2", "level3", "level4", "b"} {
		files["content/C/site/level"+string(rune('1'+i))+".inc"] = &fstest.MapFile{Data: []byte(strings.Repeat("<!--#include file=\""+next+".inc\"-->", 50))}
	}
	s, err := fixture(t, "", "").WithContent(files)
	if err != nil {
		t.Fatal(err)
	}
	srv := start(t, s, Options{})
	for path, want := range map[string]string{"/p.asp": "1234", "/big.asp": strings.Repeat("x", 100000)} {
		if _, _, body := parts(get(t, srv, path)); body != want {
			t.Errorf("%s: %.100q, want %.100q", path, body, want)
		}
	}
	if status, _, body := parts(get(t, srv, "/bomb.asp")); status != "HTTP/1.1 200 OK" || strings.Trim(body, "3") != "" || len(body) > 2000 {
		t.Errorf("bomb: %s %.100q", status, body)
	}
}

// TestNoContent: a metabase alone is served; every file is assumed and said to be.
func TestNoContent(t *testing.T) {
	s, err := snapshot.OpenFS(fstest.MapFS{"MetaBase.xml": {Data: []byte(metabaseOf("", ""))}})
	if err != nil {
		t.Fatal(err)
	}
	srv := start(t, s, Options{})
	for _, path := range []string{"/", "/a.txt", "/a.asp", "/a/b.htm"} {
		if status, _, body := parts(get(t, srv, path)); status != "HTTP/1.1 200 OK" || !strings.Contains(body, "not in the snapshot") {
			t.Errorf("%s: %s %q", path, status, body)
		}
	}
}
