package reports

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestNoSecretInRemedies: what is masked in the value is shown in no step, edit or
// command of any format.
func TestNoSecretInRemedies(t *testing.T) {
	const entry = `.pl,C:\x.exe password=S3CRET %s,1`
	remedy := func(property string) checks.Remedy {
		return checks.Remedy{Title: "Mend " + entry, Steps: []string{"Write " + entry + "."}, Risk: "none for S3CRET",
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC", Property: property, Op: metabase.Replace, Value: entry}}}
	}
	r := checks.Report{Findings: []checks.Finding{{ID: "x", Title: "X", Severity: checks.Error, Certainty: checks.Proven, Message: "m",
		Value: entry, Remedies: []checks.Remedy{remedy("ScriptMaps"), remedy("WebSvcExtRestrictionList")}}}}
	for _, f := range Formats {
		var b strings.Builder
		if err := WriteReport(&b, f.Name, r, Options{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "S3CRET") {
			t.Errorf("%s: %s", f.Name, b.String())
		}
	}
	if r.Findings[0].Remedies[0].Edits[0].Value != entry {
		t.Error("the report itself was changed")
	}
}
