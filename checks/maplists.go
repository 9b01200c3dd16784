package checks

import (
	"sync"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// mapFacts is what one text of ScriptMaps says. Servers with many sites hold many lists
// and few texts, so each text is read once; the places of its entries are those of the
// first list that has it.
type mapFacts struct {
	maps      []iis.ScriptMap
	malformed bool   // an entry is
	verbs     bool   // an entry lacks verbs, or lists none
	wildcard  bool   // has an entry for *
	version   string // of the ASP.NET that runs .aspx, "" for none
}

// mapList is a list of script maps and the keys where it is in force.
type mapList struct {
	*setting
	facts *mapFacts
}

// mapTexts remembers lists by their place and by their text.
type mapTexts struct {
	sync.Mutex
	byPlace map[source.Span]*mapFacts
	byText  map[string]*mapFacts
}

// factsOf reads a list of script maps, or remembers it.
func (g *ground) factsOf(v metabase.Value) *mapFacts {
	t := &g.texts
	t.Lock()
	defer t.Unlock()
	if f := t.byPlace[v.Span()]; f != nil {
		return f
	}
	f := t.byText[string(v.Raw())]
	if f == nil {
		f = readMaps(v)
		if len(t.byText) < maxLists {
			t.byText[string(v.Raw())] = f
		}
	}
	t.byPlace[v.Span()] = f
	return f
}

func readMaps(v metabase.Value) *mapFacts {
	maps, bad := iis.ScriptMaps(v)
	f := &mapFacts{maps: maps, malformed: bad != nil}
	for _, m := range maps {
		f.wildcard = f.wildcard || m.Extension == "*"
		f.verbs = f.verbs || m.AllVerbs() || len(missingVerbs(m)) > 0
	}
	if m := iis.ScriptMapFor(maps, ".aspx"); m != nil && isASPNET(m.Processor) {
		f.version = aspnetVersion(m.Processor)
	}
	return f
}

// findMapLists gives the lists of script maps in force, in file order.
func (g *ground) findMapLists() (all []mapList) {
	for _, use := range g.settings("ScriptMaps", anyValue) {
		all = append(all, mapList{use, g.factsOf(use.value)})
	}
	return all
}

// hidden are the extensions that the next list above has and this one lacks. A wildcard
// map takes them all; of a malformed list nothing counts.
func (g *ground) hidden(v metabase.Value) (exts []string) {
	mine := g.factsOf(v)
	if !v.IsSet() || v.Key.Equal(service) || mine.malformed || mine.wildcard {
		return nil
	}
	above := g.tree.Effective(v.Key.Parent(), v.Property)
	if !above.IsSet() {
		return nil
	}
	theirs := g.factsOf(above)
	if theirs == mine {
		return nil
	}
	has := make(map[string]bool, len(mine.maps))
	for _, m := range mine.maps {
		has[m.Extension] = true
	}
	for _, m := range theirs.maps {
		if !has[m.Extension] {
			has[m.Extension], exts = true, append(exts, m.Extension)
		}
	}
	return exts
}
