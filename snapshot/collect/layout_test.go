package collect_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestCollectedFolder opens a folder as collect-2003.cmd leaves it: every file must
// be taken for what it is, and nothing in it may be a problem.
func TestCollectedFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/server2003")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "collect.vbs"), []byte(vbscript()), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Problems {
		t.Errorf("problem: %v", p)
	}
	got := map[string]snapshot.Kind{}
	for _, f := range s.Files {
		got[f.Path] = f.Kind
	}
	want := map[string]snapshot.Kind{
		"metabase/MetaBase.xml":            "metabase",
		"content/C":                        "content",
		"content/UNC/files/web":            "content",
		"logs/W3SVC1/ex240513.log":         "w3c-log",
		"logs/HTTPERR/httperr1.log":        "httperr-log",
		"registry/cdonts-newmail.reg":      "registry",
		"registry/content-types.reg":       "registry",
		"registry/firewall-policy.reg":     "registry",
		"registry/http-parameters.reg":     "registry",
		"registry/inetinfo-parameters.reg": "registry",
		"registry/msv1_0.reg":              "registry",
		"registry/w3svc-parameters.reg":    "registry",
		"security/user-rights.inf":         "security-policy",
		"security/iis_wpg.txt":             "group-members",
		"security/secedit.log":             "unknown",
		"acl/content.txt":                  "acl-listing",
		"acl/inetsrv.txt":                  "acl-listing",
		"firewall/config.txt":              "firewall",
		"firewall/state.txt":               "firewall",
		"urlscan/1/UrlScan.ini":            "urlscan-ini",
		"urlscan/1/urlscan.051324.log":     "urlscan-log",
		"events/events.csv":                "event-log",
		"report.txt":                       "unknown",
		"left-out.txt":                     "unknown",
		"roots.txt":                        "unknown",
		"script-ended.txt":                 "unknown",
		"collect.vbs":                      "unknown",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestWithheld holds that [withheld] counts as set, and an empty value does not.
func TestWithheld(t *testing.T) {
	s, err := snapshot.Open("testdata/server2003")
	if err != nil || s.Metabase == nil {
		t.Fatal(err, s)
	}
	for _, test := range []struct {
		key, property string
		set           bool
	}{
		{".", "SessionKey", true},
		{"/", "AdminACL", true},
		{"/LM/W3SVC", "AnonymousUserPass", true},
		{"/LM/W3SVC", "WAMUserPass", true},
		{"/LM/W3SVC", "LogOdbcPassword", false},
		{"/LM/W3SVC", "BackupPassword", true},
		{"/LM/W3SVC/1/ROOT/files", "UNCPassword", true},
		{"/LM/W3SVC/1/ROOT/open", "UNCPassword", false},
	} {
		v := s.Metabase.Effective(metabase.Path(test.key), test.property)
		if v.IsSet() != test.set || !v.Secret() {
			t.Errorf("%s %s: set %v, secret %v", test.key, test.property, v.IsSet(), v.Secret())
		}
	}
}

// TestCollectedEvidence reads a value of each kind, as the checks will.
func TestCollectedEvidence(t *testing.T) {
	s, err := snapshot.Open("testdata/server2003")
	if err != nil {
		t.Fatal(err)
	}
	if v, known := s.Registry.Value(`HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters`, "MaxFieldLength"); known != snapshot.Yes {
		t.Errorf("MaxFieldLength %v %v", v, known)
	}
	if _, known := s.Registry.ClassServer("CDONTS.NewMail"); known != snapshot.No {
		t.Errorf("CDONTS.NewMail is %v, not known to be absent", known)
	}
	for ext, want := range map[string]snapshot.Known{".htm": snapshot.Yes, ".iso": snapshot.No, ".zip": snapshot.Unknown} {
		if _, known := s.Registry.ContentType(ext); known != want {
			t.Errorf("%s: content type %v, want %v", ext, known, want)
		}
	}
	if known := s.Rights.Holds("SeAssignPrimaryTokenPrivilege", "NETWORK SERVICE"); known != snapshot.Yes {
		t.Errorf("SeAssignPrimaryTokenPrivilege of NETWORK SERVICE: %v", known)
	}
	if known := s.WorkerGroup.Has(`CONTOSO\web`); known != snapshot.No {
		t.Errorf(`CONTOSO\web is in IIS_WPG: %v`, known)
	}
	if known, _ := s.Firewall.Opens(80); known != snapshot.Yes {
		t.Errorf("port 80: %v", known)
	}
	if !s.ACLs.Listed(`\\files\web`) || !s.ACLs.Listed(`C:\inetpub\wwwroot\DEFAULT.ASP`) {
		t.Error("ACLs are missing")
	}
	if n := len(s.Events.Groups()); n != 1 {
		t.Errorf("%d groups of events, want 1", n)
	}
	if n := len(s.Logs.Requests()) + len(s.Logs.Errors()); n != 2 {
		t.Errorf("%d groups of log lines, want 2", n)
	}
	if e, known := s.Content.Stat(`C:\inetpub\wwwroot\prices.iso`, `C:\inetpub\wwwroot`); known != snapshot.Yes || e.Size != 0 {
		t.Errorf("a file kept by name: %v, %d bytes", known, e.Size)
	}
}
