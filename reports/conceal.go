package reports

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/source"
)

// concealed are the findings without the secrets that their remedies would repeat: a
// script map's program may be called with a password. No command is given for such an
// edit (checks.Remedy.Commands), and its value and the steps are shown without.
func concealed(findings []checks.Finding) []checks.Finding {
	var copied bool
	for i := range findings {
		secrets := secretsOf(&findings[i])
		if len(secrets) == 0 {
			continue
		}
		if !copied {
			findings, copied = slices.Clone(findings), true
		}
		f := &findings[i]
		f.Remedies = each(f.Remedies, func(r checks.Remedy) checks.Remedy { return concealedRemedy(r, secrets) })
	}
	return findings
}

// minSecret is the length from which on a secret is looked for in sentences.
const minSecret = 3

// secretsOf are those in the value that the finding stands at and in its edits.
func secretsOf(f *checks.Finding) []string {
	all := source.Secrets(f.Value)
	for _, r := range f.Remedies {
		for _, e := range r.Edits {
			all = append(all, source.Secrets(e.Value)...)
		}
	}
	return all
}

func concealedRemedy(r checks.Remedy, secrets []string) checks.Remedy {
	var pairs []string
	for _, s := range secrets {
		if len(s) >= minSecret {
			pairs = append(pairs, s, source.Withheld)
		}
	}
	without := strings.NewReplacer(pairs...).Replace
	r.Title, r.Risk = without(r.Title), without(r.Risk)
	r.Steps = each(r.Steps, without)
	r.Edits = slices.Clone(r.Edits)
	for i := range r.Edits {
		r.Edits[i].Value = source.MaskPasswords(r.Edits[i].Value)
	}
	return r
}
