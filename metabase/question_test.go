package metabase_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// TestQuestion: a property that is asked of many keys, in any order, is what each key
// answers alone. What the keys above hold must not be taken for another's.
func TestQuestion(t *testing.T) {
	tree, _ := read(t, keys(server+`
<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT/Vdir/a" AspEnableParentPaths="perhaps"/>
<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT/Vdir/a/b/c/d/e/f" AccessFlags="AccessWrite"/>
<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT/Other/a/b/c/d/e/f"/>
<IIsWebServer Location="/LM/W3SVC/3" AspEnableParentPaths="perhaps"/>`))
	edited := tree.With([]metabase.Change{
		{Key: "/LM/W3SVC/1/ROOT", Property: "AspEnableParentPaths", Op: metabase.Set, Value: "TRUE"},
		{Key: "/LM/W3SVC/1/ROOT/new/one", Property: "AccessFlags", Op: metabase.Set, Value: "AccessRead"},
		{Key: "/LM/W3SVC/1/ROOT/Vdir", Property: "ScriptMaps", Op: metabase.Remove},
	})
	show := func(v metabase.Value, ok bool) string {
		return fmt.Sprint(ok, v.Property, v.Kind, v.Key, v.Text(), v.Secret(), v.Span().Pos(), v.NameSpan().Pos())
	}
	for _, tr := range []*metabase.Tree{tree, edited} {
		forwards := slices.Collect(tr.Keys())
		backwards := slices.Clone(forwards)
		slices.Reverse(backwards)
		for _, property := range []string{"AspEnableParentPaths", "accessflags", "ScriptMaps", "Path", "AppPoolId", "AnonymousUserPass", "Low", "High", "CGITimeout", "Nobody"} {
			asked := tr.Question(property)
			for _, k := range append(forwards, backwards...) {
				if got, want := show(asked.Effective(k), true), show(k.Effective(property), true); got != want {
					t.Errorf("%s at %s: %s, want %s", property, k.Path(), got, want)
				}
				v, ok := asked.Own(k)
				w, own := k.Own(property)
				if got, want := show(v, ok), show(w, own); got != want {
					t.Errorf("own %s at %s: %s, want %s", property, k.Path(), got, want)
				}
			}
		}
		if v := tr.Question("Path").Effective(metabase.Key{}); v.IsSet() {
			t.Errorf("no key has %s", v.Text())
		}
	}
}
