package snapshot

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/source"
)

// fixture reads a fixture below testdata/readers as Open does.
func fixture(t testing.TB, name string) *source.Text {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "readers", name))
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, name, raw)
}

func decoded(t testing.TB, name string, raw []byte) *source.Text {
	t.Helper()
	text, p := source.DecodeANSI(name, raw)
	if text == nil {
		t.Fatal(p)
	}
	return text
}

// place gives line:column and the marked text.
func place(s source.Span) string {
	if s.IsZero() {
		return "none"
	}
	p := s.Pos()
	return fmt.Sprintf("%d:%d %s", p.Line, p.Column, s.Bytes())
}

func said(list []source.Problem) []string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%d:%d %s", p.Pos.Line, p.Pos.Column, p.Found))
	}
	return out
}

// readers are all readers of single files, as the fuzz test and the hostile inputs take them.
var readers = []struct {
	name  string
	looks func([]byte) bool
	read  func(*source.Text) []source.Problem
	files []string
}{
	{"registry", looksLikeRegistry, func(t *source.Text) []source.Problem { _, p := ReadRegistry(t); return p }, []string{"http.reg", "classes.reg"}},
	{"rights", looksLikeRights, func(t *source.Text) []source.Problem { _, p := ReadRights(t); return p }, []string{"rights.inf", "GptTmpl.inf"}},
	{"urlscan", looksLikeUrlScan, func(t *source.Text) []source.Problem { _, p := ReadUrlScan(t); return p }, []string{"UrlScan.ini"}},
	{"urlscan log", looksLikeUrlScanLog, readLog, []string{"UrlScan.log", "UrlScan3.log"}},
	{"acl", looksLikeACLs, func(t *source.Text) []source.Problem { _, p := ReadACLs(t); return p }, []string{"cacls.txt", "icacls.txt"}},
	{"firewall", looksLikeFirewall, func(t *source.Text) []source.Problem { _, p := ReadFirewall(t); return p }, []string{"firewall2003.txt", "firewallstate.txt", "advfirewall.txt"}},
	{"worker group", looksLikeWorkerGroup, func(t *source.Text) []source.Problem { _, p := ReadWorkerGroup(t); return p }, []string{"localgroup.txt", "localgroupde.txt"}},
}

func readLog(t *source.Text) []source.Problem {
	l, p := ReadUrlScanLog(t)
	n := 0
	for range l.Rows() {
		n++
	}
	if n != l.Len() {
		panic("Len and Rows disagree")
	}
	return p
}

func TestLooksLike(t *testing.T) {
	for _, owner := range readers {
		for _, file := range owner.files {
			head := fixture(t, file).Bytes()
			head = head[:min(len(head), 4096)]
			for _, r := range readers {
				if got := r.looks(head); got != (r.name == owner.name) {
					t.Errorf("%s looks like %s: %v", file, r.name, got)
				}
			}
		}
	}
	for _, text := range []string{
		"", "\n", "[", "]", "[]", "hello world", "#Software: Microsoft Internet Information Services 6.0\n#Fields: date time\n",
		"<configuration>", "C:\\inetpub", "C:\\>dir\n", "[boot loader]\ntimeout=30\n", "[Version]\nsignature=\"$CHICAGO$\"\nClass=Printer\n",
		"Windows Registry is a thing", "Rules: none\n", "C:\\>net localgroup IIS_WPG\nSystem error 1376 has occurred.\n", "http://localhost:(80)\n",
	} {
		for _, r := range readers {
			if r.looks([]byte(text)) {
				t.Errorf("%q looks like %s", text, r.name)
			}
		}
	}
}

// TestHostile reads what no tool wrote: it must end soon, without a panic, and
// with a bounded list of problems.
func TestHostile(t *testing.T) {
	const size = 8 << 10
	units := []string{
		"a", "\x01", " ", "\\", "\"", "[", "]", "[x]\n", "[HKLM\\a]\n", "[-HKLM\\a]\n", "[HKLM\\a]\n\"a\"=\"b\n", "[HKLM" + strings.Repeat(`\a`, 100) + "]\n[-HKLM\\b]\n",
		"\"a\"=hex:00,\\\n", "\"a\"=dword:1\n", "@=\"", "[Privilege Rights]\n", "a=b\n", "a=`b\n", "a=\"\"\"\n", ";\n",
		"[01-02-2003 - 04:05:06] Client at 1.2.3.4: '", "C:\\ A:F\n", "C:\\x a:(", "C:\\x y:(OI)(CI)F\n        z:F\n", " :F", "Rule Name: x\n", "Rule Name: x\nLocalPort: 1,1,1,1,1,1,1,1,1\n",
		"Port configuration for x:\n80 TCP Enable x\n", "80 TCP Enable\n", "#Fields: a b c\n", "1 2 3\n", "(special access:)\n", "1,", "*S-1-5-19,",
		"Alias name     IIS_WPG\n", "Alias name     IIS_WPG\n" + strings.Repeat("-", 79) + "\n", "CONTOSO\\web\n", "done.\n\n",
	}
	heads := []string{"", "REGEDIT4\n[HKLM\\x]\n", "[Privilege Rights]\nSeX=", "[options]\n", "#Fields: date time\n", "Domain profile configuration:\n", "C:\\x",
		"Alias name     IIS_WPG\n" + strings.Repeat("-", 79) + "\n"}
	for _, unit := range units {
		for _, head := range heads {
			text := head + strings.Repeat(unit, size/len(unit))
			for _, r := range readers {
				problems := r.read(source.NewText("f", []byte(text)))
				if len(problems) > 2*maxProblems {
					t.Errorf("%s of %q and %q: %d problems", r.name, head, unit, len(problems))
				}
			}
		}
	}
}

func FuzzReaders(f *testing.F) {
	for _, r := range readers {
		for _, file := range r.files {
			f.Add(fixture(f, file).Bytes())
		}
	}
	f.Add([]byte("REGEDIT4\n[HKLM\\A]\n\"a\"=hex(7):41,\\\n00\n[-HKLM\\A]\n\"b\"=-\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, r := range readers {
			before := bytes.Clone(raw)
			text, _ := source.DecodeANSI("f", before)
			if text == nil {
				return
			}
			r.looks(text.Bytes())
			for _, p := range r.read(text) {
				if p.Pos.Line < 1 || p.Pos.Column < 1 || p.Found == "" {
					t.Fatalf("%s: a problem without a place: %+v", r.name, p)
				}
			}
		}
	})
}

// TestReadersCorpus reads real files of real servers. The numbers are counted in
// them with other tools.
func TestReadersCorpus(t *testing.T) {
	root := filepath.Join("..", "..", "shared", "corpus")
	if _, err := os.Stat(root); err != nil {
		t.Skip("NO CORPUS: the readers of registry, rights and UrlScan are not tried on real files: ", err)
	}
	for _, folder := range []struct {
		name   string
		reader int
	}{{"reg", 0}, {"secedit", 1}, {"urlscan", 2}} {
		files, _ := filepath.Glob(filepath.Join(root, folder.name, "*"))
		if len(files) == 0 {
			t.Errorf("no file in %s", folder.name)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := decoded(t, filepath.Base(file), raw)
			for i, r := range readers {
				if got := r.looks(text.Bytes()); got != (i == folder.reader) {
					t.Errorf("%s looks like %s: %v", file, r.name, got)
				}
			}
			if p := readers[folder.reader].read(text); len(p) > 0 {
				t.Errorf("%s: %v", file, p)
			}
		}
	}
}

func TestReadersCorpusCounts(t *testing.T) {
	corpus := func(name string) *source.Text {
		raw, err := os.ReadFile(filepath.Join("..", "..", "shared", "corpus", filepath.FromSlash(name)))
		if err != nil {
			t.Skip("NO CORPUS: ", err)
		}
		return decoded(t, name, raw)
	}
	r, _ := ReadRegistry(corpus("reg/endoleg__endoleg-scripts__IIS.reg"))
	if len(r.keys) != 36 || r.size-len(r.keys) != 51 {
		t.Errorf("%d keys, %d values", len(r.keys), r.size-len(r.keys))
	}
	for _, c := range []struct {
		name       string
		template   bool
		privileges int
		quota      Known // of NETWORK SERVICE
	}{
		{"secedit/jebr__system-setup-program__secpol.inf", false, 32, Yes},
		{"secedit/Trolip__CP-17-Bubble-Guppies-Windows-Script.ps1__Secpol.inf", false, 34, Yes},
		{"secedit/CCDC-RIT__Windows-Scripts__secpol.inf", true, 27, Unknown},
		{"secedit/nsacyber__Windows-Secure-Host-Baseline__3__GptTmpl.inf", true, 27, Unknown},
		{"secedit/kinomakino__REG_KEYS_MONITOR__GptTmpl.inf", true, 0, Unknown},
		{"secedit/utahorange__delphinium__secpol.inf", false, 0, Unknown},
	} {
		rights, _ := ReadRights(corpus(c.name))
		quota := rights.Holds("SeIncreaseQuotaPrivilege", "S-1-5-20")
		if rights.Template() != c.template || len(rights.places) != c.privileges || quota != c.quota {
			t.Errorf("%s: template %v, %d privileges, %v", c.name, rights.Template(), len(rights.places), quota)
		}
	}
	u, _ := ReadUrlScan(corpus("urlscan/jeffpar__kbarchive__Q313131_owa_urlscan.ini"))
	for section, want := range map[string]int{"AllowVerbs": 14, "DenyVerbs": 0, "DenyHeaders": 2, "DenyExtensions": 21, "DenyUrlSequences": 5} {
		if list, ok := u.List(section); !ok || len(list) != want {
			t.Errorf("%s: %d entries, %v", section, len(list), ok)
		}
	}
}
