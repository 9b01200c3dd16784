package snapshot

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func testACLs(t *testing.T) *ACLs {
	t.Helper()
	l, problems := ReadACLs(fixture(t, "cacls.txt"))
	problems = append(problems, l.Read(fixture(t, "icacls.txt"))...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return l
}

func TestACLs(t *testing.T) {
	l := testACLs(t)
	want := []string{
		`C:\inetpub\wwwroot 1:1`,
		`  BUILTIN\Administrators allow 1f01ff 3`, `  NT AUTHORITY\SYSTEM allow 1f01ff 3`, `  WEB01\IIS_WPG allow 1200a9 3`, `  CREATOR OWNER allow 1f01ff 7`,
		`  WEB01\IUSR_WEB01 deny 6 3`, `  BUILTIN\Users allow 1200a9 3`,
		`C:\inetpub\wwwroot\My Files\a.htm 11:1`, `  BUILTIN\Administrators allow 1f01ff 0`, `  WEB01\Web Anonymous Users deny 1f01ff 0`,
		`C:\inetpub\wwwroot\My Files\b.htm 14:1`, `  Everyone allow 1200a9 0`,
		`C:\inetpub\wwwroot\My Files\c.htm 16:1`, `  WEB01\joe allow 1301bf 0`,
		`D:\web 1:1`, `  NT-AUTORITŽT\SYSTEM allow 1f01ff 19`, `  VORDEFINIERT\Benutzer allow 1200a9 19`, `  VORDEFINIERT\Benutzer allow 116 18`, `  WEB02\Gast deny 1f01ff 0`,
		`D:\web\y.dll 7:1`, `  IIS APPPOOL\Shop allow 1200a9 16`,
	}
	var got []string
	for _, p := range l.Paths() {
		list, _ := l.Of(p)
		at := list.At.Pos()
		got = append(got, fmt.Sprintf("%s %d:%d", list.Path, at.Line, at.Column))
		for _, e := range list.ACEs {
			got = append(got, fmt.Sprintf("  %s %s %x %d", e.Account, map[bool]string{true: "deny", false: "allow"}[e.Deny], uint32(e.Rights), e.Flags))
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if l.Listed(`D:\web\x.dll`) || !l.Listed(`c:\INETPUB\wwwroot\`) || l.Listed(`C:\inetpub`) {
		t.Error("Listed")
	}
}

func TestACLsAllow(t *testing.T) {
	l := testACLs(t)
	pool := []string{"S-1-5-20", "S-1-1-0", "S-1-5-11", "S-1-5-32-545", "IIS_WPG"}
	anonymous := []string{`WEB01\IUSR_WEB01`, "S-1-1-0", "S-1-5-11", "S-1-5-32-546"}
	for _, c := range []struct {
		path     source.WinPath
		accounts []string
		want     Access
		known    Known
	}{
		{`C:\inetpub\wwwroot`, pool, AccessRead, Yes},
		{`C:\inetpub\wwwroot`, pool, AccessRead | AccessExecute, Yes},
		{`C:\inetpub\wwwroot`, pool, AccessWrite, No},
		{`C:\inetpub\wwwroot`, []string{"S-1-5-20", "IIS_WPG"}, AccessRead, Yes},
		{`C:\inetpub\wwwroot`, []string{"S-1-5-20"}, AccessRead, No},
		{`C:\inetpub\wwwroot`, []string{"S-1-3-0"}, AccessRead, No}, // its entry is for what lies below
		{`C:\inetpub\wwwroot`, anonymous, AccessRead, No},
		{`C:\inetpub\wwwroot`, append([]string{"Users"}, anonymous...), AccessRead, Yes},
		{`C:\inetpub\wwwroot`, append([]string{"Administrators"}, anonymous...), AccessWrite, No}, // denied first
		{`C:\inetpub\wwwroot\My Files\a.htm`, anonymous, AccessRead, No},
		{`C:\inetpub\wwwroot\My Files\a.htm`, append([]string{"Web Anonymous Users", "Administrators"}, anonymous...), AccessRead, No},
		{`C:\inetpub\wwwroot\My Files\a.htm`, []string{`WEB01\admin`, "Administrators"}, AccessRead, Unknown}, // may be in the group that is denied
		{`C:\inetpub\wwwroot\My Files\b.htm`, anonymous, AccessRead, Yes},
		{`C:\inetpub\wwwroot\My Files\c.htm`, anonymous, AccessRead, Unknown}, // joe may be a group
		{`C:\inetpub\wwwroot\My Files\c.htm`, anonymous, AccessDelete | 0x40, No},
		{`C:\inetpub\wwwroot\none.htm`, anonymous, AccessRead, Unknown},
		{`D:\web`, []string{"S-1-5-18"}, AccessWrite, Unknown}, // Gast is a name that is not known here
		{`D:\web`, []string{"S-1-5-18", `WEB02\Gast`}, AccessWrite, No},
	} {
		if got := l.Allows(c.path, c.accounts, c.want); got != c.known {
			t.Errorf("%s %v %x: %v", c.path, c.accounts, uint32(c.want), got)
		}
	}
	var none *ACLs
	if none.Allows(`C:\`, pool, AccessRead) != Unknown || none.Paths() != nil {
		t.Error("no listing knows nothing")
	}
}

func TestACLForms(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"C:\\a b\\c Everyone:F\n", `C:\a b\c: Everyone`},
		{"C:\\a b\\c d WEB01\\Domain Admins:F\n", `C:\a b\c d: WEB01\Domain Admins`},
		{"C:\\a b\\c d joe:F\n", `C:\a b\c d: joe`},
		{"C:\\a b NT AUTHORITY\\NETWORK SERVICE:(OI) (CI) R\n", `C:\a b: NT AUTHORITY\NETWORK SERVICE`},
		{"C:\\a b\\x.exe \n    WEB01\\www:(DENY)(special access:)\n    READ_CONTROL\n    FILE_EXECUTE\n \n    BUILTIN\\Users:R \n", `C:\a b\x.exe: WEB01\www BUILTIN\Users`},
		{"\\\\files\\web\\a Everyone:(RX)\n", `\\files\web\a: Everyone`},
		{"C:\\ä ö Jeder:F\n       VORDEFINIERT\\Gäste:R\n", `C:\ä ö: Jeder VORDEFINIERT\Gäste`},
		{"web Everyone:F\n", "1:1 a listing of a path that does not begin at a drive or a share"},
		{"C:\\a Everyone:(OI)(XY)\n", "1:15 rights that are not known: (OI)(XY)"},
		{"C:\\a Everyone:F\nhello\n", "2:1 a line that is no access control entry"},
		{"3 Dateien erfolgreich verarbeitet, bei 0 Dateien ist ein Verarbeitungsfehler aufgetreten.\n", ""},
	} {
		l, problems := ReadACLs(source.NewText("f", []byte(c.text)))
		got := ""
		for _, p := range l.Paths() {
			list, _ := l.Of(p)
			got = string(list.Path) + ":"
			for _, e := range list.ACEs {
				got += " " + e.Account
			}
		}
		if len(problems) > 0 {
			got = said(problems)[0]
		}
		if got != c.want {
			t.Errorf("%q: %s", c.text, got)
		}
	}
	l, _ := ReadACLs(source.NewText("f", []byte("C:\\a Everyone:(OI)(XY)\n     Everyone:F\n")))
	if got := l.Allows(`C:\a`, []string{"Everyone"}, AccessRead); got != Unknown {
		t.Errorf("an entry that was not understood: %v", got)
	}
}
