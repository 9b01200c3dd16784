package snapshot

import (
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMap(t *testing.T) {
	for text, want := range map[string]Map{
		`C:\inetpub=./inetpub`:            {`C:\inetpub`, "./inetpub"},
		`\\files\web=share`:               {`\\files\web`, "share"},
		`D:/www = content of d=2`:         {`D:/www`, "content of d=2"},
		`inetpub=x`:                       {},
		`C:\inetpub`:                      {},
		`C:\inetpub=`:                     {},
		`=x`:                              {},
		"":                                {},
		"C:\\inetpub\\wwwroot=/srv/web=1": {`C:\inetpub\wwwroot`, "/srv/web=1"},
	} {
		got, err := ParseMap(text)
		if got != want || (err == nil) != (want != Map{}) || err != nil && !errors.Is(err, ErrMap) {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
}

// A map leads to a folder on this machine or inside what was named; in a folder
// that is walked anyway, its files are content and nothing else.
func TestMaps(t *testing.T) {
	files := map[string]string{
		"MetaBase.xml": tinyMetabase, "web/a.htm": "a", "web/sub/MetaBase.xml": tinyMetabase, "content/C/inetpub/wwwroot/b.htm": "b",
		"content/C/Inetpub2/c.htm": "c",
	}
	dir := folder(t, files)
	elsewhere := folder(t, map[string]string{"d.htm": "d", "logs/ex.log": tinyW3C})
	archived := saved(t, "s.zip", pack("zip", files))
	want := []string{`C:\inetpub\wwwroot\b.htm b`, `C:\INETPUB2\x\a.htm a`, `C:\INETPUB2\x\sub\MetaBase.xml ` + tinyMetabase, `C:\Inetpub2\c.htm c`}
	slices.Sort(want)
	for name, o := range map[string]Options{
		"by its path":   {Paths: []string{dir}, Maps: []Map{{`C:\INETPUB2\x`, filepath.Join(dir, "web")}}},
		"inside":        {Paths: []string{dir}, Maps: []Map{{`c:/INETPUB2/x/`, "./web"}}},
		"in an archive": {Paths: []string{archived}, Maps: []Map{{`C:\INETPUB2\x`, "web/"}}},
		"beside others": {Paths: []string{filepath.Join(dir, "MetaBase.xml"), filepath.Join(dir, "web")}, Maps: []Map{{`C:\INETPUB2\x`, filepath.Join(dir, "web")}}},
	} {
		s, err := OpenWith(o)
		must(t, err)
		got := walk(t, s.Content, "")
		for i := range got {
			got[i] = strings.Replace(got[i], `c:\INETPUB2`, `C:\INETPUB2`, 1)
		}
		slices.Sort(got)
		want := want
		if name == "beside others" {
			want = slices.DeleteFunc(slices.Clone(want), func(l string) bool { return !strings.Contains(l, "INETPUB2") })
		}
		if d := cmp.Diff(want, got); d != "" || len(s.Problems) > 0 || s.Metabase == nil {
			t.Errorf("%s: %s %v", name, d, s.Problems)
		}
		if _, known := s.Content.Stat(`C:\inetpub2\X\none.htm`, `C:\inetpub2\x`); known != No {
			t.Errorf("%s: a file that is not in a mapped folder: %v", name, known)
		}
		if len(s.Content.Clashes()) > 0 {
			t.Errorf("%s: %v", name, s.Content.Clashes())
		}
	}
	s, err := OpenWith(Options{Paths: []string{filepath.Join(dir, "MetaBase.xml")}, Maps: []Map{{`\\files\web`, elsewhere}}})
	must(t, err)
	if got := read(t, s.Content, `\\files\web\d.htm`); got != "d" || s.Logs != nil {
		t.Error(got, s.Logs)
	}
	if e, _ := s.Content.Stat(`\\FILES\web\d.htm`, ""); e.Name != filepath.ToSlash(elsewhere)+"/d.htm" {
		t.Error(e.Name)
	}
	for want, m := range map[string]Map{
		"neither here nor": {`C:\x`, "nowhere"}, "is no folder": {`C:\x`, filepath.Join(dir, "MetaBase.xml")}, "is expected": {"inetpub", dir},
	} {
		if _, err := OpenWith(Options{Paths: []string{dir}, Maps: []Map{m}}); !errors.Is(err, ErrMap) || !strings.Contains(err.Error(), want) {
			t.Error(err)
		}
	}
}

func TestStdin(t *testing.T) {
	whole := whole()
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		s, err := OpenWith(Options{Paths: []string{"-"}, Stdin: strings.NewReader(whole[name])})
		must(t, err)
		alone, err := Open(saved(t, "x", []byte(whole[name])))
		must(t, err)
		if len(s.Files) != 1 || len(alone.Files) != 1 || s.Files[0].Path != "-" || s.Files[0].Kind != alone.Files[0].Kind {
			t.Errorf("%s: %v, as a file %v", name, s.Files, alone.Files)
			continue
		}
		if kind := s.Files[0].Kind; (kind == KindUnknown || kind == KindSchema) != (len(s.Problems) > 0) {
			t.Errorf("%s, %s: %v", name, kind, s.Problems)
		}
	}
	for _, o := range []Options{{Paths: []string{"-"}}, {Paths: []string{"-", "-"}, Stdin: strings.NewReader("x")}, {Paths: []string{"-"}, Stdin: failingReader{}}} {
		if _, err := OpenWith(o); !errors.Is(err, ErrStdin) {
			t.Error(err)
		}
	}
	// What is no log is held, and only so much of it.
	endless := io.MultiReader(strings.NewReader("Windows Registry Editor Version 5.00\r\n"), forever{})
	if _, err := OpenWith(Options{Paths: []string{"-"}, Stdin: endless, Limits: Limits{Memory: 8 << 20}}); !errors.Is(err, ErrStdin) {
		t.Error(err)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, os.ErrPermission }

type forever struct{}

func (forever) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// A log on standard input is read as it comes: more of it than may be held.
func TestLongLogOnStdin(t *testing.T) {
	long := io.MultiReader(strings.NewReader(tinyW3C), io.LimitReader(forever{}, 64<<20), strings.NewReader("\n2004-01-31 10:00:09 W3SVC1 GET /c.htm - 80 192.0.2.1 200 0 0\n"))
	s, err := OpenWith(Options{Paths: []string{"-"}, Stdin: long, Limits: Limits{Memory: 1 << 20}})
	must(t, err)
	if n := s.Logs.Totals().Rows; n != 3 || len(s.Problems) != 1 {
		t.Error(n, s.Problems)
	}
}

func TestProgress(t *testing.T) {
	var said []string
	s, err := OpenWith(Options{Paths: []string{folder(t, whole())}, Progress: func(text string) { said = append(said, text) }})
	must(t, err)
	if len(said) == 0 || len(said) > 20 || s.Metabase == nil {
		t.Error(said)
	}
	c := newCollector()
	said, c.say = nil, func(text string) { said = append(said, text) }
	for range 12_000 {
		c.count()
	}
	if len(said) == 0 || said[0] != "reading content: 1 files" || len(said) > 50 {
		t.Error(said)
	}
}

// Two settings files of one kind contradict each other; the first is read.
func TestSeveralSettings(t *testing.T) {
	s, err := Open(folder(t, map[string]string{"MetaBase.xml": tinyMetabase, "a.inf": tinyPolicy, "b.inf": tinyPolicy, "UrlScan.ini": tinyUrlScan, "old/UrlScan.ini": tinyUrlScan}))
	must(t, err)
	if d := cmp.Diff([]string{"b.inf a second security policy", "old/UrlScan.ini a second UrlScan.ini"}, problems(s)); d != "" {
		t.Error(d)
	}
	for _, p := range s.Problems {
		if !strings.Contains(p.Hint, "a.inf") && !strings.Contains(p.Hint, "or UrlScan.ini") {
			t.Error("the hint must name both:", p.Hint)
		}
	}
}

func TestApplyDropsLogs(t *testing.T) {
	s, err := Open(folder(t, whole()))
	must(t, err)
	after := s.Apply(nil)
	if s.Logs == nil || s.Events == nil || after.Logs != nil || after.Events != nil || after.Registry != s.Registry || after.Rights == nil {
		t.Error("logs tell of the time before, settings do not")
	}
}

// A copy of the metabase beside the live one is no second server.
func TestCopyBesideMetabase(t *testing.T) {
	s, err := Open(folder(t, map[string]string{"MetaBase.xml": tinyMetabase, "MetaBase.bak": tinyMetabase, "README.md": "# How\n\n    <MBProperty>\n"}))
	must(t, err)
	if d := cmp.Diff([]string{"MetaBase.bak metabase-history", "MetaBase.xml metabase", "README.md unknown"}, listed(s)); d != "" || len(s.Problems) > 0 {
		t.Error(d, s.Problems)
	}
	s, err = Open(folder(t, map[string]string{"MetaBase.bak": tinyMetabase}))
	must(t, err)
	if s.Metabase == nil || len(s.Problems) > 0 {
		t.Error("the only metabase is the live one", s.Problems)
	}
}

// A folder that holds the disks themselves is content of the server whose metabase
// was named beside it.
func TestNamedContent(t *testing.T) {
	shop := folder(t, map[string]string{
		"MetaBase.xml": tinyMetabase, "content/C/inetpub/a.htm": "a", "content/UNC/files/web/b.htm": "b",
		"disks/c/inetpub/a.htm": "a", "disks/UNC/files/web/b.htm": "b",
		"server/C/WINDOWS/system32/inetsrv/MetaBase.xml": tinyMetabase,
		"mixed/C/a.htm":      "a",
		"mixed/notes.txt":    "x",
		"docs/content/a.htm": "a",
	})
	for _, c := range []struct {
		paths []string
		want  []string
	}{
		{[]string{"MetaBase.xml", "content"}, []string{`C:\inetpub\a.htm a`, `\\files\web\b.htm b`}},
		{[]string{"disks", "MetaBase.xml"}, []string{`\\files\web\b.htm b`, `c:\inetpub\a.htm a`}},
		{[]string{"server"}, nil},
		{[]string{"MetaBase.xml", "mixed"}, nil},
		{[]string{"MetaBase.xml", "docs/content"}, nil},
	} {
		var paths []string
		for _, p := range c.paths {
			paths = append(paths, filepath.Join(shop, p))
		}
		s, err := Open(paths...)
		must(t, err)
		got := walk(t, s.Content, "")
		slices.Sort(got)
		if d := cmp.Diff(c.want, got); d != "" || s.Metabase == nil || len(s.Problems) > 0 {
			t.Errorf("%v: %s %v", c.paths, d, s.Problems)
		}
	}
	s, err := Open(filepath.Join(shop, "content"))
	must(t, err)
	if e, _ := s.Content.Stat(`C:\inetpub\a.htm`, ""); e.Name != "content/C/inetpub/a.htm" {
		t.Error(e.Name)
	}
	if got := problems(s); len(got) != 1 || !strings.HasSuffix(got[0], "content no metabase in this folder") {
		t.Error(got)
	}
}
