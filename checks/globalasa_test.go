package checks

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestGlobalAsaOnEnd: under which account a routine runs, and what keeps it from its
// work. "" stands for no finding. The remedy's edits follow the message.
func TestGlobalAsaOnEnd(t *testing.T) {
	asa := func(name, body string) string {
		return "<script language=\"VBScript\" runat=\"Server\">\nSub " + name + "\n" + body + "\nEnd Sub\n</script>"
	}
	const (
		write   = `Set f = fso.OpenTextFile("C:\data\visits.log", 8, True)`
		read    = `Set f = fso.OpenTextFile("C:\data\visits.log")`
		process = `AspRunOnEndAnonymously="FALSE"`
		iusr    = "C:\\data\\visits.log BUILTIN\\Administrators:F\n                   WEB01\\IUSR_WEB01:C\n"
		reader  = "C:\\data\\visits.log WEB01\\IUSR_WEB01:R\n                   NT AUTHORITY\\NETWORK SERVICE:R\n"
		group   = "C:\\data\\visits.log BUILTIN\\Administrators:F\n                   WEB01\\IIS_WPG:C\n"
		admins  = "C:\\data\\visits.log BUILTIN\\Administrators:F\n"
		folder  = "C:\\data BUILTIN\\Administrators:F\n"
		about   = "Session_OnEnd of /global.asa "
	)
	for _, c := range []struct {
		name, root, asa, acls, events string
		want, edits                   string
	}{
		{"as installed", ``, asa("Session_OnEnd", write), "", "", "", ""},
		{"without the routine", process, asa("Session_OnStart", write), admins, "", "", ""},
		{"process, no listing", process, asa("Session_OnEnd", write), "", "", "info possible " + about + `runs as NT AUTHORITY\NETWORK SERVICE`, "AspRunOnEndAnonymously=TRUE"},
		{"process denied, user allowed", process, asa("Session_OnEnd", write), iusr, "", "warning possible " + about + `is denied access to C:\data\visits.log: it runs as NT AUTHORITY\NETWORK SERVICE, who may not write it (AspRunOnEndAnonymously is FALSE)`, "AspRunOnEndAnonymously=TRUE"},
		{"process denied, user too", process, asa("Session_OnEnd", write), reader, "", "warning possible " + about, `NT AUTHORITY\NETWORK SERVICE=C`},
		{"process may read", process, asa("Session_OnEnd", read), reader, "", "", ""},
		{"process may read, mode given", process, asa("Session_OnEnd", strings.Replace(read, "log\"", "log\", 1", 1)), reader, "", "", ""},
		{"process may write by its group", process, asa("Session_OnEnd", write), group, "", "", ""},
		{"user is not in the group", ``, asa("Session_OnEnd", write), group, "", "warning possible " + about + "is denied", "IUSR_WEB01=C"},
		{"user denied", ``, asa("Session_OnEnd", write), admins, "", "warning possible " + about + `is denied access to C:\data\visits.log: it runs as IUSR_WEB01, who may not write it`, "IUSR_WEB01=C"},
		{"user denied a new file", ``, asa("Session_OnEnd", write), folder, "", "warning possible " + about + "is denied", "IUSR_WEB01=C"},
		{"user denied reading", ``, asa("Application_OnEnd", read), admins, "", `warning possible Application_OnEnd of /global.asa is denied access to C:\data\visits.log: it runs as IUSR_WEB01, who may not read it`, "IUSR_WEB01=R"},
		{"user may write", ``, asa("Session_OnEnd", write), iusr, "", "", ""},
		{"no user", `AnonymousUserName=""`, asa("Session_OnEnd", write), "", "", "warning possible " + about + "is not run", "AnonymousUserName=IUSR_WEB01"},
		{"no user, process", `AnonymousUserName="" ` + process, asa("Session_OnEnd", ""), "", "", "", ""},
		{"MapPath", ``, asa("Session_OnEnd", `p = Server.MapPath("/data")`), "", "", "warning possible " + about + "calls Server.MapPath", ""},
		{"MapPath in a text", ``, asa("Session_OnEnd", `p = "Mappath"`), "", "", "", ""},
		{"event 21", ``, asa("Session_OnEnd", ""), "", "Active Server Pages|21|Failed to retrieve the anonymous user token for ASP application /LM/W3SVC/1/ROOT. Global.asa OnEnd routines will not be executed.", "warning observed " + about + "fails by the event log; it runs as IUSR_WEB01", ""},
		{"event 21 of another", ``, asa("Session_OnEnd", ""), "", "Active Server Pages|21|Failed to retrieve the anonymous user token for ASP application /LM/W3SVC/1/ROOT/shop. Global.asa OnEnd routines will not be executed.", "", ""},
		{"event 5 of a page", ``, asa("Session_OnEnd", ""), "", "Active Server Pages|5|Error: File /list.asp Line 12 Permission denied.", "", ""},
		{"event 5", process, asa("Session_OnEnd", write), iusr, "Active Server Pages|5|Error: File /LM/W3SVC/1/ROOT/global.asa Line 3 Permission denied.", "warning observed " + about + "is denied access", "AspRunOnEndAnonymously=TRUE"},
	} {
		files := fstest.MapFS{"content/C/inetpub/wwwroot/global.asa": file1(c.asa)}
		if c.events != "" {
			files = eventTable(c.events)
			files["content/C/inetpub/wwwroot/global.asa"] = file1(c.asa)
		}
		if c.acls != "" {
			files["acls.txt"] = file1(c.acls)
		}
		var replace []string
		if c.root != "" {
			replace = []string{root, root + " " + c.root}
		}
		r := changed(t, files, replace...)
		if got := allSaid(r, "global-asa-onend"); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		edit := ""
		for _, f := range r.Findings {
			if f.ID == "global-asa-onend" && len(f.Remedies[0].Edits) > 0 {
				edit = f.Remedies[0].Edits[0].Property + "=" + f.Remedies[0].Edits[0].Value
			}
		}
		if edit != c.edits {
			t.Errorf("%s: edit %q, want %q", c.name, edit, c.edits)
		}
	}
}

// TestGlobalAsaOfDirectory: an application may begin at a plain directory; elsewhere a
// global.asa is a file like any other.
func TestGlobalAsaOfDirectory(t *testing.T) {
	asa := "<script language=\"VBScript\" runat=\"Server\">\nSub Session_OnEnd\np = Server.MapPath(\"/data\")\nEnd Sub\n</script>"
	for name, c := range map[string]struct{ attributes, auto, want string }{
		"an application":           {`AppRoot="/LM/W3SVC/1/ROOT/a/b"`, "TRUE", "warning possible Session_OnEnd of /a/b/global.asa calls Server.MapPath"},
		"in another case":          {`AppRoot="/lm/w3svc/1/Root/A/B"`, "TRUE", "warning possible Session_OnEnd of /a/b/global.asa calls Server.MapPath"},
		"of the application above": {`AppRoot="/LM/W3SVC/1/ROOT"`, "TRUE", ""},
		"a directory":              {``, "TRUE", ""},
		"a site that is stopped":   {`AppRoot="/LM/W3SVC/1/ROOT/a/b"`, "FALSE", ""},
	} {
		files := inWWW()
		files["content/C/inetpub/wwwroot/a/b/global.asa"] = file1(asa)
		r := changed(t, files, endKeys, vdir("IIsWebDirectory", "a/b", c.attributes), `ServerAutoStart="TRUE"`, `ServerAutoStart="`+c.auto+`"`)
		if got := allSaid(r, "global-asa-onend"); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
