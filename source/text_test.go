package source

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPos(t *testing.T) {
	text := NewText("m.xml", []byte("ab\r\ncäd€𝄞x\n\nlast"))
	for _, c := range []struct {
		name       string
		start, end int
		want       Pos
	}{
		{"start of the text", 0, 1, Pos{"m.xml", 1, 1, 2}},
		{"the line end belongs to no column", 0, 4, Pos{"m.xml", 1, 1, 3}},
		{"columns are code points", 4, 16, Pos{"m.xml", 2, 1, 7}},
		{"behind letters of many bytes", 15, 16, Pos{"m.xml", 2, 6, 7}},
		{"an empty line", 17, 17, Pos{"m.xml", 3, 1, 1}},
		{"over several lines: the first", 15, 22, Pos{"m.xml", 2, 6, 7}},
		{"the end of the text", 22, 22, Pos{"m.xml", 4, 5, 5}},
		{"beyond the end", 40, 50, Pos{"m.xml", 4, 5, 5}},
	} {
		if got := text.Span(c.start, c.end).Pos(); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// One line over many blocks, with letters that straddle their borders, must count
// like a walk from its beginning.
func TestPosInLongLine(t *testing.T) {
	data := []byte("\n" + strings.Repeat("x", 3) + strings.Repeat("ä€𝄞", 40_000) + "\nend")
	text := NewText("m", data)
	column := 1
	for off := 1; off < len(data)-4; {
		_, size := utf8.DecodeRune(data[off:])
		if column%997 == 0 || off/blockSize != (off+size)/blockSize {
			got := text.pos(off, off+size)
			if got.Line != 2 || got.Column != column || got.EndColumn != column+1 {
				t.Fatalf("offset %d: got %v, want 2:%d", off, got, column)
			}
			if back := text.offset(1, column-1); back != off {
				t.Fatalf("column %d: got offset %d, want %d", column, back, off)
			}
		}
		off += size
		column++
	}
	if got := text.pos(len(data)-1, len(data)); got.Line != 3 || got.Column != 3 {
		t.Errorf("last line: %v", got)
	}
}

func TestExcerpt(t *testing.T) {
	const line = "\t\tPath=\"C:\\café\" x"
	text := NewText("m", []byte("first\r\n"+line+"\r\nlast"))
	e, ok := text.Excerpt(Pos{"m", 2, 9, 16})
	if !ok || e.Line != line || e.Start != 8 || e.Length != 7 {
		t.Errorf("got %+v, %v", e, ok)
	}
	if e, ok := text.Excerpt(Pos{"m", 3, 3, 99}); !ok || e.Line != "last" || e.Start != 2 || e.Length != 2 {
		t.Errorf("a mark beyond the line: %+v", e)
	}
	for _, line := range []int{0, -1, 4, 1 << 40} {
		if _, ok := text.Excerpt(Pos{"m", line, 1, 1}); ok {
			t.Errorf("line %d: the text has none", line)
		}
	}
}

func TestExcerptWithholdsSecrets(t *testing.T) {
	for _, c := range []struct {
		name, line string
		hide       string // a stretch that a reader hid
		mark       string
		want       string
		start, len int
	}{
		{"hidden", `A="secret" B="x"`, "secret", "B", `A="[withheld]" B="x"`, 15, 1},
		{"marked", `A="secret" B="x"`, "secret", "secret", `A="[withheld]" B="x"`, 3, 10},
		{"mark inside", `A="secret" B="x"`, "secret", "cre", `A="[withheld]" B="x"`, 13, 0},
		{"connection string", `C="Server=db;Password=geheim;Uid=a"`, "", "geheim", `C="Server=db;Password=[withheld];Uid=a"`, 22, 10},
		{"pwd", `dsn=shop;PWD = hunter2 ;x`, "", "dsn", `dsn=shop;PWD = [withheld] ;x`, 0, 3},
		{"comment", `<!-- AnonymousUserPass="hunter2" -->`, "", "<!--", `<!-- AnonymousUserPass=[withheld] -->`, 0, 4},
		{"cut off", `AnonymousUserPass="hunter2`, "", "A", `AnonymousUserPass=[withheld]`, 0, 1},
		{"no secret", `UNCAuthenticationPassthrough="TRUE" PassivePortRange="5-6"`, "", "U", `UNCAuthenticationPassthrough="TRUE" PassivePortRange="5-6"`, 0, 1},
	} {
		text := NewText("m", []byte(c.line))
		if c.hide != "" {
			at := strings.Index(c.line, c.hide)
			text.Hide(at, at+len(c.hide))
		}
		at := strings.Index(c.line, c.mark)
		e, _ := text.Excerpt(text.pos(at, at+len(c.mark)))
		if e.Line != c.want || e.Start != c.start || e.Length != c.len {
			t.Errorf("%s: got %+v, want %q %d %d", c.name, e, c.want, c.start, c.len)
		}
	}
}

// Ranges may come out of order and overlap; nothing of them is ever shown.
func TestHideInAnyOrder(t *testing.T) {
	text := NewText("m", []byte("0123456789abcdefghij"))
	for _, r := range [][2]int{{12, 14}, {2, 4}, {3, 6}, {16, 16}, {13, 15}, {2, 3}} {
		text.Hide(r[0], r[1])
	}
	e, _ := text.Excerpt(Pos{"m", 1, 1, 1})
	if want := "01[withheld]6789ab[withheld]fghij"; e.Line != want {
		t.Errorf("got %s, want %s", e.Line, want)
	}
}

func TestExcerptOfVeryLongLine(t *testing.T) {
	data := strings.Repeat("é", 1<<20) + "MARK" + strings.Repeat("ü", 1<<20)
	text := NewText("m", []byte(data))
	at := strings.Index(data, "MARK")
	e, ok := text.Excerpt(text.pos(at, at+4))
	runes := []rune(e.Line)
	if !ok || len(e.Line) > 3*maxExcerpt || string(runes[e.Start:e.Start+e.Length]) != "MARK" ||
		runes[0] != '…' || runes[len(runes)-1] != '…' || !utf8.ValidString(e.Line) {
		t.Errorf("got %d bytes, mark %d+%d", len(e.Line), e.Start, e.Length)
	}
}
