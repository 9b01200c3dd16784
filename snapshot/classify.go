package snapshot

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// classify lists the files with what they are and gives the live metabases and
// the schemas. A file of a lower layer counts only where no later layer has one
// of the same name.
func (c *collector) classify() (metabases, schemas []found) {
	top := map[string]int{}
	for _, f := range c.found {
		top[strings.ToLower(f.name)] = max(top[strings.ToLower(f.name)], f.layer)
	}
	for _, f := range c.found {
		if f.layer < top[strings.ToLower(f.name)] {
			continue
		}
		f.kind = c.kind(f)
		switch f.kind {
		case KindMetabase:
			metabases = append(metabases, f)
		case KindSchema:
			schemas = append(schemas, f)
		}
		c.files = append(c.files, File{Path: f.name, Kind: f.kind})
	}
	for _, root := range c.index.roots {
		c.files = append(c.files, File{Path: root, Kind: KindContent})
	}
	return metabases, schemas
}

// kind tells what one file is. In a folder only .xml files are looked into: the
// metabase may have any name, but hardly another extension.
func (c *collector) kind(f found) Kind {
	if !f.asked && inHistory(f.name) {
		return KindHistory
	}
	if !f.asked && !strings.EqualFold(path.Ext(f.name), ".xml") {
		return KindUnknown
	}
	head, err := f.head()
	if err != nil {
		c.problem(f.name, "a file that cannot be read: "+reason(err), "", "Allow reading it, or leave it out.")
		return KindUnknown
	}
	look := recognise(head)
	if look.kind == KindUnknown && (f.asked || carriesName(f.name)) {
		pos := source.NewText(f.name, look.text).Span(look.start, look.end).Pos()
		c.problems = append(c.problems, source.Problem{
			Pos: pos, Found: "not a metabase: this is " + look.what, Expected: "a MetaBase.xml of IIS 6, <configuration> with <MBProperty>", Hint: look.hint,
		})
	}
	return look.kind
}

// inHistory reports whether the file is one of IIS's own copies: it keeps every
// change under History and backups under MetaBack, below System32\inetsrv.
func inHistory(name string) bool {
	for _, dir := range strings.Split(path.Dir(name), "/") {
		if strings.EqualFold(dir, "History") || strings.EqualFold(dir, "MetaBack") {
			return true
		}
	}
	return false
}

// carriesName reports whether a file claims to be a metabase: then it must be one.
func carriesName(name string) bool {
	base := path.Base(name)
	return strings.EqualFold(base, "MetaBase.xml") || strings.EqualFold(base, "MBSchema.xml")
}

// headSize is how much of a file is looked at to recognise it: enough for the
// comments that may stand before a root element.
const headSize = 64 << 10

func (f found) head() ([]byte, error) {
	file, err := f.open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, headSize))
}

// read reads a file with one allocation of its exact size. It reports false where
// the file cannot be taken as text; the problem is noted then.
func (c *collector) read(f found) (*source.Text, bool, error) {
	file, err := f.open()
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, false, err
	}
	if info.Size() >= source.MaxSize {
		c.problem(f.name, fmt.Sprintf("%d bytes", info.Size()), "less than 2 GB", "Check the file: no server's metabase is as large.")
		return nil, false, nil
	}
	raw := make([]byte, info.Size())
	n, err := io.ReadFull(file, raw)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, false, fmt.Errorf("%s: %w", f.shown, err)
	}
	text, problem := source.Decode(f.name, raw[:n])
	if problem != nil {
		c.problems = append(c.problems, *problem)
	}
	return text, text != nil, nil
}
