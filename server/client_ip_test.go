package server

import (
	"io"
	"strings"
	"testing"
	"time"
)

// TestDialFrom: a client's address is what access checks, pages and both logs see.
func TestDialFrom(t *testing.T) {
	s := snapshotOf(t, evidence{content: map[string][]byte{"C/site/ip.asp": []byte(`<%= Request.ServerVariables("REMOTE_ADDR") %>`)}})
	srv := start(t, s, Options{ClientIP: "192.0.2.9"})
	for _, row := range []struct{ from, send, log string }{
		{"198.51.100.7", "GET /ip.asp HTTP/1.0\r\n\r\n", " 198.51.100.7 "},
		{"", "GET /ip.asp HTTP/1.0\r\n\r\n", " 192.0.2.9 "},
		{"198.51.100.8", "get / HTTP/1.1\r\n\r\n", " 198.51.100.8 "},
	} {
		c, err := srv.DialFrom(row.from, "", 80)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, row.send)
		b, _ := io.ReadAll(c)
		c.Close()
		records := srv.Records()
		if line := records[len(records)-1].Line + " "; !strings.Contains(line, row.log) {
			t.Errorf("from %q: log %q", row.from, line)
		}
		if ip := strings.TrimSpace(row.log); strings.HasPrefix(row.send, "GET") && !strings.HasSuffix(string(b), ip) {
			t.Errorf("from %q: the page shows %q", row.from, b)
		}
	}
}

// TestSlowComponent: Work takes the server's time; a script that is over its time
// when the component returns ends there (ASP 0113). Elsewhere the class is unknown.
func TestSlowComponent(t *testing.T) {
	const page = `<% Set s = Server.CreateObject("Fault.Slow") : s.Work 100 %>done`
	files := map[string]string{"site/slow.asp": page}
	for _, row := range []struct {
		site   string
		faults bool
		want   string
	}{
		{`AspScriptTimeout="3000"`, true, "done"},
		{`AspScriptTimeout="90"`, true, "error 'ASP 0113'"},
		{`AspScriptTimeout="90"`, false, "is not modelled"},
	} {
		begun := time.Now()
		now := func() time.Time { return at.Add(1000 * time.Since(begun)) }
		srv := tenant(t, row.site, "", Options{Faults: row.faults, Speed: 1000, Now: now}, files)
		if got := get(t, srv, "/slow.asp"); !strings.Contains(got, row.want) {
			t.Errorf("%s, faults %v: %q", row.site, row.faults, got)
		}
	}
}

// TestListenIPv4: for 0.0.0.0 nothing listens on IPv6, and the address is as it was given.
func TestListenIPv4(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{}), Options{Listen: "0.0.0.0"})
	for _, e := range srv.Endpoints() {
		if !strings.HasPrefix(e.Addr, "0.0.0.0:") {
			t.Errorf("port %d listens on %s", e.Port, e.Addr)
		}
	}
}
