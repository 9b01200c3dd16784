package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// aspnetUnregistered: pages of ASP.NET that no script map hands to it (S1, "ASP.NET pages
// are returned as static files"): it was never registered with IIS, or a list at a site
// or directory lacks its maps. One finding per list.
func aspnetUnregistered(p *pass) {
	lost := p.lost(func(_ metabase.Value, ext string) bool { return iis.IsASPNET(ext) })
	if len(lost) == 0 {
		return
	}
	versions := p.mappedVersions()
	for _, l := range lost {
		f := l.finding(p)
		f.Message = fmt.Sprintf("No script map hands %s to ASP.NET: %s", strings.Join(l.exts, ", "), l.what())
		if above := p.model.MappedAbove(l.list, l.exts[0]); above != nil {
			f.Message = fmt.Sprintf("The script maps of %s replace those above and lack %s of ASP.NET: %s", l.list.Key, strings.Join(l.exts, ", "), l.what())
		}
		f.Remedies = []Remedy{p.register(l, p.aspnetEngine(l), versions)}
		if !l.need.shown() {
			r := &f.Remedies[0]
			r.Edits, r.Steps = nil, slices.Insert(r.Steps, 0, "Do this only if the site has such pages.")
		}
		p.report(f)
	}
}

// versions of ASP.NET: the one that comes with Windows Server 2003, and the next.
const (
	firstVersion  = "v1.1.4322"
	secondVersion = "v2.0.50727"
)

// wcfPage is a page of Windows Communication Foundation, which came with .NET 3.0: ASP.NET
// 2.0 runs it, but a tool of its own maps it (ms732012).
const wcfPage = ".svc"

// mappedVersions are the versions of ASP.NET that any list of script maps names, those of
// stopped sites too: the registration changes all of them.
func (p *pass) mappedVersions() map[string]bool {
	versions, seen := map[string]bool{}, map[*mapFacts]bool{}
	for key := range p.tree.Setters("ScriptMaps") {
		v, _ := key.Own("ScriptMaps")
		facts := p.factsOf(v)
		if seen[facts] {
			continue
		}
		seen[facts] = true
		for _, m := range facts.maps {
			if isASPNET(m.Processor) {
				versions[aspnetVersion(m.Processor)] = true
			}
		}
	}
	return versions
}

// aspnetEngine is the DLL that should run the pages: of the list itself, of the map above,
// of an entry of the restriction list or any other map, else the version that the pages
// look like.
func (p *pass) aspnetEngine(l *lostPages) string {
	for _, m := range p.factsOf(l.list).maps {
		if isFramework(m.Processor) {
			return m.Processor
		}
	}
	if above := p.model.MappedAbove(l.list, l.exts[0]); above != nil && isFramework(above.Processor) {
		return above.Processor
	}
	for _, item := range p.tree.Effective(service, "WebSvcExtRestrictionList").Items() {
		if f := item.Fields(); len(f) > 1 && isFramework(f[1]) {
			return f[1]
		}
	}
	for _, list := range p.mapLists() {
		if m := iis.ScriptMapFor(list.facts.maps, ".aspx"); list.facts.version != "" && isFramework(m.Processor) {
			return m.Processor
		}
	}
	version := firstVersion
	for _, f := range p.contentFiles() {
		if f.ext == ".master" || f.ext == wcfPage || strings.Contains(strings.ToLower(f.url), "/app_code/") {
			version = secondVersion // what 1.1 does not know
		}
	}
	return `C:\WINDOWS\Microsoft.NET\Framework\` + version + `\aspnet_isapi.dll`
}

// wcfEngine is the DLL that runs services where engine runs pages: 1.x cannot.
func wcfEngine(engine string) string {
	if !strings.HasPrefix(aspnetVersion(engine), "v1.") {
		return engine
	}
	return string(programOf(iis.ExpandPath(engine)).Dir().Dir().Join(secondVersion).Join("aspnet_isapi.dll"))
}

// register makes the maps that the tools of the .NET Framework make, and allows the
// extension.
func (p *pass) register(l *lostPages, engine string, versions map[string]bool) Remedy {
	services := wcfEngine(engine)
	pages := slices.DeleteFunc(slices.Clone(l.exts), func(ext string) bool { return ext == wcfPage })
	wcf := len(pages) < len(l.exts)
	r := Remedy{Title: "Register ASP.NET with IIS"}
	if len(pages) == 0 {
		r.Title, engine = "Register Windows Communication Foundation with IIS", services
	}
	keys, alone := l.registerAt(engine, versions)
	r.Steps = registerSteps(engine, len(pages) > 0, wcf, alone)
	add := func(ext, engine string) {
		for _, key := range keys {
			r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(key), Property: "ScriptMaps", Op: metabase.Add,
				Value: ext + "," + engine + ",1,GET,HEAD,POST,DEBUG"})
		}
	}
	for _, ext := range pages {
		add(ext, engine)
	}
	if wcf {
		add(wcfPage, services)
	}
	r.Edits = append(r.Edits, p.allowASPNET(engine)...)
	if wcf && services != engine {
		r.Edits = append(r.Edits, p.allowASPNET(services)...)
	}
	return r
}

// registerAt is where the maps are to be made: at the list that lacks them, but where that
// is the service's and other applications have another version, at the sites of the pages
// alone. Run for the service, the tool moves every application with an earlier version to
// its own (cc776509).
func (l *lostPages) registerAt(engine string, versions map[string]bool) (keys []metabase.Path, alone bool) {
	mine := aspnetVersion(engine)
	_, _, below := splitSite(l.list.Key)
	others := len(versions) > 1 || len(versions) == 1 && !versions[mine]
	if below || !others {
		return []metabase.Path{l.list.Key}, below
	}
	return l.roots, true
}

func registerSteps(engine string, pages, wcf, alone bool) []string {
	steps := []string{fmt.Sprintf("Install the .NET Framework with ASP.NET %s if it is not there.", aspnetVersion(engine))}
	switch {
	case pages && alone:
		steps = append(steps, "Run aspnet_regiis.exe -sn of that version: it adds the maps at the key that it names and nowhere else. Do not use -i here: it moves every application with an earlier version of ASP.NET to this one.")
	case pages:
		steps = append(steps, "Run aspnet_regiis.exe -i of that version. It adds the maps at the service and at all sites. It also moves every application with an earlier version of ASP.NET to this one; this metabase has none.")
	}
	if wcf {
		steps = append(steps, "Install .NET 3.0 or later for "+wcfPage+": aspnet_regiis.exe does not map it, ServiceModelReg.exe of Windows Communication Foundation does. The application must run under ASP.NET 2.0 or later.")
	}
	return append(steps, "In IIS Manager: Web Service Extensions: allow this version of ASP.NET.")
}

// allowASPNET lets the extension run, where it may not yet.
func (p *pass) allowASPNET(engine string) []snapshot.Edit {
	ruling := p.model.Restriction(engine)
	edit := snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(service), Property: "WebSvcExtRestrictionList", Op: metabase.Add}
	name := "ASP.NET " + aspnetVersion(engine)
	edit.Value = "1," + engine + ",0," + name + "," + name
	switch {
	case ruling.Allowed:
		return nil
	case ruling.Listed:
		_, rest, _ := strings.Cut(ruling.Item.Text, ",")
		edit.Op, edit.Value = metabase.Replace, "1,"+rest
	}
	return []snapshot.Edit{edit}
}
