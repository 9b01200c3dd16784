package snapshot

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// listName is the file of a fault folder that names content which disks or
// embedding refuse. One line an entry, "server path = what", split at the last
// " = "; blank lines and lines that begin with # are left out:
//
//	C:\inetpub\wwwroot\aux.asp = files/aux.txt       the bytes of a file beside files.txt
//	\\files\web\Case.htm = files/upper.htm           names that differ only by case
//	C:\inetpub\wwwroot\upload = (empty folder)
//	C:\inetpub\wwwroot\big.htm = (300000 bytes)      generated
//	C:\inetpub\wwwroot\old.htm = (absent)            takes away what a lower layer has
//
// Folders on the way are made.
const listName = "files.txt"

const (
	maxList      = 64 << 10
	maxGenerated = 1 << 32 // 4 GB, beyond what a download limit needs
)

var sizeForm = source.Lazy(`^\(([0-9]{1,10}) bytes\)$`)

func (c *collector) readList(fsys fs.FS, layer int) error {
	raw, err := readSmall(fsys, listName, maxList)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	text := source.NewText(listName, raw)
	off := 0
	for _, l := range bytes.SplitAfter(raw, []byte("\n")) {
		entry := strings.TrimSpace(string(l))
		if entry != "" && entry[0] != '#' {
			if p := c.listed(fsys, layer, entry); p.Found != "" {
				p.Pos = text.Span(off, off+len(l)).Pos()
				c.problems = append(c.problems, p)
			}
		}
		off += len(l)
	}
	return nil
}

// listed takes one entry; a problem without Found is none.
func (c *collector) listed(fsys fs.FS, layer int, entry string) source.Problem {
	i := max(strings.LastIndex(entry, " = "), 0)
	p := source.WinPath(strings.TrimSpace(entry[:i])).Clean()
	if !p.IsAbs() {
		return source.Problem{Found: "no entry of files.txt", Expected: `C:\path = file or \\server\share\path = file`}
	}
	what := strings.TrimSpace(entry[i+len(" = "):])
	it := item{path: p, name: contentName(p), layer: layer}
	size := sizeForm().FindStringSubmatch(what)
	switch {
	case what == "(absent)":
		c.index.remove(p)
		return source.Problem{}
	case what == "(empty folder)":
		it.dir = true
	case size != nil:
		it.size, _ = strconv.ParseInt(size[1], 10, 64)
		if it.size > maxGenerated {
			return source.Problem{Found: "a size of " + size[1] + " bytes", Expected: "at most 4294967296"}
		}
	default:
		info, err := fs.Stat(fsys, what)
		if err != nil || !info.Mode().IsRegular() {
			return source.Problem{Found: "no file " + strconv.Quote(what), Expected: "a file beside files.txt, (empty folder), (N bytes) or (absent)"}
		}
		it.from, it.at, it.size = fsys, what, info.Size()
	}
	c.index.addWithParents(it)
	return source.Problem{}
}

// addWithParents adds an item and the folders on the way to it.
func (x *index) addWithParents(it item) {
	for dir := it.path.Dir(); ; dir = dir.Dir() {
		x.add(item{path: dir, name: contentName(dir), dir: true, layer: it.layer})
		if dir == dir.Dir() {
			x.addRoot(contentName(dir))
			break
		}
	}
	x.add(it)
}

// contentName is where a path of the server lies in a snapshot.
func contentName(p source.WinPath) string {
	s := string(p.Clean())
	if strings.HasPrefix(s, `\\`) {
		return path.Join("content/UNC", strings.ReplaceAll(s[2:], `\`, "/"))
	}
	return path.Join("content", s[:1], strings.ReplaceAll(s[2:], `\`, "/"))
}

// readSmall reads a file that must not be longer than limit.
func readSmall(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("no file of at most " + strconv.FormatInt(limit, 10) + " bytes")}
	}
	return fs.ReadFile(fsys, name)
}
