package reports

import (
	"bytes"
	"io"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
)

// WriteWords writes the words of a check as `explain` shows them. others are
// further checks that the same code leads to.
func WriteWords(w io.Writer, words checks.Words, others []checks.Words, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		p.para("", words.Title, p.bold)
		p.line(p.dim(Visible(strings.Join(append([]string{words.ID}, words.Codes...), ", "))))
		p.section("SYMPTOM", words.Symptom)
		p.section("CAUSE", words.Cause)
		p.section("REMEDY", words.Remedy)
		p.section("SOURCES", words.Sources)
		if len(others) > 0 {
			p.line()
			p.line("the same code is also:")
			for _, other := range others {
				p.para("  "+Visible(other.ID)+"  ", other.Title, asIs)
			}
		}
		return nil
	})
}

func (p *printer) section(head, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	p.line()
	p.line(p.bold(head))
	p.markdown(text)
}

// WriteList writes every check: ID, codes, highest severity, title.
func WriteList(w io.Writer, all []checks.Check, words func(id string) (checks.Words, bool), o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		rows := make([][]string, len(all))
		for i, c := range all {
			title := ""
			if t, ok := words(c.ID); ok {
				title = t.Title
			}
			rows[i] = []string{Visible(c.ID), Visible(strings.Join(c.Codes, ", ")), Visible(string(c.Severity)), Visible(title)}
		}
		severity := func(i int) pen { return p.severity(all[i].Severity) }
		table, err := grid([]column{
			{head: "id", fit: fold}, {head: "codes", fit: fold}, {head: "severity", fit: fold, pen: severity}, {head: "title", fit: fold},
		}, rows, o.columns(), p.dim)
		if err != nil {
			return err
		}
		p.WriteString(table)
		return nil
	})
}
