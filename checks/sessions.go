package checks

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
)

// sessionUse is what is known of the pages of one application pool that keep
// something in the Session object of ASP.
type sessionUse struct {
	pages   []file
	minutes uint32 // the longest AspSessionTimeout that is set, 0 where none is
	unknown bool   // not all folders were collected
}

// enoughPages is how many pages are looked for.
const enoughPages = 3

// sessionUses tells for each pool, by its name in lower case, how its pages use
// Session. What is kept there lives in the memory of one worker process.
func (p *pass) sessionUses() map[string]*sessionUse {
	uses := map[string]*sessionUse{}
	of := func(key metabase.Path) *sessionUse {
		name := strings.ToLower(p.tree.Effective(key, "AppPoolId").Text())
		if uses[name] == nil {
			uses[name] = &sessionUse{}
		}
		return uses[name]
	}
	if p.snapshot.Content.Empty() {
		return p.unknownUses()
	}
	for _, d := range p.served() {
		if use := of(d.key.Path()); !use.unknown && !p.snapshot.Content.HasFolder(d.physical) {
			use.unknown = p.keepsSessions(d.key.Path()) && p.runsASP(d.key.Path())
		}
	}
	for _, f := range p.contentFiles() {
		if !f.isASP() || !f.meant() || !p.keepsSessions(f.key) {
			continue
		}
		if use := of(f.key); len(use.pages) < enoughPages && p.usesSession(f) {
			use.pages = append(use.pages, f)
			if v := p.tree.Effective(f.key, "AspSessionTimeout"); v.IsSet() {
				n, _ := v.Uint()
				use.minutes = max(use.minutes, n)
			}
		}
	}
	return uses
}

// unknownUses is for a metabase alone: every pool may hold pages that use Session,
// unless the service does not run ASP.
func (p *pass) unknownUses() map[string]*sessionUse {
	uses := map[string]*sessionUse{}
	if p.keepsSessions(service) && p.runsASP(service) {
		for pool := range p.tree.Children(pools) {
			uses[strings.ToLower(pool.Path().Name())] = &sessionUse{unknown: true}
		}
	}
	return uses
}

// keepsSessions reports whether ASP keeps sessions there: unless AspAllowSessionState
// is FALSE.
func (p *pass) keepsSessions(key metabase.Path) bool {
	v := p.tree.Effective(key, "AspAllowSessionState")
	on, ok := v.Bool()
	return on || !ok || !v.IsSet()
}

// runsASP reports whether pages of ASP would run there: a script map gives .asp to it,
// and it is not prohibited.
func (p *pass) runsASP(key metabase.Path) bool {
	entry := p.model.ScriptMaps(p.tree.Effective(key, "ScriptMaps")).For(".asp")
	if entry == nil || iis.HandlerOf(entry.Processor) != iis.ASP {
		return false
	}
	ruling := p.model.Restriction(entry.Processor)
	return ruling.Allowed || !ruling.Known
}

// usesSession reports whether a page, or a file that it includes, uses Session.
func (p *pass) usesSession(f file) bool {
	return p.inPage(f, "session", func(page *asp.Page) bool { return len(page.SessionUses()) > 0 })
}

// inPage reports whether a page, or a file that it includes, is as wanted. Only files
// that hold the word, in lower case, are scanned.
func (p *pass) inPage(f file, word string, wanted func(*asp.Page) bool) bool {
	if p.holds(f.path, word, wanted) {
		return true
	}
	return slices.ContainsFunc(p.directives(f), func(d iis.Directive) bool { return p.holds(d.Target, word, wanted) })
}
