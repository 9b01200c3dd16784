package metabase

import "iter"

// setters lists for each property where it is set, in file order: the property with
// the number c stands at places[from[c]:from[c+1]].
type setters struct {
	from   []int32
	places []setter
}

// setter is a key that sets a property, and which of all properties that is.
type setter struct{ node, prop int32 }

// findSetters sorts all properties by their numbers, counting first: eight bytes for
// each property are less than what any other way takes, and every check asks.
func (d *document) findSetters() setters {
	last := int32(-1)
	for _, x := range d.names {
		last = max(last, x.canon)
	}
	s := setters{from: make([]int32, last+3), places: make([]setter, len(d.props))}
	for _, p := range d.props {
		s.from[d.names[p.name].canon+2]++
	}
	for c := 1; c < len(s.from); c++ {
		s.from[c] += s.from[c-1]
	}
	for n := range d.nodes {
		first := d.nodes[n].first
		for i := first; i < first+d.nodes[n].count; i++ {
			c := d.names[d.props[i].name].canon + 1 // where its list began, now where it goes on
			s.places[s.from[c]] = setter{int32(n), i}
			s.from[c]++
		}
	}
	return s
}

// of gives the places of a property.
func (s setters) of(canon int32) []setter {
	if canon < 0 || int(canon)+1 >= len(s.from) {
		return nil
	}
	return s.places[s.from[canon]:s.from[canon+1]]
}

// Setters gives the keys that set the property themselves, in file order, then those
// that edits created. It costs far less than asking every key.
func (t *Tree) Setters(property string) iter.Seq[Key] {
	q := t.query(property)
	if t.edits != nil {
		return t.settersAfterEdits(q)
	}
	return func(yield func(Key) bool) {
		for _, s := range t.doc.setters().of(q.canon) {
			if !yield(Key{t, s.node}) {
				return
			}
		}
	}
}

func (t *Tree) settersAfterEdits(q query) iter.Seq[Key] {
	return func(yield func(Key) bool) {
		for key := range t.Keys() {
			if _, ok := t.own(key.n, q); ok && !yield(key) {
				return
			}
		}
	}
}
