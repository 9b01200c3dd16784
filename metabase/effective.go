package metabase

import "strings"

// query is a property that is asked for.
type query struct {
	name  string // the schema's spelling, or as asked
	canon int32  // its number in this tree, -1 where no key has it
	facts *PropertyFacts
}

func (t *Tree) query(property string) query {
	if n, ok := t.doc.schema.lookup(property); ok {
		facts := t.doc.schema.facts[n]
		return query{facts.Name, n, facts}
	}
	q := query{property, -1, nil}
	if n, ok := t.doc.canon[strings.ToLower(property)]; ok {
		q.canon = n
	}
	return q
}

// own is the value that a key sets itself.
func (t *Tree) own(n int32, q query) (Value, bool) {
	if e := t.edited(n); e != nil {
		for _, v := range e.values {
			if strings.EqualFold(v.Property, q.name) {
				return v, true
			}
		}
		return Value{}, false
	}
	if i := t.doc.own(n, q.canon); i >= 0 {
		return t.doc.value(n, i), true
	}
	return Value{}, false
}

// Effective is the value in force at p, which need not exist as a key: the one of
// the nearest key on the way up that sets it to something that it can hold, else
// what IIS uses by default (metabase inheritance, aa670789; a property in conflict
// with the schema is passed over when the file is read, IIS 6.0 help on editing
// it). List properties replace (ms525983). A property that is not inherited counts
// only at p itself.
func (t *Tree) Effective(p Path, property string) Value {
	n, exact := t.nearest(p)
	return t.effective(n, exact, t.query(property))
}

func (t *Tree) effective(n int32, exact bool, q query) Value {
	for v := range t.setters(n, exact, q) {
		if v.Usable() {
			return v
		}
	}
	text, known := t.doc.schema.InForce(q.name)
	return t.unset(n, q, text, known)
}

// unset is the value at a key where nothing sets one: the default, if it is known.
func (t *Tree) unset(n int32, q query, text string, known bool) Value {
	v := Value{Property: q.name, facts: q.facts, secret: q.facts != nil && isSecret(q.facts)}
	if n >= 0 {
		v.Key, v.span = t.path(n), Key{t, n}.Span()
		v.name = v.span
	}
	if known {
		v.Kind, v.text = Default, text
	}
	return v
}

// inherits reports whether keys below take the value over.
func (v Value) inherits() bool { return v.facts == nil || v.facts.Inherit }

// setters gives the values that the keys from n upwards set, nearest first. Above
// the path that was asked only inherited ones count.
func (t *Tree) setters(n int32, exact bool, q query) func(yield func(Value) bool) {
	return func(yield func(Value) bool) {
		for ; n >= 0; n = t.parent(n) {
			v, ok := t.own(n, q)
			if !exact {
				v.Kind = Inherited
			}
			if ok && (exact || v.inherits()) && !yield(v) {
				return
			}
			exact = false
		}
	}
}

// Chain gives every key on the way from p to the top that sets the property,
// nearest first: the first usable one is effective, it hides the rest.
func (t *Tree) Chain(p Path, property string) []Value {
	n, exact := t.nearest(p)
	var chain []Value
	for v := range t.setters(n, exact, t.query(property)) {
		chain = append(chain, v)
	}
	return chain
}

// globalMimeMap is the key with the types of the whole server.
const globalMimeMap Path = "/LM/MimeMap"

// Lists gives the lists that are merged at p for MimeMap: the nearest on the way
// up, the next above it, and /LM/MimeMap; earlier ones win (cc757093: the mappings
// of the request's level and of the closest inherited one are merged; cc784353:
// the global list joins them). For any other list property it is the effective
// one alone.
func (t *Tree) Lists(p Path, property string) []Value {
	lists := t.Chain(p, property)
	if !strings.EqualFold(property, "MimeMap") {
		return lists[:min(len(lists), 1)]
	}
	lists = lists[:min(len(lists), 2)]
	for _, v := range lists {
		if v.Key.Equal(globalMimeMap) {
			return lists
		}
	}
	if n := t.find(globalMimeMap); n >= 0 {
		if v, ok := t.own(n, t.query(property)); ok {
			v.Kind = Inherited
			lists = append(lists, v)
		}
	}
	return lists
}
