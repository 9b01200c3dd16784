package metabase

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// decodeValue gives an attribute's value: references resolved, line ends as LF.
// XML would turn line ends into blanks; a metabase list needs them.
func decodeValue(raw []byte) string {
	if !encoded(raw) {
		return string(raw)
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		r, n := decodeAt(raw, i)
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

// encoded reports whether a value differs from its bytes.
func encoded(raw []byte) bool {
	return bytes.IndexByte(raw, '&') >= 0 || bytes.IndexByte(raw, '\r') >= 0
}

// decodeAt gives the character at i and how many bytes it takes in the file. The
// scanner has checked the references.
func decodeAt(raw []byte, i int) (rune, int) {
	switch raw[i] {
	case '\r':
		if i+1 < len(raw) && raw[i+1] == '\n' {
			return '\n', 2
		}
		return '\n', 1
	case '&':
		if n := bytes.IndexByte(raw[i:], ';'); n > 0 {
			if r, ok := entity(raw[i+1 : i+n]); ok {
				return r, n + 1
			}
		}
	}
	return utf8.DecodeRune(raw[i:])
}
