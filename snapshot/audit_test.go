package snapshot

import (
	"testing"

	"github.com/iisdoctor/iisdoctor/source"
)

func TestAudits(t *testing.T) {
	const policy = "[Unicode]\r\nUnicode=yes\r\n[Event Audit]\r\nAuditSystemEvents = 3\r\nAuditObjectAccess = 2\r\nauditprocesstracking=1\r\nAuditLogonEvents = 0\r\nAuditPrivilegeUse = x\r\n" +
		"[Privilege Rights]\r\nSeDebugPrivilege = *S-1-5-32-544\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n"
	decoded, problem := source.Decode("rights.inf", []byte(policy))
	if problem != nil {
		t.Fatal(problem)
	}
	rights, problems := ReadRights(decoded)
	if len(problems) > 0 || rights.Template() {
		t.Fatal(problems, rights.Template())
	}
	for _, c := range []struct {
		rights   *Rights
		category string
		want     Known
	}{
		{rights, AuditProcessTracking, Yes},
		{rights, "AUDITSYSTEMEVENTS", Yes},
		{rights, AuditObjectAccess, No},
		{rights, "AuditLogonEvents", No},
		{rights, "AuditPrivilegeUse", Unknown},
		{rights, "AuditDSAccess", Unknown},
		{rights, "AuditProcess", Unknown},
		{nil, AuditProcessTracking, Unknown},
		{&Rights{}, AuditProcessTracking, Unknown},
	} {
		if got := c.rights.Audits(c.category); got != c.want {
			t.Errorf("%s: %v, want %v", c.category, got, c.want)
		}
	}
	if _, ok := rights.Holders("SeDebugPrivilege"); !ok {
		t.Error("the rights behind it are not read")
	}
}
