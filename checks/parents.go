package checks

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
)

// parentPathsEnabled: AspEnableParentPaths is TRUE (S1: "this property constitutes a
// potential security risk because an include path may access critical or sensitive
// data files outside the application root directory"). Pages that lead through ".."
// must change first, else they fail afterwards.
func parentPathsEnabled(p *pass) {
	var pages *byPlace[[]string]
	for _, s := range p.settings("AspEnableParentPaths", anyValue) {
		if on, _ := s.value.Bool(); !on || !s.value.IsSet() {
			continue
		}
		if pages == nil {
			pages = p.parentPathPages()
		}
		f := s.finding()
		f.Message = fmt.Sprintf("Parent paths are allowed for %s: an include path may reach sensitive files outside of the application's folder", s.place())
		f.Remedies = []Remedy{forbidParents(s.value)}
		switch using := pages.at[s.value.Span()]; {
		case using != nil:
			f.Message += fmt.Sprintf(". To be changed first: %s of the content with .. in a path, such as %s", count(len(*using), "page"), (*using)[0])
			f.Affects = *using
		case !p.snapshot.Content.Empty():
			f.Message += ". No page of the content that was collected needs it"
		}
		p.report(f)
	}
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
