package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// onlyOne is the only finding of a check.
func onlyOne(t *testing.T, r Report, id string) (found Finding) {
	t.Helper()
	n := 0
	for _, f := range r.Findings {
		if f.ID == id {
			found, n = f, n+1
		}
	}
	if n != 1 {
		t.Fatalf("%d findings of %s, want 1: %s", n, id, allSaid(r, id))
	}
	return found
}

// editsOf are a remedy's edits, "operation target property value" each.
func editsOf(r Remedy) (all []string) {
	for _, e := range r.Edits {
		all = append(all, strings.TrimRight(fmt.Sprintf("%s %s %s %s", e.Op, e.Target, e.Property, e.Value), " "))
	}
	return all
}

// TestAccessSSL: what a site lacks to serve https, and what binds it: the address and
// port 443 belong to one site unless host headers tell sites apart (cc757093).
func TestAccessSSL(t *testing.T) {
	const (
		require   = `AccessSSLFlags="AccessSSL"`
		none      = "site 1 has no SecureBindings: over http every request is refused, and https is not served"
		cert      = "set /LM/W3SVC/1 SSLCertHash <certificate>"
		bind      = "add /LM/W3SVC/1 SecureBindings :443:"
		onRoot    = "set /LM/W3SVC/1/ROOT AccessSSLFlags 0"
		ownIP     = "Give site 1 an IP address of its own: port 443 of the one it has belongs to another site."
		shares    = "Another site has port 443 of the address."
		serves    = `SecureBindings=":443:" SSLCertHash="00"`
		siteStart = `<IIsWebServer	Location ="/LM/W3SVC/1"`
		bindings  = "		ServerBindings=\":80:www.contoso.com\n			:80:\"\n"
	)
	atRootKey := []string{root, root + " " + require}
	with := func(more ...string) []string { return append(slices.Clone(atRootKey), more...) }
	for _, c := range []struct {
		name    string
		replace []string
		message string // what follows "SSL is required for "
		bind    []string
		drop    []string
		step    string // one of the first remedy's, "" for neither of the two about another site
		title   string
	}{
		{"nothing bound", with(), "/, but " + none, []string{bind, cert}, []string{onRoot}, "", ""},
		{"128 bits and a certificate of the client", []string{root, root + ` AccessSSLFlags="AccessSSL128 | AccessSSLNegotiateCert"`}, "/, but " + none, []string{bind, cert}, []string{"set /LM/W3SVC/1/ROOT AccessSSLFlags 32"}, "", ""},
		{"a directory", []string{endKeys, vdir("IIsWebDirectory", "shop", require)}, "/shop/, but " + none, []string{bind, cert}, []string{"set /LM/W3SVC/1/ROOT/shop AccessSSLFlags 0"}, "", ""},
		{"a file", []string{endKeys, vdir("IIsWebFile", "a.asp", require)}, "/a.asp, but " + none, []string{bind, cert}, []string{"set /LM/W3SVC/1/ROOT/a.asp AccessSSLFlags 0"}, "", ""},
		{"bound, no certificate", with(siteStart, siteStart+` SecureBindings=":443:"`), "/, but site 1 has a secure binding but no certificate (SSLCertHash): over http every request is refused, and https is not served", []string{cert}, []string{onRoot}, "", ""},
		{"a binding that is none", with(siteStart, siteStart+` SecureBindings="443"`), "/, but site 1 has SecureBindings that IIS cannot use: over http every request is refused, and https is not served", []string{"set /LM/W3SVC/1 SecureBindings :443:", cert}, []string{onRoot}, "", ""},
		{"a certificate, nothing bound", with(siteStart, siteStart+` SSLCertHash="00"`), "/, but " + none, []string{bind}, []string{onRoot}, "", "Bind the SSL port"},
		{"at the site", []string{siteStart, siteStart + " " + require}, "/, but " + none, []string{bind, cert}, []string{onRoot}, "", ""},
		{"at the service", []string{atService, atService + require + "\n"}, "/, but " + none, []string{bind, cert}, []string{onRoot}, "", ""},
		{"no http either", with(bindings, ""), "/, but " + none, []string{bind, cert}, []string{onRoot}, "", ""},
		{"no http either, another site has 443", with(bindings, "", endKeys, secondSite(`ServerBindings=":81:" `+serves)), "/, but " + none, []string{cert}, []string{onRoot}, ownIP, ""},
		{"another site has 443, this one a name", with(endKeys, secondSite(`ServerBindings=":81:" `+serves)), "/, but " + none, []string{"add /LM/W3SVC/1 SecureBindings :443:www.contoso.com", cert}, []string{onRoot}, shares, ""},
		{"another site has 443, this one no name", with(":80:www.contoso.com\n			:80:", ":80:", endKeys, secondSite(`ServerBindings=":81:" `+serves)), "/, but " + none, []string{cert}, []string{onRoot}, ownIP, ""},
		{"another site has another port", with(endKeys, secondSite(`ServerBindings=":81:" SecureBindings=":444:" SSLCertHash="00"`)), "/, but " + none, []string{bind, cert}, []string{onRoot}, "", ""},
		{"bound beside another site", with(siteStart, siteStart+` SecureBindings=":443:www.contoso.com"`, endKeys, secondSite(`ServerBindings=":81:" `+serves)),
			"/, but site 1 has a secure binding but no certificate (SSLCertHash): over http every request is refused, and https is not served", []string{cert}, []string{onRoot}, "", ""},
		{"two sites", []string{atService, atService + require + "\n", endKeys, secondSite(`ServerBindings="192.0.2.2:80:"`)}, "/, but " + none + "; the same holds at 1 more key",
			[]string{bind, cert, "add /LM/W3SVC/2 SecureBindings 192.0.2.2:443:", "set /LM/W3SVC/2 SSLCertHash <certificate>"}, []string{onRoot, "set /LM/W3SVC/2/ROOT AccessSSLFlags 0"}, "", ""},
	} {
		f := onlyOne(t, changed(t, fstest.MapFS{}, c.replace...), "access-ssl")
		if want := "SSL is required for " + c.message; f.Message != want {
			t.Errorf("%s: %q, want %q", c.name, f.Message, want)
		}
		first, last := f.Remedies[0], f.Remedies[len(f.Remedies)-1]
		if got := editsOf(first); !slices.Equal(got, c.bind) {
			t.Errorf("%s: binds %q, want %q", c.name, got, c.bind)
		}
		if got := editsOf(last); !slices.Equal(got, c.drop) {
			t.Errorf("%s: drops %q, want %q", c.name, got, c.drop)
		}
		steps := strings.Join(first.Steps, "\n")
		for _, step := range []string{ownIP, shares} {
			if strings.Contains(steps, step) != (step == c.step) {
				t.Errorf("%s: steps %q", c.name, steps)
			}
		}
		if bindsOnly := first.Title == "Bind the SSL port"; bindsOnly != (c.title != "") {
			t.Errorf("%s: title %q", c.name, first.Title)
		}
		if first.Risk != "" != (c.step == shares) {
			t.Errorf("%s: risk %q", c.name, first.Risk)
		}
	}
}

// other443 ends the key of site 1 and gives the rest of it to site 9, with a
// secure binding of its own.
func other443(host string) string {
	return ` ></IIsWebServer><IIsWebServer Location="/LM/W3SVC/9" SSLCertHash="bb" SecureBindings=":443:` + host + `" ServerBindings=":80:other.contoso.com"`
}

// TestSSLRemedies: the parts that are missing, and no others; another site's SSL stays.
func TestSSLRemedies(t *testing.T) {
	const bindings = "ServerBindings=\":80:www.contoso.com\n\t\t\t:80:\""
	required := []string{root, root + ` AccessSSLFlags="AccessSSL | AccessSSLNegotiateCert"`}
	cases := []struct {
		name, site  string
		bind, clear string
	}{
		{"nothing", bindings, "add SecureBindings :443:; set SSLCertHash <certificate>", "/LM/W3SVC/1/ROOT 32"},
		{"malformed", bindings + ` SecureBindings="443"`, "set SecureBindings :443:; set SSLCertHash <certificate>", "/LM/W3SVC/1/ROOT 32"},
		{"another site has the address", bindings + other443(""), "add SecureBindings :443:www.contoso.com; set SSLCertHash <certificate>", "/LM/W3SVC/1/ROOT 32"},
		{"another site has one name there", bindings + other443("a.contoso.com"), "add SecureBindings :443:www.contoso.com; set SSLCertHash <certificate>", "/LM/W3SVC/1/ROOT 32"},
		{"another site has this name there", bindings + other443("www.contoso.com"), "set SSLCertHash <certificate>", "/LM/W3SVC/1/ROOT 32"},
		{"certificate only", bindings + ` SSLCertHash="aa"`, "add SecureBindings :443:", "/LM/W3SVC/1/ROOT 32"},
		{"binding only", bindings + ` SecureBindings=":443:"`, "set SSLCertHash <certificate>", "/LM/W3SVC/1/ROOT 32"},
	}
	for _, c := range cases {
		r := changed(t, nil, append(required, bindings, c.site)...)
		for _, f := range r.Findings {
			if f.ID != "access-ssl" {
				continue
			}
			var bind []string
			for _, e := range f.Remedies[0].Edits {
				bind = append(bind, fmt.Sprintf("%s %s %s", e.Op, e.Property, e.Value))
			}
			drop := f.Remedies[1].Edits[0]
			if got := strings.Join(bind, "; "); got != c.bind || drop.Target+" "+drop.Value != c.clear {
				t.Errorf("%s: %s; %s %s", c.name, got, drop.Target, drop.Value)
			}
		}
		if said(r, "access-ssl") == "" {
			t.Errorf("%s: not found", c.name)
		}
	}
}
