package snapshot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// ErrTwoMetabases is wrapped by the error of Open and OpenFS where the paths hold
// two live metabases: one run reads one server. The error names both files.
var ErrTwoMetabases = errors.New("two metabases")

// ErrNothing is returned by Open and OpenFS without any path.
var ErrNothing = errors.New("no file or folder was named")

// Options say what OpenWith opens, and how.
type Options struct {
	Paths    []string     // each a file, a folder, an archive, or - for Stdin; parts of one server
	Stdin    io.Reader    // a metabase, an archive, or any other evidence; nil where - is not among Paths
	Maps     []Map        // folders that hold content outside a folder named content
	Limits   Limits       // for archives and standard input; zero fields stand for DefaultLimits
	Progress func(string) // called at most every 100 ms with what is being read; may be nil
}

// Open opens paths as parts of one server, with the default options.
func Open(paths ...string) (*Snapshot, error) { return OpenWith(Options{Paths: paths}) }

// OpenWith opens files as parts of one server. Errors are for I/O (a path that does
// not exist, cannot be read) and for usage (ErrTwoMetabases, ErrMap, ErrStdin);
// what the files hold wrong is in Problems.
//
// Each file is recognised by its content. A folder or archive (.zip, .tar, .tar.gz)
// may have any layout: the files of the server's disks lie below a folder named
// content, or where a Map says, or directly in a folder of drives that is named. Archives are read where they are, within Limits. The
// snapshot reads content when it is asked for, so the paths must stay in place.
func OpenWith(o Options) (*Snapshot, error) {
	if len(o.Paths) == 0 {
		return nil, ErrNothing
	}
	c := newCollector()
	c.limits, c.say = o.Limits.orDefault(), o.Progress
	if err := c.prepareMaps(o.Maps); err != nil {
		return nil, err
	}
	for _, path := range o.Paths {
		var err error
		if path == "-" {
			err = c.stdin(o.Stdin)
		} else {
			err = c.path(path)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := c.mapped(); err != nil {
		return nil, err
	}
	return c.snapshot()
}

// path takes a file, a folder or an archive that was named.
func (c *collector) path(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return c.named(path, info)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return err
	}
	w := walker{collector: c, fsys: root.FS(), shown: path, base: absolute(path)}
	if w.mapping(".") == nil {
		c.folders = append(c.folders, path)
		if w.isDisks() {
			w.inner = filepath.Base(w.base)
			w.content(".")
			return nil
		}
	}
	return w.top()
}

// OpenFS opens layers of file trees as one server: a later layer lies over the
// earlier ones. Fault folders use it (broken over healthy). Only here are
// accounts.txt (see Accounts) and files.txt (see Content) at the top of a layer
// read; a user's folder never has them. A layer that does not exist is empty.
func OpenFS(layers ...fs.FS) (*Snapshot, error) {
	if len(layers) == 0 {
		return nil, ErrNothing
	}
	c := newCollector()
	for _, fsys := range layers {
		if err := c.layer(fsys, fsys); err != nil {
			return nil, err
		}
	}
	return c.snapshot()
}

// OpenFault opens a fault folder over a healthy server: the tree below broken/
// lies over healthy, accounts.txt and files.txt stand beside broken/.
func OpenFault(healthy, fault fs.FS) (*Snapshot, error) {
	broken, err := fs.Sub(fault, "broken")
	if err != nil {
		return nil, err
	}
	c := newCollector()
	if err := c.layer(healthy, healthy); err != nil {
		return nil, err
	}
	if err := c.layer(broken, fault); err != nil {
		return nil, err
	}
	return c.snapshot()
}

// snapshot reads what was collected: the schema first, as the metabase is read by it.
func (c *collector) snapshot() (*Snapshot, error) {
	files := c.classify()
	metabases, schemas := only(files, KindMetabase), only(files, KindSchema)
	s := &Snapshot{Content: c.index.content(), Accounts: c.accounts}
	if len(metabases) > 1 {
		return nil, fmt.Errorf("%w: %s and %s; one run reads one server, name one of them", ErrTwoMetabases, metabases[0].shown, metabases[1].shown)
	}
	if len(metabases) == 1 {
		if err := c.readMetabase(s, metabases[0], schemas); err != nil {
			return nil, err
		}
	}
	if err := c.evidence(s, files); err != nil {
		return nil, err
	}
	if len(metabases) == 0 {
		c.noMetabase(s, schemas)
	}
	s.Files, s.Problems = c.files, append(c.problems, c.untold()...)
	return s, nil
}

func (c *collector) readMetabase(s *Snapshot, from found, schemas []found) error {
	schema := metabase.Builtin()
	for i, f := range schemas {
		if i > 0 {
			c.problem(f.name, "a second MBSchema.xml", "one schema", "Leave out "+f.name+" or "+schemas[0].name+".")
			break
		}
		text, ok, err := c.read(f, maxMetabase, source.Decode)
		if err != nil {
			return err
		}
		if ok {
			own, problems := metabase.ReadSchema(text)
			c.problems = append(c.problems, problems...)
			if own != nil {
				schema = own
			}
		}
	}
	text, ok, err := c.read(from, maxMetabase, source.Decode)
	if err != nil || !ok {
		return err
	}
	tree, problems := metabase.Read(text, schema)
	s.Metabase = tree
	c.problems = append(c.problems, problems...)
	return nil
}

// noMetabase says what is missing, unless there is other evidence or a file that
// was named has said so.
func (c *collector) noMetabase(s *Snapshot, schemas []found) {
	const hint = `Copy %SystemRoot%\System32\inetsrv\MetaBase.xml into it; iisdoctor reads that file.`
	for _, f := range schemas {
		if f.asked {
			c.problem(f.name, "an MBSchema.xml alone", "the MetaBase.xml that lies beside it", "Name both files.")
		}
	}
	if s.hasEvidence() {
		return
	}
	if c.layers > 0 {
		c.problem("MetaBase.xml", "no metabase in any layer", "a MetaBase.xml anywhere in one", hint)
	}
	for _, folder := range c.folders {
		c.problem(folder, "no metabase in this folder", "a MetaBase.xml anywhere in it", hint)
	}
	for _, archive := range c.archives {
		c.problem(archive, "no metabase in this archive", "a MetaBase.xml anywhere in it", hint)
	}
}

// maxTold bounds the problems with single files: a hostile archive may hold any
// number of bad names.
const maxTold = 500

func (c *collector) problem(file, what, expected, hint string) {
	if c.told++; c.told > maxTold {
		return
	}
	c.problems = append(c.problems, source.Problem{Pos: source.Pos{File: file}, Found: what, Expected: expected, Hint: hint})
}

// untold says how many problems were left out.
func (c *collector) untold() []source.Problem {
	if c.told <= maxTold {
		return nil
	}
	return []source.Problem{{Found: grouped(int64(c.told-maxTold)) + " more problems with single files", Hint: "Mend those that are listed and read the files again."}}
}
