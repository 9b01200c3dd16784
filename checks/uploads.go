package checks

import (
	"fmt"
	"slices"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

var binaryRead = source.Lazy(`(?i)\brequest[ \t]*\.[ \t]*binaryread\b`)

// uploads tells of pages that read uploads by themselves under the limit as it is
// installed: before IIS 6.0 there was none (S1), so they were written without one in
// mind. said are the places of which more is known already.
func (p *pass) uploads(l limit, said []source.Span) {
	var pages byPlace[[]file]
	for _, f := range p.contentFiles() {
		if !f.isASP() || !f.meant() {
			continue
		}
		v := p.tree.Effective(f.key, l.property)
		if n, ok := v.Uint(); v.IsSet() && ok && n > l.usual || slices.Contains(said, v.Span()) {
			continue
		}
		if p.inPage(f, "binaryread", readsBody) {
			list, _ := pages.get(v.Span())
			*list = append(*list, f)
		}
	}
	for _, list := range pages.order {
		p.report(p.limitedUploads(l, *list))
	}
}

// limitedUploads speaks of the pages that one value limits, which is the usual one: of a
// lower one more is known, and a higher one was chosen.
func (p *pass) limitedUploads(l limit, pages []file) Finding {
	first := pages[0]
	v := p.tree.Effective(first.key, l.property)
	s := &setting{value: v, site: first.dir.site}
	f := settingFinding(v)
	f.Severity, f.Origin, f.Missing = Info, origin(v), l.missing
	f.Message = fmt.Sprintf("Uploads to %s of ASP (the first %s) may have at most %s bytes: larger ones are answered 403", count(len(pages), "page"), first.url, thousands(int(l.usual)))
	for _, page := range pages {
		f.Affects = append(f.Affects, page.url)
	}
	f.sign = sign{request: l.shows, row: p.inForce(s, l.asp)}
	f.Remedies = []Remedy{l.raise(l.raised(l.usual), s.nearest([]metabase.Path{first.dir.key.Path()}))}
	return f
}

// readsBody reports whether a script reads the body of its request itself.
func readsBody(page *asp.Page) bool {
	return slices.ContainsFunc(page.Statements, func(s asp.Statement) bool { return binaryRead().MatchString(s.Text) })
}
