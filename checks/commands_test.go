package checks

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

const set = `cscript %SystemDrive%\Inetpub\AdminScripts\adsutil.vbs SET `

func TestCommands(t *testing.T) {
	for _, c := range []struct {
		name                  string
		path, property, value string
		op                    metabase.Op
		want                  []string
	}{
		{"plain", "/LM/W3SVC/1/ROOT", "AspEnableParentPaths", "TRUE", metabase.Set, []string{set + "W3SVC/1/ROOT/AspEnableParentPaths TRUE"}},
		{"a blank in the key", "/LM/W3SVC/AppPools/My Pool", "RapidFailProtectionMaxCrashes", "5", metabase.Set,
			[]string{set + `"W3SVC/AppPools/My Pool/RapidFailProtectionMaxCrashes" 5`}},
		{"a second command in the key", "/LM/W3SVC/AppPools/A&calc", "RapidFailProtectionMaxCrashes", "5", metabase.Set,
			[]string{set + `"W3SVC/AppPools/A&calc/RapidFailProtectionMaxCrashes" 5`}},
		{"a variable in the key", "/LM/W3SVC/AppPools/%OS% & x", "RapidFailProtectionMaxCrashes", "5", metabase.Set,
			[]string{set + `^"W3SVC/AppPools/^%^OS^%^ ^& x/RapidFailProtectionMaxCrashes^" 5`}},
		{"flags", "/LM/W3SVC/1/ROOT", "AuthFlags", "AuthAnonymous | AuthNTLM", metabase.Set, []string{set + "W3SVC/1/ROOT/AuthFlags 5"}},
		{"a secret", "/LM/W3SVC/1/ROOT", "UNCPassword", "<password>", metabase.Set, []string{set + `W3SVC/1/ROOT/UNCPassword "<password>"`}},
		{"empty", "/LM/W3SVC/1/ROOT", "UNCUserName", "", metabase.Set, []string{set + `W3SVC/1/ROOT/UNCUserName ""`}},
		{"a list", "/LM/W3SVC/1", "SecureBindings", ":443:\n  10.0.0.1:444:", metabase.Set, []string{set + "W3SVC/1/SecureBindings :443: 10.0.0.1:444:"}},
		{"the first binding", "/LM/W3SVC/1", "SecureBindings", ":443:", metabase.Add, []string{set + "W3SVC/1/SecureBindings :443:"}},
		{"a list of maps", "/LM/W3SVC/1/ROOT", "ScriptMaps", `.asp,C:\a b\asp.dll,5,GET`, metabase.Set, []string{set + `W3SVC/1/ROOT/ScriptMaps ".asp,C:\a b\asp.dll,5,GET"`}},
		{"a CGI map", "/LM/W3SVC/1/ROOT", "ScriptMaps", `.pl,C:\Perl\bin\perl.exe "%s" %s,1` + "\n.x,y,1", metabase.Set, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC/1/ROOT") > %TEMP%\set.vbs`,
			`echo o.PutEx 2, "ScriptMaps", Array(".pl,C:\Perl\bin\perl.exe """ + ChrW(37) + "s"" " + ChrW(37) + "s,1", ".x,y,1") : o.SetInfo >> %TEMP%\set.vbs`,
			`cscript //nologo %TEMP%\set.vbs`}},
		{"an option of the script host", "/LM/W3SVC/1/ROOT", "Path", `//b`, metabase.Set, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC/1/ROOT") > %TEMP%\set.vbs`,
			`echo o.Put "Path", "//b" : o.SetInfo >> %TEMP%\set.vbs`,
			`cscript //nologo %TEMP%\set.vbs`}},

		{"allow", "/LM/W3SVC", "WebSvcExtRestrictionList", `1,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages`, metabase.Replace,
			[]string{`cscript %SystemRoot%\System32\iisext.vbs /EnFile C:\WINDOWS\system32\inetsrv\asp.dll`}},
		{"add", "/LM/W3SVC", "WebSvcExtRestrictionList", `1,C:\a b\x.dll,1,,X & Y`, metabase.Add,
			[]string{`cscript %SystemRoot%\System32\iisext.vbs /AddFile "C:\a b\x.dll" 1 "" 1 "X & Y"`}},
		{"add a CGI program", "/LM/W3SVC", "WebSvcExtRestrictionList", `1,p.exe "%s",1,,P`, metabase.Add, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC") > %TEMP%\list.vbs`,
			`echo a = o.GetEx("WebSvcExtRestrictionList") : n = UBound(a) + 1 : ReDim Preserve a(n) >> %TEMP%\list.vbs`,
			`echo a(n) = "1,p.exe """ + ChrW(37) + "s"",1,,P" >> %TEMP%\list.vbs`,
			`echo o.PutEx 2, "WebSvcExtRestrictionList", a : o.SetInfo >> %TEMP%\list.vbs`,
			`cscript //nologo %TEMP%\list.vbs`}},
		{"allow a CGI program", "/LM/W3SVC", "WebSvcExtRestrictionList", `1,p.exe "x",1,,P`, metabase.Replace, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC") > %TEMP%\list.vbs`,
			`echo a = o.GetEx("WebSvcExtRestrictionList") >> %TEMP%\list.vbs`,
			`echo For i = 0 To UBound(a) >> %TEMP%\list.vbs`,
			`echo If StrComp(Split(a(i) + ",,", ",")(1), "p.exe ""x""", 1) = 0 Then a(i) = "1,p.exe ""x"",1,,P" >> %TEMP%\list.vbs`,
			`echo Next >> %TEMP%\list.vbs`,
			`echo o.PutEx 2, "WebSvcExtRestrictionList", a : o.SetInfo >> %TEMP%\list.vbs`,
			`cscript //nologo %TEMP%\list.vbs`}},
		{"a list entry without a file", "/LM/W3SVC", "WebSvcExtRestrictionList", "1", metabase.Add, nil},

		{"a type", "/LM/W3SVC/1/Übung & 1", "MimeMap", `.j%son,a/b`, metabase.Add, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC/1/" + ChrW(220) + "bung & 1") > %TEMP%\mime.vbs`,
			`echo m = o.GetEx("MimeMap") : n = UBound(m) + 1 : ReDim Preserve m(n) >> %TEMP%\mime.vbs`,
			`echo Set m(n) = CreateObject("MimeMap") : m(n).Extension = ".j" + ChrW(37) + "son" : m(n).MimeType = "a/b" >> %TEMP%\mime.vbs`,
			`echo o.PutEx 2, "MimeMap", m : o.SetInfo >> %TEMP%\mime.vbs`,
			`cscript //nologo %TEMP%\mime.vbs`}},
		{"a certificate", "/LM/W3SVC/1", "SSLCertHash", "<certificate>", metabase.Set, []string{`cscript IISCertDeploy.vbs -c "<certificate.pfx>" -p "<password>" -i w3svc/1`}},
		{"taken out", "/LM/W3SVC/1", "Junk", "", metabase.Remove, []string{"net stop iisadmin /y", `notepad %windir%\System32\inetsrv\MetaBase.xml`, "net start w3svc"}},

		{"a map whose letters change their length in lower case", "/LM/W3SVC", "ScriptMaps", ".\u023a\u023a\u023a\u023a\u023a\u023a\u023a\u023a,a.dll,x", metabase.Remove,
			removal("ScriptMaps", `StrComp(Left(a(i), 10), "." + `+strings.Repeat("ChrW(570) + ", 8)+`",", 1)`)},
		{"a map with the Kelvin sign", "/LM/W3SVC", "ScriptMaps", ".\u023a\u212ax,a.dll,x,GET", metabase.Remove,
			removal("ScriptMaps", `StrComp(Left(a(i), 5), "." + ChrW(570) + ChrW(8490) + "x,", 1)`)},

		{"what PowerShell would run", "/LM/W3SVC/AppPools/a$(calc)b c", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"a variable of PowerShell", "/LM/W3SVC/1/ROOT", "UNCUserName", `a b$env:x`, metabase.Set, nil},
		{"a hidden share", "/LM/W3SVC/1/ROOT", "Path", `\\srv\web$\shop`, metabase.Set, []string{set + `W3SVC/1/ROOT/Path \\srv\web$\shop`}},
		{"an escape of PowerShell", "/LM/W3SVC/AppPools/a` b", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"a left quote", "/LM/W3SVC/AppPools/a \u201c;calc", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"a right quote", "/LM/W3SVC/AppPools/a \u201d;calc", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"a low quote", "/LM/W3SVC/AppPools/a \u201e;calc", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"a wide quote", "/LM/W3SVC/AppPools/a \uff02;calc", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"a wide ampersand", "/LM/W3SVC/AppPools/a\uff06calc", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"an apostrophe", "/LM/W3SVC/AppPools/Bob's", "PeriodicRestartTime", "0", metabase.Set, []string{set + "W3SVC/AppPools/Bob's/PeriodicRestartTime 0"}},
		{"a blank letter", "/LM/W3SVC/AppPools/a\u3164", "PeriodicRestartTime", "0", metabase.Set, nil},
		{"an option of the script host as a file", "/LM/W3SVC", "WebSvcExtRestrictionList", "0,//E:JScript,0,A,A", metabase.Replace, nil},
		{"an option as a file", "/LM/W3SVC", "WebSvcExtRestrictionList", "0,/s,0,A,A", metabase.Replace, nil},
		{"an option as a group", "/LM/W3SVC", "WebSvcExtRestrictionList", "1,a.dll,1,/s,A", metabase.Add, nil},
		{"an option as a key", "/LM//s", "Path", "x", metabase.Set, nil},
		{"a pool that leads elsewhere", "/LM/W3SVC/AppPools/a/../../W3SVC/1", "KeyType", "IIsApplicationPool", metabase.Set, nil},
		{"a pool with a slash", "/LM/W3SVC/AppPools/a/b", "KeyType", "IIsApplicationPool", metabase.Set, nil},
		{"a pool with a backslash", `/LM/W3SVC/AppPools/a\b`, "KeyType", "IIsApplicationPool", metabase.Set, nil},
		{"a filter with a slash", "/LM/W3SVC/1/Filters/a/b", "FilterPath", "x", metabase.Set, nil},
		{"a directory of that name", "/LM/W3SVC/1/ROOT/Filters/AppPools/b", "Path", "x", metabase.Set, []string{set + "W3SVC/1/ROOT/Filters/AppPools/b/Path x"}},

		{"a program that is called with a password", "/LM/W3SVC/1/ROOT", "ScriptMaps", `.pl,C:\x.exe password=S3CRET %s,1`, metabase.Replace, nil},
		{"a password that was withheld", "/LM/W3SVC/1/ROOT", "ScriptMaps", `.pl,C:\x.exe password=[withheld] %s,1`, metabase.Replace, nil},
		{"a quote in the key", `/LM/W3SVC/1/ROOT/a" & calc & "`, "Path", "x", metabase.Set, nil},
		{"a line end in the key", "/LM/W3SVC/1/ROOT/a\ncalc", "Path", "x", metabase.Set, nil},
		{"a line end in the value", "/LM/W3SVC/1/ROOT", "Path", "x\ncalc", metabase.Set, nil},
		{"a control character in the value", "/LM/W3SVC/1/ROOT", "Path", "x\x1by", metabase.Set, nil},
		{"one entry of another list", "/LM/W3SVC/1", "ServerBindings", ":81:", metabase.Add, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC/1") > %TEMP%\list.vbs`,
			`echo a = o.GetEx("ServerBindings") : n = UBound(a) + 1 : ReDim Preserve a(n) >> %TEMP%\list.vbs`,
			`echo a(n) = ":81:" >> %TEMP%\list.vbs`,
			`echo o.PutEx 2, "ServerBindings", a : o.SetInfo >> %TEMP%\list.vbs`,
			`cscript //nologo %TEMP%\list.vbs`}},
		{"another script map", "/LM/W3SVC/1/ROOT", "ScriptMaps", `.asp,C:\asp.dll,5,GET`, metabase.Replace, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC/1/ROOT") > %TEMP%\list.vbs`,
			`echo a = o.GetEx("ScriptMaps") >> %TEMP%\list.vbs`,
			`echo For i = 0 To UBound(a) >> %TEMP%\list.vbs`,
			`echo If StrComp(Left(a(i), 5), ".asp,", 1) = 0 Then a(i) = ".asp,C:\asp.dll,5,GET" >> %TEMP%\list.vbs`,
			`echo Next >> %TEMP%\list.vbs`,
			`echo o.PutEx 2, "ScriptMaps", a : o.SetInfo >> %TEMP%\list.vbs`,
			`cscript //nologo %TEMP%\list.vbs`}},
		{"one error page less", "/LM/W3SVC/1", "HttpErrors", `404,*,FILE,C:\x.htm`, metabase.Remove, []string{
			`echo Set o = GetObject("IIS://localhost/W3SVC/1") > %TEMP%\list.vbs`,
			`echo a = o.GetEx("HttpErrors") : n = -1 : ReDim b(UBound(a)) >> %TEMP%\list.vbs`,
			`echo For i = 0 To UBound(a) >> %TEMP%\list.vbs`,
			`echo If Not StrComp(Left(a(i), 6), "404,*,", 1) = 0 Then n = n + 1 : b(n) = a(i) >> %TEMP%\list.vbs`,
			`echo Next >> %TEMP%\list.vbs`,
			`echo ReDim Preserve b(n) : o.PutEx 2, "HttpErrors", b : o.SetInfo >> %TEMP%\list.vbs`,
			`cscript //nologo %TEMP%\list.vbs`}},
		{"a list taken out", "/LM/W3SVC/1/ROOT", "ScriptMaps", "", metabase.Remove, []string{`cscript %SystemDrive%\Inetpub\AdminScripts\adsutil.vbs DELETE W3SVC/1/ROOT/ScriptMaps`}},
		{"a new pool", "/LM/W3SVC/AppPools/Two Two", "KeyType", "IIsApplicationPool", metabase.Set,
			[]string{`cscript %SystemDrive%\Inetpub\AdminScripts\adsutil.vbs CREATE "W3SVC/AppPools/Two Two" IIsApplicationPool`}},
		{"a pool that starts", "/LM/W3SVC/AppPools/Two", "AppPoolAutoStart", "TRUE", metabase.Set,
			[]string{set + "W3SVC/AppPools/Two/AppPoolAutoStart TRUE", set + "W3SVC/AppPools/Two/AppPoolCommand 1"}},
		{"the other mode", "/LM/W3SVC", "IIs5IsolationModeEnabled", "FALSE", metabase.Set, []string{set + "W3SVC/IIs5IsolationModeEnabled FALSE", "iisreset"}},
	} {
		r := Remedy{Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: c.path, Property: c.property, Op: c.op, Value: c.value}}}
		if d := cmp.Diff(c.want, r.Commands()); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// removal is the script that takes the entries that compare so out of a list of the
// service.
func removal(property, compared string) []string {
	return []string{
		`echo Set o = GetObject("IIS://localhost/W3SVC") > %TEMP%\list.vbs`,
		`echo a = o.GetEx("` + property + `") : n = -1 : ReDim b(UBound(a)) >> %TEMP%\list.vbs`,
		`echo For i = 0 To UBound(a) >> %TEMP%\list.vbs`,
		`echo If Not ` + compared + ` = 0 Then n = n + 1 : b(n) = a(i) >> %TEMP%\list.vbs`,
		`echo Next >> %TEMP%\list.vbs`,
		`echo ReDim Preserve b(n) : o.PutEx 2, "` + property + `", b : o.SetInfo >> %TEMP%\list.vbs`,
		`cscript //nologo %TEMP%\list.vbs`,
	}
}

// TestRegisterFromElsewhere: a program is run from the folder of the .NET Framework
// only, not from where a snapshot says that it is.
func TestRegisterFromElsewhere(t *testing.T) {
	for dll, want := range map[string]string{
		`\\198.51.100.7\x\aspnet_isapi.dll`: "",
		`C:\x\aspnet_isapi.dll`:             "",
		`C:\WINDOWS\Microsoft.NET\Framework\v2.0.50727\..\..\x\aspnet_isapi.dll`: "",
		`C:\WINDOWS\Microsoft.NET\Framework\v2.0.50727&calc\aspnet_isapi.dll`:    "",
		`\\h\WINDOWS\Microsoft.NET\Framework\v2.0.50727\aspnet_isapi.dll`:        "",
		`D:\WINNT\Microsoft.NET\Framework64\v2.0.50727\aspnet_isapi.dll`:         `D:\WINNT\Microsoft.NET\Framework64\v2.0.50727\aspnet_regiis.exe `,
		`%windir%\Microsoft.NET\Framework\v1.1.4322\aspnet_isapi.dll`:            `%windir%\Microsoft.NET\Framework\v1.1.4322\aspnet_regiis.exe `,
	} {
		r := Remedy{Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/1", Property: "ScriptMaps", Op: metabase.Add, Value: ".aspx," + dll + ",1"}}}
		got := strings.Join(r.Commands(), "\n")
		if want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", dll, got)
		}
	}
}

// FuzzCommands: no value makes a panic, or a line that ends early.
func FuzzCommands(f *testing.F) {
	f.Add("/LM/W3SVC", "ScriptMaps", "."+strings.Repeat("\u023a", 20)+",a.dll,x")
	f.Add("/LM/W3SVC", "HttpErrors", "\u212a,\u0130,FILE,x")
	f.Add("/LM/W3SVC", "WebSvcExtRestrictionList", "0,"+strings.Repeat("\u023a", 9)+".exe x,0,,")
	f.Fuzz(func(t *testing.T, target, property, value string) {
		for _, op := range []metabase.Op{metabase.Set, metabase.Add, metabase.Replace, metabase.Remove} {
			r := Remedy{Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: target, Property: property, Op: op, Value: value}}}
			for _, l := range r.Commands() {
				if strings.ContainsAny(l, "\r\n\x00\x1b") {
					t.Errorf("%s %q: %q", op, value, l)
				}
			}
		}
	})
}

// TestRegisterASPNET: one run of the tool makes all maps and the entry of the
// restriction list, which is then allowed.
func TestRegisterASPNET(t *testing.T) {
	const dll = `C:\WINDOWS\Microsoft.NET\Framework\v2.0.50727\aspnet_isapi.dll`
	edit := func(at, property, value string) snapshot.Edit {
		return snapshot.Edit{Kind: snapshot.EditMetabase, Target: at, Property: property, Op: metabase.Add, Value: value}
	}
	for _, c := range []struct {
		at, want string
	}{{"/LM/W3SVC", "-i"}, {"/LM/W3SVC/1/ROOT/my shop", `-sn "W3SVC/1/ROOT/my shop"`}} {
		r := Remedy{Edits: []snapshot.Edit{edit(c.at, "ScriptMaps", ".aspx,"+dll+",1,GET"), edit(c.at, "ScriptMaps", ".asmx,"+dll+",1,GET"),
			edit("/LM/W3SVC", "WebSvcExtRestrictionList", "1,"+dll+",0,ASP.NET v2.0.50727,ASP.NET v2.0.50727")}}
		want := []string{`C:\WINDOWS\Microsoft.NET\Framework\v2.0.50727\aspnet_regiis.exe ` + c.want, `cscript %SystemRoot%\System32\iisext.vbs /EnFile ` + dll}
		if c.want != "-i" { // known to IIS first, without a change of other maps
			want = slices.Insert(want, 0, `C:\WINDOWS\Microsoft.NET\Framework\v2.0.50727\aspnet_regiis.exe -ir`)
		}
		if d := cmp.Diff(want, r.Commands()); d != "" {
			t.Errorf("%s: %s", c.at, d)
		}
	}
	alone := Remedy{Edits: []snapshot.Edit{edit("/LM/W3SVC", "WebSvcExtRestrictionList", "1,"+dll+",0,A,B")}}
	if got := alone.Commands(); len(got) != 1 || !strings.Contains(got[0], "/AddFile") {
		t.Errorf("the entry alone: %q", got)
	}
}

// TestNoHalfOfARemedy: where one of two edits cannot be typed, neither is printed.
func TestNoHalfOfARemedy(t *testing.T) {
	r := Remedy{Edits: []snapshot.Edit{
		{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/1", Property: "Path", Op: metabase.Set, Value: "x"},
		{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/1", Property: "Path", Op: metabase.Set, Value: "\x00"},
	}}
	if got := r.Commands(); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

// TestRegisterServices: aspnet_regiis does not map .svc (ms732012).
func TestRegisterServices(t *testing.T) {
	const folder = `C:\WINDOWS\Microsoft.NET\Framework\`
	for _, c := range []struct{ at, version, want string }{
		{"/LM/W3SVC/2/ROOT", "v2.0.50727", `"` + folder + `v3.0\Windows Communication Foundation\ServiceModelReg.exe" -sn:W3SVC/2/ROOT`},
		{"/LM/W3SVC/2/ROOT/my shop", "v4.0.30319", folder + `v4.0.30319\ServiceModelReg.exe "-sn:W3SVC/2/ROOT/my shop"`},
		{"/LM/W3SVC", "v2.0.50727", `"` + folder + `v3.0\Windows Communication Foundation\ServiceModelReg.exe" -i`},
	} {
		r := Remedy{Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: c.at, Property: "ScriptMaps", Op: metabase.Add, Value: ".svc," + folder + c.version + `\aspnet_isapi.dll,1,GET,POST`}}}
		if d := cmp.Diff([]string{c.want}, r.Commands()); d != "" {
			t.Errorf("%s: %s", c.at, d)
		}
	}
}
