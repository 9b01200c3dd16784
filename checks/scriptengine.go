package checks

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// scriptMapWildcard: the wildcard map names a DLL that is known to be missing; every
// request below the key fails. A prohibited one is extension-prohibited.
func scriptMapWildcard(p *pass) {
	for _, list := range p.mapLists() {
		if !list.facts.wildcard {
			continue
		}
		for _, m := range p.withoutFile(list.setting, true) {
			p.report(missingWildcard(p, list.setting, m))
		}
	}
}

// scriptMapMissing: the same for the map of one extension: its pages fail.
func scriptMapMissing(p *pass) {
	known := map[*mapFacts]bool{} // texts without such a map
	var pages map[source.Span]*file
	for _, list := range p.mapLists() {
		if known[list.facts] {
			continue
		}
		missing := p.withoutFile(list.setting, false)
		known[list.facts] = len(missing) == 0
		for _, m := range missing {
			if pages == nil {
				pages = p.firstPages()
			}
			p.report(missingEngine(p, list.setting, m, pages[m.Item.Span]))
		}
	}
}

// withoutFile gives the wildcard maps, or the others, whose DLL is known not to be there.
func (p *pass) withoutFile(use *setting, wildcard bool) (missing []iis.ScriptMap) {
	for _, m := range p.model.ScriptMaps(use.value).Maps {
		file := engineFile(m)
		if (m.Extension == "*") == wildcard && iis.HandlerOf(m.Processor) != iis.CGI && file.IsAbs() && p.collected(file) == snapshot.No {
			missing = append(missing, m)
		}
	}
	return missing
}

// engineFile is the file of a script map's program.
func engineFile(m iis.ScriptMap) source.WinPath { return programOf(iis.ExpandPath(m.Processor)) }

func missingWildcard(p *pass, use *setting, m iis.ScriptMap) Finding {
	f := p.mapFinding(use, m.Item)
	file := engineFile(m)
	f.Message = fmt.Sprintf("All requests below %s go to %s (wildcard script map), and that file does not exist", f.Affects[0], file)
	f.Witness = p.keyWitness(use.keys[0])
	f.sign = p.notLoaded(use, m)
	f.Remedies = []Remedy{{
		Title: "Take the wildcard map out, or install the program again",
		Steps: []string{
			"If the sites need the program, install it again, and leave the map.",
			fmt.Sprintf("Else, in IIS Manager: Properties, Home Directory or Virtual Directory tab, Configuration, Mappings, Wildcard application maps: remove %s.", file),
		},
		Risk:  "what the program did for the site, such as a logon, is then no longer done",
		Edits: p.changeEntry(use.value, m.Item, ""),
	}}
	return f
}

// firstPages gives for each script map the first page of the content that it takes.
func (g *ground) firstPages() map[source.Span]*file {
	first := map[source.Span]*file{}
	files := g.contentFiles()
	for i := range files {
		if f := &files[i]; f.rule.entry != nil && f.meant() && first[f.rule.entry.Item.Span] == nil {
			first[f.rule.entry.Item.Span] = f
		}
	}
	return first
}

// missingEngine is a fault where a page needs the engine, else a fact to know.
func missingEngine(p *pass, use *setting, m iis.ScriptMap, page *file) Finding {
	f := p.mapFinding(use, m.Item)
	file := engineFile(m)
	f.Severity, f.Certainty = Info, Proven
	f.Message = fmt.Sprintf("The script map for %s names %s, and that file does not exist: such pages are answered 500", m.Extension, file)
	if page != nil {
		f.Severity = Error
		f.Witness = p.witness(page.dir, page.url)
		f.Message += fmt.Sprintf(" (%s is one)", page.url)
	}
	f.sign = p.notLoaded(use, m)
	f.Remedies = []Remedy{{
		Title: "Install the engine again, or name it where it is now",
		Steps: []string{
			fmt.Sprintf("If pages need it, install it so that %s is there.", file),
			"If it lies elsewhere now, in IIS Manager: Properties, Home Directory or Virtual Directory tab, Configuration, Mappings: correct the file, and allow the new one in Web Service Extensions.",
			"If nothing needs it any more, remove the map there.",
		},
	}}
	return f
}

// notLoaded is how requests for a missing DLL show: status 500 without an error of a
// page, and event 2220 with its name.
func (p *pass) notLoaded(use *setting, m iis.ScriptMap) sign {
	file := string(engineFile(m))
	return sign{
		request: func(r weblog.Request) bool {
			return r.Status == 500 && r.Substatus <= 0 && r.ASP == "" && r.HResult == "" && (m.Extension == "*" || r.Extension == m.Extension)
		},
		row: p.whereInForce(use.value),
		event: func(g eventlog.Group) bool {
			return g.Source == eventlog.W3SVCWP && g.ID == 2220 && iis.SameFile(g.Subject.Name, file)
		},
	}
}
