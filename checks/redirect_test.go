package checks

import (
	"testing"
	"testing/fstest"
)

// TestRedirected: no file is spoken of to which HttpRedirect lets no request come; a
// redirect of other paths, or of files above, hides nothing.
func TestRedirected(t *testing.T) {
	content := fstest.MapFS{"content/C/inetpub/wwwroot/default.htm": file1("x"), "content/C/inetpub/wwwroot/old/a.mp4": file1("x"),
		"content/C/inetpub/wwwroot/old/p.asp": file1(`<!-- #include file="../x.inc" -->`), "content/C/inetpub/wwwroot/x.inc": file1("x")}
	for _, c := range []struct {
		name, key string
		met       bool
	}{
		{"no redirect", "", true},
		{"of the folder", vdir("IIsWebDirectory", "old", `HttpRedirect="http://www.fabrikam.com/"`), false},
		{"of the folder, but for what lies in it", vdir("IIsWebDirectory", "old", `HttpRedirect="/old/new,CHILD_ONLY"`), false},
		{"to a child of itself", vdir("IIsWebDirectory", "old", `HttpRedirect="/old,CHILD_ONLY"`), true},
		{"excepted", vdir("IIsWebDirectory", "old", `HttpRedirect="*;*;!"`), true},
		{"of pages of another kind", vdir("IIsWebDirectory", "old", `HttpRedirect="*;*.htm;/x.htm"`), true},
		{"of another folder", vdir("IIsWebDirectory", "older", `HttpRedirect="http://www.fabrikam.com/"`), true},
		{"empty", vdir("IIsWebDirectory", "old", `HttpRedirect=""`), true},
	} {
		var replace []string
		if c.key != "" {
			replace = []string{endKeys, c.key}
		}
		r := changed(t, content, replace...)
		for _, id := range []string{"mime-unmapped", "parent-paths"} {
			if got := allSaid(r, id); (got != "") != c.met {
				t.Errorf("%s: %s: %q", c.name, id, got)
			}
		}
	}
}

// TestSentAway: what is wrong with a directory as a whole is only a fact to know where
// its requests are redirected.
func TestSentAway(t *testing.T) {
	const none = `Path="C:\inetpub\wwwroot\in" AuthFlags="0"`
	for attributes, want := range map[string]string{
		none: "error proven",
		none + ` HttpRedirect="http://www.fabrikam.com/"`: "info possible",
		none + ` HttpRedirect="*;a.htm;/b.htm"`:           "error proven",
	} {
		r := changed(t, fstest.MapFS{"content/C/inetpub/wwwroot/in/default.htm": file1("x")}, endKeys, vdir("IIsWebVirtualDir", "in", attributes))
		if got := allSaid(r, "auth-none"); len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("%s: %q, want %s", attributes, got, want)
		}
	}
}
