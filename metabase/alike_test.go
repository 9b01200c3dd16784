package metabase_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// manySites has more texts of one property than are remembered, each three times, with
// flags that nobody knows and a class that the property does not belong to.
func manySites() string {
	var b strings.Builder
	b.WriteString(`<IIsWebService Location="/LM/W3SVC" AccessFlags="AccessRead" CGITimeout="300"/>` + "\n")
	for i := range 300 {
		flags := fmt.Sprint(i % 100)
		if i%7 == 0 {
			flags = "AccessRead | AccessWrite"
		} else if i%11 == 0 {
			flags = "AccessNothing"
		}
		class := "IIsWebServer"
		if i%5 == 0 {
			class = "IIsFilters"
		}
		fmt.Fprintf(&b, `<%s Location="/LM/W3SVC/%d" AccessFlags="%s" CGITimeout="%d"/>`+"\n", class, i+1, flags, i%3)
	}
	return keys(b.String())
}

// TestSettersOf: what is asked once for values written alike is what asking each gives.
func TestSettersOf(t *testing.T) {
	tree, _ := read(t, manySites())
	edited := tree.With([]metabase.Change{{Key: "/LM/W3SVC/1", Property: "AccessFlags", Op: metabase.Set, Value: "AccessRead | AccessWrite"}})
	writes := func(v metabase.Value) bool { return v.Has("AccessWrite") }
	for _, tr := range []*metabase.Tree{tree, edited} {
		var want, got []string
		for k := range tr.Keys() {
			if v, ok := k.Own("AccessFlags"); ok && v.Usable() && writes(v) {
				want = append(want, fmt.Sprint(k.Path(), v.Key, v.Text(), v.Span().Pos()))
			}
		}
		for k, v := range tr.SettersOf("accessflags", writes) {
			got = append(got, fmt.Sprint(k.Path(), v.Key, v.Text(), v.Span().Pos()))
		}
		if !slices.Equal(got, want) || len(want) < 100 {
			t.Errorf("got %d %q, want %d %q", len(got), got, len(want), want)
		}
	}
	for range tree.SettersOf("AccessFlags", writes) {
		break // nothing after it is asked for
	}
}

// TestValues: the same for the values of all keys, of some classes only.
func TestValues(t *testing.T) {
	tree, _ := read(t, manySites())
	edited := tree.With([]metabase.Change{{Key: "/LM/W3SVC/1/ROOT", Property: "AccessFlags", Op: metabase.Set, Value: "AccessNothing"}})
	meant := func(class string, v metabase.Value) bool { return class != "IIsFilters" && v.Property == "AccessFlags" }
	wanted := func(v metabase.Value) bool { return !v.Usable() }
	for _, tr := range []*metabase.Tree{tree, edited} {
		var want, got []string
		for k := range tr.Keys() {
			for v := range k.Properties() {
				if meant(k.Class(), v) && wanted(v) {
					want = append(want, fmt.Sprint(k.Path(), v.Property, v.Text(), v.Span().Pos()))
				}
			}
		}
		for k, v := range tr.Values(meant, wanted) {
			got = append(got, fmt.Sprint(k.Path(), v.Property, v.Text(), v.Span().Pos()))
		}
		if !slices.Equal(got, want) || len(want) < 10 {
			t.Errorf("got %d %q, want %d %q", len(got), got, len(want), want)
		}
	}
}

// TestValuesOfManyClasses: a class and a name for every key take no table of all pairs.
func TestValuesOfManyClasses(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, `<C%d Location="/%d" P%d="x"/>`, i, i, i)
	}
	tree, _ := read(t, keys(b.String()))
	var got []string
	meant := func(class string, v metabase.Value) bool { return class == "C2999" || v.Property == "P7" }
	for k := range tree.Values(meant, func(metabase.Value) bool { return true }) {
		got = append(got, string(k.Path()))
	}
	if want := []string{"/7", "/2999"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
