package snapshot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/source"
)

func TestRecognise(t *testing.T) {
	const declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
	for _, tc := range []struct{ head, want string }{
		{tinyMetabase, "metabase"},
		{"\xef\xbb\xbf" + tinyMetabase, "metabase"},
		{"\xff\xfe" + wide(tinyMetabase), "metabase"},
		{wide(tinyMetabase), "metabase"},
		{"\xfe\xff\x00" + strings.TrimSuffix(wide(tinyMetabase), "\x00"), "metabase"},
		{"<!-- <configSchema> -->\n<!DOCTYPE x>\n<configuration><MBProperty/></configuration>", "metabase"},
		{";?xml version=\"1.0\"?><configuration><MBProperty>", "metabase"}, // damaged: its reader says where
		{"<configuratioN>\n<MBPropertY>\n<IIS_Global Location=\".\"/>", "metabase"},
		{tinySchema, "metabase-schema"},
		{declaration + "<configuration><configSections><sectionGroup name=\"system.applicationHost\"/></configSections></configuration>", "an applicationHost.config (IIS 7 and later)"},
		{declaration + "<configuration><system.web/></configuration>", "a web.config or another .NET configuration file"},
		{declaration + "<configuration><x/></configuration>", "a <configuration> file without <MBProperty>"},
		{declaration + "<configuration", "a <configuration> file that ends after its first element"},
		{declaration + "<configSchema>", "an IIS_schema.xml (IIS 7 and later)"},
		{declaration + "<invoice a='1'>", "an XML file with the root element <invoice>"},
		{declaration, "an XML file that ends before its first element"},
		{"<!-- only", "an XML file that ends before its first element"},
		{"<", "an XML file that ends before its first element"},
		{"<!--" + strings.Repeat("x", 40<<10), "an XML file without an element in its first 64 KB"},
		{"<!DOCTYPE HTML>\n<HTML>", "an HTML page"},
		{"<html>", "an HTML page"},
		{"<%@ Language=VBScript %>\n<html>", "an ASP page"},
		{"", "an empty file"},
		{"\xef\xbb\xbf", "a file of blanks only"},
		{" \r\n\t", "a file of blanks only"},
		{strings.Repeat("\x00", 4096), "a binary file"},
		{"PK\x03\x04rest", "a ZIP archive"},
		{"\x1f\x8b\x08", "a gzip archive"},
		{"ElfFile\x00\x00", "an event log in binary form (.evtx)"},
		{"\x30\x00\x00\x00LfLe\x01", "an event log in binary form (.evt)"},
		{strings.Repeat("a", 257) + "ustar\x00", "a tar archive"},
		{"#Software: Microsoft Internet Information Services 6.0\r\n", "a W3C log"},
		{"2007-01-22 05:00:11 W3SVC1 HOST 192.0.2.1 GET / 200 0 0\r\n", "a log without its #Fields line"},
		{"<configuration><system.webServer/></configuration>", "a web.config or a part of an applicationHost.config (IIS 7 and later)"},
		{"#Software: Microsoft HTTP API 1.0\r\n", "an HTTPERR log of HTTP.sys"},
		{"\xff\xfe" + wide("Windows Registry Editor Version 5.00\r\n"), "a registry export"},
		{"\xff\xfe" + wide("[Unicode]\r\nUnicode=yes\r\n"), "a security policy export (secedit)"},
		{"[options]\r\nUseAllowVerbs=1", "an INI file, perhaps UrlScan.ini"},
		{"hello", "a text file that is no XML"},
	} {
		l := recognise([]byte(tc.head))
		got := string(l.kind)
		if l.kind == KindUnknown {
			got = l.what
			if l.hint == "" {
				t.Errorf("%.60q: no hint", tc.head)
			}
		}
		if got != tc.want {
			t.Errorf("%.60q: %s, want %s", tc.head, got, tc.want)
		}
	}
}

func TestRecogniseCorpus(t *testing.T) {
	dir := filepath.FromSlash("../../shared/corpus")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the corpus of real files is not beside this repository; nothing real was recognised")
	}
	// Two files hold less than their names say.
	odd := map[string]string{
		"ossec__ossec-hids__iis6":                                   "a log without its #Fields line",
		"srdYkambara__monzennakacho_220302__applicationHost.config": "the root element <httpCompression>",
	}
	for folder, want := range map[string]string{
		"metabase": "metabase", "mbschema": "metabase-schema", "apphost": "IIS 7 and later", "webconfig": "web.config", "iis7schema": "IIS_schema.xml",
		"w3c": "a W3C log", "evtx": "(.evtx)", "reg": "a registry export", "secedit": "a security policy export", "urlscan": "perhaps UrlScan.ini",
	} {
		files, err := filepath.Glob(filepath.Join(dir, folder, "*"))
		must(t, err)
		if len(files) == 0 {
			t.Error("no file in", folder)
		}
		for _, name := range files {
			want := want
			s, err := Open(name)
			must(t, err)
			got := string(s.Files[0].Kind)
			if got == string(KindUnknown) {
				got = s.Problems[0].Found
			}
			if other, ok := odd[filepath.Base(name)]; ok {
				want = other
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s, want %s", filepath.Base(name), got, want)
			}
		}
	}
}

func FuzzRecognise(f *testing.F) {
	for _, head := range []string{tinyMetabase, tinySchema, "<?xml?><!-- --><a/>", "<!x><", "PK\x03\x04", "#Fields:", "\xff\xfe<\x00a\x00"} {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		l := recognise(head)
		source.NewText("x", l.text).Span(l.start, l.end).Pos()
		if l.kind == KindUnknown && (l.what == "" || l.hint == "") {
			t.Error("an unknown file without words")
		}
	})
}
