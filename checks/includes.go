package checks

import (
	"bytes"
	"sync"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// maxIncluded bounds the include directives that are remembered; a call counts as ten.
// Beyond it a page is followed again when a check asks again.
const maxIncluded = 200_000

// includes remembers what pages and their include files hold, for all checks: finding
// it means to go through the page and everything that it includes.
type includes struct {
	mu    sync.Mutex
	pages map[iis.Page]*iis.Followed
	left  int

	words sync.Map // whether a file is as wanted, by wordIn
}

// follow is what a page and the files that it includes hold.
func (g *ground) follow(f file) *iis.Followed {
	page, in := f.page(), &g.included
	in.mu.Lock()
	known := in.pages[page]
	in.mu.Unlock()
	if known != nil {
		return known
	}
	known = g.model.Follow(page)
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.pages == nil {
		in.pages, in.left = map[iis.Page]*iis.Followed{}, maxIncluded
	}
	if size := 10 + len(known.Directives) + 10*len(known.Calls); size <= in.left && in.pages[page] == nil {
		in.pages[page] = known
		in.left -= size
	}
	return known
}

// directives are the include directives of a page and of the files that it includes.
func (g *ground) directives(f file) []iis.Directive { return g.follow(f).Directives }

// calls are the noted calls of a page of ASP that is meant for visitors, and of the files
// that it includes.
func (g *ground) calls(f file) []iis.Call {
	if !f.isASP() || !f.meant() {
		return nil
	}
	return g.follow(f).Calls
}

// wordIn is a word that is looked for in a file.
type wordIn struct {
	word string
	path source.WinPath
}

// holds reports whether a file holds a word, in lower case, and is as wanted, which one
// check alone asks of each word.
func (g *ground) holds(path source.WinPath, word string, wanted func(*asp.Page) bool) bool {
	at := wordIn{word, path}
	if known, ok := g.included.words.Load(at); ok {
		return known.(bool)
	}
	text, err := g.snapshot.Content.Text(path)
	held := err == nil && bytes.Contains(bytes.ToLower(text.Bytes()), []byte(word)) && wanted(asp.Scan(text))
	g.included.words.Store(at, held)
	return held
}
