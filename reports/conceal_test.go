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

// TestOwnWordsStay: a name of the snapshot that looks like that of a secret hides none of
// the message's own words, and a secret behind it is hidden all the same.
func TestOwnWordsStay(t *testing.T) {
	for message, want := range map[string]string{
		"No MIME type for .pwd: IIS serves no static file whose type it does not know":          "",
		`both in the application pool password: one process holds only one version`:             "",
		"The script maps of /LM/W3SVC/1 replace those above and lack .pass: such pages are not": "",
		"No MIME type for .pwd: S3CRET IIS serves no static file":                               "No MIME type for .pwd: [withheld] IIS serves no static file",
		"x pwd=IIS serves nobody":                                            "x pwd=[withheld] serves nobody",
		`pwd="a .pwd: IIS serves no static file b" c`:                        `pwd=[withheld] c`,
		"No MIME type for .pwd: IIS serves no static file (password=S3CRET)": "No MIME type for .pwd: IIS serves no static file (password=[withheld]",
	} {
		if want == "" {
			want = message
		}
		if got := messageOf(message); got != want {
			t.Errorf("%s\n%s", got, want)
		}
	}
}

func messageOf(text string) string { return message(&checks.Finding{Message: text}) }

// TestConceal: a secret that is a word of the steps, or a part of one, masks none of them.
func TestConceal(t *testing.T) {
	for _, c := range []struct {
		text, want string
		secrets    []string
	}{
		{"In IIS Manager: remove C:\\x.exe.", "", []string{"IIS", "age", "Manager"}},
		{"Write .pl,C:\\x.exe password=age %s,1 in IIS Manager.", "Write .pl,C:\\x.exe password=[withheld] %s,1 in IIS Manager.", []string{"age"}},
		{"none for S3CRET", "none for [withheld]", []string{"S3CRET"}},
		{"xS3CRETy", "x[withheld]y", []string{"S3CRET"}},
		{"Manageress", "Man[withheld]ress", []string{"age"}},
		{"the IIS pass", "[withheld]", []string{"the IIS pass"}},
		{"S3CRETLONG S3CRET", "[withheld] [withheld]", []string{"S3CRET", "S3CRETLONG"}},
		{"[withheld] with", "", []string{"with", "held"}},
	} {
		want := c.want
		if want == "" {
			want = c.text
		}
		if got := conceal(c.text, c.secrets); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
