package iis

import "testing"

// TestIPRestriction: the format of IPSecurity is not public, so where it is set the
// client is assumed to be let in, and every later answer rests on that.
func TestIPRestriction(t *testing.T) {
	for _, c := range []struct {
		name, mark, value string
		assumed           bool
	}{
		{"set", "ROOT", `IPSecurity="180000008000008001000000"`, true},
		{"inherited", "SERVICE", `IPSecurity="180000008000008001000000"`, true},
		{"empty", "ROOT", `IPSecurity=""`, false},
		{"of another directory", "SHOP", `IPSecurity="180000008000008001000000"`, false},
	} {
		o := ask(t, with(t, map[string]string{c.mark: c.value}, map[string]string{"C/inetpub/wwwroot/page.htm": "x"}), "GET", "http://localhost/page.htm")
		if o.Status != "200" || o.Assumed != c.assumed {
			t.Errorf("%s: %s, assumed %v", c.name, o.Status, o.Assumed)
		}
	}
}
