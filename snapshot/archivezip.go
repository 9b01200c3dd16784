package snapshot

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/source"
)

// zip takes the entries of a .zip.
func (b *builder) zip(f found) error {
	at, size, err := b.collector.readerAt(f)
	if err != nil {
		return err
	}
	// The directory tells how many entries there are only after all were read:
	// bound the bytes that may be read for it.
	bounded := &boundedAt{at: at, left: int64(b.limits.Entries)*128 + 1<<20}
	r, err := zip.NewReader(bounded, size)
	if errors.Is(err, errDirectory) {
		b.tooMany()
		return nil
	}
	if err != nil {
		return err
	}
	bounded.left = math.MaxInt64
	if len(r.File) > b.limits.Entries {
		b.tooMany()
		return nil
	}
	if overlap(r.File) {
		return errors.New("entries that overlap each other, as in an archive bomb")
	}
	for _, file := range r.File {
		if !b.zipEntry(file) {
			break
		}
	}
	return nil
}

// zipEntry takes one entry and reports whether more may follow.
func (b *builder) zipEntry(file *zip.File) bool {
	name := zipName(file)
	mode := file.Mode()
	switch {
	case mode&fs.ModeSymlink != 0:
		b.fault("a link, which is not followed", name, hintPlain)
		return true
	case !mode.IsRegular() && !mode.IsDir() && !strings.HasSuffix(name, "/"):
		b.fault("a special file", name, hintPlain)
		return true
	case file.Flags&1 != 0:
		b.fault("an entry that is encrypted", name, hintZip)
		return true
	case file.Method != zip.Store && file.Method != zip.Deflate:
		b.fault(fmt.Sprintf("an entry packed by method %d; only stored and deflated ones are read", file.Method), name, hintZip)
		return true
	}
	e := entry{name: name, dir: mode.IsDir() || strings.HasSuffix(name, "/"), size: clamp(file.UncompressedSize64), packed: max(1, clamp(file.CompressedSize64))}
	n, more := b.add(e)
	if n != nil && !n.dir {
		n.open = func() (fs.File, error) {
			r, err := file.Open()
			if err != nil {
				return nil, err
			}
			return stream{n, r}, nil
		}
	}
	return more
}

func clamp(n uint64) int64 { return int64(min(n, math.MaxInt64/2)) }

// zipName gives the name with slashes. Old tools of Windows write backslashes,
// and names in the code page of DOS unless the entry says UTF-8.
func zipName(file *zip.File) string {
	name := file.Name
	if file.NonUTF8 && !utf8.ValidString(name) {
		if text, ok := source.DecodePage("437", []byte(name)); ok {
			name = string(text)
		}
	}
	return strings.ReplaceAll(name, `\`, "/")
}

// overlap reports whether two entries share packed bytes: how an archive of a few
// kilobytes expands to terabytes.
func overlap(files []*zip.File) bool {
	type stretch struct{ from, to int64 }
	list := make([]stretch, 0, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil || f.CompressedSize64 == 0 {
			continue // reading the entry will tell
		}
		list = append(list, stretch{from, from + clamp(f.CompressedSize64)})
	}
	slices.SortFunc(list, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(list); i++ {
		if list[i].from < list[i-1].to {
			return true
		}
	}
	return false
}

var errDirectory = errors.New("a directory that is too long")

// boundedAt gives an error once more than a number of bytes were read.
type boundedAt struct {
	at   io.ReaderAt
	left int64
}

// ReadAt reads from the file. The bound is only in force while the directory is
// read, by one goroutine.
func (b *boundedAt) ReadAt(p []byte, off int64) (int, error) {
	if b.left != math.MaxInt64 {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, errDirectory
		}
	}
	return b.at.ReadAt(p, off)
}
