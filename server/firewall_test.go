package server

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// TestFirewallCloses: behind a closed firewall nothing listens, and whoever dials is
// told what the refusal stands for. For a client on the server itself all is open.
func TestFirewallCloses(t *testing.T) {
	s := fixture(t, "", "")
	s.Firewall = &snapshot.Firewall{}
	s.Firewall.Read(source.NewText("firewall.txt", []byte("Standard profile configuration (current):\n---\nOperational mode                  = Enable\n")))
	srv := start(t, s, Options{})
	for _, e := range srv.Endpoints() {
		if !e.Closed || e.Addr != "" {
			t.Errorf("%+v", e)
		}
	}
	if _, err := srv.Dial("", 80); err == nil || !strings.Contains(err.Error(), "in the place of a time-out: Windows Firewall lets nobody through to port 80") {
		t.Errorf("%v", err)
	}
	if _, err := srv.Dial("", 8999); err == nil || strings.Contains(err.Error(), "Firewall") {
		t.Errorf("a port that nothing is bound to: %v", err)
	}
	local := start(t, s, Options{ClientIP: "127.0.0.1"})
	c, err := local.Dial("", 80)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
