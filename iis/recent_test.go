package iis

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// TestListsReadOnce: however many requests meet the lists of a server, each is read once.
func TestListsReadOnce(t *testing.T) {
	var maps, types, extensions strings.Builder
	for i := range 50 {
		fmt.Fprintf(&maps, ".e%d,C:\\x%d.dll,5\n", i, i)
		fmt.Fprintf(&types, ".t%d,x/y\n", i)
		fmt.Fprintf(&extensions, "1,C:\\x%d.dll,0,G,D\n", i)
	}
	m := with(t, map[string]string{"ROOT": `ScriptMaps="` + maps.String() + `" MimeMap="` + types.String() + `"`,
		"SERVICE": `WebSvcExtRestrictionList="` + extensions.String() + `"`}, nil)
	visit := func() {
		for i := range 50 {
			ask(t, m, "GET", fmt.Sprintf("http://www.contoso.com/a.e%d", i))
			ask(t, m, "GET", fmt.Sprintf("http://www.contoso.com/a.t%d", i))
		}
	}
	visit()
	root := m.tree.Effective("/LM/W3SVC/1/ROOT", "ScriptMaps")
	list, extension := m.ScriptMaps(root), m.restrictions.kept[0].made
	if got := len(list.Maps); got != 50 {
		t.Fatalf("%d maps", got)
	}
	visit()
	if m.ScriptMaps(root) != list || m.restrictions.kept[0].made != extension || len(m.restrictions.kept) != 1 || len(m.mimeLists.kept) != 1 {
		t.Errorf("lists were read again: %d of script maps, %d of extensions, %d of types", len(m.mapLists.kept), len(m.restrictions.kept), len(m.mimeLists.kept))
	}
}

// TestWayOnce: the bindings of a site are looked through once for all of its keys.
func TestWayOnce(t *testing.T) {
	m := with(t, nil, nil)
	for range 3 {
		for _, key := range []metabase.Path{"/LM/W3SVC/1/ROOT", "/LM/W3SVC/1/ROOT/shop", "/LM/W3SVC/1/ROOT/x"} {
			if url, _, why := m.Reach("/LM/W3SVC/1", key, "/a"); url != "http://localhost/a" && why != "" {
				t.Errorf("%s: %s %s", key, url, why)
			}
		}
	}
	if len(m.ways.kept) != 1 || m.ways.kept[0].at != (door{"/LM/W3SVC/1", false}) || m.ways.kept[0].made.binding == nil {
		t.Errorf("kept: %+v", m.ways.kept)
	}
}

// TestRecent: what was asked for last is kept, and no more than that.
func TestRecent(t *testing.T) {
	marks := ""
	for i := range 2 * maxRecent {
		marks += fmt.Sprintf("<IIsWebDirectory\tLocation =\"/LM/W3SVC/1/ROOT/d%d\"\n\t\tScriptMaps=\".e%d,C:\\x.dll,5\"\n\t>\n</IIsWebDirectory>\n", i, i)
	}
	tr := tree(t, map[string]string{"KEYS": marks})
	read := 0
	var r recent[place, string]
	ask := func(i int) {
		t.Helper()
		v := tr.Effective(metabase.Path(fmt.Sprintf("/LM/W3SVC/1/ROOT/d%d", i)), "ScriptMaps")
		if got := r.of(placeOf(v), func() string { read++; return v.Text() }); got != v.Text() {
			t.Errorf("%d: %q", i, got)
		}
	}
	for range 3 {
		for i := range maxRecent {
			ask(i)
		}
	}
	if read != maxRecent {
		t.Errorf("read %d times, want each of %d once", read, maxRecent)
	}
	ask(0)
	ask(maxRecent) // takes the place of 1, which was asked for longest ago
	ask(0)
	if read != maxRecent+1 {
		t.Errorf("what was asked for last was read again")
	}
	for i := range 2 * maxRecent {
		ask(i)
	}
	if len(r.kept) != maxRecent {
		t.Errorf("%d lists are kept", len(r.kept))
	}
}

// TestRestrictionFind: the list gives the first entry that names the same file, in all
// spellings of the Windows folder.
func TestRestrictionFind(t *testing.T) {
	names := []string{
		`C:\WINDOWS\system32\a.dll`, `%windir%\system32\a.dll`, `%SystemRoot%\SYSTEM32\A.DLL`, `D:\winnt\system32\a.dll`,
		`"C:\windows\system32\a.dll"`, `C:\windowsx\system32\a.dll`, `C:\x\a.dll`, `%windir%`, `C:\windows`, `*.dll`, ``, `C:\x\b.exe %s`,
	}
	for i, a := range names {
		for j, b := range names {
			list := &restrictions{named: map[string]int{}, windir: map[string]int{}, windows: map[string]int{}}
			list.add(restriction{allowed: true}, a)
			list.add(restriction{}, b)
			if n := common(a, b); (n == 1) != SameFile(a, b) || n > 1 {
				t.Errorf("%q and %q have %d names in common", a, b, n)
			}
			for _, processor := range names {
				got, ok := list.find(processor)
				want, first := SameFile(a, processor) || SameFile(b, processor), SameFile(a, processor)
				if ok != want || ok && got.allowed != first {
					t.Errorf("%d %d: %q in [%q, %q]: %v %v, want %v %v", i, j, processor, a, b, ok, got.allowed, want, first)
				}
			}
		}
	}
}

// common counts the names of a that are asked for b.
func common(a, b string) (n int) {
	names, _ := FileNames(a)
	_, asked := FileNames(b)
	for _, name := range names {
		for _, other := range asked {
			if name == other {
				n++
			}
		}
	}
	return n
}

// TestFolded: texts fold to one exactly where they are equal without case.
func TestFolded(t *testing.T) {
	texts := []string{".htm", ".HTM", ".k", ".\u212A", ".s", ".\u017F", ".\u00E9", ".\u00C9", ".\u03C3", ".\u03C2", ".\u0130", ".i", "", "."}
	for _, a := range texts {
		for _, b := range texts {
			if (folded(a) == folded(b)) != strings.EqualFold(a, b) {
				t.Errorf("%q and %q", a, b)
			}
		}
	}
}
