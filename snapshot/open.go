package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// ErrTwoMetabases is wrapped by the error of Open and OpenFS where the paths hold
// two live metabases: one run reads one server. The error names both files.
var ErrTwoMetabases = errors.New("two metabases")

// ErrNothing is returned by Open and OpenFS without any path.
var ErrNothing = errors.New("no file or folder was named")

// Open opens paths as parts of one server: each a file or a folder. Errors are
// for I/O (a path that does not exist, cannot be read) and for usage
// (ErrTwoMetabases); what the files hold wrong is in Problems.
//
// A file must be a metabase or, beside one, its MBSchema.xml; both are recognised
// by content. A folder may have any layout: the metabase lies anywhere in it, the
// files of the server's disks below a folder named content. The snapshot reads
// content when it is asked for, so the folder must stay in place.
func Open(paths ...string) (*Snapshot, error) {
	if len(paths) == 0 {
		return nil, ErrNothing
	}
	c := &collector{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			c.named(path, info)
			continue
		}
		root, err := os.OpenRoot(path)
		if err != nil {
			return nil, err
		}
		if err := c.folder(path, root.FS()); err != nil {
			return nil, err
		}
	}
	return c.snapshot()
}

// OpenFS opens layers of file trees as one server: a later layer lies over the
// earlier ones. Fault folders use it (broken over healthy). Only here are
// accounts.txt (see Accounts) and files.txt (see Content) at the top of a layer
// read; a user's folder never has them. A layer that does not exist is empty.
func OpenFS(layers ...fs.FS) (*Snapshot, error) {
	if len(layers) == 0 {
		return nil, ErrNothing
	}
	c := &collector{}
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
	c := &collector{}
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
	metabases, schemas := c.classify()
	s := &Snapshot{Content: c.index.content(), Accounts: c.accounts}
	if len(metabases) > 1 {
		return nil, fmt.Errorf("%w: %s and %s; one run reads one server, name one of them", ErrTwoMetabases, metabases[0].shown, metabases[1].shown)
	}
	if len(metabases) == 0 {
		c.noMetabase(schemas)
	} else if err := c.readMetabase(s, metabases[0], schemas); err != nil {
		return nil, err
	}
	s.Files, s.Problems = c.files, c.problems
	return s, nil
}

func (c *collector) readMetabase(s *Snapshot, from found, schemas []found) error {
	schema := metabase.Builtin()
	for i, f := range schemas {
		if i > 0 {
			c.problem(f.name, "a second MBSchema.xml", "one schema", "Leave out "+f.name+" or "+schemas[0].name+".")
			break
		}
		text, ok, err := c.read(f)
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
	text, ok, err := c.read(from)
	if err != nil || !ok {
		return err
	}
	tree, problems := metabase.Read(text, schema)
	s.Metabase = tree
	c.problems = append(c.problems, problems...)
	return nil
}

// noMetabase says what is missing, unless a file that was named has said so.
func (c *collector) noMetabase(schemas []found) {
	const hint = `Copy %SystemRoot%\System32\inetsrv\MetaBase.xml into it; iisdoctor reads that file.`
	for _, f := range schemas {
		if f.asked {
			c.problem(f.name, "an MBSchema.xml alone", "the MetaBase.xml that lies beside it", "Name both files.")
		}
	}
	if c.layers > 0 {
		c.problem("MetaBase.xml", "no metabase in any layer", "a MetaBase.xml anywhere in one", hint)
	}
	for _, folder := range c.folders {
		c.problem(folder, "no metabase in this folder", "a MetaBase.xml anywhere in it", hint)
	}
}

func (c *collector) problem(file, what, expected, hint string) {
	c.problems = append(c.problems, source.Problem{Pos: source.Pos{File: file}, Found: what, Expected: expected, Hint: hint})
}
