package snapshot

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/source"
)

// found is one file outside the content.
type found struct {
	name   string // as it is shown: relative to its folder or archive, or as given
	shown  string // with its folder, to tell two of them apart
	layer  int
	depth  int  // archives around it
	asked  bool // named on the command line: it must be understood
	look   look
	offset int64 // where it lies in an archive that can only be read forward
	err    error // why it could not be looked at
	open   func() (fs.File, error)
}

// collector gathers the files of all paths or layers.
type collector struct {
	limits   Limits
	held     int64  // bytes in memory, of at most limits.Memory
	block    []byte // what hold reads into
	say      func(string)
	said     time.Time
	maps     []*mapping
	layers   int
	found    []found
	folders  []string // folders that were named
	archives []string // archives that were named
	index    index
	entries  int // of the content
	files    []File
	accounts *Accounts
	problems []source.Problem
	told     int // problems with single files, of which the first are in problems
}

func newCollector() *collector { return &collector{limits: DefaultLimits()} }

// maxDepth bounds the folders in folders. Windows ends at 260 characters for a path.
const maxDepth = 130

// named takes a file that was named on the command line.
func (c *collector) named(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		c.special(path, info.Mode())
		return nil
	}
	f := found{name: path, shown: path, asked: true, open: func() (fs.File, error) { return os.Open(path) }}
	head, err := f.head()
	if err != nil {
		return err
	}
	return c.take(f, head)
}

// take notes a file by what its first bytes tell; of an archive it notes the files.
func (c *collector) take(f found, head []byte) error {
	f.look = recognise(head, f.asked || strings.EqualFold(path.Ext(f.name), ".xml"))
	if f.look.form == formGzip {
		c.takeGzip(&f)
	}
	if f.look.kind != KindArchive {
		c.found = append(c.found, f)
		return nil
	}
	return c.unpack(f)
}

// progress tells what is being read, at most every 100 ms.
func (c *collector) progress(what func() string) {
	if c.say == nil || time.Since(c.said) < 100*time.Millisecond {
		return
	}
	c.said = time.Now()
	c.say(what())
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
	base  string // of a folder on this machine: its absolute path
	inner string // what stands before the names of its files: the path of an archive in a folder
	layer int
	depth int  // archives around it
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
	if m := w.mapping("."); m != nil {
		w.mapped(".", m)
		return nil
	}
	w.walk(".", 0)
	return nil
}

// at is how a file of this folder is shown.
func (w *walker) at(name string) string { return path.Join(w.inner, name) }

func (w *walker) walk(dir string, depth int) {
	for _, e := range w.entries(dir, depth) {
		name := path.Join(dir, e.Name())
		m := w.mapping(name)
		switch {
		case e.IsDir() && m != nil:
			w.mapped(name, m)
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

// add takes a file outside the content.
func (w *walker) add(name string) {
	fsys := w.fsys
	f := found{
		name:  w.at(name),
		shown: path.Join(strings.ReplaceAll(w.shown, `\`, "/"), name),
		layer: w.layer,
		depth: w.depth,
		open:  func() (fs.File, error) { return fsys.Open(name) },
	}
	if a, ok := w.fsys.(*archive); ok {
		f.offset = a.nodes[name].offset
	}
	w.progress(func() string { return "looking at " + f.name })
	if inHistory(f.name) {
		f.look = look{kind: KindHistory}
		w.found = append(w.found, f)
		return
	}
	head, err := f.head()
	if err == nil {
		err = w.take(f, head)
	}
	if err != nil {
		f.look, f.err = look{kind: KindUnknown}, err
		w.found = append(w.found, f)
	}
}

// entries reads a folder; what cannot be read is a problem, not an end.
func (w *walker) entries(dir string, depth int) []fs.DirEntry {
	if depth > maxDepth {
		w.problem(w.at(dir), "folders nested too deep", "", "Leave this folder out.")
		return nil
	}
	list, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.problem(w.at(dir), "a folder that cannot be read: "+reason(err), "", "Allow reading it, or leave it out.")
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
			w.problem(w.at(name), "a link that leads out of the folder or to nothing", "", "Put the file itself in its place.")
			return nil, false
		}
	}
	switch {
	case err != nil:
		w.problem(w.at(name), "a file that cannot be read: "+reason(err), "", "Allow reading it, or leave it out.")
	case info.IsDir():
		w.problem(w.at(name), "a link to a folder", "", "Put the folder itself in its place.")
	case !info.Mode().IsRegular():
		w.special(w.at(name), info.Mode())
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
