package source

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func utf16Bytes(s string, order binary.ByteOrder) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b := make([]byte, 2)
		order.PutUint16(b, u)
		out = append(out, b...)
	}
	return out
}

func TestDecode(t *testing.T) {
	const doc = "<?xml version=\"1.0\"?><a b=\"Köln 𝄞\"/>"
	le, be := utf16Bytes(doc, binary.LittleEndian), utf16Bytes(doc, binary.BigEndian)
	for _, c := range []struct{ name, raw, want string }{
		{"UTF-8", doc, doc},
		{"UTF-8 with a mark", "\xEF\xBB\xBF" + doc, doc},
		{"UTF-16 LE with a mark", "\xFF\xFE" + string(le), doc},
		{"UTF-16 BE with a mark", "\xFE\xFF" + string(be), doc},
		{"UTF-16 LE without a mark", string(le), doc},
		{"UTF-16 BE without a mark", string(be), doc},
		{"UTF-16 of another kind of file", string(utf16Bytes("[Unicode]\r\n", binary.LittleEndian)), "[Unicode]\r\n"},
		{"windows-1252", "<?xml version=\"1.0\" encoding=\"windows-1252\"?><a b=\"K\xF6ln \x80\"/>", "<?xml version=\"1.0\" encoding=\"windows-1252\"?><a b=\"Köln €\"/>"},
		{"iso-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?>\xE9", "<?xml version='1.0' encoding='ISO-8859-1'?>é"},
		{"windows-1251, blanks around =", "<?xml version =\"1.0\" encoding = \"Windows-1251\"?>\xCF", "<?xml version =\"1.0\" encoding = \"Windows-1251\"?>П"},
		{"us-ascii", `<?xml version="1.0" encoding="us-ascii"?><a/>`, `<?xml version="1.0" encoding="us-ascii"?><a/>`},
		{"declared UTF-8", `<?xml version="1.0" encoding="utf-8"?>é`, `<?xml version="1.0" encoding="utf-8"?>é`},
		{"declared UTF-16 and UTF-16", "\xFF\xFE" + string(utf16Bytes(`<?xml version="1.0" encoding="utf-16"?>`, binary.LittleEndian)), `<?xml version="1.0" encoding="utf-16"?>`},
		{"empty", "", ""},
		{"a mark alone", "\xEF\xBB\xBF", ""},
		{"two letters", "ab", "ab"},
		{"a text that begins with MZ", "MZ is no program", "MZ is no program"},
	} {
		text, p := Decode("f", []byte(c.raw))
		if p != nil || text == nil || string(text.Bytes()) != c.want {
			t.Errorf("%s: got %q, %v", c.name, text.Bytes(), p)
		}
	}
}

func TestDecodeProblems(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		line, col int
		found     string // the beginning
		text      string // what remains readable; "-" for none
	}{
		{"not UTF-8", "<a>\r\n<b c=\"K\xF6ln\"/>", 2, 8, "byte 0xF6, which is not UTF-8", "<a>\r\n<b c=\"K\uFFFDln\"/>"},
		{"behind UTF-8", "é€\xFF", 1, 3, "byte 0xFF", "é€\uFFFD"},
		{"cut off inside a letter", "ab\xE2\x82", 1, 3, "byte 0xE2", "ab\uFFFD\uFFFD"},
		{"a surrogate in UTF-8", "\xED\xA0\x80", 1, 1, "byte 0xED", "\uFFFD\uFFFD\uFFFD"},
		{"an overlong form", "x\xC0\xAF", 1, 2, "byte 0xC0", "x\uFFFD\uFFFD"},
		{"not ASCII as declared", "<?xml version=\"1.0\" encoding=\"us-ascii\"?>\n é", 2, 2, "byte 0xC3, which is not ASCII", "<?xml version=\"1.0\" encoding=\"us-ascii\"?>\n é"},
		{"half a surrogate pair", "\xFF\xFEa\x00\x00\xD8b\x00", 1, 2, "half a surrogate pair (U+D800)", "a\uFFFDb"},
		{"a low surrogate first", "\xFE\xFF\xDC\x00\x00a", 1, 1, "half a surrogate pair (U+DC00)", "\uFFFDa"},
		{"an odd byte", "\xFF\xFEa\x00b", 1, 2, "half a UTF-16 character", "a\uFFFD"},
		{"undefined in its code page", "<?xml version=\"1.0\" encoding=\"windows-1253\"?>\n\xD2", 2, 1, "byte 0xD2, which Windows 1253 does not define", "<?xml version=\"1.0\" encoding=\"windows-1253\"?>\n\uFFFD"},
		{"an unknown encoding", "<?xml version=\"1.0\" encoding=\"ebcdic-1\"?>", 1, 31, `the declared encoding "ebcdic-1"`, "<?xml version=\"1.0\" encoding=\"ebcdic-1\"?>"},
		{"an unknown encoding with strange bytes", "<?xml version=\"1.0\" encoding=\"shift_jis\"?>\x83\x5C", 1, 31, `the declared encoding "shift_jis"`, "-"},
		{"declared UTF-16, but not", `<?xml version="1.0" encoding="utf-16"?><a/>`, 1, 31, `the declared encoding "utf-16" in a file that is not UTF-16`, `<?xml version="1.0" encoding="utf-16"?><a/>`},
		{"binary", "ab\x01\x00\x00\x02cd", 1, 1, "a binary file", "-"},
		{"zip", "PK\x03\x04....", 1, 1, "a ZIP archive", "-"},
		{"gzip", "\x1F\x8B\x08", 1, 1, "a gzip archive", "-"},
		{"evtx", "ElfFile\x00\x00", 1, 1, "an event log (.evtx)", "-"},
		{"program", "MZ\x90\x00\x03", 1, 1, "a Windows program", "-"},
		{"UTF-32", "\xFF\xFE\x00\x00a\x00\x00\x00", 1, 1, "UTF-32 text", "-"},
	} {
		text, p := Decode("f", []byte(c.raw))
		if p == nil {
			t.Errorf("%s: no problem", c.name)
			continue
		}
		if p.Pos.File != "f" || p.Pos.Line != c.line || p.Pos.Column != c.col || !strings.HasPrefix(p.Found, c.found) || p.Expected == "" {
			t.Errorf("%s: got %v", c.name, p)
		}
		if got := "-"; text != nil {
			if got = string(text.Bytes()); got != c.text {
				t.Errorf("%s: text %q, want %q", c.name, got, c.text)
			}
		} else if c.text != got {
			t.Errorf("%s: no text, want %q", c.name, c.text)
		}
	}
}

func TestDecodeKeepsUTF8(t *testing.T) {
	raw := []byte("\xEF\xBB\xBF<a/>")
	text, _ := Decode("f", raw)
	if &text.Bytes()[0] != &raw[3] {
		t.Error("the bytes were copied")
	}
}

func TestDecodeANSI(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"Windows-1252", "' Gr\xFC\xDFe \x80", "' Grüße €"},
		{"UTF-8", "Grüße", "Grüße"},
		{"UTF-16", "\xFF\xFEa\x00\xFC\x00", "aü"},
	} {
		text, p := DecodeANSI("f", []byte(c.raw))
		if p != nil || string(text.Bytes()) != c.want {
			t.Errorf("%s: got %q, %v", c.name, text.Bytes(), p)
		}
	}
	if _, p := DecodeANSI("f", []byte("PK\x03\x04")); p == nil {
		t.Error("an archive is no text")
	}
	if _, p := DecodeANSI("f", []byte("\xFF\xFEa\x00\x00\xD8")); p == nil {
		t.Error("broken UTF-16 is a problem")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "<a/>", "\xEF\xBB\xBF<a/>", "\xFF\xFEa\x00\x00\xD8", "\x00<\x00a", "é\xFF\n\xFE", "<?xml version='1.0' encoding='windows-1252'?>\x81\xE9", "<?xml version='1.0' encoding='us-ascii'?>\xE9", "PK\x03\x04"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		text, p := Decode("f", raw)
		if !bytes.Equal(raw, before) {
			t.Fatal("the input was changed")
		}
		if text == nil && p == nil {
			t.Fatal("neither text nor problem")
		}
		if text != nil && !utf8.Valid(text.Bytes()) {
			t.Fatalf("not UTF-8: %q", text.Bytes())
		}
		if p != nil && (p.Pos.Line < 1 || p.Pos.Column < 1 || p.Pos.EndColumn < p.Pos.Column || p.Found == "") {
			t.Fatalf("problem without a place: %+v", p)
		}
		if p != nil && text != nil {
			if e, ok := text.Excerpt(p.Pos); !ok || !utf8.ValidString(e.Line) {
				t.Fatalf("no excerpt for %v", p)
			}
		}
		if p == nil && utf8.Valid(raw) && !bytes.HasPrefix(raw, bomUTF8) && zeroPattern(raw) == nil && declaration().Find(raw) == nil && !bytes.Equal(text.Bytes(), raw) {
			t.Fatalf("UTF-8 was changed: %q", text.Bytes())
		}
	})
}

func TestDecodePage(t *testing.T) {
	for _, c := range []struct{ page, raw, want string }{
		{"1251", "\xcf\xf0\xe8", "При"}, {"windows-1251", "\xcf", "П"}, {"KOI8-R", "\xf0", "П"}, {"20866", "\xf0", "П"},
		{"437", "a\x84\x00", "aä\x00"}, {"1252", "\x80\x81", "€\ufffd"}, {"28605", "\xa4", "€"}, {"874", "\xa1", "ก"}, {"1253", "\xd2", "\ufffd"},
	} {
		if got, ok := DecodePage(c.page, []byte(c.raw)); !ok || string(got) != c.want {
			t.Errorf("%s %q: %q %v", c.page, c.raw, got, ok)
		}
	}
	for _, page := range []string{"", "utf-8", "65001", "932", "windows-", "windows-windows-1251"} {
		if _, ok := DecodePage(page, []byte("x")); ok {
			t.Errorf("a code page %q", page)
		}
	}
}
