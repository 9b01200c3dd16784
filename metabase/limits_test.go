package metabase_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// Files made to be slow: with quadratic work at any of them this test would not end
// within the time that go test allows.
func TestHostileFiles(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, make := range map[string]func(n int) string{
		"unknown names in one key": func(n int) string { return keys(`<A Location="/a"` + many(n, " x%d=''") + "/>") },
		"custom properties":        func(n int) string { return keys(`<A Location="/a">` + many(n, "<Custom Name='x' ID='%d'/>") + "</A>") },
		"the same key again":       func(n int) string { return keys(many(n, "<A Location='/a' ID='%d'/>")) },
		"deep paths":               func(n int) string { return keys(many(n/20, "<A Location='"+strings.Repeat("/x", 200)+"%d'/>")) },
		"one long path":            func(n int) string { return keys("<A Location='" + strings.Repeat("/x", 20*n) + "'/>") },
		"references to slashes":    func(n int) string { return keys("<A Location='" + strings.Repeat("&#47;x", 20*n) + "'/>") },
		"one line": func(n int) string {
			return strings.ReplaceAll(keys(many(n, "<A Location='/%d' UNCPassword='x'/>")), "\n", " ")
		},
		"quotes":                        func(n int) string { return strings.Repeat(`"`, 20*n) },
		"a list":                        func(n int) string { return keys("<A Location='/a' ScriptMaps='" + many(n, ".%d,x\n") + "'/>") },
		"comments and hyphens":          func(n int) string { return keys(strings.Repeat("<!-- - - -->", n)) },
		"references":                    func(n int) string { return keys("<A Location='/a' Path='" + strings.Repeat("&amp;", n) + "'/>") },
		"letters beyond ASCII in paths": func(n int) string { return keys(many(n, "<A Location='/ÄÖ%d'/>")) },
	} {
		text, _ := source.Decode(name, []byte(make(20_000)))
		tree, _ := metabase.Read(text, nil)
		for k := range tree.Keys() {
			for v := range k.Properties() {
				v.Items()
			}
		}
	}
}

func TestConcurrentReaders(t *testing.T) {
	tree, _ := read(t, keys(server))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				v := tree.Effective("/LM/W3SVC/1/ROOT/x", "ScriptMaps")
				if len(v.Items()) != 2 || v.Span().Pos().Line != 10 {
					t.Error("another answer:", v.Span().Pos())
				}
				tree.With([]metabase.Change{{Key: "/LM/W3SVC/1", Property: "Path", Op: metabase.Set, Value: "x"}})
				metabase.Builtin().Names()
			}
		})
	}
	wg.Wait()
}
