package checks

import (
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
