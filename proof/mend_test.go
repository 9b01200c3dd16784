package proof

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
)

// TestMendWords: a remedy of several findings has the titles of all, and a step that
// they share once, behind what comes before it in any.
func TestMendWords(t *testing.T) {
	i := 0
	for checks.All()[i].ID != "pool-identity-incomplete" {
		i++
	}
	f, err := Load(checks.All()[i])
	if err != nil {
		t.Fatal(err)
	}
	remedy := func(title string, steps ...string) checks.Finding {
		return checks.Finding{Remedies: []checks.Remedy{{Title: title, Steps: steps, Edits: f.findings(f.Broken)[0].Remedies[0].Edits}}}
	}
	_, m, err := f.Mend([]checks.Finding{remedy("Store", "enter", "start"), remedy("Add", "join", "start"), remedy("Store", "try")}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("Store; Add", m.Remedy.Title); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"enter", "join", "start", "try"}, m.Remedy.Steps); d != "" {
		t.Error(d)
	}
}
