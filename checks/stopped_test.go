package checks

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestStoppedSite: what is wrong in a site that somebody has stopped is no fault now, and
// its remedy would change the server for nothing. The same site, started, has them all.
func TestStoppedSite(t *testing.T) {
	const noMaps = "		ScriptMaps=\".stm,C:\\WINDOWS\\system32\\inetsrv\\ssinc.dll,5,GET\n			.asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5,GET,HEAD,POST\"\n"
	site := func(start string) fstest.MapFS {
		attributes := "		AccessSSLFlags=\"AccessSSL\"\n		AspEnableParentPaths=\"TRUE\"\n" + noMaps
		f := layer(t, map[string]string{
			"C/inetpub/wwwroot/a.json": "{}", "C/inetpub/wwwroot/b.aspx": "x", "C/inetpub/wwwroot/c.stm": "x",
			"C/inetpub/wwwroot/d.asp": `<% Set m = Server.CreateObject("CDONTS.NewMail") %>`,
		}, rootFlags, "		AccessFlags=\"AccessRead | AccessScript | AccessWrite\"\n"+attributes+atRoot,
			atSite, "		ServerAutoStart=\""+start+"\"\n")
		return rows(f, "/e.mp4 404 3")
	}
	loud := []string{"mime-unmapped", "aspnet-unregistered", "extension-prohibited", "access-ssl", "cdonts-removed", "access-write-script", "parent-paths-enabled"}
	for _, id := range loud {
		if got := raised(t, id, site("TRUE")); len(got) == 0 || strings.HasPrefix(got[0], "info") {
			t.Errorf("started: %s has %q", id, got)
		}
	}
	for _, f := range onHealthy(t, site("FALSE")) {
		if f.Severity != Info {
			t.Errorf("stopped: %s %s", f.ID, f.Message)
		}
		if f.ID == unexplainedID && !strings.Contains(f.Message, "that site is stopped") {
			t.Errorf("stopped: %s", f.Message)
		}
	}
}
