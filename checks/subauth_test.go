package checks

import (
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
