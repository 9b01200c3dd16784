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
	maxSteps        = 100_000 // directives, calls, and statements that turn the script elsewhere
)

// Page is a page of a site and the virtual directory it lies in.
type Page struct {
	Site metabase.Path
	File source.WinPath
	Root source.WinPath // the virtual directory's folder
	URL  string
}

// Link is an include directive of a file and where it leads.
type Link struct {
	asp.Include
	In     Page           // the file that holds the directive
	Target source.WinPath // the file it names
	To     Page           // the same, with its URL
	Found  snapshot.Known

	fold string // the target
}

// Directive is an include directive of a page or of a file it includes, as the page meets
// it.
type Directive struct {
	*Link       // must not be changed
	Cyclic bool // names a file that is just being included
}

// Followed is what a page and the files that it includes hold. It must not be changed.
type Followed struct {
	// Directives are the include directives in the order in which ASP meets them: each
	// one before those of the file it includes.
	Directives []Directive
	// Calls are those of Server.MapPath and CreateObject with a literal argument, in the
	// order of the script that page and include files are together.
	Calls []Call
	// Complete is false where a file could not be read or a bound was met.
	Complete bool
}

// Follow goes through a page and its include files.
func (m *Model) Follow(page Page) *Followed {
	return m.followed.of(page, func() *Followed {
		w := includeWalk{model: m, left: maxSteps}
		w.Complete = true
		w.file(page, nil)
		return &w.Followed
	})
}

// Directives gives the include directives that a page meets. complete is false where a
// file could not be read or a bound was met.
func (m *Model) Directives(page Page) (found []Directive, complete bool) {
	f := m.Follow(page)
	return f.Directives, f.Complete
}

// Call is a noted call in a page or in a file that it includes.
type Call struct {
	asp.Call
	In Page // the file that holds the call
}

// Calls gives the noted calls that a page and its include files make.
func (m *Model) Calls(page Page) []Call { return m.Follow(page).Calls }

type includeWalk struct {
	Followed
	model *Model
	flow  asp.Flow
	left  int // steps that may still be gone
}

func (w *includeWalk) file(page Page, above []string) {
	o := w.model.outline(page)
	if o.page == nil || len(above) > maxIncludeDepth || w.left < o.page.Steps() {
		w.Complete = false
		return
	}
	w.left -= o.page.Steps()
	above = append(above, o.fold)
	next := 0
	o.page.Walk(&w.flow,
		func(asp.Include) {
			w.include(&o.links[next], above)
			next++
		},
		func(c asp.Call) {
			if len(w.Calls) < maxCalls {
				w.Calls = append(w.Calls, Call{c, page})
			}
		})
}

// include takes a directive and then the file that it names.
func (w *includeWalk) include(to *Link, above []string) {
	if len(w.Followed.Directives) >= maxDirectives {
		w.Complete = false
		return
	}
	d := Directive{to, slices.Contains(above, to.fold)}
	w.Followed.Directives = append(w.Followed.Directives, d)
	if d.Found == snapshot.Yes && !d.Cyclic {
		w.file(d.To, above)
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
