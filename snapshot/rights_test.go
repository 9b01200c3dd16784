package snapshot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func TestRights(t *testing.T) {
	export, problems := ReadRights(fixture(t, "rights.inf"))
	template, more := ReadRights(fixture(t, "GptTmpl.inf"))
	if len(problems)+len(more) > 0 || export.Template() || !template.Template() {
		t.Fatal(problems, more, export.Template(), template.Template())
	}
	for _, c := range []struct {
		rights    *Rights
		privilege string
		defined   bool
		holders   []string
		at        string
	}{
		{export, "SeAssignPrimaryTokenPrivilege", true, []string{"LOCAL SERVICE 6:33 *S-1-5-19", "NETWORK SERVICE 6:43 *S-1-5-20"}, "6:33 *S-1-5-19,*S-1-5-20"},
		{export, "seincreasequotaprivilege", true, []string{"LOCAL SERVICE 7:28 *S-1-5-19", "NETWORK SERVICE 7:39 NETZWERKDIENST", "Administrators 7:55 *S-1-5-32-544"}, "7:28 *S-1-5-19, NETZWERKDIENST ,*S-1-5-32-544"},
		{export, "SeBatchLogonRight", true, []string{"IUSR_WEB01 8:19 IUSR_WEB01", `CONTOSO\web 8:30 CONTOSO\web`, "S-1-5-21-1-2-3-1003 8:42 *S-1-5-21-1-2-3-1003"}, `8:19 IUSR_WEB01,CONTOSO\web,*S-1-5-21-1-2-3-1003`},
		{export, "SeDebugPrivilege", true, nil, "9:1 SeDebugPrivilege"},
		{export, "SeTcbPrivilege", true, nil, "5:1 [Privilege Rights]"},
		{template, "SeAssignPrimaryTokenPrivilege", true, []string{"LOCAL SERVICE 7:33 *S-1-5-19"}, "7:33 *S-1-5-19"},
		{template, "SeIncreaseQuotaPrivilege", false, nil, "6:1 [Privilege Rights]"},
		{nil, "SeDebugPrivilege", false, nil, "none"},
	} {
		list, defined := c.rights.Holders(c.privilege)
		var got []string
		for _, h := range list {
			got = append(got, h.Name()+" "+place(h.At))
		}
		if defined != c.defined || place(c.rights.At(c.privilege)) != c.at {
			t.Errorf("%s: defined %v at %s", c.privilege, defined, place(c.rights.At(c.privilege)))
		}
		if d := cmp.Diff(c.holders, got); d != "" {
			t.Errorf("%s: %s", c.privilege, d)
		}
	}
}

func TestRightsHolds(t *testing.T) {
	export, _ := ReadRights(fixture(t, "rights.inf"))
	template, _ := ReadRights(fixture(t, "GptTmpl.inf"))
	for _, c := range []struct {
		rights    *Rights
		privilege string
		accounts  string
		want      Known
	}{
		{export, "SeAssignPrimaryTokenPrivilege", "S-1-5-20", Yes},
		{export, "SeAssignPrimaryTokenPrivilege", `NT AUTHORITY\NETWORK SERVICE`, Yes},
		{export, "SeIncreaseQuotaPrivilege", "NetworkService", Yes},
		{export, "SeIncreaseQuotaPrivilege", `CONTOSO\Administrators`, No}, // a domain's own group
		{export, "SeAssignPrimaryTokenPrivilege", `CONTOSO\web`, No},
		{export, "SeBatchLogonRight", `contoso\WEB`, Yes},
		{export, "SeBatchLogonRight", `OTHER\web`, Unknown}, // may be the account that is listed by its SID
		{export, "SeBatchLogonRight", `WEB01\iusr_web01`, Yes},
		{export, "SeBatchLogonRight", `S-1-5-20`, No},
		{export, "SeBatchLogonRight", `S-1-5-20,S-1-5-21-1-2-3-1003`, Yes},
		{export, "SeTcbPrivilege", "S-1-5-18", No},
		{template, "SeTcbPrivilege", "S-1-5-18", Unknown},
	} {
		if got := c.rights.Holds(c.privilege, strings.Split(c.accounts, ",")...); got != c.want {
			t.Errorf("%s %s: %v", c.privilege, c.accounts, got)
		}
	}
}

func TestRightsKinds(t *testing.T) {
	const section = "[Privilege Rights]\nSeTcbPrivilege = *S-1-5-18\n"
	for _, c := range []struct {
		name, text string
		template   bool
		defined    bool // of a privilege that the file does not name
		problems   []string
	}{
		{"secpol.inf", section + "[Version]\n", false, true, nil},
		{"secpol.inf", "[Version]\n" + section, true, false, nil}, // renamed, but in the order of a template
		{"secpol.inf", section + "SeDebugPrivilege = *S-1-5", false, false, []string{"3:26 an export that looks cut off"}},
		{"secpol.inf", section, false, false, []string{"3:1 an export that looks cut off"}},
		{"secpol.inf", section + "[Version]\nsignature=\"$CHI", false, false, []string{"4:16 an export that looks cut off"}},
		{"secpol.inf", "[System Access]\nMinimumPasswordAge = 1\n", false, false, []string{"3:1 an export that looks cut off"}},
		{"policy/GPTTMPL.INF", section, true, false, nil},
		{"secpol.inf", section + "[File Security]\n", true, false, nil},
		{"secpol.inf", "[Registry Keys]\n\"x\",0\n" + section, true, false, nil},
		{"secpol.inf", "[Group membership]\n" + section, true, false, nil},
		{"secpol.inf", "[Service General Setting]\n" + section, true, false, nil},
		{"secpol.inf", "[System Access]\nMinimumPasswordAge = 1\n[Version]\n", false, false, nil}, // an export of other areas
		{"secpol.inf", section + "SeDebugPrivilege\n`x = 1\nSeX=`\n[Version]\n", false, true, []string{
			"3:1 a line that is no setting, in [Privilege Rights]", "4:1 a line that is no setting, in [Privilege Rights]", "5:1 a line that is no setting, in [Privilege Rights]"}},
		{"secpol.inf", section + strings.Repeat("SeDebugPrivilege = *S-1-5-32-544\n", 3000) + "[Version]\n", false, true, []string{"1929:1 a section that is longer than is read"}},
	} {
		r, problems := ReadRights(source.NewText(c.name, []byte(c.text)))
		_, defined := r.Holders("SeBackupPrivilege")
		if r.Template() != c.template || defined != c.defined {
			t.Errorf("%s %.60q: template %v, defined %v", c.name, c.text, r.Template(), defined)
		}
		if d := cmp.Diff(c.problems, said(problems)); d != "" {
			t.Errorf("%s %.60q: %s", c.name, c.text, d)
		}
	}
}

func TestAccountSID(t *testing.T) {
	for _, c := range []struct{ account, sid string }{
		{"*S-1-5-20", "S-1-5-20"}, {"s-1-5-21-1", "S-1-5-21-1"}, {"Everyone", "S-1-1-0"}, {"Jeder", "S-1-1-0"},
		{`NT-AUTORITÄT\SYSTEM`, "S-1-5-18"}, {"NT-AUTORIT\u017dT\\Netzwerkdienst", "S-1-5-20"}, // Ä of code page 850 read as Windows-1252
		{`BUILTIN\Users`, "S-1-5-32-545"}, {`VORDEFINIERT\Administratoren`, "S-1-5-32-544"}, {"iis_iusrs", "S-1-5-32-568"},
		{"СИСТЕМА", "S-1-5-18"}, {"ПОЧТАРЬ", ""}, {`CONTOSO\Users`, ""}, {"IUSR_WEB01", ""}, {"", ""}, {"*", ""}, {`\`, ""},
	} {
		if got := AccountSID(c.account); got != c.sid {
			t.Errorf("%q: %q", c.account, got)
		}
	}
}
