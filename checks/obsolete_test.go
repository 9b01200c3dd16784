package checks

import "testing"

func TestObsolete(t *testing.T) {
	const on, off = "		UNCAuthenticationPassthrough=\"TRUE\"\n", "		UNCAuthenticationPassthrough=\"FALSE\"\n"
	share := func(more string) string {
		return key("IIsWebVirtualDir", "files", `Path="\\files\web"`+more) + belowRoot
	}
	custom := "<IIsWebVirtualDir	Location =\"/LM/W3SVC/1/ROOT/files\"\n		Path=\"\\\\files\\web\"\n	>\n" +
		"	<Custom\n		Name=\"UNCAuthenticationPassthrough\"\n		ID=\"3006\"\n		Value=\"1\"\n		Type=\"DWORD\"\n	/>\n</IIsWebVirtualDir>\n" + belowRoot
	wantRaised(t, "unc-passthrough-obsolete", []near{
		{"as installed", layer(t, nil), "", ""},
		{"off", layer(t, nil, atRoot, atRoot+off), "", ""},
		{"on, without a share", layer(t, nil, atRoot, atRoot+on), "info proven /LM/W3SVC/1/ROOT: ", "is TRUE and changes nothing"},
		{"on, at a share", layer(t, nil, belowRoot, share("\n		UNCAuthenticationPassthrough=\"1\"")), "warning proven /LM/W3SVC/1/ROOT/files: ", ""},
		{"on, above a share", layer(t, nil, belowRoot, share(""), atService, atService+on), "warning proven /LM/W3SVC: ", ""},
		{"as a Custom element", layer(t, nil, belowRoot, custom), "warning proven /LM/W3SVC/1/ROOT/files: ", ""},
	})

	const timeout = "		ConnectionTimeout=\"120\"\n"
	ftp := "<IIsFtpService	Location =\"/LM/MSFTPSVC\"\n		ServerListenTimeout=\"900\"\n	>\n</IIsFtpService>\n" + belowRoot
	wantRaised(t, "listen-timeout-obsolete", []near{
		{"as installed", layer(t, nil), "", ""},
		{"at the service", layer(t, nil, atService, atService+"		ServerListenTimeout=\"900\"\n"), "warning proven /LM/W3SVC: ", "(900) changes nothing on IIS 6.0: an idle connection is closed after ConnectionTimeout, 120 seconds"},
		{"at a site", layer(t, nil, atSite, atSite+"		ServerListenTimeout=\"60\"\n"), "warning proven /LM/W3SVC/1: ", ""},
		{"the same time", layer(t, nil, atSite, atSite+"		ServerListenTimeout=\"120\"\n"), "info proven ", ""},
		{"the default time", layer(t, nil, timeout, "", atSite, atSite+"		ServerListenTimeout=\"120\"\n"), "info proven ", ""},
		{"of FTP", layer(t, nil, belowRoot, ftp), "", ""},
		{"a template", layer(t, nil, "		ServerComment=\"Anyone may read the pages of this site.\"\n", "		ServerListenTimeout=\"900\"\n"), "", ""},
	})
}
