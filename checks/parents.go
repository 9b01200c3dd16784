package checks

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// parentPathsEnabled: AspEnableParentPaths is TRUE (S1: "this property constitutes a
// potential security risk because an include path may access critical or sensitive
// data files outside the application root directory"). Pages that lead through ".."
// must change first, else they fail afterwards.
func parentPathsEnabled(p *pass) {
	var pages *byPlace[[]string]
	var unread map[source.Span][]string
	for _, s := range p.settings("AspEnableParentPaths", switchedOn) {
		if pages == nil {
			pages, unread = p.parentPathPages(), p.unreadBelow("AspEnableParentPaths")
		}
		f := s.finding()
		f.Message = fmt.Sprintf("Parent paths are allowed for %s: an include path may reach sensitive files outside of the application's folder", s.place())
		f.Remedies = []Remedy{forbidParents(s.value)}
		missing := unread[s.value.Span()]
		switch using := pages.at[s.value.Span()]; {
		case using != nil:
			f.Message += fmt.Sprintf(". To be changed first: %s of the content with .. in a path, such as %s", count(len(*using), "page"), (*using)[0])
			f.Affects = *using
		case len(missing) == 0:
			f.Message += ". No page of the content that was collected needs it"
		}
		f.Message += mayBreak(missing)
		p.report(f)
	}
}

// unreadBelow are the directories, by the value of a property that is in force in them,
// whose folders are not in the snapshot.
func (p *pass) unreadBelow(property string) map[source.Span][]string {
	unread := map[source.Span][]string{}
	for _, d := range p.directories() {
		if !p.contentOf(d.key) {
			at := d.key.Effective(property).Span()
			unread[at] = append(unread[at], placeOf(d.key.Path()))
		}
	}
	return unread
}

// mayBreak warns of pages that nobody has looked at.
func mayBreak(unread []string) string {
	switch len(unread) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(". The folder of %s is not in the snapshot: to turn parent paths off may break pages in it", unread[0])
	}
	return fmt.Sprintf(". The folders of %d directories, such as %s, are not in the snapshot: to turn parent paths off may break pages in them", len(unread), unread[0])
}

// parentPathPages are the pages that lead through "..", by the value that allows it.
func (p *pass) parentPathPages() *byPlace[[]string] {
	var pages byPlace[[]string]
	for _, f := range p.contentFiles() {
		v := p.tree.Effective(f.key, "AspEnableParentPaths")
		if on, _ := v.Bool(); on && v.IsSet() && f.meant() && p.usesParents(f) {
			urls, _ := pages.get(v.Span())
			*urls = append(*urls, f.url)
		}
	}
	return &pages
}

// usesParents reports whether a page of ASP or server-side includes, or a file that
// it includes, leads through "..".
func (p *pass) usesParents(f file) bool {
	if f.rule.entry == nil {
		return false
	}
	handler := iis.HandlerOf(f.rule.entry.Processor)
	if handler != iis.ASP && handler != iis.SSI {
		return false
	}
	if first, _ := firstAbove(p, f); first != nil || handler == iis.SSI {
		return first != nil
	}
	for _, call := range p.calls(f) {
		if call.Name == asp.MapPath && call.HasParentPath() {
			return true
		}
	}
	return false
}

func forbidParents(v metabase.Value) Remedy {
	return Remedy{
		Title: "Turn parent paths off again",
		Steps: []string{
			`First give the pages that use .. a path from the site's root: #include virtual="/inc/header.inc", Server.MapPath("/inc/data.txt").`,
			"In IIS Manager: Properties of the application's starting point, Home Directory or Directory tab, Configuration, Options tab: clear Enable parent paths.",
		},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Set, Value: "FALSE"}},
	}
}
