package metabase

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Kind says where an effective value comes from.
type Kind int8

const (
	Absent    Kind = iota // set nowhere, and no default is known
	Own                   // set at the key that was asked
	Inherited             // set at a key above it
	Default               // set nowhere: what IIS uses then (schema or documented internal default)
)

// String gives the kind in one word.
func (k Kind) String() string { return [...]string{"absent", "own", "inherited", "default"}[k] }

// Value is one property as it is in force at a key, with its place.
// The zero Value is Absent.
type Value struct {
	Property string // the schema's spelling, or as written where the schema does not know it
	Written  string // the name under which it was written; "" for a default
	Kind     Kind
	Key      Path // the key that sets it; for Default and Absent the nearest key that exists

	facts  *PropertyFacts // nil for a property that was asked for and nobody knows
	secret bool
	custom bool
	span   source.Span // between the quotes
	name   source.Span
	text   string  // of a default or an edit
	edit   *edited // what an edit made of it; nil for a value of the file
}

// value builds the value of a property in the file.
func (d *document) value(n, i int32) Value {
	p := d.props[i]
	x := &d.names[p.name]
	return Value{
		Property: x.facts.Name, Written: x.written[:x.length], Kind: Own, Key: d.path(n),
		facts: x.facts, secret: x.secret, custom: x.custom,
		span: d.text.Span(int(p.start), int(p.end)),
		name: d.text.Span(int(p.at), int(p.at+x.length)),
	}
}

// Raw is the text as it stands in the file; of a default or an edit the text itself. It
// is nil for a secret. The caller must not change it.
func (v Value) Raw() []byte {
	if v.secret {
		return nil
	}
	return v.raw()
}

func (v Value) raw() []byte {
	if v.edit != nil || v.Kind == Default || v.Kind == Absent {
		return []byte(v.text)
	}
	return v.span.Bytes()
}

// Facts is what the schema knows of the property, or what its Custom element says;
// nil where nobody knows it.
func (v Value) Facts() *PropertyFacts { return v.facts }

// Custom reports whether the value was written as a <Custom> element: so a class
// may hold properties that the schema does not give it (cc785283).
func (v Value) Custom() bool { return v.custom }

// IsSet reports whether a key sets the value: Kind is Own or Inherited. For a
// secret with an empty value it is false.
func (v Value) IsSet() bool {
	return (v.Kind == Own || v.Kind == Inherited) && !(v.secret && len(v.raw()) == 0)
}

// Secret reports whether the value must never be shown: SECURE in the schema or
// in its Custom attributes, AdminACL, SessionKey, and any name that speaks of a password.
func (v Value) Secret() bool { return v.secret }

// Text is the decoded value: entities resolved, line ends as LF; a default's text
// for Default; "" for a secret and for Absent.
func (v Value) Text() string {
	switch {
	case v.secret || v.Kind == Absent:
		return ""
	case v.edit != nil || v.Kind == Default:
		return v.text
	}
	return decodeValue(v.span.Bytes())
}

// Span is the place of the value between its quotes. For Default and Absent it is
// the start tag of the nearest existing key: the place where the value would be
// written. For a value that an edit set it is that of the value before the edit,
// else the key's start tag.
func (v Value) Span() source.Span { return v.span }

// NameSpan is the place of the attribute's name; it stands for a list as a whole,
// as when an entry is absent from it. For Default and Absent as Span.
func (v Value) NameSpan() source.Span { return v.name }

// plain is the trimmed text for reading a number or a switch; nil for a secret.
func (v Value) plain() []byte {
	if v.secret {
		return nil
	}
	raw := v.raw()
	if bytes.IndexByte(raw, '&') >= 0 && v.edit == nil {
		raw = []byte(decodeValue(raw))
	}
	return bytes.TrimSpace(raw)
}

// Usable reports whether the property can hold the value: a switch, a number or
// flags that the schema knows. Texts, lists and secrets can hold anything; an
// empty value counts as none of the flags.
func (v Value) Usable() bool {
	if v.facts == nil || v.secret || v.facts.Type != Bool && v.facts.Type != DWord || len(v.plain()) == 0 {
		return true
	}
	var ok bool
	if v.facts.Type == Bool {
		_, ok = v.Bool()
	} else {
		_, ok = v.Uint()
	}
	return ok
}

// Bool reads TRUE, FALSE, 0, 1 without case; ok is false for anything else.
func (v Value) Bool() (value, ok bool) {
	switch b := v.plain(); {
	case len(b) == 1 && b[0] == '1', bytes.EqualFold(b, []byte("TRUE")):
		return true, true
	case len(b) == 1 && b[0] == '0', bytes.EqualFold(b, []byte("FALSE")):
		return false, true
	}
	return false, false
}

// Uint reads a decimal (or 0x) number, -1 as 4294967295, or flag names joined by |.
// ok is false where the text is none of these.
func (v Value) Uint() (value uint32, ok bool) {
	b := v.plain()
	switch {
	case len(b) == 0:
		return 0, false
	case string(b) == "-1": // ms524953: unlimited, as older versions wrote it
		return 1<<32 - 1, true
	case b[0] >= '0' && b[0] <= '9':
		return parseUint(string(b))
	case v.facts == nil || len(v.facts.Flags) == 0:
		return 0, false
	}
	return v.facts.sum(b)
}

func parseUint(s string) (uint32, bool) {
	base := 10
	if len(s) > 2 && strings.EqualFold(s[:2], "0x") {
		base, s = 16, s[2:]
	}
	n, err := strconv.ParseUint(s, base, 32)
	if err != nil {
		return 0, false
	}
	return uint32(n), true
}

// Has reports whether the named flag of the property's schema is set.
func (v Value) Has(flag string) bool {
	if v.facts == nil {
		return false
	}
	f, known := v.facts.Flag(flag)
	u, ok := v.Uint()
	return known && ok && f.Value != 0 && u&f.Value == f.Value
}
