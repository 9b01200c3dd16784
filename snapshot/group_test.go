package snapshot

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func TestWorkerGroup(t *testing.T) {
	english, p := ReadWorkerGroup(fixture(t, "localgroup.txt"))
	german, more := ReadWorkerGroup(fixture(t, "localgroupde.txt"))
	if len(p)+len(more) > 0 || place(english.At()) != "1:1 Alias name     IIS_WPG" {
		t.Fatal(p, more, place(english.At()))
	}
	var got []string
	for _, name := range []string{"iwam_web01", "local service", "network service", "system", "shop", "the command completed successfully."} {
		for _, m := range english.byName[name] {
			got = append(got, m.Name()+" "+place(m.At))
		}
	}
	if d := cmp.Diff([]string{"IWAM_WEB01 7:1 IWAM_WEB01", `LOCAL SERVICE 8:1 NT AUTHORITY\LOCAL SERVICE`, `NETWORK SERVICE 9:1 NT AUTHORITY\NETWORK SERVICE`, `SYSTEM 10:1 NT AUTHORITY\SYSTEM`, "shop 11:1 shop"}, got); d != "" {
		t.Error(d)
	}
	for _, c := range []struct {
		group   *WorkerGroup
		account string
		want    Known
	}{
		{english, "SHOP", Yes},
		{english, `WEB01\shop`, Yes}, // the computer's own accounts are listed without its name
		{english, `.\shop`, Yes},
		{english, `CONTOSO\web`, Unknown}, // on a domain controller shop may be a group
		{german, `contoso\BÜRO`, Yes},
		{german, `FABRIKAM\Büro`, Unknown}, // a group of that name may hold it
		{german, `WEB01\IWAM_WEB01`, Yes},
		{german, `NT AUTHORITY\NETWORK SERVICE`, Yes},
		{german, "LocalService", Yes}, // not listed, and not needed
		{nil, `NT AUTHORITY\SYSTEM`, Yes},
		{nil, `CONTOSO\web`, Unknown},
		{english, "", Unknown},
	} {
		if got := c.group.Has(c.account); got != c.want {
			t.Errorf("%q: %v", c.account, got)
		}
	}
}

// groupHead is what net prints before the members, tinyGroup the group as setup fills it.
const groupHead = "Alias name     IIS_WPG\r\nComment        IIS Worker Process Group\r\n\r\nMembers\r\n\r\n-------------------------------------------------------------------------------\r\n"
const tinyGroup = groupHead + "IWAM_WEB01\r\nNT AUTHORITY\\NETWORK SERVICE\r\n" + groupEnd
const groupEnd = "The command completed successfully.\r\n\r\n"

func TestWorkerGroupText(t *testing.T) {
	const cut = "7:1 a list of members that looks cut off"
	for _, c := range []struct {
		name, text string
		want       Known // of CONTOSO\web
		problems   []string
	}{
		{"as setup fills it", tinyGroup, No, nil},
		{"nobody", groupHead + groupEnd, No, nil},
		{"listed", groupHead + "CONTOSO\\web\r\n" + groupEnd, Yes, nil},
		{"another that may be a group", groupHead + "CONTOSO\\Web Pools\r\n" + groupEnd, Unknown, nil},
		{"of another domain", groupHead + "FABRIKAM\\web\r\n" + groupEnd, Unknown, nil},
		{"a SID without a name", groupHead + "S-1-5-21-1-2-3-1003\r\n" + groupEnd, Unknown, nil},
		{"everyone", groupHead + "NT AUTHORITY\\Authenticated Users\r\n" + groupEnd, Yes, nil},
		{"some of everyone", groupHead + "NT AUTHORITY\\INTERACTIVE\r\n" + groupEnd, Unknown, nil},
		{"by the accounts of setup", groupHead + "IWAM_A\r\nIUSR_A\r\nNT AUTHORITY\\SYSTEM\r\nNT AUTHORITY\\LOCAL SERVICE\r\n" + groupEnd, No, nil},
		{"between prompts", "C:\\>net localgroup IIS_WPG\r\n" + tinyGroup + "C:\\>", No, nil},
		{"without the empty line", groupHead + "IWAM_A\nThe command completed successfully.", No, nil},
		{"typed in lower case", "Alias name     iis_wpg\n--------------------\nIWAM_A\nok.\n", No, nil},
		{"Japanese, from a console", "\u0083G\u0083C     IIS_WPG\n--------------------\nIWAM_A\n\u0083R\u0083}\u0093\u00dc\u0081B\n\n", No, nil},
		{"behind another group", strings.ReplaceAll(groupHead, "IIS_WPG", "Administrators") + "CONTOSO\\web\r\n" + groupEnd + tinyGroup, No, nil},
		{"before another group", tinyGroup + strings.ReplaceAll(groupHead, "IIS_WPG", "Administrators") + "CONTOSO\\web\r\n" + groupEnd, No, nil},
		{"cut behind a member", groupHead + "IWAM_A\r\nNT AUTHORITY\\SYSTEM\r\n", Unknown, []string{cut}},
		{"cut inside", groupHead + "IWAM_A\r\nNT AUTH", Unknown, []string{cut}},
		{"cut behind the account", groupHead + "CONTOSO\\web\r\n", Yes, []string{cut}},
		{"without the sentence", groupHead + "IWAM_A\r\n\r\n", Unknown, []string{cut}},
		{"cut before the members", groupHead, Unknown, []string{cut}},
		{"cut before the dashes", "Alias name     IIS_WPG\r\n", Unknown, []string{"1:1 no list of the group IIS_WPG"}},
		{"too long", groupHead + strings.Repeat("x", 600) + "\r\n" + groupEnd, Unknown, []string{"7:1 a line that is too long for an account"}},
		{"too many", groupHead + strings.Repeat("IWAM_A\r\n", 20_000) + groupEnd, Unknown, []string{"10007:1 more members than are read"}},
	} {
		g, problems := ReadWorkerGroup(source.NewText("f", []byte(c.text)))
		if got := g.Has(`CONTOSO\web`); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if d := cmp.Diff(c.problems, said(problems)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	g, _ := ReadWorkerGroup(source.NewText("f", []byte(tinyGroup)))
	for account, want := range map[string]Known{"web@contoso.com": Unknown, `CONTOSO\Büro`: Unknown, `.\web`: No, "web": No, `WEB01\administrator`: Unknown, "Administrator": Unknown} {
		if got := g.Has(account); got != want {
			t.Errorf("%s: %v", account, got)
		}
	}
}

// TestWorkerGroupUsers: a member that a pool runs as is a user, so that nobody else is
// a member by it.
func TestWorkerGroupUsers(t *testing.T) {
	pool := func(name, user string) string {
		return `<IIsApplicationPool Location="/LM/W3SVC/AppPools/` + name + `" AppPoolIdentityType="3" WAMUserName="` + user + `"></IIsApplicationPool>`
	}
	open := func(members, keys string) *WorkerGroup {
		s, err := OpenFS(fstest.MapFS{
			"MetaBase.xml": {Data: []byte("<configuration><MBProperty>" + keys + "</MBProperty></configuration>")},
			"g.txt":        {Data: []byte(groupHead + members + groupEnd)},
		})
		must(t, err)
		return s.WorkerGroup
	}
	for _, c := range []struct {
		members, keys string
		want          Known // of CONTOSO\web
	}{
		{"CONTOSO\\shop\r\n", pool("a", `contoso\SHOP`), No},
		{"CONTOSO\\shop\r\n", pool("a", `FABRIKAM\shop`), Unknown},
		{"CONTOSO\\shop\r\nCONTOSO\\more\r\n", pool("a", `CONTOSO\shop`), Unknown},
		{"CONTOSO\\shop\r\nCONTOSO\\more\r\n", pool("a", `CONTOSO\shop`) + pool("b", `CONTOSO\more`), No},
		{"CONTOSO\\shop\r\n", pool("a", ""), Unknown},
	} {
		if got := open(c.members, c.keys).Has(`CONTOSO\web`); got != c.want {
			t.Errorf("%q %q: %v", c.members, c.keys, got)
		}
	}
}

func TestWorkerGroupEdits(t *testing.T) {
	g, _ := ReadWorkerGroup(source.NewText("f", []byte(tinyGroup)))
	for _, c := range []struct {
		name string
		edit Edit
		want Known // of CONTOSO\web
	}{
		{"added", Edit{Target: "IIS_WPG", Op: "add", Value: `CONTOSO\web`}, Yes},
		{"in another case", Edit{Target: "iis_wpg", Op: "add", Value: `contoso\WEB`}, Yes},
		{"another account is no group", Edit{Target: "IIS_WPG", Op: "add", Value: `CONTOSO\shop`}, No},
		{"another group", Edit{Target: "Administrators", Op: "add", Value: `CONTOSO\web`}, No},
		{"no account", Edit{Target: "IIS_WPG", Op: "add"}, No},
		{"no operation of a group", Edit{Target: "IIS_WPG", Op: "set", Value: `CONTOSO\web`}, No},
	} {
		if got := g.with([]Edit{c.edit}).Has(`CONTOSO\web`); got != c.want || g.Has(`CONTOSO\web`) != No {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
