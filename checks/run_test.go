package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestReportHead: what a report says beside its findings: how much was read, and which
// failure each finding is of, the second of a check as well as the first.
func TestReportHead(t *testing.T) {
	r := changed(t, nil, endKeys, strings.TrimSuffix(vdir("IIsWebVirtualDir", "x", `Wibble="1"`), endKeys)+vdir("IIsWebVirtualDir", "y", `Wibble="1"`))
	titled := 0
	for _, f := range r.Findings {
		if f.ID == "metabase-property" && f.Title == "Metabase property that IIS does not know here" {
			titled++
		}
	}
	if titled != 2 {
		t.Errorf("%d titles, want 2", titled)
	}
	if r.Keys == 0 || r.Properties <= r.Keys || r.NotUnderstood != 2 {
		t.Errorf("read %d keys, %d properties, %d not understood", r.Keys, r.Properties, r.NotUnderstood)
	}
	for _, f := range r.Files {
		if strings.Contains(f.Note, "share folders") {
			t.Errorf("nothing was left out, but %s: %s", f.Path, f.Note)
		}
	}
	logs, err := snapshot.OpenFS(w3cLog("1 GET / - 200 0 0"))
	if err != nil {
		t.Fatal(err)
	}
	if r := Run(logs); r.Keys != 0 || len(r.Findings) != 0 {
		t.Errorf("without a metabase: %d keys, %v", r.Keys, r.Findings)
	}
}

// TestMissingEvidence: what a check names as missing stays; where it names nothing, the
// model's first assumption stands there.
func TestMissingEvidence(t *testing.T) {
	for _, c := range []struct {
		id      string
		replace []string
		want    string
	}{
		{"script-map-shadowed", mapsAt(`.cer,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`), `C:\inetpub\wwwroot\default.asp was not collected; it is assumed to exist`},
		{"unc-credentials", []string{endKeys, vdir("IIsWebVirtualDir", "u", `Path="\\files\web" AccessFlags="AccessScript"`)}, "whether the file server lets that account in is not in the snapshot"},
	} {
		if f := onlyOne(t, changed(t, nil, c.replace...), c.id); f.Certainty != Possible || f.Missing != c.want {
			t.Errorf("%s: %s %q, want %q", c.id, f.Certainty, f.Missing, c.want)
		}
	}
}

// TestHiddenByNobody: an answer of which no check speaks is named by its status and place.
func TestHiddenByNobody(t *testing.T) {
	f := onlyOne(t, changed(t, nil, endKeys, vdir("IIsWebVirtualDir", "u", `Path="\\files\web" AccessFlags="AccessScript"`)), "unc-credentials")
	if h := f.HiddenBy; h == nil || h.ID != "" || h.Status != "403.2" || h.File != "MetaBase.xml" || h.Line == 0 {
		t.Errorf("%+v", f.HiddenBy)
	}
}

// TestUsualAnswers: which rows are left over: not what every server answers, nor what the
// configuration means to answer; from the first of all groups to the last.
func TestUsualAnswers(t *testing.T) {
	const require = ` AccessSSLFlags="AccessSSL"`
	open := []string{`ServerAutoStart="TRUE"`, `ServerAutoStart="TRUE" SecureBindings=":443:" SSLCertHash="00"`}
	ssl := append([]string{root, root + require}, open...)
	for _, c := range []struct {
		row     string
		replace []string
		want    string
	}{
		{"1 GET /none.htm - 404 0 2", nil, ""},
		{"1 GET /none.htm - 404 5 0", nil, "info observed 1 × 404.5 on site 1: not explained"},
		{"1 GET /a.htm - 401 1 1326", nil, ""},
		{"1 GET /a.htm - 401 2 2148074254", nil, ""},
		{"1 GET /a.htm - 401 3 5", nil, "info observed 1 × 401.3 on site 1: identity-access could not look for the cause (no web content in the snapshot)"},
		{"1 GET /a.htm - 401 4 0", nil, "info observed 1 × 401.4 on site 1: not explained"},
		{"1 TRACE /a.htm - 405 0 1", nil, ""},
		{"1 TRACE /a.htm - 501 0 1", nil, ""},
		{"1 GET /a.htm - 403 4 5", ssl, ""},
		{"1 GET /a.htm - 403 4 5", append(slices.Clone(open), endKeys, vdir("IIsWebDirectory", "shop", require)), "info observed 1 × 403.4 on site 1: not explained"},
		{"1 GET /shop/a.htm - 403 4 5", append(slices.Clone(open), endKeys, vdir("IIsWebDirectory", "shop", require)), ""},
		{"1 GET /a.htm - 403 5 5", ssl, "info observed 1 × 403.5 on site 1: not explained"},
	} {
		if got := allSaid(changed(t, w3cLog(c.row), c.replace...), unexplainedID); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", c.row, got, c.want)
		}
	}
	f := onlyOne(t, changed(t, w3cLog("1 GET /a.css - 404 5 0", "1 GET /b.htm - 404 5 0", "1 GET /c.gif - 404 5 0")), unexplainedID)
	if o := f.Observed; o == nil || fmt.Sprintf("%d %s %s", o.Count, o.First, o.Last) != "3 2003-11-04 08:00:00 2003-11-04 08:00:02" {
		t.Errorf("%+v", f.Observed)
	}
}

// TestEngineEvent: event 2220 with the name of the DLL shows a map whose engine is missing.
func TestEngineEvent(t *testing.T) {
	const text = `The HTTP server was unable to load the ISAPI application '%s'. The data is the error.`
	for _, c := range []struct{ event, want string }{
		{"W3SVC-WP|2220|" + fmt.Sprintf(text, `C:\php\gone.dll`), "error observed "},
		{"W3SVC-WP|2220|" + fmt.Sprintf(text, `c:\PHP\Gone.dll`), "error observed "},
		{"W3SVC-WP|2220|" + fmt.Sprintf(text, `C:\php\other.dll`), "error proven "},
		{"W3SVC-WP|2219|" + fmt.Sprintf(text, `C:\php\gone.dll`), "error proven "},
		{"W3SVC|2220|" + fmt.Sprintf(text, `C:\php\gone.dll`), "error proven "},
	} {
		files := eventTable(c.event)
		for _, name := range []string{"php/php.ini", "inetpub/wwwroot/default.htm", "inetpub/wwwroot/a.php"} {
			files["content/C/"+name] = file1("x")
		}
		r := changed(t, files, append(mapsAt(`.php,C:\php\gone.dll,5,GET,POST`, aspMap), "0,*.dll", "1,*.dll")...)
		if got := allSaid(r, "script-map-missing"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", c.event, got, c.want)
		}
	}
}

// TestMapWords: what is wrong with a map, and which verbs it lists.
func TestMapWords(t *testing.T) {
	for _, c := range []struct{ id, entry, words string }{
		{"script-map-malformed", `.asp, C:\asp.dll,5,GET`, "is malformed (a blank after a comma)"},
		{"script-map-malformed", ".asp,C:\\asp.dll,\t5,GET", "is malformed (a blank after a comma)"},
		{"script-map-malformed", `.asp, C:\asp.dll`, "is malformed (a blank after a comma)"},
		{"script-map-malformed", `.asp,C:\asp.dll`, "is malformed (it needs an extension, a program and flags)"},
		{"script-map-malformed", `.asp`, "is malformed (it needs an extension, a program and flags)"},
		{"script-map-malformed", `.asp,C:\asp.dll,yes,GET`, "is malformed (the third field must be a number)"},
		{"script-map-verbs", `.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5`, "lists no verbs: all of them reach asp.dll"},
		{"script-map-verbs", `.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,All`, "lists All as its verbs: all of them reach asp.dll"},
	} {
		if f := onlyOne(t, changed(t, fstest.MapFS{}, mapsAt(c.entry)...), c.id); !strings.Contains(f.Message, c.words) {
			t.Errorf("%s: %s, want %q", c.entry, f.Message, c.words)
		}
	}
}
