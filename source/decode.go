package source

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxSize bounds one input text: offsets are kept in 32 bits.
const MaxSize = 1 << 31

var (
	bomUTF8    = []byte{0xEF, 0xBB, 0xBF}
	bomUTF16LE = []byte{0xFF, 0xFE}
	bomUTF16BE = []byte{0xFE, 0xFF}
	bomUTF32LE = []byte{0xFF, 0xFE, 0, 0}
	bomUTF32BE = []byte{0, 0, 0xFE, 0xFF}
)

// Decode turns the bytes of a file into UTF-8 text without a byte order mark: from
// UTF-8, from UTF-16 with a mark or recognisable by its zero bytes, or from the
// encoding that an XML declaration names. UTF-8 is not copied: the text keeps raw.
//
// Undecodable bytes give a problem at the first of them, and a text in which U+FFFD
// stands for each, so that the rest can still be read. The text is nil where the
// file is no text at all (binary, too large, an encoding that is not known).
func Decode(name string, raw []byte) (*Text, *Problem) {
	if len(raw) >= MaxSize {
		return nil, noText(name, fmt.Sprintf("a file of %d bytes", len(raw)), "less than 2 GB", "")
	}
	if kind := binaryKind(raw); kind != "" {
		return nil, noText(name, kind, "a text file", "Hand over the file itself, as the server keeps it.")
	}
	switch {
	case bytes.HasPrefix(raw, bomUTF8):
		return fromUTF8(name, raw[len(bomUTF8):])
	case bytes.HasPrefix(raw, bomUTF16LE):
		return fromUTF16(name, raw[len(bomUTF16LE):], littleEndian)
	case bytes.HasPrefix(raw, bomUTF16BE):
		return fromUTF16(name, raw[len(bomUTF16BE):], bigEndian)
	}
	if order := zeroPattern(raw); order != nil {
		return fromUTF16(name, raw, order)
	}
	if bytes.IndexByte(raw[:min(len(raw), sniffed)], 0) >= 0 {
		return nil, noText(name, "a binary file", "a text file", "Hand over the file itself, as the server keeps it.")
	}
	return fromDeclared(name, raw)
}

// DecodeANSI is Decode for kinds of files that say nothing of their encoding (ASP
// pages, INI files, logs): bytes that are not UTF-8 are taken as Windows-1252, the
// code page of Western servers, instead of being a problem.
func DecodeANSI(name string, raw []byte) (*Text, *Problem) {
	t, p := Decode(name, raw)
	if p == nil || t == nil || utf8.Valid(raw) || zeroPattern(raw) != nil ||
		bytes.HasPrefix(raw, bomUTF16LE) || bytes.HasPrefix(raw, bomUTF16BE) {
		return t, p
	}
	return fromCharmap(name, raw, codePages["windows-1252"])
}

func noText(name, found, expected, hint string) *Problem {
	return &Problem{Pos: Pos{File: name, Line: 1, Column: 1, EndColumn: 1}, Found: found, Expected: expected, Hint: hint}
}

// fromUTF8 keeps valid bytes as they are. In invalid ones every wrong byte counts
// as one code point, so lines and columns stay those of the file.
func fromUTF8(name string, raw []byte) (*Text, *Problem) {
	if utf8.Valid(raw) {
		return NewText(name, raw), nil
	}
	first := 0
	for first < len(raw) {
		r, size := utf8.DecodeRune(raw[first:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		first += size
	}
	// The first wrong byte keeps its offset: what stands before it is copied as it is.
	t := NewText(name, []byte(string([]rune(string(raw)))))
	return t, &Problem{
		Pos:      t.pos(first, first+len("\uFFFD")),
		Found:    fmt.Sprintf("byte 0x%02X, which is not UTF-8", raw[first]),
		Expected: "UTF-8 text",
		Hint:     "Save the file as UTF-8, or name its encoding in the XML declaration; an editor probably wrote it in the Windows code page.",
	}
}

type byteOrder func(a, b byte) uint16

func littleEndian(a, b byte) uint16 { return uint16(a) | uint16(b)<<8 }
func bigEndian(a, b byte) uint16    { return uint16(b) | uint16(a)<<8 }

// zeroPattern recognises UTF-16 without a byte order mark by its first two
// characters, as XML 1.0 appendix F does it for "<?".
func zeroPattern(raw []byte) byteOrder {
	switch {
	case len(raw) < 4 || len(raw)%2 != 0 && raw[0] != '<' && raw[1] != '<':
		return nil
	case plain(raw[0]) && raw[1] == 0 && plain(raw[2]) && raw[3] == 0:
		return littleEndian
	case raw[0] == 0 && plain(raw[1]) && raw[2] == 0 && plain(raw[3]):
		return bigEndian
	}
	return nil
}

func plain(c byte) bool {
	return c >= ' ' && c < 0x7F || c == '\t' || c == '\r' || c == '\n'
}

func fromUTF16(name string, raw []byte, order byteOrder) (*Text, *Problem) {
	out := make([]byte, 0, len(raw)/2+len(raw)/16)
	bad, found := -1, ""
	for i := 0; i+1 < len(raw); i += 2 {
		r := rune(order(raw[i], raw[i+1]))
		if utf16.IsSurrogate(r) {
			var low rune
			if i+3 < len(raw) {
				low = rune(order(raw[i+2], raw[i+3]))
			}
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				r, i = pair, i+2
			} else if bad < 0 {
				bad, found = len(out), fmt.Sprintf("half a surrogate pair (U+%04X)", r)
			}
		}
		out = utf8.AppendRune(out, r)
	}
	if len(raw)%2 != 0 {
		if bad < 0 {
			bad, found = len(out), "half a UTF-16 character at the end of the file"
		}
		out = append(out, "\uFFFD"...)
	}
	t := NewText(name, out)
	if bad < 0 {
		return t, nil
	}
	return t, &Problem{
		Pos: t.pos(bad, bad+len("\uFFFD")), Found: found, Expected: "UTF-16 text",
		Hint: "The file is damaged or cut off: copy it again from the server.",
	}
}
