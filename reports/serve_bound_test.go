package reports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/server"
)

// TestSitesBound: an address for which no listener was left is not called stopped.
func TestSitesBound(t *testing.T) {
	bindings := []iis.Binding{
		{Site: "/LM/W3SVC/1", SiteID: "1", Port: 80, Started: true},
		{Site: "/LM/W3SVC/2", SiteID: "2", IP: "192.0.2.2", Port: 443, Secure: true, Started: true},
		{Site: "/LM/W3SVC/3", SiteID: "3", IP: "192.0.2.3", Port: 80},
	}
	endpoints := make([]server.Endpoint, server.MaxEndpoints)
	endpoints[0] = server.Endpoint{Port: 80, Site: "/LM/W3SVC/1", Entry: true, Addr: "127.0.0.1:4000"}
	for _, row := range []struct {
		write func(*bytes.Buffer) error
		want  string
	}{
		{func(b *bytes.Buffer) error { return WriteSites(b, bindings, endpoints, Options{}) },
			"not served, as no more than 1,000 addresses are: 192.0.2.2:443:"},
		{func(b *bytes.Buffer) error { return WriteMappedSites(b, bindings, endpoints, Options{}) },
			"not served, as no more than 1,000 ports are: 192.0.2.2:443:"},
	} {
		var b bytes.Buffer
		if err := row.write(&b); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"  http://127.0.0.1:4000/  for :80:\n", "  " + row.want + "\n", "  not started: 192.0.2.3:80:\n"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%q lacks %q", b.String(), want)
			}
		}
	}
}
