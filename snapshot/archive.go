package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits bounds what archives and standard input may make this program hold or
// read. A field that is zero stands for its default; see DefaultLimits.
type Limits struct {
	Entries  int   // files and folders of one archive
	Expanded int64 // bytes that one archive may expand to
	Ratio    int64 // how many times its packed size an entry may expand to, beyond its first megabyte
	Depth    int   // archives in archives
	Name     int   // bytes of the path of an entry
	Memory   int64 // bytes held at once: of standard input, of archives in archives, of the files of .tar.gz
}

// DefaultLimits are generous for a real server and small for an archive bomb:
// deflate reaches a ratio of 1,032, a log of one repeated line some 200.
func DefaultLimits() Limits {
	return Limits{Entries: 200_000, Expanded: 16 << 30, Ratio: 400, Depth: 2, Name: 1024, Memory: 512 << 20}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Entries: cmp.Or(l.Entries, d.Entries), Expanded: cmp.Or(l.Expanded, d.Expanded), Ratio: cmp.Or(l.Ratio, d.Ratio),
		Depth: cmp.Or(l.Depth, d.Depth), Name: cmp.Or(l.Name, d.Name), Memory: cmp.Or(l.Memory, d.Memory),
	}
}

// archive is the files of an archive as a file system, so that it is walked like
// a folder. Nothing is unpacked: open reads an entry when it is asked for.
type archive struct {
	nodes map[string]*node // by path
}

// node is one file or folder of an archive.
type node struct {
	name     string // its last name
	size     int64
	offset   int64 // in a stream that can only be read forward
	dir      bool
	children []*node
	open     func() (fs.File, error)
}

// Open opens a file or folder of the archive.
func (a *archive) Open(name string) (fs.File, error) {
	n, err := a.find("open", name)
	if err != nil {
		return nil, err
	}
	if n.dir {
		return stream{node: n, ReadCloser: io.NopCloser(strings.NewReader(""))}, nil
	}
	return n.open()
}

// Stat tells of a file without opening it.
func (a *archive) Stat(name string) (fs.FileInfo, error) { return a.find("stat", name) }

// ReadDir lists a folder by name, as that of a disk is listed.
func (a *archive) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := a.find("readdir", name)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(n.children, func(a, b *node) int { return strings.Compare(a.name, b.name) })
	out := make([]fs.DirEntry, len(n.children))
	for i, c := range n.children {
		out[i] = fs.FileInfoToDirEntry(c)
	}
	return out, nil
}

func (a *archive) find(op, name string) (*node, error) {
	if n := a.nodes[name]; n != nil {
		return n, nil
	}
	return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

func (n *node) Name() string       { return n.name }
func (n *node) Size() int64        { return n.size }
func (n *node) ModTime() time.Time { return time.Time{} }
func (n *node) IsDir() bool        { return n.dir }
func (n *node) Sys() any           { return nil }
func (n *node) Mode() fs.FileMode {
	if n.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// stream is an open entry that can only be read from its beginning.
type stream struct {
	node *node
	io.ReadCloser
}

// Stat tells of the entry.
func (s stream) Stat() (fs.FileInfo, error) { return s.node, nil }

// section is an open entry that lies unpacked in the archive or in memory.
type section struct {
	node *node
	*io.SectionReader
}

// Stat tells of the entry.
func (s section) Stat() (fs.FileInfo, error) { return s.node, nil }

// Close does nothing: the archive stays open.
func (s section) Close() error { return nil }

// builder fills an archive entry by entry and refuses what no honest archive of a
// server holds.
type builder struct {
	*archive
	collector *collector
	file      string // the archive's name, for problems
	limits    Limits
	expanded  int64
	faults    map[fault]int
	order     []fault // as they came
	last      *node   // the file taken last
}

func (c *collector) builder(file string) *builder {
	root := &node{name: ".", dir: true}
	return &builder{
		archive: &archive{nodes: map[string]*node{".": root}}, collector: c, file: file, limits: c.limits, faults: map[fault]int{},
	}
}

// entry is what a directory of an archive says of one file.
type entry struct {
	name   string // as it stands in the archive
	dir    bool
	size   int64 // bytes when expanded
	packed int64 // bytes in the archive; 0 where it is not known
}

// add takes an entry. It gives nil for one that is refused, and reports false where
// no more may follow.
func (b *builder) add(e entry) (*node, bool) {
	name, wrong := entryName(e.name, b.limits.Name)
	switch {
	case wrong != "":
		b.fault(wrong, e.name, hintPlain)
		return nil, true
	case name == ".":
		return nil, true
	case e.size < 0:
		b.fault("an entry with a negative size", e.name, hintPlain)
		return nil, true
	case e.packed > 0 && e.size > 1<<20 && e.size/e.packed > b.limits.Ratio:
		b.fault(fmt.Sprintf("an entry that expands to more than %d times its size", b.limits.Ratio), e.name, overLimit{flag: "--max-ratio"}.hint())
		return nil, true
	case len(b.nodes) > b.limits.Entries:
		b.tooMany()
		return nil, false
	case b.expanded+e.size > b.limits.Expanded:
		b.stop(fmt.Sprintf("more than %s bytes when expanded", grouped(b.limits.Expanded)), "--max-expanded")
		return nil, false
	}
	b.expanded += e.size
	return b.insert(name, e), true
}

// insert makes the node and the folders on the way to it.
func (b *builder) insert(name string, e entry) *node {
	if old := b.nodes[name]; old != nil {
		if !old.dir || !e.dir {
			b.fault("two entries of the same name", e.name, hintPlain)
			return nil
		}
		return old
	}
	parent := b.nodes["."]
	if dir := path.Dir(name); dir != "." {
		if parent = b.nodes[dir]; parent == nil {
			parent = b.insert(dir, entry{name: e.name, dir: true})
		}
	}
	if parent == nil || !parent.dir {
		b.fault("a file and a folder of the same name", e.name, hintPlain)
		return nil
	}
	n := &node{name: path.Base(name), size: e.size, dir: e.dir}
	b.nodes[name] = n
	parent.children = append(parent.children, n)
	return n
}

// entryName cleans the path of an entry. A fault tells why no path of the server
// can be meant. Nothing is ever written, so an escaping path could do no harm; it
// is refused because an archive that has one was not made by collecting.
func entryName(raw string, limit int) (name, fault string) {
	switch {
	case raw == "":
		return "", "an entry without a name"
	case len(raw) > limit:
		return "", fmt.Sprintf("an entry with a name of more than %d bytes", limit)
	case raw[0] == '/', raw[0] == '\\':
		return "", "an entry with an absolute path"
	case len(raw) > 1 && raw[1] == ':' && isDrive(raw[:1]):
		return "", "an entry with a drive letter in its path"
	case !utf8.ValidString(raw), strings.ContainsFunc(raw, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", "an entry with control characters in its name"
	}
	for _, part := range strings.FieldsFunc(raw, func(r rune) bool { return r == '/' || r == '\\' }) {
		if part == ".." {
			return "", "an entry with a path that leads out of the archive"
		}
	}
	return path.Clean(raw), ""
}

// fault is a reason to refuse an entry.
type fault struct{ what, hint string }

const (
	hintPlain = "Pack the files again, as plain files with plain relative names."
	hintZip   = "Pack the files again as a plain .zip without a password, or as .tar.gz."
)

// shownFaults is how many entries with the same fault are named.
const shownFaults = 5

// fault notes a refused entry. A hostile archive may hold any number of them.
func (b *builder) fault(what, name, hint string) {
	f := fault{what, hint}
	if b.faults[f]++; b.faults[f] == 1 {
		b.order = append(b.order, f)
	}
	if b.faults[f] <= shownFaults {
		b.collector.problem(b.file, what+": "+strconv.Quote(shorten(name)), "", hint)
	}
}

// done tells how many more entries were refused and gives the files.
func (b *builder) done() *archive {
	for _, f := range b.order {
		if more := b.faults[f] - shownFaults; more > 0 {
			b.collector.problem(b.file, fmt.Sprintf("%s: %s more like these", f.what, grouped(int64(more))), "", f.hint)
		}
	}
	return b.archive
}

// overLimit is the error of an archive that goes beyond a limit.
type overLimit struct{ what, flag string }

func (e overLimit) Error() string { return e.what }

func (e overLimit) hint() string {
	return "If it is what you collected, raise the limit with " + e.flag + "."
}

func (b *builder) tooMany() {
	b.stop(fmt.Sprintf("more than %s entries", grouped(int64(b.limits.Entries))), "--max-entries")
}

// stop says that the rest of the archive is not read, and by which flag it would be.
func (b *builder) stop(what, flag string) {
	b.collector.problem(b.file, "an archive with "+what+"; the rest is not read", "", overLimit{flag: flag}.hint())
}

// grouped writes a number as 12,000.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// openArchive gives the files of an archive; nil where it cannot be read, which is
// then a problem. Errors of reading the file are problems too: it may be cut off.
func (c *collector) openArchive(f found) *archive {
	b := c.builder(f.name)
	var err error
	switch f.look.form {
	case formZip:
		err = b.zip(f)
	case formTar:
		err = b.tar(f)
	case formTarGzip:
		err = b.tarGzip(f)
	}
	if err != nil {
		hint := "Pack the files again."
		if over := (overLimit{}); errors.As(err, &over) {
			hint = over.hint()
		}
		c.problem(f.name, "an archive that cannot be read: "+reason(err), "", hint)
		if len(b.nodes) == 1 {
			return nil
		}
	}
	return b.done()
}
