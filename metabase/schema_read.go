package metabase

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// ReadSchema reads an MBSchema.xml of a snapshot. What documents say beyond it is
// laid over it. The schema holds whatever could be read.
func ReadSchema(t *source.Text) (*Schema, []source.Problem) {
	s, problems := readSchemaFile(t)
	s.addDocumented()
	return s, problems
}

// ReadSchemaFile is ReadSchema without the documents' facts; the generator uses it.
func ReadSchemaFile(t *source.Text) (*Schema, []source.Problem) { return readSchemaFile(t) }

// schemaReader walks MetaData > DatabaseMeta > Collection > Property > Flag. A
// property is described once, in the collection IIsConfigObject, and named in the
// others by InheritsPropertiesFrom ="IIsConfigObject:Name".
type schemaReader struct {
	scanner
	schema   *Schema
	class    string // of the collection being read
	property int32  // index of the property being read, -1 without one
	pending  []classProperty
	problems []source.Problem
}

// classProperty names a property that may be described later in the file.
type classProperty struct {
	class, property string
	at              source.Span
}

func readSchemaFile(t *source.Text) (*Schema, []source.Problem) {
	r := &schemaReader{scanner: scanner{text: t, data: t.Bytes()}, schema: newSchema(), property: -1}
	r.readAll()
	r.resolve()
	if r.fault != nil {
		r.problems = append(r.problems, *r.fault)
	}
	return r.schema, r.problems
}

func (r *schemaReader) readAll() {
	for {
		switch r.next() {
		case atEOF:
			return
		case atEnd:
			r.pop()
			if len(r.open) < 4 {
				r.property = -1
			}
		case atText:
			r.problem(r.start, r.pos, "text between elements", "", "Remove it.")
		case atStart:
			if !r.element() {
				return
			}
		}
	}
}

func (r *schemaReader) problem(start, end int, found, expected, hint string) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, source.Problem{Pos: r.text.Span(start, end).Pos(), Found: found, Expected: expected, Hint: hint})
	}
}

// element reads a start tag. It reports false where the file is no schema.
func (r *schemaReader) element() bool {
	top := r.open[len(r.open)-1]
	name := localName(r.data[top.name:top.end])
	if len(r.open) == 1 && name != "MetaData" {
		r.problem(top.tag, top.end, fmt.Sprintf("the root element <%s>", name), "<MetaData>, the root of MBSchema.xml", "")
		return false
	}
	attrs := r.attributes()
	switch name {
	case "Collection":
		r.class = attrs["InternalName"].text
		r.schema.class(r.class)
	case "Property":
		r.readProperty(top, attrs)
	case "Flag":
		r.readFlag(attrs)
	}
	return true
}

type located struct {
	text string
	at   source.Span
}

func (r *schemaReader) attributes() map[string]located {
	attrs := map[string]located{}
	var a attribute
	for r.attr(&a) {
		name := string(r.data[a.name:a.nameEnd])
		if _, twice := attrs[name]; twice {
			r.problem(a.name, a.nameEnd, fmt.Sprintf("attribute %s twice in one element", name), "each attribute once", "")
			continue
		}
		attrs[name] = located{decodeValue(r.data[a.start:a.end]), r.text.Span(a.start, a.end)}
	}
	return attrs
}

func (r *schemaReader) readProperty(tag element, attrs map[string]located) {
	if from, ok := attrs["InheritsPropertiesFrom"]; ok {
		_, name, _ := strings.Cut(from.text, ":")
		r.pending = append(r.pending, classProperty{r.class, name, from.at})
		return
	}
	name, isProperty := attrs["InternalName"], attrs["ID"].text != ""
	if !isProperty {
		return // Location and what else is no property of the metabase
	}
	p := PropertyFacts{Name: name.text, Type: parseType(attrs["Type"].text)}
	for word := range strings.SplitSeq(attrs["Attributes"].text, "|") {
		switch strings.TrimSpace(word) {
		case "INHERIT":
			p.Inherit = true
		case "SECURE":
			p.Secure = true
		case "VOLATILE":
			p.Volatile = true
		}
	}
	p.ID = r.number(attrs["ID"])
	p.Min, p.Max = r.number(attrs["StartingNumber"]), r.number(attrs["EndingNumber"])
	p.List = p.Type == MultiSz || p.Type == MimeMapType
	d, hasDefault := attrs["DefaultValue"]
	p.Default, p.noDefault = d.text, !hasDefault
	if !r.schema.add(p) {
		r.problem(tag.tag, tag.end, fmt.Sprintf("property %s twice", p.Name), "each property once", "")
		return
	}
	r.property = int32(len(r.schema.facts) - 1)
	r.pending = append(r.pending, classProperty{r.class, p.Name, name.at})
}

func (r *schemaReader) readFlag(attrs map[string]located) {
	if r.property < 0 {
		return
	}
	p := r.schema.facts[r.property]
	p.Flags = append(p.Flags, Flag{attrs["InternalName"].text, r.number(attrs["Value"])})
}

func (r *schemaReader) number(a located) uint32 {
	if a.text == "" {
		return 0
	}
	n, err := strconv.ParseUint(a.text, 0, 32)
	if err != nil {
		r.problem(a.at.Start, a.at.End, fmt.Sprintf("%q, which is no number", a.text), "a number", "")
	}
	return uint32(n)
}

// resolve turns the names of the classes' properties into indexes.
func (r *schemaReader) resolve() {
	for _, c := range r.pending {
		n, ok := r.schema.lookup(c.property)
		if !ok {
			if r.fault == nil {
				r.problem(c.at.Start, c.at.End, fmt.Sprintf("property %s, which the file does not describe", c.property), "", "")
			}
			continue
		}
		class := r.schema.class(c.class)
		class.knows = append(class.knows, n)
	}
}
