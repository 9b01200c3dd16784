package snapshot

import (
	"maps"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// with gives the settings after the edits; u itself stays as it is.
func (u *UrlScan) with(edits []Edit) *UrlScan {
	if u == nil || len(edits) == 0 {
		return u
	}
	after := *u
	after.options, after.limits, after.lists = maps.Clone(u.options), maps.Clone(u.limits), maps.Clone(u.lists)
	for _, e := range edits {
		switch {
		case strings.EqualFold(e.Target, "Options"):
			e.setting(after.options, after.Section(e.Target))
		case strings.EqualFold(e.Target, "RequestLimits"):
			e.setting(after.limits, after.Section(e.Target))
		case isList(e.Target):
			after.editList(e)
		}
	}
	return &after
}

// setting sets or removes one option. A new one stands at its section.
func (e Edit) setting(in map[string]iniValue, section source.Span) {
	fold := strings.ToLower(e.Property)
	switch e.Op {
	case metabase.Set:
		v := iniValue{Name: e.Property, Value: e.Value, At: section, empty: e.Value == ""}
		if old, ok := in[fold]; ok {
			v.Name, v.At = old.Name, old.At
		}
		in[fold] = v
	case metabase.Remove:
		delete(in, fold)
	}
}

// editList adds a line to a list section or takes it out, wherever it stands.
func (u *UrlScan) editList(e Edit) {
	fold := strings.ToLower(e.Target)
	list := slices.Clone(u.lists[fold])
	switch e.Op {
	case metabase.Add:
		list = append(list, UrlScanEntry{Text: e.Value, At: u.Section(e.Target)})
	case metabase.Remove:
		list = slices.DeleteFunc(list, func(x UrlScanEntry) bool { return sameEntry(e.Target, x.Text, e.Value) })
	}
	u.lists[fold] = list
}
