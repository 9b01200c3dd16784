package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

var update = flag.Bool("update", false, "write the goldens anew; read the difference before you keep it")

// golden compares with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// fixture is the metabase that the places below point into.
func fixture(t *testing.T) *source.Text {
	t.Helper()
	data, err := os.ReadFile("testdata/metabase.xml")
	if err != nil {
		t.Fatal(err)
	}
	text := source.NewText("metabase.xml", data)
	at := bytes.Index(data, []byte("geheim"))
	text.Hide(at, at+len("geheim"))
	return text
}

// at is the span of a stretch of the text.
func at(t *testing.T, text *source.Text, stretch string) source.Span {
	t.Helper()
	i := bytes.Index(text.Bytes(), []byte(stretch))
	if i < 0 {
		t.Fatalf("the fixture has no %q", stretch)
	}
	return text.Span(i, i+len(stretch))
}

// sample is a report with every kind of finding.
func sample(t *testing.T) checks.Report {
	text := fixture(t)
	return checks.Report{
		Files: []snapshot.File{{Path: "metabase.xml", Kind: snapshot.KindMetabase}, {Path: "content", Kind: snapshot.KindContent}},
		Keys:  214, Properties: 1902, NotUnderstood: 3, Run: 31,
		Findings: []checks.Finding{parentPaths(t, text), prohibited(t, text), timeoutNote(t, text), credentials(t, text)},
		Skipped: []checks.Skip{
			{ID: "header-too-large", Reason: "no registry export in the snapshot", Collect: `reg export HKLM\SYSTEM\CurrentControlSet\Services\HTTP http.reg`},
			{ID: "cgi-rights", Reason: "no user rights in the snapshot", Collect: "secedit /export /cfg rights.inf /areas USER_RIGHTS"},
			{ID: "firewall-closed", Reason: "no registry export in the snapshot", Collect: `reg export HKLM\SYSTEM\CurrentControlSet\Services\HTTP http.reg`},
		},
		Problems: []source.Problem{{
			Pos:   source.Pos{File: "schema.xml", Line: 12, Column: 4, EndColumn: 9},
			Found: "attribute Path twice in one key", Expected: "each attribute once", Hint: "Remove one of the two.",
		}},
	}
}

func prohibited(t *testing.T, text *source.Text) checks.Finding {
	return checks.Finding{
		ID: "extension-prohibited", Codes: []string{"404.2"}, Severity: checks.Error, Certainty: checks.Proven,
		Title:   "A Web service extension is prohibited",
		Message: `The extension asp.dll is prohibited, and 214 pages (.asp) need it. IIS answers every request for them with 404.2, whatever their content is.`,
		Span:    at(t, text, `0,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages`),
		Key:     "/LM/W3SVC", Property: "WebSvcExtRestrictionList", Value: `0,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages`, Origin: "/LM/W3SVC",
		Affects: []string{"/LM/W3SVC/1/ROOT", "/LM/W3SVC/1/ROOT/shop", "/LM/W3SVC/2/ROOT", "/LM/W3SVC/3/ROOT", "/LM/W3SVC/4/ROOT"},
		Witness: &checks.Witness{Method: "GET", URL: "http://www.contoso.com/shop/list.asp"}, Seen: "404.2",
		Remedies: []checks.Remedy{
			{
				Title: "Allow the extension Active Server Pages",
				Steps: []string{"Open IIS Manager, Web Service Extensions.", "Select Active Server Pages and choose Allow."},
				Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC", Property: "WebSvcExtRestrictionList", Op: metabase.Replace, Value: `1,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages`}},
			},
		},
	}
}

func parentPaths(t *testing.T, text *source.Text) checks.Finding {
	return checks.Finding{
		ID: "parent-paths", Codes: []string{"ASP 0131", "ASP 0175"}, Severity: checks.Warning, Certainty: checks.Possible,
		Missing: "the content of C:\\inetpub\\wwwroot is not in the snapshot.",
		Title:   "A page includes a file by a parent path",
		Message: "Parent paths are off, and a page below /shop includes ../lib/db.inc.",
		Span:    at(t, text, `FALSE`),
		Key:     "/LM/W3SVC/1/ROOT/shop", Property: "AspEnableParentPaths", Value: "FALSE", Origin: "/LM/W3SVC",
		Witness: &checks.Witness{Method: "GET", URL: "http://www.contoso.com/shop/cart.asp"}, Seen: "404.2",
		HiddenBy: &checks.Hidden{ID: "extension-prohibited", Status: "404.2", File: "metabase.xml", Line: 8},
		Remedies: []checks.Remedy{
			{Title: "Include by virtual path", Steps: []string{`Write #include virtual="/lib/db.inc" in the page.`}},
			{
				Title: "Allow parent paths", Steps: []string{"Open the application's Configuration, Options.", "Choose Enable parent paths."},
				Risk:  "Pages can then read files above their own folder.",
				Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/1/ROOT/shop", Property: "AspEnableParentPaths", Op: metabase.Set, Value: "TRUE"}},
			},
		},
	}
}

func timeoutNote(t *testing.T, text *source.Text) checks.Finding {
	return checks.Finding{
		ID: "script-timeout", Codes: []string{"ASP 0113"}, Severity: checks.Info, Certainty: checks.Proven,
		Title:   "Scripts are stopped after 90 seconds",
		Message: "A page that runs longer, such as a large upload, ends with ASP 0113.",
		Span:    at(t, text, "90"),
		Key:     "/LM/W3SVC", Property: "AspScriptTimeout", Value: "90", Origin: "/LM/W3SVC",
		Remedies: []checks.Remedy{{
			Title: "Give scripts more time", Steps: []string{"Set the ASP script timeout to 300 seconds."},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC", Property: "AspScriptTimeout", Op: metabase.Set, Value: "300"}},
		}},
	}
}

func credentials(t *testing.T, text *source.Text) checks.Finding {
	return checks.Finding{
		ID: "unc-credentials", Codes: []string{"500.16", "401"}, Severity: checks.Error, Certainty: checks.Observed,
		Title:   "The stored account cannot open the share",
		Message: "The password stored for the share is refused.",
		Span:    at(t, text, "geheim"),
		Key:     "/LM/W3SVC/1/ROOT", Property: "UNCPassword", Origin: "/LM/W3SVC/1/ROOT",
		Affects: []string{"/LM/W3SVC/1/ROOT"},
		Observed: &checks.Observation{
			Count: 1234, First: "2004-03-01 08:15:00", Last: "2004-03-02 17:00:01",
			Samples: []string{"2004-03-01 08:15:00 GET / - 500 16 1326", "2004-03-01 08:15:02 GET / - 500 16 1326", "2004-03-01 08:15:03 GET / - 500 16 1326", "2004-03-01 08:15:09 GET / - 500 16 1326"},
		},
	}
}

func report(t *testing.T, format string, r checks.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteReport(&b, format, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoldens(t *testing.T) {
	for _, c := range []struct {
		file, format string
		o            Options
	}{
		{"text-100.txt", "text", Options{}},
		{"text-40.txt", "text", Options{Width: 40}},
		{"text-80.txt", "text", Options{Width: 80}},
		{"text-120-verbose.txt", "text", Options{Width: 120, Verbose: true}},
		{"text-200.txt", "text", Options{Width: 200}},
		{"text-80-color.txt", "text", Options{Width: 80, Color: true}},
		{"table-80.txt", "table", Options{Width: 80}},
		{"table-200.txt", "table", Options{Width: 200}},
		{"scan.json", "json", Options{}},
		{"github.txt", "github", Options{}},
	} {
		golden(t, c.file, report(t, c.format, sample(t), c.o))
	}
}

func TestUnknownFormat(t *testing.T) {
	err := WriteReport(&bytes.Buffer{}, "jsn", checks.Report{}, Options{})
	want := `unknown format "jsn"; the formats are text, table, json, github`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := report(t, "json", checks.Report{}, Options{}); !strings.Contains(got, `"findings": []`) || strings.Contains(got, "null") {
		t.Errorf("empty arrays must be []: %s", got)
	}
}
