package reports

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
)

// members are the documented ones, in their order: nothing may be missing, and
// what is added is added here too.
var members = map[string]string{
	"":                      "version files read findings skipped problems",
	"files":                 "path kind",
	"read":                  "keys properties notUnderstood",
	"findings":              "id codes severity certainty title message file line column endColumn key property value origin affects witness seen hiddenBy observed remedy",
	"findings.witness":      "method url header",
	"findings.hiddenBy":     "id status file line",
	"findings.observed":     "count first last samples",
	"findings.remedy":       "steps commands edits",
	"findings.remedy.edits": "kind target property op value",
	"skipped":               "id reason collect",
	"problems":              "file line column message",
}

func TestJSONMembers(t *testing.T) {
	got := map[string]string{}
	d := json.NewDecoder(strings.NewReader(report(t, "json", sample(t), Options{})))
	collect(t, d, "", got)
	if d := cmp.Diff(members, got); d != "" {
		t.Errorf("members (-documented +written):\n%s", d)
	}
}

// collect reads one value and writes down the member names of its objects by path;
// objects of one path must agree.
func collect(t *testing.T, d *json.Decoder, path string, got map[string]string) {
	t.Helper()
	token, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch token {
	case json.Delim('['):
		for d.More() {
			collect(t, d, path, got)
		}
	case json.Delim('{'):
		var names []string
		for d.More() {
			name, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name.(string))
			collect(t, d, strings.TrimPrefix(path+"."+name.(string), "."), got)
		}
		all := strings.Join(names, " ")
		if before, ok := got[path]; ok && before != all {
			t.Errorf("%s has members %s and %s", path, before, all)
		}
		got[path] = all
	default:
		return
	}
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
}

// A finding that another failure hides, which no check owns, and one that logs
// show: their members in every format.
func TestHiddenAndObserved(t *testing.T) {
	text := fixture(t)
	hidden := parentPaths(t, text)
	hidden.Seen, hidden.HiddenBy = "401.2", &checks.Hidden{Status: "401.2"}
	observed := credentials(t, text)
	observed.Observed = &checks.Observation{
		Count: 2, First: "2004-03-01 08:15:00", Last: "2004-03-01 08:16:00",
		Samples: []string{"2004-03-01 08:15:00 GET /login.asp?pwd=Sesam1 - 500 16 1326", "2004-03-01 08:16:00 GET / - 500 16 1326"},
	}
	for name, f := range map[string]checks.Finding{"hidden": hidden, "observed": observed} {
		r := checks.Report{Keys: 4, Properties: 20, Run: 8, Findings: []checks.Finding{f}}
		golden(t, name+".json", report(t, "json", r, Options{}))
		golden(t, name+".txt", report(t, "text", r, Options{Width: 80}))
		golden(t, name+"-github.txt", report(t, "github", r, Options{}))
	}
}

// Programs get every affected key and every sample, and "" or null for what is not known.
func TestJSONHoldsAll(t *testing.T) {
	f := checks.Finding{ID: "x", Severity: checks.Warning, Certainty: checks.Possible,
		Affects: []string{"/a", "/b", "/c", "/d", "/e"}, Witness: &checks.Witness{Method: "GET", URL: "http://a/"}}
	var doc struct{ Findings []map[string]any }
	if err := json.Unmarshal([]byte(report(t, "json", checks.Report{Findings: []checks.Finding{f}}, Options{})), &doc); err != nil {
		t.Fatal(err)
	}
	got := doc.Findings[0]
	want := map[string]any{
		"affects": []any{"/a", "/b", "/c", "/d", "/e"}, "seen": "", "certainty": "possible", "severity": "warning",
		"hiddenBy": nil, "observed": nil, "codes": []any{}, "line": 0.0,
		"remedy": map[string]any{"steps": []any{}, "commands": []any{}, "edits": []any{}},
	}
	for name, value := range want {
		if d := cmp.Diff(value, got[name]); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
