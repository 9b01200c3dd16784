package iis

import (
	"slices"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// TestParseScriptMap: ms526052 for the form, Prete for what breaks it.
func TestParseScriptMap(t *testing.T) {
	cases := []struct {
		text  string
		ok    bool
		ext   string
		flags int
		verbs []string
	}{
		{`.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`, true, ".asp", 5, []string{"GET", "HEAD", "POST", "TRACE"}},
		{`.htw,c:\winnt\system32\webhits.dll,3,GET,HEAD,POST`, true, ".htw", 3, []string{"GET", "HEAD", "POST"}},
		{`.ASP,c:\x.dll,1`, true, ".asp", 1, nil},
		{`*,c:\x.dll,0`, true, "*", 0, nil},
		{`.pl,"C:\Program Files\perl.exe" %s %s,5`, true, ".pl", 5, nil},
		{`.asp, c:\x.dll,5`, false, ".asp", 0, nil},
		{`.asp,c:\x.dll, 5`, false, ".asp", 0, nil},
		{`.asp,c:\x.dll,5, GET`, false, ".asp", 0, nil},
		{`.asp,c:\x.dll,five`, false, ".asp", 0, nil},
		{`.asp,c:\x.dll`, false, "", 0, nil},
		{``, false, "", 0, nil},
	}
	for _, c := range cases {
		m, ok := ParseScriptMap(metabase.Item{Text: c.text})
		if ok != c.ok || m.Extension != c.ext || m.Flags != c.flags || !slices.Equal(m.Verbs, c.verbs) {
			t.Errorf("%q: %v %+v, want %v %q flags %d verbs %v", c.text, ok, m, c.ok, c.ext, c.flags, c.verbs)
		}
	}
}

// TestAllows: no verb listed means all (ms526052), and so does All.
func TestAllows(t *testing.T) {
	for text, want := range map[string]bool{"": true, ",All": true, ",all": true, ",GET,all": true, ",GET": false, ",ALLOW": false, ",put": true} {
		m, _ := ParseScriptMap(metabase.Item{Text: `.x,c:\x.dll,1` + text})
		if m.Allows("PUT") != want {
			t.Errorf("%q: PUT allowed %v", text, !want)
		}
	}
}

// TestMIMEType: cc757093 and cc784353: the level of the request, the closest
// inherited one and the computer's are merged, the nearer wins.
func TestMIMEType(t *testing.T) {
	m := with(t, map[string]string{
		"SERVICE": `MimeMap=".far,service/far"`,
		"ROOT": `MimeMap=".htm,root/htm
			.own,root/own"`,
		"KEYS": `<IIsWebDirectory	Location ="/LM/W3SVC/1/ROOT/a"
		MimeMap=".dir,dir/dir"
	>
</IIsWebDirectory>`,
	}, nil)
	cases := []struct {
		key, ext, want string
	}{
		{"/LM/W3SVC/1/ROOT", ".own", "root/own"},
		{"/LM/W3SVC/1/ROOT", ".htm", "root/htm"}, // nearer than the computer's text/html
		{"/LM/W3SVC/1/ROOT", ".css", "text/css"}, // of the computer
		{"/LM/W3SVC/1/ROOT", ".far", "service/far"},
		{"/LM/W3SVC/1/ROOT/x/y.own", ".own", "root/own"},
		{"/LM/W3SVC/1/ROOT/shop", ".own", "root/own"},
		{"/LM/W3SVC/1/ROOT/a", ".dir", "dir/dir"},
		{"/LM/W3SVC/1/ROOT/a", ".own", "root/own"}, // the closest inherited level
		{"/LM/W3SVC/1/ROOT", ".dir", ""},           // below, not above
		{"/LM/W3SVC/1/ROOT", "", ""},
		{"/LM/W3SVC/1/ROOT", ".OWN", "root/own"},
	}
	for _, c := range cases {
		got, item, ok := m.MIMEType(metabase.Path(c.key), c.ext)
		if got != c.want || ok != (c.want != "") || ok && item.Span.IsZero() {
			t.Errorf("%s %q: %q %v, want %q", c.key, c.ext, got, ok, c.want)
		}
	}
}

// TestRestriction: ms525694.
func TestRestriction(t *testing.T) {
	m := with(t, map[string]string{"SERVICE": `WebSvcExtRestrictionList="0,*.dll
			1,*.exe
			1,c:\windows\system32\inetsrv\asp.dll,0,ASP,Active Server Pages
			0,C:\perl\perl.exe &quot;%s&quot; %s,1,PERL,Perl
			0,%windir%\system32\inetsrv\ssinc.dll
			junk"`}, nil)
	cases := []struct {
		processor       string
		allowed, listed bool
	}{
		{`C:\WINDOWS\system32\inetsrv\asp.dll`, true, true},
		{`%windir%\system32\inetsrv\ASP.dll`, true, true},
		{`C:\WINDOWS\system32\inetsrv\ssinc.dll`, false, true},
		{`D:\other\asp.dll`, false, false},                    // another file of the same name
		{`C:\WINDOWS\system32\inetsrv\asp.dll2`, true, false}, // no .dll: a CGI program
		{`C:\perl\perl.exe "%s" %s`, false, true},
		{`C:\perl\perl.exe`, true, false}, // the entry must hold the map's full command
	}
	for _, c := range cases {
		r := m.Restriction(c.processor)
		if r.Allowed != c.allowed || r.Listed != c.listed || !r.Known {
			t.Errorf("%s: allowed %v listed %v known %v, want %v %v", c.processor, r.Allowed, r.Listed, r.Known, c.allowed, c.listed)
		}
	}
	empty := with(t, map[string]string{"SERVICE": `WebSvcExtRestrictionList=""`}, nil)
	if r := empty.Restriction(`c:\x.dll`); r.Listed || r.Allowed && r.Known {
		t.Errorf("an empty list allows: %+v", r)
	}
}

func TestRoute(t *testing.T) {
	m := with(t, map[string]string{"SITE": `ServerBindings=":80:
			10.0.0.5:80:
			:80:www.contoso.com
			:8080:admin
			10.0.0.6:80:only.six
			bad
			:0:
			1.2.3:80:"`,
		"KEYS": `<IIsWebServer	Location ="/LM/W3SVC/2"
		ServerBindings=":80:two.example"
		SecureBindings="10.0.0.7:443:"
	>
</IIsWebServer>`}, page)
	cases := []struct {
		url  string
		site string
	}{
		{"http://www.contoso.com/", "1"}, {"http://WWW.CONTOSO.COM/", "1"}, {"http://anything/", "1"},
		{"http://two.example/", "2"}, {"http://10.0.0.5/", "1"}, {"http://10.0.0.9/", "1"},
		{"http://admin:8080/", "1"}, {"http://other:8080/", ""}, {"http://x:81/", ""},
		{"https://10.0.0.7/", "2"}, {"https://10.0.0.8/", ""}, {"https://two.example/", "2"},
	}
	for _, c := range cases {
		if got := ask(t, m, "GET", c.url).Target.SiteID; got != c.site {
			t.Errorf("%s goes to site %q, want %q", c.url, got, c.site)
		}
	}
}

// TestAmbiguousAddress: a name may arrive at any bound address; where that decides
// between sites, it is said.
func TestAmbiguousAddress(t *testing.T) {
	m := with(t, map[string]string{"SITE": `ServerBindings="10.0.0.5:80:"`,
		"KEYS": `<IIsWebServer	Location ="/LM/W3SVC/2"
		ServerBindings="10.0.0.6:80:"
	>
</IIsWebServer>`}, page)
	if out := ask(t, m, "GET", "http://shop/default.htm"); !out.Assumed {
		t.Errorf("not said to be ambiguous\n%s", steps(out))
	}
	if out := ask(t, m, "GET", "http://10.0.0.5/default.htm"); out.Assumed || out.Target.SiteID != "1" {
		t.Errorf("an address is not ambiguous\n%s", steps(out))
	}
}

func TestParseURL(t *testing.T) {
	good := []struct {
		text, host, ip, path, query string
		port                        int
		secure                      bool
	}{
		{"http://www.contoso.com/shop/list.asp?id=1", "www.contoso.com", "", "/shop/list.asp", "id=1", 80, false},
		{"https://x", "x", "", "/", "", 443, true},
		{"HTTP://x:8080?q", "x", "", "/", "q", 8080, false},
		{"http://10.0.0.1/%20#frag", "10.0.0.1", "10.0.0.1", "/%20", "", 80, false},
		{"http://[fe80::1]:81/", "fe80::1", "fe80::1", "/", "", 81, false},
	}
	for _, c := range good {
		r, err := ParseURL("GET", c.text)
		if err != nil || r.Host != c.host || r.IP != c.ip || r.Path != c.path || r.Query != c.query || r.Port != c.port || r.Secure != c.secure {
			t.Errorf("%s: %+v %v", c.text, r, err)
		}
	}
	for _, text := range []string{"", "x", "/x", "ftp://x/", "http://", "http:///x", "http://x:0/", "http://x:99999/", "http://x:y/", "http://u@x/"} {
		if r, err := ParseURL("GET", text); err == nil {
			t.Errorf("%q is accepted: %+v", text, r)
		}
	}
}

func TestSameFile(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`C:\WINDOWS\system32\inetsrv\asp.dll`, `c:\windows\SYSTEM32\inetsrv\ASP.dll`, true},
		{`%windir%\system32\inetsrv\asp.dll`, `D:\WINNT\system32\inetsrv\asp.dll`, true},
		{`C:\WINDOWS\system32\a.dll`, `%SystemRoot%\system32\a.dll`, true},
		{`%windir%\a.dll`, `%SystemRoot%\a.dll`, true},
		{`"C:\x\a.dll"`, `C:\x\a.dll`, true},
		{`C:\WINDOWS\system32\a.dll`, `D:\WINNT\system32\a.dll`, false},
		{`%windir%\a.dll`, `C:\tools\a.dll`, false},
		{`%windir%\a.dll`, ``, false},
	} {
		if SameFile(c.a, c.b) != c.same || SameFile(c.b, c.a) != c.same {
			t.Errorf("%s and %s: want %v", c.a, c.b, c.same)
		}
	}
}

// TestMappedAbove: only a list above the one in force, and only if a key sets that.
func TestMappedAbove(t *testing.T) {
	own := map[string]string{"ROOT": `ScriptMaps=".php,C:\php\php.dll,5"`}
	for _, c := range []struct {
		marks    map[string]string
		key, ext string
		want     string
	}{
		{own, "/LM/W3SVC/1/ROOT", ".asp", `C:\WINDOWS\system32\inetsrv\asp.dll`},
		{own, "/LM/W3SVC/1/ROOT/sub/deep", ".ASP", `C:\WINDOWS\system32\inetsrv\asp.dll`},
		{own, "/LM/W3SVC/1/ROOT", ".php", ""},
		{own, "/LM/W3SVC/1/ROOT", ".as", ""},
		{nil, "/LM/W3SVC/1/ROOT", ".asp", ""},
	} {
		model := with(t, c.marks, nil)
		got := ""
		if m := model.MappedAbove(model.tree.Effective(metabase.Path(c.key), "ScriptMaps"), c.ext); m != nil {
			got = m.Processor
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.key, c.ext, got, c.want)
		}
	}
}

// TestIsASPNET: extensions as published lists of registered servers have them.
func TestIsASPNET(t *testing.T) {
	for ext, want := range map[string]bool{".aspx": true, ".ASMX": true, ".ashx": true, ".svc": true, ".asp": false, ".asax": false, ".aspx2": false, "": false} {
		if IsASPNET(ext) != want {
			t.Errorf("%q: %v", ext, !want)
		}
	}
}
