package checks

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// noFileCache is MD_VR_NO_CACHE, property 3007, as the schema names it; the registry
// has a value of the same name for all sites (S1).
const noFileCache = "DisableStaticFileCache"

// twoCases is static files of one value's directories whose names differ by case only.
type twoCases struct {
	value metabase.Value
	dir   directory
	pairs [][2]string
	urls  []string
}

// unixCase: a share of a system that tells upper from lower case, and the static file
// cache is on. The cache knows names in capitals only, so of two such files the first
// that is asked for is sent for both (S1, "File requests to UNIX or Linux server return
// wrong file or error"). Pages with a script map are not kept there.
func unixCase(p *pass) {
	if len(p.snapshot.Content.Clashes()) == 0 || p.noCacheAtAll() {
		return
	}
	static := map[string]*file{}
	for _, f := range p.contentFiles() {
		if f.dir.physical.IsUNC() && f.rule.entry == nil && !f.rule.program && f.meant() {
			static[f.path.Fold()] = &f
		}
	}
	var found byPlace[twoCases]
	for _, c := range p.snapshot.Content.Clashes() {
		f := static[c.Entries[0].Path.Fold()]
		if f == nil || c.Entries[0].Dir {
			continue
		}
		v := f.dir.key.Effective(noFileCache)
		if off, _ := v.Bool(); off {
			continue
		}
		t, fresh := found.get(v.Span())
		if fresh {
			t.value, t.dir = v, f.dir
		}
		t.pairs = append(t.pairs, [2]string{c.Entries[0].Path.Base(), c.Entries[1].Path.Base()})
		t.urls = append(t.urls, f.url)
	}
	for _, t := range found.order {
		p.report(t.finding())
	}
}

// noCacheAtAll reports whether the registry switches the cache off for all sites. S1
// calls the value binary, KB954864 its neighbours DWORD: both count.
func (p *pass) noCacheAtAll() bool {
	v, known := p.snapshot.Registry.Value(snapshot.RegInetInfo, noFileCache)
	n, ok := v.DWORD()
	return known == snapshot.Yes && ok && n != 0
}

func (t *twoCases) finding() Finding {
	first := t.pairs[0]
	more := ""
	if n := len(t.pairs) - 1; n > 0 {
		more = fmt.Sprintf(" (and %s)", count(n, "more pair"))
	}
	v := t.value
	return Finding{
		Message: fmt.Sprintf("%s holds %s and %s%s, and the static file cache knows names in capitals only: the one that is asked for first is sent for both",
			t.dir.physical.Share(), first[0], first[1], more),
		Span: v.Span(), Key: t.dir.key.Path(), Property: v.Property, Value: v.Text(), Origin: origin(v), Affects: t.urls,
		Remedies: []Remedy{{
			Title: "Switch the static file cache off for the directory",
			Steps: []string{"Set the metabase property MD_VR_NO_CACHE (3007, " + noFileCache + ") of the virtual directory to 1. The cache of ASP files and templates stays as it is."},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(t.at()), Property: noFileCache, Op: metabase.Set, Value: "TRUE"}},
		}, {
			Title: "Switch the static file cache off for all sites",
			Steps: []string{`Add the value ` + noFileCache + ` with 1 to the registry key InetInfo\Parameters.`},
			Risk:  "every static file of every site is then read from its disk or share again",
			Edits: []snapshot.Edit{{Kind: snapshot.EditRegistry, Target: snapshot.RegInetInfo, Property: noFileCache, Op: metabase.Set, Value: snapshot.RegistryData(1)}},
		}},
	}
}

// at is the key to change: the one that sets the value, else the virtual directory.
func (t *twoCases) at() metabase.Path {
	if t.value.IsSet() {
		return t.value.Key
	}
	return t.dir.key.Path()
}
