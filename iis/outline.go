package iis

import (
	"sync"

	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// outline is what following the includes of a page needs of one file.
type outline struct {
	page  *asp.Page // without its text; nil for a file that cannot be read
	fold  string    // the file
	links []Link    // its include directives
}

// maxOutlines bounds the bytes that outlines hold. Where they become more all are given
// up, and files are scanned again when they are met again.
const maxOutlines = 64 << 20

// outlines keeps the files that were scanned: many pages include one file, and many
// requests meet one page.
type outlines struct {
	mu    sync.Mutex
	files map[Page]*outline
	pages map[source.WinPath]*asp.Page // sites may share them
	held  int
	scans int // how many files were scanned
}

func (m *Model) outline(page Page) *outline {
	all := &m.outlines
	all.mu.Lock()
	o := all.files[page]
	all.mu.Unlock()
	if o != nil {
		return o
	}
	o = &outline{fold: page.File.Fold()}
	o.page = m.scanned(page.File)
	if o.page != nil {
		for _, inc := range o.page.Includes {
			next := m.include(page, inc)
			_, found := m.snapshot.Content.Stat(next.File, next.Root)
			o.links = append(o.links, Link{Include: inc, In: page, Target: next.File, To: next, Found: found, fold: next.File.Fold()})
		}
	}
	all.keep(func() { all.files[page] = o }, 500+400*len(o.links))
	return o
}

// scanned is the outline of a file's text, nil where it cannot be read.
func (m *Model) scanned(file source.WinPath) *asp.Page {
	all := &m.outlines
	all.mu.Lock()
	p, known := all.pages[file]
	all.mu.Unlock()
	if known {
		return p
	}
	size := 0
	if text, err := m.snapshot.Content.Text(file); err == nil {
		p = asp.Scan(text).Outline(maxDirectives+1, maxCalls)
		size = len(text.Bytes())
	}
	all.keep(func() { all.pages[file] = p; all.scans++ }, 200+size+p.Steps()*100)
	return p
}

// keep adds something of a size, and gives up what is there where that becomes too much.
func (o *outlines) keep(add func(), size int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held += size; o.held > maxOutlines || o.files == nil {
		o.files, o.pages, o.held = map[Page]*outline{}, map[source.WinPath]*asp.Page{}, size
	}
	add()
}
