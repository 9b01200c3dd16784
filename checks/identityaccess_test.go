package checks

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

func TestIdentityAccess(t *testing.T) {
	const rootAuth, both = "		AppRoot=\"/LM/W3SVC/1/ROOT\"\n		AuthFlags=\"AuthAnonymous\"\n", "		AppRoot=\"/LM/W3SVC/1/ROOT\"\n		AuthFlags=\"AuthAnonymous | AuthNTLM\"\n"
	const folder = `C:\inetpub\wwwroot\t\`
	with := func(name, text string, entries string, replace ...string) fstest.MapFS {
		files := layer(t, map[string]string{"C/inetpub/wwwroot/t/" + name: text}, replace...)
		return evidenceFile(files, "acl.txt", folder+strings.ReplaceAll(entries, "|", "\n"+strings.Repeat(" ", 22+len(name)))+"\n")
	}
	const page = `<% Set f = fso.OpenTextFile(Server.MapPath("data.txt")) %>`
	const asp, aspnet = ".asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5,GET,HEAD,POST,TRACE\n", ".asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5,GET,HEAD,POST,TRACE\n\t\t\t.aspx,C:\\WINDOWS\\Microsoft.NET\\Framework\\v1.1.4322\\aspnet_isapi.dll,1\n"
	wantRaised(t, "identity-access", []near{
		{"nothing collected", layer(t, nil), "", ""},
		{"everybody", with("a.htm", "x", `a.htm Everyone:R`), "", ""},
		{"administrators only", with("a.htm", "x", `a.htm BUILTIN\Administrators:F`), "error proven /LM/W3SVC/1/ROOT/t/a.htm: ", "does not let the anonymous user IUSR_WEB01 read it"},
		{"an ASP page", with("a.asp", "x", `a.asp BUILTIN\Administrators:F`), "error proven ", "does not let the anonymous user IUSR_WEB01 read it"},
		{"an ASP page for the visitor alone", with("a.asp", "x", `a.asp BUILTIN\Administrators:F|WEB01\IUSR_WEB01:R`), "", ""},
		{"only written", with("a.htm", "x", `a.htm BUILTIN\Administrators:F|WEB01\IUSR_WEB01:W`), "error ", ""},
		{"a group of unknown members", with("a.htm", "x", `a.htm BUILTIN\Administrators:F|WEB01\Visitors:R`), "", ""},
		{"closed to make visitors log on", with("a.htm", "x", `a.htm BUILTIN\Administrators:F`, rootAuth, both), "", ""},
		{"for those who log on", with("a.htm", "x", `a.htm BUILTIN\Administrators:F`, rootAuth, strings.Replace(rootAuth, "AuthAnonymous", "AuthNTLM", 1)), "info proven ", "lets only the accounts that it names read it"},
		{"users who log on", with("a.htm", "x", `a.htm BUILTIN\Users:R`, rootAuth, strings.Replace(rootAuth, "AuthAnonymous", "AuthNTLM", 1)), "", ""},
		{"not meant for visitors", with("a.inc", "x", `a.inc BUILTIN\Administrators:F`), "", ""},
		{"a page of ASP.NET", with("a.aspx", "x", `a.aspx WEB01\IUSR_WEB01:R`, asp, aspnet), "error ", `does not let NT AUTHORITY\NETWORK SERVICE read it, as whom`},
		{"open to the pools", with("a.aspx", "x", `a.aspx WEB01\IIS_WPG:R`, asp, aspnet), "", ""},
		{"run as LocalSystem", with("a.aspx", "x", `a.aspx BUILTIN\Administrators:F`, asp, aspnet, inPool, inPool+"		AppPoolIdentityType=\"0\"\n"), "", ""},
		{"an application of its own, run as LocalSystem", with("a.aspx", "x", `a.aspx BUILTIN\Administrators:F`, asp, aspnet, belowRoot, key("IIsWebDirectory", "t", `AppRoot="/LM/W3SVC/1/ROOT/t" AppPoolId="System"`)+
			"<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/System\" AppPoolIdentityType=\"0\"></IIsApplicationPool>\n"+belowRoot), "", ""},
		{"what a page opens", with("a.asp", page, `data.txt BUILTIN\Administrators:F`), "warning possible ", `/t/a.asp opens C:\inetpub\wwwroot\t\data.txt`},
		{"what a page may open", with("a.asp", page, `data.txt WEB01\IUSR_WEB01:R`), "", ""},
		{"a file beside it", with("a.asp", page, `data2.txt BUILTIN\Administrators:F`), "", ""},
	})
	page500 := func(row string, files fstest.MapFS) fstest.MapFS {
		maps.Copy(files, w3cLog(row))
		return files
	}
	closed := func() fstest.MapFS {
		return with("a.aspx", "x", `a.aspx WEB01\IUSR_WEB01:R`, asp, aspnet)
	}
	data := func() fstest.MapFS { return with("a.asp", page, `data.txt BUILTIN\Administrators:F`) }
	wantRaised(t, "identity-access", []near{
		{"the page stops", page500("1 GET /t/a.asp |1|800a0046|Permission_denied 500 0 0", data()), "warning observed ", ""},
		{"for another reason", page500("1 GET /t/a.asp |1|800a000d|Type_mismatch 500 0 0", data()), "warning possible ", ""},
		{"another page stops", page500("1 GET /t/b.asp |1|800a0046|Permission_denied 500 0 0", data()), "warning possible ", ""},
		{"ASP.NET fails", page500("1 GET /t/a.aspx - 500 0 0", closed()), "error observed ", ""},
		{"ASP.NET answers", page500("1 GET /t/a.aspx - 200 0 0", closed()), "error possible ", ""},
		{"a script fails", page500("1 GET /t/a.aspx |1|800a000d|Type_mismatch 500 0 0", closed()), "error possible ", ""},
		{"ASP fails", page500("1 GET /t/a.aspx |1|ASP_0113|Script_timed_out 500 0 0", closed()), "error possible ", ""},
	})
	// The hint of an upgrade is given where AppIsolated is 0, and pools run the pages.
	for isolated, want := range map[string]bool{`AppIsolated="0"`: true, `AppIsolated="1"`: false, `AppIsolated="2"`: false, `AppIsolated="none"`: false, "": false} {
		got := raised(t, "identity-access", with("a.aspx", "x", `a.aspx WEB01\IUSR_WEB01:R`, asp, aspnet, `AppIsolated="2"`, isolated))
		if len(got) != 1 || strings.Contains(got[0], "on an older server the application ran in Inetinfo.exe as LocalSystem") != want {
			t.Errorf("%s: %q", isolated, got)
		}
	}
	// It is that of the application's own directory, also where that is not virtual.
	for isolated, want := range map[string]bool{`AppIsolated="0"`: true, "": false} {
		own := key("IIsWebDirectory", "t", `AppRoot="/LM/W3SVC/1/ROOT/t" `+isolated)
		got := raised(t, "identity-access", with("a.aspx", "x", `a.aspx WEB01\IUSR_WEB01:R`, asp, aspnet, belowRoot, own+belowRoot))
		if len(got) != 1 || strings.Contains(got[0], "on an older server") != want {
			t.Errorf("directory with %q: %q", isolated, got)
		}
	}
	// With ASP.NET 2.0, which aspnet_wp.exe runs in IIS 5.0 isolation mode.
	for _, f := range raised(t, "identity-access", with("a.aspx", "x", `a.aspx WEB01\IUSR_WEB01:R`, asp, aspnet, `AppIsolated="2"`, `AppIsolated="0"`, isolationOff, isolationOn)) {
		if strings.Contains(f, "older server") {
			t.Errorf("in IIS 5.0 isolation mode: %s", f)
		}
	}
}

// TestFileGrant: the remedy lets the reader in, whatever keeps him out, by the narrowest
// account; where others are denied as well there is no command.
func TestFileGrant(t *testing.T) {
	const indent = "\n                            "
	for _, c := range []struct{ file, entries, want string }{
		{"a.htm", `BUILTIN\Administrators:F`, `cacls C:\inetpub\wwwroot\t\a.htm /E /G IUSR_WEB01:R`},
		{"a.htm", `BUILTIN\Users:R` + indent + `WEB01\IUSR_WEB01:N`, `cacls C:\inetpub\wwwroot\t\a.htm /E /P IUSR_WEB01:R`},
		{"a.htm", `Everyone:N`, ""},
		{"a.aspx", `BUILTIN\Administrators:F`, `cacls C:\inetpub\wwwroot\t\a.aspx /E /G IIS_WPG:R`},
		{"a.aspx", `WEB01\IIS_WPG:(DENY)R`, `cacls C:\inetpub\wwwroot\t\a.aspx /E /P IIS_WPG:R`},
		{"a.aspx", `WEB01\IIS_WPG:R` + indent + `NT AUTHORITY\NETWORK SERVICE:N`, `cacls C:\inetpub\wwwroot\t\a.aspx /E /P "NETWORK SERVICE:R"`},
	} {
		files := layer(t, map[string]string{"C/inetpub/wwwroot/t/" + c.file: "x"}, ".asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5,GET,HEAD,POST,TRACE\n",
			".asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5,GET,HEAD,POST,TRACE\n\t\t\t.aspx,C:\\WINDOWS\\Microsoft.NET\\Framework\\v1.1.4322\\aspnet_isapi.dll,1\n")
		evidenceFile(files, "acl.txt", `C:\inetpub\wwwroot\t\`+c.file+" "+c.entries+"\n")
		found := false
		for _, f := range onHealthy(t, files) {
			if f.ID == "identity-access" {
				found = true
				if got := strings.Join(f.Remedies[0].Commands(), "|"); got != c.want {
					t.Errorf("%s %q: %s", c.file, c.entries, got)
				}
			}
		}
		if !found {
			t.Errorf("%s %q: not found", c.file, c.entries)
		}
	}
}
