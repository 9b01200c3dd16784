package snapshot

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Small files of each kind, all invented.
const (
	tinyRegistry = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters]\r\n\"MaxFieldLength\"=dword:00004000\r\n"
	tinyPolicy   = "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordAge = 1\r\n[Privilege Rights]\r\nSeNetworkLogonRight = *S-1-5-32-544\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n"
	tinyUrlScan  = "[options]\r\nUseAllowVerbs=1\r\nUseAllowExtensions=0\r\n[AllowVerbs]\r\nGET\r\nHEAD\r\n[DenyExtensions]\r\n.exe\r\n"
	tinyW3C      = "#Software: Microsoft Internet Information Services 6.0\r\n#Version: 1.0\r\n#Date: 2004-01-31 10:00:00\r\n" +
		"#Fields: date time s-sitename cs-method cs-uri-stem cs-uri-query s-port c-ip sc-status sc-substatus sc-win32-status\r\n" +
		"2004-01-31 10:00:01 W3SVC1 GET /a.htm - 80 192.0.2.1 200 0 0\r\n2004-01-31 10:00:02 W3SVC1 GET /b.json - 80 192.0.2.1 404 3 50\r\n"
	tinyHTTPERR = "#Software: Microsoft HTTP API 1.0\r\n#Version: 1.0\r\n#Date: 2004-01-31 10:00:00\r\n" +
		"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n" +
		"2004-01-31 10:00:03 192.0.2.1 2094 192.0.2.2 80 HTTP/1.1 GET /x 503 1 QueueFull DefaultAppPool\r\n"
	tinyEvents = "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='W3SVC'/><EventID>1002</EventID><Level>2</Level>" +
		"<TimeCreated SystemTime='2004-01-31T10:00:04.000Z'/><Channel>System</Channel></System><EventData><Data>Shop</Data></EventData></Event></Events>\r\n"
	tinyFirewall = "Standard profile configuration (current):\r\n-------------------------------------------------------------------\r\nOperational mode                  = Enable\r\n"
	tinyACLs     = "C:\\Inetpub\\wwwroot BUILTIN\\Administrators:(OI)(CI)F\r\n                   NT AUTHORITY\\SYSTEM:(OI)(CI)F\r\n\r\n"
)

// whole is a snapshot with one file of each kind.
func whole() map[string]string {
	return map[string]string{
		"MetaBase.xml": tinyMetabase, "MBSchema.xml": tinySchema, "History/MetaBase_0000000001_0000000000.xml": tinyMetabase,
		"reg/http.reg": "\xff\xfe" + wide(tinyRegistry), "secpol.inf": "\xff\xfe" + wide(tinyPolicy), "UrlScan.ini": tinyUrlScan,
		"LogFiles/W3SVC1/ex040131.log": tinyW3C, "LogFiles/HTTPERR/httperr1.log": tinyHTTPERR, "events/system.xml": tinyEvents, "acls.txt": tinyACLs, "group.txt": tinyGroup, "firewall.txt": tinyFirewall,
		"notes.txt": "words", "content/C/inetpub/wwwroot/a.htm": "<p>a", "content/C/inetpub/wwwroot/grün.asp": "<% x %>", "content/UNC/files/web/b.htm": "b",
	}
}

var wholeKinds = []string{
	"History/MetaBase_0000000001_0000000000.xml metabase-history", "LogFiles/HTTPERR/httperr1.log httperr-log", "LogFiles/W3SVC1/ex040131.log w3c-log",
	"MBSchema.xml metabase-schema", "MetaBase.xml metabase", "UrlScan.ini urlscan-ini", "acls.txt acl-listing", "events/system.xml event-log", "firewall.txt firewall", "group.txt group-members",
	"notes.txt unknown", "reg/http.reg registry", "secpol.inf security-policy", "content/C content", "content/UNC/files/web content",
}

func pack(form string, files map[string]string) []byte {
	var b bytes.Buffer
	// In another order than that of a folder: archives are packed in any.
	names := slices.Sorted(maps.Keys(files))
	slices.Reverse(names)
	switch form {
	case "zip":
		w := zip.NewWriter(&b)
		for _, name := range names {
			e, _ := w.Create(name)
			io.WriteString(e, files[name])
		}
		w.Close()
	case "tar", "tar.gz":
		w := tar.NewWriter(&b)
		for _, name := range names {
			w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg})
			io.WriteString(w, files[name])
		}
		w.Close()
		if form == "tar.gz" {
			return zipped(b.Bytes())
		}
	}
	return b.Bytes()
}

func zipped(raw []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(raw)
	w.Close()
	return b.Bytes()
}

func saved(t *testing.T, name string, raw []byte) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(at, raw, 0o644))
	return at
}

// told is all that a snapshot tells, as text.
func told(t *testing.T, s *Snapshot) string {
	t.Helper()
	var b strings.Builder
	for _, f := range s.Files {
		fmt.Fprintln(&b, f.Path, f.Kind, f.Note)
	}
	for _, p := range s.Problems {
		fmt.Fprintln(&b, p)
	}
	for _, line := range walk(t, s.Content, "") {
		fmt.Fprintln(&b, line)
	}
	if s.Metabase != nil {
		keys, properties, _ := s.Metabase.Counts()
		fmt.Fprintln(&b, "metabase", keys, properties)
	}
	if v, known := s.Registry.Value(RegHTTP, "MaxFieldLength"); known == Yes {
		n, _ := v.DWORD()
		fmt.Fprintln(&b, "registry", n)
	}
	fmt.Fprintln(&b, s.Rights != nil, s.URLScan != nil, len(s.URLScanLogs), s.ACLs.Listed(`C:\inetpub\wwwroot`), s.Firewall != nil, s.WorkerGroup.Has("web"))
	if s.Logs != nil {
		fmt.Fprintf(&b, "%+v\n%+v\n%+v\n", s.Logs.Totals(), s.Logs.Requests(), s.Logs.Errors())
	}
	if s.Events != nil {
		fmt.Fprintf(&b, "%d %+v\n", s.Events.Events, s.Events.Groups())
	}
	return b.String()
}

// A folder and any archive of it, named or on standard input, tell the same.
func TestArchivesTellTheSame(t *testing.T) {
	files := whole()
	folder, err := Open(folder(t, files))
	must(t, err)
	if d := cmp.Diff(wholeKinds, listed(folder)); d != "" {
		t.Error(d)
	}
	if len(folder.Problems) > 0 {
		t.Error(folder.Problems)
	}
	want := told(t, folder)
	for _, line := range []string{"registry 16384", "true true 0 true true", "/b.json", "QueueFull", "1002"} {
		if !strings.Contains(want, line) {
			t.Errorf("no %q in what the folder tells:\n%s", line, want)
		}
	}
	for _, form := range []string{"zip", "tar", "tar.gz"} {
		raw := pack(form, files)
		s, err := Open(saved(t, "snapshot", raw))
		must(t, err)
		if d := cmp.Diff(want, told(t, s)); d != "" {
			t.Error(form, d)
		}
		s, err = OpenWith(Options{Paths: []string{"-"}, Stdin: bytes.NewReader(raw)})
		must(t, err)
		if d := cmp.Diff(want, told(t, s)); d != "" {
			t.Error("standard input", form, d)
		}
	}
}

// Large entries of a .tar.gz are not held: they are read again, here in another
// order than they lie in.
func TestLargeEntries(t *testing.T) {
	files := whole()
	row := "2004-01-31 10:00:01 W3SVC1 GET /%06d.htm - 80 192.0.2.1 200 0 0\r\n"
	var log strings.Builder
	log.WriteString(tinyW3C)
	for i := range 8_000 {
		fmt.Fprintf(&log, row, i%97)
	}
	for i := range 3 {
		files[fmt.Sprintf("LogFiles/W3SVC1/ex04020%d.log", i)] = log.String()
	}
	var big strings.Builder
	for i := range 1 << 13 {
		fmt.Fprintf(&big, "%x ", i*2654435761)
	}
	files["content/C/inetpub/wwwroot/big.htm"] = strings.Repeat(big.String(), 1<<6)
	folder, err := Open(folder(t, files))
	must(t, err)
	s, err := Open(saved(t, "s.tgz", pack("tar.gz", files)))
	must(t, err)
	if d := cmp.Diff(told(t, folder), told(t, s)); d != "" {
		t.Error(d)
	}
	if rows := s.Logs.Totals().Rows; rows != 3*8_002+3 {
		t.Error(rows)
	}
	for range 2 {
		if got := read(t, s.Content, `C:\inetpub\wwwroot\big.htm`); got != files["content/C/inetpub/wwwroot/big.htm"] {
			t.Error("the large page differs")
		}
	}
}

// Archives in a folder and in archives are read as far as the limit goes; a single
// packed file is taken for what it holds.
func TestNestedArchives(t *testing.T) {
	inner := pack("zip", map[string]string{"W3SVC1/ex1.log": tinyW3C})
	middle := pack("tar.gz", map[string]string{"inner.zip": string(inner), "r.reg": tinyRegistry})
	outer := pack("zip", map[string]string{"MetaBase.xml": tinyMetabase, "logs/middle.tgz": string(middle), "ex2.log.gz": string(zipped([]byte(tinyW3C)))})
	s, err := Open(saved(t, "outer.zip", outer))
	must(t, err)
	want := []string{
		"MetaBase.xml metabase", "ex2.log.gz w3c-log", "logs/middle.tgz archive", "logs/middle.tgz/inner.zip archive", "logs/middle.tgz/r.reg registry",
	}
	if d := cmp.Diff(want, listed(s)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"logs/middle.tgz/inner.zip an archive in 2 others; it is not read"}, problems(s)); d != "" {
		t.Error(d)
	}
	s, err = OpenWith(Options{Paths: []string{saved(t, "outer.zip", outer)}, Limits: Limits{Depth: 3}})
	must(t, err)
	if n := s.Logs.Totals().Rows; n != 4 || len(s.Problems) > 0 {
		t.Error(n, s.Problems)
	}
}

// Old tools of Windows write backslashes, and names in the code page of DOS.
func TestZipNames(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, h := range []zip.FileHeader{
		{Name: `content\C\w\a.htm`}, {Name: "content\\C\\w\\gr\x81n.htm", NonUTF8: true}, {Name: `content\C\w\leer\`}, {Name: "MetaBase.xml"},
	} {
		e, err := w.CreateHeader(&h)
		must(t, err)
		if h.Name == "MetaBase.xml" {
			io.WriteString(e, tinyMetabase)
		}
	}
	must(t, w.Close())
	s, err := Open(saved(t, "x.zip", b.Bytes()))
	must(t, err)
	if d := cmp.Diff([]string{`C:\w\a.htm `, `C:\w\grün.htm `}, walk(t, s.Content, "")); d != "" || len(s.Problems) > 0 || s.Metabase == nil {
		t.Error(d, s.Problems)
	}
	if !s.Content.HasFolder(`C:\w\leer`) {
		t.Error("the empty folder is gone")
	}
}
