package snapshot

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

// gunzip is a gzip stream that ends with an error before it expands beyond the
// limits.
type gunzip struct {
	file   fs.File
	z      *gzip.Reader
	limits Limits
	packed int64 // bytes read of the file
	size   int64 // bytes given
}

func newGunzip(file fs.File, limits Limits) (*gunzip, error) {
	g := &gunzip{file: file, limits: limits}
	z, err := gzip.NewReader(counting{file, &g.packed})
	if err != nil {
		file.Close()
		return nil, err
	}
	g.z = z
	return g, nil
}

// Read gives the expanded bytes.
func (g *gunzip) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	g.size += int64(n)
	switch {
	case g.size > g.limits.Expanded:
		return 0, overLimit{fmt.Sprintf("it expands to more than %s bytes", grouped(g.limits.Expanded)), "--max-expanded"}
	case g.size > 1<<20 && g.size/max(1, g.packed) > g.limits.Ratio:
		return 0, overLimit{fmt.Sprintf("it expands to more than %d times its size", g.limits.Ratio), "--max-ratio"}
	}
	return n, err
}

// Close closes the file.
func (g *gunzip) Close() error { return g.file.Close() }

// counting counts the bytes that are read.
type counting struct {
	r io.Reader
	n *int64
}

// Read reads and counts.
func (c counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += int64(n)
	return n, err
}

const (
	heldEntry = 4 << 20 // entries of a .tar.gz up to this size are held in memory, logs excepted
	heldHead  = headSize
)

// tarGzip takes the entries of a .tar.gz in one pass. A gzip stream can only be
// read from its beginning: small files are held in memory; of a larger one and of
// a log only the first bytes are, and opening it reads the stream again.
func (b *builder) tarGzip(f found) error {
	s := &rewinder{file: f, limits: b.limits}
	g, err := s.begin()
	if err != nil {
		return err
	}
	defer g.Close()
	dropped := 0
	err = b.tarEntries(tar.NewReader(g), func(n *node, r io.Reader) error {
		from := g.size
		held, err := b.hold(n, r)
		switch {
		case err != nil:
			return err
		case held == nil:
			dropped++
			n.open = func() (fs.File, error) { return nil, errNotHeld }
		case int64(len(held)) == n.size:
			n.open = func() (fs.File, error) {
				return section{n, io.NewSectionReader(bytes.NewReader(held), 0, n.size)}, nil
			}
		default:
			n.offset = from
			n.open = func() (fs.File, error) { return &later{node: n, head: held, from: from, stream: s}, nil }
		}
		return nil
	})
	if dropped > 0 {
		b.collector.problem(b.file, fmt.Sprintf("a .tar.gz with more than %s bytes of files; %s of them are not read", grouped(b.limits.Memory), grouped(int64(dropped))), "",
			"Unpack it and name the folder, or pack it as .zip or .tar, or raise the limit with --max-memory.")
	}
	return err
}

// hold reads an entry, or the beginning of one that is large or a log; nil where
// the memory does not suffice.
func (b *builder) hold(n *node, r io.Reader) ([]byte, error) {
	first := min(n.size, heldHead)
	if !b.collector.reserve(first) {
		return nil, nil
	}
	held := make([]byte, first)
	if _, err := io.ReadFull(r, held); err != nil && n.size > 0 {
		return nil, err
	}
	if n.size > heldEntry || n.size == first || recognise(held, false).streamed() {
		return held, nil
	}
	if !b.collector.reserve(n.size - first) {
		return nil, nil
	}
	held = append(make([]byte, 0, n.size), held...)
	_, err := io.ReadFull(r, held[first:n.size])
	return held[:n.size], err
}

var errNotHeld = errors.New("beyond what is held of a .tar.gz")

// rewinder opens stretches of a gzip stream. One stream is kept for the next open,
// so that entries that are read in their order cost one pass.
type rewinder struct {
	file   found
	limits Limits

	mu   sync.Mutex
	idle *gunzip
}

func (s *rewinder) begin() (*gunzip, error) {
	file, err := s.file.open()
	if err != nil {
		return nil, err
	}
	return newGunzip(file, s.limits)
}

// at gives the stream from an offset on.
func (s *rewinder) at(off int64) (*gunzip, error) {
	s.mu.Lock()
	g := s.idle
	if g != nil && g.size <= off {
		s.idle = nil
	} else {
		g = nil
	}
	s.mu.Unlock()
	if g == nil {
		var err error
		if g, err = s.begin(); err != nil {
			return nil, err
		}
	}
	if _, err := io.CopyN(io.Discard, g, off-g.size); err != nil {
		g.Close()
		return nil, err
	}
	return g, nil
}

// done takes a stream back.
func (s *rewinder) done(g *gunzip) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle != nil {
		s.idle.Close()
	}
	s.idle = g
}

// later is an open entry whose first bytes are held and whose rest is only looked
// for when it is read.
type later struct {
	node   *node
	head   []byte
	from   int64
	stream *rewinder
	off    int64
	g      *gunzip
}

// Stat tells of the entry.
func (l *later) Stat() (fs.FileInfo, error) { return l.node, nil }

// Read gives the held bytes, then those of the stream.
func (l *later) Read(p []byte) (int, error) {
	if l.off < int64(len(l.head)) {
		n := copy(p, l.head[l.off:])
		l.off += int64(n)
		return n, nil
	}
	if l.off >= l.node.size {
		return 0, io.EOF
	}
	if l.g == nil {
		g, err := l.stream.at(l.from + l.off)
		if err != nil {
			return 0, err
		}
		l.g = g
	}
	n, err := l.g.Read(p[:min(int64(len(p)), l.node.size-l.off)])
	l.off += int64(n)
	if errors.Is(err, io.EOF) && l.off < l.node.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close gives the stream back.
func (l *later) Close() error {
	if l.g != nil {
		l.stream.done(l.g)
		l.g = nil
	}
	return nil
}
