package weblog

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// fields says where each part stands in a row. A place is one machine word, written
// and read at once: two halves written one after the other would have to be waited for.
type fields struct {
	row []byte
	at  [16]place // by part; 16 spares bounds checks

	exact bool // as many blanks as the columns have between them
}

// place is where a part begins and, in the high half, where it ends.
type place uint64

func (p place) from() int { return int(uint32(p)) }
func (p place) to() int   { return int(p >> 32) }

// get gives the text of a part, empty where the row has no such column.
func (f *fields) get(p part) []byte {
	at := f.at[p&15]
	return f.row[at.from():at.to()]
}

func (f *fields) set(p part, from, to int) {
	f.at[p&15] = place(uint32(from)) | place(to)<<32
}

var blank = []byte{' '}

// split finds the parts of a row. Fields are separated by one blank each and hold
// none, since the server writes "+" for blanks (win32 w3c-logging); so a row with
// the right number of blanks needs no look at most of its text.
func (l *layout) split(row []byte, f *fields) bool {
	f.row = row
	if bytes.Count(row, blank) != len(l.columns)-1 {
		return l.align(row, f) || l.splitShort(row, f)
	}
	f.exact = true
	left, at := l.left, 0
	if l.dated && len(row) > 20 && row[10] == ' ' && row[19] == ' ' {
		f.set(partDate, 0, 10)
		f.set(partTime, 11, 19)
		left, at = left[min(2, len(left)):], 20
	}
	splitLeft(left, at, f)
	splitRight(l.right, f)
	return l.short == nil || l.fitsParts(f) || l.splitShort(row, f)
}

// splitShort tries the other layout that the row may have.
func (l *layout) splitShort(row []byte, f *fields) bool {
	*f = fields{}
	return l.short != nil && l.short.split(row, f)
}

// bytesEqual sets the high bit of each byte of eight that is c.
func bytesEqual(eight []byte, c byte) uint64 {
	const low7 = 0x7f7f7f7f7f7f7f7f
	v := binary.LittleEndian.Uint64(eight) ^ uint64(c)*0x0101010101010101
	return ^(v&low7 + low7 | v | low7)
}

// splitLeft finds the fields from a place on, forwards, eight bytes at a time.
func splitLeft(left []part, at int, f *fields) {
	if len(left) == 0 {
		return
	}
	row, i := f.row, 0
	for next := at; next+8 <= len(row); next += 8 {
		for blanks := bytesEqual(row[next:next+8], ' '); blanks != 0; blanks &= blanks - 1 {
			end := next + bits.TrailingZeros64(blanks)>>3
			f.set(left[i], at, end)
			at = end + 1
			if i++; i == len(left) {
				return
			}
		}
	}
	for _, p := range left[i:] {
		n := bytes.IndexByte(row[at:], ' ')
		if n < 0 {
			n = len(row) - at
		}
		f.set(p, at, at+n)
		at = min(at+n+1, len(row))
	}
}

// splitRight finds the fields from the end, backwards.
func splitRight(right []part, f *fields) {
	if len(right) == 0 {
		return
	}
	row, i, end := f.row, 0, len(f.row)
	for next := end - 8; next >= 0; next -= 8 {
		for blanks := bytesEqual(row[next:next+8], ' '); blanks != 0; {
			high := 63 - bits.LeadingZeros64(blanks)
			at := next + high>>3
			f.set(right[i], at+1, end)
			end = at
			if i++; i == len(right) {
				return
			}
			blanks &^= 1 << (high & 63)
		}
	}
	for _, p := range right[i:] {
		at := bytes.LastIndexByte(row[:end], ' ')
		f.set(p, at+1, end)
		end = max(at, 0)
	}
}

// align splits a row with too many blanks: clients send blanks and control bytes
// that some versions log as they are. All the surplus must lie in one column; the
// first for which the columns after it look as they should is taken.
func (l *layout) align(row []byte, f *fields) bool {
	surplus := bytes.Count(row, blank) + 1 - len(l.columns)
	if surplus < 0 || len(l.columns) == 0 || bytes.IndexByte(row, '\r') >= 0 { // a CR: rows, not one
		return false
	}
	w := newWordsOf(row)
	for _, wide := range l.loose {
		if l.fits(w, wide, surplus) && !l.swallows(w, wide, surplus) {
			l.assign(w, wide, surplus, f)
			return true
		}
	}
	return false
}

// rowWords are the words of a row that blanks separate.
type rowWords struct {
	row    []byte
	starts []int // and one more, where another word would begin
}

func newWordsOf(row []byte) rowWords {
	w := rowWords{row: row, starts: []int{0}}
	for i, c := range row {
		if c == ' ' {
			w.starts = append(w.starts, i+1)
		}
	}
	w.starts = append(w.starts, len(row)+1)
	return w
}

// column gives the words of a column when the one at wide takes the surplus.
func (w rowWords) column(i, wide, surplus int) (from, to int) {
	first, last := i, i
	if i > wide {
		first += surplus
	}
	if i >= wide {
		last += surplus
	}
	return w.starts[first], w.starts[last+1] - 1
}

// swallows reports whether a path with blanks would hold a part of the query, which
// must never be shown as a path. Without a query there is no doubt.
func (l *layout) swallows(w rowWords, wide, surplus int) bool {
	if l.columns[wide].part != partStem || wide+1 == len(l.columns) || l.columns[wide+1].part != partQuery {
		return false
	}
	from, to := w.column(wide+1, wide, surplus)
	return value(w.row[from:to]) != nil
}

// fits reports whether every column but the wide one has its shape.
func (l *layout) fits(w rowWords, wide, surplus int) bool {
	for i, c := range l.columns {
		from, to := w.column(i, wide, surplus)
		if i != wide && !c.shape.fits(w.row[from:to]) {
			return false
		}
	}
	return true
}

func (l *layout) assign(w rowWords, wide, surplus int, f *fields) {
	for i, c := range l.columns {
		from, to := w.column(i, wide, surplus)
		f.set(c.part, from, to)
	}
}

// fitsParts tells a row of 13 columns from one of 12 with a blank in its URL.
func (l *layout) fitsParts(f *fields) bool {
	return shapeStatus.fits(f.get(partStatus)) && shapeNumber.fits(f.get(partSite)) && shapeNumber.fits(f.get(partPort))
}

// fits reports whether a field looks as its column should.
func (s shape) fits(b []byte) bool {
	switch {
	case s == shapeWord || s == shapeFree:
		return len(b) > 0
	case s == shapeDate:
		return len(b) == 10 && b[4] == '-' && b[7] == '-'
	case s == shapeTime:
		return len(b) == 8 && b[2] == ':' && b[5] == ':'
	case len(b) == 1 && b[0] == '-':
		return true
	case s == shapeVersion:
		return bytes.HasPrefix(b, []byte("HTTP/"))
	case s == shapeStatus:
		return len(b) <= 3 && allOf(b, isDigit)
	case s == shapeNumber:
		return allOf(b, isDigit)
	}
	return allOf(b, func(c byte) bool { return isDigit(c) || c == '.' || c == ':' || c == '%' || isHex(c|0x20) })
}

func allOf(b []byte, ok func(byte) bool) bool {
	for _, c := range b {
		if !ok(c) {
			return false
		}
	}
	return len(b) > 0
}

func isDigit(c byte) bool { return c-'0' < 10 }

func isHex(c byte) bool { return isDigit(c) || c-'a' < 6 }
