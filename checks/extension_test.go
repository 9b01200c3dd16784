package checks

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestWildcardNamedOnce: a wildcard map takes files of many extensions and is one map.
func TestWildcardNamedOnce(t *testing.T) {
	files := layer(t, map[string]string{"C/inetpub/wwwroot/a.gif": "x", "C/inetpub/wwwroot/b.css": "x", "C/inetpub/wwwroot/c.js": "x"},
		atRoot, "		ScriptMaps=\".x,C:\\tools\\wild.dll,1,GET,POST\n			*,C:\\tools\\wild.dll,1\"\n"+atRoot)
	for _, got := range raised(t, "extension-prohibited", files) {
		if strings.HasPrefix(got, "error") {
			if !strings.Contains(got, "requests for .x, * are refused, and it is needed") {
				t.Error(got)
			}
			return
		}
	}
	t.Error("not found")
}

// TestExtensionSaid: what the restriction list says of the program, and who needs it.
func TestExtensionSaid(t *testing.T) {
	const asp = "			1,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,0,ASP,Active Server Pages\n"
	own := func(entry string, more ...string) fstest.MapFS {
		return layer(t, nil, append(more, atRoot, "		ScriptMaps=\""+entry+"\"\n"+atRoot)...)
	}
	page := map[string]string{"C/inetpub/wwwroot/a.asp": "x"}
	const error1, needed = "error proven /LM/W3SVC: ", " is prohibited: requests for .asp, .cer, .cdx, .asa are refused, and it is needed (2 URLs, the first /a.asp)"
	const unlisted, ownMap = " is not in the list of Web service extensions, and unlisted ones are prohibited: requests for .x are refused, and ", "a script map of its own asks for it (/LM/W3SVC/1/ROOT .x)"
	for _, c := range []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"with a description", layer(t, page, asp, strings.Replace(asp, "1,", "0,", 1)), error1 + `The Web service extension "Active Server Pages" (asp.dll)` + needed},
		{"without a description", layer(t, page, asp, "			0,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,0,ASP\n"), error1 + "The Web service extension asp.dll" + needed},
		{"an empty description", layer(t, page, asp, "			0,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,0,ASP,\n"), error1 + "The Web service extension asp.dll" + needed},
		{"unlisted", own(`.x,C:\tools\x.dll,1,GET,POST`), error1 + "x.dll" + unlisted + ownMap},
		{"unlisted, and nothing about such", own(`.x,C:\tools\x.dll,1,GET,POST`, "0,*.dll\n			", ""),
			"error possible /LM/W3SVC: x.dll is not in the list of Web service extensions, which does not say what holds for unlisted ones: requests for .x are refused, and " + ownMap},
	} {
		got := raised(t, "extension-prohibited", c.files)
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestProgramOf(t *testing.T) {
	for command, want := range map[string]string{
		`C:\tools\x.dll`: `C:\tools\x.dll`, `C:\my tools\x.exe`: `C:\my tools\x.exe`, `C:\my tools\x.EXE "%s" %s`: `C:\my tools\x.EXE`,
		`"C:\my tools\x.exe" "%s" %s`: `C:\my tools\x.exe`, `"C:\my tools\x.exe`: `C:\my tools\x.exe`, "": "",
	} {
		if got := programOf(command); string(got) != want {
			t.Errorf("%q: %q, want %q", command, got, want)
		}
	}
}

// TestProhibitedOnTwoSites: the page that is asked for is the first site's.
func TestProhibitedOnTwoSites(t *testing.T) {
	files := inWWW("a.asp")
	files["content/C/inetpub/two/b.asp"] = file1("x")
	r := changed(t, files, "1,C:\\WINDOWS\\system32\\inetsrv\\asp.dll", "0,C:\\WINDOWS\\system32\\inetsrv\\asp.dll", endKeys, secondSite(`ServerAutoStart="TRUE" ServerBindings=":80:two"`))
	for _, f := range r.Findings {
		if f.ID == "extension-prohibited" && f.Severity == Error && f.Witness.URL == "http://www.contoso.com/a.asp" && f.Seen == "404.2" && len(f.Affects) == 2 {
			return
		}
	}
	t.Error("not found")
}
