package checks

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestFirewallClosed(t *testing.T) {
	const (
		on     = "Standard profile configuration (current):\n---\nOperational mode                  = Enable\n"
		none   = "Exception mode                    = Disable\n"
		ports  = "\nPort configuration for Standard profile:\nPort   Protocol  Mode     Name\n---\n"
		http   = "80     TCP       Enable   HTTP\n"
		bound  = "		ServerBindings=\":80:www.contoso.com\n"
		twice  = "		SecureBindings=\":443:\"\n" + bound
		both   = "		ServerBindings=\":80:www.contoso.com\n			:80:\"\n"
		loop   = "		ServerBindings=\"127.0.0.1:8080:\"\n"
		domain = "\nDomain profile configuration:\n---\nOperational mode                  = Disable\n"
	)
	with := func(text string, replace ...string) fstest.MapFS {
		return evidenceFile(layer(t, nil, replace...), "firewall.txt", text)
	}
	wantRaised(t, "firewall-closed", []near{
		{"nothing collected", layer(t, nil), "", ""},
		{"no exception", with(on), "error proven : ", "lets nobody through to TCP port 80: clients"},
		{"an exception", with(on + ports + http), "", ""},
		{"of UDP", with(on + ports + "80     UDP       Enable   HTTP\n"), "error proven ", "TCP port 80"},
		{"turned off", with(on + ports + "80     TCP       Disable  HTTP\n"), "error proven ", "TCP port 80"},
		{"another port", with(on + ports + "8080   TCP       Enable   HTTP\n"), "error proven ", "TCP port 80"},
		{"no exceptions at all", with(on + none + ports + http), "error proven ", "TCP port 80"},
		{"firewall off", with(strings.Replace(on, "Enable", "Disable", 1)), "", ""},
		{"off in a profile that is not in force", with(on + domain), "error proven ", "TCP port 80"},
		{"two ports at one place", with(on, bound, twice), "error proven ", "TCP port 80, 443"},
		{"one of two", with(on+ports+http, bound, twice), "error proven ", "TCP port 443"},
		{"for the server itself", with(on, both, loop), "", ""},
		{"also for others", with(on, both, loop[:len(loop)-2]+"\n			192.0.2.1:8090:\"\n"), "error proven ", "TCP port 8090: clients"},
		{"a site that does not start", with(on, atSite, "		ServerAutoStart=\"FALSE\"\n"), "", ""},
	})
	for text, want := range map[string]string{
		on:                       "netsh firewall add portopening protocol=TCP port=80 name=HTTP mode=ENABLE scope=ALL profile=ALL",
		on + none:                "netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=STANDARD|netsh firewall add portopening protocol=TCP port=80 name=HTTP mode=ENABLE scope=ALL profile=ALL",
		on + none + ports + http: "netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=STANDARD",
		// The firewall that is off in the domain stays off.
		on + none + ports + http + domain: "netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=STANDARD",
		strings.ReplaceAll(on, " (current)", "") + none + ports + http + strings.Replace(domain, "Disable", "Enable", 1) + none: "netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=STANDARD|" +
			"netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=DOMAIN|netsh firewall add portopening protocol=TCP port=80 name=HTTP mode=ENABLE scope=ALL profile=ALL",
	} {
		for _, f := range onHealthy(t, with(text)) {
			if f.ID == "firewall-closed" && strings.Join(f.Remedies[0].Commands(), "|") != want {
				t.Errorf("%q: %q", text, f.Remedies[0].Commands())
			}
		}
	}
}

// TestFirewallAffects: the addresses are those that a client on another computer opens.
func TestFirewallAffects(t *testing.T) {
	const text = "Standard profile configuration (current):\n---\nOperational mode                  = Enable\n"
	for bindings, want := range map[string]string{
		":80:www.contoso.com\n:8080:":  "http://www.contoso.com/ http://server:8080/",
		":80:\n192.0.2.1:8090:":        "http://server/ http://192.0.2.1:8090/",
		"192.0.2.1:80:www.contoso.com": "http://www.contoso.com/",
	} {
		for _, f := range onHealthy(t, evidenceFile(layer(t, nil, siteOne, `ServerBindings="`+bindings+`"`), "firewall.txt", text)) {
			if f.ID == "firewall-closed" && (strings.Join(f.Affects, " ") != want || f.Witness == nil || f.Witness.URL != f.Affects[0]) {
				t.Errorf("%q: affects %v, asked for %v", bindings, f.Affects, f.Witness)
			}
		}
	}
}
