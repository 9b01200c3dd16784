package iis

import (
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// TestFirewall: a client of a port that the firewall closes gets no connection,
// whatever else is wrong; one on the server itself does (S1).
func TestFirewall(t *testing.T) {
	const on = "Standard profile configuration (current):\n---\nOperational mode                  = Enable\n"
	const ports = "\nPort configuration for Standard profile:\nPort   Protocol  Mode     Name\n---\n80     TCP       Enable   HTTP\n"
	for _, c := range []struct {
		text, client string
		status       Status
		stage        string
	}{
		{on, "192.0.2.1", NoConnection, "firewall"},
		{on, "", NoConnection, "firewall"},
		{on, "127.0.0.1", "404.3", "MIME type"},
		{on + ports, "192.0.2.1", "404.3", "MIME type"},
		{"Standard profile configuration (current):\n---\nOperational mode                  = Disable\n", "192.0.2.1", "404.3", "MIME type"},
		{"", "192.0.2.1", "404.3", "MIME type"},
	} {
		m := with(t, nil, nil)
		s := m.snapshot
		if c.text != "" {
			s.Firewall = &snapshot.Firewall{}
			s.Firewall.Read(source.NewText("firewall.txt", []byte(c.text)))
		}
		r, err := ParseURL("GET", "http://x/data.json")
		if err != nil {
			t.Fatal(err)
		}
		r.ClientIP = c.client
		if o := m.Decide(r); o.Status != c.status || o.Stage != c.stage {
			t.Errorf("%q from %q: %s at %s", c.text, c.client, o.Status, o.Stage)
		}
	}
}
