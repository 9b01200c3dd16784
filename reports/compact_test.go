package reports

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// migrated is what a site moved from IIS 5.0 gives: pages with the same fault,
// the last but one in another application and the last hidden by another failure.
func migrated(pages int) checks.Report {
	r := checks.Report{Keys: 10, Properties: 100, Run: 8}
	for i := range pages {
		name := fmt.Sprintf("page%02d.asp", i+1)
		text := source.NewText("content/C/inetpub/"+name, []byte("<html>\n<!--#include file=\"../lib/db.inc\"-->\n"))
		application := "/LM/W3SVC/1/ROOT"
		if i == pages-2 {
			application = "/LM/W3SVC/2/ROOT"
		}
		f := checks.Finding{
			ID: "parent-paths", Codes: []string{"ASP 0131"}, Severity: checks.Error, Certainty: checks.Proven,
			Title:   "ASP page fails with 0131, Disallowed Parent Path",
			Message: "/" + name + " includes ../lib/db.inc while parent paths are off",
			Span:    text.Span(26, 39), Key: "/LM/W3SVC", Property: "AspEnableParentPaths",
			Affects: []string{"/" + name}, Witness: &checks.Witness{Method: "GET", URL: "http://www.contoso.com/" + name}, Seen: "500",
			Remedies: []checks.Remedy{
				{Title: "Name the file from the site's root", Steps: []string{
					"In /" + name + `, line 2, write virtual="/lib/db.inc".`, "Do the same for every other include with .. in it."}},
				{Title: "Allow parent paths", Steps: []string{"Select Enable parent paths."}, Edits: []snapshot.Edit{
					{Kind: snapshot.EditMetabase, Target: application, Property: "AspEnableParentPaths", Op: metabase.Set, Value: "TRUE"}}},
			},
		}
		if i == pages-1 {
			f.Seen, f.HiddenBy = "401.2", &checks.Hidden{Status: "401.2"}
			f.Certainty, f.Missing = checks.Possible, "the call may not run."
			f.Affects = []string{"/" + name, "/other.asp"}
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}

// notes are extensions that a fresh server prohibits, and one note of another check.
func notes(t *testing.T) checks.Report {
	text := fixture(t)
	var r checks.Report
	for _, name := range []string{"asp.dll", "httpodbc.dll"} {
		f := prohibited(t, text)
		f.Severity, f.Message = checks.Info, "The extension "+name+" is prohibited. That is how IIS 6.0 is installed and no fault unless you need it"
		r.Findings = append(r.Findings, f)
	}
	r.Findings = append(r.Findings, timeoutNote(t, text))
	return r
}

func TestCompactGoldens(t *testing.T) {
	golden(t, "text-repeated.txt", report(t, "text", migrated(6), Options{Width: 80}))
	golden(t, "text-notes.txt", report(t, "text", notes(t), Options{Width: 80}))
	golden(t, "text-notes-40.txt", report(t, "text", notes(t), Options{Width: 40}))
}

// Short forms are short by leaving out what stands above: each message and each
// place appears, and each page's own step.
func TestRepeatedKeepsEach(t *testing.T) {
	for _, w := range widths {
		r := migrated(40)
		out := report(t, "text", r, Options{Width: w})
		flat := strings.Join(strings.Fields(out), " ")
		for i, f := range r.Findings {
			for _, want := range []string{f.Message, f.Remedies[0].Steps[0]} {
				if n := strings.Count(flat, want); n != 1 {
					t.Errorf("width %d, finding %d: %d times %q", w, i, n, want)
				}
			}
			if place := "--> content/C/inetpub/" + f.Message[1:11] + ":2:20"; strings.Count(out, place) != 1 {
				t.Errorf("width %d: no place %q", w, place)
			}
		}
		if n := strings.Count(flat, "fails with 0131, Disallowed"); n != 3 {
			t.Errorf("width %d: %d findings in full, want 3", w, n)
		}
	}
	if out := report(t, "text", migrated(40), Options{Verbose: true}); strings.Count(out, "Disallowed Parent Path") != 40 || strings.Contains(out, "as above") {
		t.Error("verbose shows all in full")
	}
}

// Findings are of one kind only where the same explanation serves them.
func TestKinds(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*checks.Finding)
		full   int
	}{
		{"same", func(*checks.Finding) {}, 3},
		{"another check", func(f *checks.Finding) { f.ID = "other" }, 4},
		{"another key", func(f *checks.Finding) { f.Key = "/LM/W3SVC/7" }, 4},
		{"another property", func(f *checks.Finding) { f.Property = "Other" }, 4},
		{"another remedy", func(f *checks.Finding) { f.Remedies[0].Title = "Other" }, 4},
		{"one remedy less", func(f *checks.Finding) { f.Remedies = f.Remedies[:1] }, 4},
	} {
		r := migrated(5)
		r.Findings = r.Findings[:4]
		c.change(&r.Findings[3])
		out := report(t, "text", r, Options{})
		if n := strings.Count(out, "error: ASP page fails"); n != c.full {
			t.Errorf("%s: %d in full, want %d", c.name, n, c.full)
		}
	}
}

// What differs from the model is said, and a long list of commands is told of.
func TestDifference(t *testing.T) {
	known := checks.Remedy{Title: "Mend it", Steps: []string{"Open it.", "Close it."}, Risk: "none to speak of"}
	edit := func(key string) []snapshot.Edit {
		return []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: key, Property: "MimeMap", Op: metabase.Add, Value: ".x,a/b"}}
	}
	for _, c := range []struct {
		name string
		n    int
		r    checks.Remedy
		want string
	}{
		{"same", 0, known, ""},
		{"a step", 0, checks.Remedy{Steps: []string{"Open it.", "Turn it.", "Close it."}, Risk: known.Risk}, "  remedy: Turn it.\n"},
		{"a risk", 1, checks.Remedy{Steps: known.Steps, Risk: "fire"}, "  or: Risk: fire\n"},
		{"many commands", 1, checks.Remedy{Title: "Mend it", Steps: known.Steps, Edits: edit("/LM/W3SVC/1")},
			"  or: Mend it (5 commands, shown with --verbose)\n"},
	} {
		var b bytes.Buffer
		own := newPrinter(&b, Options{}).difference(c.n, c.r, &model{Finding: &checks.Finding{Remedies: []checks.Remedy{known, known}}})
		if d := cmp.Diff(c.want, b.String()); d != "" || own != (c.want != "") {
			t.Errorf("%s: own %v (-want +got):\n%s", c.name, own, d)
		}
	}
}
