package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPredicatesDoNotAskTheModel: a check finds its cause by itself. If it asked
// the model, and the server obeys the model, that check and server agree would
// prove nothing. Only prove.go may name the verdict.
func TestPredicatesDoNotAskTheModel(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) < 10 {
		t.Fatalf("found %d files, %v", len(names), err)
	}
	verdicts := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range verdictWords(t, name, text) {
			if name == "prove.go" {
				verdicts++
				continue
			}
			t.Errorf("%s names iis.%s; a predicate must find the cause by itself", name, word)
		}
	}
	if verdicts == 0 {
		t.Error("prove.go names no verdict: the test looks for the wrong words")
	}
}

// verdictWords are the names of the model's verdict that a file uses: as a member
// of package iis or of one of its values.
func verdictWords(t *testing.T, name string, text []byte) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		switch word := sel.Sel.Name; word {
		case "Decide":
			found = append(found, word)
		case "Outcome", "Status":
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "iis" || word == "Outcome" {
				found = append(found, word)
			}
		}
		return true
	})
	return found
}

func TestVerdictWordsAreFound(t *testing.T) {
	text := "package p\nfunc f(m *iis.Model) { o := m.Decide(r); var s iis.Status; var x iis.Outcome }"
	if got := verdictWords(t, "p.go", []byte(text)); !slices.Equal(got, []string{"Decide", "Status", "Outcome"}) {
		t.Errorf("found %v", got)
	}
}

// TestNamesAreUnique: an ID names one check in reports, rules and fault folders.
func TestNamesAreUnique(t *testing.T) {
	rows := map[string]int{}
	for i, c := range All() {
		if first, twice := rows[c.ID]; twice {
			t.Errorf("rows %d and %d of the list of checks (list.go) both have the ID %q: give one of them another, or drop one that a merge has doubled", first+1, i+1, c.ID)
			continue
		}
		rows[c.ID] = i
	}
}

// TestFoldersAndListAgree: one row, one check, one fault folder, one set of words.
func TestFoldersAndListAgree(t *testing.T) {
	entries, err := fs.ReadDir(files, "failures")
	if err != nil {
		t.Fatal(err)
	}
	var folders, ids []string
	for _, e := range entries {
		folders = append(folders, e.Name())
	}
	for _, c := range All() {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(folders, ids) {
		t.Errorf("folders %v, checks %v", folders, ids)
	}
}

func TestWordsAreComplete(t *testing.T) {
	for _, c := range All() {
		w, ok := WordsOf(c.ID)
		if !ok || w.Title == "" || w.Symptom == "" || w.Cause == "" || w.Remedy == "" || w.Sources == "" {
			t.Errorf("%s: a part of its words is missing: %+v", c.ID, w)
		}
		codes := c.Codes
		switch {
		case len(codes) == 0 && c.ConfigOnly:
			codes = []string{"configuration only"}
		case len(codes) == 0 && c.ByValue:
			codes = []string{"no error"}
		}
		if !slices.Equal(w.Codes, codes) {
			t.Errorf("%s: README names the codes %v, the check %v", c.ID, w.Codes, codes)
		}
		text, _ := fs.ReadFile(files, "failures/"+c.ID+"/README.md")
		if n := strings.Count(string(text), "\n"); n > 48 {
			t.Errorf("%s: README has %d lines, more than one screen", c.ID, n)
		}
	}
}

func TestFind(t *testing.T) {
	cases := []struct {
		text string
		want []string
	}{
		{"mime-unmapped", []string{"mime-unmapped"}},
		{"MIME-Unmapped", []string{"mime-unmapped"}},
		{"404.3", []string{"mime-unmapped", "script-map-shadowed", "aspnet-unregistered"}},
		{"404.2", []string{"extension-prohibited"}},
		{"0131", []string{"parent-paths"}},
		{"asp 0131", []string{"parent-paths"}},
		{"Hostname", []string{"no-site-for-host"}},
		{"1007", []string{"binding-duplicate"}},
		{"1002", []string{"rapid-fail"}},
		{"appoffline", []string{"rapid-fail"}},
		{"500.16", []string{"unc-credentials"}},
		{"40", nil},
		{"", nil},
		{"404.33", nil},
	}
	for _, c := range cases {
		var got []string
		for _, check := range Find(c.text) {
			got = append(got, check.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("Find(%q) = %v, want %v", c.text, got, c.want)
		}
	}
}

// TestFindShared: a code that several failures have finds them all, in list order.
func TestFindShared(t *testing.T) {
	for code, want := range map[string]string{"503": "rapid-fail", "404": "ssi-parent-path"} {
		found := Find(code)
		if !slices.ContainsFunc(found, func(c Check) bool { return c.ID == want }) {
			t.Errorf("Find(%q) lacks %s", code, want)
		}
		order := map[string]int{}
		for i, c := range All() {
			order[c.ID] = i
		}
		if !slices.IsSortedFunc(found, func(a, b Check) int { return order[a.ID] - order[b.ID] }) {
			t.Errorf("Find(%q) is not in list order", code)
		}
	}
}
