package metabase

import (
	"iter"
	"strings"
	"sync"

	"github.com/iisdoctor/iisdoctor/source"
)

// Tree is the whole configuration, immutable and safe for concurrent use.
type Tree struct {
	doc   *document
	edits *edits // nil for a tree as read

	sitesOnce sync.Once
	sites     []Key
}

// Counts says what was read: keys, properties (own attributes and Custom
// children, Location apart), and properties that the schema does not know.
func (t *Tree) Counts() (keys, properties, notUnderstood int) {
	return len(t.doc.nodes), len(t.doc.props), t.doc.unknown
}

// Text is the file that was read.
func (t *Tree) Text() *source.Text { return t.doc.text }

// Schema is the schema with which the tree was read.
func (t *Tree) Schema() *Schema { return t.doc.schema }

// Key finds a key by its path, without case.
func (t *Tree) Key(p Path) (Key, bool) {
	n := t.find(p)
	return t.key(n), n >= 0
}

// Nearest finds the key at p or the closest existing one above it.
func (t *Tree) Nearest(p Path) (Key, bool) {
	n, _ := t.nearest(p)
	return t.key(n), n >= 0
}

func (t *Tree) key(n int32) Key {
	if n < 0 {
		return Key{}
	}
	return Key{t, n}
}

// find gives the number of a key, -1 where there is none. Keys that an edit created
// are numbered behind those of the file.
func (t *Tree) find(p Path) int32 {
	if t.edits != nil && len(t.edits.added) > 0 {
		if n, ok := t.edits.paths[p.Fold()]; ok {
			return n
		}
	}
	return t.doc.find(p)
}

// nearest gives the key at p or above it, and whether it is at p.
func (t *Tree) nearest(p Path) (n int32, exact bool) {
	if n := t.find(p); n >= 0 {
		return n, true
	}
	return t.above(p), false
}

// above is the nearest key above a path.
func (t *Tree) above(p Path) int32 {
	for strings.Contains(p.trim(), "/") {
		p = p.Parent()
		if n := t.find(p); n >= 0 {
			return n
		}
	}
	return -1
}

func (t *Tree) parent(n int32) int32 {
	if t.edits == nil || len(t.edits.added) == 0 {
		return t.doc.nodes[n].parent
	}
	return t.above(t.path(n))
}

func (t *Tree) path(n int32) Path {
	if i := int(n) - len(t.doc.nodes); i >= 0 {
		return t.edits.added[i].path
	}
	return t.doc.path(n)
}

// Keys gives every key in file order, then those that edits created.
func (t *Tree) Keys() iter.Seq[Key] {
	return func(yield func(Key) bool) {
		n := len(t.doc.nodes)
		if t.edits != nil {
			n += len(t.edits.added)
		}
		for i := range n {
			if !yield(Key{t, int32(i)}) {
				return
			}
		}
	}
}

// Children gives the existing keys whose parent path is p, in file order.
func (t *Tree) Children(p Path) iter.Seq[Key] {
	return func(yield func(Key) bool) {
		for n := t.firstBelow(p); n >= 0; n = t.doc.nodes[n].next {
			if q := t.doc.path(n); q.trim() != "" && q.Parent().Equal(p) && !yield(Key{t, n}) {
				return
			}
		}
		if t.edits == nil {
			return
		}
		for i, a := range t.edits.added {
			if a.path.Parent().Equal(p) && !yield(Key{t, int32(len(t.doc.nodes) + i)}) {
				return
			}
		}
	}
}

// firstBelow begins the chain of the file's keys that hang below p or below the
// nearest key above it.
func (t *Tree) firstBelow(p Path) int32 {
	n := t.doc.find(p)
	if n < 0 {
		n = t.doc.above(p)
	}
	if n < 0 {
		return t.doc.top
	}
	return t.doc.nodes[n].child
}

// Sites gives the web sites: the IIsWebServer keys (or keys with a decimal name)
// directly below /LM/W3SVC, in file order. Info/Templates are no sites.
// The caller must not change them.
func (t *Tree) Sites() []Key {
	t.sitesOnce.Do(func() { t.sites = t.findSites() })
	return t.sites
}

func (t *Tree) findSites() []Key {
	var sites []Key
	for k := range t.Children("/LM/W3SVC") {
		if strings.EqualFold(k.Class(), "IIsWebServer") || decimal(k.Path().Name()) {
			sites = append(sites, k)
		}
	}
	return sites
}

func decimal(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// Key is one key of a tree. The zero Key has no path, no class and no values.
type Key struct {
	tree *Tree
	n    int32
}

// Path is the key's Location as written.
func (k Key) Path() Path {
	if k.tree == nil {
		return ""
	}
	return k.tree.path(k.n)
}

// Class is the element's name, such as IIsWebServer.
func (k Key) Class() string {
	if k.tree == nil {
		return ""
	}
	if e := k.tree.edited(k.n); e != nil && e.class != "" {
		return e.class
	}
	return k.tree.doc.classes[k.tree.doc.nodes[k.n].class]
}

// Span is the place of the start tag, from "<" to the end of Location. For a key
// that an edit created it is that of the nearest key in the file.
func (k Key) Span() source.Span {
	if k.tree == nil {
		return source.Span{}
	}
	if i := int(k.n) - len(k.tree.doc.nodes); i >= 0 {
		return k.tree.edits.added[i].span
	}
	return k.tree.doc.tagSpan(k.n)
}

// tagSpan is the place of a key's start tag; no place for no key.
func (d *document) tagSpan(n int32) source.Span {
	if n < 0 {
		return source.Span{}
	}
	return d.text.Span(int(d.nodes[n].tag), int(d.nodes[n].tagEnd))
}

// Own is the property as the key itself sets it.
func (k Key) Own(property string) (Value, bool) {
	if k.tree == nil {
		return Value{}, false
	}
	return k.tree.own(k.n, k.tree.query(property))
}

// Properties gives the key's own values in file order.
func (k Key) Properties() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if k.tree == nil {
			return
		}
		if e := k.tree.edited(k.n); e != nil {
			for _, v := range e.values {
				if !yield(v) {
					return
				}
			}
			return
		}
		d := k.tree.doc
		first := d.nodes[k.n].first
		for i := first; i < first+d.nodes[k.n].count; i++ {
			if !yield(d.value(k.n, i)) {
				return
			}
		}
	}
}

// Effective is the value in force at the key.
func (k Key) Effective(property string) Value {
	if k.tree == nil {
		return Value{Property: property}
	}
	return k.tree.effective(k.n, true, k.tree.query(property))
}
