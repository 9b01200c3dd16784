package checks

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// allocated is how many bytes a run of one check takes over the snapshot.
func allocated(t *testing.T, id string, files fstest.MapFS) uint64 {
	t.Helper()
	healthy, err := Healthy()
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(healthy, files)
	if err != nil {
		t.Fatal(err)
	}
	p := &pass{ground: newGround(s), check: &Find(id)[0]}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p.check.run(p)
	runtime.ReadMemStats(&after)
	if len(p.findings) == 0 {
		t.Errorf("%s found nothing", id)
	}
	return after.TotalAlloc - before.TotalAlloc
}

// TestGrowth: four times as many entries of a list take about four times the memory, not
// sixteen times.
func TestGrowth(t *testing.T) {
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+"\n", i)
		}
		return b.String()
	}
	pools := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(key("IIsWebVirtualDir", fmt.Sprintf("v%d", i), `Path="C:\x"`, fmt.Sprintf(`AppPoolId="P%d"`, i), fmt.Sprintf(`AppRoot="/LM/W3SVC/1/ROOT/v%d"`, i)))
			fmt.Fprintf(&b, "<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/P%d\"\n\tAppPoolIdentityType=\"0\"\n></IIsApplicationPool>\n", i)
		}
		return b.String()
	}
	for _, c := range []struct {
		id    string
		files func(n int) fstest.MapFS
	}{
		{"binding-malformed", func(n int) fstest.MapFS {
			return layer(t, nil, siteOne, `ServerBindings="`+lines(n, "x%d.contoso.com:80:")+`"`)
		}},
		{"duplicate-entry", func(n int) fstest.MapFS {
			return layer(t, nil, belowRoot, key("IIsWebVirtualDir", "a", `Path="C:\x"`, `MimeMap="`+lines(n, ".a,x/%d")+`"`)+belowRoot)
		}},
		{"script-map-verbs", func(n int) fstest.MapFS {
			return layer(t, nil, belowRoot, key("IIsWebVirtualDir", "a", `Path="C:\x"`, `ScriptMaps="`+lines(n, `.e%d,C:\x.dll,5,GET`)+`"`)+belowRoot)
		}},
		{"script-map-malformed", func(n int) fstest.MapFS {
			return layer(t, nil, belowRoot, key("IIsWebVirtualDir", "a", `Path="C:\x"`, `ScriptMaps="`+lines(n, `.e%d,C:\x.dll,x,GET`)+`"`)+belowRoot)
		}},
		{"identity-localsystem", func(n int) fstest.MapFS { return layer(t, nil, belowRoot, pools(n)+belowRoot) }},
	} {
		few, many := allocated(t, c.id, c.files(400)), allocated(t, c.id, c.files(1600))
		if many > 8*few {
			t.Errorf("%s: %d bytes for 400, %d for 1600", c.id, few, many)
		}
	}
}

// TestContentShared: virtual directories that share a folder are not followed for ever,
// and the report says so.
func TestContentShared(t *testing.T) {
	content, dirs := map[string]string{}, ""
	for i := range 400 {
		content[fmt.Sprintf("C/inetpub/wwwroot/p%d.htm", i)] = ""
		dirs += key("IIsWebVirtualDir", fmt.Sprintf("v%d", i), `Path="C:\inetpub\wwwroot"`)
	}
	healthy, err := Healthy()
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(healthy, layer(t, content, belowRoot, dirs+belowRoot))
	if err != nil {
		t.Fatal(err)
	}
	g := newGround(s)
	if n := len(g.contentFiles()); n > maxShared+s.Content.Len() || !g.leftOut {
		t.Errorf("%d files, left out: %t", n, g.leftOut)
	}
	said := false
	for _, f := range Run(s).Files {
		said = said || strings.Contains(f.Note, "share folders")
	}
	if !said {
		t.Error("the report does not say that files were left out")
	}
}

// TestWholeListBound: only the first findings of a list carry the whole list.
func TestWholeListBound(t *testing.T) {
	var list strings.Builder
	for i := range 60 {
		fmt.Fprintf(&list, "x%d.contoso.com:80:\n", i)
	}
	with := 0
	for _, f := range onHealthy(t, layer(t, nil, siteOne, `ServerBindings="`+list.String()+`"`)) {
		if f.ID == "binding-malformed" && len(f.Remedies[0].Edits) > 0 && f.Remedies[0].Edits[0].Op == metabase.Set {
			with++
		}
	}
	if with != maxWhole {
		t.Errorf("%d findings set the whole list, want %d", with, maxWhole)
	}
}
