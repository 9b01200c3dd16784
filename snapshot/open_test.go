package snapshot

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

const (
	tinyMetabase = "<?xml version =\"1.0\"?>\n<configuration xmlns=\"urn:microsoft-catalog:XML_Metabase_V64_0\">\n<MBProperty>\n" +
		"<IIsWebService\tLocation =\"/LM/W3SVC\"\n\tAspEnableParentPaths=\"FALSE\"\n>\n</IIsWebService>\n</MBProperty>\n</configuration>\n"
	tinySchema = "<?xml version =\"1.0\"?>\n<MetaData xmlns=\"x-urn:microsoft-catalog:MetaData_V7\">\n" +
		"<DatabaseMeta InternalName =\"METABASE\">\n</DatabaseMeta>\n</MetaData>\n"
)

// folder writes files below a new folder; a name that ends with / is a folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			must(t, os.MkdirAll(at, 0o755))
			continue
		}
		must(t, os.MkdirAll(filepath.Dir(at), 0o755))
		must(t, os.WriteFile(at, []byte(body), 0o644))
	}
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func listed(s *Snapshot) []string {
	var out []string
	for _, f := range s.Files {
		out = append(out, f.Path+" "+string(f.Kind))
	}
	return out
}

func problems(s *Snapshot) []string {
	var out []string
	for _, p := range s.Problems {
		out = append(out, p.Pos.String()+" "+p.Found)
	}
	return out
}

func TestOpenFolder(t *testing.T) {
	for _, tc := range []struct {
		name     string
		files    map[string]string
		listed   []string
		problems []string
		metabase bool
	}{
		{"metabase alone", map[string]string{"MetaBase.xml": tinyMetabase}, []string{"MetaBase.xml metabase"}, nil, true},
		{"deep, with another name", map[string]string{"WINDOWS/system32/inetsrv/mb old.XML": tinyMetabase}, []string{"WINDOWS/system32/inetsrv/mb old.XML metabase"}, nil, true},
		{"UTF-16", map[string]string{"m.xml": "\xff\xfe" + wide(tinyMetabase)}, []string{"m.xml metabase"}, nil, true},
		{"copies", map[string]string{
			"MetaBase.xml": tinyMetabase, "MBSchema.xml": tinySchema,
			"history/MetaBase_0000000001_0000000000.xml": tinyMetabase, "MetaBack/before.MD0": tinyMetabase,
		}, []string{"MBSchema.xml metabase-schema", "MetaBack/before.MD0 metabase-history", "MetaBase.xml metabase", "history/MetaBase_0000000001_0000000000.xml metabase-history"}, nil, true},
		{"content", map[string]string{
			"MetaBase.xml": tinyMetabase, "content/C/inetpub/wwwroot/a.htm": "a", "content/C/b.xml": tinyMetabase, "content/UNC/files/web/c.htm": "c",
		}, []string{"MetaBase.xml metabase", "content/C content", "content/UNC/files/web content"}, nil, true},
		{"content one folder deeper", map[string]string{"web01/MetaBase.xml": tinyMetabase, "web01/Content/d/a.htm": "a"},
			[]string{"web01/MetaBase.xml metabase", "web01/Content/d content"}, nil, true},
		{"a folder that is only called content", map[string]string{"MetaBase.xml": tinyMetabase, "docs/content/a.htm": "a"},
			[]string{"MetaBase.xml metabase", "docs/content/a.htm unknown"}, nil, true},
		{"other files", map[string]string{"MetaBase.xml": tinyMetabase, "notes.txt": "x", "web.xml": "<web/>"},
			[]string{"MetaBase.xml metabase", "notes.txt unknown", "web.xml unknown"}, nil, true},
		{"content of no drive", map[string]string{"MetaBase.xml": tinyMetabase, "content/a.htm": "", "content/b.htm": "", "content/inetpub/c.htm": ""},
			[]string{"MetaBase.xml metabase"}, []string{"content/a.htm content of no drive and no share, and 2 more beside it"}, true},
		{"content of no share", map[string]string{"MetaBase.xml": tinyMetabase, "content/UNC/files/a.htm": ""},
			[]string{"MetaBase.xml metabase"}, []string{"content/UNC/files/a.htm a file above the shares"}, true},
		{"accounts.txt and files.txt of a user", map[string]string{"MetaBase.xml": tinyMetabase, "accounts.txt": "[logon]\na = b\n", "files.txt": `C:\a.htm = (3 bytes)`},
			[]string{"MetaBase.xml metabase", "accounts.txt unknown", "files.txt unknown"}, nil, true},

		{"empty folder", map[string]string{"sub/": ""}, nil, []string{"DIR no metabase in this folder"}, false},
		{"only a schema", map[string]string{"MBSchema.xml": tinySchema}, []string{"MBSchema.xml metabase-schema"}, []string{"DIR no metabase in this folder"}, false},
		{"only copies", map[string]string{"History/MetaBase_1.xml": tinyMetabase}, []string{"History/MetaBase_1.xml metabase-history"}, []string{"DIR no metabase in this folder"}, false},
		{"a MetaBase.xml that is none", map[string]string{"MetaBase.xml": "\n <configuration>\n<appSettings/></configuration>"}, []string{"MetaBase.xml web-config"},
			[]string{"MetaBase.xml:2:3 not a metabase: this is a web.config or another .NET configuration file", "DIR no metabase in this folder"}, false},
		{"an empty MetaBase.xml", map[string]string{"MetaBase.xml": ""}, []string{"MetaBase.xml unknown"},
			[]string{"MetaBase.xml:1:1 not a metabase: this is an empty file", "DIR no metabase in this folder"}, false},
		{"two schemas", map[string]string{"MetaBase.xml": tinyMetabase, "MBSchema.xml": tinySchema, "other.xml": tinySchema},
			[]string{"MBSchema.xml metabase-schema", "MetaBase.xml metabase", "other.xml metabase-schema"}, []string{"other.xml a second MBSchema.xml"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := folder(t, tc.files)
			s, err := Open(dir)
			must(t, err)
			if d := cmp.Diff(tc.listed, listed(s)); d != "" {
				t.Error(d)
			}
			got := problems(s)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], dir, "DIR")
			}
			if d := cmp.Diff(tc.problems, got); d != "" {
				t.Error(d)
			}
			if (s.Metabase != nil) != tc.metabase {
				t.Error("metabase:", s.Metabase != nil)
			}
			if s.Accounts != nil {
				t.Error("a user's folder must have no accounts")
			}
		})
	}
}

// wide is ASCII text as UTF-16 LE.
func wide(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		b.WriteByte(0)
	}
	return b.String()
}

func TestOpenFiles(t *testing.T) {
	dir := folder(t, map[string]string{"a/mb.xml": tinyMetabase, "b/MetaBase.xml": tinyMetabase, "s.xml": tinySchema, "log.txt": "#Software: Microsoft Internet Information Services 6.0\n", "c/content/C/x.htm": "x"})
	at := func(name string) string { return filepath.Join(dir, name) }

	s, err := Open(at("a/mb.xml"))
	must(t, err)
	if d := cmp.Diff([]File{{Path: at("a/mb.xml"), Kind: KindMetabase}}, s.Files); d != "" || len(s.Problems) > 0 || !s.Content.Empty() {
		t.Error(d, s.Problems)
	}

	s, err = Open(at("a/mb.xml"), at("s.xml"), at("c"))
	must(t, err)
	if d := cmp.Diff([]string{at("a/mb.xml") + " metabase", at("s.xml") + " metabase-schema", "content/C content"}, listed(s)); d != "" {
		t.Error(d)
	}
	if _, known := s.Content.Stat(`c:\X.HTM`, `C:\`); known != Yes || len(s.Problems) > 0 {
		t.Error(known, s.Problems)
	}

	s, err = Open(at("s.xml"))
	must(t, err)
	if d := cmp.Diff([]string{at("s.xml") + " an MBSchema.xml alone"}, problems(s)); d != "" {
		t.Error(d)
	}

	s, err = Open(at("log.txt"))
	must(t, err)
	if d := cmp.Diff([]string{at("log.txt") + " w3c-log"}, listed(s)); d != "" || len(s.Problems) > 0 {
		t.Error(d, s.Problems)
	}

	_, err = Open(at("a"), at("b/MetaBase.xml"))
	if !errors.Is(err, ErrTwoMetabases) || !strings.Contains(err.Error(), "a/mb.xml") || !strings.Contains(err.Error(), filepath.Join("b", "MetaBase.xml")) {
		t.Error(err)
	}
	if _, err = Open(dir); !errors.Is(err, ErrTwoMetabases) {
		t.Error(err)
	}
	if _, err = Open(at("missing.xml")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err = Open(); !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
}

// A metabase that is cut off anywhere never passes silently, and none is so
// damaged that it stops the program.
func TestDamagedMetabase(t *testing.T) {
	dir := t.TempDir()
	at := filepath.Join(dir, "MetaBase.xml")
	for n := range len(tinyMetabase) - len("\n") {
		must(t, os.WriteFile(at, []byte(tinyMetabase[:n]), 0o644))
		for _, path := range []string{at, dir} {
			s, err := Open(path)
			must(t, err)
			if len(s.Problems) == 0 || s.Problems[0].Found == "" {
				t.Errorf("%s cut after %d bytes: no problem", path, n)
			}
		}
	}
}

// failing is a file system in which one folder and one file cannot be read.
type failing struct{ fs.FS }

func (f failing) Open(name string) (fs.File, error) {
	if strings.Contains(name, "secret") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.FS.Open(name)
}

func TestUnreadable(t *testing.T) {
	s, err := OpenFS(failing{fstest.MapFS{
		"MetaBase.xml":   {Data: []byte(tinyMetabase)},
		"secret.xml":     {Data: []byte(tinyMetabase)},
		"secret/a.txt":   {Data: []byte("a")},
		"content/C/a.py": {Data: []byte("a")},
	}})
	must(t, err)
	want := []string{"secret a folder that cannot be read: permission denied", "secret.xml a file that cannot be read: permission denied"}
	if d := cmp.Diff(want, problems(s)); d != "" {
		t.Error(d)
	}
	_, err = OpenFS(failing{fstest.MapFS{"MetaBase.xml": {Data: []byte(tinyMetabase)}, "accounts.txt": {Data: make([]byte, 70<<10)}}})
	if err == nil {
		t.Error("an accounts.txt of 70 KB must be refused")
	}
}

func TestLayers(t *testing.T) {
	healthy := fstest.MapFS{
		"MetaBase.xml":                        {Data: []byte(tinyMetabase)},
		"content/C/inetpub/wwwroot/a.htm":     {Data: []byte("healthy a")},
		"content/C/inetpub/wwwroot/b.htm":     {Data: []byte("healthy b")},
		"content/C/inetpub/wwwroot/sub/c.htm": {Data: []byte("healthy c")},
	}
	broken := fstest.MapFS{
		"metabase.xml":                    {Data: []byte(strings.Replace(tinyMetabase, "FALSE", "TRUE", 1))},
		"content/C/Inetpub/wwwroot/A.htm": {Data: []byte("broken a")},
		"content/D/d.htm":                 {Data: []byte("broken d")},
	}
	s, err := OpenFS(healthy, broken)
	must(t, err)
	if d := cmp.Diff([]string{"metabase.xml metabase", "content/C content", "content/D content"}, listed(s)); d != "" {
		t.Error(d)
	}
	key, _ := s.Metabase.Key("/LM/W3SVC")
	if v := key.Effective("AspEnableParentPaths").Text(); v != "TRUE" {
		t.Errorf("AspEnableParentPaths %q: not the later layer's metabase", v)
	}
	want := []string{`C:\Inetpub\wwwroot\A.htm broken a`, `C:\inetpub\wwwroot\b.htm healthy b`, `C:\inetpub\wwwroot\sub\c.htm healthy c`, `D:\d.htm broken d`}
	if d := cmp.Diff(want, walk(t, s.Content, "")); d != "" {
		t.Error(d)
	}

	missing, err := fs.Sub(broken, "nowhere")
	must(t, err)
	s, err = OpenFS(healthy, missing)
	must(t, err)
	if len(walk(t, s.Content, "")) != 3 || len(s.Problems) > 0 {
		t.Error("a missing layer must be an empty one:", s.Problems)
	}
	s, err = OpenFS(fstest.MapFS{"content/C/a.htm": {}})
	must(t, err)
	if d := cmp.Diff([]string{"MetaBase.xml no metabase in any layer"}, problems(s)); d != "" {
		t.Error(d)
	}
}

// walk gives path and text of each file.
func walk(t *testing.T, c *Content, dir source.WinPath) []string {
	t.Helper()
	var out []string
	c.Walk(dir, func(e Entry) bool {
		text, err := c.Text(e.Path)
		must(t, err)
		out = append(out, string(e.Path)+" "+string(text.Bytes()))
		return true
	})
	return out
}

func TestOpenFault(t *testing.T) {
	healthy := fstest.MapFS{"MetaBase.xml": {Data: []byte(tinyMetabase)}, "content/C/a.htm": {Data: []byte("a")}}
	fault := fstest.MapFS{
		"README.md":              {Data: []byte("# words")},
		"accounts.txt":           {Data: []byte("[logon]\nIUSR_SHOP = one\n")},
		"files.txt":              {Data: []byte("C:\\aux.asp = odd.txt\n")},
		"odd.txt":                {Data: []byte("odd")},
		"broken/content/C/a.htm": {Data: []byte("broken a")},
		"fixed/content/C/a.htm":  {Data: []byte("fixed a")},
		"fixed/content/C/n.htm":  {Data: []byte("new")},
	}
	s, err := OpenFault(healthy, fault)
	must(t, err)
	if d := cmp.Diff([]string{"accounts.txt accounts", "MetaBase.xml metabase", "content/C content"}, listed(s)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{`C:\a.htm broken a`, `C:\aux.asp odd`}, walk(t, s.Content, "")); d != "" {
		t.Error(d)
	}
	if !s.Accounts.CanLogOn("iusr_shop", "one") {
		t.Error("accounts.txt beside broken/ was not read")
	}

	layer, err := fs.Sub(fault, "fixed")
	must(t, err)
	fixed, err := s.WithContent(layer)
	must(t, err)
	if d := cmp.Diff([]string{`C:\a.htm fixed a`, `C:\aux.asp odd`, `C:\n.htm new`}, walk(t, fixed.Content, `c:\`)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{`C:\a.htm broken a`, `C:\aux.asp odd`}, walk(t, s.Content, "")); d != "" {
		t.Error("the snapshot itself changed:", d)
	}
	if fixed.Metabase != s.Metabase || fixed.Accounts != s.Accounts {
		t.Error("what did not change must be shared")
	}
}

func TestApply(t *testing.T) {
	s, err := OpenFS(fstest.MapFS{"MetaBase.xml": {Data: []byte(tinyMetabase)}, "content/C/a.htm": {Data: []byte("a")}})
	must(t, err)
	after := s.Apply([]Edit{
		{Kind: EditMetabase, Target: "/LM/W3SVC", Property: "AspEnableParentPaths", Op: "set", Value: "TRUE"},
		{Kind: "weather", Target: "sun"},
	})
	if v := after.Metabase.Effective("/lm/w3svc", "AspEnableParentPaths").Text(); v != "TRUE" {
		t.Errorf("after the edit %q", v)
	}
	if v := s.Metabase.Effective("/LM/W3SVC", "AspEnableParentPaths").Text(); v != "FALSE" {
		t.Errorf("the snapshot itself changed: %q", v)
	}
	if after.Content != s.Content {
		t.Error("what did not change must be shared")
	}
	if none := s.Apply(nil); none.Metabase != s.Metabase {
		t.Error("no edit, no new tree")
	}
	if out := (&Snapshot{}).Apply([]Edit{{Kind: EditMetabase}}); out == nil || out.Metabase != nil {
		t.Error("a snapshot without a metabase stays without")
	}
}
