package metabase

import (
	"bytes"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/source"
)

// document is what a file holds, in the most compact form that keeps every place:
// offsets into the text, names interned. It never changes after reading, so trees
// after an edit share it.
type document struct {
	text    *source.Text
	schema  *Schema
	names   []name
	canon   map[string]int32 // folded names of properties that the schema does not know, to their numbers
	props   []prop
	nodes   []node
	classes []string
	paths   string   // all key paths, one behind the other
	index   []uint64 // open hash table: upper half of the path's hash, node number + 1
	seed    uint64
	unknown int   // properties that the schema does not know
	top     int32 // first key without a key above it, -1 for none
	setters func() setters
}

// prop is one property as it stands in the file: 16 bytes.
type prop struct {
	name       int32 // in names
	at         int32 // offset of the attribute's name, or of the name in a Custom element
	start, end int32 // of the value
}

// node is one key.
type node struct {
	tag, tagEnd   int32 // from "<" to the end of Location
	path, pathEnd int32 // in paths
	first, count  int32 // its properties
	class         int32
	parent        int32 // the nearest existing key above it, -1 at the top
	child, next   int32 // first child, next sibling; -1 for none
}

// name is a property's name as written, with what is known of it.
type name struct {
	written string // also what a Custom element said of ID, type and attributes
	length  int32  // of the name in the file
	canon   int32  // the same for all spellings of one property; -1 for what is no property
	role    role
	facts   *PropertyFacts
	custom  bool // written as a <Custom> element
	known   bool // the schema knows the property
	secret  bool
	follows int32 // the name that came next the last time: files repeat themselves
}

type role uint8

const (
	isProperty role = iota
	isLocation
	isNamespace // xmlns, xml:space
)

func (d *document) path(n int32) Path {
	return Path(d.paths[d.nodes[n].path:d.nodes[n].pathEnd])
}

// hash is the same for paths that differ in case only, without making a folded copy.
func (d *document) hash(p Path) uint64 {
	s := p.trim()
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return d.hashFolded(p.Fold())
		}
	}
	return d.hashFolded(s)
}

// hashFolded takes eight bytes at a time. It sets the bit in which upper and lower
// case differ; that other characters fall together as well costs nothing but a
// comparison. The seed is random, so that no file can choose its collisions.
func (d *document) hashFolded(s string) uint64 {
	const cases, odd = 0x20 * ones, 0x9E3779B97F4A7C15
	h := d.seed ^ uint64(len(s))
	for ; len(s) >= 8; s = s[8:] {
		x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		hi, lo := bits.Mul64(h^(x|cases), odd)
		h = hi ^ lo
	}
	var x uint64
	for i := 0; i < len(s); i++ {
		x = x<<8 | uint64(s[i])
	}
	hi, lo := bits.Mul64(h^(x|cases), d.seed|1)
	return hi ^ lo
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// samePath is p.Fold() == q.Fold() without making the folded copies.
func samePath(p, q Path) bool {
	a, b := p.trim(), q.trim()
	if a == b {
		return true
	}
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i]|b[i] >= utf8.RuneSelf {
			return p.Fold() == q.Fold() // other letters may change their length
		}
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return len(a) == len(b) || p.Fold() == q.Fold()
}

// slot is where a path stands in the table, or where it would be put. The upper
// half of the hash is compared first, so that hardly ever a wrong path is read.
func (d *document) slot(p Path, hash uint64) uint64 {
	mask := uint64(len(d.index) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		e := d.index[i]
		if e == 0 || (e^hash)>>32 == 0 && samePath(d.path(int32(uint32(e))-1), p) {
			return i
		}
	}
}

// find gives the node of a path, -1 where there is none.
func (d *document) find(p Path) int32 {
	return int32(uint32(d.index[d.slot(p, d.hash(p))])) - 1
}

// enter puts a node into the table. It reports the node that has the path already.
func (d *document) enter(n int32) (twin int32) {
	if (len(d.nodes)+1)*2 > len(d.index) {
		d.rehash()
	}
	p := d.path(n)
	hash := d.hash(p)
	i := d.slot(p, hash)
	if e := d.index[i]; e != 0 {
		return int32(uint32(e)) - 1
	}
	d.index[i] = hash>>32<<32 | uint64(n+1)
	return -1
}

// rehash doubles the table.
func (d *document) rehash() {
	old := d.index
	d.index = make([]uint64, 2*len(old))
	for _, e := range old {
		if e != 0 {
			p := d.path(int32(uint32(e)) - 1)
			d.index[d.slot(p, d.hash(p))] = e
		}
	}
}

// link finds every key's nearest ancestor and chains children in file order.
func (d *document) link() {
	var last Path
	for i := range d.nodes {
		p := d.path(int32(i))
		switch up := p.Parent(); {
		case i > 0 && up != "" && up == last: // files stand in the order of the tree
			d.nodes[i].parent = int32(i - 1)
		case i > 0 && up != "" && up == last.Parent():
			d.nodes[i].parent = d.nodes[i-1].parent
		default:
			d.nodes[i].parent = d.above(p)
		}
		last = p
	}
	d.top = -1
	for i := len(d.nodes) - 1; i >= 0; i-- {
		n, first := &d.nodes[i], &d.top
		if n.parent >= 0 {
			first = &d.nodes[n.parent].child
		}
		n.next, *first = *first, int32(i)
	}
}

// above is the nearest existing key above a path, -1 where there is none. The top
// "/" is the parent of "/LM"; "." has none.
func (d *document) above(p Path) int32 {
	for strings.Contains(p.trim(), "/") {
		p = p.Parent()
		if n := d.find(p); n >= 0 {
			return n
		}
	}
	return -1
}

// own is the place of a property among a key's own, -1 where it has none.
func (d *document) own(n, canon int32) int32 {
	first := d.nodes[n].first
	for i, p := range d.props[first : first+d.nodes[n].count] {
		if d.names[p.name].canon == canon {
			return first + int32(i)
		}
	}
	return -1
}

func localName(b []byte) string { return string(b[bytes.LastIndexByte(b, ':')+1:]) }
