package checks

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// mapsAt gives the site's ROOT a list of script maps.
func mapsAt(entries ...string) []string {
	return []string{root, root + ` ScriptMaps="` + strings.Join(entries, "\n\t\t\t") + `"`}
}

const aspMap = `.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`

func TestScriptMapMalformed(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{`.asp,C:\asp.dll,5,GET`, ""},
		{`.asp,C:\my programs\asp.dll,5`, ""},
		{`.asp,C:\asp.dll,5,`, ""},
		{`.asp, C:\asp.dll,5,GET`, `replace /LM/W3SVC/1/ROOT ScriptMaps .asp,C:\asp.dll,5,GET`},
		{`.asp,C:\asp.dll, 5,GET`, `replace /LM/W3SVC/1/ROOT ScriptMaps .asp,C:\asp.dll,5,GET`},
		{`.asp,C:\asp.dll`, `replace /LM/W3SVC/1/ROOT ScriptMaps .asp,C:\asp.dll,5,GET,HEAD,POST`},
		{`.asp,C:\asp.dll,GET,POST`, `replace /LM/W3SVC/1/ROOT ScriptMaps .asp,C:\asp.dll,5,GET,POST`},
		{`.asp,C:\asp.dll,yes,GET`, `remove /LM/W3SVC/1/ROOT ScriptMaps .asp,C:\asp.dll,yes,GET`},
		{`.asp`, `remove /LM/W3SVC/1/ROOT ScriptMaps .asp`},
	} {
		var want []string
		if c.want != "" {
			want = []string{"error proven " + c.entry + "; " + c.want}
		}
		if got := listed(changed(t, nil, mapsAt(c.entry)...), "script-map-malformed"); !slices.Equal(got, want) {
			t.Errorf("%s: %q", c.entry, got)
		}
	}
}

// TestMalformedBesideAnother: an edit of one of two entries of one extension would
// change the wrong one, so the whole list is set; what no site uses is no fault.
func TestMalformedBesideAnother(t *testing.T) {
	r := changed(t, nil, mapsAt(`.asp,C:\a.dll,5,GET`, `.asp,C:\b.dll, 5`)...)
	want := []string{`error proven .asp,C:\b.dll, 5; set /LM/W3SVC/1/ROOT ScriptMaps .asp,C:\a.dll,5,GET + .asp,C:\b.dll,5`}
	if got := listed(r, "script-map-malformed"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	replace := append(mapsAt(aspMap), "ScriptMaps=\".asp,C:", "ScriptMaps=\".asp, C:")
	if got := listed(changed(t, nil, replace...), "script-map-malformed"); got != nil {
		t.Errorf("at the service, replaced at the only site: %q", got)
	}
}

func TestScriptMapVerbs(t *testing.T) {
	for _, c := range []struct{ entry, want string }{
		{aspMap, ""},
		{`.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,get,post`, ""},
		{`.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET`, `warning proven; replace GET,POST`},
		{`.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,POST,HEAD`, `warning proven; replace POST,HEAD,GET`},
		{`.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,HEAD`, `warning proven; replace HEAD,GET,POST`},
		{`.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5`, `warning proven; replace GET,HEAD,POST,TRACE`},
		{`.stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET`, ""},
		{`.stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5`, `warning proven; replace GET,HEAD,POST`},
		{`.aspx,C:\WINDOWS\Microsoft.NET\Framework\v1.1.4322\aspnet_isapi.dll,1`, `warning proven; replace GET,HEAD,POST,DEBUG`},
		{`.php,C:\php\php5isapi.dll,5`, `info proven; replace GET,HEAD,POST`},
		{`.php,C:\php\php5isapi.dll,5,all`, `info proven; replace GET,HEAD,POST`},
		{`*,C:\tools\rewrite.dll,1`, ""},
		{`*,C:\tools\rewrite.dll,0,All`, ""},
		{`*,C:\tools\rewrite.dll,1,GET`, `warning proven; replace GET,POST`},
	} {
		var want []string
		if c.want != "" {
			head, verbs, _ := strings.Cut(c.want, "; replace ")
			f := strings.Split(c.entry, ",")
			want = []string{head + " " + c.entry + "; replace /LM/W3SVC/1/ROOT ScriptMaps " + strings.Join(f[:3], ",") + "," + verbs}
		}
		got := listed(changed(t, nil, append(mapsAt(c.entry), "\t\t\t0,*.exe\n", "\t\t\t0,*.exe\n")...), "script-map-verbs")
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.entry, got, want)
		}
	}
}

func TestScriptMapWildcard(t *testing.T) {
	folder := fstest.MapFS{"content/C/tools/readme.txt": file1("x"), "content/C/tools/there.dll": file1("x"), "content/C/inetpub/wwwroot/default.htm": file1("x")}
	allow := []string{"0,*.dll", "1,*.dll"}
	for _, c := range []struct {
		name string
		maps []string
		want []string
	}{
		{"missing", []string{`*,C:\tools\gone.dll,1`, aspMap}, []string{`error proven *,C:\tools\gone.dll,1; remove /LM/W3SVC/1/ROOT ScriptMaps *,C:\tools\gone.dll,1`}},
		{"one of two", []string{`*,C:\tools\there.dll,1`, `*,C:\tools\gone.dll,1`}, []string{`error possible *,C:\tools\gone.dll,1; set /LM/W3SVC/1/ROOT ScriptMaps *,C:\tools\there.dll,1`}},
		{"there", []string{`*,C:\Tools\There.dll,1`}, nil},
		{"its folder was not collected", []string{`*,C:\other\gone.dll,1`}, nil},
		{"for one extension", []string{`.x,C:\tools\gone.dll,1,GET,POST`}, nil},
	} {
		if got := listed(changed(t, folder, append(mapsAt(c.maps...), allow...)...), "script-map-wildcard"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestScriptMapShadowed(t *testing.T) {
	page := fstest.MapFS{"content/C/inetpub/wwwroot/a.asp": file1("x"), "content/C/inetpub/wwwroot/default.htm": file1("x")}
	none := fstest.MapFS{"content/C/inetpub/wwwroot/default.htm": file1("x")}
	const stm, cer = `.stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST`, `.cer,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`
	add := "; add /LM/W3SVC/1/ROOT ScriptMaps " + aspMap
	for _, c := range []struct {
		name    string
		files   fstest.MapFS
		replace []string
		want    []string
	}{
		{"a page that needs it", page, mapsAt(cer), []string{"error proven ScriptMaps" + add}},
		{"nothing needs it", none, mapsAt(cer), nil},
		{"content not collected", nil, mapsAt(cer), []string{"info possible ScriptMaps; remove /LM/W3SVC/1/ROOT ScriptMaps "}},
		{"all in another order, content not collected", nil, mapsAt(`.stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST`, `.shtml,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST`, `.shtm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST`,
			`.idc,C:\WINDOWS\system32\inetsrv\httpodbc.dll,5,GET,POST`, `.asa,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`, `.cdx,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`, cer, aspMap), nil},
		{"the list has it", page, mapsAt(aspMap), nil},
		{"the list of the service", page, []string{".stm,C:", ".stn,C:"}, nil},
		{"a wildcard map takes it", page, mapsAt(`*,C:\WINDOWS\system32\inetsrv\asp.dll,1`), nil},
		{"a directory's list, the page elsewhere", page, []string{endKeys, vdir("IIsWebDirectory", "old", `ScriptMaps="`+cer+`"`)}, nil},
		{"a malformed list", page, mapsAt(".x,y"), nil},
		{"an extension that nobody maps", fstest.MapFS{"content/C/inetpub/wwwroot/a.php": file1("x")}, mapsAt(stm, aspMap), nil},
	} {
		if got := listed(changed(t, c.files, c.replace...), "script-map-shadowed"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestSourceSent: where the extension has a type, the page's text goes to visitors; the
// model's 200 by the static file handler proves it.
func TestSourceSent(t *testing.T) {
	r := changed(t, fstest.MapFS{"content/C/inetpub/wwwroot/a.asp": file1("<% secret %>")}, append(mapsAt(`.cer,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`), ".zip,", ".asp,text/plain\n\t\t\t.zip,")...)
	for _, f := range r.Findings {
		if f.ID == "script-map-shadowed" && (f.Certainty != Proven || f.Seen != "200, source sent" || !strings.Contains(f.Message, "the source of /a.asp is sent")) {
			t.Errorf("%s, seen %q: %s", f.Certainty, f.Seen, f.Message)
		}
	}
	if len(listed(r, "script-map-shadowed")) != 1 {
		t.Error("not found")
	}
}

func TestScriptMapMissing(t *testing.T) {
	folder := func(page string) fstest.MapFS {
		return fstest.MapFS{"content/C/php/php.ini": file1("x"), "content/C/php/there.dll": file1("x"), "content/C/inetpub/wwwroot/default.htm": file1("x"), "content/C/inetpub/wwwroot/" + page: file1("x")}
	}
	const gone = `.php,C:\php\gone.dll,5,GET,POST`
	for _, c := range []struct {
		name, page, entry string
		want              []string
	}{
		{"a page needs it", "a.php", gone, []string{"error proven " + gone}},
		{"no page needs it", "a.htm", gone, []string{"info proven " + gone}},
		{"there", "a.php", `.php,c:\PHP\there.DLL,5,GET,POST`, nil},
		{"its folder was not collected", "a.php", `.php,C:\other\gone.dll,5,GET,POST`, nil},
		{"a program", "a.php", `.php,C:\php\gone.exe,5,GET,POST`, nil},
		{"a wildcard map", "a.php", `*,C:\php\gone.dll,1`, nil},
	} {
		if got := listed(changed(t, folder(c.page), append(mapsAt(c.entry, aspMap), "0,*.dll", "1,*.dll")...), "script-map-missing"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
