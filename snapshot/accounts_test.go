package snapshot

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const accountsText = `; who may log on
[logon]
IUSR_SHOP = an=odd # pass;word
CONTOSO\web = "quoted" %(x)s \
NoPassword =

[share \\Files\Web]
CONTOSO\web = share-1
Guest =
`

func TestAccounts(t *testing.T) {
	a, problems := parseAccounts([]byte(accountsText))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, tc := range []struct {
		user, password string
		want           bool
	}{
		{"IUSR_SHOP", "an=odd # pass;word", true},
		{"iusr_shop", "an=odd # pass;word", true},
		{"IUSR_SHOP", "AN=odd # pass;word", false},
		{"IUSR_SHOP", "", false},
		{`contoso\WEB`, `"quoted" %(x)s \`, true},
		{"web", `"quoted" %(x)s \`, false},
		{"NoPassword", "", true},
		{"nobody", "", false},
	} {
		if got := a.CanLogOn(tc.user, tc.password); got != tc.want {
			t.Errorf("CanLogOn(%s, %q) %v", tc.user, tc.password, got)
		}
	}
	for _, tc := range []struct {
		share, user string
		set         bool
		want        Known
	}{
		{`\\files\web`, `CONTOSO\web`, true, Yes},
		{`\\FILES\web\`, `contoso\web`, true, Yes},
		{`\\files\web`, `CONTOSO\web`, false, No},
		{`\\files\web`, `guest`, false, Yes},
		{`\\files\web`, `guest`, true, No},
		{`\\files\web`, `CONTOSO\old`, true, No},
		{`\\files\other`, `CONTOSO\web`, true, Unknown},
	} {
		if got := a.ShareOpens(tc.share, tc.user, tc.set); got != tc.want {
			t.Errorf("ShareOpens(%s, %s, %v) %v", tc.share, tc.user, tc.set, got)
		}
	}
	var none *Accounts
	if none.CanLogOn("IUSR_SHOP", "an=odd # pass;word") || none.ShareOpens(`\\files\web`, "x", true) != Unknown {
		t.Error("a snapshot without accounts knows nothing")
	}
}

func TestAccountsProblems(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"stray = s3cret\n[logon]\na = b\n", "accounts.txt:1:1 an account above the first section"},
		{"[logon]\na = b\n[shares]\nx = s3cret\n", "accounts.txt:3:1 section [shares]"},
		{"\n[share files]\nx = s3cret\n", "accounts.txt:2:1 section [share files]"},
		{"[logon]\nx = `s3cret\n", "accounts.txt:1:1 no INI file"},
		{"[logon\nx = s3cret\n", "accounts.txt:1:1 no INI file"},
		{"[logon]\nx s3cret\n", "accounts.txt:1:1 no INI file"},
	} {
		s, err := OpenFS(fstest.MapFS{"MetaBase.xml": {Data: []byte(tinyMetabase)}, "accounts.txt": {Data: []byte(tc.text)}})
		must(t, err)
		if d := cmp.Diff([]string{tc.want}, problems(s)); d != "" {
			t.Error(d)
		}
		if said := fmt.Sprint(s.Problems); strings.Contains(said, "s3cret") {
			t.Error("a password is shown:", said)
		}
	}
}

func FuzzAccounts(f *testing.F) {
	f.Add([]byte(accountsText))
	f.Add([]byte("[share x]\n=\n[logon]\n`\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, _ := parseAccounts(raw)
		a.CanLogOn("a", "")
		a.ShareOpens(`\\a\b`, "a", true)
	})
}
