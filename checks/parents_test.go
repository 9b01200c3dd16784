package checks

import (
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
)

func TestParentPathsEnabled(t *testing.T) {
	const on = "		AspEnableParentPaths=\"TRUE\"\n"
	const service = "		AspEnableParentPaths=\"FALSE\"\n"
	page := map[string]string{"C/inetpub/wwwroot/t/a.asp": `<!--#include file="../x.inc"-->`, "C/inetpub/wwwroot/x.inc": "x"}
	call := func(method, path string) map[string]string {
		return map[string]string{"C/inetpub/wwwroot/t/a.asp": `<% x = Server.` + method + `("` + path + `") %>`}
	}
	wantRaised(t, "parent-paths-enabled", []near{
		{"as installed", layer(t, nil), "", ""},
		{"at the site", layer(t, nil, atSite, atSite+on), "warning proven /LM/W3SVC/1/ROOT: ", "for site 1: an include path"},
		{"at the service", layer(t, nil, service, on), "warning proven /LM/W3SVC/1/ROOT: ", "No page of the content"},
		{"every site says otherwise", layer(t, nil, service, on, atRoot, atRoot+"		AspEnableParentPaths=\"FALSE\"\n"), "", ""},
		{"below the root", layer(t, nil, belowRoot, key("IIsWebDirectory", "t", `AspEnableParentPaths="1"`)+belowRoot), "warning proven /LM/W3SVC/1/ROOT/t: ", "for /t of site 1"},
		{"a page needs it", layer(t, page, atRoot, atRoot+on), "warning proven ", "To be changed first: 1 page of the content with .. in a path, such as /t/a.asp"},
		{"a page needs it for MapPath", layer(t, call("MapPath", `..\data`), atRoot, atRoot+on), "warning proven ", "such as /t/a.asp"},
		{"MapPath without ..", layer(t, call("MapPath", `data`), atRoot, atRoot+on), "warning proven ", "No page"},
		{".. in another call", layer(t, call("Execute", `..\data`), atRoot, atRoot+on), "warning proven ", "No page"},
		{"a page of another directory needs it", layer(t, page, belowRoot, key("IIsWebDirectory", "u", `AspEnableParentPaths="1"`)+belowRoot), "warning proven ", "No page"},
		{"a folder that was not collected", layer(t, page, belowRoot, key("IIsWebVirtualDir", "CertSrv", `AspEnableParentPaths="TRUE"`, `Path="C:\WINDOWS\system32\CertSrv"`)+belowRoot), "warning proven ", "application's folder. The folder of /CertSrv of site 1 is not in the snapshot: to turn"},
		{"a page needs it, and a folder was not collected", layer(t, page, atRoot, atRoot+on, belowRoot, key("IIsWebVirtualDir", "old", `Path="D:\old"`)+belowRoot), "warning proven ", "/t/a.asp. The folder of /old"},
		{"a folder for which it is off", layer(t, nil, atRoot, atRoot+on, belowRoot, key("IIsWebVirtualDir", "old", `AspEnableParentPaths="FALSE"`, `Path="D:\old"`)+belowRoot), "warning proven ", "No page"},
		{"no value that counts", layer(t, nil, atRoot, atRoot+"		AspEnableParentPaths=\"yes\"\n"), "", ""},
		{"a template", layer(t, nil, "		AccessFlags=\"AccessRead | AccessScript\"\n		AuthFlags=\"AuthAnonymous\"\n	>\n</IIsWebVirtualDir>\n</MBProperty>",
			on+"	>\n</IIsWebVirtualDir>\n</MBProperty>"), "", ""},
	})
}

func TestSSIParentPath(t *testing.T) {
	const prohibited, allowed = `0,C:\WINDOWS\system32\inetsrv\ssinc.dll`, `1,C:\WINDOWS\system32\inetsrv\ssinc.dll`
	page := func(name, text string) map[string]string {
		return map[string]string{"C/inetpub/wwwroot/t/" + name: text, "C/inetpub/wwwroot/x.inc": "x"}
	}
	const above = `<!--#include file="..\x.inc"-->`
	wantRaised(t, "ssi-parent-path", []near{
		{"stm", layer(t, page("a.stm", above), prohibited, allowed), "error proven /LM/W3SVC: ", `/t/a.stm includes file="..\x.inc" while parent paths are off`},
		{"two of them", layer(t, page("a.SHTML", above+above), prohibited, allowed), "error proven ", "(1 more in this file)"},
		{"prohibited as well", layer(t, page("a.stm", above)), "error possible ", ""},
		{"parent paths on", layer(t, page("a.stm", above), prohibited, allowed, atRoot, atRoot+"		AspEnableParentPaths=\"TRUE\"\n"), "", ""},
		{"virtual", layer(t, page("a.stm", `<!--#include virtual="../x.inc"-->`), prohibited, allowed), "", ""},
		{"dots in a name", layer(t, page("a.stm", `<!--#include file="..x.inc"-->`), prohibited, allowed), "", ""},
		{"an .asp page", layer(t, page("a.asp", above), prohibited, allowed), "", ""},
		{"no script map", layer(t, page("a.ssi", above), prohibited, allowed), "", ""},
		{"a file with parts only", layer(t, page("a.inc", above), prohibited, allowed), "", ""},
	})
}

// TestRefusedInclude: event 2218 may name the page by its file or by its URL; another
// page, event or source is not of this failure.
func TestRefusedInclude(t *testing.T) {
	sign := refusedInclude([]file{{path: `C:\inetpub\wwwroot\t\a.stm`, url: "/t/a.stm"}})
	for _, c := range []struct {
		source eventlog.Source
		id     int
		kind   eventlog.SubjectKind
		name   string
		want   bool
	}{
		{eventlog.W3SVCWP, 2218, eventlog.File, `c:\inetpub\wwwroot\T\a.stm`, true},
		{eventlog.W3SVCWP, 2218, eventlog.File, "/T/a.stm", true},
		{eventlog.W3SVCWP, 2218, eventlog.File, "/a.stm", false},
		{eventlog.W3SVCWP, 2218, eventlog.NoSubject, "/t/a.stm", false},
		{eventlog.W3SVCWP, 2221, eventlog.File, "/t/a.stm", false},
		{eventlog.W3SVC, 2218, eventlog.File, "/t/a.stm", false},
	} {
		g := eventlog.Group{}
		g.Source, g.ID, g.Subject = c.source, c.id, eventlog.Subject{Kind: c.kind, Name: c.name}
		if got := sign(g); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
