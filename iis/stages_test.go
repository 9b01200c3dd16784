package iis

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// evidence is what an administrator collects beside metabase and content.
type evidence struct {
	acls, rights, urlscan, registry string
	group                           string // the members of IIS_WPG
}

func (e evidence) addTo(t *testing.T, s *snapshot.Snapshot) {
	t.Helper()
	text := func(name, raw string) *source.Text {
		decoded, problem := source.Decode(name, []byte(raw))
		if problem != nil {
			t.Fatal(problem)
		}
		return decoded
	}
	var problems []source.Problem
	if e.acls != "" {
		s.ACLs, problems = snapshot.ReadACLs(text("acls.txt", e.acls))
	}
	if e.rights != "" {
		s.Rights, problems = snapshot.ReadRights(text("rights.inf", "[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\n"+e.rights+"[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n"))
	}
	if e.group != "" {
		list := "Alias name     IIS_WPG\r\n\r\n" + strings.Repeat("-", 79) + "\r\n" + e.group + "The command completed successfully.\r\n"
		s.WorkerGroup, problems = snapshot.ReadWorkerGroup(text("group.txt", list))
	}
	if e.urlscan != "" {
		s.URLScan, problems = snapshot.ReadUrlScan(text("UrlScan.ini", e.urlscan))
	}
	if e.registry != "" {
		s.Registry, problems = snapshot.ReadRegistry(text("server.reg", "Windows Registry Editor Version 5.00\r\n\r\n"+e.registry))
	}
	if len(problems) > 0 {
		t.Fatal(problems)
	}
}

const urlscanFilter = `<IIsFilters	Location ="/LM/W3SVC/Filters" FilterLoadOrder="UrlScan"></IIsFilters>
<IIsFilter	Location ="/LM/W3SVC/Filters/UrlScan" FilterPath="C:\WINDOWS\system32\inetsrv\urlscan\urlscan.dll"></IIsFilter>`

func siteFilter(order, attributes string) string {
	return `<IIsFilters	Location ="/LM/W3SVC/1/Filters" FilterLoadOrder="` + order + `"></IIsFilters>
<IIsFilter	Location ="/LM/W3SVC/1/Filters/own" ` + attributes + `></IIsFilter>`
}

const lockdown = `[Options]
UseAllowVerbs=1
AllowHighBitCharacters=0
AllowDotInPath=0
UseAllowExtensions=0
[AllowVerbs]
GET
HEAD
[DenyExtensions]
.asp
[DenyUrlSequences]
..
cmd
[DenyHeaders]
Translate:
[RequestLimits]
MaxQueryString=5
`

const customIdentity = `AppPoolIdentityType="3" WAMUserName="CONTOSO\web" WAMUserPass="49634462aa"`

// TestEvidenceStages: what filters, UrlScan, access lists, user rights, the registry
// and the limits of a request make of it.
func TestEvidenceStages(t *testing.T) {
	cgi := map[string]string{"SERVICE": `WebSvcExtRestrictionList="1,*.exe
			1,*.dll"`}
	pool := func(attributes string) map[string]string {
		return map[string]string{"SERVICE": cgi["SERVICE"], "POOL": attributes}
	}
	const msv = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0]\r\n"
	cases := []struct {
		name    string
		marks   map[string]string
		with    evidence
		method  string
		url     string
		status  Status
		stage   string
		assumed bool
		source  string
	}{
		{"reading allowed", nil, evidence{acls: "C:\\inetpub\\wwwroot\\default.htm BUILTIN\\Users:R\r\n"}, "GET", "http://x/", "200", "answer", false, "KB318380"},
		{"nobody but administrators", nil, evidence{acls: "C:\\inetpub\\wwwroot\\default.htm BUILTIN\\Administrators:F\r\n"}, "GET", "http://x/", "401.3", "access list", false, "KB318380, 401.3"},
		{"denied to the anonymous user", nil, evidence{acls: "C:\\inetpub\\wwwroot\\default.htm WEB01\\IUSR_WEB01:N\r\n                                 BUILTIN\\Users:R\r\n"}, "GET", "http://x/", "401.3", "access list", false, "KB318380"},
		{"a group of the domain", nil, evidence{acls: "C:\\inetpub\\wwwroot\\default.htm CONTOSO\\readers:R\r\n"}, "GET", "http://x/", "200", "answer", true, "design"},
		{"another file is listed", nil, evidence{acls: "C:\\inetpub\\wwwroot\\hello.asp BUILTIN\\Administrators:F\r\n"}, "GET", "http://x/", "200", "answer", false, "design"},
		{"an ASP page meets the list in its handler", nil, evidence{acls: "C:\\inetpub\\wwwroot\\hello.asp BUILTIN\\Administrators:F\r\n"}, "GET", "http://x/hello.asp", "401.3", "access list", false, "inferred"},
		{"ASP opens its page as the visitor", nil, evidence{acls: "C:\\inetpub\\wwwroot\\hello.asp WEB01\\IUSR_WEB01:R\r\n"}, "GET", "http://x/hello.asp", "200", "answer", false, "design: no right for the pool is needed"},
		{"type before list would be 404.3", nil, evidence{acls: "C:\\inetpub\\wwwroot\\data.json BUILTIN\\Administrators:F\r\n"}, "GET", "http://x/data.json", "401.3", "access list", false, "inferred"},

		{"no name for the anonymous account", map[string]string{"SERVICE": `AnonymousUserName=""`}, evidence{}, "GET", "http://x/", "401.1", "anonymous logon", false, "inferred"},
		{"sub-authentication under NetworkService", map[string]string{"SERVICE": `AnonymousPasswordSync="TRUE"`}, evidence{}, "GET", "http://x/", "401.1", "anonymous logon", false, "cc783654"},
		{"under LocalSystem, registry not collected", map[string]string{"SERVICE": `AnonymousPasswordSync="TRUE"`, "POOL": `AppPoolIdentityType="0"`}, evidence{}, "GET", "http://x/", "200", "answer", true, "S1"},
		{"under LocalSystem, registered", map[string]string{"SERVICE": `AnonymousPasswordSync="TRUE"`, "POOL": `AppPoolIdentityType="0"`}, evidence{registry: msv + "\"Auth132\"=\"IISSUBA\"\r\n"}, "GET", "http://x/", "200", "answer", false, "S1"},
		{"under LocalSystem, not registered", map[string]string{"SERVICE": `AnonymousPasswordSync="TRUE"`, "POOL": `AppPoolIdentityType="0"`}, evidence{registry: msv + "\"Auth0\"=\"msv1_0\"\r\n"}, "GET", "http://x/", "401.1", "anonymous logon", false, "S1"},
		{"password synchronised", map[string]string{"SERVICE": `AnonymousPasswordSync="FALSE"`}, evidence{}, "GET", "http://x/", "200", "answer", false, "cc783654"},

		{"program by NetworkService", cgi, evidence{}, "GET", "http://x/sum.pl", "200", "answer", false, "cc779635"},
		{"by an own account, rights not collected", pool(customIdentity), evidence{}, "GET", "http://x/sum.pl", "200", "answer", true, "design"},
		{"by an own account without the rights", pool(customIdentity), evidence{rights: "SeAssignPrimaryTokenPrivilege = *S-1-5-19,*S-1-5-20\r\nSeIncreaseQuotaPrivilege = *S-1-5-19,*S-1-5-20\r\n"}, "GET", "http://x/sum.pl", "403.19", "CGI process", false, "KB943891"},
		{"with one of two", pool(customIdentity), evidence{rights: "SeAssignPrimaryTokenPrivilege = CONTOSO\\web\r\nSeIncreaseQuotaPrivilege = *S-1-5-19\r\n"}, "GET", "http://x/sum.pl", "403.19", "CGI process", false, "cc779635"},
		{"with both", pool(customIdentity), evidence{rights: "SeAssignPrimaryTokenPrivilege = CONTOSO\\web\r\nSeIncreaseQuotaPrivilege = CONTOSO\\web\r\n"}, "GET", "http://x/sum.pl", "200", "answer", false, "cc779635"},
		{"LocalSystem needs none", pool(`AppPoolIdentityType="0"`), evidence{rights: "SeAssignPrimaryTokenPrivilege = *S-1-5-19\r\n"}, "GET", "http://x/sum.pl", "200", "answer", false, "cc779635"},
		{"a page of ASP needs none", pool(customIdentity), evidence{rights: "SeAssignPrimaryTokenPrivilege = *S-1-5-19\r\n"}, "GET", "http://x/hello.asp", "200", "answer", false, "cc779635"},

		{"own account, group not collected", pool(customIdentity), evidence{}, "GET", "http://x/", "200", "answer", false, "design"},
		{"own account outside the group", pool(customIdentity), evidence{group: "NT AUTHORITY\\NETWORK SERVICE\r\n"}, "GET", "http://x/", "503", StagePool, false, "upgrade guide; K2 KB000095"},
		{"outside the group comes before its rights", pool(customIdentity), evidence{group: "NT AUTHORITY\\SYSTEM\r\n", rights: "SeAssignPrimaryTokenPrivilege = *S-1-5-19\r\n"}, "GET", "http://x/sum.pl", "503", StagePool, false, "inferred: no process, no program"},
		{"own account in the group", pool(customIdentity), evidence{group: "contoso\\WEB\r\n"}, "GET", "http://x/", "200", "answer", false, "upgrade guide"},
		{"perhaps in a group of the domain", pool(customIdentity), evidence{group: "CONTOSO\\Web Pools\r\n"}, "GET", "http://x/", "200", "answer", true, "design"},
		{"NetworkService outside the group", pool(`AppPoolIdentityType="2" WAMUserName="CONTOSO\web"`), evidence{group: "IWAM_WEB01\r\n"}, "GET", "http://x/", "200", "answer", false, "cc736455"},
		{"isolation mode has no pools to join the group", map[string]string{"SERVICE": `IIs5IsolationModeEnabled="TRUE"`, "POOL": customIdentity}, evidence{group: "IWAM_WEB01\r\n"}, "GET", "http://x/", "200", "answer", false, "S1"},

		{"filter known to be missing", map[string]string{"KEYS": siteFilter("own", `FilterPath="C:\filters\own.dll"`)}, evidence{}, "GET", "http://x/", "503", StageFilters, false, "S1"},
		{"filter whose folder was not collected", map[string]string{"KEYS": siteFilter("own", `FilterPath="D:\filters\own.dll"`)}, evidence{}, "GET", "http://x/", "200", "answer", false, "design"},
		{"filter that is there", map[string]string{"KEYS": siteFilter("own", `FilterPath="C:\filters\other.dll"`)}, evidence{}, "GET", "http://x/", "200", "answer", false, "S1"},
		{"load order without its key", map[string]string{"KEYS": siteFilter("gone", `FilterPath="C:\filters\other.dll"`)}, evidence{}, "GET", "http://x/", "503", StageFilters, false, "inferred"},
		{"filter switched off", map[string]string{"KEYS": siteFilter("own", `FilterPath="C:\filters\own.dll" FilterEnabled="FALSE"`)}, evidence{}, "GET", "http://x/", "200", "answer", false, "IIsFilter"},
		{"filter out of reach", map[string]string{"KEYS": siteFilter("own", `FilterPath="C:\filters\other.dll"`)}, evidence{acls: "C:\\filters\\other.dll BUILTIN\\Administrators:F\r\n"}, "GET", "http://x/", "503", StageFilters, false, "S1"},
		{"filter that IIS_WPG may read", map[string]string{"KEYS": siteFilter("own", `FilterPath="C:\filters\other.dll"`)}, evidence{acls: "C:\\filters\\other.dll WEB01\\IIS_WPG:R\r\n"}, "GET", "http://x/", "200", "answer", false, "S1"},
		{"raw data in isolation mode", map[string]string{"KEYS": siteFilter("own", `FilterPath="C:\filters\own.dll" FilterFlags="NotifyReadRawData"`)}, evidence{}, "GET", "http://x/", "200", "answer", false, "S1"},

		{"UrlScan passes", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/", "200", "answer", false, "UrlScan 2"},
		{"UrlScan is not installed", nil, evidence{urlscan: lockdown}, "GET", "http://x/hello.asp", "200", "answer", false, "UrlScan 2"},
		{"extension", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/hello.ASP", "404", "UrlScan", false, "UrlScan 2"},
		{"verb", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "POST", "http://x/", "404", "UrlScan", false, "UrlScan 2"},
		{"sequence", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/CMD.htm", "404", "UrlScan", false, "UrlScan 2"},
		{"dot in path", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/a.b/c.htm", "404", "UrlScan", false, "UrlScan 2"},
		{"encoded twice", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/a%2541.htm", "404", "UrlScan", false, "UrlScan 2"},
		{"high bit", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/%C3%A4.htm", "404", "UrlScan", false, "UrlScan 2"},
		{"query of 6", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/?123456", "404", "UrlScan", false, "UrlScan 2"},
		{"query of 5", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: lockdown}, "GET", "http://x/?12345", "200", "answer", false, "UrlScan 2"},
		{"only logging", map[string]string{"KEYS": urlscanFilter}, evidence{urlscan: strings.Replace(lockdown, "[Options]", "[Options]\nRejectResponseUrl=/~*", 1)}, "GET", "http://x/hello.asp", "200", "answer", false, "UrlScan 2"},

		{"removed class", nil, evidence{}, "GET", "http://x/mail.asp", "500", "ASP page", false, "S1"},
		{"removed class that somebody put back", nil, evidence{registry: "[HKEY_CLASSES_ROOT\\CDONTS.NewMail\\CLSID]\r\n@=\"{1}\"\r\n\r\n[HKEY_CLASSES_ROOT\\CLSID\\{1}\\InProcServer32]\r\n@=\"cdonts.dll\"\r\n"}, "GET", "http://x/mail.asp", "200", "answer", false, "KB324649"},
		{"removed class inside an If", nil, evidence{}, "GET", "http://x/mailif.asp", "200", "answer", true, "design"},
		{"parent path in SSI", cgi, evidence{}, "GET", "http://x/up.stm", "404", StageSSI, false, "S1"},
		{"parent path in SSI allowed", map[string]string{"SERVICE": cgi["SERVICE"], "ROOT": `AspEnableParentPaths="TRUE"`}, evidence{}, "GET", "http://x/up.stm", "200", "answer", true, "S1"},
	}
	content := map[string]string{
		"C/filters/other.dll":           "",
		"C/inetpub/wwwroot/mail.asp":    `<% Set m = Server.CreateObject("CDONTS.NewMail") %>`,
		"C/inetpub/wwwroot/mailif.asp":  `<% If x Then Set m = Server.CreateObject("CDONTS.NewMail") %>`,
		"C/inetpub/wwwroot/up.stm":      `<!--#include file="../a.inc"-->`,
		"C/inetpub/wwwroot/sum.pl":      "",
		"C/inetpub/wwwroot/default.htm": "",
		"C/inetpub/wwwroot/hello.asp":   "",
		"C/inetpub/wwwroot/data.json":   "",
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := with(t, c.marks, content)
			c.with.addTo(t, m.snapshot)
			out := ask(t, m, c.method, c.url)
			if out.Status != c.status || out.Stage != c.stage || out.Assumed != c.assumed {
				t.Errorf("%s at %q assumed %v, want %s at %q assumed %v (%s)\n%s", out.Status, out.Stage, out.Assumed, c.status, c.stage, c.assumed, c.source, steps(out))
			}
			if out.Status.Failed() && out.Because == nil {
				t.Error("nothing is named as the place to change")
			}
		})
	}
}

// TestRejectedByUrlScan: how the log shows a refused request (UrlScan 2 Reference).
func TestRejectedByUrlScan(t *testing.T) {
	m := with(t, map[string]string{"KEYS": urlscanFilter}, page)
	evidence{urlscan: lockdown}.addTo(t, m.snapshot)
	out := ask(t, m, "GET", "http://x/hello.asp?a")
	if out.Target.URL != "/<Rejected-By-UrlScan>" || out.Logged != "~/hello.asp?a" || out.Because.Value != ".asp" || out.Because.Span.Pos().Line != 10 {
		t.Errorf("%q %q %+v", out.Target.URL, out.Logged, out.Because)
	}
}

// TestFirstStatementDecides: of two calls that fail the earlier one is the answer.
func TestFirstStatementDecides(t *testing.T) {
	const mail, path = `<% Set m = Server.CreateObject("CDONTS.NewMail") %>`, `<% x = Server.MapPath("../a") %>`
	for text, want := range map[string]string{mail + path: "ASP 0177 : 800401f3", path + mail: "ASP 0175 : 80004005"} {
		out := ask(t, with(t, nil, map[string]string{"C/inetpub/wwwroot/p.asp": text}), "GET", "http://x/p.asp")
		if out.ASP == nil || out.ASP.Code != want {
			t.Errorf("%s: %+v, want %s", text, out.ASP, want)
		}
	}
}

// TestEntityLimits: only POST and PUT with a Content-Length are held against the
// limits (KB327659); MaxRequestEntityAllowed holds for every handler (ms524953).
func TestEntityLimits(t *testing.T) {
	for _, c := range []struct {
		attributes, method, path, length string
		status                           Status
	}{
		{"", "POST", "/hello.asp", "204800", "200"},
		{"", "POST", "/hello.asp", "204801", "403"},
		{"", "GET", "/hello.asp", "204801", "200"},
		{"", "POST", "/hello.asp", "", "200"},
		{`AspMaxRequestEntityAllowed="10"`, "POST", "/hello.asp", "11", "403"},
		{`AspMaxRequestEntityAllowed="10"`, "POST", "/hello.asp", "10", "200"},
		{`MaxRequestEntityAllowed="10"`, "POST", "/hello.asp", "11", "403"},
	} {
		m := with(t, map[string]string{"ROOT": c.attributes}, page)
		r, err := ParseURL(c.method, "http://x"+c.path)
		if err != nil {
			t.Fatal(err)
		}
		if c.length != "" {
			r.Header = []Field{{"Content-Length", c.length}}
		}
		if out := m.Decide(r); out.Status != c.status {
			t.Errorf("%s %s of %q: %s, want %s\n%s", c.attributes, c.method, c.length, out.Status, c.status, steps(out))
		}
	}
}
