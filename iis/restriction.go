package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// Ruling is what WebSvcExtRestrictionList says of one processor.
type Ruling struct {
	Allowed bool
	Listed  bool          // by an entry of its own, else by *.dll or *.exe
	Known   bool          // false where the list does not exist
	Item    metabase.Item // the entry that decided; zero where none did
	List    metabase.Value
}

// restrictions is a list of Web service extensions, read once for all that ask.
type restrictions struct {
	entries []restriction
	named   map[string]int // the first entry of each folded name
	windir  map[string]int // of those that begin with %windir%: by what follows it
	windows map[string]int // of those in the Windows folder as setup names it: the same

	unlisted map[string]restriction // the last entry of each name in lower case: *.dll and *.exe stand for all others
}

type restriction struct {
	allowed bool
	item    metabase.Item
}

func readRestrictions(v metabase.Value) *restrictions {
	r := &restrictions{named: map[string]int{}, windir: map[string]int{}, windows: map[string]int{}, unlisted: map[string]restriction{}}
	for _, item := range v.Items() {
		f := item.Fields()
		if len(f) < 2 {
			continue
		}
		e, name := restriction{allows(f[0]), item}, strings.TrimSpace(f[1])
		r.unlisted[strings.ToLower(name)] = e
		r.add(e, name)
	}
	return r
}

func (r *restrictions) add(e restriction, name string) {
	name = foldPath(name)
	first(r.named, name, len(r.entries))
	if rest, env := strings.CutPrefix(name, windir); env {
		first(r.windir, rest, len(r.entries))
	} else if rest := belowWindows(name); rest != notWindows {
		first(r.windows, rest, len(r.entries))
	}
	r.entries = append(r.entries, e)
}

// first notes where a name stands first.
func first(at map[string]int, name string, i int) {
	if _, again := at[name]; !again {
		at[name] = i
	}
}

// find gives the first entry that names the same file (SameFile).
func (r *restrictions) find(processor string) (restriction, bool) {
	name := foldPath(processor)
	at, found := r.named[name]
	other, rest := r.windir, belowWindows(name)
	if below, env := strings.CutPrefix(name, windir); env {
		other, rest = r.windows, below
	}
	if i, ok := other[rest]; ok && (!found || i < at) {
		at, found = i, true
	}
	if !found {
		return restriction{}, false
	}
	return r.entries[at], true
}

// Restriction looks a processor up in the restriction list (ms525694): a .dll is an
// ISAPI extension, anything else a CGI program, whose entry must hold the map's full
// command. Names compare without case.
func (m *Model) Restriction(processor string) Ruling {
	list := m.tree.Effective("/LM/W3SVC", "WebSvcExtRestrictionList")
	if !list.IsSet() {
		return Ruling{Allowed: true, List: list}
	}
	r := m.restrictions.of(placeOf(list), func() *restrictions { return readRestrictions(list) })
	if e, ok := r.find(processor); ok {
		return Ruling{Allowed: e.allowed, Listed: true, Known: true, Item: e.item, List: list}
	}
	all := "*.exe"
	if isISAPI(processor) {
		all = "*.dll"
	}
	e := r.unlisted[all]
	return Ruling{Allowed: e.allowed, Known: true, Item: e.item, List: list}
}

func allows(field string) bool {
	f := strings.TrimSpace(field)
	return f != "0" && f != ""
}
