package checks

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSubauthentication(t *testing.T) {
	const on = atService + "		AnonymousPasswordSync=\"TRUE\"\n"
	const system = inPool + "		AppPoolIdentityType=\"0\"\n"
	with := func(value string, files fstest.MapFS) fstest.MapFS {
		return evidenceFile(files, "r.reg", "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0]\n"+value+"\n")
	}
	wantRaised(t, "subauthentication", []near{
		{"as installed", layer(t, nil), "", ""},
		{"set nowhere, whatever the schema says", with("", layer(t, nil)), "", ""},
		{"Network Service", layer(t, nil, atService, on), "error proven /LM/W3SVC/1/ROOT: ", `run as NT AUTHORITY\NETWORK SERVICE instead of LocalSystem: IIS`},
		{"and not registered", with("", layer(t, nil, atService, on)), "error proven ", "instead of LocalSystem, and Iissuba.dll is not registered"},
		{"LocalSystem, not registered", with(`"Auth0"="IISSUBA"`, layer(t, nil, atService, on, inPool, system)), "error proven ", "TRUE, but Iissuba.dll is not registered"},
		{"another component", with(`"Auth132"="other.dll"`, layer(t, nil, atService, on, inPool, system)), "error proven ", "Iissuba.dll is not registered"},
		{"LocalSystem, not known", layer(t, nil, atService, on, inPool, system), "", ""},
		{"all three", with(`"auth132"="iissuba.dll"`, layer(t, nil, atService, on, inPool, system)), "", ""},
		{"isolation mode, registered", with(`"Auth132"="IISSUBA"`, layer(t, nil, atService, on, isolationOff, isolationOn)), "", ""},
		{"no anonymous access", layer(t, nil, atService, on, atRoot, atRoot+"		AppIsolatedX=\"\"\n", "		AppRoot=\"/LM/W3SVC/1/ROOT\"\n		AuthFlags=\"AuthAnonymous\"\n", "		AppRoot=\"/LM/W3SVC/1/ROOT\"\n		AuthFlags=\"AuthNTLM\"\n"), "", ""},
		{"the root says otherwise", layer(t, nil, atService, on, atRoot, atRoot+"		AnonymousPasswordSync=\"0\"\n"), "", ""},
	})
}

// TestSubauthenticationRemedies: which pools and which registration are mended, whose
// password is to be stored, and where visitors meet it.
func TestSubauthenticationRemedies(t *testing.T) {
	const on, account = "		AllowKeepAlive=\"TRUE\"\n		AnonymousPasswordSync=\"TRUE\"\n", `AnonymousUserName="IUSR_WEB01"`
	const bindings = "		ServerBindings=\":80:www.contoso.com\n			:80:\"\n"
	const system, register = "set /LM/W3SVC/AppPools/DefaultAppPool AppPoolIdentityType 0", `set HKLM\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0 Auth132 REG_SZ IISSUBA`
	reg := func(dll string) fstest.MapFS {
		return fstest.MapFS{"r.reg": file1("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0]\n\"Auth132\"=\"" + dll + "\"\n")}
	}
	for _, c := range []struct {
		name          string
		files         fstest.MapFS
		replace       []string
		user, affects string
		edits         []string
	}{
		{"not known", nil, nil, "IUSR_WEB01", "http://www.contoso.com/", []string{system, register}},
		{"not registered", reg("other.dll"), nil, "IUSR_WEB01", "http://www.contoso.com/", []string{system, register}},
		{"registered", reg("IISSUBA"), nil, "IUSR_WEB01", "http://www.contoso.com/", []string{system}},
		{"no pool named", nil, []string{"		AppPoolId=\"DefaultAppPool\"\n", ""}, "IUSR_WEB01", "http://www.contoso.com/", []string{system, register}},
		{"no account", nil, []string{account, `AnonymousUserName=""`}, "IUSR_computername", "http://www.contoso.com/", []string{system, register}},
		{"an account that a command cannot hold", nil, []string{account, `AnonymousUserName="a&#34;b"`}, "IUSR_computername", "http://www.contoso.com/", []string{system, register}},
		{"a site without a binding", nil, []string{bindings, ""}, "IUSR_WEB01", "/LM/W3SVC/1/ROOT", []string{system, register}},
	} {
		f := onlyOne(t, changed(t, c.files, append([]string{atService, on}, c.replace...)...), "subauthentication")
		if got := editsOf(f.Remedies[1]); !slices.Equal(got, c.edits) {
			t.Errorf("%s: %q, want %q", c.name, got, c.edits)
		}
		if want := "Give the account " + c.user + " a new password"; !strings.HasPrefix(f.Remedies[0].Steps[0], want) {
			t.Errorf("%s: %q, want %q", c.name, f.Remedies[0].Steps[0], want)
		}
		if f.Affects[0] != c.affects {
			t.Errorf("%s: affects %q, want %q", c.name, f.Affects, c.affects)
		}
	}
}
