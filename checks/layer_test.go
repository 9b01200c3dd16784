package checks

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// layer is files over the healthy server: content by its name below content/, and the
// metabase with texts replaced. Every old text must be there once.
func layer(t *testing.T, content map[string]string, replace ...string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for name, text := range content {
		out["content/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	if len(replace) == 0 {
		return out
	}
	healthy, err := Healthy()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := fs.ReadFile(healthy, "MetaBase.xml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for i := 0; i < len(replace); i += 2 {
		if strings.Count(text, replace[i]) != 1 {
			t.Fatalf("%q stands %d times in the metabase", replace[i], strings.Count(text, replace[i]))
		}
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	out["MetaBase.xml"] = &fstest.MapFile{Data: []byte(text)}
	return out
}

// The texts of the healthy server's metabase at which tests put their own in.
const (
	atService = "		AllowKeepAlive=\"TRUE\"\n"
	atSite    = "		ServerAutoStart=\"TRUE\"\n"
	atRoot    = "		AppFriendlyName=\"Contoso\"\n"
	rootFlags = "		AccessFlags=\"AccessRead | AccessScript\"\n		AppFriendlyName=\"Contoso\"\n"
	belowRoot = "<IIsApplicationPools	Location =\"/LM/W3SVC/AppPools\""
)

// key is a key below the site's ROOT.
func key(class, path string, attributes ...string) string {
	return fmt.Sprintf("<%s	Location =\"/LM/W3SVC/1/ROOT/%s\"\n		%s\n	>\n</%s>\n", class, path, strings.Join(attributes, "\n\t\t"), class)
}

// raised are the findings of one check, as "severity key: message".
func raised(t *testing.T, id string, files fstest.MapFS) (all []string) {
	t.Helper()
	for _, f := range onHealthy(t, files) {
		if f.ID == id {
			all = append(all, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Certainty, f.Key, f.Message))
		}
	}
	return all
}

// near is one row of a table of near misses: want is the beginning of the only
// finding, or "" for none, and words stand in it.
type near struct {
	name        string
	files       fstest.MapFS
	want, words string
}

func wantRaised(t *testing.T, id string, rows []near) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			got := raised(t, id, r.files)
			switch {
			case r.want == "" && len(got) == 0:
			case len(got) != 1 || r.want == "" || !strings.HasPrefix(got[0], r.want) || !strings.Contains(got[0], r.words):
				t.Errorf("%q, want one %q with %q", got, r.want, r.words)
			}
		})
	}
}
