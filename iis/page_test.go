package iis

import "testing"

// TestCreateObject: a class that is not registered ends the page that must create it,
// wherever the call stands.
func TestCreateObject(t *testing.T) {
	const wwwroot = "C/inetpub/wwwroot/"
	const call = `<% Set m = Server.CreateObject("CDONTS.NewMail") %>`
	for _, c := range []struct {
		name, page, inc string
		status          Status
		assumed         bool
		code, url       string
	}{
		{"alone", call, "", "500", false, "ASP 0177 : 800401f3", "/a.asp"},
		{"of VBScript", `<% Set m = CreateObject("CDONTS.NewMail") %>`, "", "500", false, "800a01ad", "/a.asp"},
		{"in an include file", `<!--#include file="inc/a.inc"-->`, call, "500", false, "ASP 0177 : 800401f3", "/inc/a.inc"},
		{"after the end", "<% Response.End %>" + call, "", "200", true, "", ""},
		{"resume next", "<% On Error Resume Next %>" + call, "", "200", true, "", ""},
		{"behind a path that fails", `<% x = Server.MapPath("..") %>` + call, "", "500", false, "ASP 0175 : 80004005", "/a.asp"},
		{"before a path that fails", call + `<% x = Server.MapPath("..") %>`, "", "500", false, "ASP 0177 : 800401f3", "/a.asp"},
		{"another class", `<% Set m = Server.CreateObject("CDO.Message") %>`, "", "200", false, "", ""},
		{"a class that begins alike", `<% Set m = Server.CreateObject("CDONTSX.NewMail") %>`, "", "200", false, "", ""},
	} {
		out := ask(t, with(t, nil, map[string]string{wwwroot + "a.asp": c.page, wwwroot + "inc/a.inc": c.inc}), "GET", "http://x/a.asp")
		code, url := "", ""
		if out.ASP != nil {
			code, url = out.ASP.Code, out.ASP.URL
		}
		if out.Status != c.status || out.Assumed != c.assumed || code != c.code || url != c.url {
			t.Errorf("%s: %s, assumed %v, %q at %q; want %s, %v, %q at %q", c.name, out.Status, out.Assumed, code, url, c.status, c.assumed, c.code, c.url)
		}
	}
}

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
