package metabase

import (
	"bytes"
	"fmt"
)

// readKeys reads <MBProperty>: all keys as flat siblings, the tree is only in
// their Location (cc784572).
func (r *reader) readKeys() {
	if !r.skipAttributes() {
		return
	}
	for r.child() {
		r.readKey()
	}
}

// readKey reads one key: its tag, then its Custom children.
func (r *reader) readKey() {
	e := r.open[len(r.open)-1]
	first := len(r.doc.props)
	r.keys++
	location, ok := r.keyTag(e)
	if !ok {
		r.doc.props = r.doc.props[:first]
		return
	}
	n := node{tag: int32(e.tag), first: int32(first), parent: -1, child: -1, next: -1}
	kept := r.locate(&n, e, location)
	for r.child() {
		r.readChild()
	}
	if !kept {
		r.doc.props = r.doc.props[:first]
		return
	}
	n.class = r.className(e)
	n.count = int32(len(r.doc.props) - first)
	r.doc.nodes = append(r.doc.nodes, n)
	for _, p := range r.doc.props[first:] {
		if !r.names.list[p.name].known {
			r.doc.unknown++
		}
	}
	if twin := r.enter(int32(len(r.doc.nodes) - 1)); twin >= 0 {
		r.twice(location, twin)
	}
}

// keyTag reads the attributes of a key. It reports false after a fault.
func (r *reader) keyTag(e element) (location attribute, ok bool) {
	var a attribute
	r.begin()
	for r.attr(&a) {
		id, fresh := r.once(&a)
		x := &r.names.list[id]
		if x.secret {
			r.text.Hide(a.start, a.end)
		}
		switch {
		case !fresh || x.role == isNamespace:
		case x.role == isLocation:
			location = a
		default:
			r.take(prop{id, int32(a.name), int32(a.start), int32(a.end)})
		}
	}
	r.hideBroken(&a)
	return location, r.fault == nil
}

// take adds a property to the key, once: two spellings, or an attribute and a
// <Custom> with its ID, are the same property.
func (r *reader) take(p prop) {
	x := &r.names.list[p.name]
	for int(x.canon) >= len(r.taken) {
		r.taken = append(r.taken, 0)
	}
	if r.taken[x.canon] == r.keys {
		r.problem(int(p.at), int(p.at+x.length), fmt.Sprintf("the property %s twice at one key", x.facts.Name),
			"each property once", "Remove the wrong one; the first is taken here.")
		return
	}
	r.taken[x.canon] = r.keys
	r.doc.props = append(r.doc.props, p)
}

// hideBroken keeps a secret hidden whose value is broken: the excerpt of the fault
// would show it.
func (r *reader) hideBroken(a *attribute) {
	if r.fault == nil || a.start == 0 {
		return
	}
	name := string(r.data[a.name:a.nameEnd])
	_, known := r.names.schema.Property(name)
	if secretName(name) || !known && r.names.schema.likeSecret(name) {
		r.text.Hide(a.start, len(r.data))
	}
}

// What a path may have. The names of a key are at most 255 characters long
// (METADATA_MAX_NAME_LEN, iadmw.h) and no server nests a tenth as deep; without a
// bound, looking for the keys above a path would take quadratic time.
const (
	maxLevels = 256
	maxPath   = 32 << 10
)

// locate fills in the key's path. It reports false where the key has none that is
// taken.
func (r *reader) locate(n *node, e element, location attribute) bool {
	if location.start == 0 {
		r.problem(e.tag, e.end, fmt.Sprintf("the key <%s> without Location", r.data[e.name:e.end]),
			`Location="/LM/…"`, "Give the key its path, or remove it; nothing in it was taken.")
		return false
	}
	path := r.data[location.start:location.end]
	if encoded(path) {
		path = []byte(decodeValue(path))
	}
	if levels := bytes.Count(path, []byte{'/'}); len(path) > maxPath || levels > maxLevels {
		r.problem(location.start, location.end, fmt.Sprintf("a key path of %d levels and %d bytes", levels, len(path)),
			fmt.Sprintf("at most %d levels and %d bytes", maxLevels, maxPath), "Correct the path; nothing in the key was taken.")
		return false
	}
	n.tagEnd = int32(location.end + 1)
	n.path = int32(r.paths.Len())
	r.paths.Write(path)
	n.pathEnd = int32(r.paths.Len())
	return true
}

func (r *reader) enter(n int32) (twin int32) {
	r.doc.paths = r.paths.String()
	return r.doc.enter(n)
}

// twice drops a second key of the same path.
func (r *reader) twice(location attribute, twin int32) {
	last := len(r.doc.nodes) - 1
	if len(r.problems) <= maxProblems { // finding the line costs too much to do it in vain
		r.problem(location.start, location.end, fmt.Sprintf("the key %s a second time, first in line %d", r.doc.path(int32(last)), r.line(int(r.doc.nodes[twin].tag))),
			"each key once, upper and lower case being the same", "Join the two keys; the first is taken here.")
	}
	n := r.doc.nodes[last]
	for _, p := range r.doc.props[n.first:] {
		if !r.names.list[p.name].known {
			r.doc.unknown--
		}
	}
	r.doc.props = r.doc.props[:n.first]
	r.doc.nodes = r.doc.nodes[:last]
}

func (r *reader) className(e element) int32 {
	written := r.data[e.name:e.end]
	if len(r.doc.classes) > 0 && r.doc.classes[r.class] == string(written) {
		return r.class
	}
	if id, ok := r.classes[string(written)]; ok {
		r.class = id
		return id
	}
	id := int32(len(r.doc.classes))
	r.doc.classes = append(r.doc.classes, localName(written))
	r.classes[string(written)] = id
	return id
}

// readChild reads a child of a key: <Custom>, or something that is none.
func (r *reader) readChild() {
	e := r.open[len(r.open)-1]
	if localName(r.data[e.name:e.end]) != "Custom" {
		r.stranger("inside a key", "<Custom>, or the key's end tag before it")
		return
	}
	var c [5]attribute // Name, ID, Value, Type, Attributes
	if !r.customTag(&c) {
		return
	}
	r.addCustom(e, &c)
	for r.child() {
		r.stranger("inside <Custom>", "its end tag")
	}
}

const (
	customName = iota
	customID
	customValue
	customType
	customAttributes
)

func (r *reader) customTag(c *[5]attribute) bool {
	var a attribute
	r.begin()
	for r.attr(&a) {
		if _, fresh := r.once(&a); !fresh {
			continue
		}
		switch string(r.data[a.name:a.nameEnd]) {
		case "Name":
			c[customName] = a
		case "ID":
			c[customID] = a
		case "Value":
			c[customValue] = a
		case "Type":
			c[customType] = a
		case "Attributes":
			c[customAttributes] = a
		}
	}
	if r.fault == nil {
		return true
	}
	for _, v := range []attribute{a, c[customValue]} { // what it is may stand behind the fault
		if v.start > 0 {
			r.text.Hide(v.start, max(v.end, v.start))
		}
	}
	if a.start > 0 && a.end == 0 {
		r.text.Hide(a.start, len(r.data))
	}
	return false
}

// addCustom takes a <Custom> as a property of the key.
func (r *reader) addCustom(e element, c *[5]attribute) {
	text := func(i int) string { return decodeValue(r.data[c[i].start:c[i].end]) }
	named := c[customName]
	said := custom{text(customName), text(customID), text(customType), text(customAttributes)}
	if said.name == "" {
		named, said.name = c[customID], said.id
	}
	value := c[customValue]
	if value.start == 0 { // a value may be left out: then it is empty, at the element's name
		value.start, value.end = e.end, e.end
	}
	if said.name == "" {
		r.text.Hide(value.start, value.end)
		r.problem(e.tag, e.end, "<Custom> without Name and ID", "both, as every custom property has them", "Name the property, or remove it; it was not taken.")
		return
	}
	id := r.names.customProperty(said)
	x := &r.names.list[id]
	if x.secret {
		r.text.Hide(value.start, value.end)
	}
	r.take(prop{id, int32(named.start), int32(value.start), int32(value.end)})
}
