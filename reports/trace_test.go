package reports

import (
	"bytes"
	"testing"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// refused is a trace that ends at the Web service extension list.
func refused(t *testing.T) iis.Outcome {
	text := fixture(t)
	because := &iis.Because{
		Span: at(t, text, `0,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages`),
		Key:  "/LM/W3SVC", Property: "WebSvcExtRestrictionList", Value: `0,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages`,
	}
	root := &iis.Because{Span: at(t, text, `C:\inetpub\wwwroot`), Key: "/LM/W3SVC/1/ROOT", Property: "Path", Value: `C:\inetpub\wwwroot`}
	return iis.Outcome{
		Request: iis.Request{Method: "GET", Host: "www.contoso.com", IP: "10.0.0.5", Port: 8080, Path: "/shop/list.asp", Query: "page=2"},
		Target: iis.Target{
			Site: "/LM/W3SVC/1", SiteID: "1", Pool: "DefaultAppPool", Key: "/LM/W3SVC/1/ROOT/shop/list.asp",
			Physical: `C:\inetpub\wwwroot\shop\list.asp`,
		},
		Status: "404.2", Reason: "Denied due to Lockdown Policy", Stage: "Web service extension", Because: because, Assumed: true,
		Steps: []iis.Step{
			{Stage: "binding", Result: "pass", Detail: "www.contoso.com is bound to site 1.", Order: iis.Documented},
			{Stage: "URL mapping", Result: "pass", Detail: `The URL is the file C:\inetpub\wwwroot\shop\list.asp.`, Order: iis.Documented, Because: root},
			{Stage: "SSL", Result: "pass", Detail: "SSL is not required.", Order: iis.Inferred},
			{Stage: "file", Result: "pass", Detail: "The folder is not in the snapshot, so the file counts as there.", Order: iis.Assumed},
			{Stage: "Web service extension", Result: "404.2", Detail: "asp.dll is prohibited.", Order: iis.Documented, Because: because},
		},
	}
}

func TestTrace(t *testing.T) {
	answered := iis.Outcome{
		Request: iis.Request{Method: "GET", Secure: true, IP: "2001:db8::1", Path: "/"},
		Status:  "200", Reason: "OK", Stage: "answer", ContentType: "text/html",
		Steps: []iis.Step{{Stage: "answer", Result: "answer", Detail: "served by the static file handler", Order: iis.Documented}},
	}
	started := iis.Outcome{
		Request: iis.Request{Method: "GET", Host: "www.contoso.com", IP: "*", Port: 80, Path: "/sum.pl"},
		Status:  "200", Reason: "OK", Stage: "answer",
		Steps: []iis.Step{{Stage: "answer", Result: "answer", Detail: "served by the CGI handler", Order: iis.Documented}},
		Process: &iis.Process{Image: `C:\perl\perl.exe`, Creator: `NT AUTHORITY\NETWORK SERVICE`, User: "IUSR_WEB01", Audit: []iis.Audited{
			{ID: 560, Account: `NT AUTHORITY\NETWORK SERVICE`, Detail: "the worker process opens the program", Written: snapshot.No},
			{ID: 600, Account: `NT AUTHORITY\NETWORK SERVICE`, Detail: "the new process gets the token of IUSR_WEB01", Written: snapshot.Yes},
			{ID: 593, Account: "IUSR_WEB01", Detail: "the process ends\x1b"},
		}},
	}
	for _, c := range []struct {
		file, format string
		trace        iis.Outcome
		o            Options
	}{
		{"trace-80.txt", "text", refused(t), Options{Width: 80}},
		{"trace-40-verbose.txt", "text", refused(t), Options{Width: 40, Verbose: true}},
		{"trace.json", "json", refused(t), Options{}},
		{"trace-answer.txt", "text", answered, Options{}},
		{"trace-answer.json", "json", answered, Options{}},
		{"trace-process.txt", "text", started, Options{Width: 80}},
		{"trace-process.json", "json", started, Options{}},
	} {
		var b bytes.Buffer
		if err := WriteTrace(&b, c.format, c.trace, c.o); err != nil {
			t.Fatal(err)
		}
		golden(t, c.file, b.String())
	}
	if err := WriteTrace(&bytes.Buffer{}, "table", iis.Outcome{}, Options{}); err == nil || err.Error() != `unknown format "table"; the formats are text, json` {
		t.Error(err)
	}
}

func TestRequestURL(t *testing.T) {
	for _, c := range []struct {
		r    iis.Request
		want string
	}{
		{iis.Request{Host: "a", Path: "/"}, "http://a/"},
		{iis.Request{Host: "a", Port: 80, Path: "/x", Query: "q=1"}, "http://a/x?q=1"},
		{iis.Request{Host: "a", Port: 443, Path: "/"}, "http://a:443/"},
		{iis.Request{Host: "a", Port: 443, Secure: true, Path: "/"}, "https://a/"},
		{iis.Request{IP: "10.0.0.1", Port: 8080, Path: "/"}, "http://10.0.0.1:8080/"},
		{iis.Request{IP: "::1", Path: "/"}, "http://[::1]/"},
		{iis.Request{Host: "[::1]", Port: 81, Path: "/"}, "http://[::1]:81/"},
	} {
		if got := requestURL(c.r); got != c.want {
			t.Errorf("%+v: %s, want %s", c.r, got, c.want)
		}
	}
}

func TestWhy(t *testing.T) {
	text := fixture(t)
	parents := setting{kind: metabase.Inherited, key: "/LM/W3SVC", written: "AspEnableParentPaths", text: "FALSE", span: at(t, text, "FALSE")}
	above := setting{kind: metabase.Inherited, key: "/LM", written: "AspEnableParentPaths", text: "TRUE", span: at(t, text, "?xml")}
	html, own := entry{".html,text/html", 20, ".html"}, entry{".html,text/plain", 41, ".html"}
	site := setting{kind: metabase.Own, key: "/LM/W3SVC/1", text: ".html,text/plain", span: at(t, text, "Path"), items: []entry{own}}
	global := setting{kind: metabase.Own, key: "/LM/MimeMap", text: ".css,text/css\n.html,text/html", span: at(t, text, "asp.dll"), items: []entry{{".css,text/css", 19, ".css"}, html}}
	password := reveal(metabase.Value{})
	password.kind, password.key, password.text, password.span = metabase.Own, "/LM/W3SVC/1/ROOT", withheld, at(t, text, "geheim")
	for _, c := range []struct {
		name string
		from origin
	}{
		{"why-inherited", origin{
			key: "/LM/W3SVC/1/ROOT/shop", property: "AspEnableParentPaths", value: parents, chain: []setting{parents, above}, lists: []setting{parents},
		}},
		{"why-default", origin{
			key: "/LM/W3SVC/1/ROOT", property: "AspScriptTimeout",
			value: setting{kind: metabase.Default, key: "/LM/W3SVC/1/ROOT", text: "90", span: at(t, text, "IIsWebVirtualDir\tLocation =\"/LM/W3SVC/1/ROOT\"")},
		}},
		{"why-absent", origin{
			key: "/LM/W3SVC/1/ROOT", property: "DefaultDoc",
			value: setting{kind: metabase.Absent, key: "/LM/W3SVC/1/ROOT", span: at(t, text, "IIsWebVirtualDir\tLocation =\"/LM/W3SVC/1/ROOT\"")},
		}},
		{"why-secret", origin{key: "/LM/W3SVC/1/ROOT", property: "UNCPassword", value: password, chain: []setting{password}}},
		{"why-list", origin{
			key: "/LM/MimeMap", property: "MimeMap", value: global, chain: []setting{global}, lists: []setting{global},
		}},
		{"why-merged", origin{
			key: "/LM/W3SVC/1", property: "MimeMap", value: site, chain: []setting{site, global}, lists: []setting{site, global},
		}},
	} {
		var b, j bytes.Buffer
		if err := whyText(&b, c.from, Options{Width: 80}); err != nil {
			t.Fatal(err)
		}
		if err := encode(&j, whyJSON(c.from)); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b.Bytes(), []byte("geheim")) || bytes.Contains(j.Bytes(), []byte("geheim")) {
			t.Errorf("%s shows a secret", c.name)
		}
		golden(t, c.name+".txt", b.String())
		golden(t, c.name+".json", j.String())
	}
	if err := WriteWhy(&bytes.Buffer{}, "", Origin{}, Options{}); err == nil {
		t.Error("an empty format name is unknown too")
	}
	if err := WriteWhy(&bytes.Buffer{}, "text", Origin{}, Options{}); err != nil {
		t.Error(err)
	}
}

// The same through a tree that was read, as the command does it.
func TestWhyOfTree(t *testing.T) {
	tree, _ := metabase.Read(fixture(t), metabase.Builtin())
	ask := func(format, key, property string) string {
		var b bytes.Buffer
		path := metabase.Path(key)
		from := Origin{key, property, tree.Effective(path, property), tree.Chain(path, property), tree.Lists(path, property)}
		if err := WriteWhy(&b, format, from, Options{Width: 80}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	golden(t, "why-inherited-tree.txt", ask("text", "/LM/W3SVC/1/ROOT/shop", "AspEnableParentPaths"))
	golden(t, "why-list-tree.txt", ask("text", "/LM/W3SVC", "WebSvcExtRestrictionList"))
	golden(t, "why-list-tree.json", ask("json", "/LM/W3SVC", "WebSvcExtRestrictionList"))
	golden(t, "why-secret-tree.txt", ask("text", "/LM/W3SVC/1/ROOT", "UNCPassword"))
	golden(t, "why-secret-tree.json", ask("json", "/LM/W3SVC/1/ROOT", "UNCPassword"))
}

func TestWords(t *testing.T) {
	words := checks.Words{
		ID: "mime-unmapped", Title: "Static file answered 404.3", Codes: []string{"404.3"},
		Symptom: "The file is there, its rights are right, and clients still get *The page cannot be found*.\nThe log has `404 3`; see `*.json` and **every** other\nextension_without_type.",
		Cause:   "1. IIS sends files of known types only, those of [MimeMap](https://example.org/mimemap), and no other kind of file whatever.\n2. A type of **`HKCR`** counts too.\n\n### Not a cause\n- rights\n- _a_ missing file\n",
		Remedy:  "Save this as `addtype.vbs`:\n\n    Set o = GetObject(\"IIS://LocalHost/MimeMap\")\n      m = o.GetEx(\"MimeMap\") ' a line that is far too long for forty columns stays as it is\n\nor type\n```\ncscript *adsutil.vbs*\n```\nThen restart.",
		Sources: "- ms525631, <https://example.org/ms525631>\n  and what follows it\n- KB318380",
	}
	others := []checks.Words{{ID: "aspnet-unregistered", Title: "ASP.NET pages answered 404.3"}}
	for file, w := range map[string]int{"explain-100.txt": 200, "explain-40.txt": 40} {
		var b bytes.Buffer
		if err := WriteWords(&b, words, others, Options{Width: w}); err != nil {
			t.Fatal(err)
		}
		golden(t, file, b.String())
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"a `*` and *b* and **c d**":            "a * and b and c d",
		"snake_case_name and _this_":           "snake_case_name and this",
		"2 * 3 * 4 and *.dll, *.exe":           "2 * 3 * 4 and *.dll, *.exe",
		"``a ` b`` and `x":                     "a ` b and `x",
		"[x](http://y) [](http://z) [q](q)":    "x (http://y) http://z q",
		"<http://y> and <tag> and [plain] (x)": "http://y and <tag> and [plain] (x)",
		"**`code`** `**` **":                   "code ** **",
	} {
		if got := plainText(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestList(t *testing.T) {
	all := []checks.Check{
		{ID: "extension-prohibited", Codes: []string{"404.2"}, Severity: checks.Error},
		{ID: "rapid-fail", Codes: []string{"503", "AppOffline", "event 1002"}, Severity: checks.Warning},
		{ID: "unworded", Severity: checks.Info},
	}
	titles := map[string]string{"extension-prohibited": "A Web service extension is prohibited", "rapid-fail": "One crash stops the application pool"}
	words := func(id string) (checks.Words, bool) {
		title, ok := titles[id]
		return checks.Words{ID: id, Title: title}, ok
	}
	for file, w := range map[string]int{"list-100.txt": 0, "list-60.txt": 60} {
		var b bytes.Buffer
		if err := WriteList(&b, all, words, Options{Width: w}); err != nil {
			t.Fatal(err)
		}
		golden(t, file, b.String())
	}
}
