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

// TestMissingFolder: of a file below a folder that does not exist the virtual directory
// is the place; of any other missing file there is none.
func TestMissingFolder(t *testing.T) {
	m := with(t, nil, map[string]string{"C/inetpub/wwwroot/default.htm": "x", "C/inetpub/wwwroot/inc/a.htm": "x"})
	for url, want := range map[string]string{
		"http://x/scripts/a.asp": "/LM/W3SVC/1/ROOT",
		"http://x/scripts/b/c/":  "",
		"http://x/inc/b.htm":     "",
		"http://x/b.htm":         "",
		"http://x/INC/b/c.htm":   "",
	} {
		out := ask(t, m, "GET", url)
		got := ""
		if out.Because != nil {
			got = string(out.Because.Key)
		}
		if out.Status != "404" || got != want {
			t.Errorf("%s: %s because of %q, want %q", url, out.Status, got, want)
		}
	}
}
