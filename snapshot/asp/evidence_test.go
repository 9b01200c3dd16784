package asp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinks(t *testing.T) {
	for _, tc := range []struct {
		name, page string
		want       []string
	}{
		{"a link", `<a href="/scripts/a.dll?x=1">`, []string{"1:10-24 /scripts/a.dll"}},
		{"any case and quotes", "<FORM METHOD=post ACTION = '/Scripts/Post.exe'><IMG SRC=/msadc/x.gif>", []string{"1:29-46 /Scripts/Post.exe", "1:57-69 /msadc/x.gif"}},
		{"the folder itself", `<a href="/scripts">`, []string{"1:10-18 /scripts"}},
		{"rest made by script", `<a href="/scripts/<%= n %>.dll">`, []string{"1:10-19 /scripts/"}},
		{"in a block", "<% If x Then %>\n<a href=/msadc/a.dll>\n<% End If %>", []string{"2:9-21 ?/msadc/a.dll"}},
		{"redirect", `<% Response.Redirect "/scripts/go.exe?" & q %>`, []string{`1:4-44 /scripts/go.exe`}},
		{"redirect in JScript", `<%@ Language=JScript %><% Response.Redirect('/scripts/go.exe'); %>`, []string{`1:27-63 /scripts/go.exe`}},
		{"transfer", `<% Server.Transfer("/msadc/x.asp") %>`, []string{`1:4-35 /msadc/x.asp`}},

		{"another folder", `<a href="/scripts2/a.dll"><a href="/x/scripts/a.dll"><a href="/images/a.gif">`, nil},
		{"relative", `<a href="scripts/a.dll">`, nil},
		{"another host", `<a href="http://other/scripts/a.dll"><a href="//other/scripts/x">`, nil},
		{"HTML comment", `<!-- <a href="/scripts/a.dll"> -->`, nil},
		{"HTML comment over script", `<!-- <%= x %> <a href="/scripts/a.dll"> --> <a href="/msadc/b">`, []string{"1:54-62 /msadc/b"}},
		{"script comment", "<%\n' Response.Redirect \"/scripts/go.exe\"\n%>", nil},
		{"script string", `<% x = "<a href=""/scripts/a.dll"">" %>`, nil},
		{"plain text", `see /scripts/a.dll`, nil},
		{"longer name", `<a xhref="/scripts/a.dll"><a data-href="/scripts/a.dll">`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, l := range scan(tc.page).LinksBelow("/scripts", "/msadc") {
				mark := ""
				if l.Conditional {
					mark = "?"
				}
				got = append(got, place(l.Span)+" "+mark+l.URL)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	if got := scan(`<a href="/images/a.gif">`).Links(); len(got) != 1 || got[0].URL != "/images/a.gif" {
		t.Error(got)
	}
}

func TestSessionUses(t *testing.T) {
	for page, want := range map[string][]string{
		`<% Session("Count") = Session("Count") + 1 %>`:                    {"1:4-11", "1:23-30"},
		`<%= session.SessionID %>`:                                         {"1:5-12"},
		"<% If x Then\nSESSION.Abandon\nEnd If %>":                         {"2:1-8 ?"},
		`<script runat=server language=JScript>Session("a") = 1;</script>`: {"1:39-46"},
		`<%@ EnableSessionState=False %>`:                                  nil,
		`<% x = "Session(1)" ' Session("a")` + "\n%>Session(2)":            nil,
		`<% my.Session("a") = SessionCount : Dim Session %>`:               nil,
	} {
		var got []string
		for _, u := range scan(page).SessionUses() {
			s := place(u.Span)
			if u.Conditional {
				s += " ?"
			}
			got = append(got, s)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s\n%s", page, d)
		}
	}
}

func TestRoutines(t *testing.T) {
	const vb = "<SCRIPT LANGUAGE=VBScript RUNAT=Server>\nSub Application_OnStart\n  Application(\"n\") = 0\nEnd Sub\n" +
		"' Sub Application_OnEnd\nPrivate Sub session_onend()\n  Set f = CreateObject(\"Scripting.FileSystemObject\")\n  If x Then\n    f.DeleteFile \"a\"\n  End If\nEnd Sub\nx = 1\n</SCRIPT>"
	const js = "<%@ Language=JScript %><script runat=server language=JScript>\nfunction Application_OnEnd() {\n  var f = 1;\n  if (f) { g(); }\n}\nvar y = 2;\nfunction Session_OnEnd()\n{ z(); }\n</script>"
	show := func(r Routine) string {
		s := fmt.Sprint(r.Span.Pos().Line, " ", r.Name)
		for _, st := range r.Statements {
			s += fmt.Sprint("|", st.Span.Pos().Line, " ", st.Text)
		}
		return s
	}
	for page, want := range map[string][]string{
		vb:                   {`2 Application_OnStart|3 Application("n") = 0`, `6 session_onend|7 Set f = CreateObject("Scripting.FileSystemObject")|8 If x Then|9 f.DeleteFile "a"|10 End If`},
		js:                   {"2 Application_OnEnd|3 var f = 1|4 if (f)|4 g()", "7 Session_OnEnd|8 z()"},
		"<% Sub\nEnd Sub %>": nil,
	} {
		var got []string
		for _, r := range scan(page).Routines() {
			got = append(got, show(r))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s\n%s", page, d)
		}
	}
	if r, ok := scan(vb).Routine("Session_OnEnd"); !ok || r.Name != "session_onend" {
		t.Error(r, ok)
	}
	if _, ok := scan(vb).Routine("Application_OnEnd"); ok {
		t.Error("a routine in a comment")
	}
}

// Long pages of one repeated piece end.
func TestEvidenceOfLongPages(t *testing.T) {
	for _, piece := range []string{"<!--", "-->", `<a href="/scripts/`, "<% Session %>", "<% Sub a %>", "href=", "href= \t", "<!-- <%= x %> "} {
		p := scan(strings.Repeat(piece, 1<<16/len(piece)))
		p.LinksBelow("/scripts")
		p.SessionUses()
		p.Routines()
	}
}
