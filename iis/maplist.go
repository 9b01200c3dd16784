package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// ScriptMapList is a list of script maps, read once for all that ask. It must not be
// changed.
type ScriptMapList struct {
	Maps []ScriptMap
	Bad  *metabase.Item // the first entry that IIS cannot use, nil where all are well-formed

	byExt map[string]int // the first map of each extension
	wild  []int          // those for every request
}

// ScriptMaps is the list that a value holds.
func (m *Model) ScriptMaps(v metabase.Value) *ScriptMapList {
	return m.mapLists.of(placeOf(v), func() *ScriptMapList { return readMapList(v) })
}

func readMapList(v metabase.Value) *ScriptMapList {
	l := &ScriptMapList{}
	l.Maps, l.Bad = ScriptMaps(v)
	l.byExt = make(map[string]int, len(l.Maps))
	for i, one := range l.Maps {
		if _, again := l.byExt[one.Extension]; !again {
			l.byExt[one.Extension] = i
		}
		if one.Extension == "*" {
			l.wild = append(l.wild, i)
		}
	}
	return l
}

// For finds the entry for an extension: the first one; nil for none.
func (l *ScriptMapList) For(ext string) *ScriptMap {
	if i, ok := l.byExt[strings.ToLower(ext)]; ok {
		return &l.Maps[i]
	}
	return nil
}

// MappedAbove is the entry for an extension that a list of script maps hides: one of a
// list at a key above the one that sets it (lists replace, ms525983). nil for none.
func (m *Model) MappedAbove(list metabase.Value, ext string) *ScriptMap {
	if !list.IsSet() {
		return nil
	}
	for _, above := range m.tree.Chain(list.Key.Parent(), list.Property) {
		if entry := m.ScriptMaps(above).For(ext); entry != nil {
			return entry
		}
	}
	return nil
}
