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

		// Routines of the page's own.
		{"<% Sub p(x) : Response.Write \"(\" & x & \")\" : End Sub : p 1 : Call p(2) : p(3) %>", "(1)(2)(3)"},
		{"<% p \"a\" : Sub p(x) %><b><%= x %></b><% End Sub %>c", "<b>a</b>c"},
		{"<% Function d(n) : d = n * 2 : End Function %><%= d(d(3)) + d(1) %>", "14"},
		{"<% Function f : f = 7 : End Function %><%= f + f() %>", "14"},
		{"<% Function f(n)\r\nIf n < 2 Then\r\nf = 1\r\nExit Function\r\nEnd If\r\nf = n * f(n - 1)\r\nEnd Function %><%= f(6) %>", "720"},
		{"<% Private Sub a : Response.Write 1 : b : End Sub : Public Sub b() : Response.Write 2 : Exit Sub : Response.Write 3 : End Sub : a %>", "12"},
		{"<% Dim y, z : x = 1 : Sub s : x = 2 : w = 3 : Dim z : z = 4 : End Sub : s %><%= x & \"|\" & z & \"|\" %><%= w %>", "2||" + reached},
		{"<% Dim y : x = 1 : Sub s(a, ByVal b) : a = a + 1 : b = b + 1 : End Sub : y = 1 : s x, y %><%= x & y %>", "21"},
		{"<% x = 1 : Sub s(a) : a = 5 : End Sub : s(x) %><%= x %>", "1"},
		{"<% x = 1 : Sub s(a) : a = 5 : End Sub : Call s(x) %><%= x %>", "5"},
		{"<% i = 9 : Sub s : For i = 1 To 2 : Response.Write i : Next : End Sub : For j = 1 To 2 : s : Next %><%= i %>", "12123"},
		{"<% Sub s : x = \"a\" * 2 : Response.Write 1 : End Sub : On Error Resume Next : s : Response.Write 2 %>", "2"},
		{"<% Sub s : Response.Write 1 : Response.End : End Sub : s : Response.Write 2 %>never", "1"},

		// Select Case and For Each.
		{"<% Select Case 2 %>x<% Case 1 : Response.Write \"one\" : Case 2, 3 : Response.Write \"two\" : Case Else : Response.Write \"else\" : End Select %>!", "two!"},
		{"<% Select Case \"b\" : Case \"a\" %>a<% Case \"b\" %>b<% Case Else %>c<% End Select %>!", "b!"},
		{"<% Select Case 9 : Case 1 %>a<% Case Else %>c<% End Select %>!", "c!"},
		{"<% Select Case 9 : Case 1 %>a<% End Select %>!", "!"},
		{"<% Select Case 1 : End Select %>!", "!"},
		{"<% For Each x In Array(1, \"b\", True) : Response.Write x & \",\" : Next %>!", "1,b,True,!"},
		{"<% a = Split(\"x y z\") : For Each w In a\r\nIf w = \"y\" Then Exit For\r\nResponse.Write w\r\nNext : Response.Write UBound(a) & a(2) %>", "x2z"},
		{"<% For Each x In Split(\"\", \",\") : Response.Write \"(\" & x & \")\" : Next %>!", "()!"},
		{"<% For Each x In Array() : Response.Write 1 : Next %>!", "!"},
		{"<% For Each k In Request.QueryString : Response.Write k & \"=\" & Request.QueryString(k) & \";\" : Next %>!", "!"},

		{`a<% Class c : End Class %>b`, "a" + reached},
		{`a<% Select x : Case 1 : End Select %>b`, "a" + reached},
		{`a<% Select Case 1 : Case 1 %>b`, "a" + reached},
		{`a<% Case 1 %>b`, "a" + reached},
		{`a<% Sub s(a()) : End Sub : s 1 %>b`, "a" + reached},
		{`a<% nobody 1 %>b`, "a" + reached},
		{`a<% x = Array(Array(1)) %>b`, "a" + reached},
		{`a<% Exit Sub %>b`, "a" + reached},
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

// TestRoutineErrors: an error inside a routine has its own line, and the script
// engine's words for a call that cannot be.
func TestRoutineErrors(t *testing.T) {
	for _, row := range []struct{ page, code, title, line string }{
		{"<%\r\nSub s\r\nx = \"a\" * 2\r\nEnd Sub\r\ns\r\n%>", "800a000d", "Type mismatch", "3"},
		{"<%\r\nFunction f(n)\r\nf = f(n)\r\nEnd Function\r\nx = f(1) %>", "800a001c", "Out of stack space", "3"},
		{"<% Sub s(a)\r\nEnd Sub\r\n\r\ns 1, 2 %>", "800a01c2", "Wrong number of arguments or invalid property assignment: 's'", "4"},
		{"<% a = Array(1)\r\nx = a(1) %>", "800a0009", "Subscript out of range", "2"},
		{"<% On Error Resume Next : x = \"a\" * 2 : On Error Goto 0\r\n\r\nx = \"a\" * 2 %>", "800a000d", "Type mismatch", "3"},
	} {
		srv := pageServer(t, row.page, "", Options{})
		_, _, body := parts(get(t, srv, "/p.asp"))
		if !strings.Contains(body, "error '"+row.code+"'") || !strings.Contains(body, row.title) || !strings.Contains(body, "/p.asp</font><font face=\"Arial\" size=2>, line "+row.line+"</font>") {
			t.Errorf("%q: %q", row.page, body)
		}
	}
}

// TestErrorInInclude: ASP names the included file and its line, not the page's.
func TestErrorInInclude(t *testing.T) {
	srv := tenant(t, "", "", Options{}, map[string]string{
		"site/shop/p.asp":          "<!--#include file=\"inc/a.inc\"-->",
		"site/shop/q.asp":          "<!--#include virtual=\"/shop/inc/b.inc\"--><% s %>",
		"site/shop/r.asp":          "<!--#include file=\"inc/b.inc\"-->\r\n\r\n<% x = \"a\" * 2 %>",
		"site/shop/inc/a.inc":      "\r\n<!--#include file=\"deep/c.inc\"-->",
		"site/shop/inc/b.inc":      "<% Sub s\r\nx = \"b\" * 2\r\nEnd Sub %>",
		"site/shop/inc/deep/c.inc": "\r\n\r\n<%= \"c\" * 2 %>",
	})
	for path, want := range map[string]string{"/shop/p.asp": "/shop/inc/deep/c.inc line 3", "/shop/q.asp": "/shop/inc/b.inc line 2", "/shop/r.asp": "/shop/r.asp line 3"} {
		file, line, _ := strings.Cut(want, " ")
		_, _, body := parts(get(t, srv, path))
		if !strings.Contains(body, `<font face="Arial" size=2>`+file+`</font><font face="Arial" size=2>, `+line+`</font>`) {
			t.Errorf("%s: %q, want %s", path, body, want)
		}
	}
}

// TestEachName: the names of a form and a query come in their order, each once.
func TestEachName(t *testing.T) {
	srv := tenant(t, "", "", Options{}, map[string]string{
		"site/f.asp": `<% For Each k In Request.Form %><%= k & "=" & Request.Form(k) & ";" %><% Next : For Each k In Request.QueryString %>(<%= k %>)<% Next %>`,
	})
	if _, _, body := post(t, srv, "/f.asp?z=1&A=2&a=3&y", "b=1&%61=2&B=3"); body != "b=1, 3;a=2;(z)(A)(y)" {
		t.Errorf("%q", body)
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
