package snapshot

import (
	"bytes"
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
	raw, err := c.hold(file)
	return bytes.NewReader(raw), int64(len(raw)), err
}

// hold reads everything into memory, as far as it is allowed.
func (c *collector) hold(r io.Reader) ([]byte, error) {
	var buf bytes.Buffer
	left := c.limits.Memory - c.held
	n, err := io.Copy(&buf, io.LimitReader(r, left+1))
	if err != nil {
		return nil, err
	}
	if n > left || !c.reserve(n) {
		return nil, overLimit{fmt.Sprintf("it needs more than %s bytes in memory", grouped(c.limits.Memory)), "--max-memory"}
	}
	return buf.Bytes(), nil
}

// inMemory is a file of bytes, such as standard input.
func inMemory(name string, raw []byte) func() (fs.File, error) {
	n := &node{name: name, size: int64(len(raw))}
	return func() (fs.File, error) { return section{n, io.NewSectionReader(bytes.NewReader(raw), 0, n.size)}, nil }
}
