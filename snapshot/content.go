package snapshot

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/iisdoctor/iisdoctor/source"
)

// Content is the files of the server's disks and shares that were collected:
// content/C/inetpub/... for C:\inetpub\..., content/UNC/server/share/... for
// \\server\share\.... Paths compare without case; of names that differ only by
// case, a look-up prefers the one with the same case. It is safe for concurrent use.
type Content struct {
	items   []item  // sorted by fold
	clashes []Clash // in the order of items

	mu    sync.Mutex
	texts map[string]*source.Text // by name in the snapshot
	held  int                     // bytes of texts
}

// Known is three-valued evidence.
type Known int8

const (
	Unknown Known = iota
	Yes
	No
)

// Entry is one file of the content.
type Entry struct {
	Path source.WinPath // as found, with the case of the disk
	Size int64
	Dir  bool
	Name string // its name inside the snapshot, for positions: content/C/...
}

func (it item) entry() Entry { return Entry{Path: it.path, Size: it.size, Dir: it.dir, Name: it.name} }

// Clash is files or folders of one folder whose names differ only by case, as a
// share of a system that tells them apart can have them. Windows opens one of them.
type Clash struct {
	Dir     source.WinPath
	Entries []Entry // at least two, in the order of their names
}

// Clashes gives all clashes in a fixed order.
func (c *Content) Clashes() []Clash { return c.clashes }

// Stat looks a path up without case. Known is No only where the folder root (the
// virtual directory's physical folder) is in the snapshot, else Unknown.
func (c *Content) Stat(p, root source.WinPath) (Entry, Known) {
	if it, ok := c.find(p); ok {
		return it.entry(), Yes
	}
	if c.HasFolder(root) && below(key(p), key(root)) {
		return Entry{}, No
	}
	return Entry{}, Unknown
}

// HasFolder reports whether the folder was collected. A drive that holds no file
// of its own is only the way to what was collected: nobody copies C:\ as a whole.
func (c *Content) HasFolder(p source.WinPath) bool {
	it, ok := c.find(p)
	if !ok || !it.dir {
		return false
	}
	if len(it.fold) > len("c:") {
		return true
	}
	return slices.ContainsFunc(c.List(p), func(e Entry) bool { return !e.Dir })
}

// Len is the number of files and folders.
func (c *Content) Len() int { return len(c.items) }

// Empty reports whether no content was collected at all.
func (c *Content) Empty() bool { return len(c.items) == 0 }

// Walk calls f for every file below dir in a fixed order (folded path), until f
// returns false. Folders are not given. An empty dir stands for all drives and shares.
func (c *Content) Walk(dir source.WinPath, f func(Entry) bool) {
	prefix := ""
	if dir != "" {
		prefix = key(dir) + `\`
	}
	for i := c.search(prefix); i < len(c.items) && strings.HasPrefix(c.items[i].fold, prefix); i++ {
		if !c.items[i].dir && !f(c.items[i].entry()) {
			return
		}
	}
}

// List gives the direct entries of a folder in a fixed order (folded name).
func (c *Content) List(dir source.WinPath) []Entry {
	prefix := key(dir) + `\`
	var out []Entry
	for i := c.search(prefix); i < len(c.items) && strings.HasPrefix(c.items[i].fold, prefix); {
		it := c.items[i]
		if deep := strings.IndexByte(it.fold[len(prefix):], '\\'); deep >= 0 {
			// Everything of this subfolder is contiguous: ']' follows '\' in byte order.
			i = c.search(it.fold[:len(prefix)+deep] + "]")
			continue
		}
		out = append(out, it.entry())
		i++
	}
	return out
}

// Roots gives the drives and shares that were collected, in a fixed order.
func (c *Content) Roots() []source.WinPath {
	var out []source.WinPath
	for _, it := range c.items {
		if depth := strings.Count(it.fold, `\`); depth == 0 || depth == 3 && strings.HasPrefix(it.fold, `\\`) {
			out = append(out, it.path)
		}
	}
	return out
}

// Open opens a file of the content for reading its bytes. The error is
// fs.ErrNotExist for a path that was not collected, fs.ErrInvalid for a folder.
func (c *Content) Open(p source.WinPath) (fs.File, error) {
	it, ok := c.find(p)
	if !ok {
		return nil, notCollected(p)
	}
	return it.open()
}

func notCollected(p source.WinPath) error {
	return &fs.PathError{Op: "open", Path: string(p), Err: fs.ErrNotExist}
}

func (it item) open() (fs.File, error) {
	switch {
	case it.dir:
		return nil, &fs.PathError{Op: "open", Path: it.name, Err: fs.ErrInvalid}
	case it.from == nil:
		return newGenerated(it.path.Base(), it.size), nil
	}
	return it.from.Open(it.at)
}

func (c *Content) search(fold string) int {
	i, _ := slices.BinarySearchFunc(c.items, fold, func(it item, fold string) int { return cmp.Compare(it.fold, fold) })
	return i
}

func (c *Content) find(p source.WinPath) (item, bool) {
	fold := key(p)
	first := c.search(fold)
	if first == len(c.items) || c.items[first].fold != fold {
		return item{}, false
	}
	exact := p.Clean()
	for i := first; i < len(c.items) && c.items[i].fold == fold; i++ {
		if c.items[i].path == exact {
			return c.items[i], true
		}
	}
	return c.items[first], true
}
