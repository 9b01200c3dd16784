package snapshot

import (
	"errors"
	"io"
	"io/fs"
	"time"
)

// generated is a file of a given size whose bytes repeat one line; files.txt
// names it where a fault needs a large file that nobody wants to keep.
type generated struct {
	name string
	size int64
	off  int64
}

const line = "iisdoctor generated this line so that the file has its size.\r\n"

func newGenerated(name string, size int64) *generated { return &generated{name: name, size: size} }

func (g *generated) Read(b []byte) (int, error) {
	if g.off >= g.size {
		return 0, io.EOF
	}
	b = b[:min(int64(len(b)), g.size-g.off)]
	for n := 0; n < len(b); {
		k := copy(b[n:], line[g.off%int64(len(line)):])
		n += k
		g.off += int64(k)
	}
	return len(b), nil
}

// Seek lets a server answer ranges.
func (g *generated) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += g.off
	case io.SeekEnd:
		offset += g.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	g.off = offset
	return offset, nil
}

func (g *generated) Close() error               { return nil }
func (g *generated) Stat() (fs.FileInfo, error) { return g, nil }
func (g *generated) Name() string               { return g.name }
func (g *generated) Size() int64                { return g.size }
func (g *generated) Mode() fs.FileMode          { return 0o444 }
func (g *generated) ModTime() time.Time         { return time.Time{} }
func (g *generated) IsDir() bool                { return false }
func (g *generated) Sys() any                   { return nil }
