package iis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

func TestImageOf(t *testing.T) {
	for command, want := range map[string]source.WinPath{
		`C:\perl\perl.exe "%s" %s`:               `C:\perl\perl.exe`,
		`C:\php\php.exe`:                         `C:\php\php.exe`,
		`"C:\Program Files\php\php.exe" "%s" %s`: `C:\Program Files\php\php.exe`,
		`C:\Program Files\php\php.exe %s %s`:     `C:\Program Files\php\php.exe`,
		`C:\tools\run %s`:                        `C:\tools\run`,
		`C:\tools.exe\run.COM -x %s`:             `C:\tools.exe\run.COM`,
		``:                                       ``,
	} {
		if got := imageOf(command); got != want {
			t.Errorf("%q: %q, want %q", command, got, want)
		}
	}
}

// TestProcess: who starts a CGI program, whose token it gets, and what the Security
// log tells of it (Gerhards, IIS Workflow: 560, 600, 593).
func TestProcess(t *testing.T) {
	const worker, user = `NT AUTHORITY\NETWORK SERVICE`, "IUSR_WEB01"
	events := func(creator, image, runs string, written snapshot.Known, ids ...int) (all []Audited) {
		for _, id := range ids {
			switch id {
			case 560:
				all = append(all, Audited{560, creator, "the worker process opens " + image + " under its own account, not the user's", written})
			case 600:
				all = append(all, Audited{600, creator, "the worker process gives the new process the token of " + runs, written})
			case 593:
				all = append(all, Audited{593, runs, "the process ends, under the account that it ran under", written})
			}
		}
		return all
	}
	policy := func(n string) string {
		return "SeDebugPrivilege = *S-1-5-32-544\r\nSeAssignPrimaryTokenPrivilege = *S-1-5-20\r\nSeIncreaseQuotaPrivilege = *S-1-5-20\r\n" +
			"[Event Audit]\r\nAuditObjectAccess = " + n + "\r\nAuditProcessTracking = " + n + "\r\n"
	}
	const perl = `C:\perl\perl.exe`
	for _, c := range []struct {
		name, root, pool, rights, url string
		want                          *Process
	}{
		{"by a script map", "", "", "", "/sum.pl", &Process{perl, worker, user, events(worker, perl, user, snapshot.Unknown, 560, 600, 593)}},
		{"called directly", `AccessFlags="AccessRead | AccessExecute"`, "", "", "/sum.exe", &Process{`C:\inetpub\wwwroot\sum.exe`, worker, user, events(worker, `C:\inetpub\wwwroot\sum.exe`, user, snapshot.Unknown, 560, 600, 593)}},
		{"not as the user", `CreateProcessAsUser="FALSE"`, "", "", "/sum.pl", &Process{perl, worker, worker, events(worker, perl, worker, snapshot.Unknown, 560, 593)}},
		{"as LocalSystem", "", `AppPoolIdentityType="0"`, "", "/sum.pl", &Process{perl, LocalSystem, user, events(LocalSystem, perl, user, snapshot.Unknown, 560, 600, 593)}},
		{"a policy that audits", "", "", policy("3"), "/sum.pl", &Process{perl, worker, user, events(worker, perl, user, snapshot.Yes, 560, 600, 593)}},
		{"a policy that does not", "", "", policy("0"), "/sum.pl", &Process{perl, worker, user, events(worker, perl, user, snapshot.No, 560, 600, 593)}},
		{"refused for want of rights", "", "", "SeAssignPrimaryTokenPrivilege = *S-1-5-19\r\n", "/sum.pl", nil},
		{"no CGI", "", "", "", "/default.htm", nil},
	} {
		m := with(t, map[string]string{"SERVICE": "WebSvcExtRestrictionList=\"1,*.exe\n\t\t\t1,*.dll\"", "ROOT": c.root, "POOL": c.pool},
			map[string]string{"C/inetpub/wwwroot/sum.pl": "", "C/inetpub/wwwroot/sum.exe": "", "C/inetpub/wwwroot/default.htm": ""})
		if c.rights != "" {
			evidence{rights: c.rights}.addTo(t, m.snapshot)
		}
		if d := cmp.Diff(c.want, ask(t, m, "GET", "http://x"+c.url).Process); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}
