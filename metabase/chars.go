package metabase

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Classes of bytes, for the loops that touch every byte of the file.
const (
	isBlank  = 1 << iota // white space of XML
	isStart              // may begin a name (ASCII only)
	isName               // may continue a name (ASCII only)
	stopDbl              // ends the fast run through a "value"
	stopSgl              // ends the fast run through a 'value'
	stopText             // ends the fast run through character data
)

var class = func() (c [256]uint8) {
	for b := range c {
		switch {
		case b == ' ' || b == '\t' || b == '\n' || b == '\r':
			c[b] = isBlank
		case b < ' ':
			c[b] = stopDbl | stopSgl | stopText // control characters are no XML
		case b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == ':':
			c[b] = isStart | isName
		case b >= '0' && b <= '9' || b == '-' || b == '.':
			c[b] = isName
		}
	}
	for _, b := range []byte{'<', '&', 0xEF} { // 0xEF begins U+FFFE and U+FFFF
		c[b] |= stopDbl | stopSgl | stopText
	}
	c['"'] |= stopDbl
	c['\''] |= stopSgl
	c[']'] |= stopText // "]]>" is no character data
	return c
}()

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// run passes over the bytes of a value that need no look, eight at a time: up to
// the quote, "<", "&", a control character or anything beyond ASCII. It may stop
// early; the caller goes on byte by byte.
func run(d []byte, i int, quote byte) int {
	// "&" and either quote differ in one bit: both are found at once.
	both := uint64(quote^'&') * ones
	rest := d[i:]
	for len(rest) >= 16 {
		x, y := binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint64(rest[8:])
		if hx, hy := hit(x, both), hit(y, both); hx|hy != 0 {
			if hx != 0 {
				return len(d) - len(rest) + bits.TrailingZeros64(hx)/8
			}
			return len(d) - len(rest) + 8 + bits.TrailingZeros64(hy)/8
		}
		rest = rest[16:]
	}
	return len(d) - len(rest)
}

// hit marks the highest bit of every byte that ends a run; above the first one
// marked it may mark too many.
func hit(x, both uint64) uint64 {
	q, lt := (x|both)^('&'*ones|both), x^'<'*ones
	return ((q-ones)&^q | (lt-ones)&^lt | (x-0x20*ones)&^x | x) & highs
}

func blankByte(b byte) bool { return class[b]&isBlank != 0 }

// isChar is the production Char of XML 1.0 (fifth edition).
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// isNameStart is NameStartChar beyond ASCII.
func isNameStart(r rune) bool {
	return r >= 0xC0 && r <= 0x2FF && r != 0xD7 && r != 0xF7 ||
		r >= 0x370 && r <= 0x1FFF && r != 0x37E || r == 0x200C || r == 0x200D ||
		r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF || r >= 0x3001 && r <= 0xD7FF ||
		r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

// nameEnd is the offset after the name that begins at i; i where none begins.
func nameEnd(d []byte, i int) int {
	if i < len(d) && d[i] < utf8.RuneSelf && class[d[i]]&isStart == 0 {
		return i
	}
	start := i
	for i < len(d) {
		if d[i] < utf8.RuneSelf {
			if class[d[i]]&isName == 0 {
				break
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(d[i:])
		continues := r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
		if size == 1 || !isNameStart(r) && !(continues && i > start) {
			break
		}
		i += size
	}
	return i
}
