package reports

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// Origin is the answer to "why": the value of one property in force at a key and
// where it comes from.
type Origin struct {
	Key, Property string
	Value         metabase.Value   // the effective value
	Chain         []metabase.Value // metabase.Tree.Chain: every key that sets it, nearest first
	Lists         []metabase.Value // metabase.Tree.Lists: the lists that count together, first wins
}

// withheld stands for a secret that is set.
const withheld = "[set, withheld]"

// origin and setting are what is shown of an Origin; nothing in them is a secret,
// nor the password of another program, as in a connection string.
type origin struct {
	key, property string
	value         setting
	chain, lists  []setting
}

type setting struct {
	kind    metabase.Kind
	key     string
	written string // the name under which it was written
	text    string
	span    source.Span
	items   []entry
}

type entry struct {
	text string
	line int
	name string // what it is an entry for: an earlier list's entry of that name hides it
}

// plain takes what may be shown out of the values.
func (from Origin) plain() origin {
	o := origin{
		key: from.Key, property: from.Property, value: reveal(from.Value),
		chain: each(from.Chain, reveal), lists: each(from.Lists, reveal),
	}
	// /LM/MimeMap counts for every site but is not on any site's way up.
	for _, l := range o.lists {
		if !slices.ContainsFunc(o.chain, l.sameKey) {
			o.chain = append(o.chain, l)
		}
	}
	if !o.value.set() && len(o.lists) > 0 {
		o.value = o.lists[0]
		o.value.kind = metabase.Inherited
	}
	return o
}

// set reports whether a key sets the value.
func (s setting) set() bool { return s.kind == metabase.Own || s.kind == metabase.Inherited }

func (s setting) sameKey(other setting) bool { return strings.EqualFold(s.key, other.key) }

func reveal(v metabase.Value) setting {
	s := setting{kind: v.Kind, key: string(v.Key), written: v.Written, span: v.Span()}
	switch {
	case v.Secret() && v.IsSet():
		s.text = withheld
	case v.Secret():
	default:
		s.text = source.MaskPasswords(v.Text())
		for _, i := range v.Items() {
			s.items = append(s.items, entry{source.MaskPasswords(i.Text), i.Span.Pos().Line, metabase.EntryKey(v.Property, i.Text)})
		}
	}
	if len(s.items) > 1 { // without the blanks that lay the file out
		s.text = strings.Join(each(s.items, func(e entry) string { return e.text }), "\n")
	}
	return s
}

// inForce reports whether a link of the chain counts: it is the effective value,
// or one of the lists that are merged.
func (o origin) inForce(link setting) bool {
	return slices.ContainsFunc(o.lists, link.sameKey) || o.value.set() && o.value.sameKey(link)
}

func whyText(b *bytes.Buffer, from origin, o Options) error {
	p := newPrinter(b, o)
	p.line(p.bold(Visible(from.property)), " at ", Visible(from.key))
	p.line()
	if len(from.lists) > 1 {
		p.merged(from.lists)
	} else {
		p.value(from.value)
		p.whence(from.value, from.property)
	}
	return p.links(from)
}

// value shows the value: a list as one entry a line with its line number.
func (p *printer) value(s setting) {
	switch {
	case len(s.items) > 1:
		p.entries(s.items, nil)
	case s.kind == metabase.Absent:
		return
	case s.text == "":
		p.line("  (empty)")
	default:
		p.line("  ", p.code(Visible(s.text)))
	}
	p.line()
}

func (p *printer) entries(items []entry, seen map[string]bool) {
	room := 0
	for _, e := range items {
		room = max(room, len(strconv.Itoa(e.line)))
	}
	for _, e := range items {
		number := strconv.Itoa(e.line)
		if e.line == 0 {
			number = ""
		}
		text := p.code(Visible(e.text))
		if seen[e.name] {
			text = p.dim(Visible(e.text) + " (a nearer list has this one)")
		}
		p.line("  ", strings.Repeat(" ", room-len(number)), p.dim(number), "  ", text)
	}
}

// merged shows lists that count together, nearest first.
func (p *printer) merged(lists []setting) {
	seen := map[string]bool{}
	for _, l := range lists {
		p.line("  from ", p.bold(Visible(l.key)), p.dim(" --> "), Visible(l.span.Pos().String()))
		items := l.items
		if len(items) == 0 && l.text != "" {
			items = []entry{{text: l.text, line: l.span.Pos().Line}}
		}
		p.entries(items, seen)
		for _, e := range items {
			if e.name != "" {
				seen[e.name] = true
			}
		}
	}
}

// whence says in words where the value comes from, and shows the place.
func (p *printer) whence(s setting, property string) {
	switch s.kind {
	case metabase.Own:
		p.line("  set by this key")
	case metabase.Inherited:
		p.line("  inherited from ", Visible(s.key))
	case metabase.Default:
		uses := "IIS uses " + s.text
		if s.text == "" {
			uses = "and its default is empty"
		}
		p.para("  ", "default: nothing sets it, "+uses+". The nearest key at which to set it:", asIs)
	default:
		p.para("  ", "nothing sets it, and what IIS uses then is not documented. The nearest key at which to set it:", asIs)
	}
	if s.written != "" && !strings.EqualFold(s.written, property) {
		p.line("  written as ", Visible(s.written))
	}
	p.snippet("  ", s.span)
}

// links lists every key on the way up that sets the property, and which one wins.
func (p *printer) links(from origin) error {
	if len(from.chain) == 0 {
		return nil
	}
	p.line()
	rows := make([][]string, len(from.chain))
	for i, link := range from.chain {
		verdict := "hidden"
		if from.inForce(link) {
			verdict = "in force"
		}
		value := link.text
		if n := len(link.items); n > 1 {
			value = count(n, "entry", "entries")
		}
		rows[i] = []string{Visible(link.key), verdict, Visible(value), Visible(link.span.Pos().String())}
	}
	verdict := func(i int) pen {
		if from.inForce(from.chain[i]) {
			return p.pass
		}
		return p.dim
	}
	table, err := grid([]column{
		{head: "set by", fit: fold}, {head: "", fit: fold, pen: verdict}, {head: "value", fit: fold}, {head: "place", fit: fold},
	}, rows, p.o.columns(), p.dim)
	if err != nil {
		return err
	}
	p.WriteString(table)
	return nil
}
