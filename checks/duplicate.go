package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// duplicateEntry: one extension twice in one list of script maps or MIME types. Which of
// the two counts is not documented for IIS 6.0. Several wildcard maps are allowed.
func duplicateEntry(p *pass) {
	clean := map[string]bool{} // texts without a duplicate: servers hold few different ones
	for _, property := range [...]string{"ScriptMaps", "MimeMap"} {
		for key := range p.tree.Setters(property) {
			if v, _ := key.Own(property); key.Path().Equal("/LM/MimeMap") || ofSites(key) {
				p.duplicates(v, clean)
			}
		}
	}
}

func (p *pass) duplicates(v metabase.Value, clean map[string]bool) {
	if clean[string(v.Raw())] {
		return
	}
	first := map[string]metabase.Item{}
	var lines []string
	var again []metabase.Item
	for _, item := range v.Items() {
		name := metabase.EntryKey(v.Property, item.Text)
		if _, twice := first[name]; twice && name != "*" {
			again = append(again, item)
			continue
		}
		first[name] = item
		lines = append(lines, item.Text)
	}
	if len(again) == 0 && len(clean) < maxLists {
		clean[string(v.Raw())] = true
	}
	list := strings.Join(lines, "\n")
	for i, item := range again {
		f := duplicated(v, first[metabase.EntryKey(v.Property, item.Text)], item, list)
		if i >= maxWhole {
			f.Remedies[0].Edits, f.Remedies[0].Steps = nil, []string{whereList(v)}
		}
		p.report(f)
	}
}

// duplicated stands at the later entry. An equal one is harmless.
func duplicated(v metabase.Value, first, item metabase.Item, list string) Finding {
	ext := item.Fields()[0]
	f := Finding{
		Message: fmt.Sprintf("%s is twice in this list, here and in line %d, with different values; which of them counts is not documented", ext, first.Span.Pos().Line),
		Span:    item.Span, Key: v.Key, Property: v.Property, Value: item.Text, Origin: v.Key, Affects: []string{ext},
		Remedies: []Remedy{{
			Title: "Keep one entry",
			Steps: []string{fmt.Sprintf("Decide which of the two is right: %s, which the commands keep, or %s.", first.Text, item.Text), whereList(v)},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Set, Value: list}},
		}},
	}
	if strings.EqualFold(first.Text, item.Text) {
		f.Severity = Info
		f.Message = fmt.Sprintf("%s is twice in this list, here and in line %d, with the same value", ext, first.Span.Pos().Line)
	}
	return f
}

// whereList tells where IIS Manager shows the list.
func whereList(v metabase.Value) string {
	switch {
	case v.Key.Equal("/LM/MimeMap"):
		return "In IIS Manager: the server's Properties, MIME Types: remove the other."
	case v.Property == "MimeMap":
		return "In IIS Manager: Properties, HTTP Headers tab, MIME Types: remove the other."
	}
	return "In IIS Manager: Properties, Home Directory or Virtual Directory tab, Configuration, Mappings: remove the other."
}
