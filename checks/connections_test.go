package checks

import (
	"testing"
	"testing/fstest"
)

func TestConnectionsLimited(t *testing.T) {
	const unlimited = "		MaxConnections=\"4294967295\"\n"
	site := func(n string) fstest.MapFS {
		return layer(t, nil, atSite, atSite+"		MaxConnections=\""+n+"\"\n")
	}
	reached := func(files fstest.MapFS, end string) fstest.MapFS {
		files["httperr1.log"] = &fstest.MapFile{Data: []byte("#Software: Microsoft HTTP API 1.0\r\n#Version: 1.0\r\n#Date: 2004-01-01 00:00:00\r\n" +
			"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n" +
			"2004-01-01 10:00:00 192.0.2.7 1025 192.0.2.1 80 HTTP/1.1 GET / 503 " + end + " DefaultAppPool\r\n")}
		return files
	}
	wantRaised(t, "connections-limited", []near{
		{"as installed", layer(t, nil), "", ""},
		{"a workstation", site("10"), "warning possible /LM/W3SVC/1: ", "Site 1 may hold 10 connections at a time"},
		{"its highest", site("40"), "warning possible ", ""},
		{"a server's", site("41"), "", ""},
		{"at the service", layer(t, nil, unlimited, "		MaxConnections=\"10\"\n"), "warning possible ", ""},
		{"the service's, and the site says otherwise", layer(t, nil, unlimited, "		MaxConnections=\"10\"\n", atSite, atSite+unlimited), "", ""},
		{"absent", layer(t, nil, unlimited, ""), "", ""},
		{"0", site("0"), "", ""},
		{"-1 is unlimited", site("-1"), "", ""},
		{"reached", reached(site("1000"), "1 ConnLimit"), "error observed ", "Site 1 reached its limit of 1000 connections"},
		{"a workstation's, reached", reached(site("10"), "1 ConnLimit"), "error observed ", "reached its limit of 10"},
		{"without the site's number", reached(site("1000"), "- ConnLimit"), "error observed ", ""},
		{"another site's", reached(site("1000"), "2 ConnLimit"), "", ""},
		{"another reason", reached(site("1000"), "1 QueueFull"), "", ""},
	})
}
