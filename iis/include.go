package iis

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// Bounds of what is followed from one page; beyond them a page is taken as it stands.
const (
	maxIncludeDepth = 32
	maxDirectives   = 2000
	maxCalls        = 2000
)

// Page is a page of a site and the virtual directory it lies in.
type Page struct {
	Site metabase.Path
	File source.WinPath
	Root source.WinPath // the virtual directory's folder
	URL  string
}

// Directive is an include directive of a page or of a file it includes.
type Directive struct {
	asp.Include
	In     Page           // the file that holds the directive
	Target source.WinPath // the file it names
	To     Page           // the same, with its URL
	Found  snapshot.Known
	Cyclic bool // names a file that is just being included
}

// Directives gives the include directives of a page in the order in which ASP
// meets them: each one before those of the file it includes. complete is false
// where a file could not be read or a bound was met.
func (m *Model) Directives(page Page) (found []Directive, complete bool) {
	w := includeWalk{model: m, complete: true}
	w.file(page, nil)
	return w.found, w.complete
}

// Call is a noted call in a page or in a file that it includes.
type Call struct {
	asp.Call
	In Page // the file that holds the call
}

// Calls gives the calls of Server.MapPath and CreateObject with a literal argument that
// the page and its include files make, in the order of the script that they are together.
func (m *Model) Calls(page Page) []Call {
	w := includeWalk{model: m}
	w.file(page, nil)
	return w.calls
}

type includeWalk struct {
	model    *Model
	flow     asp.Flow
	found    []Directive
	calls    []Call
	complete bool
}

func (w *includeWalk) file(page Page, above []string) {
	text, err := w.model.snapshot.Content.Text(page.File)
	if err != nil || len(above) > maxIncludeDepth {
		w.complete = false
		return
	}
	above = append(above, page.File.Fold())
	asp.Scan(text).Walk(&w.flow,
		func(inc asp.Include) { w.include(page, inc, above) },
		func(c asp.Call) {
			if len(w.calls) < maxCalls {
				w.calls = append(w.calls, Call{c, page})
			}
		})
}

// include takes a directive and then the file that it names.
func (w *includeWalk) include(page Page, inc asp.Include, above []string) {
	if len(w.found) >= maxDirectives {
		w.complete = false
		return
	}
	next := w.model.include(page, inc)
	d := Directive{Include: inc, In: page, Target: next.File, To: next}
	_, d.Found = w.model.snapshot.Content.Stat(next.File, next.Root)
	d.Cyclic = slices.Contains(above, next.File.Fold())
	w.found = append(w.found, d)
	if d.Found == snapshot.Yes && !d.Cyclic {
		w.file(next, above)
	}
}

// include is the file that a directive names: file= is relative to the file that
// holds it, virtual= is a URL path of the site.
func (m *Model) include(page Page, inc asp.Include) Page {
	target := strings.ReplaceAll(inc.Target, `\`, "/")
	if !inc.Virtual {
		next := page
		next.File = page.File.Dir().Join(inc.Target)
		next.URL, _ = canonical(page.URL[:strings.LastIndexByte(page.URL, '/')+1] + target)
		return next
	}
	url := "/" + strings.TrimLeft(target, "/")
	root, key := m.virtualDirectory(page.Site, url)
	folder := source.WinPath(m.tree.Effective(root, "Path").Text()).Clean()
	rest := strings.ReplaceAll(string(key)[len(root):], "/", `\`)
	return Page{Site: page.Site, File: folder.Join(rest), Root: folder, URL: url}
}
