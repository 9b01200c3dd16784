package checks

import (
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
		{"what a page opens", with("a.asp", page, `data.txt BUILTIN\Administrators:F`), "warning possible ", `/t/a.asp opens C:\inetpub\wwwroot\t\data.txt`},
		{"what a page may open", with("a.asp", page, `data.txt WEB01\IUSR_WEB01:R`), "", ""},
		{"a file beside it", with("a.asp", page, `data2.txt BUILTIN\Administrators:F`), "", ""},
	})
}
