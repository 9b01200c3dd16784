package checks

import (
	"sync"

	"github.com/iisdoctor/iisdoctor/iis"
)

// includes remembers the include directives that pages meet, for all checks: finding
// them means to scan the page and everything that it includes.
type includes struct {
	pages sync.Map // *pageIncludes by key path and file
}

type pageIncludes struct {
	once sync.Once
	list []iis.Directive
}

// directives are the include directives of a page and of the files that it includes.
func (g *ground) directives(f file) []iis.Directive {
	found, _ := g.included.pages.LoadOrStore([2]string{string(f.key), string(f.path)}, &pageIncludes{})
	page := found.(*pageIncludes)
	page.once.Do(func() { page.list, _ = g.model.Directives(f.page()) })
	return page.list
}
