package metabase

import (
	"bytes"
	"iter"
)

// verdicts remembers what a function says of values that are written alike: a server
// with many sites writes few texts many times. The function must look at nothing but
// the property and its text.
type verdicts struct {
	wanted func(Value) bool
	names  []textVerdicts // by the number of the name
}

// textVerdicts are those of one name, the last one outside of the map.
type textVerdicts struct {
	text  []byte
	last  bool
	known map[string]bool
}

func (d *document) verdicts(wanted func(Value) bool) *verdicts {
	return &verdicts{wanted, make([]textVerdicts, len(d.names))}
}

// of is the verdict about the property i of the node n.
func (w *verdicts) of(d *document, n, i int32) bool {
	p := d.props[i]
	t, text := &w.names[p.name], d.text.Bytes()[p.start:p.end]
	if len(text) > maxText {
		return w.wanted(d.value(n, i))
	}
	if t.known != nil && bytes.Equal(t.text, text) {
		return t.last
	}
	said, known := t.known[string(text)]
	if !known {
		said = w.wanted(d.value(n, i))
		if t.known == nil {
			t.known = map[string]bool{}
		}
		if len(t.known) < maxTexts {
			t.known[string(text)] = said
		}
	}
	t.text, t.last = text, said
	return said
}

// What is remembered of one property is bounded in number and length of the texts.
const (
	maxTexts = 64
	maxText  = 512
)

// SettersOf gives the keys that set the property themselves to a usable value that is
// wanted, as Setters. What is written alike is asked for once: wanted must look at
// nothing but the value's text.
func (t *Tree) SettersOf(property string, wanted func(Value) bool) iter.Seq2[Key, Value] {
	usable := func(v Value) bool { return v.Usable() && wanted(v) }
	if t.edits != nil {
		return t.settersOfAfterEdits(property, usable)
	}
	return func(yield func(Key, Value) bool) {
		d, q := t.doc, t.query(property)
		said := d.verdicts(usable)
		for _, s := range d.setters().of(q.canon) {
			if said.of(d, s.node, s.prop) && !yield(Key{t, s.node}, d.value(s.node, s.prop)) {
				return
			}
		}
	}
}

func (t *Tree) settersOfAfterEdits(property string, usable func(Value) bool) iter.Seq2[Key, Value] {
	return func(yield func(Key, Value) bool) {
		for key := range t.Setters(property) {
			if v, _ := key.Own(property); usable(v) && !yield(key, v) {
				return
			}
		}
	}
}

// Values gives what the keys set themselves, in file order, of the kinds of property
// that are meant and only what is wanted. What is written alike is asked for once: meant
// must look at nothing but the class of the key and the property, wanted at nothing but
// the property and the text.
func (t *Tree) Values(meant func(class string, v Value) bool, wanted func(Value) bool) iter.Seq2[Key, Value] {
	if t.edits != nil {
		return t.valuesAfterEdits(meant, wanted)
	}
	return func(yield func(Key, Value) bool) {
		d := t.doc
		kinds, said := d.kinds(meant), d.verdicts(wanted)
		for n := range d.nodes {
			n, first := int32(n), d.nodes[n].first
			for i := first; i < first+d.nodes[n].count; i++ {
				if kinds.of(d, n, i) && said.of(d, n, i) && !yield(Key{t, n}, d.value(n, i)) {
					return
				}
			}
		}
	}
}

func (t *Tree) valuesAfterEdits(meant func(class string, v Value) bool, wanted func(Value) bool) iter.Seq2[Key, Value] {
	return func(yield func(Key, Value) bool) {
		for key := range t.Keys() {
			for v := range key.Properties() {
				if meant(key.Class(), v) && wanted(v) && !yield(key, v) {
					return
				}
			}
		}
	}
}

// kinds remembers which properties at which classes of keys are meant.
type kinds struct {
	meant func(class string, v Value) bool
	said  []int8 // by class and name: 0 not asked yet, 1 yes, -1 no
}

// maxKinds bounds the table: a file may have a class and a name for every key.
const maxKinds = 1 << 20

func (d *document) kinds(meant func(class string, v Value) bool) *kinds {
	if len(d.classes) > maxKinds/len(d.names) {
		return &kinds{meant: meant}
	}
	return &kinds{meant, make([]int8, len(d.classes)*len(d.names))}
}

func (k *kinds) of(d *document, n, i int32) bool {
	class := d.nodes[n].class
	if k.said == nil {
		return k.meant(d.classes[class], d.value(n, i))
	}
	said := &k.said[int(class)*len(d.names)+int(d.props[i].name)]
	if *said == 0 {
		*said = -1
		if k.meant(d.classes[class], d.value(n, i)) {
			*said = 1
		}
	}
	return *said > 0
}
