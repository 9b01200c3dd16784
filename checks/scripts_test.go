package checks

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScriptsDirectory(t *testing.T) {
	page := func(html string) map[string]string {
		return map[string]string{"C/inetpub/wwwroot/a.htm": html}
	}
	const link = `<a href="/scripts/a.dll?x">`
	other := page(link)
	other["C/inetpub/wwwroot/Scripts/x.txt"] = "x"
	wantRaised(t, "scripts-directory", []near{
		{"as installed", layer(t, nil), "", ""},
		{"a link", layer(t, page(link)), "error proven /LM/W3SVC/1/ROOT: ", "/a.htm links to /scripts, and site 1 has neither"},
		{"a form to the other", layer(t, page(`<form action=/MSADC/a.asp>`)), "error proven ", "links to /msadc"},
		{"in an include file", layer(t, map[string]string{"C/inetpub/wwwroot/x/a.inc": link}), "error proven ", "/x/a.inc links"},
		{"the key is there", layer(t, page(link), belowRoot, key("IIsWebVirtualDir", "Scripts", `Path="D:\x"`)+belowRoot), "", ""},
		{"the folder is there", layer(t, other), "", ""},
		{"a client script", layer(t, page(`<script src="/scripts/menu.js">`)), "", ""},
		{"a name that begins alike", layer(t, page(`<a href="/scripts2/a.dll">`)), "", ""},
		{"below another folder", layer(t, page(`<a href="/x/scripts/a.dll">`)), "", ""},
		{"another server", layer(t, page(`<a href="http://x/scripts/a.dll">`)), "", ""},
		{"in a comment", layer(t, page(`<!-- `+link+` -->`)), "", ""},
		{"only in the log", rows(layer(t, nil), "/scripts/order.asp 404 0"), "info observed ", "a fault only if your pages need it"},
		{"a link, and rows", rows(layer(t, page(link)), "/Scripts/b.dll 404 0"), "error observed ", ""},
		{"a link, and a row that begins alike", rows(layer(t, page(link)), "/scripts2/b.dll 404 0"), "error proven ", ""},
		{"a link, and a row of the folder itself", rows(layer(t, page(link)), "/scripts 404 0"), "error observed ", ""},
		{"a worm", rows(layer(t, nil), "/scripts/root.exe 404 0"), "", ""},
		{"another worm", rows(layer(t, nil), "/msadc/..%5c../winnt/system32/cmd.exe 404 0"), "", ""},
		{"prohibited", rows(layer(t, nil), "/scripts/order.asp 404 2"), "", ""},
	})
}

func TestScriptsExecutable(t *testing.T) {
	scripts := func(name, flags string) string {
		return key("IIsWebVirtualDir", name, `AccessFlags="`+flags+`"`, `Path="C:\inetpub\x"`) + belowRoot
	}
	wantRaised(t, "scripts-directory-executable", []near{
		{"as installed", layer(t, nil), "", ""},
		{"scripts", layer(t, nil, belowRoot, scripts("Scripts", "AccessRead | AccessExecute")), "warning proven /LM/W3SVC/1/ROOT/Scripts: ", "/scripts of site 1 runs programs"},
		{"msadc", layer(t, nil, belowRoot, scripts("msadc", "4")), "warning proven ", "/msadc of site 1"},
		{"inherited", flagged(t, "AccessRead | AccessExecute", belowRoot, key("IIsWebVirtualDir", "scripts", `Path="C:\x"`)+belowRoot), "warning proven ", ""},
		{"Scripts only", layer(t, nil, belowRoot, scripts("scripts", "AccessRead | AccessScript")), "", ""},
		{"another name", layer(t, nil, belowRoot, scripts("cgi-bin", "AccessExecute")), "", ""},
		{"deeper", layer(t, nil, belowRoot, scripts("a/scripts", "AccessExecute")), "", ""},
	})
}

// TestCreateDirectoryCommands: the directory is made before its path is set.
func TestCreateDirectoryCommands(t *testing.T) {
	for _, f := range onHealthy(t, layer(t, map[string]string{"C/inetpub/wwwroot/a.htm": `<a href="/scripts/a.asp">`})) {
		if f.ID != "scripts-directory" {
			continue
		}
		want := []string{
			adsutil + ` CREATE_VDIR W3SVC/1/ROOT/scripts`,
			adsutil + ` SET W3SVC/1/ROOT/scripts/Path C:\inetpub\scripts`,
			adsutil + ` SET W3SVC/1/ROOT/scripts/AccessFlags 512`,
		}
		if d := cmp.Diff(want, f.Remedies[0].Commands()); d != "" {
			t.Error(d)
		}
		return
	}
	t.Error("not found")
}
