package checks

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// TestMeant: which files of the content lack a type that visitors need. What is
// private or left over is never offered one.
func TestMeant(t *testing.T) {
	const nothing = ""
	for names, want := range map[string]string{
		"a.json a.mp4 fonts/a.woff a.xap":                                  "error",
		"a.chm a.rar a.foo1 a.md5 messages.pl.dat a.crt":                   "warning",
		"messages.pl.json v1.2.json www.contoso.com.json":                  "error",
		"a.pfx a.p12 a.key a.pem a.snk a.udl a.dsn a.reg a.passwd a.yml":   nothing,
		"a.accdb a.dbf a.sqlite a.sdf a.settings a.properties a.conf":      nothing,
		"a.cshtml a.compiled obj/a.cache Web.sitemap a.browser a.edmx":     nothing,
		"a.config_backup a.asp_old a.asp1 default.asp.20080301 a.asp~":     nothing,
		"web.config.x page.aspx.foo a.config-2008 a.asp2":                  nothing,
		"a.psd a.fla a.ai a.xsd a.wsdl a.disco a.nfo a.url":                nothing,
		"a.vbs a.wsf composer.json":                                        nothing,
		"_private/a.json _themes/x/theme.inf _fpclass/a.foo obj/a.foo":     nothing,
		"Views/Home/Index.aspx Views/Home/Index.cshtml Views/a.foo":        nothing,
		"themes/a.foo private/a.foo object/a.foo view/a.foo myviews/b.foo": "warning",
	} {
		for _, name := range strings.Fields(names) {
			got := nothing
			for _, f := range changed(t, inWWW(name)).Findings {
				if f.ID == "mime-unmapped" || f.ID == "aspnet-unregistered" {
					got = string(f.Severity)
				}
			}
			if got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// TestOnlyAsked: rows of a log without the content are information, as strangers try
// such names everywhere, until several names of the site's own kind show a need.
func TestOnlyAsked(t *testing.T) {
	const mime, net, prohibited = "mime-unmapped", "aspnet-unregistered", "extension-prohibited"
	for _, c := range []struct {
		id, stems, status, want string
	}{
		{mime, "/nessus.json", "404 3 50", "info observed"},
		{mime, "/a.json /b.json", "404 3 50", "info observed"},
		{mime, "/a.json /b.json /c.json", "404 3 50", "error observed"},
		{mime, strings.Repeat("/a.json ", 50), "404 3 50", "error observed"},
		{mime, strings.Repeat("/a.json ", 49), "404 3 50", "info observed"},
		{mime, "/wp-login.php /index.php /xmlrpc.php /a.php", "404 3 50", "info observed"},
		{mime, "/x.nsf /y.nsf /z.nsf", "404 3 50", "info observed"},
		{mime, "/hello.asp%20 /hello.asp%2e /hello.asp::$DATA", "404 3 50", ""},
		{mime, "/my%20data.json", "404 3 50", "info observed"},
		{net, "/trace.axd /elmah.axd /a.axd /login.aspx", "404 3 50", "info observed"},
		{net, "/a.aspx /b.aspx /c.aspx", "404 3 50", "error observed"},
		{prohibited, "/a.shtml /b.shtml", "404 2 1260", "info observed"},
		{prohibited, "/a.shtml /b.shtml /c.shtml", "404 2 1260", "error observed"},
	} {
		text := logHead
		for stem := range strings.FieldsSeq(c.stems) {
			text += "2003-11-04 08:00:00 W3SVC1 GET " + stem + " - 80 - 192.0.2.7 " + c.status + "\r\n"
		}
		got := ""
		for _, f := range changed(t, fstest.MapFS{"ex.log": file1(text)}).Findings {
			if f.ID != c.id || f.Observed == nil {
				continue
			}
			got += fmt.Sprintf("%s %s", f.Severity, f.Certainty)
			if f.Severity == Info && c.id != prohibited && len(f.Remedies[0].Edits) > 0 {
				t.Errorf("%s: %s offers %v", c.stems, f.ID, f.Remedies[0].Edits)
			}
			if strings.Contains(f.Message, "Only the logs tell of them") != (f.Severity == Info) {
				t.Errorf("%s: %s %s", c.stems, f.Severity, f.Message)
			}
			if c.stems == "/my%20data.json" && (f.Witness.URL != "http://www.contoso.com/my%20data.json" || f.Affects[0] != "/my data.json") {
				t.Errorf("witness %s, affects %q", f.Witness.URL, f.Affects)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.stems, got, c.want)
		}
	}
}
