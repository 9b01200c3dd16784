package snapshot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func openContent(t *testing.T, files fstest.MapFS) (*Content, *Snapshot) {
	t.Helper()
	files["MetaBase.xml"] = &fstest.MapFile{Data: []byte(tinyMetabase)}
	s, err := OpenFS(files)
	must(t, err)
	return s.Content, s
}

func TestStat(t *testing.T) {
	c, _ := openContent(t, fstest.MapFS{
		"content/C/Inetpub/wwwroot/Default.asp":  {Data: []byte("12345")},
		"content/C/Inetpub/wwwroot/img/logo.gif": {Data: []byte("1")},
		"content/UNC/Files/web/a.htm":            {Data: []byte("1")},
		"content/D/x.htm":                        {Data: []byte("1")},
	})
	for _, tc := range []struct {
		p, root source.WinPath
		want    string
	}{
		{`C:\Inetpub\wwwroot\Default.asp`, `C:\inetpub\wwwroot`, `yes C:\Inetpub\wwwroot\Default.asp content/C/Inetpub/wwwroot/Default.asp 5`},
		{`c:/inetpub/WWWROOT/x/../default.ASP`, `C:\elsewhere`, `yes C:\Inetpub\wwwroot\Default.asp content/C/Inetpub/wwwroot/Default.asp 5`},
		{`C:\inetpub\wwwroot\img\`, `C:\inetpub\wwwroot`, `yes C:\Inetpub\wwwroot\img content/C/Inetpub/wwwroot/img 0 folder`},
		{`\\FILES\WEB\a.htm`, `\\files\web`, `yes \\Files\web\a.htm content/UNC/Files/web/a.htm 1`},
		{`\\files\web`, `\\files\web`, `yes \\Files\web content/UNC/Files/web 0 folder`},
		{`C:\inetpub\wwwroot\none.asp`, `C:\inetpub\wwwroot`, "no"},
		{`C:\inetpub\wwwroot\none\none.asp`, `C:\inetpub\wwwroot\`, "no"},
		{`\\files\web\none.htm`, `\\Files\Web\`, "no"},
		{`D:\none.htm`, `D:\`, "no"},
		{`C:\none.htm`, `C:\`, "unknown"}, // only the way to what was collected
		{`C:\inetpub\scripts\a.dll`, `C:\inetpub\scripts`, "unknown"},
		{`C:\inetpub\wwwroot2\a.htm`, `C:\inetpub\wwwroot2`, "unknown"},
		{`C:\inetpub\wwwroot2\a.htm`, `C:\inetpub\wwwroot`, "unknown"}, // not below the root
		{`C:\inetpub\wwwroot\default.asp\x`, `C:\inetpub\wwwroot\default.asp`, "unknown"},
		{`\\files\other\a.htm`, `\\files\other`, "unknown"},
		{`relative.htm`, ``, "unknown"},
	} {
		e, known := c.Stat(tc.p, tc.root)
		got := map[Known]string{Yes: "yes", No: "no", Unknown: "unknown"}[known]
		if known == Yes {
			got += fmt.Sprintf(" %s %s %d", e.Path, e.Name, e.Size)
			if e.Dir {
				got += " folder"
			}
		}
		if got != tc.want {
			t.Errorf("Stat(%s, %s)\n got %s\nwant %s", tc.p, tc.root, got, tc.want)
		}
	}
	if d := cmp.Diff([]source.WinPath{`\\Files\web`, `C:\`, `D:\`}, c.Roots()); d != "" {
		t.Error(d)
	}
}

func TestEmptyContent(t *testing.T) {
	for _, c := range []*Content{{}, func() *Content { c, _ := openContent(t, fstest.MapFS{}); return c }()} {
		if _, known := c.Stat(`C:\a`, `C:\`); known != Unknown || !c.Empty() || c.HasFolder(`C:\`) || c.List(`C:\`) != nil || c.Roots() != nil {
			t.Error("an empty content knows nothing")
		}
		c.Walk("", func(Entry) bool { t.Error("walked"); return true })
		if _, err := c.Open(`C:\a`); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if _, err := c.Text(`C:\a`); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
}

func TestListAndWalk(t *testing.T) {
	c, _ := openContent(t, fstest.MapFS{
		"content/C/w/b.htm": {}, "content/C/w/B-x/1.htm": {}, "content/C/w/b/2.htm": {}, "content/C/w/b/deep/3.htm": {}, "content/C/w/b]/4.htm": {}, "content/C/w/ba/5.htm": {}, "content/C/w2/6.htm": {},
	})
	var list []string
	for _, e := range c.List(`c:\W\`) {
		list = append(list, string(e.Path))
	}
	if d := cmp.Diff([]string{`C:\w\b`, `C:\w\B-x`, `C:\w\b.htm`, `C:\w\b]`, `C:\w\ba`}, list); d != "" {
		t.Error(d)
	}
	var files []string
	c.Walk(`C:\w`, func(e Entry) bool {
		files = append(files, string(e.Path))
		return len(files) < 5
	})
	if d := cmp.Diff([]string{`C:\w\B-x\1.htm`, `C:\w\b.htm`, `C:\w\b\2.htm`, `C:\w\b\deep\3.htm`, `C:\w\b]\4.htm`}, files); d != "" {
		t.Error(d)
	}
}

func TestFilesList(t *testing.T) {
	c, s := openContent(t, fstest.MapFS{
		"content/C/w/old.htm":       {Data: []byte("old")},
		"content/C/w/stays.htm":     {Data: []byte("stays")},
		"content/C/w/gone/deep.htm": {Data: []byte("deep")},
		"files/aux.txt":             {Data: []byte("aux")},
		"files/up.txt":              {Data: []byte("upper")},
		"files/low.txt":             {Data: []byte("lower")},
		"files.txt": {Data: []byte("# names that disks refuse\n\n" +
			`C:\w\aux.asp = files/aux.txt` + "\r\n" +
			`C:\w\a;b = c.asp = files/aux.txt` + "\n" +
			`\\unix\web\Case.htm = files/up.txt` + "\n" +
			`\\unix\web\case.htm = files/low.txt` + "\n" +
			`C:\w\upload = (empty folder)` + "\n" +
			`C:\w\big.htm = (130 bytes)` + "\n" +
			`C:\w\old.htm = (absent)` + "\n" +
			`C:\w\gone = (absent)` + "\n" +
			`C:\w\x.htm = files/none.txt` + "\n" +
			"  relative.htm = files/aux.txt\n" +
			`C:\w\y.htm = (9999999999 bytes)` + "\n" +
			`C:\w\z.htm = ../outside` + "\n" +
			`C:\w\only`)},
	})
	if d := cmp.Diff([]string{
		`files.txt:11:1 no file "files/none.txt"`,
		`files.txt:12:1 no entry of files.txt`,
		`files.txt:13:1 a size of 9999999999 bytes`,
		`files.txt:14:1 no file "../outside"`,
		`files.txt:15:1 no entry of files.txt`,
	}, problems(s)); d != "" {
		t.Error(d)
	}
	var got []string
	c.Walk("", func(e Entry) bool {
		got = append(got, fmt.Sprintf("%s %d %s", e.Path, e.Size, e.Name))
		return true
	})
	if d := cmp.Diff([]string{
		`\\unix\web\Case.htm 5 content/UNC/unix/web/Case.htm`, `\\unix\web\case.htm 5 content/UNC/unix/web/case.htm`,
		`C:\w\a;b = c.asp 3 content/C/w/a;b = c.asp`, `C:\w\aux.asp 3 content/C/w/aux.asp`,
		`C:\w\big.htm 130 content/C/w/big.htm`, `C:\w\stays.htm 5 content/C/w/stays.htm`,
	}, got); d != "" {
		t.Error(d)
	}
	if e, known := c.Stat(`c:\w\upload`, `C:\w`); known != Yes || !e.Dir || len(c.List(`C:\w\upload`)) != 0 || !c.HasFolder(`C:\w\upload`) {
		t.Error("the empty folder", e, known)
	}
	if _, known := c.Stat(`C:\w\gone\deep.htm`, `C:\w`); known != No {
		t.Error("what is absent is known to be absent:", known)
	}
	// Names that differ by case: each is found by its own, any other finds the first.
	for path, want := range map[source.WinPath]string{`\\unix\web\Case.htm`: "upper", `\\unix\web\case.htm`: "lower", `\\unix\web\CASE.HTM`: "upper"} {
		if got := read(t, c, path); got != want {
			t.Errorf("%s has %q, want %q", path, got, want)
		}
	}
	big := read(t, c, `C:\w\big.htm`)
	if len(big) != 130 || !strings.HasPrefix(big, "iisdoctor generated this line so that the file has its size.\r\niisdoctor") {
		t.Errorf("%d bytes %q", len(big), big)
	}
}

func read(t *testing.T, c *Content, p source.WinPath) string {
	t.Helper()
	f, err := c.Open(p)
	must(t, err)
	defer f.Close()
	b, err := io.ReadAll(f)
	must(t, err)
	return string(b)
}

func TestClashes(t *testing.T) {
	c, s := openContent(t, fstest.MapFS{
		"content/C/w/a.htm": {}, "content/C/w/A.htm": {}, "content/C/w/a.HTM": {}, "content/C/w/b.htm": {},
		"content/UNC/u/s/Img/1.gif": {}, "content/UNC/u/s/img/1.gif": {}, "content/UNC/u/s/img/2.gif": {}, "content/c/x.htm": {},
	})
	var got []string
	for _, clash := range c.Clashes() {
		line := string(clash.Dir) + ":"
		for _, e := range clash.Entries {
			line += fmt.Sprintf(" %s %v", e.Path.Base(), e.Dir)
		}
		got = append(got, line)
	}
	if d := cmp.Diff([]string{`\\u\s\: Img true img true`, `C:\w: A.htm false a.HTM false a.htm false`}, got); d != "" {
		t.Error(d)
	}
	after, err := s.WithContent(fstest.MapFS{"content/C/new.htm": {}})
	must(t, err)
	if d := cmp.Diff(c.Clashes(), after.Content.Clashes()); d != "" {
		t.Error("another layer changes no clash:", d)
	}
	if c, _ := openContent(t, fstest.MapFS{"content/C/a.htm": {}}); c.Clashes() != nil {
		t.Error("clashes without any")
	}
}

func TestGeneratedSeeks(t *testing.T) {
	f := newGenerated("big.htm", 130)
	end, err := f.Seek(-6, io.SeekEnd)
	must(t, err)
	b, err := io.ReadAll(f)
	if end != 124 || string(b) != "iisdoc" || err != nil {
		t.Errorf("%d %q %v", end, b, err)
	}
	if _, err := f.Seek(-1, io.SeekStart); err == nil {
		t.Error("a seek before the beginning")
	}
	info, err := f.Stat()
	if err != nil || info.Size() != 130 || info.Name() != "big.htm" || !info.Mode().IsRegular() || info.IsDir() {
		t.Error(info, err)
	}
}

func TestText(t *testing.T) {
	c, _ := openContent(t, fstest.MapFS{
		"content/C/utf8.asp":    {Data: []byte("\xef\xbb\xbfgr\u00fcn")},
		"content/C/ansi.asp":    {Data: []byte("gr\xfcn \x80")},
		"content/C/wide.asp":    {Data: []byte("\xff\xfe" + wide("green"))},
		"content/C/long.asp":    {Data: []byte("x" + strings.Repeat("\u00fc", 3<<20))},
		"content/C/russian.asp": {Data: []byte("<%@ Language=VBScript CODEPAGE=1251 %>\xcf\xf0\xe8")},
		"content/C/meta.htm":    {Data: []byte("<meta charset=\"koi8-r\">\xf0\xd2\xc9")},
		"content/C/both.asp":    {Data: []byte("<%@ CODEPAGE=1251 %>\u041f")},
		"content/C/binary.gif":  {Data: []byte("GIF\x00\x00\x01\x00\x00")},
	})
	for path, want := range map[source.WinPath]string{`C:\utf8.asp`: "grün", `C:\ANSI.asp`: "grün €", `C:\wide.asp`: "green",
		`C:\russian.asp`: "<%@ Language=VBScript CODEPAGE=1251 %>При", `C:\meta.htm`: `<meta charset="koi8-r">При`, `C:\both.asp`: "<%@ CODEPAGE=1251 %>П"} {
		text, err := c.Text(path)
		must(t, err)
		if string(text.Bytes()) != want {
			t.Errorf("%s: %q, want %q", path, text.Bytes(), want)
		}
	}
	long, err := c.Text(`C:\long.asp`)
	must(t, err)
	if n := len(long.Bytes()); n != 4<<20-1 || long.Name() != "content/C/long.asp" {
		t.Errorf("%s has %d bytes", long.Name(), n)
	}
	if _, err := c.Text(`C:\binary.gif`); err == nil {
		t.Error("a picture is no text")
	}
	if _, err := c.Text(`C:\`); !errors.Is(err, fs.ErrInvalid) {
		t.Error("a folder is no text:", err)
	}
	var wait sync.WaitGroup
	var texts [8]*source.Text
	for i := range texts {
		wait.Go(func() { texts[i], _ = c.Text(`c:\Long.asp`) })
	}
	wait.Wait()
	for _, text := range texts {
		if text != long {
			t.Error("one file must have one text")
		}
	}
}

// 50,000 files are indexed once; look-ups do not go through them.
func TestManyFiles(t *testing.T) {
	files := fstest.MapFS{}
	for i := range 50000 {
		files[fmt.Sprintf("content/C/w/%03d/%03d.htm", i/250, i%250)] = &fstest.MapFile{Data: []byte("x")}
	}
	c, _ := openContent(t, files)
	n := 0
	c.Walk("", func(Entry) bool { n++; return true })
	if n != 50000 || len(c.List(`C:\w`)) != 200 || len(c.List(`C:\w\007`)) != 250 {
		t.Error(n, len(c.List(`C:\w`)))
	}
	if allocs := testing.AllocsPerRun(100, func() { c.Stat(`C:\w\199\249.htm`, `C:\w`) }); allocs > 40 {
		t.Errorf("%v allocations a look-up", allocs)
	}
}
