package reports

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/source"
)

// writeGitHub is a workflow command a finding, as GitHub documents them under
// "Workflow commands for GitHub Actions". The last line says what was read.
func writeGitHub(b *bytes.Buffer, r checks.Report, _ Options) error {
	for i := range r.Findings {
		f := &r.Findings[i]
		level := string(f.Severity)
		if f.Severity == checks.Info {
			level = "notice"
		}
		annotate(b, level, f.Pos(), subject(f), annotation(f))
	}
	for _, p := range r.Problems {
		annotate(b, "error", p.Pos, "input not understood", Visible(problemText(p)))
	}
	text := coverage(r)
	if len(r.Findings) == 0 {
		text = nothing(r) + "\n" + text
	}
	for _, s := range r.Skipped {
		text += "\nskipped: " + Visible(s.ID+": "+s.Reason)
	}
	annotate(b, "notice", source.Pos{}, "iisdoctor", text)
	return nil
}

// subject is "404.3 mime-unmapped: Static file answered 404.3", with the first
// code only. A note goes without the check's title: it reads as if it had happened.
func subject(f *checks.Finding) string {
	s := f.ID
	if len(f.Codes) > 0 {
		s = f.Codes[0] + " " + s
	}
	if f.Severity != checks.Info && f.Title != "" {
		s += ": " + f.Title
	}
	return s
}

// annotation is the text of a finding: message, witness, first remedy with its commands.
func annotation(f *checks.Finding) string {
	lines := []string{Visible(message(f))}
	if f.Witness != nil {
		lines = append(lines, Visible("clients see: "+f.Witness.String()+" → "+orElse(f.Seen, "not known")))
	}
	lines = append(lines, Visible("certainty: "+certainty(f)))
	if len(f.Remedies) > 0 {
		lines = append(lines, Visible("remedy: "+f.Remedies[0].Title))
		for _, c := range f.Remedies[0].Commands() {
			lines = append(lines, Visible(c))
		}
	}
	return strings.Join(lines, "\n")
}

// The escaping is that of GitHub's own toolkit: commands end at a line end,
// properties also at a comma or a colon.
var (
	escapeMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func annotate(b *bytes.Buffer, level string, at source.Pos, title, message string) {
	var properties []string
	add := func(name, value string) {
		properties = append(properties, name+"="+escapeProperty.Replace(Visible(value)))
	}
	if at.File != "" {
		add("file", strings.ReplaceAll(at.File, `\`, "/"))
	}
	if at.Line > 0 {
		add("line", strconv.Itoa(at.Line))
		add("col", strconv.Itoa(at.Column))
	}
	if at.Line > 0 && at.EndColumn > at.Column {
		add("endColumn", strconv.Itoa(at.EndColumn))
	}
	add("title", title)
	b.WriteString("::" + level + " " + strings.Join(properties, ",") + "::" + escapeMessage.Replace(message) + "\n")
}
