package snapshot

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

func TestHostileArchives(t *testing.T) {
	zeros := strings.Repeat("\x00", 8<<20)
	many := map[string]string{}
	for i := range 300 {
		many[fmt.Sprintf("n%d.txt", i)] = ""
	}
	raw := pack("zip", whole())
	deep := pack("zip", map[string]string{"a.txt": "a"})
	for range 5 {
		deep = pack("zip", map[string]string{"a.zip": string(deep)})
	}
	for _, tc := range []struct {
		name string
		raw  []byte
		want string // begins the first problem
	}{
		{"ratio zip", pack("zip", map[string]string{"MetaBase.xml": zeros}), `an entry that expands to more than 400 times its size: "MetaBase.xml"`},
		{"ratio gz", zipped([]byte(zeros)), "binary"},
		{"ratio tar.gz", pack("tar.gz", map[string]string{"a.log": zeros}), "an archive that cannot be read: it expands to more than 400 times its size"},
		{"entries zip", pack("zip", many), "an archive with more than 100 entries; the rest is not read"},
		{"entries tar", pack("tar", many), "an archive with more than 100 entries; the rest is not read"},
		{"expanded", pack("tar", map[string]string{"a.txt": strings.Repeat("a", 9<<20), "b.txt": strings.Repeat("b", 9<<20)}), "an archive with more than 16,777,216 bytes when expanded"},
		{"nested", deep, "an archive in 2 others"},
		{"overlap", overlapping(), "an archive that cannot be read: entries that overlap each other"},
		{"escapes", pack("zip", map[string]string{"../MetaBase.xml": tinyMetabase}), `an entry with a path that leads out of the archive: "../MetaBase.xml"`},
		{"escapes inside", pack("tar", map[string]string{"a/../../MetaBase.xml": tinyMetabase}), `an entry with a path that leads out of the archive`},
		{"escapes with backslashes", pack("zip", map[string]string{`a\..\..\MetaBase.xml`: tinyMetabase}), `an entry with a path that leads out of the archive`},
		{"absolute", pack("tar", map[string]string{"/etc/MetaBase.xml": tinyMetabase}), `an entry with an absolute path: "/etc/MetaBase.xml"`},
		{"share", pack("zip", map[string]string{`\\files\web\MetaBase.xml`: tinyMetabase}), `an entry with an absolute path`},
		{"drive", pack("zip", map[string]string{`C:\MetaBase.xml`: tinyMetabase}), `an entry with a drive letter in its path: "C:/MetaBase.xml"`},
		{"long name", pack("tar", map[string]string{strings.Repeat("n/", 200) + "n": "x"}), "an entry with a name of more than 256 bytes"},
		{"control", pack("zip", map[string]string{"a\x1b[31m.txt": "x"}), `an entry with control characters in its name: "a\x1b[31m.txt"`},
		{"file and folder", pack("tar", map[string]string{"a": "x", "a/b": "y"}), ""},
		{"cut off zip", raw[:len(raw)-30], "an archive that cannot be read: zip: not a valid zip file"},
		{"cut off tar", pack("tar", whole())[:3000], "an archive that cannot be read: its end is missing"},
		{"cut off inside", pack("tar", whole())[:600], "an archive that cannot be read: unexpected EOF"},
		{"cut off tar.gz", pack("tar.gz", whole())[:900], "an archive that cannot be read: unexpected EOF"},
		{"links", special(), "a link, which is not followed"},
		{"twice", twice(), `two entries of the same name: "MetaBase.xml"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := OpenWith(Options{
				Paths: []string{saved(t, "x", tc.raw)}, Limits: Limits{Entries: 100, Expanded: 16 << 20, Name: 256, Memory: 32 << 20},
			})
			must(t, err)
			if tc.want == "" {
				if len(s.Problems) == 0 {
					t.Error("no problem")
				}
				return
			}
			if len(s.Problems) == 0 || !strings.Contains(s.Problems[0].Found, tc.want) {
				t.Errorf("%v\nwant %s", s.Problems, tc.want)
			}
			for _, p := range s.Problems {
				if p.Hint == "" {
					t.Error("no hint:", p)
				}
			}
		})
	}
}

// overlapping is an archive whose directory names the same bytes twice.
func overlapping() []byte {
	raw := pack("zip", map[string]string{"a.txt": strings.Repeat("abc", 1000), "b.txt": strings.Repeat("abc", 1000)})
	directory := bytes.Index(raw, []byte("PK\x01\x02"))
	second := directory + bytes.Index(raw[directory+4:], []byte("PK\x01\x02")) + 4
	copy(raw[second+42:second+46], raw[directory+42:directory+46]) // offset of the local header
	return raw
}

func special() []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, kind := range []byte{tar.TypeSymlink, tar.TypeLink, tar.TypeChar, tar.TypeFifo} {
		w.WriteHeader(&tar.Header{Name: fmt.Sprint("f", i), Linkname: "/etc/passwd", Typeflag: kind})
	}
	w.Close()
	return b.Bytes()
}

func twice() []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for range 2 {
		e, _ := w.Create("MetaBase.xml")
		io.WriteString(e, tinyMetabase)
	}
	w.Close()
	return b.Bytes()
}

// Any number of bad names gives a bounded number of problems.
func TestManyBadNames(t *testing.T) {
	files := map[string]string{"MetaBase.xml": tinyMetabase}
	for i := range 2000 {
		files[fmt.Sprintf("content/C/a:%d.htm", i)] = ""
		files[fmt.Sprintf("../%d", i)] = ""
	}
	s, err := Open(saved(t, "x.zip", pack("zip", files)))
	must(t, err)
	if n := len(s.Problems); n != maxTold+1 || s.Problems[n-1].Found != "1,506 more problems with single files" {
		t.Error(n, s.Problems[n-1])
	}
	if s.Problems[5].Found != "an entry with a path that leads out of the archive: 1,995 more like these" {
		t.Error(s.Problems[5])
	}
}

// Files that begin like evidence and go on with NUL bytes or one endless line are
// read to their end, or said to be none.
func TestHostileFiles(t *testing.T) {
	for name, body := range whole() {
		for _, rest := range []string{strings.Repeat("\x00", 1<<20), strings.Repeat("x", 4<<20), strings.Repeat("\x00\n", 1<<18)} {
			path := saved(t, "x", []byte(body+rest))
			var s *Snapshot
			if made := allocated(func() {
				var err error
				s, err = Open(path)
				must(t, err)
			}); made > 16*uint64(len(rest))+1<<20 {
				t.Errorf("%s and %q...: %d bytes were allocated for %d", name, rest[:2], made, len(rest))
			}
			if s.Metabase == nil && !s.hasEvidence() && len(s.Problems) == 0 {
				t.Errorf("%s and %q...: nothing was read, and nothing said", name, rest[:2])
			}
		}
	}
}

// allocated is how many bytes a function asks for: its work, where that is reading.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestReadUpTo(t *testing.T) {
	for _, tc := range []struct {
		size, limit int64
		want        string
	}{
		{10, 10, "0123456789"}, {unknownSize, 10, "0123456789"}, {0, 10, ""}, {10, 9, "too long"}, {unknownSize, 9, "too long"}, {12, 20, "unexpected EOF"},
	} {
		raw, err := readUpTo(strings.NewReader("0123456789"), tc.size, tc.limit)
		got := string(raw)
		if err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("size %d, limit %d: %q, want %q", tc.size, tc.limit, got, tc.want)
		}
	}
}

// FuzzArchive: no archive makes the program panic, and none that it refuses
// passes without a problem.
func FuzzArchive(f *testing.F) {
	small := map[string]string{"MetaBase.xml": tinyMetabase, "content/C/a.htm": "a", "ex.log": tinyW3C}
	for _, form := range []string{"zip", "tar", "tar.gz"} {
		f.Add(pack(form, small))
	}
	for _, raw := range [][]byte{overlapping(), special(), twice(), zipped([]byte(tinyW3C)), zipped(zipped([]byte("x"))), pack("zip", map[string]string{"a.zip": string(twice())})} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := OpenWith(Options{Paths: []string{"-"}, Stdin: bytes.NewReader(raw), Limits: Limits{Entries: 50, Expanded: 1 << 20, Memory: 4 << 20}})
		if err != nil {
			return
		}
		if s.Metabase == nil && !s.hasEvidence() && len(s.Problems) == 0 {
			t.Error("nothing was read, and nothing said")
		}
		s.Content.Walk("", func(e Entry) bool {
			s.Content.Text(e.Path)
			return true
		})
	})
}
