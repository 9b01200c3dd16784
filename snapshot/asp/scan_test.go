package asp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func scan(page string) *Page { return Scan(source.NewText("page.asp", []byte(page))) }

// place is line:column-endColumn, as a person counts it in the page.
func place(s source.Span) string {
	p := s.Pos()
	return fmt.Sprintf("%d:%d-%d", p.Line, p.Column, p.EndColumn)
}

func TestIncludes(t *testing.T) {
	for _, tc := range []struct {
		name, page string
		want       []string // place, kind, target, parent path
	}{
		{"file", `<!--#include file="a.inc"-->`, []string{"1:20-25 file a.inc"}},
		{"virtual", "<html>\n<!-- #include virtual=\"/lib/a.inc\" -->", []string{"2:24-34 virtual /lib/a.inc"}},
		{"upper case", `<!--#INCLUDE FILE="../dir/a.inc" -->`, []string{"1:20-32 file ../dir/a.inc parent"}},
		{"blanks everywhere", "<!--  #include \t file  =  'x y.inc'  -->", []string{"1:28-35 file x y.inc"}},
		{"over lines", "<!--\r\n#include\r\nfile=\"a\\..\\b.inc\"\r\n-->", []string{"3:7-17 file a\\..\\b.inc parent"}},
		{"backslashes", `<!--#include file="..\a.inc"-->`, []string{`1:20-28 file ..\a.inc parent`}},
		{"only dots", `<!--#include file=".."-->`, []string{"1:20-22 file .. parent"}},
		{"dots inside names", `<!--#include file="a..b/...c/x.inc"-->`, []string{"1:20-35 file a..b/...c/x.inc"}},
		{"no quotes", `<!--#include file=a.inc -->`, []string{"1:19-24 file a.inc"}},
		{"words before the end", `<!--#include file="a.inc" the header -->`, []string{"1:20-25 file a.inc"}},
		{"two in a line", `<!--#include file="a"--><!--#include file="b"-->`, []string{"1:20-21 file a", "1:44-45 file b"}},
		{"columns are code points", `äöü€ <!--#include file="ä.inc"-->`, []string{"1:25-30 file ä.inc"}},
		{"inside an HTML comment", `<!-- old: <!--#include file="a.inc"--> -->`, []string{"1:30-35 file a.inc"}},
		{"inside an If", "<% If x Then %>\n<!--#include file=\"a.inc\"-->\n<% End If %>", []string{"2:20-25 file a.inc"}},
		{"inside a client script", `<script><!--#include file="a.js"--></script>`, []string{"1:28-32 file a.js"}},

		{"inside script", `<% <!--#include file="a.inc"--> %>`, nil},
		{"inside a script string", `<% Response.Write "<!--#include file=""a.inc""-->" %>`, nil},
		{"inside a script comment", "<%\n' <!--#include file=\"..\\a.inc\"-->\n%>", nil},
		{"inside a server script", `<script runat="server"><!--#include file="a.inc"--></script>`, nil},
		{"talked about", `<!-- see #include file="a.inc" -->`, nil},
		{"other directive", `<!--#echo var="DATE_LOCAL"-->`, nil},
		{"Dreamweaver", `<!-- #BeginEditable "header" -->`, nil},
		{"another attribute", `<!--#include path="a.inc"-->`, nil},
		{"no blank", `<!--#includefile="a.inc"-->`, nil},
		{"longer word", `<!--#includes file="a.inc"-->`, nil},
		{"not closed", `<!--#include file="a.inc"`, nil},
		{"quote not closed", "<!--#include file=\"a.inc-->\n", nil},
		{"empty target", `<!--#include file=""-->`, nil},
		{"no comment", `#include file="a.inc"`, nil},
		{"cut off", `<!--#include file=`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, i := range scan(tc.page).Includes {
				s := place(i.Span) + " file " + i.Target
				if i.Virtual {
					s = place(i.Span) + " virtual " + i.Target
				}
				if i.HasParentPath() {
					s += " parent"
				}
				got = append(got, s)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// statements gives place, "?" for a conditional one, and the text.
func statements(list []Statement) []string {
	var got []string
	for _, s := range list {
		mark := " "
		if s.Conditional {
			mark = " ? "
		}
		got = append(got, place(s.Span)+mark+s.Text)
	}
	return got
}

func TestVBScript(t *testing.T) {
	for _, tc := range []struct {
		name, page string
		want       []string
	}{
		{"one", `<% Response.Write "a" %>`, []string{`1:4-22 Response.Write "a"`}},
		{"lines and colons", "<%\nx = 1 : y = 2\r\nz = 3\n%>", []string{"2:1-6 x = 1", "2:9-14 y = 2", "3:1-6 z = 3"}},
		{"comments", "<%\nx = 1 ' a = 2\nRem b = 3\nREM\ny = 4 : Rem z\n' c\n%>", []string{"2:1-6 x = 1", "5:1-6 y = 4"}},
		{"a name that begins with rem", "<% remark = 1 %>", []string{"1:4-14 remark = 1"}},
		{"strings", `<% x = "a : b ' c "" Then" : y = 1 %>`, []string{`1:4-27 x = "a : b ' c "" Then"`, "1:30-35 y = 1"}},
		{"unclosed string ends at the line", "<%\nx = \"a\ny = 1\n%>", []string{`2:1-7 x = "a`, "3:1-6 y = 1"}},
		{"continuation", "<%\nx = a & _\n  b & _  \r\n  c\ny = 1\n%>", []string{"2:1-10 x = a & b & c", "5:1-6 y = 1"}},
		{"an underscore in a name", "<%\nx = a_\ny = _b\n%>", []string{"2:1-7 x = a_", "3:1-7 y = _b"}},
		{"dates", `<% x = #1/31/2004 10:20:30 PM# : y = 1 %>`, []string{"1:4-31 x = #1/31/2004 10:20:30 PM#", "1:34-39 y = 1"}},
		{"bracket name", "<% [a:b] = 1 %>", []string{"1:4-13 [a:b] = 1"}},
		{"block If", "<%\nIf a Then\n b\nElseIf c Then\n d\nElse\n e\nEnd If\nf\n%>", []string{
			"2:1-10 If a Then", "3:2-3 ? b", "4:1-14 ? ElseIf c Then", "5:2-3 ? d", "6:1-5 ? Else", "7:2-3 ? e", "8:1-7 End If", "9:1-2 f"}},
		{"single-line If", "<%\nIf a Then b : c Else d\ne\n%>", []string{
			"2:1-10 If a Then", "2:11-12 ? b", "2:15-16 ? c", "2:17-21 ? Else", "2:22-23 ? d", "3:1-2 e"}},
		{"single-line If with End If", "<% If a Then b End If\nc %>", []string{"1:4-13 If a Then", "1:14-15 ? b", "1:16-22 End If", "2:1-2 c"}},
		{"nested single-line If", "<% If a Then If b Then c\nd %>", []string{"1:4-13 If a Then", "1:14-23 ? If b Then", "1:24-25 ? c", "2:1-2 d"}},
		{"Then and a comment is a block", "<%\nIf a Then ' why\n b\nEnd If\nc %>", []string{"2:1-10 If a Then", "3:2-3 ? b", "4:1-7 End If", "5:1-2 c"}},
		{"condition over lines", "<%\nIf a And _\n b Then\nc\nEnd If\n%>", []string{"2:1-11 If a And b Then", "4:1-2 ? c", "5:1-7 End If"}},
		{"If over blocks", "<% If a Then %>x<% b %>y<% End If %><% c %>", []string{"1:4-13 If a Then", "1:20-21 ? b", "1:28-34 End If", "1:40-41 c"}},
		{"a block ends a single-line If", "<% If a Then b %><% c %>", []string{"1:4-13 If a Then", "1:14-15 ? b", "1:21-22 c"}},
		{"routines", "<%\nSub a(x)\nb\nEnd Sub\nPrivate Function c\nd\nEnd Function\ne\n%>", []string{
			"2:1-9 Sub a(x)", "3:1-2 ? b", "4:1-8 End Sub", "5:1-19 Private Function c", "6:1-2 ? d", "7:1-13 End Function", "8:1-2 e"}},
		{"class", "<%\nClass a\nPublic b\nPublic Default Property Get c\nc = 1\nEnd Property\nEnd Class\nd\n%>", []string{
			"2:1-8 Class a", "3:1-9 ? Public b", "4:1-30 ? Public Default Property Get c", "5:1-6 ? c = 1", "6:1-13 ? End Property", "7:1-10 End Class", "8:1-2 d"}},
		{"loops", "<%\nFor i = 1 To 3 : a : Next\nDo While b\nc\nLoop\nWhile d\ne\nWend\nf\n%>", []string{
			"2:1-15 For i = 1 To 3", "2:18-19 ? a", "2:22-26 Next", "3:1-11 Do While b", "4:1-2 ? c", "5:1-5 Loop",
			"6:1-8 While d", "7:1-2 ? e", "8:1-5 Wend", "9:1-2 f"}},
		{"select", "<%\nSelect Case a\nCase 1\nb\nCase Else\nc\nEnd Select\nd\n%>", []string{
			"2:1-14 Select Case a", "3:1-7 ? Case 1", "4:1-2 ? b", "5:1-10 ? Case Else", "6:1-2 ? c", "7:1-11 End Select", "8:1-2 d"}},
		{"With is no condition", "<%\nWith a\n.b = 1\nEnd With\n%>", []string{"2:1-7 With a", "3:1-7 .b = 1", "4:1-9 End With"}},
		{"members and On Error", "<%\nOn Error Resume Next\nrs.Next\nResponse.End\na\n%>", []string{
			"2:1-21 On Error Resume Next", "3:1-8 rs.Next", "4:1-13 Response.End", "5:1-2 a"}},
		{"member inside a single-line If", "<% If a Then Response.End\nb %>", []string{"1:4-13 If a Then", "1:14-26 ? Response.End", "2:1-2 b"}},
		{"too many ends", "<% End If\nEnd Sub\na %>", []string{"1:4-10 End If", "2:1-8 End Sub", "3:1-2 a"}},
		{"page command", `<%@ Language="VBScript" %><% a %>`, []string{"1:30-31 a"}},
		{"not closed", "<% a\nb", []string{"1:4-5 a", "2:1-2 b"}},
		{"the delimiter ends a string too", `<% x = "%>" %>`, []string{`1:4-9 x = "`}},
		{"server script", "<script language=vbscript runat=server>\nSub Application_OnStart\na\nEnd Sub\n</script><% b %>", []string{
			"2:1-24 Sub Application_OnStart", "3:1-2 ? a", "4:1-8 End Sub", "5:13-14 b"}},
		{"hidden server script", "<SCRIPT RUNAT='Server'><!--\na\n--></SCRIPT>", []string{"2:1-2 a"}},
		{"client script", "<script language=vbscript>a</script><% b %>", []string{"1:40-41 b"}},
		{"client script with a computed source", `<script src="<%= a %>" runat=server></script>`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, statements(scan(tc.page).Statements)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestJScript(t *testing.T) {
	const head = `<%@ language="JScript"%>`
	for _, tc := range []struct {
		name, page string
		want       []string
	}{
		{"lines and semicolons", "<%\na = 1; b = 2\nc()\n%>", []string{"2:1-6 a = 1", "2:8-13 b = 2", "3:1-4 c()"}},
		{"comments", "<%\na = 1 // b\n/* c\n d */ e()\n%>", []string{"2:1-6 a = 1", "4:7-10 e()"}},
		{"strings", `<% a = "x;\"//" + 'y;\'{'; b() %>`, []string{`1:28-50 a = "x;\"//" + 'y;\'{'`, "1:52-55 b()"}},
		{"regular expression", `<% a = /["';{]\//g; b() %>`, []string{`1:28-43 a = /["';{]\//g`, "1:45-48 b()"}},
		{"division", "<% a = b / c; d = e / f %>", []string{"1:28-37 a = b / c", "1:39-48 d = e / f"}},
		{"braces", "<%\nif (a) {\n b()\n} else {\n c()\n}\nd()\n%>", []string{
			"2:1-7 ? if (a)", "3:2-5 ? b()", "4:3-7 ? else", "5:2-5 ? c()", "7:1-4 d()"}},
		{"no braces", "<%\nif (a)\n b()\nc()\nif (d) e()\nf()\n%>", []string{
			"2:1-7 ? if (a)", "3:2-5 ? b()", "4:1-4 c()", "5:1-11 ? if (d) e()", "6:1-4 f()"}},
		{"for and its semicolons", "<% for (i = 0; i < 3; i++) a(); b() %>", []string{"1:28-55 ? for (i = 0; i < 3; i++) a()", "1:57-60 b()"}},
		{"argument over lines", "<%\na(1,\n  2)\nb = c +\n  d\n%>", []string{"2:1-5 a(1, 2)", "4:1-8 b = c + d"}},
		{"function inside an argument", "<%\na(function() {\n b();\n});\nc()\n%>", []string{"2:1-13 a(function()", "3:2-5 ? b()", "4:2-3 )", "5:1-4 c()"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, statements(scan(head+tc.page).Statements)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestOtherLanguageIsOneStatement(t *testing.T) {
	p := scan("<%@ LANGUAGE=PerlScript %><% $a = 1;\n$b = 2; %>")
	if d := cmp.Diff([]string{"1:30-37 $a = 1; $b = 2;"}, statements(p.Statements)); d != "" || p.Language != "PerlScript" {
		t.Error(p.Language, d)
	}
}

func TestCalls(t *testing.T) {
	for _, tc := range []struct {
		name, page string
		paths      []string
		objects    []string
	}{
		{"path", `<% x = Server.MapPath("../data/x.mdb") %>`, []string{"1:24-37 ../data/x.mdb parent"}, nil},
		{"case and blanks", `<% x = server . MAPPATH ( "x" ) %>`, []string{"1:28-29 x"}, nil},
		{"expression", `<%= Server.MapPath("..") %>`, []string{"1:21-23 .. parent"}, nil},
		{"object", `<% Set m = Server.CreateObject("CDONTS.NewMail") %>`, nil, []string{"1:33-47 CDONTS.NewMail"}},
		{"without Server", `<% Set m = CreateObject("CDONTS.NewMail") %>`, nil, []string{"1:26-40 CDONTS.NewMail"}},
		{"statement form", `<% Server.CreateObject "A.B" : x %>`, nil, []string{"1:25-28 A.B"}},
		{"two arguments", `<% Set m = CreateObject("A.B", "host") %>`, nil, []string{"1:26-29 A.B"}},
		{"conditional", "<% If x Then\nServer.CreateObject(\"A.B\")\nEnd If %>", nil, []string{"2:22-25 ? A.B"}},
		{"in a condition", `<% If Server.MapPath("x") = "" Then y %>`, []string{"1:23-24 x"}, nil},
		{"only begins literal", `<% x = Server.MapPath("..\" & p) %>`, []string{`1:24-27 ..\ parent +`}, nil},
		{"begins with part of a name", `<% x = Server.MapPath("a/.." & p) %>`, []string{"1:24-28 a/.. +"}, nil},
		{"begins literal in JScript", `<%@ language=jscript %><% Server.MapPath("../" + p) %>`, []string{"1:43-46 ../ parent +"}, nil},
		{"continued", "<% x = Server.MapPath( _\n  \"x\")%>", []string{"2:4-5 x"}, nil},
		{"nested", `<% f.Open Server.MapPath("a"), Server.MapPath("b") %>`, []string{"1:27-28 a", "1:48-49 b"}, nil},
		{"quotes", `<% x = Server.MapPath("a""b") %>`, []string{`1:24-28 a"b`}, nil},
		{"JScript", `<%@ language=jscript %><% var m = Server.CreateObject('A.B'); Server.MapPath("..\\x") %>`,
			[]string{`1:79-84 ..\x parent`}, []string{"1:56-59 A.B"}},

		{"comment", `<% ' Server.MapPath("..") %>`, nil, nil},
		{"remark", `<% Rem Server.MapPath("..") %>`, nil, nil},
		{"string", `<% x = "Server.MapPath("".."")" %>`, nil, nil},
		{"HTML", `Server.MapPath("..")`, nil, nil},
		{"no literal", `<% x = Server.MapPath(p) %>`, nil, nil},
		{"a class name that only begins literal", `<% x = CreateObject("A." & p) %>`, nil, nil},
		{"another object's", `<% x = my.MapPath("..") : y = WScript.CreateObject("A.B") : z = a.Server.MapPath("..") %>`, nil, nil},
		{"a function of that name", `<% Function CreateObject("x") %>`, nil, nil},
		{"unclosed", `<% x = Server.MapPath("..`, []string{"1:24-26 .. parent"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := scan(tc.page)
			if d := cmp.Diff(tc.paths, calls(p.MapPathCalls())); d != "" {
				t.Error("MapPath", d)
			}
			if d := cmp.Diff(tc.objects, calls(p.CreateObjectCalls())); d != "" {
				t.Error("CreateObject", d)
			}
		})
	}
}

func calls(list []Call) []string {
	var got []string
	for _, c := range list {
		mark := " "
		if c.Conditional {
			mark = " ? "
		}
		s := place(c.Span) + mark + c.Argument
		if c.HasParentPath() {
			s += " parent"
		}
		if c.Prefix {
			s += " +"
		}
		got = append(got, s)
	}
	return got
}

func TestGuards(t *testing.T) {
	const call = "x = Server.MapPath(\"..\")\n"
	for _, tc := range []struct {
		name, script string
		want         []string // what guards each call
	}{
		{"nothing", call, []string{""}},
		{"resume next", "On Error Resume Next\n" + call + "On Error GoTo 0\n" + call, []string{"On Error Resume Next at page.asp:2:1 lets the page go on after the error", ""}},
		{"resume next in a colon line", "on  error resume next : " + call, []string{"On Error Resume Next at page.asp:2:1 lets the page go on after the error"}},
		{"resume next in an If stays", "If a Then\nOn Error Resume Next\nElse\nOn Error GoTo 0\nEnd If\n" + call, []string{"On Error Resume Next at page.asp:3:1 lets the page go on after the error"}},
		{"resume next of a procedure", "Sub a\nOn Error Resume Next\nIf b Then c\nEnd Sub\n" + call, []string{""}},
		{"resume next behind a procedure", "Private Function a\nEnd Function\nOn Error Resume Next\n" + call, []string{"On Error Resume Next at page.asp:4:1 lets the page go on after the error"}},
		{"end", "Response.End\n" + call, []string{"the page ends before the call, at page.asp:2:1"}},
		{"redirect", "Response . Redirect(\"x\")\n" + call, []string{"the page ends before the call, at page.asp:2:1"}},
		{"transfer", "server.transfer \"x\"\n" + call, []string{"the page ends before the call, at page.asp:2:1"}},
		{"a redirect that may not run", "If a Then Response.Redirect \"x\"\n" + call, []string{"the page may end before the call, at page.asp:2:11"}},
		{"end in a procedure", "Sub a\nResponse.End\nEnd Sub\n" + call, []string{""}},
		{"end after the call", call + "Response.End", []string{""}},
		{"others", "Response.EndAll\nresponse = 1\nx.Response.End\nServer.Execute \"x\"\n" + call, []string{""}},
		{"text and comment", "' Response.End\ny = \"Response.End\"\n" + call, []string{""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, c := range scan("<%\n" + tc.script + "%>").MapPathCalls() {
				got = append(got, c.Guarded)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// One flow goes through a page and its include file.
func TestWalk(t *testing.T) {
	page := scan("<% If x Then %><!--#include file=a--><% End If %><!--#include file=b--><% y = Server.MapPath(\"p\") %>")
	files := map[string]*Page{"a": scan("<% z = Server.MapPath(\"a\") %>"), "b": scan("<% On Error Resume Next %>")}
	var got []string
	note := func(c Call) { got = append(got, fmt.Sprint(c.Argument, " ", c.Conditional, " ", c.Guarded != "")) }
	var f Flow
	page.Walk(&f, func(i Include) { files[i.Target].Walk(&f, nil, note) }, note)
	if d := cmp.Diff([]string{"a true false", "p false true"}, got); d != "" {
		t.Error(d)
	}
}

func TestParts(t *testing.T) {
	p := scan("<%@ Language=VBScript %>\r\n<h1><!--#include file=\"a.inc\"--></h1>\r\n<% If x Then %>yes<% = y ' why %><% End If : z %>\r\n</html>")
	want := []string{
		"literal \"\\r\\n<h1>\"", "include a.inc", "literal \"</h1>\\r\\n\"", "statement If x Then",
		"? literal \"yes\"", "? expr y", "statement End If", "statement z", "literal \"\\r\\n</html>\"",
	}
	var got []string
	for _, part := range p.Parts() {
		s := ""
		if part.Conditional {
			s = "? "
		}
		switch {
		case part.Include != nil:
			s += "include " + part.Include.Target
		case part.Statement != nil:
			s += "statement " + part.Statement.Text
		case part.Expr != nil:
			s += "expr " + part.Expr.Text
		default:
			s += fmt.Sprintf("literal %q", part.Literal.Bytes())
		}
		got = append(got, s)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Pages that a scanner with a look-ahead would read again and again: each is 64 KB
// that must not keep the suite waiting.
func TestRepeatedPieces(t *testing.T) {
	for _, piece := range []string{
		"<!--#include file=\"a", "<!--#include file='a' ", "<%", "<script runat=server", "<script runat=server>", "<script ", "<",
		"<% x = /[", "<%@language=jscript%><% x=/[/=", "<% If a Then ", "<% #1", "<% [", "<% _\n", "<% x = \"", "{(", "<% /*",
	} {
		page := strings.Repeat(piece, (1<<16)/len(piece))
		for _, head := range []string{"", "<% ", "<%@language=jscript%><% "} {
			scan(head + page)
		}
	}
}
