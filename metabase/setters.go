package metabase

import "iter"

// setters lists for each property the keys that set it, in file order: those of the
// property with the number c are keys[from[c]:from[c+1]].
type setters struct {
	from []int32
	keys []int32 // numbers of nodes
}

// findSetters sorts all properties by their numbers, counting first: four bytes for
// each property are less than what any other way takes, and every check asks.
func (d *document) findSetters() setters {
	last := int32(-1)
	for _, x := range d.names {
		last = max(last, x.canon)
	}
	s := setters{from: make([]int32, last+3), keys: make([]int32, len(d.props))}
	for _, p := range d.props {
		s.from[d.names[p.name].canon+2]++
	}
	for c := 1; c < len(s.from); c++ {
		s.from[c] += s.from[c-1]
	}
	for n := range d.nodes {
		first := d.nodes[n].first
		for _, p := range d.props[first : first+d.nodes[n].count] {
			c := d.names[p.name].canon + 1 // where the list of c began, now where it goes on
			s.keys[s.from[c]] = int32(n)
			s.from[c]++
		}
	}
	return s
}

// of gives the nodes that set a property.
func (s setters) of(canon int32) []int32 {
	if canon < 0 || int(canon)+1 >= len(s.from) {
		return nil
	}
	return s.keys[s.from[canon]:s.from[canon+1]]
}

// Setters gives the keys that set the property themselves, in file order, then those
// that edits created. It costs far less than asking every key.
func (t *Tree) Setters(property string) iter.Seq[Key] {
	q := t.query(property)
	if t.edits != nil {
		return t.settersAfterEdits(q)
	}
	return func(yield func(Key) bool) {
		for _, n := range t.doc.setters().of(q.canon) {
			if !yield(Key{t, n}) {
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
