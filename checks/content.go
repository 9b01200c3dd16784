package checks

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// file is one file of the content as a site serves it.
type file struct {
	dir  directory
	key  metabase.Path
	path source.WinPath
	url  string
	ext  string // lower case with dot, "" for none
	rule *rule

	rows   int64 // of logs that ask for it, 0 for a file of the content
	unseen bool  // only logs tell of it: whether it exists is not in the snapshot
}

// rule is how a key treats one extension; many files share it.
type rule struct {
	entry   *iis.ScriptMap // the script map that takes it
	program bool           // called directly, as Execute is allowed
	typed   bool           // has a MIME type
	typedBy source.Span    // the entry that gives it
	list    metabase.Value // the MimeMap list in force, for one that has none

	redirect metabase.Value // HttpRedirect
}

// contentWalk finds every content file below a virtual directory, once for all
// checks.
type contentWalk struct {
	*ground
	nested map[string]bool // keys of virtual directories
	rules  map[string]*rule
	files  []file
}

// maxShared bounds how many files are looked at once more than they are collected:
// several virtual directories may share a folder.
const maxShared = 100_000

// findContent walks the virtual directories of started sites whose folders are in the
// snapshot.
func (g *ground) findContent() []file {
	w := &contentWalk{ground: g, nested: map[string]bool{}, rules: map[string]*rule{}}
	dirs := g.directories()
	if g.snapshot.Content.Empty() {
		return nil
	}
	for _, d := range dirs {
		w.nested[d.key.Path().Fold()] = true
	}
	left := g.snapshot.Content.Len() + maxShared
	for _, d := range g.served() {
		g.snapshot.Content.Walk(d.physical, func(e snapshot.Entry) bool {
			if left--; left < 0 {
				g.leftOut = true
				return false
			}
			if f, ok := w.file(d, e); ok {
				w.files = append(w.files, f)
			}
			return true
		})
	}
	return w.files
}

// file is a content file as a directory serves it. One below a nested virtual
// directory's name belongs to that one.
func (w *contentWalk) file(d directory, e snapshot.Entry) (file, bool) {
	rel := strings.ReplaceAll(string(e.Path.Clean())[len(strings.TrimSuffix(string(d.physical), `\`))+1:], `\`, "/")
	f := file{dir: d, key: d.key.Path().Join(rel), path: e.Path, url: d.url + rel, ext: e.Path.Ext()}
	for at := f.key.Parent(); len(at) > len(d.key.Path()); at = at.Parent() {
		if w.nested[at.Fold()] {
			return file{}, false
		}
	}
	f.rule = w.rule(f.key, f.ext)
	return f, !w.redirected(&f)
}

// redirected reports whether no request gets to the file, as HttpRedirect sends
// clients elsewhere: then no fault of the file is met.
func (w *contentWalk) redirected(f *file) bool {
	return w.model.Redirects(f.rule.redirect, f.dir.site.Path().Join("ROOT"), f.url)
}

// maxLoggedURLs bounds the URLs that are taken from one group of log rows.
const maxLoggedURLs = 50

// loggedFiles are what visitors asked for and were refused with a status: files that
// are meant for them, of sites that still start and, as far as it was collected, are there.
func (g *ground) loggedFiles(status, substatus int) []file {
	w := &contentWalk{ground: g, rules: map[string]*rule{}}
	var files []file
	for _, group := range g.requests() {
		if group.Key.Status != status || group.Key.Substatus != substatus {
			continue
		}
		for _, u := range group.URLs[:min(len(group.URLs), maxLoggedURLs)] {
			f, ok := w.logged(group.Key.Site, u.Path)
			f.rows = int64(u.Count)
			if !ok || !startsItself(f.dir.site) || !f.meant() {
				continue
			}
			_, known := w.snapshot.Content.Stat(f.path, f.dir.physical)
			f.unseen = known == snapshot.Unknown
			if known != snapshot.No { // gone, or never there
				files = append(files, f)
			}
		}
	}
	return files
}

// logged is the file that a row of a log speaks of; ok is false for a site that is
// not in the metabase, and where requests are redirected by now.
func (w *contentWalk) logged(site, path string) (file, bool) {
	path = decoded(path)
	d, ok := w.dirOf(site, path)
	if !ok || len(path) < len(d.url) {
		return file{}, false
	}
	rel := path[len(d.url):]
	f := file{dir: d, key: d.key.Path().Join(rel), url: path, path: d.physical.Join(strings.ReplaceAll(rel, "/", `\`))}
	f.ext = f.path.Ext()
	f.rule = w.rule(f.key, f.ext)
	return f, !w.redirected(&f)
}

// decoded is the path that a stem of a log writes with escapes ("/a%20b.asp"). What
// is no text once decoded stays as it was written.
func decoded(stem string) string {
	path, err := url.PathUnescape(stem)
	if err != nil || !utf8.ValidString(path) || strings.ContainsFunc(path, unicode.IsControl) {
		return stem
	}
	return path
}

// rule looks up once how the nearest existing key treats the extension.
func (w *contentWalk) rule(key metabase.Path, ext string) *rule {
	nearest, _ := w.tree.Nearest(key)
	at := nearest.Path().Fold() + "|" + ext
	if r := w.rules[at]; r != nil {
		return r
	}
	r := &rule{redirect: nearest.Effective("HttpRedirect")}
	w.rules[at] = r
	maps := w.model.ScriptMaps(nearest.Effective("ScriptMaps"))
	if r.entry = maps.For("*"); r.entry == nil && ext != "" {
		r.entry = maps.For(ext)
	}
	if r.entry != nil {
		return r
	}
	r.program = (ext == ".exe" || ext == ".dll" || ext == ".com") && nearest.Effective("AccessFlags").Has("AccessExecute")
	_, item, typed := w.model.MIMEType(nearest.Path(), ext)
	r.typed, r.typedBy = typed, item.Span
	r.list = iis.MIMEList(w.tree, nearest.Path())
	return r
}

// isASP reports whether classic ASP runs the file.
func (f *file) isASP() bool {
	return f.rule.entry != nil && iis.HandlerOf(f.rule.entry.Processor) == iis.ASP
}
