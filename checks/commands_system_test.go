package checks

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

func TestSystemCommands(t *testing.T) {
	const http, inetinfo = `HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters`, `HKLM\SYSTEM\CurrentControlSet\Services\InetInfo\Parameters`
	const ini = `notepad %windir%\System32\inetsrv\urlscan\UrlScan.ini`
	const reg, right, group, acl, firewall, urlscan = snapshot.EditRegistry, snapshot.EditRight, snapshot.EditGroup, snapshot.EditACL, snapshot.EditFirewall, snapshot.EditURLScan
	for _, c := range []struct {
		name string
		edit snapshot.Edit
		want string
	}{
		{"a limit of HTTP.sys", snapshot.Edit{Kind: reg, Target: http, Property: "MaxRequestBytes", Op: metabase.Set, Value: "REG_DWORD 65536"},
			`reg add "HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters" /v MaxRequestBytes /t REG_DWORD /d 65536 /f|net stop http /y|net start w3svc`},
		{"deleted", snapshot.Edit{Kind: reg, Target: http, Property: "MaxRequestBytes", Op: metabase.Remove},
			`reg delete "HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters" /v MaxRequestBytes /f|net stop http /y|net start w3svc`},
		{"a setting of inetinfo", snapshot.Edit{Kind: reg, Target: inetinfo, Property: "DisableStaticFileCache", Op: metabase.Set, Value: "REG_DWORD 1"},
			`reg add "HKLM\SYSTEM\CurrentControlSet\Services\InetInfo\Parameters" /v DisableStaticFileCache /t REG_DWORD /d 1 /f|iisreset`},
		{"a text that ends in a backslash", snapshot.Edit{Kind: reg, Target: `HKLM\SOFTWARE\A b\`, Property: "a b", Op: metabase.Set, Value: `REG_SZ c:\d e\`},
			`reg add "HKLM\SOFTWARE\A b" /v "a b" /t REG_SZ /d "c:\d e\\" /f`},
		{"a variable and a second command", snapshot.Edit{Kind: reg, Target: `HKLM\SOFTWARE\%X%`, Property: "a&calc", Op: metabase.Set, Value: `REG_SZ 1&calc`},
			`reg add ^"HKLM\SOFTWARE\^%^X^%^" /v "a&calc" /t REG_SZ /d "1&calc" /f`},
		{"the default value", snapshot.Edit{Kind: reg, Target: `HKLM\SOFTWARE\X`, Op: metabase.Set, Value: "REG_SZ "}, `reg add "HKLM\SOFTWARE\X" /ve /t REG_SZ /d "" /f`},
		{"a quote in the text", snapshot.Edit{Kind: reg, Target: `HKLM\SOFTWARE\X`, Property: "a", Op: metabase.Set, Value: `REG_SZ "&calc`}, ""},
		{"a quote in the key", snapshot.Edit{Kind: reg, Target: `HKLM\SOFTWARE\X"&calc`, Property: "a", Op: metabase.Set, Value: "REG_DWORD 1"}, ""},
		{"an option for a name", snapshot.Edit{Kind: reg, Target: `HKLM\SOFTWARE\X`, Property: "/va", Op: metabase.Remove}, ""},
		{"no hive", snapshot.Edit{Kind: reg, Target: `/LM/X`, Property: "a", Op: metabase.Remove}, ""},
		{"no data", snapshot.Edit{Kind: reg, Target: http, Property: "a", Op: metabase.Set, Value: "1"}, ""},

		{"grant", snapshot.Edit{Kind: right, Target: "SeIncreaseQuotaPrivilege", Op: metabase.Add, Value: `CONTOSO\web`}, `ntrights +r SeIncreaseQuotaPrivilege -u CONTOSO\web`},
		{"revoke", snapshot.Edit{Kind: right, Target: "SeTcbPrivilege", Op: metabase.Remove, Value: "S-1-5-20"}, `ntrights -r SeTcbPrivilege -u "NETWORK SERVICE"`},
		{"a SID that nobody can name", snapshot.Edit{Kind: right, Target: "SeTcbPrivilege", Op: metabase.Add, Value: "S-1-5-21-1-2-3-4"}, ""},
		{"a second command in the account", snapshot.Edit{Kind: right, Target: "SeTcbPrivilege", Op: metabase.Add, Value: "a&calc"}, `ntrights +r SeTcbPrivilege -u "a&calc"`},
		{"a quote in the account", snapshot.Edit{Kind: right, Target: "SeTcbPrivilege", Op: metabase.Add, Value: `a"&calc`}, ""},
		{"an option for an account", snapshot.Edit{Kind: right, Target: "SeTcbPrivilege", Op: metabase.Add, Value: `-m`}, ""},
		{"a blank in the right", snapshot.Edit{Kind: right, Target: "SeTcb Privilege", Op: metabase.Add, Value: `a`}, ""},
		{"a right is not set", snapshot.Edit{Kind: right, Target: "SeTcbPrivilege", Op: metabase.Set, Value: `a`}, ""},

		{"a member", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `CONTOSO\web`}, `net localgroup IIS_WPG CONTOSO\web /add`},
		{"a local member", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `.\web`}, `net localgroup IIS_WPG web /add`},
		{"a member with a blank", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `CONTOSO\web pool`}, `net localgroup IIS_WPG "CONTOSO\web pool" /add`},
		{"a member that is to be typed", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `<DOMAIN\user>`}, `net localgroup IIS_WPG "<DOMAIN\user>" /add`},
		{"a second command in the member", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `web&calc`}, `net localgroup IIS_WPG "web&calc" /add`},
		{"a quote in the member", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `web"&calc`}, ""},
		{"an option for a member", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `/delete`}, ""},
		{"nobody", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Add, Value: `.\`}, ""},
		{"another group", snapshot.Edit{Kind: group, Target: "Administrators", Op: metabase.Add, Value: `CONTOSO\web`}, ""},
		{"a member is not removed", snapshot.Edit{Kind: group, Target: "IIS_WPG", Op: metabase.Remove, Value: `CONTOSO\web`}, ""},

		{"a file", snapshot.Edit{Kind: acl, Target: `C:\web\a b.htm`, Property: "IUSR_WEB01", Op: metabase.Add, Value: "R"}, `cacls "C:\web\a b.htm" /E /G IUSR_WEB01:R`},
		{"a folder", snapshot.Edit{Kind: acl, Target: `C:\web\`, Property: `*S-1-5-20`, Op: metabase.Set, Value: "C"}, `cacls C:\web /T /E /P "NETWORK SERVICE:C"`},
		{"a drive", snapshot.Edit{Kind: acl, Target: `D:\`, Property: `Users`, Op: metabase.Remove}, `cacls D:\ /T /E /R Users`},
		{"a pattern", snapshot.Edit{Kind: acl, Target: `C:\web\*`, Property: `Users`, Op: metabase.Remove}, ""},
		{"no full path", snapshot.Edit{Kind: acl, Target: `web`, Property: `Users`, Op: metabase.Remove}, ""},
		{"no letter", snapshot.Edit{Kind: acl, Target: `C:\web`, Property: `Users`, Op: metabase.Add, Value: "R /T"}, ""},
		{"nothing is not added", snapshot.Edit{Kind: acl, Target: `C:\web`, Property: `Users`, Op: metabase.Add, Value: "N"}, ""},
		{"a right in the account", snapshot.Edit{Kind: acl, Target: `C:\web`, Property: `Users:F`, Op: metabase.Add, Value: "R"}, ""},

		{"a port", snapshot.Edit{Kind: firewall, Target: "TCP 80", Op: metabase.Add, Value: "HTTP"},
			"netsh firewall add portopening protocol=TCP port=80 name=HTTP mode=ENABLE scope=ALL profile=ALL"},
		{"a name of two words", snapshot.Edit{Kind: firewall, Target: "TCP 8080", Op: metabase.Add, Value: "Web server"},
			`netsh firewall add portopening protocol=TCP port=8080 name="Web server" mode=ENABLE scope=ALL profile=ALL`},
		{"a second command in the name", snapshot.Edit{Kind: firewall, Target: "TCP 80", Op: metabase.Add, Value: "a & calc"}, ""},
		{"no port", snapshot.Edit{Kind: firewall, Target: "TCP 80&calc", Op: metabase.Add, Value: "HTTP"}, ""},
		{"exceptions", snapshot.Edit{Kind: firewall, Target: snapshot.FirewallExceptions, Property: "standard", Op: metabase.Set, Value: "ENABLE"}, "netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=STANDARD"},
		{"exceptions of the domain", snapshot.Edit{Kind: firewall, Target: snapshot.FirewallExceptions, Property: "domain", Op: metabase.Set, Value: "ENABLE"}, "netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=DOMAIN"},
		{"exceptions of no profile", snapshot.Edit{Kind: firewall, Target: snapshot.FirewallExceptions, Op: metabase.Set, Value: "ENABLE"}, ""},

		{"UrlScan", snapshot.Edit{Kind: urlscan, Target: `x" & calc`, Op: metabase.Add, Value: "%OS%"}, ini + "|iisreset"},
		{"filters", snapshot.Edit{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/1/Filters", Property: "FilterLoadOrder", Op: metabase.Set, Value: "a,b"}, set + `W3SVC/1/Filters/FilterLoadOrder "a,b"|iisreset`},
		{"another kind", snapshot.Edit{Kind: "weather", Target: "/LM/W3SVC", Property: "Path", Op: metabase.Set, Value: "x"}, ""},
	} {
		if got := strings.Join(Remedy{Edits: []snapshot.Edit{c.edit}}.Commands(), "|"); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestRestartOnce: a restart follows the last of the edits that need it, and a file
// is opened once.
func TestRestartOnce(t *testing.T) {
	http := func(name string) snapshot.Edit {
		return snapshot.Edit{Kind: snapshot.EditRegistry, Target: snapshot.RegHTTP, Property: name, Op: metabase.Set, Value: "REG_DWORD 1"}
	}
	scan := snapshot.Edit{Kind: snapshot.EditURLScan, Target: "AllowVerbs", Op: metabase.Add, Value: "GET"}
	want := []string{
		`reg add "` + snapshot.RegHTTP + `" /v a /t REG_DWORD /d 1 /f`,
		`reg add "` + snapshot.RegHTTP + `" /v b /t REG_DWORD /d 1 /f`,
		urlScanFile[0], "net stop http /y", "net start w3svc", "iisreset",
	}
	if d := cmp.Diff(want, Remedy{Edits: []snapshot.Edit{http("a"), http("b"), scan, scan}}.Commands()); d != "" {
		t.Error(d)
	}
}

func TestUrlScanStep(t *testing.T) {
	for _, c := range []struct {
		edit snapshot.Edit
		want string
	}{
		{snapshot.Edit{Target: "DenyExtensions", Op: metabase.Remove, Value: ".exe"}, "In [DenyExtensions] of UrlScan.ini take out the line .exe"},
		{snapshot.Edit{Target: "AllowVerbs", Op: metabase.Add, Value: "PUT"}, "In [AllowVerbs] of UrlScan.ini add the line PUT"},
		{snapshot.Edit{Target: "RequestLimits", Property: "MaxUrl", Op: metabase.Set, Value: "500"}, "In [RequestLimits] of UrlScan.ini write MaxUrl=500."},
		{snapshot.Edit{Target: "Options", Property: "RuleList", Op: metabase.Remove}, "In [Options] of UrlScan.ini take out the line RuleList=."},
	} {
		if got := urlScanStep(c.edit); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
