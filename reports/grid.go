package reports

import (
	"bytes"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is the room between two columns.
const gap = 2

// column is one column of a grid: its heading, and how a cell is made to fit.
type column struct {
	head  string
	fit   func(cell string, limit int) string
	pen   func(row int) pen // nil: plain
	floor int               // the others give way before it gets narrower
}

// grid lays rows out in at most limit cells. The cells are fitted here, before
// tablewriter sees them: left to itself it cuts what does not fit and says nothing.
func grid(cols []column, rows [][]string, limit int, head pen) (string, error) {
	widths := share(cols, rows, limit)
	var b bytes.Buffer
	t := tablewriter.NewTable(&b, plain(len(cols))...)
	heads := make([]string, len(cols))
	for i, c := range cols {
		heads[i] = paint(elide(c.head, widths[i]), head)
	}
	t.Header(heads)
	for n, row := range rows {
		cells := make([]string, len(cols))
		for i, c := range cols {
			cells[i] = c.fit(row[i], widths[i])
			if c.pen != nil {
				cells[i] = paint(cells[i], c.pen(n))
			}
		}
		if err := t.Append(cells); err != nil {
			return "", err
		}
	}
	if err := t.Render(); err != nil {
		return "", err
	}
	return trimLines(b.String()), nil
}

// paint colours each line of a cell by itself.
func paint(cell string, p pen) string {
	lines := strings.Split(cell, "\n")
	for i := range lines {
		lines[i] = p(lines[i])
	}
	return strings.Join(lines, "\n")
}

// share gives each column its natural width, and takes from the widest one until
// the row fits.
func share(cols []column, rows [][]string, limit int) []int {
	widths, total := make([]int, len(cols)), gap*(len(cols)-1)
	for i, c := range cols {
		widths[i] = width(c.head)
		for _, row := range rows {
			widths[i] = min(max(widths[i], widest(row[i])), limit)
		}
		total += widths[i]
	}
	for ; total > limit; total-- {
		most := 0
		for i := range widths {
			if widths[i]-cols[i].floor > widths[most]-cols[most].floor {
				most = i
			}
		}
		widths[most]--
	}
	return widths
}

// plain are the options of a table without frames that changes nothing in a cell.
func plain(columns int) []tablewriter.Option {
	off := tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off}
	left := tw.CellAlignment{Global: tw.AlignLeft}
	pad := tw.CellPadding{PerColumn: make([]tw.Padding, columns)}
	for i := range columns {
		pad.PerColumn[i] = tw.Padding{Right: strings.Repeat(" ", gap), Overwrite: true}
	}
	pad.PerColumn[columns-1].Right = ""
	cell := tw.CellConfig{Formatting: off, Alignment: left, Padding: pad}
	return []tablewriter.Option{
		tablewriter.WithRenderer(renderer.NewBlueprint()),
		tablewriter.WithRendition(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{
				Separators: tw.Separators{ShowHeader: tw.On, BetweenRows: tw.Off, BetweenColumns: tw.Off},
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
			},
		}),
		tablewriter.WithConfig(tablewriter.Config{Header: cell, Row: cell, Behavior: tw.Behavior{TrimSpace: tw.Off, TrimTab: tw.Off, TrimLine: tw.Off, AutoHide: tw.Off}}),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithEastAsian(tw.Off), // else the machine's locale would change the bytes
	}
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
