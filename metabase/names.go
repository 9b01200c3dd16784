package metabase

import (
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// names interns the names of attributes. A metabase writes the same names in the
// same order for key after key, so the name that followed the last time is tried
// first; the map is asked only when that guess fails.
type names struct {
	list   []name
	byText map[string]int32
	canon  map[string]int32
	schema *Schema
	last   int32
}

func newNames(s *Schema) *names {
	n := &names{byText: map[string]int32{}, canon: map[string]int32{}, schema: s}
	n.add(name{written: "", canon: -1, role: isNamespace}) // number 0 begins every tag
	return n
}

// begin starts a new tag.
func (n *names) begin() { n.last = 0 }

// intern gives the number of an attribute's name.
func (n *names) intern(written []byte) int32 {
	guess := n.list[n.last].follows
	if n.list[guess].written == string(written) {
		n.last = guess
		return guess
	}
	id, ok := n.byText[string(written)]
	if !ok {
		id = n.attribute(string(written))
	}
	n.list[n.last].follows = id
	n.last = id
	return id
}

func (n *names) add(x name) int32 {
	id := int32(len(n.list))
	n.list = append(n.list, x)
	n.byText[x.written] = id
	return id
}

// attribute describes the name of an attribute in a key's tag.
func (n *names) attribute(written string) int32 {
	x := name{written: written, length: int32(len(written)), canon: -1}
	switch {
	case written == "Location":
		x.role = isLocation
	case written == "xmlns" || strings.HasPrefix(written, "xmlns:") || strings.HasPrefix(written, "xml:"):
		x.role = isNamespace
	default:
		x.facts, x.known = n.schema.Property(written)
		if !x.known {
			x.facts = unknownFacts(written)
		}
		n.describe(&x)
	}
	return n.add(x)
}

// unknownFacts stand for a property that the schema does not know. Like most
// properties it counts as inherited.
func unknownFacts(written string) *PropertyFacts {
	return &PropertyFacts{Name: written, Inherit: true, noDefault: true}
}

func (n *names) describe(x *name) {
	x.secret = isSecret(x.facts) || !x.known && n.schema.likeSecret(x.facts.Name)
	if c, ok := n.schema.lookup(x.facts.Name); ok {
		x.canon = c
		return
	}
	fold := strings.ToLower(x.facts.Name)
	c, ok := n.canon[fold]
	if !ok {
		c = int32(len(n.schema.facts) + len(n.canon))
		n.canon[fold] = c
	}
	x.canon = c
}

// isSecret reports whether a property's value must never be shown: SECURE in the
// schema, the two that are keys of the machine, and texts whose name speaks of a
// password. Numbers and switches such as AnonymousPasswordSync are no secrets.
func isSecret(p *PropertyFacts) bool {
	if p.Secure {
		return true
	}
	if p.Type == DWord || p.Type == Bool {
		return false
	}
	return secretName(p.Name)
}

// secretName reports whether a name speaks of a password. "Pass" counts as a word:
// Passport, PassivePortRange and Passthrough are none.
func secretName(name string) bool {
	fold := strings.ToLower(name)
	switch fold {
	case "adminacl", "adminaclbin", "sessionkey":
		return true
	case "authnotifypwdexpurl", "authnotifypwdexpunsecureurl": // addresses of pages
		return false
	}
	for _, word := range []string{"password", "passwd", "passphrase", "pwd"} {
		if strings.Contains(fold, word) {
			return true
		}
	}
	for rest := fold; ; {
		_, after, found := strings.Cut(rest, "pass")
		if !found {
			return false
		}
		// What follows is a new word, a digit, or nothing.
		if at := len(name) - len(after); after == "" || len(name) == len(fold) && (name[at] < 'a' || name[at] > 'z') {
			return true
		}
		rest = after
	}
}

// likeSecret reports whether an unknown name may be a secret's, misspelt: it is near
// to one, or holds a word of one. Rather a harmless value is withheld than a password
// shown.
func (s *Schema) likeSecret(name string) bool {
	fold := strings.ToLower(name)
	for _, word := range []string{"pas", "pwd", "acl", "sessionkey", "secret", "credential"} {
		if strings.Contains(fold, word) {
			return true
		}
	}
	return source.Nearest(name, s.secrets()) != ""
}

// findSecrets gives the names of all properties whose values are never shown.
func (s *Schema) findSecrets() []string {
	var all []string
	for _, p := range s.facts {
		if isSecret(p) {
			all = append(all, p.Name)
		}
	}
	return all
}

// custom is what a <Custom> element says of itself.
type custom struct{ name, id, kind, attributes string }

// customProperty gives the number of a property written as <Custom>: its schema name
// when the schema knows the ID, else the Name it gives itself (cc785283: Name and
// ID are the minimum, the rest is defaulted).
func (n *names) customProperty(c custom) int32 {
	key := c.name + "\x00" + c.id + "\x00" + c.kind + "\x00" + c.attributes
	if id, ok := n.byText[key]; ok {
		return id
	}
	x := name{written: key, length: int32(len(c.name)), custom: true}
	number, err := strconv.ParseUint(c.id, 10, 32)
	var base *PropertyFacts
	if err == nil {
		base, x.known = n.schema.PropertyByID(uint32(number))
	} else {
		base, x.known = n.schema.Property(c.name)
	}
	facts := PropertyFacts{Name: c.name, ID: uint32(number), Type: parseType(c.kind), Inherit: true, noDefault: true}
	if x.known {
		facts = *base
		facts.texts = nil
	}
	if facts.Name == "" {
		facts.Name = c.id
	}
	facts.customised(c)
	x.facts = &facts
	n.describe(&x)
	return n.add(x)
}

// customised lays over the facts what the element itself says. A secret stays one.
func (p *PropertyFacts) customised(c custom) {
	if c.kind != "" {
		p.List = p.List || strings.EqualFold(c.kind, "MULTISZ")
	}
	if c.attributes == "" {
		return
	}
	p.Inherit = false
	for word := range strings.SplitSeq(c.attributes, "|") {
		word = strings.ToUpper(strings.TrimSpace(word))
		bits, _ := strconv.ParseUint(word, 0, 32) // the numbers of the API: 1 inherit, 2 secure
		p.Inherit = p.Inherit || word == "INHERIT" || bits&1 != 0
		p.Secure = p.Secure || word == "SECURE" || bits&2 != 0
	}
}
