package iis

import "testing"

// TestDeactivated: which sites are not started, and by which event (cc786887).
func TestDeactivated(t *testing.T) {
	site2 := func(attributes string) string {
		return `<IIsWebServer	Location ="/LM/W3SVC/2" ` + attributes + `></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/2/ROOT" Path="C:\inetpub\wwwroot" AppPoolId="DefaultAppPool"></IIsWebVirtualDir>`
	}
	for _, c := range []struct {
		name  string
		marks map[string]string
		url   string
		want  Status
		event int
	}{
		{"own binding", map[string]string{"KEYS": site2(`ServerBindings=":81:"`)}, "http://x:81/default.htm", "200", 0},
		{"taken", map[string]string{"KEYS": site2(`ServerBindings=":81:
			:80:"`)}, "http://x:81/default.htm", "503", 1007},
		{"the first site keeps it", map[string]string{"KEYS": site2(`ServerBindings=":80:"`)}, "http://x/default.htm", "200", 1007},
		{"taken by a stopped site", map[string]string{"SITE": `ServerAutoStart="FALSE"`, "KEYS": site2(`ServerBindings=":80:"`)}, "http://x/default.htm", "200", 0},
		{"taken by a site that does not start", map[string]string{"SITE": "ServerBindings=\":80:\n80\"", "KEYS": site2(`ServerBindings=":80:"`)}, "http://x/default.htm", "200", 1003},
		{"malformed", map[string]string{"SITE": "ServerBindings=\":80:\n80\""}, "http://x/default.htm", "503", 1003},
		{"malformed for SSL", map[string]string{"SITE": `SecureBindings="443"`}, "http://x/default.htm", "503", 1003},
		{"the same address for SSL", map[string]string{"KEYS": site2(`ServerBindings=":81:" SecureBindings=":80:"`)}, "http://x:81/default.htm", "200", 0},
	} {
		m := with(t, c.marks, page)
		event := 0
		for _, d := range m.Deactivated() {
			event = d.Event
		}
		if out := ask(t, m, "GET", c.url); out.Status != c.want || event != c.event {
			t.Errorf("%s: %s, event %d, want %s, event %d\n%s", c.name, out.Status, event, c.want, c.event, steps(out))
		}
	}
}

// TestLacksHost: the list of bindings that a missing host belongs into.
func TestLacksHost(t *testing.T) {
	marks := map[string]string{"SITE": `ServerBindings=":80:www.fabrikam.com"`, "KEYS": `<IIsWebServer	Location ="/LM/W3SVC/2" ServerBindings=":80:test.contoso.com"></IIsWebServer>`}
	for url, want := range map[string]string{
		"http://www.contoso.com/": "/LM/W3SVC/2",
		"http://fabrikam.com/":    "/LM/W3SVC/1",
		"http://other.example/":   "/LM/W3SVC/1",
		"http://x:82/":            "",
	} {
		out := ask(t, with(t, marks, page), "GET", url)
		got := ""
		if out.Because != nil {
			got = string(out.Because.Key)
		}
		if out.Status != "400" || out.KernelReason != "Hostname" || got != want {
			t.Errorf("%s: %s %s at %q, want %q", url, out.Status, out.KernelReason, got, want)
		}
	}
}
