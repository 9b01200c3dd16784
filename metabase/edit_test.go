package metabase_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/iisdoctor/iisdoctor/metabase"
)

func TestWith(t *testing.T) {
	type change = metabase.Change
	for _, c := range []struct {
		name     string
		changes  []change
		path     metabase.Path
		property string
		kind     metabase.Kind
		from     metabase.Path
		text     string
	}{
		{"set a value of the key's own", []change{{"/lm/w3svc/1/root/vdir", "aspenableparentpaths", metabase.Set, "FALSE"}}, "/LM/W3SVC/1/ROOT/Vdir", "AspEnableParentPaths", metabase.Own, "/LM/W3SVC/1/ROOT/Vdir", "FALSE"},
		{"set one that was inherited", []change{{"/LM/W3SVC/1", "AspEnableParentPaths", metabase.Set, "TRUE"}}, "/LM/W3SVC/1/ROOT", "AspEnableParentPaths", metabase.Inherited, "/LM/W3SVC/1", "TRUE"},
		{"remove a property", []change{{"/LM/W3SVC/1/ROOT/Vdir", "AspEnableParentPaths", metabase.Remove, ""}}, "/LM/W3SVC/1/ROOT/Vdir", "AspEnableParentPaths", metabase.Inherited, "/LM/W3SVC", "FALSE"},
		{"remove what is not there", []change{{"/LM/W3SVC/2", "Path", metabase.Remove, ""}}, "/LM/W3SVC/2", "Path", metabase.Default, "/LM/W3SVC/2", ""},
		{"add to an own list", []change{{"/LM/W3SVC/1/ROOT/Vdir", "ScriptMaps", metabase.Add, ".x,C:\\x.dll,1"}}, "/LM/W3SVC/1/ROOT/Vdir", "ScriptMaps", metabase.Own, "/LM/W3SVC/1/ROOT/Vdir", ".php,C:\\php.dll,5\n.x,C:\\x.dll,1"},
		{"add to a list that is inherited", []change{{"/LM/W3SVC/1", "ScriptMaps", metabase.Add, ".x,C:\\x.dll,1"}}, "/LM/W3SVC/1", "ScriptMaps", metabase.Own, "/LM/W3SVC/1", ".asp,C:\\asp.dll,5\n.stm,C:\\ssinc.dll,5\n.x,C:\\x.dll,1"},
		{"add to MimeMap, which merges", []change{{"/LM/W3SVC/2", "MimeMap", metabase.Add, ".mp4,video/mp4"}}, "/LM/W3SVC/2", "MimeMap", metabase.Own, "/LM/W3SVC/2", ".mp4,video/mp4"},
		{"replace an entry", []change{{"/LM/W3SVC", "WebSvcExtRestrictionList", metabase.Replace, "1,*.DLL"}}, "/LM/W3SVC", "WebSvcExtRestrictionList", metabase.Own, "/LM/W3SVC", "1,*.DLL\n0,*.exe"},
		{"replace an inherited entry", []change{{"/LM/W3SVC/1", "ScriptMaps", metabase.Replace, ".stm,C:\\new.dll,5"}}, "/LM/W3SVC/1/ROOT", "ScriptMaps", metabase.Inherited, "/LM/W3SVC/1", ".asp,C:\\asp.dll,5\n.stm,C:\\new.dll,5"},
		{"replace an entry that is not there", []change{{"/LM/W3SVC/1", "ScriptMaps", metabase.Replace, ".zzz,C:\\new.dll,5"}}, "/LM/W3SVC/1", "ScriptMaps", metabase.Inherited, "/LM/W3SVC", ".asp,C:\\asp.dll,5\n\t.stm,C:\\ssinc.dll,5"},
		{"remove an entry", []change{{"/LM/W3SVC", "ScriptMaps", metabase.Remove, ".ASP"}}, "/LM/W3SVC", "ScriptMaps", metabase.Own, "/LM/W3SVC", ".stm,C:\\ssinc.dll,5"},
		{"remove the last entry", []change{{"/LM/W3SVC/1/ROOT/Vdir", "ScriptMaps", metabase.Remove, ".php"}}, "/LM/W3SVC/1/ROOT/Vdir", "ScriptMaps", metabase.Own, "/LM/W3SVC/1/ROOT/Vdir", ""},
		{"set a list", []change{{"/LM/W3SVC", "ServerBindings", metabase.Set, ":1:\n:2:"}}, "/LM/W3SVC", "ServerBindings", metabase.Own, "/LM/W3SVC", ":1:\n:2:"},
		{"two changes of one list", []change{{"/LM/W3SVC/1", "ServerBindings", metabase.Add, ":80:"}, {"/LM/W3SVC/1", "ServerBindings", metabase.Add, ":81:"}}, "/LM/W3SVC/1", "ServerBindings", metabase.Own, "/LM/W3SVC/1", ":80:\n:81:"},
		{"a new key", []change{{"/LM/W3SVC/AppPools/New/", "PeriodicRestartTime", metabase.Set, "5"}}, "/lm/w3svc/apppools/new", "PeriodicRestartTime", metabase.Own, "/LM/W3SVC/AppPools/New", "5"},
		{"a new key inherits", []change{{"/LM/W3SVC/1/ROOT/new", "Path", metabase.Set, "x"}}, "/LM/W3SVC/1/ROOT/new/deep", "MimeMap", metabase.Inherited, "/LM/W3SVC/1", ".site,x/y"},
		{"a new key between two", []change{{"/LM/W3SVC/Info", "AspEnableParentPaths", metabase.Set, "TRUE"}}, "/LM/W3SVC/Info/Templates/Public/1", "AspEnableParentPaths", metabase.Inherited, "/LM/W3SVC/Info", "TRUE"},
		{"a property nobody knows", []change{{"/LM/W3SVC/1", "Mine", metabase.Set, "x"}}, "/LM/W3SVC/1/ROOT", "Mine", metabase.Inherited, "/LM/W3SVC/1", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, _ := read(t, keys(server))
			before := dump(tree)
			after := tree.With(c.changes)
			v := after.Effective(c.path, c.property)
			if v.Kind != c.kind || v.Key != c.from || v.Text() != c.text {
				t.Errorf("got %v from %q: %q", v.Kind, v.Key, v.Text())
			}
			if diff := cmp.Diff(before, dump(tree)); diff != "" {
				t.Error("the tree before was changed:", diff)
			}
		})
	}
}

func TestWithTwice(t *testing.T) {
	tree, _ := read(t, keys(server))
	first := tree.With([]metabase.Change{{Key: "/LM/W3SVC/1", Property: "ServerComment", Op: metabase.Set, Value: "A"}, {Key: "/LM/new", Property: "Path", Op: metabase.Set, Value: "n"}})
	second := first.With([]metabase.Change{{Key: "/LM/W3SVC/1", Property: "ServerComment", Op: metabase.Set, Value: "B"}, {Key: "/LM/new", Property: "Path", Op: metabase.Set, Value: "m"}, {Key: "/LM/W3SVC/9", Property: "KeyType", Op: metabase.Set, Value: "IIsWebServer"}})
	for i, want := range []string{"Shop ", "A n", "B m"} {
		tr := []*metabase.Tree{tree, first, second}[i]
		if got := tr.Effective("/LM/W3SVC/1", "ServerComment").Text() + " " + tr.Effective("/LM/new", "Path").Text(); got != want {
			t.Errorf("tree %d: got %q, want %q", i, got, want)
		}
	}
	if got := paths(slices.Values(second.Sites())); !slices.Equal(got, []string{"/LM/W3SVC/1", "/LM/W3SVC/2", "/LM/W3SVC/9"}) {
		t.Errorf("sites: %v", got)
	}
	if k, ok := second.Key("/lm/w3svc/9"); !ok || k.Class() != "IIsWebServer" {
		t.Errorf("class %q", k.Class())
	}
	if k, _ := second.Key("/LM/new"); k.Class() != "IIsConfigObject" || k.Span().Pos().Line != 5 {
		t.Errorf("a new key: class %q at %v", k.Class(), k.Span().Pos())
	}
	if got := len(slices.Collect(second.Keys())) - len(slices.Collect(tree.Keys())); got != 2 {
		t.Errorf("%d new keys", got)
	}
}

// A secret's placeholder counts as set, and still nothing shows it.
func TestWithSecret(t *testing.T) {
	tree, _ := read(t, keys(server))
	v := tree.With([]metabase.Change{{Key: "/LM/W3SVC/1/ROOT", Property: "UNCPassword", Op: metabase.Set, Value: "xyz"}}).Effective("/LM/W3SVC/1/ROOT", "UNCPassword")
	if !v.IsSet() || !v.Secret() || v.Text() != "" || v.Items() != nil {
		t.Errorf("set %v, text %q", v.IsSet(), v.Text())
	}
}

// Entries that an edit leaves alone keep their places; new ones stand where the
// list stands.
func TestWithPlaces(t *testing.T) {
	tree, _ := read(t, keys(server))
	places := func(v metabase.Value) (out []string) {
		for _, i := range v.Items() {
			out = append(out, fmt.Sprintf("%v %s", i.Span.Pos(), i.Text))
		}
		return out
	}
	add := tree.With([]metabase.Change{{Key: "/LM/W3SVC", Property: "WebSvcExtRestrictionList", Op: metabase.Add, Value: "1,x"}})
	want := []string{"m.xml:9:28 0,*.dll", "m.xml:10:2 0,*.exe", "m.xml:9:28 1,x"}
	if diff := cmp.Diff(want, places(add.Effective("/LM/W3SVC", "WebSvcExtRestrictionList"))); diff != "" {
		t.Error(diff)
	}
	set := tree.With([]metabase.Change{{Key: "/LM/W3SVC", Property: "WebSvcExtRestrictionList", Op: metabase.Set, Value: "1,x\n0,*.exe"}})
	want = []string{"m.xml:9:28 1,x", "m.xml:10:2 0,*.exe"}
	if diff := cmp.Diff(want, places(set.Effective("/LM/W3SVC", "WebSvcExtRestrictionList"))); diff != "" {
		t.Error(diff)
	}
	fresh := tree.With([]metabase.Change{{Key: "/LM/W3SVC/1", Property: "HttpErrors", Op: metabase.Add, Value: "404,*,URL,/x"}})
	v := fresh.Effective("/LM/W3SVC/1", "HttpErrors")
	if k, _ := tree.Key("/LM/W3SVC/1"); v.Span() != k.Span() || v.NameSpan() != k.Span() || v.Written != "HttpErrors" {
		t.Errorf("a new value stands at %v", v.Span().Pos())
	}
}

// The edited tree shares the document: editing costs as much for a large file as
// for a small one.
func TestWithShares(t *testing.T) {
	small, _ := read(t, keys(server))
	big, _ := read(t, string(large(t, 500)))
	changes := []metabase.Change{{Key: "/LM/W3SVC/1/ROOT", Property: "AspEnableParentPaths", Op: metabase.Set, Value: "TRUE"}}
	cost := func(tree *metabase.Tree) float64 {
		return testing.AllocsPerRun(20, func() { tree.With(changes) })
	}
	if a, b := cost(small), cost(big); b > a+20 {
		t.Errorf("%v allocations for the small file, %v for the large one", a, b)
	}
}
