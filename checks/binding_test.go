package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	siteOne = "ServerBindings=\":80:www.contoso.com\n\t\t\t:80:\""
	endKeys = "</MBProperty>"
)

// secondSite is another site with these attributes, put in at the end.
func secondSite(attributes string) string {
	return `<IIsWebServer	Location ="/LM/W3SVC/2" ` + attributes + `></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/2/ROOT" Path="C:\inetpub\two" AppPoolId="DefaultAppPool"></IIsWebVirtualDir>
</MBProperty>`
}

// listed gives the findings of one check, a line each: severity, certainty, value or
// property, and the edits of the first remedy.
func listed(r Report, id string) []string {
	var all []string
	for _, f := range r.Findings {
		if f.ID != id {
			continue
		}
		line := fmt.Sprintf("%s %s %s", f.Severity, f.Certainty, f.Value)
		if f.Value == "" {
			line += f.Property
		}
		if len(f.Remedies) > 0 {
			for _, e := range f.Remedies[0].Edits {
				line += fmt.Sprintf("; %s %s %s %s", e.Op, e.Target, e.Property, strings.ReplaceAll(e.Value, "\n", " + "))
			}
		}
		all = append(all, line)
	}
	return all
}

func TestBindingDuplicate(t *testing.T) {
	for _, c := range []struct {
		name, site string
		want       []string
	}{
		{"one of two", `ServerBindings=":80:www.contoso.com
			:80:two"`, []string{"error proven :80:www.contoso.com; set /LM/W3SVC/2 ServerBindings :80:two"}},
		{"the only one", `ServerBindings=":80:"`, []string{"error proven :80:; set /LM/W3SVC/2 ServerBindings :80:<host name>"}},
		{"the only one, of a site named after its host", `ServerBindings=":80:" ServerComment="Two.contoso.com"`, []string{"error proven :80:; set /LM/W3SVC/2 ServerBindings :80:two.contoso.com"}},
		{"in another case", `ServerBindings=":80:WWW.contoso.com"`, []string{"error proven :80:WWW.contoso.com; set /LM/W3SVC/2 ServerBindings :80:<host name>"}},
		{"stopped", `ServerBindings=":80:" ServerAutoStart="FALSE"`, nil},
		{"another port", `ServerBindings=":81:"`, nil},
		{"another address", `ServerBindings="192.0.2.10:80:"`, nil},
		{"the same, for SSL", `ServerBindings=":81:" SecureBindings=":80:"`, nil},
		{"twice in one site", `ServerBindings=":81:
			:81:"`, nil},
	} {
		if got := listed(changed(t, nil, endKeys, secondSite(c.site)), "binding-duplicate"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestBindingMalformed(t *testing.T) {
	for _, c := range []struct{ bindings, want string }{
		{":80:", ""},
		{"192.0.2.10:8080:www.contoso.com", ""},
		{"*:80:", ""},
		{"80:www.contoso.com", ":80:www.contoso.com"},
		{"www.contoso.com:80", ":80:www.contoso.com"},
		{"www.contoso.com", ":80:www.contoso.com"},
		{":80", ":80:"},
		{"192.0.2.10:80", "192.0.2.10:80:"},
		{"web01:80:", "-"}, // a computer's name, which no host header need be
		{":0:", "-"},
		{":80800:", "-"},
		{"a.b:c.d:80", "-"},
	} {
		want := []string{"error proven " + c.bindings + "; set /LM/W3SVC/2 ServerBindings " + c.want}
		switch c.want {
		case "":
			want = nil
		case "-":
			want = []string{"error proven " + c.bindings}
		}
		r := changed(t, nil, siteOne, `ServerBindings=":1:"`, endKeys, secondSite(`ServerBindings="`+c.bindings+`"`))
		if got := listed(r, "binding-malformed"); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.bindings, got, want)
		}
	}
}

// TestMalformedBindingTakesTheSite: the good binding beside it is the witness, and a
// stopped site has none.
func TestMalformedBindingTakesTheSite(t *testing.T) {
	r := changed(t, nil, siteOne, "ServerBindings=\":80:www.contoso.com\n\t\t\t80\"")
	want := "error proven 80; set /LM/W3SVC/1 ServerBindings :80:www.contoso.com + :80:"
	if got := listed(r, "binding-malformed"); !slices.Equal(got, []string{want}) {
		t.Errorf("%q", got)
	}
	for _, f := range r.Findings {
		if f.ID == "binding-malformed" && (f.Witness == nil || f.Witness.URL != "http://www.contoso.com/" || f.Seen != "503") {
			t.Errorf("witness %+v, seen %q", f.Witness, f.Seen)
		}
	}
	if got := listed(changed(t, nil, `ServerAutoStart="TRUE"`, `ServerAutoStart="FALSE"`, siteOne, `ServerBindings="80"`), "binding-malformed"); got != nil {
		t.Errorf("stopped: %q", got)
	}
}

func TestWrongInBinding(t *testing.T) {
	const port, address = "the port must be a number from 1 to 65535", "the part before the port is no IP address"
	for text, want := range map[string]string{
		"80": "0 colons instead of two colons", ":80": "1 colon instead of two colons", ":0:": port, ":65536:": port, "::www": port, ":http:": port,
		"web01:1:": address, "web01:65535:": address,
	} {
		if got := wrongInBinding(text); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// TestDeactivatedSite: the event of W3SVC confirms the fault of its own site alone, and
// only the event of this fault: 1003 that the URL is invalid, 1007 that it is taken.
func TestDeactivatedSite(t *testing.T) {
	const invalid, taken = "The URL may be invalid.", "The necessary network binding might already be in use."
	event := func(source, id, site, why string) string {
		return source + "|" + id + "|Cannot register the URL prefix 'http://*:80/' for site '" + site + "'. " + why + " The site has been deactivated."
	}
	for _, c := range []struct{ id, bindings, event, want string }{
		{"binding-malformed", ":80", event("W3SVC", "1003", "2", invalid), "observed"},
		{"binding-malformed", ":80", event("W3SVC", "1003", "1", invalid), "proven"},
		{"binding-malformed", ":80", event("W3SVC", "1007", "2", taken), "proven"},
		{"binding-malformed", ":80", event("Other", "1003", "2", invalid), "proven"},
		{"binding-duplicate", ":80:", event("W3SVC", "1007", "2", taken), "observed"},
		{"binding-duplicate", ":80:", event("W3SVC", "1007", "1", taken), "proven"},
		{"binding-duplicate", ":80:", event("W3SVC", "1003", "2", invalid), "proven"},
	} {
		got := listed(changed(t, eventTable(c.event), endKeys, secondSite(`ServerBindings="`+c.bindings+`"`)), c.id)
		if len(got) != 1 || !strings.HasPrefix(got[0], "error "+c.want+" "+c.bindings+";") {
			t.Errorf("%s, %s: %q, want %s", c.id, c.event, got, c.want)
		}
	}
}

func TestNoSiteForHost(t *testing.T) {
	const only = `ServerBindings=":80:test.contoso.com"`
	page := func(links string) fstest.MapFS {
		return fstest.MapFS{
			"content/C/inetpub/wwwroot/a.htm":          file1(links),
			"content/C/inetpub/wwwroot/hello.asp":      file1("x"),
			"content/C/inetpub/wwwroot/shop/tea.htm":   file1("x"),
			"content/C/inetpub/wwwroot/shop/index.htm": file1("x"),
			"content/C/inetpub/wwwroot/default.htm":    file1("x"),
		}
	}
	both := `<a href="http://www.Contoso.com/Hello.asp?x=1"><img src='http://www.contoso.com/shop/tea.htm#top'>`
	yes := []string{"error proven ServerBindings; add /LM/W3SVC/1 ServerBindings :80:www.contoso.com"}
	for _, c := range []struct {
		name, bindings, links string
		want                  []string
	}{
		{"two files", only, both, yes},
		{"the port by number", only, strings.ReplaceAll(both, "ontoso.com/", "ontoso.com:80/"), yes},
		{"a default site", siteOne + " ", strings.ReplaceAll(both, "www", "old"), nil},
		{"a default site at one address", `ServerBindings=":80:test.contoso.com
			192.0.2.10:80:"`, both, nil},
		{"bound", `ServerBindings=":80:WWW.contoso.com"`, both, nil},
		{"one file", only, `<a href="http://www.contoso.com/hello.asp"><a href="http://www.contoso.com/hello.asp?2">`, nil},
		{"files that every site has", only, `<a href="http://www.contoso.com/"><a href="http://www.contoso.com/default.htm"><a href="http://www.contoso.com/hello.asp">`, nil},
		{"files of somebody else", only, `<a href="http://www.contoso.com/x.asp"><a href="http://www.contoso.com/y.htm">`, nil},
		{"https, where nothing is bound", only, strings.ReplaceAll(both, "http:", "https:"), nil},
		{"an address", only, strings.NewReplacer("www.contoso.com", "192.0.2.1", "www.Contoso.com", "192.0.2.1").Replace(both), nil},
		{"links without a query", only, `<a href="http://www.contoso.com/hello.asp">a</a> (http://www.contoso.com/shop/tea.htm)`, yes},
		{"at the end of the page", only, "http://www.contoso.com/hello.asp http://www.contoso.com/shop/tea.htm", yes},
		{"no link", only, strings.ReplaceAll(both, "://", ":"), nil},
	} {
		if got := listed(changed(t, page(c.links), siteOne, c.bindings), "no-site-for-host"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestSelfLinkAddresses: the addresses that visitors ask for, with the port where it is
// not the usual one.
func TestSelfLinkAddresses(t *testing.T) {
	for _, c := range []struct{ bindings, links, want string }{
		{`ServerBindings=":80:test.contoso.com"`, "http://www.contoso.com", "http://www.contoso.com/hello.asp http://www.contoso.com/tea.htm"},
		{`ServerBindings=":8080:test.contoso.com"`, "http://www.contoso.com:8080", "http://www.contoso.com:8080/hello.asp http://www.contoso.com:8080/tea.htm"},
		{`SecureBindings=":443:test.contoso.com"`, "https://www.contoso.com", "https://www.contoso.com/hello.asp https://www.contoso.com/tea.htm"},
		{`SecureBindings=":80:test.contoso.com"`, "https://www.contoso.com:80", "https://www.contoso.com:80/hello.asp https://www.contoso.com:80/tea.htm"},
	} {
		files := fstest.MapFS{"content/C/inetpub/wwwroot/hello.asp": file1("x"), "content/C/inetpub/wwwroot/tea.htm": file1("x"),
			"content/C/inetpub/wwwroot/a.htm": file1(c.links + "/hello.asp " + c.links + "/tea.htm")}
		got := ""
		for _, f := range changed(t, files, siteOne, c.bindings).Findings {
			if f.ID == "no-site-for-host" {
				got = strings.Join(f.Affects, " ")
				if f.Witness.URL != f.Affects[0] {
					t.Errorf("%s: asks for %s", c.bindings, f.Witness.URL)
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.bindings, got, c.want)
		}
	}
}

// TestStrangeNames: the log alone does not tell the name, and scanners ask so too.
func TestStrangeNames(t *testing.T) {
	httperr := fstest.MapFS{"HTTPERR/httperr1.log": file1("#Software: Microsoft HTTP API 1.0\r\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n" +
		"2003-11-04 08:00:00 192.0.2.7 4010 10.0.0.1 80 HTTP/1.1 GET /a 400 - Hostname -\r\n")}
	if got := listed(changed(t, httperr, siteOne, `ServerBindings=":80:test.contoso.com"`), "no-site-for-host"); !slices.Equal(got, []string{"info observed ServerBindings"}) {
		t.Errorf("%q", got)
	}
	if got := listed(changed(t, httperr, siteOne, `ServerBindings=":80:"`), "no-site-for-host"); got != nil {
		t.Errorf("with a default site: %q", got)
	}
}
