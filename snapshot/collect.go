package snapshot

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// found is one file outside the content.
type found struct {
	name  string // as it is shown: relative to its folder, or as given
	shown string // with its folder, to tell two of them apart
	layer int
	asked bool // named on the command line: it must be understood
	kind  Kind
	open  func() (fs.File, error)
}

// collector gathers the files of all paths or layers.
type collector struct {
	layers   int
	found    []found
	folders  []string // folders that were named
	index    index
	files    []File
	accounts *Accounts
	problems []source.Problem
}

// maxDepth bounds the folders in folders. Windows ends at 260 characters for a path.
const maxDepth = 130

func (c *collector) named(path string, info fs.FileInfo) {
	if !info.Mode().IsRegular() {
		c.special(path, info.Mode())
		return
	}
	c.found = append(c.found, found{name: path, shown: path, asked: true, open: func() (fs.File, error) { return os.Open(path) }})
}

func (c *collector) folder(name string, fsys fs.FS) error {
	c.folders = append(c.folders, name)
	w := walker{collector: c, fsys: fsys, shown: name}
	return w.top()
}

// layer adds a tree above the earlier ones; side holds its accounts.txt and files.txt.
func (c *collector) layer(tree, side fs.FS) error {
	c.layers++
	w := walker{collector: c, fsys: tree, shown: "", layer: c.layers, list: true}
	if err := w.top(); err != nil {
		return err
	}
	if err := c.readAccounts(side); err != nil {
		return err
	}
	return c.readList(side, c.layers)
}

// walker goes through one folder.
type walker struct {
	*collector
	fsys  fs.FS
	shown string
	layer int
	list  bool // accounts.txt and files.txt at the top are not evidence but directions
}

// top walks the folder itself; unlike a folder inside, it must be readable.
func (w *walker) top() error {
	if _, err := fs.ReadDir(w.fsys, "."); err != nil {
		if w.list && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	w.walk(".", 0)
	return nil
}

func (w *walker) walk(dir string, depth int) {
	for _, e := range w.entries(dir, depth) {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() && strings.EqualFold(e.Name(), "content") && w.isContent(name):
			w.content(name)
		case e.IsDir():
			w.walk(name, depth+1)
		case depth == 0 && w.list && (e.Name() == accountsName || e.Name() == listName):
		default:
			if _, ok := w.regular(name, e); ok {
				w.add(name)
			}
		}
	}
}

func (w *walker) add(name string) {
	fsys := w.fsys
	w.found = append(w.found, found{
		name:  name,
		shown: path.Join(strings.ReplaceAll(w.shown, `\`, "/"), name),
		layer: w.layer,
		open:  func() (fs.File, error) { return fsys.Open(name) },
	})
}

// entries reads a folder; what cannot be read is a problem, not an end.
func (w *walker) entries(dir string, depth int) []fs.DirEntry {
	if depth > maxDepth {
		w.problem(dir, "folders nested too deep", "", "Leave this folder out.")
		return nil
	}
	list, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.problem(dir, "a folder that cannot be read: "+reason(err), "", "Allow reading it, or leave it out.")
	}
	return list
}

// regular reports whether the entry is a file that may be opened. A link counts
// as what it leads to, as long as that is a file inside the folder; a pipe or a
// device is never opened, it might never answer.
func (w *walker) regular(name string, e fs.DirEntry) (fs.FileInfo, bool) {
	info, err := e.Info()
	if e.Type()&fs.ModeSymlink != 0 {
		info, err = fs.Stat(w.fsys, name)
		if err != nil {
			w.problem(name, "a link that leads out of the folder or to nothing", "", "Put the file itself in its place.")
			return nil, false
		}
	}
	switch {
	case err != nil:
		w.problem(name, "a file that cannot be read: "+reason(err), "", "Allow reading it, or leave it out.")
	case info.IsDir():
		w.problem(name, "a link to a folder", "", "Put the folder itself in its place.")
	case !info.Mode().IsRegular():
		w.special(name, info.Mode())
	default:
		return info, true
	}
	return nil, false
}

func (c *collector) special(name string, mode fs.FileMode) {
	what := "a special file"
	switch {
	case mode&fs.ModeNamedPipe != 0:
		what = "a pipe"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	case mode&fs.ModeDevice != 0:
		what = "a device"
	}
	c.problem(name, what, "a file", "Name a copy of its content as a file.")
}

// reason is an I/O error without the path, which stands before it already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
