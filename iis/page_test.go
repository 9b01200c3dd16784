package iis

import "testing"

// TestMapPath: a Server.MapPath("..") that script must reach and that nothing
// catches ends the page, at the line of the file that holds it.
func TestMapPath(t *testing.T) {
	const wwwroot = "C/inetpub/wwwroot/"
	const call = `<% x = Server.MapPath("..\data") %>`
	for _, c := range []struct {
		name    string
		page    string
		inc     string // inc/a.inc
		status  Status
		assumed bool
		url     string
		line    int
	}{
		{"alone", "\n" + call, "", "500", false, "/a.asp", 2},
		{"resume next", "<% On Error Resume Next %>" + call, "", "200", true, "", 0},
		{"resume next and goto 0", "<% On Error Resume Next\nOn Error GoTo 0 %>" + call, "", "500", false, "/a.asp", 2},
		{"after the end", "<% Response.End %>" + call, "", "200", true, "", 0},
		{"after a redirect", "<% Response.Redirect \"/x\" %>" + call, "", "200", true, "", 0},
		{"beginning", `<% x = Server.MapPath("..\" & a) %>`, "", "500", false, "/a.asp", 1},
		{"beginning without ..", `<% x = Server.MapPath("a\" & "..") %>`, "", "200", false, "", 0},
		{"an earlier doubt", "<% If a Then b = Server.MapPath(\"..\") %>\n" + call, "", "500", false, "/a.asp", 2},
		{"in an include file", `<!--#include file="inc/a.inc"-->`, "\n\n" + call, "500", false, "/inc/a.inc", 3},
		{"include file in an If", "<% If a Then %><!--#include file=\"inc/a.inc\"--><% End If %>", call, "200", true, "", 0},
		{"resume next in an include file", `<!--#include virtual="/inc/a.inc"-->` + call, "<% On Error Resume Next %>", "200", true, "", 0},
		{"resume next after the include file", `<!--#include virtual="/inc/a.inc"--><% On Error Resume Next %>`, call, "500", false, "/inc/a.inc", 1},
	} {
		m := with(t, nil, map[string]string{wwwroot + "a.asp": c.page, wwwroot + "inc/a.inc": c.inc})
		out := ask(t, m, "GET", "http://x/a.asp")
		if out.Status != c.status || out.Assumed != c.assumed {
			t.Errorf("%s: %s, assumed %v; want %s, %v", c.name, out.Status, out.Assumed, c.status, c.assumed)
		}
		if out.ASP == nil {
			if c.url != "" {
				t.Errorf("%s: no ASP error", c.name)
			}
			continue
		}
		if out.ASP.Code != "ASP 0175 : 80004005" || out.ASP.URL != c.url || out.ASP.Line != c.line {
			t.Errorf("%s: %+v; want %s, line %d", c.name, *out.ASP, c.url, c.line)
		}
	}
}
