package reports

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
)

// roomy is the width from which every member of a row has a column of its own.
const roomy = 120

// writeTable is a row a finding; long cells are wrapped, nothing is cut.
func writeTable(b *bytes.Buffer, r checks.Report, o Options) error {
	p := newPrinter(b, o)
	severity := func(i int) pen { return p.severity(r.Findings[i].Severity) }
	message := column{head: "message", fit: fold, floor: o.columns() / 3}
	cols := []column{
		{head: "severity", fit: fold, pen: severity}, {head: "certainty", fit: fold}, {head: "codes", fit: fold},
		{head: "id", fit: fold}, {head: "place", fit: fold}, message,
	}
	rows := make([][]string, len(r.Findings))
	for i := range r.Findings {
		rows[i] = row(&r.Findings[i])
	}
	if o.columns() < roomy {
		cols = []column{{head: "severity", fit: fold, pen: severity, floor: len("severity")}, {head: "finding", fit: fold}, message}
		rows = each(rows, stack)
	}
	if len(rows) > 0 {
		table, err := grid(cols, rows, o.columns(), p.dim)
		if err != nil {
			return err
		}
		p.line(table)
	}
	p.problems(r.Problems)
	p.skipped(r.Skipped)
	p.ending(r)
	return nil
}

func row(f *checks.Finding) []string {
	return []string{
		string(f.Severity), string(f.Certainty), Visible(strings.Join(f.Codes, ", ")), Visible(f.ID),
		Visible(f.Pos().String()), Visible(message(f)),
	}
}

// stack puts the short members of a row one below the other.
func stack(row []string) []string {
	finding := row[3]
	for _, more := range []string{row[2], row[4]} {
		if more != "" {
			finding += "\n" + more
		}
	}
	return []string{row[0] + "\n" + row[1], finding, row[5]}
}
