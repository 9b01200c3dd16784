package server

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAudit: where the collected policy audits it, a CGI program leaves what S2 tells
// (Gerhards, IIS Workflow): its image is opened under the worker's account (560), the
// process gets the user's token (600) and ends under it (593). The words of 560 and
// 600 are those of published samples, of 593 inferred from 592 (KB221212).
func TestAudit(t *testing.T) {
	opened := `"Success Audit","560","2005-03-14 09:26:53","Security","SERVER","Object Access","NT AUTHORITY\NETWORK SERVICE","Object Open: Object Server: Security Object Type: File Object Name: C:\perl\perl.exe Handle ID: - Operation ID: - Process ID: 1204 Image File Name: C:\WINDOWS\system32\inetsrv\w3wp.exe Primary User Name: NETWORK SERVICE Primary Domain: NT AUTHORITY Primary Logon ID: - Client User Name: - Client Domain: - Client Logon ID: - Accesses: SYNCHRONIZE Execute/Traverse Privileges: - Restricted SID Count: 0"`
	assigned := `"Success Audit","600","2005-03-14 09:26:53","Security","SERVER","Detailed Tracking","NT AUTHORITY\NETWORK SERVICE","A process was assigned a primary token. Assigning Process Information: Process ID: 1204 Image File Name: C:\WINDOWS\system32\inetsrv\w3wp.exe Primary User Name: NETWORK SERVICE Primary Domain: NT AUTHORITY Primary Logon ID: - New Process Information: Process ID: 1208 Image File Name: C:\perl\perl.exe Target User Name: IUSR_WEB01 Target Domain: - Target Logon ID: -"`
	ended := `"Success Audit","593","2005-03-14 09:26:53","Security","SERVER","Detailed Tracking","IUSR_WEB01","A process has exited: Process ID: 1208 Image File Name: C:\perl\perl.exe User Name: IUSR_WEB01 Domain: - Logon ID: -"`
	for _, row := range []struct {
		name, site, policy string
		want               []string
	}{
		{"all", "", "AuditObjectAccess = 3\r\nAuditProcessTracking = 1\r\n", []string{opened, assigned, ended}},
		{"processes alone", "", "AuditObjectAccess = 0\r\nAuditProcessTracking = 3\r\n", []string{assigned, ended}},
		{"failures alone", "", "AuditObjectAccess = 2\r\nAuditProcessTracking = 2\r\n", nil},
		{"not collected", "", "", nil},
		{"not as the user", `CreateProcessAsUser="FALSE"`, "AuditProcessTracking = 1\r\n",
			[]string{strings.NewReplacer("IUSR_WEB01", `NT AUTHORITY\NETWORK SERVICE`, "User Name: IUSR_WEB01 Domain: -", "User Name: NETWORK SERVICE Domain: NT AUTHORITY").Replace(ended)}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := programsOf(t, row.site, "", map[string]string{"sum.pl": "print 1"})
			if row.policy != "" {
				s.Rights = rightsOf(t, "[Event Audit]\r\n"+row.policy+"[Privilege Rights]\r\nSeAssignPrimaryTokenPrivilege = *S-1-5-20\r\nSeIncreaseQuotaPrivilege = *S-1-5-20\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n")
			}
			srv := start(t, s, Options{})
			if got := get(t, srv, "/sum.pl"); !strings.HasPrefix(got, served) {
				t.Fatalf("%q", got)
			}
			if d := cmp.Diff(row.want, logLines(srv, Event)); d != "" {
				t.Error(d)
			}
		})
	}
}
