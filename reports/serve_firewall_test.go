package reports

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/server"
)

// TestSitesBehindAFirewall: a site whose port is closed has no address, and the list
// says why.
func TestSitesBehindAFirewall(t *testing.T) {
	bindings := []iis.Binding{{Site: "/LM/W3SVC/1", SiteID: "1", Port: 80, Started: true}, {Site: "/LM/W3SVC/1", SiteID: "1", Port: 8080, Started: true}}
	var out strings.Builder
	if err := WriteSites(&out, bindings, []server.Endpoint{{Port: 80, Closed: true}, {Port: 8080, Addr: "127.0.0.1:50000"}}, Options{}); err != nil {
		t.Fatal(err)
	}
	want := "/LM/W3SVC/1\n  closed by Windows Firewall, a client's attempt to connect times out: :80:\n  http://127.0.0.1:50000/  for :8080:\n"
	if out.String() != want {
		t.Errorf("%q", out.String())
	}
	out.Reset()
	if err := WriteMappedSites(&out, bindings[:1], []server.Endpoint{{Port: 80, Closed: true, Site: "/LM/W3SVC/1", Entry: true}}, Options{}); err != nil {
		t.Fatal(err)
	}
	if want := "/LM/W3SVC/1\n  closed by Windows Firewall, a client's attempt to connect times out: :80:\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
}
