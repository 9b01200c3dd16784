package proof

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/iisdoctor/iisdoctor/checks"
)

// folder is a fault folder in memory: broken/, fixed/, proof.txt and the rest.
type folder map[string][]byte

// variant tells the same fault under other names. moves says that lines of the
// metabase move, so that places cannot be compared by line.
type variant struct {
	name   string
	change func(t *testing.T, f folder, spec *Spec)
	moves  bool
}

var variants = []variant{
	{name: "site", change: otherSite},
	{name: "host", change: replacing(`www.contoso.com`, `tea.example.org`)},
	{name: "pool", change: replacing(`DefaultAppPool`, `Second Pool`)},
	{name: "drive", change: otherDrive},
	{name: "case", change: lowerLocations},
	{name: "flags", change: flagsAsNumbers},
	{name: "UTF-16", change: utf16Metabase},
	{name: "extension", change: otherExtension},
	{name: "inherit", change: moveToParent, moves: true},
}

// TestVariants: a fault told under other names gives the same findings at the
// corresponding places and the same answers, so that nothing is fitted to a fixture.
func TestVariants(t *testing.T) {
	each(t, func(t *testing.T, original *Fault) {
		for _, v := range variants {
			t.Run(v.name, func(t *testing.T) {
				f := readFolder(t, original)
				v.change(t, f, original.Spec)
				changed, err := load(original.Check, fstest.MapFS{}, f.fs())
				if err != nil {
					t.Fatal(err)
				}
				result, err := changed.Run()
				if err != nil {
					t.Fatal(err)
				}
				for _, why := range result.Faults {
					t.Error(why)
				}
				want, got := places(original.findings(original.Broken), v.moves), places(result.Findings, v.moves)
				if !slices.Equal(want, got) {
					t.Errorf("findings %v, want %v", got, want)
				}
			})
		}
	})
}

// places are what must stay the same: ID, certainty, severity and line.
func places(findings []checks.Finding, moved bool) []string {
	var all []string
	for _, f := range findings {
		line := f.Pos().Line
		if moved {
			line = 0
		}
		all = append(all, fmt.Sprintf("%s %s %s line %d", f.ID, f.Certainty, f.Severity, line))
	}
	slices.Sort(all)
	return all
}

// readFolder lays the fault folder's broken/ over the healthy server.
func readFolder(t *testing.T, fault *Fault) folder {
	t.Helper()
	healthy, err := checks.Healthy()
	if err != nil {
		t.Fatal(err)
	}
	f := folder{}
	f.read(t, healthy, "broken/")
	f.read(t, fault.folder, "")
	return f
}

func (f folder) read(t *testing.T, fsys fs.FS, under string) {
	t.Helper()
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f[under+name], err = fs.ReadFile(fsys, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (f folder) fs() fs.FS {
	m := fstest.MapFS{}
	for name, data := range f {
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
}

const metabaseFile = "broken/MetaBase.xml"

// replacing puts one name for another in metabase, pages and proof.
func replacing(old, new string) func(*testing.T, folder, *Spec) {
	return func(t *testing.T, f folder, _ *Spec) {
		if !bytes.Contains(f[metabaseFile], []byte(old)) {
			t.Fatalf("the metabase does not hold %q", old)
		}
		for name, data := range f {
			f[name] = bytes.ReplaceAll(data, []byte(old), []byte(new))
		}
	}
}

// otherSite gives the site another number, in the metabase and in the names of logs.
func otherSite(t *testing.T, f folder, _ *Spec) {
	replacing(`/LM/W3SVC/1`, `/LM/W3SVC/4711`)(t, f, nil)
	for name, data := range f {
		if strings.HasPrefix(name, "broken/logs/") {
			delete(f, name)
			f[strings.ReplaceAll(name, "/W3SVC1/", "/W3SVC4711/")] = bytes.ReplaceAll(data, []byte(" W3SVC1 "), []byte(" W3SVC4711 "))
		}
	}
}

func otherDrive(t *testing.T, f folder, _ *Spec) {
	replacing(`C:\inetpub`, `E:\sites`)(t, f, nil)
	for name, data := range f {
		if rest, ok := strings.CutPrefix(name, "broken/content/C/inetpub/"); ok {
			delete(f, name)
			f["broken/content/E/sites/"+rest] = data
		}
		if rest, ok := strings.CutPrefix(name, "fixed/content/C/inetpub/"); ok {
			delete(f, name)
			f["fixed/content/E/sites/"+rest] = data
		}
	}
}

var location = regexp.MustCompile(`Location ="[^"]*"`)

func lowerLocations(t *testing.T, f folder, _ *Spec) {
	before := f[metabaseFile]
	f[metabaseFile] = location.ReplaceAllFunc(before, func(b []byte) []byte {
		return append([]byte("Location ="), bytes.ToLower(b[len("Location ="):])...)
	})
	if bytes.Equal(before, f[metabaseFile]) {
		t.Fatal("no Location changed")
	}
}

// flagNumbers are typed from the public SDK header IIScnfg.h.
var flagNumbers = map[string]uint32{
	"AccessRead": 0x1, "AccessWrite": 0x2, "AccessExecute": 0x4, "AccessSource": 0x10, "AccessScript": 0x200,
	"AccessNoRemoteRead": 0x1000, "AccessNoRemoteExecute": 0x2000, "AccessNoRemoteScript": 0x4000,
	"AccessSSL": 0x8, "AccessSSLNegotiateCert": 0x20, "AccessSSLRequireCert": 0x40, "AccessSSLMapCert": 0x80, "AccessSSL128": 0x100,
	"AuthAnonymous": 0x1, "AuthBasic": 0x2, "AuthNTLM": 0x4, "AuthMD5": 0x10,
	"DirBrowseShowDate": 0x2, "DirBrowseShowTime": 0x4, "DirBrowseShowSize": 0x8, "DirBrowseShowExtension": 0x10,
	"DirBrowseShowLongDate": 0x20, "EnableDefaultDoc": 0x40000000, "EnableDirBrowsing": 0x80000000,
	"LogExtFileDate": 0x1, "LogExtFileTime": 0x2, "LogExtFileClientIp": 0x4, "LogExtFileUserName": 0x8, "LogExtFileSiteName": 0x10,
	"LogExtFileServerIp": 0x40, "LogExtFileMethod": 0x80, "LogExtFileUriStem": 0x100, "LogExtFileUriQuery": 0x200,
	"LogExtFileHttpStatus": 0x400, "LogExtFileWin32Status": 0x800, "LogExtFileServerPort": 0x8000, "LogExtFileUserAgent": 0x10000,
	"LogExtFileHttpSubStatus": 0x200000,
}

var flagAttribute = regexp.MustCompile(`(AccessFlags|AccessSSLFlags|AuthFlags|DirBrowseFlags|LogExtFileFlags)="([^"]*)"`)

func flagsAsNumbers(t *testing.T, f folder, _ *Spec) {
	changed := 0
	f[metabaseFile] = flagAttribute.ReplaceAllFunc(f[metabaseFile], func(b []byte) []byte {
		m := flagAttribute.FindSubmatch(b)
		var n uint32
		for name := range strings.SplitSeq(string(m[2]), "|") {
			bit, ok := flagNumbers[strings.TrimSpace(name)]
			if !ok {
				return b // a misspelt name is the fault itself
			}
			n |= bit
		}
		changed++
		return fmt.Appendf(nil, "%s=%q", m[1], strconv.FormatUint(uint64(n), 10))
	})
	if changed < 4 {
		t.Fatalf("only %d flag lists changed", changed)
	}
}

func utf16Metabase(_ *testing.T, f folder, _ *Spec) {
	text := bytes.TrimPrefix(f[metabaseFile], []byte("\xef\xbb\xbf"))
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(text))) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	f[metabaseFile] = out
}

// otherExtension renames the extension of proof.txt in metabase, file names and
// proof; the type that belongs to it changes, so it is not compared.
func otherExtension(t *testing.T, f folder, spec *Spec) {
	if spec.Extension == "" {
		return
	}
	const other = ".svgz" // a type that sites need: of one that nobody knows the finding is a warning
	for name, data := range f {
		delete(f, name)
		f[strings.ReplaceAll(name, spec.Extension, other)] = bytes.ReplaceAll(data, []byte(spec.Extension), []byte(other))
	}
	f["proof.txt"] = regexp.MustCompile(`(?m)^\s*header Content-Type:.*$`).ReplaceAll(f["proof.txt"], nil)
}

// moveToParent takes the value from the site's ROOT to the site.
func moveToParent(t *testing.T, f folder, spec *Spec) {
	if spec.Inherit == "" {
		return
	}
	text := f[metabaseFile]
	root := bytes.Index(text, []byte(`Location ="/LM/W3SVC/1/ROOT"`))
	site := bytes.Index(text, []byte(`Location ="/LM/W3SVC/1"`))
	line := regexp.MustCompile(`[ \t]*` + spec.Inherit + `="[^"]*"\r?\n`).Find(text[max(root, 0):])
	if root < 0 || site < 0 || line == nil {
		t.Fatalf("the metabase has no %s at /LM/W3SVC/1/ROOT", spec.Inherit)
	}
	line = bytes.Clone(line)
	at := root + bytes.Index(text[root:], line)
	text = slices.Delete(text, at, at+len(line))
	next := site + bytes.IndexByte(text[site:], '\n') + 1
	f[metabaseFile] = slices.Insert(text, next, line...)
}
