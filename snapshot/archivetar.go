package snapshot

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
)

// tar takes the entries of a .tar, whose files lie in it unpacked.
func (b *builder) tar(f found) error {
	at, size, err := b.collector.readerAt(f)
	if err != nil {
		return err
	}
	r := io.NewSectionReader(at, 0, size)
	err = b.tarEntries(tar.NewReader(r), func(n *node, _ io.Reader) error {
		from, err := r.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		if n.size > size-from {
			return io.ErrUnexpectedEOF
		}
		n.open = func() (fs.File, error) { return section{n, io.NewSectionReader(at, from, n.size)}, nil }
		return nil
	})
	if err == nil && !hasEnd(at, size) {
		err = errors.New("its end is missing, it was cut off")
	}
	return err
}

// hasEnd reports whether an archive ends with blocks of zeros. One that was cut off
// between two files is not noticed otherwise.
func hasEnd(at io.ReaderAt, size int64) bool {
	end := make([]byte, 512)
	_, err := at.ReadAt(end, max(0, size-int64(len(end))))
	return (err == nil || errors.Is(err, io.EOF)) && len(bytes.TrimLeft(end, "\x00")) == 0
}

// tarEntries takes the entries one by one; take says where the bytes of a file are.
func (b *builder) tarEntries(t *tar.Reader, take func(*node, io.Reader) error) error {
	for seen := 0; ; seen++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			b.cutOff(err)
			return err
		}
		if seen > b.limits.Entries {
			b.tooMany()
			return nil
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		if wrong := tarFault(h); wrong != "" {
			b.fault(wrong, h.Name, hintPlain)
			continue
		}
		n, more := b.add(entry{name: strings.ToValidUTF8(h.Name, "\uFFFD"), dir: h.Typeflag == tar.TypeDir, size: h.Size})
		if !more {
			return nil
		}
		if n == nil || n.dir {
			continue
		}
		b.last = n
		if err := take(n, t); err != nil {
			b.cutOff(err)
			return err
		}
	}
}

// cutOff makes the file that was read last unreadable: the archive ends inside it.
func (b *builder) cutOff(err error) {
	if b.last != nil {
		b.last.open = func() (fs.File, error) { return nil, err }
	}
}

// tarFault tells why an entry is no plain file or folder; for a plain one it is empty.
func tarFault(h *tar.Header) string {
	for name := range h.PAXRecords {
		if strings.HasPrefix(name, "GNU.sparse.") {
			return "a file with holes"
		}
	}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeDir:
		return ""
	case tar.TypeSymlink, tar.TypeLink:
		return "a link, which is not followed"
	case tar.TypeGNUSparse:
		return "a file with holes"
	}
	return "a special file"
}
