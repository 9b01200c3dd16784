package eventlog

import "unicode/utf8"

// row is one record of a table. It may span lines: messages stand in quotes.
type row struct {
	fields       []string
	line, column int
	length       int  // code points of its first line
	endless      bool // a quote in it is not closed
	cut          bool // the file ends in such a quote
}

// maxQuoted is where a quote counts as never closed: no message of the Event Log
// service is as long (31,839 characters).
const maxQuoted = 128 << 10

// rowReader takes a table apart. Fields are bounded; what is beyond is dropped.
type rowReader struct {
	in        *input
	separator byte

	row    row
	field  []byte
	fresh  bool // nothing of the field was read yet
	quoted bool
	paired bool // the last byte was a quote in a quoted field: its end, or half of a pair
	size   int  // bytes since the quote
}

// next reads one record. It reports false at the end of the file.
func (r *rowReader) next() (row, bool) {
	if _, ok := r.in.peek(); !ok {
		return row{}, false
	}
	r.row = row{line: r.in.line, column: r.in.column}
	r.field, r.fresh, r.quoted, r.paired = r.field[:0], true, false, false
	for {
		r.run()
		if r.in.line == r.row.line {
			r.row.length = r.in.column - r.row.column
		}
		c, ok := r.in.next()
		if !ok {
			r.row.cut = r.quoted && !r.paired
			r.end()
			return r.row, true
		}
		if r.special(c) {
			return r.row, true
		}
	}
}

// run takes what is neither quote, separator nor line end in one go.
func (r *rowReader) run() {
	rest, n := r.in.buf[r.in.at:], 0
	for n < len(rest) {
		if c := rest[n]; c == '"' || c == r.separator || c == '\n' || c == '\r' {
			break
		}
		n++
	}
	if n == 0 {
		return
	}
	if r.paired {
		r.paired, r.quoted = false, false
	}
	r.fresh = false
	r.keep(rest[:n])
	r.in.at += n
	r.in.column += utf8.RuneCount(rest[:n])
}

// keep adds bytes to the field, and gives up a quote that does not end.
func (r *rowReader) keep(b []byte) {
	if r.quoted {
		if r.size += len(b); r.size > maxQuoted {
			r.quoted, r.row.endless = false, true
		}
	}
	n := min(len(b), maxField-len(r.field))
	for n > 0 && n < len(b) && !utf8.RuneStart(b[n]) {
		n--
	}
	r.field = append(r.field, b[:n]...)
}

// special takes one byte and reports whether it ends the row.
func (r *rowReader) special(c byte) bool {
	switch {
	case r.quoted && c == '"' && !r.paired:
		r.paired = true
		return false
	case r.paired && c == '"': // two quotes are one
		r.paired = false
	case r.paired:
		r.paired, r.quoted = false, false
	}
	switch {
	case r.quoted:
		r.keep([]byte{c})
	case c == '"' && r.fresh:
		r.quoted, r.size = true, 0
	case c == '\n':
		r.end()
		return true
	case c == r.separator && !r.row.endless:
		r.end()
		return false
	case c != '\r':
		r.keep([]byte{c})
	}
	r.fresh = false
	return false
}

func (r *rowReader) end() {
	if len(r.row.fields) < maxColumns {
		r.row.fields = append(r.row.fields, string(r.field))
	}
	r.field, r.fresh = r.field[:0], true
}
