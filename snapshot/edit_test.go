package snapshot

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

func textOf(lines ...string) *source.Text {
	return source.NewText("f", []byte(strings.Join(lines, "\n")+"\n"))
}

// TestApplyShares: what has no edit is the same, what has one is another, and the
// snapshot itself stays as it is.
func TestApplyShares(t *testing.T) {
	s, err := OpenFS(fstest.MapFS{
		"MetaBase.xml": {Data: []byte(tinyMetabase)},
		"r.reg":        {Data: []byte("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\n\"a\"=dword:00000001\n")},
		"u.inf":        {Data: []byte("[Privilege Rights]\nSeTcbPrivilege = *S-1-5-18\n[Version]\n")},
		"g.txt":        {Data: []byte(tinyGroup)},
		"a.txt":        {Data: []byte("C:\\web Everyone:(OI)(CI)F\n")},
		"UrlScan.ini":  {Data: []byte("[Options]\nUseAllowVerbs=1\n[AllowVerbs]\nGET\n")},
		"f.txt":        {Data: []byte("Standard profile configuration (current):\n-----\nOperational mode                  = Enable\nException mode                    = Disable\n")},
	})
	must(t, err)
	if s.Registry == nil || s.Rights == nil || s.WorkerGroup == nil || s.ACLs == nil || s.URLScan == nil || s.Firewall == nil {
		t.Fatalf("%+v", s)
	}
	for kind, e := range map[EditKind]Edit{
		EditRegistry: {Target: `HKLM\SOFTWARE\X`, Property: "a", Op: "set", Value: "REG_DWORD 2"},
		EditRight:    {Target: "SeTcbPrivilege", Op: "add", Value: "Users"},
		EditGroup:    {Target: "IIS_WPG", Op: "add", Value: "CONTOSO\\web"},
		EditACL:      {Target: `C:\web`, Property: "Users", Op: "add", Value: "R"},
		EditURLScan:  {Target: "AllowVerbs", Op: "add", Value: "HEAD"},
		EditFirewall: {Target: "TCP 80", Op: "add", Value: "HTTP"},
	} {
		e.Kind = kind
		after := s.Apply([]Edit{e})
		changed := map[EditKind]bool{
			EditMetabase: after.Metabase != s.Metabase, EditRegistry: after.Registry != s.Registry, EditRight: after.Rights != s.Rights,
			EditGroup: after.WorkerGroup != s.WorkerGroup,
			EditACL:   after.ACLs != s.ACLs, EditURLScan: after.URLScan != s.URLScan, EditFirewall: after.Firewall != s.Firewall,
		}
		for other, is := range changed {
			if is != (other == kind) {
				t.Errorf("an edit of %s: %s changed %v", kind, other, is)
			}
		}
	}
	one, _ := s.Registry.Value(`HKLM\SOFTWARE\X`, "a")
	list, _ := s.ACLs.Of(`C:\web`)
	verbs, _ := s.URLScan.List("AllowVerbs")
	if n, _ := one.DWORD(); n != 1 || s.Rights.Holds("SeTcbPrivilege", "Users") != No || s.WorkerGroup.Has(`CONTOSO\web`) != No || len(list.ACEs) != 1 || len(verbs) != 1 || len(s.Firewall.Ports) != 0 {
		t.Error("the snapshot itself changed")
	}
	empty := (&Snapshot{}).Apply([]Edit{{Kind: EditRight, Op: "add"}, {Kind: EditGroup, Op: "add"}, {Kind: EditACL, Op: "add"}, {Kind: EditURLScan}, {Kind: EditFirewall}})
	if empty.Rights != nil || empty.WorkerGroup != nil || empty.ACLs != nil || empty.URLScan != nil || empty.Firewall != nil {
		t.Error("what is unknown must stay unknown")
	}
}

func TestRegistryEdits(t *testing.T) {
	const x, y = `HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters`, `HKLM\SOFTWARE\Y`
	r, _ := ReadRegistry(textOf("Windows Registry Editor Version 5.00", `[HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\HTTP\Parameters]`,
		`"MaxRequestBytes"=dword:00000000`, `"Text"="a\\b"`))
	for _, c := range []struct {
		name string
		edit Edit
		key  string
		ask  string
		want string
	}{
		{"under its control set, another case", Edit{Target: strings.ToUpper(x), Property: "maxrequestbytes", Op: "set", Value: "REG_DWORD 16384"}, x, "MaxRequestBytes", "MaxRequestBytes 16384 at 3:19"},
		{"a new value stands at its key", Edit{Target: x, Property: "MaxFieldLength", Op: "set", Value: "REG_DWORD 4294967295"}, x, "MaxFieldLength", "MaxFieldLength 4294967295 at 2:1"},
		{"a text", Edit{Target: x, Property: "Text", Op: "set", Value: `REG_SZ c:\"x"`}, x, "Text", `Text "c:\"x"" at 4:8`},
		{"the default value", Edit{Target: x, Op: "set", Value: "REG_SZ d"}, x, "", ` "d" at 2:1`},
		{"another value of the same key", Edit{Target: x, Property: "MaxRequestBytes", Op: "set", Value: "REG_DWORD 5"}, x, "Text", `Text "a\b" at 4:8`},
		{"removed", Edit{Target: x, Property: "MAXREQUESTBYTES", Op: "remove"}, x, "MaxRequestBytes", "No"},
		{"not there", Edit{Target: x, Property: "Other", Op: "remove"}, x, "MaxRequestBytes", "MaxRequestBytes 0 at 3:19"},
		{"a key that was not exported", Edit{Target: y, Property: "a", Op: "set", Value: "REG_DWORD 1"}, y, "A", "a 1 at none"},
		{"its other values stay unknown", Edit{Target: y, Property: "a", Op: "set", Value: "REG_DWORD 1"}, y, "b", "Unknown"},
		{"and what lies below", Edit{Target: y, Property: "a", Op: "set", Value: "REG_DWORD 1"}, y + `\z`, "a", "Unknown"},
		{"a key below an exported one", Edit{Target: x + `\New`, Property: "a", Op: "set", Value: "REG_DWORD 1"}, x + `\new`, "b", "No"},
		{"no number", Edit{Target: x, Property: "MaxRequestBytes", Op: "set", Value: "REG_DWORD many"}, x, "MaxRequestBytes", "MaxRequestBytes 0 at 3:19"},
		{"too large a number", Edit{Target: x, Property: "MaxRequestBytes", Op: "set", Value: "REG_DWORD 4294967296"}, x, "MaxRequestBytes", "MaxRequestBytes 0 at 3:19"},
		{"no type", Edit{Target: x, Property: "MaxRequestBytes", Op: "set", Value: "16384"}, x, "MaxRequestBytes", "MaxRequestBytes 0 at 3:19"},
		{"no operation of a registry", Edit{Target: x, Property: "MaxRequestBytes", Op: "add", Value: "REG_DWORD 1"}, x, "MaxRequestBytes", "MaxRequestBytes 0 at 3:19"},
	} {
		v, known := r.with([]Edit{c.edit}).Value(c.key, c.ask)
		got := map[Known]string{No: "No", Unknown: "Unknown"}[known]
		if known == Yes {
			data := ""
			if n, ok := v.DWORD(); ok {
				data = fmt.Sprint(n)
			} else if s, ok := v.Str(); ok {
				data = `"` + s + `"`
			}
			at := "none"
			if pos := v.At.Pos(); pos.Line > 0 {
				at = fmt.Sprintf("%d:%d", pos.Line, pos.Column)
			}
			got = v.Name + " " + data + " at " + at
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	var none *Registry
	if v, known := none.with([]Edit{{Target: y, Property: "a", Op: "set", Value: "REG_DWORD 7"}}).Value(y, "a"); known != Yes || v.Name != "a" {
		t.Error("a registry of which nothing was known")
	}
}

func TestRightsEdits(t *testing.T) {
	export, _ := ReadRights(textOf("[Privilege Rights]", `SeX = *S-1-5-19,CONTOSO\web,*S-1-5-21-1-2-3-9`, "[Version]"))
	template, _ := ReadRights(source.NewText("GptTmpl.inf", []byte("[Privilege Rights]\nSeX = *S-1-5-19\n")))
	for _, c := range []struct {
		rights         *Rights
		op, privilege  string
		account, asked string
		want           Known
	}{
		{export, "add", "sex", `CONTOSO\new`, `contoso\NEW`, Yes},
		{export, "add", "SeX", `CONTOSO\new`, `S-1-5-20`, No},
		{export, "add", "SeX", "NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20", Yes},
		{export, "add", "SeX", "*S-1-5-20", "NetworkService", Yes},
		{export, "add", "SeNew", `CONTOSO\new`, `new`, Yes},
		{export, "remove", "SEX", "LOKALER DIENST", "S-1-5-19", No},
		{export, "remove", "SeX", `web`, `CONTOSO\web`, Unknown},            // the SID that is left may be web's
		{export, "remove", "SeX", `FABRIKAM\web`, `CONTOSO\web`, Yes},       // another domain's
		{export, "remove", "SeX", `CONTOSO\other`, `S-1-5-21-1-2-3-9`, Yes}, // who that is, nobody knows
		{export, "remove", "SeNone", "S-1-5-19", "S-1-5-19", No},
		{export, "set", "SeX", "S-1-5-20", "S-1-5-20", No},
		{template, "add", "SeOther", `CONTOSO\new`, `CONTOSO\new`, Yes},
		{template, "add", "SeOther", `CONTOSO\new`, `S-1-5-20`, Unknown}, // the template does not define it
		{template, "remove", "SeOther", `S-1-5-20`, `S-1-5-20`, Unknown},
		{template, "add", "SeX", `CONTOSO\new`, `S-1-5-20`, No},
	} {
		after := c.rights.with([]Edit{{Target: c.privilege, Op: metabase.Op(c.op), Value: c.account}})
		if got := after.Holds(c.privilege, c.asked); got != c.want {
			t.Errorf("%s %s %s: %s holds it: %v", c.op, c.privilege, c.account, c.asked, got)
		}
	}
	twice := export.with([]Edit{{Target: "SeX", Op: "add", Value: "LOCAL SERVICE"}, {Target: "SeX", Op: "add", Value: "Users"}, {Target: "SeX", Op: "add", Value: "S-1-5-32-545"}})
	if list, _ := twice.Holders("SeX"); len(list) != 4 || place(list[3].At) != `2:7 *S-1-5-19,CONTOSO\web,*S-1-5-21-1-2-3-9` {
		t.Errorf("%+v", list)
	}
}

func TestACLEdits(t *testing.T) {
	l, problems := ReadACLs(textOf(
		`C:\web BUILTIN\Administrators:(OI)(CI)F`, `       WEB01\IUSR_WEB01:(DENY)(OI)(CI)R`, `       WEB01\IWAM_WEB01:(I)(OI)(CI)(RX)`, ``,
		`C:\web\a.htm BUILTIN\Administrators:(I)(F)`, `             WEB01\IUSR_WEB01:(I)(DENY)(R)`, `             WEB01\IWAM_WEB01:(I)(RX)`, ``,
		`C:\web\b.htm WEB01\IUSR_WEB01:(DENY)(R)`, `             S-1-5-21-1-2-3-4:R`, ``,
		`C:\webshop Jeder:N`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	const iusr, iwam = `WEB01\IUSR_WEB01`, `WEB01\IWAM_WEB01`
	for _, c := range []struct {
		name  string
		edit  Edit
		path  source.WinPath
		user  string
		want  Access
		known Known
	}{
		{"before", Edit{}, `C:\web\a.htm`, iusr, AccessRead, No},
		{"granted over an inherited denial", Edit{Target: `C:\web\a.htm`, Property: iusr, Op: "add", Value: "R"}, `C:\web\a.htm`, iusr, AccessRead, Yes},
		{"a denial of its own wins", Edit{Target: `C:\web\b.htm`, Property: iusr, Op: "add", Value: "F"}, `C:\web\b.htm`, iusr, AccessRead, No},
		{"set takes its place", Edit{Target: `c:\WEB\B.HTM`, Property: "iusr_web01", Op: "set", Value: "r"}, `C:\web\b.htm`, iusr, AccessRead, Yes},
		{"read is not write", Edit{Target: `C:\web\b.htm`, Property: iusr, Op: "set", Value: "R"}, `C:\web\b.htm`, iusr, AccessWrite, No}, // nor has the SID
		{"removed", Edit{Target: `C:\web\b.htm`, Property: iusr, Op: "remove"}, `C:\web\b.htm`, iusr, AccessRead, Unknown},                // the SID may be a group
		{"an inherited entry stays", Edit{Target: `C:\web\a.htm`, Property: iusr, Op: "remove"}, `C:\web\a.htm`, iusr, AccessRead, No},
		{"removed where it comes from", Edit{Target: `C:\web\`, Property: iusr, Op: "set", Value: "R"}, `C:\web\a.htm`, iusr, AccessRead, Yes},
		{"and on the folder itself", Edit{Target: `C:\web\`, Property: iusr, Op: "set", Value: "R"}, `C:\web`, iusr, AccessRead, Yes},
		{"the folder alone", Edit{Target: `C:\web`, Property: iusr, Op: "set", Value: "R"}, `C:\web\a.htm`, iusr, AccessRead, No},
		{"what the folder inherits stays below", Edit{Target: `C:\web\`, Property: iwam, Op: "remove"}, `C:\web\a.htm`, iwam, AccessRead, Yes},
		{"another domain's account", Edit{Target: `C:\web\b.htm`, Property: `CONTOSO\IUSR_WEB01`, Op: "remove"}, `C:\web\b.htm`, iusr, AccessRead, No},
		{"a folder beside it", Edit{Target: `C:\web\`, Property: "Everyone", Op: "set", Value: "F"}, `C:\webshop`, "S-1-1-0", AccessRead, No},
		{"a localised name", Edit{Target: `C:\webshop`, Property: "S-1-1-0", Op: "set", Value: "C"}, `C:\webshop`, "Everyone", AccessDelete, Yes},
		{"change is not full", Edit{Target: `C:\webshop`, Property: "Everyone", Op: "set", Value: "C"}, `C:\webshop`, "Everyone", 0x40000, No},
		{"no access", Edit{Target: `C:\web`, Property: "Administrators", Op: "set", Value: "N"}, `C:\web`, "S-1-5-32-544", AccessRead, No},
		{"a path that is not listed", Edit{Target: `C:\web\c.htm`, Property: iusr, Op: "add", Value: "R"}, `C:\web\c.htm`, iusr, AccessRead, Unknown},
		{"an unknown letter", Edit{Target: `C:\web\a.htm`, Property: iusr, Op: "add", Value: "RX"}, `C:\web\a.htm`, iusr, AccessRead, No},
	} {
		after := l.with([]Edit{c.edit})
		if got := after.Allows(c.path, []string{c.user}, c.want); got != c.known {
			t.Errorf("%s: %v, want %v", c.name, got, c.known)
		}
	}
}

func TestUrlScanEdits(t *testing.T) {
	u, _ := ReadUrlScan(textOf("[Options]", "UseAllowVerbs=1", "AllowDotInPath=0", "[AllowVerbs]", "GET", "[DenyExtensions]", ".exe", ".Bat", ".exe", "[RequestLimits]", "MaxUrl=16"))
	after := u.with([]Edit{
		{Target: "options", Property: "allowdotinpath", Op: "set", Value: "1"},
		{Target: "Options", Property: "UseAllowVerbs", Op: "remove"},
		{Target: "Options", Property: "UseFastPathReject", Op: "set", Value: "1"},
		{Target: "AllowVerbs", Op: "remove", Value: "get"}, // verbs have a case
		{Target: "AllowVerbs", Op: "add", Value: "HEAD"},
		{Target: "DENYEXTENSIONS", Op: "remove", Value: ".EXE"},
		{Target: "DenyExtensions", Op: "remove", Value: ".ba"},
		{Target: "DenyHeaders", Op: "add", Value: "If:"},
		{Target: "RequestLimits", Property: "MaxUrl", Op: "set", Value: "260"},
		{Target: "RequestLimits", Property: "Max-Cookie", Op: "set", Value: "10"},
		{Target: "Colours", Op: "add", Value: "red"},
	})
	var got []string
	for _, name := range []string{"AllowDotInPath", "UseAllowVerbs", "UseFastPathReject"} {
		on, at := after.Flag(name)
		got = append(got, fmt.Sprintf("%s %v %s", name, on == Yes, place(at)))
	}
	for _, name := range []string{"AllowVerbs", "DenyExtensions", "DenyHeaders", "Colours"} {
		list, ok := after.List(name)
		line := fmt.Sprintf("%s %v", name, ok)
		for _, e := range list {
			line += " " + e.Text
		}
		got = append(got, line)
	}
	for _, name := range []string{"MaxUrl", "Max-Cookie"} {
		n, _, ok := after.Limit(name)
		got = append(got, fmt.Sprint(name, " ", n, " ", ok))
	}
	want := []string{
		"AllowDotInPath true 3:16 0", "UseAllowVerbs true 1:1 [Options]", "UseFastPathReject true 1:1 [Options]",
		"AllowVerbs true GET HEAD", "DenyExtensions true .Bat", "DenyHeaders true If:", "Colours false", "MaxUrl 260 true", "Max-Cookie 10 true",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestFirewallEdits(t *testing.T) {
	const on = "Standard profile configuration (current):\n---\nOperational mode                  = Enable\n"
	const ports = "Port configuration for Standard profile:\nPort   Protocol  Mode     Name\n---\n"
	add := Edit{Target: "TCP 80", Op: "add", Value: "HTTP"}
	for _, c := range []struct {
		name, text string
		edits      []Edit
		port       uint16
		want       Known
	}{
		{"closed", on, nil, 80, No},
		{"opened", on, []Edit{add}, 80, Yes},
		{"only that port", on, []Edit{add}, 443, No},
		{"turned off before", on + ports + "80     TCP       Disable  HTTP\n", []Edit{add}, 80, Yes},
		{"of another protocol", on, []Edit{{Target: "UDP 80", Op: "add"}}, 80, No},
		{"in all profiles", on + "Domain profile configuration:\n---\nOperational mode                  = Enable\n", []Edit{add}, 80, Yes},
		{"no exceptions", on + "Exception mode                    = Disable\n", []Edit{add}, 80, No},
		{"exceptions allowed", on + "Exception mode                    = Disable\n", []Edit{add, {Target: FirewallExceptions, Property: "standard", Op: "set", Value: "ENABLE"}}, 80, Yes},
		{"exceptions allowed in another profile", on + "Exception mode                    = Disable\n", []Edit{add, {Target: FirewallExceptions, Property: "domain", Op: "set", Value: "ENABLE"}}, 80, No},
		{"no port", on, []Edit{{Target: "TCP 0", Op: "add"}, {Target: "TCP", Op: "add"}, {Target: "TCP 80-81", Op: "add"}, {Target: "tcp 80", Op: "add"}}, 80, No},
	} {
		f := &Firewall{}
		f.Read(textOf(c.text))
		if got, _ := f.with(c.edits).Opens(c.port); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
