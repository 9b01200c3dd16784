package checks

import (
	"strings"
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
	const allEXE = "0,*.exe"
	const neither = "*S-1-5-32-544"
	text := func(holders string) string {
		return "[Unicode]\nUnicode=yes\n[Privilege Rights]\nSeAssignPrimaryTokenPrivilege = *S-1-5-19,*S-1-5-20\nSeIncreaseQuotaPrivilege = *S-1-5-19,*S-1-5-20," + holders + "\n[Version]\nsignature=\"$CHICAGO$\"\n"
	}
	both := "[Unicode]\nUnicode=yes\n[Privilege Rights]\nSeAssignPrimaryTokenPrivilege = contoso\\WEB\nSeIncreaseQuotaPrivilege = IIS_WPG\n[Version]\nsignature=\"$CHICAGO$\"\n"
	nobody := "[Unicode]\nUnicode=yes\n[Privilege Rights]\nSeBatchLogonRight = IIS_WPG\n[Version]\nsignature=\"$CHICAGO$\"\n"
	outside := "Alias name     IIS_WPG\n" + strings.Repeat("-", 79) + "\nIWAM_WEB01\nok.\n"
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
		{"outside the group that has them", evidenceFile(with(both, layer(t, program, inPool, own, execute, cgi)), "g.txt", outside), "", ""}, // the pool does not start: pool-identity-incomplete
		{"a template that does not define them", with("[Version]\nsignature=\"$CHICAGO$\"\n[Privilege Rights]\nSeBatchLogonRight = IIS_WPG\n", layer(t, program, inPool, own, execute, cgi)), "", ""},
	})

	// Who is in the group must be looked up only for accounts of which nothing is known.
	const web, shop = "CONTOSO\\web", "CONTOSO\\shöp"
	two := "<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/Two\" AppPoolIdentityType=\"3\" WAMUserName=\"" + shop + "\" WAMUserPass=\"49634462aa\"></IIsApplicationPool>\n"
	other := key("IIsWebDirectory", "other", `AccessFlags="AccessExecute" AppRoot="/LM/W3SVC/1/ROOT/other" AppPoolId="Two"`)
	programs := map[string]string{"C/inetpub/wwwroot/cgi/a.exe": "MZ", "C/inetpub/wwwroot/other/b.exe": "MZ"}
	members := func(names string) string {
		return "Alias name     IIS_WPG\n" + strings.Repeat("-", 79) + "\n" + names + "ok.\n"
	}
	for group, want := range map[string]string{"": web + " " + shop, members(web + "\n"): shop, members("IWAM_WEB01\n"): shop} {
		files := with(nobody, layer(t, programs, inPool, own, execute, two+other+cgi))
		if group != "" {
			files = evidenceFile(files, "g.txt", group)
		}
		var asked []string
		for _, f := range onHealthy(t, files) {
			for _, step := range f.Remedies[0].Steps {
				if _, account, ok := strings.Cut(step, "in the group IIS_WPG, which net localgroup IIS_WPG shows: net localgroup IIS_WPG "); ok && f.ID == "cgi-rights" {
					asked = append(asked, strings.TrimSuffix(account, " /add"))
				}
			}
		}
		if got := strings.Join(asked, " "); got != want {
			t.Errorf("%q: asked for %q, want %q", group, got, want)
		}
	}

	// A row of a log counts for the pool that its own directory runs in.
	for row, want := range map[string]string{"/cgi/a.exe - 403 19 1314": "proven", "/other/b.exe - 403 19 1314": "observed", "/other/b.exe - 403 1 5": "proven"} {
		f := strings.SplitN(row, " - ", 2)
		files := evidenceFile(with(nobody, layer(t, map[string]string{"C/inetpub/wwwroot/other/b.exe": "MZ"}, allEXE, "1,*.exe", execute, two+other+execute)), "ex.log",
			logHead+"2003-11-04 08:00:00 W3SVC1 GET "+f[0]+" - 80 - 192.0.2.7 "+f[1]+"\r\n")
		got := raised(t, "cgi-rights", files)
		if len(got) != 1 || !strings.HasPrefix(got[0], "error "+want) {
			t.Errorf("%s: %q, want %s", row, got, want)
		}
	}

	// Outside the group and without the rights: the pool is met first, and the remedy mends both.
	want := `net localgroup IIS_WPG CONTOSO\web /add|ntrights +r SeAssignPrimaryTokenPrivilege -u CONTOSO\web|ntrights +r SeIncreaseQuotaPrivilege -u CONTOSO\web`
	found := 0
	for _, f := range onHealthy(t, evidenceFile(with(nobody, layer(t, program, inPool, own, execute, cgi)), "g.txt", outside)) {
		if f.ID != "cgi-rights" {
			continue
		}
		found++
		if f.Certainty != Possible || f.HiddenBy == nil || f.HiddenBy.ID != "pool-identity-incomplete" || f.HiddenBy.Status != "503" {
			t.Errorf("%s, hidden by %+v", f.Certainty, f.HiddenBy)
		}
		if got := strings.Join(f.Remedies[0].Commands(), "|"); got != want {
			t.Errorf("commands %s", got)
		}
	}
	if found != 1 {
		t.Errorf("%d findings", found)
	}
}
