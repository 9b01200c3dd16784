package checks

import (
	"testing"
	"testing/fstest"
)

func TestAuthentication(t *testing.T) {
	const rootAuth = "		AuthFlags=\"AuthAnonymous\"\n		Path=\"C:\\inetpub\\wwwroot\"\n"
	const account = "		AnonymousUserName=\"IUSR_WEB01\"\n"
	auth := func(flags string, more ...string) fstest.MapFS {
		return layer(t, nil, append([]string{rootAuth, "		AuthFlags=\"" + flags + "\"\n		Path=\"C:\\inetpub\\wwwroot\"\n"}, more...)...)
	}
	wantRaised(t, "auth-none", []near{
		{"as installed", layer(t, nil), "", ""},
		{"none", auth("0"), "error proven /LM/W3SVC/1/ROOT: ", "of site 1 enables no kind"},
		{"a bit that is no kind", auth("256"), "error proven ", "refused with 401.2"},
		{"Passport alone", auth("AuthPassport"), "", ""},
		{"Digest alone", auth("16"), "", ""},
		{"a site that is stopped", auth("0", atSite, "		ServerAutoStart=\"FALSE\"\n"), "", ""},
		{"below the root", below(t, "AccessRead", map[string]string{"default.htm": "x"}, `AuthFlags="0"`), "error proven /LM/W3SVC/1/ROOT/area: ", "of /area of site 1"},
		{"no name", layer(t, nil, account, "		AnonymousUserName=\"\"\n"), "error proven /LM/W3SVC/1/ROOT: ", "AnonymousUserName is empty"},
		{"no name, and nobody is anonymous", auth("AuthNTLM", account, "		AnonymousUserName=\"\"\n"), "", ""},
		{"a name at the root", layer(t, nil, account, "		AnonymousUserName=\"\"\n", atRoot, atRoot+"		AnonymousUserName=\"IUSR_X\"\n"), "", ""},
		{"set nowhere", layer(t, nil, account, ""), "", ""},
	})

	const bindings = "		ServerBindings=\":80:www.contoso.com\n			:80:\"\n"
	const ssl = "		AccessSSLFlags=\"AccessSSL\"\n"
	wantRaised(t, "auth-basic-clear", []near{
		{"as installed", layer(t, nil), "", ""},
		{"Basic", auth("AuthBasic | AuthNTLM"), "warning proven /LM/W3SVC/1/ROOT: ", "for site 1 without SSL"},
		{"Basic with SSL", auth("AuthBasic", atRoot, atRoot+ssl), "", ""},
		{"Basic with 128 bits", auth("2", atRoot, atRoot+"		AccessSSLFlags=\"256\"\n"), "", ""},
		{"a certificate is wished for", auth("AuthBasic", atRoot, atRoot+"		AccessSSLFlags=\"AccessSSLNegotiateCert\"\n"), "warning proven ", ""},
		{"SSL is dropped below", auth("AuthBasic", atRoot, atRoot+ssl, belowRoot, key("IIsWebDirectory", "open", `AccessSSLFlags="0"`)+belowRoot), "warning proven /LM/W3SVC/1/ROOT/open: ", "for /open of site 1"},
		{"Windows only", auth("AuthNTLM"), "", ""},
		{"Digest", auth("AuthMD5"), "", ""},
		{"for the server itself", auth("AuthBasic", bindings, "		ServerBindings=\"127.0.0.1:80:\"\n"), "", ""},
		{"also for others", auth("AuthBasic", bindings, "		ServerBindings=\"127.0.0.1:80:\n			192.0.2.1:80:\"\n"), "warning proven ", ""},
		{"no http", auth("AuthBasic", bindings, ""), "", ""},
		{"a template", layer(t, nil, "		AccessFlags=\"AccessRead | AccessScript\"\n		AuthFlags=\"AuthAnonymous\"\n	>\n</IIsWebVirtualDir>\n</MBProperty>",
			"		AuthFlags=\"AuthBasic\"\n	>\n</IIsWebVirtualDir>\n</MBProperty>"), "", ""},
	})
}

// TestBasicRemedy: SSL is offered first where the site can serve it.
func TestBasicRemedy(t *testing.T) {
	const rootAuth = "		AuthFlags=\"AuthAnonymous\"\n		Path=\"C:\\inetpub\\wwwroot\"\n"
	const basic = "		AuthFlags=\"AuthBasic\"\n		Path=\"C:\\inetpub\\wwwroot\"\n"
	for name, c := range map[string]struct {
		site, want string
	}{
		"no certificate": {"", "AuthFlags=4"},
		"a certificate":  {"		SSLCertHash=\"00\"\n		SecureBindings=\":443:\"\n", "AccessSSLFlags=8"},
	} {
		for _, f := range onHealthy(t, layer(t, nil, rootAuth, basic, atSite, atSite+c.site)) {
			if f.ID != "auth-basic-clear" {
				continue
			}
			if e := f.Remedies[0].Edits[0]; e.Property+"="+e.Value != c.want {
				t.Errorf("%s: first %s=%s, want %s", name, e.Property, e.Value, c.want)
			}
		}
	}
}
