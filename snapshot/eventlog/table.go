package eventlog

import (
	"fmt"
	"strings"
)

// beginning is how a table begins.
type beginning struct {
	format  Format
	columns columns
	skip    int // lines before the first row
}

// findTable looks for the header of a table behind the lines that eventquery.vbs
// and Export-Csv write before it, or else for rows of a known shape.
func findTable(lines []string) beginning {
	for i, line := range lines {
		if c, ok := header(line); ok {
			return beginning{c.format(), c, i + 1}
		}
	}
	for i, line := range lines[:min(len(lines), 16)] {
		if sep, ok := plainRow(line, 0); ok {
			return beginning{Plain, columns{separator: sep}, i}
		}
		if c, ok := shape(line); ok {
			return beginning{c.format(), c, i}
		}
	}
	return beginning{}
}

func (c columns) format() Format {
	if c.separator == '\t' {
		return Tab
	}
	return CSV
}

// readTable reads rows under a header, or rows of a known shape.
func (rd *reader) readTable(b beginning) {
	skipped := make([]byte, 0, 256)
	for range b.skip {
		skipped, _ = rd.in.readLine(skipped[:0], 256)
		rd.listing(string(skipped))
	}
	c, rows := b.columns, &rowReader{in: rd.in, separator: b.columns.separator}
	for {
		r, ok := rows.next()
		if !ok {
			return
		}
		at := rd.in.pos(r.line, r.column, r.length)
		if r.endless {
			rd.problem(at, "a quote that is not closed", fmt.Sprintf("its end within %d bytes", maxQuoted), hintAgain)
		} else if r.cut {
			rd.problem(at, cutQuote, "the closing quote", hintAgain)
		}
		if next, ok := c.again(r.fields); ok {
			next.separator = c.separator
			c = next
			continue
		}
		if len(r.fields) == 1 && rd.listing(r.fields[0]) {
			continue
		}
		rd.addRow(c, r)
	}
}

const cutQuote = "a row that the file's end cuts off within quotes"

// again reads a header among the rows: eventquery.vbs repeats it for every log.
func (c columns) again(fields []string) (columns, bool) {
	for i, r := range c.roles {
		if r == roleID && i < len(fields) && isNumber(fields[i]) {
			return columns{}, false
		}
	}
	return headerFields(fields)
}

// listing reads a line between tables and reports whether it is one: blank, dashes,
// or what the script host and eventquery.vbs say.
func (rd *reader) listing(line string) bool {
	line = strings.TrimSpace(line)
	if _, rest, ok := strings.Cut(line, "Listing the events in '"); ok {
		rd.log, _, _ = strings.Cut(rest, "'")
		return true
	}
	for _, begins := range []string{"INFO:", "Microsoft (R) Windows Script Host", "Copyright (C) Microsoft", "#TYPE "} {
		if strings.HasPrefix(line, begins) {
			return true
		}
	}
	return strings.Trim(line, "-=") == ""
}

// addRow turns a row into a record.
func (rd *reader) addRow(c columns, r row) {
	rec := record{pos: rd.in.pos(r.line, r.column, r.length), log: rd.log}
	for i, f := range r.fields {
		role := noRole
		if i < len(c.roles) {
			role = c.roles[i]
		} else if c.beyond && i == len(c.roles) {
			role = roleMessage
		}
		rec.set(role, f)
	}
	if least := c.last(); len(r.fields) <= least {
		rd.problem(rec.pos, fmt.Sprintf("a row of %d fields", len(r.fields)), fmt.Sprintf("at least %d", least+1), hintAgain)
		return
	}
	rd.add(&rec)
}

// last is the last column without which a row says nothing: source or ID.
func (c columns) last() int {
	last := 0
	for i, r := range c.roles {
		if r == roleSource || r == roleID || r == roleInstance {
			last = i
		}
	}
	return last
}

// set keeps a value for what it holds.
func (r *record) set(what role, value string) {
	switch what {
	case roleTime:
		r.time = value
	case roleDate:
		r.date = value
	case roleSource:
		r.source = value
	case roleID:
		r.id = value
	case roleInstance:
		r.instance = value
	case roleLevel:
		r.level = value
	case roleLog:
		r.log = value
	case roleMessage:
		r.message = value
	case roleStrings: // Log Parser separates them by "|"
		if value != "" {
			r.inserts = strings.SplitN(value, "|", maxInserts+1)
		}
	}
}
