package snapshot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// takeGzip looks into a gzip file: a .tar.gz is an archive, anything else, such as
// a log, is taken for what it holds and read through the stream.
func (c *collector) takeGzip(f *found) {
	packed := f.open
	open := func() (fs.File, error) {
		file, err := packed()
		if err != nil {
			return nil, err
		}
		g, err := newGunzip(file, c.limits)
		if err != nil {
			return nil, err
		}
		return stream{&node{name: f.name, size: unknownSize}, g}, nil
	}
	inner := *f
	inner.open = open
	head, err := inner.head()
	if err != nil && !(errors.Is(err, io.ErrUnexpectedEOF) && len(head) > 0) {
		f.look, f.err = look{kind: KindUnknown, what: "a gzip archive", hint: hintCopy}, err
		return
	}
	f.look = recognise(head, f.asked)
	if f.look.form == formTar {
		f.look.form = formTarGzip // its entries are looked for through the packed file
		return
	}
	if f.look.form == formGzip {
		f.look = look{kind: KindUnknown, what: "a gzip archive in a gzip archive", hint: hintPack}
	}
	f.open = open
}

// unknownSize is the size of a file that is only known when it was read.
const unknownSize = -1

// unpack takes the files of an archive as those of a folder. An archive that was
// named stands for the folder that was packed, so its files are shown relative to
// it; those of an archive in a folder below the archive's name.
func (c *collector) unpack(f found) error {
	w := walker{collector: c, shown: f.shown, layer: f.layer, depth: f.depth + 1}
	if f.asked {
		c.archives = append(c.archives, f.name)
	} else {
		w.inner = f.name
		c.found = append(c.found, f)
	}
	if depth := w.depth; !f.asked && depth > c.limits.Depth {
		c.problem(f.name, fmt.Sprintf("an archive in %d others; it is not read", depth-1), "", "Unpack the outer archive, or raise the limit with --max-depth.")
		return nil
	}
	a := c.openArchive(f)
	if a == nil {
		return nil
	}
	w.fsys = a
	return w.top()
}
