package checks

import (
	"testing"
	"testing/fstest"
)

func TestCGIRights(t *testing.T) {
	const own = inPool + "		AppPoolIdentityType=\"3\" WAMUserName=\"CONTOSO\\web\" WAMUserPass=\"49634462aa\"\n"
	const maps = atRoot + "		ScriptMaps=\".pl,C:\\Perl\\bin\\perl.exe &quot;%s&quot; %s,5,GET,POST\"\n"
	with := func(rights string, files fstest.MapFS) fstest.MapFS {
		return evidenceFile(files, "rights.inf", rights)
	}
	execute := belowRoot
	cgi := key("IIsWebDirectory", "cgi", `AccessFlags="AccessExecute"`) + belowRoot
	program := map[string]string{"C/inetpub/wwwroot/cgi/a.exe": "MZ"}
	const neither = "*S-1-5-32-544"
	text := func(holders string) string {
		return "[Unicode]\nUnicode=yes\n[Privilege Rights]\nSeAssignPrimaryTokenPrivilege = *S-1-5-19,*S-1-5-20\nSeIncreaseQuotaPrivilege = *S-1-5-19,*S-1-5-20," + holders + "\n[Version]\nsignature=\"$CHICAGO$\"\n"
	}
	both := "[Unicode]\nUnicode=yes\n[Privilege Rights]\nSeAssignPrimaryTokenPrivilege = contoso\\WEB\nSeIncreaseQuotaPrivilege = IIS_WPG\n[Version]\nsignature=\"$CHICAGO$\"\n"
	nobody := "[Unicode]\nUnicode=yes\n[Privilege Rights]\nSeBatchLogonRight = IIS_WPG\n[Version]\nsignature=\"$CHICAGO$\"\n"
	wantRaised(t, "cgi-rights", []near{
		{"no rights collected", layer(t, program, inPool, own, execute, cgi), "", ""},
		{"one is missing", with(text(`CONTOSO\web`), layer(t, program, inPool, own, execute, cgi)), "error possible ", `CONTOSO\web, as whom application pool "DefaultAppPool" runs, lacks the right "Replace a process level token"`},
		{"one of a group of unknown members", with(text(`*S-1-5-21-1-2-3-4`), layer(t, program, inPool, own, execute, cgi)), "error possible ", "Replace a process level token"},
		{"both, by group and in another case", with(both, layer(t, program, inPool, own, execute, cgi)), "", ""},
		{"nobody has any", with(nobody, layer(t, program, inPool, own, execute, cgi)), "error ", `(SeAssignPrimaryTokenPrivilege) and "Adjust memory quotas`},
		{"Network Service", with(text(neither), layer(t, program, execute, cgi)), "", ""},
		{"LocalSystem needs none", with(nobody, layer(t, program, inPool, inPool+"		AppPoolIdentityType=\"0\"\n", execute, cgi)), "", ""},
		{"a program to download", with(nobody, layer(t, map[string]string{"C/inetpub/wwwroot/a.exe": "MZ"}, inPool, own)), "", ""},
		{"a script map", with(nobody, layer(t, nil, inPool, own, atRoot, maps)), "error ", ""},
		{"no CGI at all", with(nobody, layer(t, nil, inPool, own)), "", ""},
		{"isolation mode", with(nobody, layer(t, program, inPool, own, execute, cgi, isolationOff, isolationOn)), "", ""},
		{"a template that does not define them", with("[Version]\nsignature=\"$CHICAGO$\"\n[Privilege Rights]\nSeBatchLogonRight = IIS_WPG\n", layer(t, program, inPool, own, execute, cgi)), "", ""},
	})
}
