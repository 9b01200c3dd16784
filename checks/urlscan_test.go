package checks

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

func TestUrlScanBlocks(t *testing.T) {
	const verbs = "[Options]\nUseAllowVerbs=1\nUseAllowExtensions=0\n[AllowVerbs]\nGET\nHEAD\n"
	with := func(ini, file string, filter ...string) fstest.MapFS {
		if filter == nil {
			filter = []string{`FilterPath="C:\WINDOWS\system32\inetsrv\urlscan\URLSCAN.dll"`}
		}
		files := withFilter(t, "/LM/W3SVC/Filters", "audit", filter...)
		if file != "" {
			files["content/C/inetpub/wwwroot/"+file] = &fstest.MapFile{Data: []byte("x")}
		}
		return evidenceFile(files, "UrlScan.ini", ini)
	}
	const zip = verbs + "[DenyExtensions]\n.bat\n.ZIP ; archives\n"
	wantRaised(t, "urlscan-blocks", []near{
		{"nothing that it denies", with(zip, ""), "", ""},
		{"an extension", with(zip, "a.zip"), "error proven : ", "DenyExtensions has .ZIP, and so files of the content are refused with 404 (1 URL, the first /a.zip)"},
		{"not meant for visitors", with(zip, "a.bat"), "", ""},
		{"a longer extension", with(zip, "a.zipx"), "", ""},
		{"the filter is not installed", with(zip, "a.zip", `FilterPath="C:\other.dll"`), "", ""},
		{"the filter is off", with(zip, "a.zip", `FilterPath="urlscan.dll"`, `FilterEnabled="FALSE"`), "", ""},
		{"only logging", with(strings.Replace(zip, "[AllowVerbs]", "RejectResponseUrl=/~*\n[AllowVerbs]", 1), "a.zip"), "", ""},
		{"the other list counts", with(strings.Replace(zip, "UseAllowExtensions=0", "UseAllowExtensions=1", 1)+"[AllowExtensions]\n.\n.htm\n.asp\n.png\n.css\n", "a.zip"), "error ", "AllowExtensions lacks .zip"},
		{"GET is missing", with(strings.Replace(verbs, "GET\n", "get\n", 1), ""), "error proven ", "AllowVerbs lacks GET, and so every GET is refused"},
		{"GET is denied", with("[Options]\nUseAllowVerbs=0\n[DenyVerbs]\nget\nTRACE\n", ""), "error proven ", "DenyVerbs has get, and so every GET is refused"},
		{"HEAD is missing, as for Outlook Web Access", with(strings.Replace(verbs, "HEAD\n", "POST\n", 1), ""), "", ""},
		{"a dot in a folder", with(strings.Replace(verbs, "[AllowVerbs]", "AllowDotInPath=0\n[AllowVerbs]", 1), "v1.0/a.htm"), "error proven ", "AllowDotInPath is 0"},
		{"dots in a file", with(strings.Replace(verbs, "[AllowVerbs]", "AllowDotInPath=0\n[AllowVerbs]", 1), "v1/a.b.htm"), "", ""},
		{"a sequence", with(verbs+"[DenyUrlSequences]\n&\n", "r&d.htm"), "error proven ", "DenyUrlSequences has &"},
		{"a letter", with(strings.Replace(verbs, "[AllowVerbs]", "AllowHighBitCharacters=0\n[AllowVerbs]", 1), "größe.htm"), "error proven ", "a letter beyond ASCII"},
		{"a long name", with(verbs+"[RequestLimits]\nMaxUrl=20\n", "a-very-long-name-for-a-page.htm"), "error proven ", "MaxUrl is 20, and the URL has 32 letters"},
		{"just as long", with(verbs+"[RequestLimits]\nMaxUrl=32\n", "a-very-long-name-for-a-page.htm"), "", ""},
	})
	row := "[04-30-2005 - 17:10:08] Client at 192.0.2.81: URL contains extension '.zip', which is disallowed. Request will be rejected.  Site Instance='1', Raw URL='/A.zip?x'\r\n"
	other := strings.Replace(row, "/A.zip", "/../cmd.zip", 1)
	wantRaised(t, "urlscan-blocks", []near{
		{"seen in its log", evidenceFile(with(zip, "a.zip"), "UrlScan.043005.log", row+other), "error observed ", ""},
		{"an attack in its log", evidenceFile(with(zip, "a.zip"), "UrlScan.043005.log", other), "error proven ", ""},
		{"an attack alone", evidenceFile(with(zip, ""), "UrlScan.043005.log", other), "", ""},
	})
}

// TestUrlScanRows: rows of the W3C log are of the rejected URL; those of UrlScan's own log
// are counted, the first three shown. A program is not to be let pass lightly.
func TestUrlScanRows(t *testing.T) {
	scanned := func(ini string, rows ...string) fstest.MapFS {
		files := withFilter(t, "/LM/W3SVC/Filters", "audit", `FilterPath="C:\WINDOWS\system32\inetsrv\urlscan\URLSCAN.dll"`)
		files["content/C/inetpub/wwwroot/a.zip"], files["content/C/inetpub/wwwroot/b.com"] = file1("x"), file1("x")
		for name, file := range w3cLog(rows...) {
			files[name] = file
		}
		return evidenceFile(files, "UrlScan.ini", "[Options]\nUseAllowVerbs=0\nUseAllowExtensions=0\n"+ini)
	}
	const zip = "[DenyExtensions]\n.zip\n"
	for _, c := range []struct {
		name, ini, row string
		seen           bool
	}{
		{"the rejected URL", zip, "1 GET /<Rejected-By-UrlScan> - 404 0 2", true},
		{"in other case", zip, "1 GET /<rejected-by-urlscan> - 404 0 2", true},
		{"another status", zip, "1 GET /<Rejected-By-UrlScan> - 403 0 2", false},
		{"another URL", zip, "1 GET /a.zip - 404 0 2", false},
		{"a URL of its own", "RejectResponseUrl=/no.htm\n" + zip, "1 GET /no.htm - 404 0 2", true},
		{"two lines that may have refused it", zip + "[RequestLimits]\nMaxUrl=4\n", "1 GET /<Rejected-By-UrlScan> - 404 0 2", false},
	} {
		seen, found := false, false
		for _, f := range onHealthy(t, scanned(c.ini, c.row)) {
			if f.ID == "urlscan-blocks" {
				found, seen = true, seen || f.Observed != nil
			}
		}
		if !found || seen != c.seen {
			t.Errorf("%s: found %t, seen %t", c.name, found, seen)
		}
	}
	row := "[04-30-2005 - 17:10:0%d] Client at 192.0.2.81: URL contains extension '.zip', which is disallowed. Request will be rejected.  Site Instance='1', Raw URL='/a.zip'\r\n"
	log := ""
	for second := range 5 {
		log += fmt.Sprintf(row, second)
	}
	for _, f := range onHealthy(t, evidenceFile(scanned(zip), "UrlScan.043005.log", log)) {
		if f.ID != "urlscan-blocks" {
			continue
		}
		if o := f.Observed; o == nil || fmt.Sprintf("%d %s %s %d", o.Count, o.First, o.Last, len(o.Samples)) != "5 2005-04-30 17:10:00 2005-04-30 17:10:04 3" {
			t.Errorf("own log: %+v", f.Observed)
		}
	}
	for _, c := range []struct {
		ini, property string
		risk          bool
	}{
		{zip, "DenyExtensions", false},
		{"[DenyExtensions]\n.com\n", "DenyExtensions", true},
		{"[RequestLimits]\nMaxUrl=5\n", "MaxUrl", false},
	} {
		for _, f := range onHealthy(t, scanned(c.ini)) {
			if f.ID == "urlscan-blocks" && (f.Property != c.property || (f.Remedies[0].Risk != "") != c.risk) {
				t.Errorf("%q: property %q, risk %q", c.ini, f.Property, f.Remedies[0].Risk)
			}
		}
	}
}
