package metabase

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/iisdoctor/iisdoctor/source"
)

// maxProblems bounds the problems of one file that do not end the reading: a file
// of another kind would give one for every element.
const maxProblems = 100

// Read reads a MetaBase.xml. The tree holds whatever could be read; problems say
// what could not. It never fails: a text that is no metabase gives an empty tree
// and a problem. A key whose tag is broken is left out, because values that were
// not read would look like inherited ones. A nil schema means Builtin.
func Read(t *source.Text, s *Schema) (*Tree, []source.Problem) {
	if s == nil {
		s = Builtin()
	}
	r := newReader(t, s)
	r.readFile()
	if r.fault != nil {
		r.problems = append(r.problems, *r.fault)
	}
	r.doc.names, r.doc.paths = r.names.list, r.paths.String()
	r.doc.canon = r.names.canon
	r.doc.link()
	r.doc.setters = sync.OnceValue(r.doc.findSetters)
	return &Tree{doc: r.doc}, r.problems
}

type reader struct {
	scanner
	doc      *document
	names    *names
	paths    strings.Builder
	classes  map[string]int32
	class    int32   // of the key before: keys of one class often stand together
	seen     []int32 // by name: the number of the tag that had it last
	tags     int32
	taken    []int32 // by property: the number of the key that had it last
	keys     int32
	problems []source.Problem
}

// newReader sizes the tables by what the file can hold: growing them would double
// the memory while they are copied.
func newReader(t *source.Text, s *Schema) *reader {
	data := t.Bytes()
	values := bytes.Count(data, []byte{'"'}) / 2
	keys := values / 6 // real files have six properties a key and more, and its Location
	d := &document{text: t, schema: s, seed: rand.Uint64()}
	d.props = make([]prop, 0, min(values, len(data)/minProperty))
	d.nodes = make([]node, 0, min(keys, len(data)/minKey))
	size := 64
	for size < 2*cap(d.nodes) {
		size *= 2
	}
	d.index = make([]uint64, size)
	return &reader{scanner: scanner{text: t, data: data}, doc: d, names: newNames(s), classes: map[string]int32{}}
}

// The fewest bytes that a property and a key take: ` a=""` and `<a Location="">`.
// A hostile file of quotes must not reserve more than it can fill.
const (
	minProperty = 5
	minKey      = 15
)

func (r *reader) problem(start, end int, found, expected, hint string) {
	if len(r.problems) == maxProblems {
		found, expected, hint = "more problems", "", "Mend those above first; the rest is not listed."
	}
	if len(r.problems) <= maxProblems {
		r.problems = append(r.problems, source.Problem{Pos: r.text.Span(start, end).Pos(), Found: found, Expected: expected, Hint: hint})
	}
}

// readFile reads <configuration> and what stands in it.
func (r *reader) readFile() {
	if r.next() != atStart {
		return
	}
	root := r.open[0]
	if name := localName(r.data[root.name:root.end]); name != "configuration" {
		r.fail(root.tag, root.end, fmt.Sprintf("the root element <%s>%s", r.data[root.name:root.end], rootKind(name)),
			"<configuration>, the root of MetaBase.xml", "Hand over MetaBase.xml from the folder %windir%\\System32\\inetsrv.")
		return
	}
	if !r.skipAttributes() {
		return
	}
	found := false
	for r.child() {
		e := r.open[1]
		switch name := localName(r.data[e.name:e.end]); {
		case name == "MBProperty":
			found = true
			r.readKeys()
		case !found && dotNet[name]:
			r.fail(e.tag, e.end, fmt.Sprintf("<%s> in <configuration>: this is a web.config or applicationHost.config", name),
				"<MBProperty>, as in MetaBase.xml", "Hand over MetaBase.xml from the folder %windir%\\System32\\inetsrv.")
		default:
			r.stranger("in <configuration>", "<MBProperty>")
		}
	}
	if r.fault == nil && !found {
		r.problem(root.tag, root.end, "<configuration> without <MBProperty>", "<MBProperty> with the keys", "Copy MetaBase.xml again from the server.")
	}
	r.next() // what follows the root is a fault
}

// rootKind names other files that people hand over.
func rootKind(name string) string {
	switch name {
	case "MetaData":
		return ", the schema MBSchema.xml"
	case "html", "HTML":
		return ", an HTML page"
	case "Events", "Event":
		return ", an event log"
	case "appcmd":
		return ", output of appcmd"
	case "Objs":
		return ", a PowerShell export"
	}
	return ""
}

// dotNet are sections of .NET and IIS 7 configuration files, whose root element
// has the same name.
var dotNet = map[string]bool{
	"configSections": true, "configProtectedData": true, "system.applicationHost": true, "system.webServer": true,
	"system.web": true, "appSettings": true, "connectionStrings": true, "location": true, "runtime": true,
	"startup": true, "system.serviceModel": true, "system.net": true, "system.diagnostics": true,
}

// child moves to the next child element of the current one. It reports false when
// the element is over, and leaves it.
func (r *reader) child() bool {
	for {
		switch r.next() {
		case atStart:
			return true
		case atText:
			r.problem(r.start, r.start+r.textLen(), "text between elements", "only elements there",
				`Look for a ">" too early in the tag before it: attributes behind it are lost.`)
		case atEnd:
			r.pop()
			return false
		default:
			return false
		}
	}
}

func (r *reader) textLen() int {
	return len(bytes.TrimRight(r.data[r.start:r.pos], " \t\r\n"))
}

// skipAttributes passes over a start tag and refuses an attribute written twice.
func (r *reader) skipAttributes() bool {
	var a attribute
	r.begin()
	for r.attr(&a) {
		r.once(&a)
	}
	return r.fault == nil
}

func (r *reader) begin() {
	r.names.begin()
	r.tags++
}

// once interns the attribute's name; false for one that the tag has already.
func (r *reader) once(a *attribute) (int32, bool) {
	id := r.names.intern(r.data[a.name:a.nameEnd])
	if !r.mark(id) {
		r.problem(a.name, a.nameEnd, fmt.Sprintf("attribute %s twice in one element", r.data[a.name:a.nameEnd]),
			"each attribute once", "Remove the wrong one; the first is taken here.")
		return id, false
	}
	return id, true
}

// mark notes that the current tag has the name.
func (r *reader) mark(id int32) bool {
	for int(id) >= len(r.seen) {
		r.seen = append(r.seen, 0)
	}
	fresh := r.seen[id] != r.tags
	r.seen[id] = r.tags
	return fresh
}

// stranger passes over an element that has no business here, with all it holds.
func (r *reader) stranger(where, expected string) {
	e := r.open[len(r.open)-1]
	r.problem(e.tag, e.end, fmt.Sprintf("the element <%s> %s", r.data[e.name:e.end], where), expected,
		"Nothing in it was read. Look for a missing end tag before it.")
	depth := len(r.open)
	for r.skipAttributes() && r.skipTo(depth) {
	}
}

// skipTo passes to the next start tag inside the element at that depth; false
// when the element is over.
func (r *reader) skipTo(depth int) bool {
	for {
		switch r.next() {
		case atStart:
			return true
		case atEnd:
			r.pop()
			if len(r.open) < depth {
				return false
			}
		case atEOF:
			return false
		}
	}
}
