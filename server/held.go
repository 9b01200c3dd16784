package server

import (
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/source"
)

// A file of the content is read again when what is held is older than holdTime, so
// that one who edits the snapshot sees it. The static file cache of IIS, which tells
// names apart by upper case, is another thing: cache.go.
const (
	holdTime  = time.Second
	heldBytes = 16 << 20 // of all files, in each of two generations
	heldEntry = 512      // counted for a file beside its bytes
)

// file is a file of the content: its bytes where it is small, else open.
type file struct {
	open     fs.File // nil where bytes has all of it
	bytes    []byte
	size     int64
	modified time.Time
	stamp    string // modified as Last-Modified has it
	tag      string // ETag
	read     time.Time
}

// heldFiles holds small files for a moment.
type heldFiles struct {
	sync.Mutex
	size       int
	young, old map[source.WinPath]*file
}

// file opens a file or gives what is held of it. The caller closes what is open.
func (x *exchange) file(path source.WinPath) (*file, error) {
	now := time.Now()
	if f := x.held.find(path, now); f != nil {
		return f, nil
	}
	opened, err := x.snapshot.Content.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := opened.Stat()
	if err == nil && info.IsDir() {
		err = fs.ErrInvalid
	}
	if err != nil {
		opened.Close()
		return nil, err
	}
	modified := x.modified(info)
	f := &file{open: opened, size: info.Size(), modified: modified, stamp: string(appendDate(nil, modified)), tag: x.etag(modified), read: now}
	if f.size > smallFile {
		return f, nil
	}
	defer opened.Close()
	f.open, f.bytes = nil, make([]byte, f.size)
	if _, err := io.ReadFull(opened, f.bytes); err != nil {
		return nil, err
	}
	x.held.keep(path, f)
	return f, nil
}

func (h *heldFiles) find(path source.WinPath, now time.Time) *file {
	h.Lock()
	defer h.Unlock()
	f := h.young[path]
	if f == nil {
		f = h.old[path]
	}
	if f == nil || now.Sub(f.read) >= holdTime {
		return nil
	}
	return f
}

func (h *heldFiles) keep(path source.WinPath, f *file) {
	h.Lock()
	defer h.Unlock()
	if h.young == nil || h.size > heldBytes {
		h.old, h.young, h.size = h.young, map[source.WinPath]*file{}, 0
	}
	if had := h.young[path]; had != nil {
		h.size -= len(had.bytes) + heldEntry
	}
	h.young[path] = f
	h.size += len(f.bytes) + heldEntry
}
