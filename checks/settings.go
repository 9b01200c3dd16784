package checks

import (
	"strconv"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// byPlace gathers what belongs to one place, in the order in which it was met: one
// finding for each place that must change.
type byPlace[T any] struct {
	at    map[source.Span]*T
	order []*T
	block []T // where the next are made: one by one, very many cost the collector much
}

// get gives what was gathered for a place; fresh reports that it is new.
func (b *byPlace[T]) get(place source.Span) (x *T, fresh bool) {
	if x = b.at[place]; x != nil {
		return x, false
	}
	if b.at == nil {
		b.at = map[source.Span]*T{}
	}
	if len(b.block) == cap(b.block) {
		b.block = make([]T, 0, min(2*cap(b.block)+1, 256))
	}
	b.block = b.block[:len(b.block)+1]
	x = &b.block[len(b.block)-1]
	b.at[place], b.order = x, append(b.order, x)
	return x, true
}

// once asks f of each thing once and remembers the answer: it may cost much, and a
// file can have very many keys in one site.
func once[K comparable, V any](f func(K) V) func(K) V {
	answers := map[K]V{}
	return func(of K) V {
		answer, asked := answers[of]
		if !asked {
			answer = f(of)
			answers[of] = answer
		}
		return answer
	}
}

// setting is one value of a property and where below the sites it is in force.
type setting struct {
	value metabase.Value
	site  metabase.Key // of the first key
	keys  []metabase.Key
}

// settings gives the values of a property that are in force at the top of a site or
// set below it and are wanted, each once: those at the top of the sites first, else in
// file order. Keys in between take over what stands above them.
func (g *ground) settings(property string, wanted func(metabase.Value) bool) []*setting {
	var found byPlace[setting]
	g.inForceBelow(property, wanted, func(site, key metabase.Key, v metabase.Value) {
		s, fresh := found.get(v.Span())
		if fresh {
			s.value, s.site = v, site
		}
		s.keys = append(s.keys, key)
	})
	return found.order
}

// inForceBelow calls f for the top of every started site with the value in force there,
// then for every key below that sets the property itself, where the value is wanted:
// wanted looks at nothing but the value. What is set in a site that somebody has stopped
// troubles nobody now.
func (g *ground) inForceBelow(property string, wanted func(metabase.Value) bool, f func(site, key metabase.Key, v metabase.Value)) {
	asked := g.tree.Question(property)
	for _, s := range g.sites().all {
		if !s.starts || s.root == (metabase.Key{}) {
			continue
		}
		if v := asked.Effective(s.root); wanted(v) {
			f(s.key, s.root, v)
		}
	}
	sites := g.siteFinder()
	for key, v := range g.tree.SettersOf(property, wanted) {
		if s, rel := sites.find(key.Path()); s != nil && s.starts && rel != "" {
			f(s.key, key, v)
		}
	}
}

// setByKey wants values that a key sets.
func setByKey(v metabase.Value) bool { return v.IsSet() }

// switchedOn wants TRUE where a key sets it.
func switchedOn(v metabase.Value) bool {
	on, _ := v.Bool()
	return on && v.IsSet()
}

// switchedOff wants what is not TRUE, wherever that comes from.
func switchedOff(v metabase.Value) bool {
	on, _ := v.Bool()
	return !on
}

// anyValue wants every value, also that of a property set nowhere.
func anyValue(metabase.Value) bool { return true }

// paths are the keys where the value is in force.
func (s *setting) paths() (all []string) {
	for _, k := range s.keys {
		all = append(all, string(k.Path()))
	}
	return all
}

// place names what the value speaks of: "/shop of site 1", "site 1", or "3 sites" where
// they share it.
func (s *setting) place() string {
	if len(s.keys) > 1 {
		return count(len(s.keys), "site")
	}
	return placeOf(s.keys[0].Path())
}

// placeOf names a key as a person calls it.
func placeOf(key metabase.Path) string {
	site, rel, ok := splitSite(key)
	switch {
	case ok && rel != "":
		return "/" + rel + " of site " + site.Name()
	case ok:
		return "site " + site.Name()
	case key.Parent().Equal(service):
		return "site " + key.Name()
	}
	return "all sites"
}

// finding speaks of the value; its message and remedies are still to come.
func (s *setting) finding() Finding {
	v := s.value
	return Finding{Span: v.Span(), Key: s.keys[0].Path(), Property: v.Property, Value: v.Text(), Origin: origin(v), Affects: s.paths()}
}

// directory is the first key as a place that a request can go to.
func (s *setting) directory() directory {
	_, rel, _ := splitSite(s.keys[0].Path())
	d := directory{site: s.site, key: s.keys[0], url: "/"}
	if rel != "" {
		d.url += rel + "/"
	}
	return d
}

// setFlags changes flags of a value and keeps the others: at the key that sets it, or
// where nothing sets it at the key where it is missed.
func setFlags(v metabase.Value, missed metabase.Path, add, drop uint32) snapshot.Edit {
	at := missed
	if v.IsSet() {
		at = v.Key
	}
	flags, _ := v.Uint()
	return snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(at), Property: v.Property, Op: metabase.Set,
		Value: strconv.FormatUint(uint64(flags&^drop|add), 10)}
}
