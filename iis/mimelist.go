package iis

import (
	"strings"
	"unicode"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// mimeEntry is one entry of a MimeMap: ext,type (cc757093).
type mimeEntry struct {
	mime string
	item metabase.Item
}

// MIMEType finds the type for an extension at a key: the list of the key's own
// level, the closest inherited one and the computer's, merged (cc757093,
// cc784353). "" asks for files without extension, which only "*" or, from Service
// Pack 1 on, "." serves. ok is false where no list has it; item and list are the
// entry that answered.
func (m *Model) MIMEType(key metabase.Path, ext string) (mime string, item metabase.Item, ok bool) {
	if ext == "" {
		ext = "."
	}
	lists := m.tree.Lists(key, "MimeMap")
	for _, wanted := range [...]string{ext, "*"} {
		for _, list := range lists {
			if e, ok := m.mimeList(list)[folded(wanted)]; ok {
				return e.mime, e.item, true
			}
		}
	}
	return "", metabase.Item{}, false
}

func (m *Model) mimeList(v metabase.Value) map[string]mimeEntry {
	return m.mimeLists.of(placeOf(v), func() map[string]mimeEntry { return readMIMEList(v) })
}

// readMIMEList gives the first entry of each extension, folded.
func readMIMEList(v metabase.Value) map[string]mimeEntry {
	items := v.Items()
	all := make(map[string]mimeEntry, len(items))
	for _, item := range items {
		f := item.Fields()
		if len(f) < 2 {
			continue
		}
		ext := folded(strings.TrimSpace(f[0]))
		if _, again := all[ext]; !again {
			all[ext] = mimeEntry{strings.TrimSpace(f[1]), item}
		}
	}
	return all
}

// folded is the same for all texts that are equal without case (strings.EqualFold).
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, s)
}

// MIMEList is the list in force at the key into which a missing type would be
// entered: the nearest one.
func MIMEList(t *metabase.Tree, key metabase.Path) metabase.Value {
	if lists := t.Lists(key, "MimeMap"); len(lists) > 0 {
		return lists[0]
	}
	return t.Effective(key, "MimeMap")
}
