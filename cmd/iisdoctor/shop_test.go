package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShop compares every report of testdata/shop, and the text for a server with
// many faults at once, with those in testdata.
func TestShop(t *testing.T) {
	folder, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	inRoot(t)
	for _, report := range []string{"shop.text", "shop.table", "shop.json", "shop.github", "migrated.text"} {
		server, format, _ := strings.Cut(report, ".")
		var out bytes.Buffer
		if code := run([]string{"iisdoctor", "scan", "testdata/" + server, "-o", format}, nil, &out, os.Stderr); code != exitFindings {
			t.Errorf("%s: exit code %d", report, code)
		}
		golden := filepath.Join(folder, report)
		if *update {
			if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); diff != "" {
			t.Errorf("%s has changed; go test ./cmd/iisdoctor -update accepts it:\n%s", golden, diff)
		}
	}
}

// TestShopSecrets wants the passwords of testdata/shop in no answer: the one of a
// page, and the encrypted ones of the metabase.
func TestShopSecrets(t *testing.T) {
	inRoot(t)
	secrets := append(
		matchesIn(t, "testdata/shop/content/C/inetpub/shop/inc/db.inc", `Password=([^;"]+)`),
		matchesIn(t, "testdata/shop/MetaBase.xml", `(?:AnonymousUserPass|UNCPassword|SessionKey|AdminACL)="([^"]+)"`)...)
	for _, args := range []string{
		"scan --verbose testdata/shop", "scan -o json testdata/shop", "scan -o github testdata/shop",
		"trace --verbose testdata/shop http://www.harrowfinch.example/inc/db.inc",
		"trace testdata/shop http://www.harrowfinch.example/basket/view.asp",
		"trace -o json testdata/shop http://www.harrowfinch.example/brochures/",
		"why testdata/shop /LM/W3SVC AnonymousUserPass", "why -o json testdata/shop /LM/W3SVC AnonymousUserPass",
		"why testdata/shop / AdminACL", "why testdata/shop /LM/W3SVC/2/ROOT/pricelists UNCPassword",
	} {
		var out bytes.Buffer
		if code := run(append([]string{"iisdoctor"}, strings.Fields(args)...), nil, &out, &out); code > exitFindings {
			t.Errorf("%s: exit code %d", args, code)
		}
		for _, secret := range secrets {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%s shows %s", args, secret)
			}
		}
	}
}

// matchesIn gives every match of a pattern's group in a file; there must be one.
func matchesIn(t *testing.T, name, pattern string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range regexp.MustCompile(pattern).FindAllSubmatch(data, -1) {
		all = append(all, string(m[1]))
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no %s", name, pattern)
	}
	return all
}
