package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/source"
)

// ssiParentPath: pages of server-side includes that lead through ".." while parent
// paths are off: they are answered 404 as if they were not there (S1, "Server-side
// include directives (#include) return 404 error (for .stm files)").
func ssiParentPath(p *pass) {
	found := map[source.Span]*Finding{}
	pages := map[source.Span][]file{}
	var order []source.Span
	for _, f := range p.contentFiles() {
		if f.rule.entry == nil || iis.HandlerOf(f.rule.entry.Processor) != iis.SSI || !f.meant() {
			continue
		}
		finding := p.ssiAbove(f)
		if finding == nil {
			continue
		}
		at := finding.Span
		if found[at] == nil {
			found[at], order = finding, append(order, at)
		}
		found[at].Affects = append(found[at].Affects, f.url)
		pages[at] = append(pages[at], f)
	}
	for _, at := range order {
		f := found[at]
		f.sign = sign{request: answered(nil, "404"), row: p.pages(pages[at]), event: refusedInclude(pages[at])}
		p.report(*f)
	}
}

func (p *pass) ssiAbove(f file) *Finding {
	setting := p.tree.Effective(f.key, "AspEnableParentPaths")
	if on, _ := setting.Bool(); on {
		return nil
	}
	first, more := firstAbove(p, f)
	if first == nil {
		return nil
	}
	message := fmt.Sprintf(`%s includes file="%s" while parent paths are off: visitors get 404, as if the page were not there`, first.In.URL, first.Include.Target)
	if more > 0 {
		message += fmt.Sprintf(" (%d more in this file)", more)
	}
	finding := pageFinding(p, f, setting, first.Include.Span, message, "404")
	finding.Codes = nil
	if virtual, ok := virtualOf(first, f); ok {
		finding.Remedies = append([]Remedy{useVirtual(first, virtual)}, finding.Remedies...)
	}
	return finding
}

// refusedInclude is a sign in events: 2218 for one of the pages (cc758052). Whether
// its text names the page or the included file is not documented.
func refusedInclude(pages []file) func(eventlog.Group) bool {
	return func(g eventlog.Group) bool {
		if g.Source != eventlog.W3SVCWP || g.ID != 2218 || g.Subject.Kind != eventlog.File {
			return false
		}
		for _, f := range pages {
			if strings.EqualFold(g.Subject.Name, string(f.path)) || strings.EqualFold(g.Subject.Name, f.url) {
				return true
			}
		}
		return false
	}
}
