package checks

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// maxWhole bounds how many findings of one list say what the whole list should be: each
// is as long as the list. Those after them have the steps alone.
const maxWhole = 50

// entryNames is a list of which entries are changed: how many have each name. It is
// read once for all of its findings.
type entryNames struct {
	key   metabase.Path
	span  source.Span
	items []metabase.Item
	times map[string]int
	whole int // edits so far that set the list
}

func (p *pass) entryNames(v metabase.Value) *entryNames {
	if n := p.names; n != nil && n.key == v.Key && n.span == v.Span() {
		return n
	}
	p.names = &entryNames{key: v.Key, span: v.Span(), items: v.Items(), times: map[string]int{}}
	for _, item := range p.names.items {
		p.names.times[metabase.EntryKey(v.Property, item.Text)]++
	}
	return p.names
}

// changeEntry replaces one entry of a list, or takes it out where text is "". Where
// another entry has the same name an edit of one cannot tell them apart: the whole list
// is set. nil where that was done often enough.
func (p *pass) changeEntry(v metabase.Value, item metabase.Item, text string) []snapshot.Edit {
	e := snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Replace, Value: text}
	if text == "" {
		e.Op, e.Value = metabase.Remove, item.Text
	}
	names, name := p.entryNames(v), metabase.EntryKey(v.Property, item.Text)
	if names.times[name] > 1 || text != "" && metabase.EntryKey(v.Property, text) != name {
		if names.whole++; names.whole > maxWhole {
			return nil
		}
		e.Op, e.Value = metabase.Set, names.with(item, text)
	}
	return []snapshot.Edit{e}
}

// listSize is how long a list is, and how many edits so far set it.
type listSize struct{ entries, whole int }

// counted counts the entries of a list once for all of its findings.
func (p *pass) counted(v metabase.Value) *listSize {
	size := p.sizes[v.Span()]
	if size == nil {
		size = &listSize{entries: len(v.Items())}
		if p.sizes == nil {
			p.sizes = map[source.Span]*listSize{}
		}
		p.sizes[v.Span()] = size
	}
	return size
}

// with is the whole list with another text for one entry.
func (n *entryNames) with(item metabase.Item, text string) string {
	var lines []string
	for _, other := range n.items {
		line := other.Text
		if other.Span == item.Span {
			line = text
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
