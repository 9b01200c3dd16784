package snapshot

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// isContent reports whether a folder named content holds disks of the server: at
// the top always, deeper only where a drive or a share lies in it.
func (w *walker) isContent(name string) bool {
	if !strings.Contains(name, "/") {
		return true
	}
	entries, _ := fs.ReadDir(w.fsys, name)
	return slices.ContainsFunc(entries, isDisk)
}

// isDisks reports whether the folder that was named holds the server's disks itself:
// one called content, or one of drives and shares only. Where a metabase lies on
// them the folder is a copy of a whole server, which is looked through.
func (w *walker) isDisks() bool {
	entries, _ := fs.ReadDir(w.fsys, ".")
	if !slices.ContainsFunc(entries, isDisk) {
		return false
	}
	if strings.EqualFold(filepath.Base(w.base), "content") {
		return true
	}
	other := func(e fs.DirEntry) bool { return !isDisk(e) }
	return !slices.ContainsFunc(entries, other) && !w.holdsMetabase()
}

// holdsMetabase looks for a MetaBase.xml as deep as C/WINDOWS/system32/inetsrv.
func (w *walker) holdsMetabase() bool {
	found := false
	// What cannot be read is told when the folder is taken.
	_ = fs.WalkDir(w.fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case strings.EqualFold(path.Base(name), "MetaBase.xml"):
			found = true
			return fs.SkipAll
		case e.IsDir() && strings.Count(name, "/") > 3:
			return fs.SkipDir
		}
		return nil
	})
	return found
}

// isDisk reports whether a folder is one of content/C and content/UNC.
func isDisk(e fs.DirEntry) bool {
	return e.IsDir() && (isDrive(e.Name()) || strings.EqualFold(e.Name(), "UNC"))
}

func isDrive(name string) bool {
	return len(name) == 1 && 'a' <= name[0]|0x20 && name[0]|0x20 <= 'z'
}

// content takes content/C/... as C:\... and content/UNC/server/share/... as
// \\server\share\....
func (w *walker) content(dir string) {
	var stray []string
	for _, e := range w.entries(dir, 0) {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() && isDrive(e.Name()):
			w.root(name, source.WinPath(e.Name()+`:\`))
		case e.IsDir() && strings.EqualFold(e.Name(), "UNC"):
			w.shares(name)
		default:
			stray = append(stray, name)
		}
	}
	w.strays(stray, "content of no drive and no share", "content/C/... or content/UNC/server/share/...")
}

// strays reports files that lie too high, all of one folder at once.
func (w *walker) strays(names []string, what, expected string) {
	if n := len(names); n > 1 {
		what += fmt.Sprintf(", and %d more beside it", n-1)
	}
	if len(names) > 0 {
		w.problem(w.at(names[0]), what, expected, "Move it below the folder of its drive or share.")
	}
}

func (w *walker) shares(dir string) {
	const expected = "content/UNC/server/share/..."
	var stray []string
	for _, server := range w.entries(dir, 0) {
		from := path.Join(dir, server.Name())
		if !server.IsDir() {
			stray = append(stray, from)
			continue
		}
		for _, share := range w.entries(from, 0) {
			name := path.Join(from, share.Name())
			if !share.IsDir() {
				stray = append(stray, name)
				continue
			}
			w.root(name, source.WinPath(`\\`+server.Name()+`\`+share.Name()))
		}
	}
	w.strays(stray, "a file above the shares", expected)
}

func (w *walker) root(name string, at source.WinPath) {
	w.index.addRoot(w.at(name))
	w.index.add(item{path: at, name: w.at(name), dir: true, layer: w.layer, from: w.fsys, at: name})
	w.disk(name, at, 0)
}

// disk takes the files below one folder of a disk.
func (w *walker) disk(dir string, at source.WinPath, depth int) {
	base := strings.TrimSuffix(string(at), `\`) + `\`
	for _, e := range w.entries(dir, depth) {
		name := path.Join(dir, e.Name())
		it := item{path: source.WinPath(base + e.Name()), name: w.at(name), layer: w.layer, from: w.fsys, at: name}
		if strings.ContainsAny(e.Name(), `\:`) || !fs.ValidPath(e.Name()) {
			w.problem(w.at(name), `a name that Windows cannot have`, "", "Rename the file as it is called on the server.")
			continue
		}
		w.count()
		if e.IsDir() {
			it.dir = true
			w.index.add(it)
			w.disk(name, it.path, depth+1)
			continue
		}
		if info, ok := w.regular(name, e); ok {
			it.size = info.Size()
			w.index.add(it)
		}
	}
}

// count counts an entry of the content and tells of it now and then.
func (c *collector) count() {
	c.entries++
	c.progress(func() string { return "reading content: " + grouped(int64(c.entries)) + " files" })
}
