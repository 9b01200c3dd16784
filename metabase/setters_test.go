package metabase_test

import (
	"slices"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// TestSetters: the keys that Own answers for, in file order, in trees as read and after
// edits.
func TestSetters(t *testing.T) {
	tree, _ := read(t, keys(server))
	edited := tree.With([]metabase.Change{
		{Key: "/LM/W3SVC/1/ROOT/Vdir", Property: "AspEnableParentPaths", Op: metabase.Remove},
		{Key: "/LM/W3SVC/1", Property: "aspenableparentpaths", Op: metabase.Set, Value: "TRUE"},
		{Key: "/LM/W3SVC/new", Property: "AspEnableParentPaths", Op: metabase.Set, Value: "TRUE"},
		{Key: "/LM/W3SVC/1", Property: "Mine", Op: metabase.Set, Value: "x"},
	})
	for _, tr := range []*metabase.Tree{tree, edited} {
		for _, property := range []string{"AspEnableParentPaths", "ASPENABLEPARENTPATHS", "ScriptMaps", "Path", "Mine", "Nobody"} {
			var want, got []metabase.Path
			for k := range tr.Keys() {
				if _, ok := k.Own(property); ok {
					want = append(want, k.Path())
				}
			}
			for k := range tr.Setters(property) {
				got = append(got, k.Path())
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", property, got, want)
			}
		}
	}
	var got []metabase.Path
	for k := range edited.Setters("AspEnableParentPaths") {
		got = append(got, k.Path())
		if len(got) == 2 {
			break
		}
	}
	if want := []metabase.Path{"/LM/W3SVC", "/LM/W3SVC/1"}; !slices.Equal(got, want) {
		t.Errorf("after edits %q, want %q", got, want)
	}
}
