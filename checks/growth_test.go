package checks

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/iis"
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
		{"filter-unloadable", func(n int) fstest.MapFS {
			var order strings.Builder
			for i := range n {
				fmt.Fprintf(&order, "filter%d,", i)
			}
			return layer(t, nil, belowRoot, "<IIsFilters	Location =\"/LM/W3SVC/Filters\"\n\tFilterLoadOrder=\""+order.String()+"\"\n></IIsFilters>\n"+belowRoot)
		}},
		{"binding-duplicate", func(n int) fstest.MapFS {
			list := lines(n, ":80:h%d.contoso.com")
			return layer(t, nil, siteOne, `ServerBindings="`+list+`"`, belowRoot, "<IIsWebServer	Location =\"/LM/W3SVC/2\"\n\tServerBindings=\""+list+"\"\n></IIsWebServer>\n"+belowRoot)
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

// TestAskedOnce: the findings of one page have one witness, and the model is asked once.
func TestAskedOnce(t *testing.T) {
	g := newGround(mustOpen(t, layer(t, map[string]string{"C/inetpub/wwwroot/a.htm": "x", "C/inetpub/wwwroot/b.htm": "x"})))
	a, again, b := &Witness{Method: "GET", URL: "http://www.contoso.com/a.htm"}, &Witness{Method: "GET", URL: "http://www.contoso.com/a.htm"}, &Witness{Method: "GET", URL: "http://www.contoso.com/b.htm"}
	var last lastAnswer
	for _, c := range []struct{ asked, answered *Witness }{{a, a}, {again, a}, {b, b}, {again, again}} {
		out, err := last.answer(g.model, c.asked)
		if err != nil || last.witness != c.answered || !strings.HasSuffix(c.asked.URL, out.Target.URL) {
			t.Errorf("%s: answered for %s: %s, %v", c.asked.URL, last.witness.URL, out.Target.URL, err)
		}
	}
	if cookie := (&Witness{Method: "GET", URL: a.URL, fields: []iis.Field{{Name: "Cookie", Value: "x"}}}); a.same(cookie) {
		t.Error("another head counts as the same request")
	}
}

// TestFollowedOnce: a page and its includes are gone through once for all checks, while
// there is room to remember them; the model itself remembers the last few alone.
func TestFollowedOnce(t *testing.T) {
	content := map[string]string{}
	for i := range 200 {
		content[fmt.Sprintf("C/inetpub/wwwroot/p%d.asp", i)] = "<!--#include file=\"a.inc\"-->"
	}
	g := newGround(mustOpen(t, layer(t, content)))
	pages, first := g.contentFiles(), map[string]*iis.Followed{}
	for _, f := range pages {
		first[f.url] = g.follow(f)
	}
	for _, f := range pages {
		if g.follow(f) != first[f.url] {
			t.Fatalf("%s is followed again", f.url)
		}
	}
	g.included.left = 0
	clear(g.included.pages)
	if g.follow(pages[0]); len(g.included.pages) != 0 {
		t.Error("a page is remembered without room")
	}
}

// TestCallsBound: a file of many calls that many pages include names no more pages than
// the bound, and says that there are more.
func TestCallsBound(t *testing.T) {
	content := map[string]string{"C/inetpub/wwwroot/big.inc": strings.Repeat("<% Set o = Server.CreateObject(\"CDONTS.NewMail\") %>\n", 2000)}
	for i := range 60 {
		content[fmt.Sprintf("C/inetpub/wwwroot/p%d.asp", i)] = `<!--#include file="big.inc"-->`
	}
	g := newGround(mustOpen(t, layer(t, content)))
	p := &pass{ground: g, check: &Find("cdonts-removed")[0]}
	cdontsRemoved(p)
	named := 0
	for _, f := range p.findings {
		named += len(f.Affects)
		if !strings.HasSuffix(f.Message, " (10 pages more that make the call are not listed)") {
			t.Fatal(f.Message)
		}
	}
	if len(p.findings) != 2000 || named != maxNamed {
		t.Errorf("%d findings name %d pages, want 2000 and %d", len(p.findings), named, maxNamed)
	}
	if g.included.left < 0 {
		t.Error("more is remembered than may be")
	}
}

func mustOpen(t *testing.T, files fstest.MapFS) *snapshot.Snapshot {
	t.Helper()
	healthy, err := Healthy()
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(healthy, files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFirstPages: the content is gone through once for all maps, and each has its first
// page.
func TestFirstPages(t *testing.T) {
	g := newGround(mustOpen(t, layer(t, map[string]string{"C/inetpub/wwwroot/b.asp": "", "C/inetpub/wwwroot/a.asp": "", "C/inetpub/wwwroot/c.stm": "", "C/inetpub/wwwroot/d.htm": ""})))
	var urls []string
	for span, f := range g.firstPages() {
		if span != f.rule.entry.Item.Span {
			t.Errorf("%s is not taken by the map at %v", f.url, span.Pos())
		}
		urls = append(urls, f.url)
	}
	slices.Sort(urls)
	if got := strings.Join(urls, " "); got != "/a.asp /c.stm" {
		t.Error(got)
	}
}
