package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// sniffed is how much of a file's head is looked at to tell what it is.
const sniffed = 512

// codePages are the encodings that an XML declaration may name, besides UTF-8 and
// UTF-16. A name that is not here is a problem, never a guess.
var codePages = map[string]*charmap.Charmap{
	"windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251,
	"windows-1252": charmap.Windows1252, "windows-1253": charmap.Windows1253,
	"windows-1254": charmap.Windows1254, "windows-1255": charmap.Windows1255,
	"windows-1256": charmap.Windows1256, "windows-1257": charmap.Windows1257,
	"windows-1258": charmap.Windows1258, "windows-874": charmap.Windows874,
	"iso-8859-1": charmap.ISO8859_1, "latin1": charmap.ISO8859_1,
	"iso-8859-2": charmap.ISO8859_2, "iso-8859-3": charmap.ISO8859_3,
	"iso-8859-4": charmap.ISO8859_4, "iso-8859-5": charmap.ISO8859_5,
	"iso-8859-6": charmap.ISO8859_6, "iso-8859-7": charmap.ISO8859_7,
	"iso-8859-8": charmap.ISO8859_8, "iso-8859-9": charmap.ISO8859_9,
	"iso-8859-10": charmap.ISO8859_10, "iso-8859-13": charmap.ISO8859_13,
	"iso-8859-14": charmap.ISO8859_14, "iso-8859-15": charmap.ISO8859_15,
	"iso-8859-16": charmap.ISO8859_16,
	"ibm437":      charmap.CodePage437, "ibm850": charmap.CodePage850, "ibm852": charmap.CodePage852,
	"koi8-r": charmap.KOI8R,
}

// pageNumbers are the numbers that Windows has for code pages with other names.
var pageNumbers = map[string]string{
	"437": "ibm437", "850": "ibm850", "852": "ibm852", "20866": "koi8-r",
	"28591": "iso-8859-1", "28592": "iso-8859-2", "28595": "iso-8859-5", "28605": "iso-8859-15",
}

// DecodePage gives the UTF-8 of bytes in a single-byte code page, U+FFFD for bytes
// that the page does not define. The page has its name of XML and HTML (koi8-r,
// windows-1251) or its number of Windows (20866, 1251). It reports false for a page
// that is not known.
func DecodePage(page string, raw []byte) (text []byte, known bool) {
	page = strings.ToLower(page)
	if name, ok := pageNumbers[page]; ok {
		page = name
	}
	m := codePages[page]
	if m == nil {
		m = codePages["windows-"+page]
	}
	if m == nil {
		return nil, false
	}
	text = make([]byte, 0, len(raw)+len(raw)/8)
	for _, c := range raw {
		text = utf8.AppendRune(text, m.DecodeByte(c))
	}
	return text, true
}

var declaration = Lazy(`^<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"'<>]*)["']`)

// fromDeclared reads bytes whose encoding only an XML declaration can name.
func fromDeclared(name string, raw []byte) (*Text, *Problem) {
	head := raw[:min(len(raw), sniffed)]
	if !bytes.Contains(head, []byte("encoding")) {
		return fromUTF8(name, raw)
	}
	m := declaration().FindSubmatchIndex(head)
	if m == nil {
		return fromUTF8(name, raw)
	}
	label := strings.ToLower(string(raw[m[2]:m[3]]))
	switch page := codePages[label]; {
	case page != nil:
		return fromCharmap(name, raw, page)
	case label == "utf-8" || label == "utf8":
		return fromUTF8(name, raw)
	case label == "us-ascii" || label == "ascii":
		return fromASCII(name, raw)
	}
	t, undecodable := fromUTF8(name, raw)
	p := &Problem{Pos: t.pos(m[2], m[3]), Found: fmt.Sprintf("the declared encoding %q", raw[m[2]:m[3]])}
	if strings.HasPrefix(label, "utf-16") || label == "unicode" {
		p.Found += " in a file that is not UTF-16"
		p.Expected = "a declaration that fits the bytes"
		p.Hint = `Change the declaration to encoding="UTF-8", or save the file as UTF-16.`
	} else {
		p.Expected = "UTF-8, UTF-16, or a Windows, ISO 8859 or IBM code page"
		p.Hint = "Save the file as UTF-8 and change the declaration."
	}
	if undecodable != nil {
		t = nil // neither the declaration nor UTF-8 explains the bytes
	}
	return t, p
}

func isASCII(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

func fromASCII(name string, raw []byte) (*Text, *Problem) {
	t, p := fromUTF8(name, raw)
	if p == nil && isASCII(raw) {
		return t, nil
	}
	first := bytes.IndexFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf })
	return t, &Problem{
		Pos:      t.pos(first, first+1),
		Found:    fmt.Sprintf("byte 0x%02X, which is not ASCII", raw[first]),
		Expected: "the declared encoding us-ascii",
		Hint:     "Name the true encoding in the XML declaration, or save the file as UTF-8.",
	}
}

func fromCharmap(name string, raw []byte, page *charmap.Charmap) (*Text, *Problem) {
	if isASCII(raw) {
		return NewText(name, raw), nil
	}
	out, bad, wrong := make([]byte, 0, len(raw)+len(raw)/8), -1, byte(0)
	for _, c := range raw {
		r := page.DecodeByte(c)
		if r == utf8.RuneError && bad < 0 {
			bad, wrong = len(out), c
		}
		out = utf8.AppendRune(out, r)
	}
	t := NewText(name, out)
	if bad < 0 {
		return t, nil
	}
	return t, &Problem{
		Pos:      t.pos(bad, bad+len("\uFFFD")),
		Found:    fmt.Sprintf("byte 0x%02X, which %s does not define", wrong, page),
		Expected: "the declared encoding",
		Hint:     "Name the true encoding in the XML declaration, or save the file as UTF-8.",
	}
}

// binaryKind names a file that is recognisable by its first bytes and is no text.
func binaryKind(raw []byte) string {
	for _, k := range []struct{ magic, kind string }{
		{"PK\x03\x04", "a ZIP archive"},
		{"\x1F\x8B", "a gzip archive"},
		{"ElfFile\x00", "an event log (.evtx)"},
		{"\x30\x00\x00\x00LfLe", "an event log (.evt)"},
		{"MZ", "a Windows program"},
		{"%PDF-", "a PDF document"},
		{"\x89PNG", "an image"},
		{string(bomUTF32LE), "UTF-32 text"},
		{string(bomUTF32BE), "UTF-32 text"},
	} {
		if bytes.HasPrefix(raw, []byte(k.magic)) && (k.magic != "MZ" || bytes.IndexByte(raw[:min(len(raw), sniffed)], 0) >= 0) {
			return k.kind
		}
	}
	return ""
}
