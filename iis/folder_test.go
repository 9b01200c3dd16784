package iis

import (
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestUnsetDefaultDoc: where DefaultDoc is set nowhere, nobody knows what IIS looks
// for, so neither 403.14 nor a listing is certain.
func TestUnsetDefaultDoc(t *testing.T) {
	content := map[string]string{"C/inetpub/wwwroot/other.htm": "x"}
	for _, c := range []struct {
		name, root string
		absent     bool
		status     Status
		assumed    bool
	}{
		{"set, none there", "", false, "403.14", false},
		{"set to nothing", `DefaultDoc=""`, false, "403.14", false},
		{"absent", "", true, "403.14", true},
		{"absent, browsing on", `DirBrowseFlags="EnableDirBrowsing | EnableDefaultDoc"`, true, "200", true},
		{"absent, default documents off", `DirBrowseFlags="EnableDirBrowsing"`, true, "200", false},
	} {
		m := with(t, map[string]string{"ROOT": c.root}, content)
		if c.absent {
			m = New(m.snapshot.Apply([]snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC", Property: "DefaultDoc", Op: metabase.Remove}}))
		}
		out := ask(t, m, "GET", "http://x/")
		if out.Status != c.status || out.Assumed != c.assumed {
			t.Errorf("%s: %s, assumed %v; want %s, %v", c.name, out.Status, out.Assumed, c.status, c.assumed)
		}
	}
}
