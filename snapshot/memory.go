package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// reserve takes bytes from the memory that may be held.
func (c *collector) reserve(n int64) bool {
	if n > c.limits.Memory-c.held {
		return false
	}
	c.held += n
	return true
}

// readerAt gives a file for reading at any place: the file itself where it can do
// so, else its bytes in memory. The file stays open, since content is read when it
// is asked for.
func (c *collector) readerAt(f found) (io.ReaderAt, int64, error) {
	file, err := f.open()
	if err != nil {
		return nil, 0, err
	}
	if at, ok := file.(io.ReaderAt); ok {
		info, err := file.Stat()
		if err != nil {
			return nil, 0, err
		}
		return at, info.Size(), nil
	}
	defer file.Close()
	held, err := c.hold(file)
	if err != nil {
		return nil, 0, err
	}
	return held, held.size, nil
}

// blocks is a file in memory, in pieces of blockSize and a last one: growing one
// piece would need twice the memory while it is copied.
type blocks struct {
	list [][]byte
	size int64
}

const blockSize = 1 << 20

// ReadAt reads from any place.
func (b *blocks) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) && off < b.size {
		k := copy(p[n:], b.list[off/blockSize][off%blockSize:])
		n += k
		off += int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// hold reads everything into memory, as far as it is allowed.
func (c *collector) hold(r io.Reader) (*blocks, error) {
	if c.block == nil {
		c.block = make([]byte, blockSize)
	}
	held := &blocks{}
	for {
		n, err := fill(r, c.block)
		if err != nil && !errors.Is(err, io.EOF) || !c.reserve(int64(n)) {
			c.held -= held.size
			if err == nil || errors.Is(err, io.EOF) {
				err = overLimit{fmt.Sprintf("it needs more than %s bytes in memory", grouped(c.limits.Memory)), "--max-memory"}
			}
			return nil, err
		}
		if n > 0 {
			held.list = append(held.list, bytes.Clone(c.block[:n]))
			held.size += int64(n)
		}
		if err != nil {
			return held, nil
		}
	}
}

// fill reads until b is full or r ends. Unlike io.ReadFull it leaves r's own error
// as it is: a packed stream that is cut off ends unexpectedly, a file just ends.
func fill(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var got int
		got, err = r.Read(b[n:])
		n += got
	}
	return n, err
}

// inMemory is a file that is held, such as standard input.
func inMemory(name string, held *blocks) func() (fs.File, error) {
	n := &node{name: name, size: held.size}
	return func() (fs.File, error) { return section{n, io.NewSectionReader(held, 0, n.size)}, nil }
}
