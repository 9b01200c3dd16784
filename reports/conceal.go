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
	without := func(text string) string { return conceal(text, secrets) }
	r.Title, r.Risk = without(r.Title), without(r.Risk)
	r.Steps = each(r.Steps, without)
	r.Edits = slices.Clone(r.Edits)
	for i := range r.Edits {
		r.Edits[i].Value = source.MaskPasswords(r.Edits[i].Value)
	}
	return r
}

// conceal replaces secrets wherever they stand in a sentence, but for words of the
// sentence's own that hold one: where the password is "age", Manager stays.
func conceal(text string, secrets []string) string {
	text = source.MaskSentence(text, ownTexts[:]...)
	var b strings.Builder
	for i := 0; i < len(text); {
		n := 0
		for _, s := range secrets {
			if len(s) >= minSecret && strings.HasPrefix(text[i:], s) && !ownWords[wordAround(text, i, i+len(s))] {
				n = max(n, len(s))
			}
		}
		switch {
		case strings.HasPrefix(text[i:], source.Withheld):
			b.WriteString(source.Withheld)
			i += len(source.Withheld)
		case n > 0:
			b.WriteString(source.Withheld)
			i += n
		default:
			b.WriteByte(text[i])
			i++
		}
	}
	return b.String()
}

// wordAround is the stretch of letters that holds from..end, and that alone.
func wordAround(text string, from, end int) string {
	letter := func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
	for from > 0 && letter(text[from-1]) {
		from--
	}
	for end < len(text) && letter(text[end]) {
		end++
	}
	return text[from:end]
}

// ownWords are those of steps that lead through IIS Manager. A secret that is one of
// them is told by no step.
var ownWords = map[string]bool{
	"IIS": true, "Manager": true, "Properties": true, "Home": true, "Directory": true, "Virtual": true, "Configuration": true, "Mappings": true,
	"Wildcard": true, "application": true, "maps": true, "map": true, "tab": true, "Edit": true, "Limit": true, "Add": true, "add": true,
	"Remove": true, "remove": true, "Allow": true, "allow": true, "allowed": true, "Web": true, "Service": true, "Extension": true, "Extensions": true,
	"entry": true, "list": true, "again": true, "the": true, "The": true, "and": true, "for": true, "not": true, "that": true, "this": true, "with": true,
	"extension": true, "program": true, "file": true, "site": true, "sites": true, "need": true, "select": true, "attack": true, "every": true, "open": true,
}

// ownTexts are what messages say behind a name of the snapshot and a colon. Whoever calls
// an extension .pwd or a pool "password" gives nothing away.
var ownTexts = [...]string{
	"IIS serves no static file", "it runs as ", "it is loaded at ", "one process holds ", "such pages are ", "such requests are ", "no process fails ",
	"requests for .", "an include path may ", "over http every request ", "all of them reach ", "the source of ", "no request of it ", "its CGI programs are ",
}
