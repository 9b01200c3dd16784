package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/source"
)

// aspnetVersion is the folder of the DLL: v1.1.4322.
func aspnetVersion(engine string) string {
	return strings.ToLower(programOf(iis.ExpandPath(engine)).Dir().Base())
}

// aspnetApp is an application whose pages ASP.NET runs.
type aspnetApp struct {
	dir     directory
	pool    string
	version string
	list    metabase.Value
	used    snapshot.Known // whether it has pages of ASP.NET
}

// aspnetMixed: applications of one pool run under different versions of ASP.NET. One
// process can hold only one of them; the other answers "Server Application Unavailable"
// (event 1062 of ASP.NET).
func aspnetMixed(p *pass) {
	if _, old := p.isolationMode(); old || !p.severalVersions() {
		return
	}
	byPool := map[string][]aspnetApp{}
	var order []string
	for _, a := range p.aspnetApps() {
		pool := strings.ToLower(a.pool)
		if byPool[pool] == nil {
			order = append(order, pool)
		}
		byPool[pool] = append(byPool[pool], a)
	}
	for _, pool := range order {
		p.mixedPool(byPool[pool], byPool)
	}
}

// severalVersions reports whether the lists of script maps name more than one version
// of ASP.NET.
func (p *pass) severalVersions() bool {
	first := ""
	for _, list := range p.mapLists() {
		if v := list.facts.version; v != "" && first != "" && v != first {
			return true
		} else if v != "" {
			first = v
		}
	}
	return false
}

// aspnetApps are the applications of started sites that have a map for .aspx and may
// have such pages.
func (p *pass) aspnetApps() (apps []aspnetApp) {
	has := map[string]bool{}
	for _, f := range p.contentFiles() {
		if !iis.IsASPNET(f.ext) {
			continue
		}
		at := f.dir.key.Path()
		if root := p.tree.Effective(f.key, "AppRoot"); root.IsSet() {
			at = metabase.Path(root.Text())
		}
		has[at.Fold()] = true
	}
	for _, d := range slices.Concat(p.served(), p.plainApplications()) {
		if d.url != "/" && !p.isApplication(d.key.Path()) {
			continue
		}
		list := d.key.Effective("ScriptMaps")
		version := p.factsOf(list).version
		if version == "" {
			continue
		}
		a := aspnetApp{dir: d, pool: d.key.Effective("AppPoolId").Text(), version: version, list: list}
		switch {
		case has[d.key.Path().Fold()]:
			a.used = snapshot.Yes
		case p.snapshot.Content.HasFolder(d.physical):
			continue
		}
		apps = append(apps, a)
	}
	return apps
}

// plainApplications are the applications of started sites that begin at a directory
// which is not virtual, as IIS Manager makes them too (IIsWebDirectory).
func (g *ground) plainApplications() (all []directory) {
	sites := g.siteFinder()
	for key := range g.tree.Setters("AppRoot") {
		s, rel := sites.find(key.Path())
		if s == nil || rel == "" || !s.starts || !g.isApplication(key.Path()) {
			continue
		}
		d, ok := g.dirOf(s.key.Path().Name(), rel)
		if url := "/" + rel + "/"; ok && len(url) > len(d.url) {
			d.physical = d.physical.Join(strings.ReplaceAll(rel[len(d.url)-1:], "/", `\`))
			d.key, d.url = key, url
			all = append(all, d)
		}
	}
	return all
}

// mixedPool reports every version beyond the first that is met, at the map that brings
// it in.
func (p *pass) mixedPool(apps []aspnetApp, all map[string][]aspnetApp) {
	first := apps[0]
	found := map[source.Span]*Finding{}
	for _, a := range apps[1:] {
		if a.version == first.version {
			continue
		}
		f := found[a.list.Span()]
		if f != nil {
			f.Affects = append(f.Affects, a.dir.address(p))
			f.Remedies[0].Edits = append(f.Remedies[0].Edits, assignPool(a.dir, f.Remedies[0].Edits[0].Value))
			continue
		}
		f = p.mixed(first, a, all)
		found[a.list.Span()] = f
	}
	for _, a := range apps {
		if f := found[a.list.Span()]; f != nil {
			delete(found, a.list.Span())
			p.report(*f)
		}
	}
}

func (p *pass) mixed(first, a aspnetApp, all map[string][]aspnetApp) *Finding {
	item := p.model.ScriptMaps(a.list).For(".aspx").Item
	f := &Finding{
		Message: fmt.Sprintf("%s runs under ASP.NET %s and %s under %s, both in the application pool %s: one process holds only one version, the other application is answered \"Server Application Unavailable\"",
			a.dir.address(p), a.version, first.dir.address(p), first.version, a.pool),
		Span: item.Span, Key: a.dir.key.Path(), Property: a.list.Property, Value: item.Text, Origin: a.list.Key,
		Affects: []string{first.dir.address(p), a.dir.address(p)},
		sign:    sign{event: mixedVersions},
	}
	if first.used != snapshot.Yes || a.used != snapshot.Yes {
		f.Severity, f.Certainty = Warning, Possible
		f.Missing = "whether both have pages of ASP.NET is not in the snapshot"
	}
	pool, exists := p.poolFor(a, all)
	f.Remedies = []Remedy{{
		Title: "Give each version a pool of its own",
		Steps: []string{fmt.Sprintf("In IIS Manager: the Properties of the application, Home Directory or Virtual Directory tab, Application pool: %s.", pool)},
		Edits: []snapshot.Edit{assignPool(a.dir, pool)},
	}}
	if !exists {
		r := &f.Remedies[0]
		r.Steps = slices.Insert(r.Steps, 0, fmt.Sprintf("In IIS Manager: right-click Application Pools, New, Application Pool: ID %s.", pool))
		r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(pools.Join(pool)), Property: "KeyType", Op: metabase.Set, Value: "IIsApplicationPool"})
	}
	return f
}

// poolFor is an existing pool that has applications of just this version, or none of
// ASP.NET at all; else the name of a new one.
func (p *pass) poolFor(a aspnetApp, all map[string][]aspnetApp) (name string, exists bool) {
	free := ""
	for _, name := range p.poolNames() {
		others := all[strings.ToLower(name)]
		same := !slices.ContainsFunc(others, func(o aspnetApp) bool { return o.version != a.version })
		switch {
		case same && len(others) > 0:
			return name, true
		case same && free == "" && !strings.EqualFold(name, "DefaultAppPool"):
			free = name
		}
	}
	if free != "" {
		return free, true
	}
	return "ASP.NET " + a.version, false
}

func assignPool(d directory, pool string) snapshot.Edit {
	return snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(d.key.Path()), Property: "AppPoolId", Op: metabase.Set, Value: pool}
}

// mixedVersions is the event that tells of the refusal.
func mixedVersions(g eventlog.Group) bool { return g.Source == eventlog.ASPNET && g.ID == 1062 }
