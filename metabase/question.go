package metabase

// Question is one property that is asked of many keys of a tree: its name is looked up
// once, and what the keys above hold is remembered, as neighbours inherit the same. It
// is for one goroutine.
type Question struct {
	tree  *Tree
	q     query
	above [4]inherited // of the last keys that were asked: parent, grandparent, ...

	asked    bool // for the default
	fallback string
	known    bool
}

// inherited is what a key gives to those below it.
type inherited struct {
	asked bool
	n     int32
	value Value
	found bool
}

// Question prepares a property to be asked for.
func (t *Tree) Question(property string) *Question {
	return &Question{tree: t, q: t.query(property)}
}

// Own is what Key.Own gives.
func (q *Question) Own(k Key) (Value, bool) {
	if k.tree != q.tree {
		return Value{}, false
	}
	return q.tree.own(k.n, q.q)
}

// Effective is what Key.Effective gives.
func (q *Question) Effective(k Key) Value {
	if k.tree != q.tree {
		return Value{Property: q.q.name}
	}
	if v, ok := q.tree.own(k.n, q.q); ok && v.Usable() {
		return v
	}
	if v, found := q.from(q.tree.parent(k.n), 0); found {
		return v
	}
	if !q.asked {
		q.asked = true
		q.fallback, q.known = q.tree.doc.schema.InForce(q.q.name)
	}
	return q.tree.unset(k.n, q.q, q.fallback, q.known)
}

// from is what a key gives to those below it, level generations above the one that is
// asked for.
func (q *Question) from(n int32, level int) (Value, bool) {
	if n < 0 {
		return Value{}, false
	}
	remembers := level < len(q.above)
	if remembers && q.above[level].asked && q.above[level].n == n {
		return q.above[level].value, q.above[level].found
	}
	v, found := q.tree.own(n, q.q)
	if found = found && v.inherits() && v.Usable(); found {
		v.Kind = Inherited
	} else {
		v, found = q.from(q.tree.parent(n), level+1)
	}
	if remembers {
		q.above[level] = inherited{true, n, v, found}
	}
	return v, found
}
