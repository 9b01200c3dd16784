package metabase

import (
	"maps"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Op is what an edit does.
type Op string

const (
	Set     Op = "set"     // the whole value
	Add     Op = "add"     // one entry at the end of a list
	Replace Op = "replace" // the entry with the same EntryKey
	Remove  Op = "remove"  // the entry with the same EntryKey; with an empty value the whole property
)

// Change is one edit of the tree as data. A change of a secret carries a
// placeholder, which counts as set.
type Change struct {
	Key      Path
	Property string
	Op       Op
	Value    string
}

// edits is what differs from the file: the keys that were changed, each with its
// own list of values, and the keys that were created.
type edits struct {
	keys  map[int32]*editedKey
	paths map[string]int32 // folded paths of created keys
	added []addedKey
}

type editedKey struct {
	class  string // "" where the file's counts
	values []Value
}

type addedKey struct {
	path Path
	span source.Span
}

// edited is what an edit made of a value.
type edited struct{ items []Item }

// edited gives a key's edits, nil where it has none.
func (t *Tree) edited(n int32) *editedKey {
	if t.edits == nil {
		return nil
	}
	return t.edits.keys[n]
}

// With gives a tree with the changes applied in order; it shares what did not
// change. A change at a key that does not exist creates it, as a generic key until
// KeyType is set. Adding to a list that the key does not set itself starts from
// the list in force (MimeMap: from an empty one, because it merges). Replacing or
// removing an entry that is not in the list changes nothing.
func (t *Tree) With(changes []Change) *Tree {
	e := &edits{keys: map[int32]*editedKey{}, paths: map[string]int32{}}
	if t.edits != nil {
		e.keys, e.paths, e.added = maps.Clone(t.edits.keys), maps.Clone(t.edits.paths), slices.Clone(t.edits.added)
	}
	after := &Tree{doc: t.doc, edits: e}
	fresh := map[int32]bool{} // keys copied by this call
	for _, c := range changes {
		n := after.touch(c.Key, fresh)
		after.apply(n, c)
	}
	return after
}

// touch gives the number of a key whose values may be changed: a copy of the
// key's own, made once, or a new key.
func (t *Tree) touch(p Path, fresh map[int32]bool) int32 {
	n, exact := t.nearest(p)
	if !exact {
		k := addedKey{path: Path(p.trim()), span: t.key(n).Span()}
		n = int32(len(t.doc.nodes) + len(t.edits.added))
		t.edits.added = append(t.edits.added, k)
		t.edits.paths[p.Fold()] = n
		t.edits.keys[n] = &editedKey{class: genericClass}
	} else if !fresh[n] {
		k := Key{t, n}
		t.edits.keys[n] = &editedKey{class: k.Class(), values: slices.Collect(k.Properties())}
	}
	fresh[n] = true
	return n
}

func (t *Tree) apply(n int32, c Change) {
	k, q := t.edits.keys[n], t.query(c.Property)
	at := slices.IndexFunc(k.values, func(v Value) bool { return strings.EqualFold(v.Property, q.name) })
	if strings.EqualFold(q.name, "KeyType") && c.Op == Set {
		k.class = c.Value // KeyType selects the element's name
	}
	if c.Op == Remove && c.Value == "" {
		if at >= 0 {
			k.values = slices.Delete(k.values, at, at+1)
		}
		return
	}
	v := t.before(n, at, q)
	if c.Op == Set || v.facts != nil && !v.facts.List {
		if c.Op == Remove {
			return
		}
		v.set(c.Value)
	} else if !v.change(t.startList(n, q), c) {
		return
	}
	if at < 0 {
		k.values = append(k.values, v)
	} else {
		k.values[at] = v
	}
}

// before is the value to change: the key's own, or a new one in its start tag.
func (t *Tree) before(n int32, at int, q query) Value {
	if at >= 0 {
		return t.edits.keys[n].values[at]
	}
	span := Key{t, n}.Span()
	v := Value{Property: q.name, Written: q.name, Kind: Own, Key: t.path(n), span: span, name: span, facts: q.facts}
	if v.facts == nil {
		v.facts = unknownFacts(q.name)
		v.facts.List = true // nobody knows: an edit that adds an entry takes it for a list
	}
	v.secret = isSecret(v.facts) || q.facts == nil && t.doc.schema.likeSecret(q.name)
	return v
}

// startList is the list that an edit of entries starts from.
func (t *Tree) startList(n int32, q query) []Item {
	if v, ok := t.own(n, q); ok {
		return v.Items()
	}
	if strings.EqualFold(q.name, "MimeMap") {
		return nil
	}
	return t.effective(n, true, q).Items()
}

// set replaces the whole value. Entries that were there before keep their place.
func (v *Value) set(text string) {
	places := map[string]source.Span{}
	for _, old := range v.Items() {
		places[old.Text] = old.Span
	}
	items := textItems(text, v.span)
	for i := range items {
		if at, ok := places[items[i].Text]; ok {
			items[i].Span = at
		}
	}
	v.text, v.edit = text, &edited{items}
}

// change makes one edit of an entry. It reports false where nothing changes.
func (v *Value) change(items []Item, c Change) bool {
	key := EntryKey(v.Property, c.Value)
	same := func(i Item) bool { return EntryKey(v.Property, i.Text) == key }
	at := slices.IndexFunc(items, same)
	switch {
	case c.Op == Add:
		items = append(items, Item{c.Value, v.span})
	case at < 0:
		return false
	case c.Op == Replace:
		items[at].Text = c.Value
	default:
		items = slices.DeleteFunc(items, same)
	}
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = item.Text
	}
	v.text, v.edit = strings.Join(lines, "\n"), &edited{items}
	return true
}
