package snapshot

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// TestOpenManyPorts: exceptions are made in one go, each takes the place of what exists
// for just its port, and the later edit of one port holds.
func TestOpenManyPorts(t *testing.T) {
	f := &Firewall{Ports: []FirewallPort{
		{Protocol: "TCP", From: 2, To: 2, Allow: true, Name: "old"},
		{Protocol: "TCP", From: 2, To: 3, Allow: true, Name: "range"},
		{Protocol: "UDP", From: 2, To: 2, Allow: true, Name: "other protocol"},
		{Protocol: "TCP", From: 2, To: 2, Name: "block"},
	}}
	var edits []Edit
	for i := range 4 {
		edits = append(edits, Edit{Kind: EditFirewall, Op: metabase.Add, Target: fmt.Sprintf("TCP %d", 1+i%3), Value: fmt.Sprintf("new %d", i)})
	}
	var names []string
	for _, p := range f.with(edits).Ports {
		names = append(names, p.Name)
	}
	if got, want := fmt.Sprint(names), "[range other protocol block new 1 new 2 new 3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(f.Ports) != 4 {
		t.Error("the firewall itself was changed")
	}
}

// TestClashNames: a name is compared with those of its clash once.
func TestClashNames(t *testing.T) {
	bytes := func(n int) uint64 {
		x := &index{}
		for i := range n {
			name := []byte(`C:\w\abcdefghijklmnop`)
			for b := range 16 {
				if i>>b&1 == 1 {
					name[5+b] -= 'a' - 'A'
				}
			}
			x.add(item{path: source.WinPath(name)})
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c := x.content()
		runtime.ReadMemStats(&after)
		if len(c.clashes) != 1 || len(c.clashes[0].Entries) != n {
			t.Fatalf("%d clashes", len(c.clashes))
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	if few, many := bytes(500), bytes(4000); many > 16*few {
		t.Errorf("%d bytes for 500, %d for 4000", few, many)
	}
}

// TestOnly: the listing of one path alone answers as all listings do, also after edits of
// that path, whatever else is listed.
func TestOnly(t *testing.T) {
	all := &ACLs{lists: map[string]*ACL{}}
	for i := range 20 {
		p := source.WinPath(fmt.Sprintf(`C:\w\f%d`, i))
		all.lists[key(p)] = &ACL{Path: p, ACEs: []ACE{{Account: "Everyone", Deny: i%2 == 0, Rights: AccessRead}}}
	}
	edit := Edit{Kind: EditACL, Target: `C:\w\f4`, Property: "Everyone", Op: metabase.Set, Value: "R"}
	for i := range 20 {
		p := source.WinPath(fmt.Sprintf(`c:\W\F%d`, i))
		alone := all.Only(p)
		if len(alone.lists) != 1 {
			t.Fatalf("%s: %d lists", p, len(alone.lists))
		}
		want := all.with([]Edit{edit}).Allows(p, []string{"Everyone"}, AccessRead)
		if got := alone.with([]Edit{edit}).Allows(p, []string{"Everyone"}, AccessRead); got != want || (got == Yes) != (i%2 == 1 || i == 4) {
			t.Errorf("%s: %v, want %v", p, got, want)
		}
	}
	if all.Allows(`C:\w\f4`, []string{"Everyone"}, AccessRead) != No || len(all.Only(`C:\w`).lists) != 0 || (*ACLs)(nil).Only(`C:\w`) != nil {
		t.Error("the listings were changed, or a path that is not listed has a list")
	}
}
