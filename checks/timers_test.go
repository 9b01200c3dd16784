package checks

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestTimers: from which values on the timers of HTTP.sys are doubted, with and
// without rows in its log. The settings stand in for those of the service; site is a
// value at the site. "" stands for no finding.
func TestTimers(t *testing.T) {
	const service = `<IIsWebService	Location ="/LM/W3SVC"`
	const site = `<IIsWebServer	Location ="/LM/W3SVC/1"`
	rows := func(all ...string) fstest.MapFS { return kernelLog(all...) }
	for _, c := range []struct {
		id, change, with string
		files            fstest.MapFS
		want             string
	}{
		{"idle-connection", site, `ConnectionTimeout="120"`, nil, ""},
		{"idle-connection", site, `ConnectionTimeout="5"`, nil, "warning possible Connections to site 1 are ended after 5 seconds"},
		{"idle-connection", site, `ConnectionTimeout="5"`, rows("- - Timer_ConnectionIdle -"), "warning observed Connections to site 1"},
		{"idle-connection", site, `ConnectionTimeout="5"`, rows("- 2 Timer_EntityBody Other"), "warning possible Connections to site 1"},
		{"idle-connection", site, `ConnectionTimeout="10"`, nil, ""},
		{"idle-connection", site, `ConnectionTimeout="10"`, rows("- - Timer_ConnectionIdle -"), ""},
		{"idle-connection", site, `ConnectionTimeout="119"`, rows("- 1 Timer_EntityBody DefaultAppPool"), "warning observed Requests to site 1 were given up after the connection time-out of 119 seconds"},
		{"idle-connection", site, `ConnectionTimeout="60"`, rows("- 2 Timer_AppPool DefaultAppPool"), ""},
		{"idle-connection", site, `ConnectionTimeout="120"`, rows("- 1 Timer_EntityBody DefaultAppPool"), ""},
		{"idle-connection", site, `ConnectionTimeout="0"`, nil, "warning proven The connection time-out of 0 seconds is outside"},
		{"idle-connection", site, `ConnectionTimeout="65535"`, nil, ""},
		{"idle-connection", site, `ConnectionTimeout="65536"`, rows("- - Timer_ConnectionIdle -"), "warning proven The connection time-out of 65536 seconds is outside"},
		{"header-wait", service, `HeaderWaitTimeout="0"`, rows("- - Timer_HeaderWait -"), ""},
		{"header-wait", service, `HeaderWaitTimeout="9"`, nil, "warning possible A client has 9 seconds"},
		{"header-wait", service, `HeaderWaitTimeout="9"`, rows("- - Timer_HeaderWait -"), "warning observed A client has 9 seconds"},
		{"header-wait", service, `HeaderWaitTimeout="10"`, rows("- - Timer_ConnectionIdle -"), ""},
		{"header-wait", service, `HeaderWaitTimeout="29"`, rows("- - Timer_HeaderWait -"), "warning observed A client has 29 seconds"},
		{"header-wait", service, `HeaderWaitTimeout="30"`, rows("- - Timer_HeaderWait -"), ""},
		{"slow-download", `MinFileBytesPerSec="240"`, `MinFileBytesPerSec="240"`, rows("- - Timer_MinBytesPerSecond -"), ""},
		{"slow-download", `MinFileBytesPerSec="240"`, `MinFileBytesPerSec="0"`, rows("- - Timer_MinBytesPerSecond -"), ""},
		{"slow-download", `MinFileBytesPerSec="240"`, `MinFileBytesPerSec="241"`, rows("- - Timer_MinBytesPerSecond -"), "error observed HTTP.sys ends connections on which less than 241 bytes"},
		{"slow-download", `MinFileBytesPerSec="240"`, `MinFileBytesPerSec="3999"`, rows("- - Timer_HeaderWait -"), ""},
		{"slow-download", `MinFileBytesPerSec="240"`, `MinFileBytesPerSec="4000"`, nil, "warning possible HTTP.sys ends connections on which less than 4,000 bytes"},
	} {
		with := c.with
		if strings.HasPrefix(c.change, "<") {
			with = c.change + " " + c.with
		}
		var replace []string
		if with != c.change {
			replace = []string{c.change, with}
		}
		if strings.Contains(c.with, "ConnectionTimeout") {
			replace = append(replace, `		ConnectionTimeout="120"`, "") // the service's
		}
		if got := allSaid(changed(t, c.files, replace...), c.id); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q, want %q", c.with, got, c.want)
		}
	}
}
