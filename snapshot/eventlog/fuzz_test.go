package eventlog

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzRead: no file panics; what comes out is bounded, UTF-8 and has a place.
func FuzzRead(f *testing.F) {
	for _, x := range exports {
		f.Add([]byte(x.text))
		f.Add([]byte(wide(x.text, false)))
	}
	f.Add([]byte("<Event><System><!\xe7\xbc\x81\xe7\xbc\x81\xe7\xbc\x81></System></Event>")) // once cut a character in two
	f.Add([]byte("ElfFile\x00"))
	f.Add([]byte("<Event><System><![CDATA[]]></System><!-- --></Event>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		seen := 0
		res, err := Read("log", strings.NewReader(string(raw)), func(e Event) {
			seen++
			if e.Pos.Line < 1 || e.Pos.Column < 1 || e.Pos.EndColumn < e.Pos.Column || e.Source == noSource || e.ID < 0 || e.ID > 0xFFFF {
				t.Fatalf("%+v", e)
			}
			if len(e.Message) > maxMessage+len("…") || len(e.Inserts) > maxInserts || !utf8.ValidString(e.Message+e.Subject.Name+e.Text()) {
				t.Fatalf("%q", e.Message)
			}
		})
		if err != nil || seen != res.Events {
			t.Fatal(err, seen, res.Events)
		}
		var s Summary
		if _, err := s.AddFile("log", strings.NewReader(string(raw))); err != nil || s.Events != seen {
			t.Fatal(err, s.Events)
		}
		count := 0
		for _, g := range s.Groups() {
			count += g.Count
		}
		if count != seen {
			t.Fatal(count, seen)
		}
	})
}
