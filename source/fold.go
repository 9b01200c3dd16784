package source

import (
	"unicode"
	"unicode/utf8"
)

// Lower is s in lower case with every letter at its place: what takes more or fewer
// bytes in lower case (Ⱥ, the Kelvin sign) and what is no UTF-8 stays as it is. So a
// place that is found in the one counts in the other.
func Lower(s string) string {
	var b []byte // a copy, from the first letter on that changes
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if low := unicode.ToLower(r); low != r && utf8.RuneLen(low) == size {
			if b == nil {
				b = []byte(s)
			}
			utf8.EncodeRune(b[i:], low)
		}
		i += size
	}
	if b == nil {
		return s
	}
	return string(b)
}

// LooksBlank reports a character that counts as a letter, a mark or a symbol and shows
// nothing: the fillers of Hangul, the empty pattern of Braille, variation selectors.
func LooksBlank(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0:
		return true
	}
	return r >= 0x180B && r <= 0x180F || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}
