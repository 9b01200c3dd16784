package reports

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/source"
)

// inFull is how many findings of one kind are shown in full; those after them
// differ in place and message only, and a migrated site can have forty.
const inFull = 3

// fewCommands is how many commands the short form shows: a longer list works
// only as a whole.
const fewCommands = 2

// kind is what findings have in common that one explanation serves them all.
type kind struct{ id, key, property, remedies string }

func kindOf(f *checks.Finding) kind {
	titles := each(f.Remedies, func(r checks.Remedy) string { return r.Title })
	return kind{f.ID, string(f.Key), f.Property, strings.Join(titles, "\x00")}
}

// model is the last finding of a kind that is shown in full, with the commands of its
// remedies: all short ones after it are held against them.
type model struct {
	*checks.Finding
	commands [][]string
}

// command gives those of one remedy.
func (m *model) command(remedy int) []string {
	if m.commands == nil {
		m.commands = each(m.Remedies, checks.Remedy.Commands)
	}
	return m.commands[remedy]
}

// findings writes each in full or in short; short ones of one check follow each
// other without an empty line.
func (p *printer) findings(all []checks.Finding) {
	count, models := map[kind]int{}, map[kind]*model{}
	short := "" // the check of the finding before, where that was a short one
	for i := range all {
		f, k := &all[i], kindOf(&all[i])
		note := f.Severity == checks.Info
		compact := !p.o.Verbose && (note || count[k] >= inFull)
		if i > 0 && !(compact && short == f.ID) {
			p.line()
		}
		short = ""
		switch {
		case !compact:
			p.finding(f)
			count[k]++
			models[k] = &model{Finding: f}
		case note:
			p.note(f)
			short = f.ID
		default:
			p.repeat(f, models[k])
			short = f.ID
		}
	}
	if len(all) > 0 {
		p.line()
	}
}

// lead is "error [id, codes] message": without the check's title, which names
// what clients may meet, not what is the case here.
func (p *printer) lead(f *checks.Finding, more string) {
	label, ids := string(f.Severity), "["+tags(f)+"]"
	indent := ""
	text := message(f)
	if more != "" {
		text = sentence(text) + " " + more
	}
	for _, l := range wrap(Visible(label+" "+ids+" "+text), p.o.prose()-2) {
		if rest, ok := strings.CutPrefix(l, label); ok && indent == "" {
			l = p.severity(f.Severity)(label) + p.dimmed(rest, " "+Visible(ids))
		}
		p.line(indent, l)
		indent = "  "
	}
}

// dimmed is a line whose beginning is dim, if it is there whole.
func (p *printer) dimmed(l, head string) string {
	if rest, ok := strings.CutPrefix(l, head); ok {
		return p.dim(head) + rest
	}
	return l
}

// tags are the finding's ID and codes.
func tags(f *checks.Finding) string {
	return strings.Join(append([]string{f.ID}, f.Codes...), ", ")
}

// message is the finding's own: it may quote a value with a password in it.
func message(f *checks.Finding) string { return source.MaskSentence(f.Message, ownTexts[:]...) }

// doubt is what a possible finding rests on.
func doubt(f *checks.Finding) string {
	if f.Certainty == checks.Possible && f.Missing != "" {
		return "Possible only: " + f.Missing
	}
	return ""
}

// note is a finding of severity info in short: on a fresh server they must not be noise.
func (p *printer) note(f *checks.Finding) {
	p.lead(f, doubt(f))
	if place := f.Pos().String(); place != "" {
		p.line("  ", p.dim("--> "), Visible(place))
	}
	if len(f.Remedies) == 0 {
		return
	}
	remedy := f.Remedies[0]
	commands := remedy.Commands()
	switch {
	case len(commands) == 0:
		p.para("  remedy: ", strings.Join(remedy.Steps, " "), asIs)
	case len(commands) > fewCommands:
		p.para("  remedy: ", remedy.Title+inVerbose(commands), asIs)
	default:
		for _, c := range commands {
			p.command("  ", c)
		}
	}
}

// inVerbose tells of commands that are not shown.
func inVerbose(commands []string) string {
	return " (" + count(len(commands), "command", "commands") + ", shown with --verbose)"
}

// repeat is a finding after those of its kind: its message and place, and what
// differs from model, the last of them that is shown in full.
func (p *printer) repeat(f *checks.Finding, model *model) {
	p.lead(f, "")
	p.excerpt("  ", f.Span, false)
	if len(f.Affects) > 1 {
		p.para("  affects ", firstOf(f.Affects, false), asIs)
	}
	if f.HiddenBy != nil && (model.HiddenBy == nil || *f.HiddenBy != *model.HiddenBy) {
		p.para("  hidden by ", hidden(*f.HiddenBy), asIs)
	}
	if c := certainty(f); c != certainty(model.Finding) {
		p.para("  certainty ", c, asIs)
	}
	own := false
	for i, r := range f.Remedies {
		own = p.difference(i, r, model) || own
	}
	switch {
	case own:
		p.line("  ", p.dim("otherwise remedies as above"))
	case len(f.Remedies) > 0:
		p.line("  ", p.dim("remedies as above"))
	}
}

// difference writes what one remedy says and the model's does not.
func (p *printer) difference(i int, r checks.Remedy, model *model) bool {
	var own []string
	known := model.Remedies[i]
	for _, s := range r.Steps {
		if !slices.Contains(known.Steps, s) {
			own = append(own, s)
		}
	}
	if r.Risk != known.Risk && r.Risk != "" {
		own = append(own, "Risk: "+r.Risk)
	}
	commands := r.Commands()
	if slices.Equal(commands, model.command(i)) {
		commands = nil
	}
	if len(own) == 0 && len(commands) == 0 {
		return false
	}
	text := strings.Join(own, " ")
	if text == "" {
		text = r.Title
	}
	if len(commands) > fewCommands {
		text, commands = text+inVerbose(commands), nil
	}
	label := "  remedy: "
	if i > 0 {
		label = "  or: "
	}
	p.para(label, text, asIs)
	for _, c := range commands {
		p.command("    ", c)
	}
	return true
}
