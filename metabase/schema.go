package metabase

import (
	"slices"
	"strings"
	"sync"
)

// Type is a property's data type in MBSchema.xml.
type Type int8

const (
	String Type = iota
	DWord
	Bool
	MultiSz
	ExpandSz
	Binary
	MimeMapType
	IPSecList
	NTACL
)

var typeNames = [...]string{"STRING", "DWORD", "BOOL", "MULTISZ", "EXPANDSZ", "BINARY", "MIMEMAP", "IPSECLIST", "NTACL"}

// String gives the type's name as MBSchema.xml writes it.
func (t Type) String() string { return typeNames[t] }

// parseType reads a type's name; anything unknown counts as a string.
func parseType(name string) Type {
	return Type(max(slices.Index(typeNames[:], strings.ToUpper(name)), 0))
}

// Flag is one named bit (or value) of a DWORD property.
type Flag struct {
	Name  string
	Value uint32
}

// PropertyFacts is what the schema knows of one property.
type PropertyFacts struct {
	Name     string
	ID       uint32
	Type     Type
	Default  string // the schema's default, "" where it has none
	Min, Max uint32 // allowed range; Max 0 means no upper limit is stated
	Flags    []Flag
	Inherit  bool
	Secure   bool
	Volatile bool // never in a saved MetaBase.xml
	List     bool // MULTISZ, MIMEMAP: Items() splits it

	noDefault bool // the schema states none; an empty default is a default

	texts *flagTexts // nil for a Custom element's own facts
}

// HasDefault reports whether the schema states a default, which may be empty.
func (p *PropertyFacts) HasDefault() bool { return !p.noDefault }

// Flag finds a flag by name, without case.
func (p *PropertyFacts) Flag(name string) (Flag, bool) {
	for _, f := range p.Flags { // nearly always written as the schema does it
		if f.Name == name {
			return f, true
		}
	}
	for _, f := range p.Flags {
		if strings.EqualFold(f.Name, name) {
			return f, true
		}
	}
	return Flag{}, false
}

// Schema is the only place that spells property facts. Lookups ignore case.
type Schema struct {
	facts   []*PropertyFacts // in the schema's order
	byName  map[string]int32 // the schema's spelling, and folded
	byID    map[uint32]int32
	classes []keyClass
	byClass map[string]int32
	secrets func() []string // the names that findSecrets gives, once the schema is read
}

// keyClass is a class of keys and which properties it knows, by their index.
type keyClass struct {
	name  string
	knows []int32
}

// usual is how many properties a schema has.
const usual = 512

func newSchema() *Schema {
	s := &Schema{
		byName: make(map[string]int32, 2*usual), byID: make(map[uint32]int32, usual),
		byClass: make(map[string]int32, 128), facts: make([]*PropertyFacts, 0, usual),
	}
	s.secrets = sync.OnceValue(s.findSecrets)
	return s
}

// add takes a property; the first of a name or ID stays.
func (s *Schema) add(p PropertyFacts) bool {
	fold, n := strings.ToLower(p.Name), int32(len(s.facts))
	if _, twice := s.byName[fold]; twice {
		return false
	}
	if _, twice := s.byID[p.ID]; !twice {
		s.byID[p.ID] = n
	}
	s.byName[p.Name], s.byName[fold] = n, n
	p.texts = &flagTexts{}
	s.facts = append(s.facts, &p)
	return true
}

// class gives the class of that name, new where the schema has none yet.
func (s *Schema) class(name string) *keyClass {
	fold := strings.ToLower(name)
	n, ok := s.byClass[fold]
	if !ok {
		n = int32(len(s.classes))
		s.byClass[fold] = n
		s.classes = append(s.classes, keyClass{name: name})
	}
	return &s.classes[n]
}

// Builtin is the schema of Windows Server 2003 (generated from an MBSchema.xml,
// with what documents say beyond it).
func Builtin() *Schema { return builtin() }

var builtin = sync.OnceValue(func() *Schema {
	s := parseTable(schemaTable)
	s.addDocumented()
	return s
})

// lookup finds a property's number. The schema's own spelling needs no folding.
func (s *Schema) lookup(name string) (int32, bool) {
	n, ok := s.byName[name]
	if !ok {
		n, ok = s.byName[strings.ToLower(name)]
	}
	return n, ok
}

// Property finds a property by name, without case.
func (s *Schema) Property(name string) (*PropertyFacts, bool) {
	n, ok := s.lookup(name)
	if !ok {
		return nil, false
	}
	return s.facts[n], true
}

// PropertyByID finds a property by its metabase identifier.
func (s *Schema) PropertyByID(id uint32) (*PropertyFacts, bool) {
	n, ok := s.byID[id]
	if !ok {
		return nil, false
	}
	return s.facts[n], true
}

// Names gives all property names, sorted; for "did you mean".
func (s *Schema) Names() []string {
	names := make([]string, len(s.facts))
	for i, p := range s.facts {
		names[i] = p.Name
	}
	slices.Sort(names)
	return names
}

// Classes gives the names of all key classes in the schema's order.
func (s *Schema) Classes() []string {
	names := make([]string, len(s.classes))
	for i, c := range s.classes {
		names[i] = c.name
	}
	return names
}

// ClassProperties gives the names of the properties that a class knows, in the
// schema's order; nil for an unknown class.
func (s *Schema) ClassProperties(class string) []string {
	n, ok := s.byClass[strings.ToLower(class)]
	if !ok {
		return nil
	}
	names := make([]string, len(s.classes[n].knows))
	for i, k := range s.classes[n].knows {
		names[i] = s.facts[k].Name
	}
	return names
}

// KnowsClass reports whether the key class is in the schema.
func (s *Schema) KnowsClass(class string) bool {
	_, ok := s.byClass[strings.ToLower(class)]
	return ok
}

// genericClass is the class of keys without a KeyType; they may hold any property.
const genericClass = "IIsConfigObject"

// Allows reports whether a key of the class may hold the property. The generic
// class and an unknown class may hold anything, and an unknown property is not
// held against a class.
func (s *Schema) Allows(class, property string) bool {
	c, known := s.byClass[strings.ToLower(class)]
	p, ok := s.lookup(property)
	if !known || !ok || strings.EqualFold(class, genericClass) {
		return true
	}
	return slices.Contains(s.classes[c].knows, p)
}

// InForce is the value that IIS uses where the property is set nowhere: the
// documented internal default where there is one, else the schema's. ok is false
// where the schema states none, and for the properties whose schema default
// misleads: there an absent attribute is unknown.
func (s *Schema) InForce(property string) (text string, ok bool) {
	p, known := s.Property(property)
	if !known || misleading[strings.ToLower(p.Name)] {
		return "", false
	}
	if d, ok := internalDefaults[strings.ToLower(p.Name)]; ok {
		return d, true
	}
	return p.Default, p.HasDefault()
}
