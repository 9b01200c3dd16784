package snapshot

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/source"
)

// classify lists the files with what they are and gives those that are read. A
// file of a lower layer counts only where no later layer has one of the same name.
func (c *collector) classify() []found {
	top := map[string]int{}
	for _, f := range c.found {
		top[strings.ToLower(f.name)] = max(top[strings.ToLower(f.name)], f.layer)
	}
	var files []found
	for _, f := range c.found {
		if f.layer == top[strings.ToLower(f.name)] {
			files = append(files, f)
		}
	}
	spareMetabases(files)
	for _, f := range files {
		c.files = append(c.files, File{Path: f.name, Kind: f.look.kind, Note: f.note()})
		c.refuse(f)
	}
	for _, root := range c.index.roots {
		c.files = append(c.files, File{Path: root, Kind: KindContent})
	}
	return files
}

// spareMetabases takes copies for copies: beside a live metabase, a file of a
// folder that holds one too but is called MetaBase.bak or the like is not live.
func spareMetabases(files []found) {
	named := func(f found) bool { return f.asked || strings.EqualFold(path.Ext(f.name), ".xml") }
	live := false
	for _, f := range only(files, KindMetabase) {
		live = live || named(f)
	}
	for i, f := range files {
		if live && f.look.kind == KindMetabase && !named(f) {
			files[i].look = look{kind: KindHistory}
		}
	}
}

// note says why a file is not read; it is empty for one that is.
func (f found) note() string {
	switch {
	case f.look.kind == KindHistory:
		return "a copy of the metabase; only the live one is read"
	case f.err != nil:
		return "it cannot be read: " + reason(f.err)
	}
	if f.look.what != "" && f.look.kind != KindUnknown {
		return f.look.what + ". " + f.hint()
	}
	return f.look.what
}

// hint is what to do with a file that is not read.
func (f found) hint() string {
	if f.look.kind == KindEVT || f.look.kind == KindEVTX {
		_, hint := eventlog.Declined(eventlog.Format(f.look.kind), f.name)
		return hint
	}
	return f.look.hint
}

// refuse makes a problem of a file that is not read, where it was named or claims
// by its name to be what it is not.
func (c *collector) refuse(f found) {
	switch {
	case f.err != nil:
		if !errors.Is(f.err, errNotHeld) { // said once for all of the archive
			hint := "Allow reading it, pack it again, or leave it out."
			if over := (overLimit{}); errors.As(f.err, &over) {
				hint = over.hint()
			}
			c.problem(f.name, "a file that cannot be read: "+reason(f.err), "", hint)
		}
		return
	case f.look.what == "", !f.asked && !carriesName(f.name):
		return
	}
	p := source.Problem{
		Pos:   source.NewText(f.name, f.look.text).Span(f.look.start, f.look.end).Pos(),
		Found: "not understood: this is " + f.look.what, Expected: "a MetaBase.xml of IIS 6 or other evidence that is read", Hint: f.hint(),
	}
	if carriesName(f.name) {
		p.Found, p.Expected = "not a metabase: this is "+f.look.what, "a MetaBase.xml of IIS 6, <configuration> with <MBProperty>"
	} else if f.look.kind != KindUnknown {
		p.Found, p.Expected = f.look.what+", which is not read", ""
	}
	c.problems = append(c.problems, p)
}

// only gives the files of a kind.
func only(files []found, kind Kind) []found {
	var out []found
	for _, f := range files {
		if f.look.kind == kind && f.err == nil {
			out = append(out, f)
		}
	}
	return out
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

// Sizes up to which a file is read as one text. What a server really has is far
// smaller.
const (
	maxMetabase = source.MaxSize - 1
	maxExport   = 256 << 20 // registry exports, ACL listings
	maxSettings = 16 << 20  // UrlScan.ini, security policies, firewall listings
)

// read reads a file as text, with one allocation of its exact size where that is
// known. It reports false where the file cannot be taken as text; the problem is
// noted then.
func (c *collector) read(f found, limit int64, decode func(string, []byte) (*source.Text, *source.Problem)) (*source.Text, bool, error) {
	file, err := f.open()
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, false, err
	}
	raw, err := readUpTo(file, info.Size(), limit)
	switch {
	case errors.Is(err, errTooLong):
		c.problem(f.name, "more than "+grouped(limit)+" bytes", "a file of a plausible size", "Check the file: no server has one as large.")
		return nil, false, nil
	case err != nil && f.depth == 0 && info.Size() != unknownSize:
		return nil, false, fmt.Errorf("%s: %w", f.shown, err)
	case err != nil:
		c.problem(f.name, "a packed file that cannot be read: "+reason(err), "", "Pack it again.")
		return nil, false, nil
	}
	text, problem := decode(f.name, raw)
	if problem != nil {
		c.problems = append(c.problems, *problem)
	}
	return text, text != nil, nil
}

var errTooLong = errors.New("too long")

// readUpTo reads a file of a size that may be unknown.
func readUpTo(r io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, errTooLong
	}
	if size == unknownSize {
		raw, err := io.ReadAll(io.LimitReader(r, limit+1))
		if err == nil && int64(len(raw)) > limit {
			err = errTooLong
		}
		return raw, err
	}
	raw := make([]byte, size)
	n, err := io.ReadFull(r, raw)
	if _, onDisk := r.(*os.File); onDisk && (errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)) {
		err = nil // it became shorter while it was read
	}
	if size == 0 {
		err = nil
	}
	return raw[:n], err
}
