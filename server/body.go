package server

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

const (
	readAhead    = 49152    // of a body before the worker answers: UploadReadAheadSize
	maxDrain     = 16 << 20 // of a body nobody reads, so that the next request can follow
	maxChunkLine = 256
	maxTrailer   = 16384
)

var (
	errBadChunk   = errors.New("malformed chunked body")
	errLargeChunk = errors.New("chunk of more than 62 bits")
)

// body reads the entity of one request from its connection, and not a byte more.
type body struct {
	conn    *conn
	left    int64 // of the entity, or of the chunk under way
	chunked bool
	started bool // a chunk was read, its CRLF stands before the next size
	ended   bool
	trailer int
	failed  error // why no more can be read, where that is not the end
}

func newBody(c *conn, h *head) *body {
	return &body{conn: c, left: h.length, chunked: h.chunked, ended: !h.chunked && h.length == 0}
}

// Read gives the entity without its chunk framing, then io.EOF. Errors: the
// connection's, errBadChunk, errLargeChunk, io.ErrUnexpectedEOF where the client
// ended early; failed keeps them.
func (b *body) Read(p []byte) (int, error) {
	if b.failed != nil {
		return 0, b.failed
	}
	n, err := b.read(p)
	if err != nil && err != io.EOF {
		b.failed = err
	}
	return n, err
}

func (b *body) read(p []byte) (int, error) {
	for b.left == 0 && !b.ended {
		if err := b.nextChunk(); err != nil {
			return 0, err
		}
	}
	if b.ended {
		return 0, io.EOF
	}
	c := b.conn
	for c.r == c.w {
		if err := b.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p[:min(int64(len(p)), b.left)], c.buf[c.r:c.w])
	c.r += n
	c.received += int64(n)
	b.left -= int64(n)
	if b.left == 0 && !b.chunked {
		b.ended = true
	}
	return n, nil
}

// fill reads on. Whatever comes gives the client the whole time-out again (KB820729).
func (b *body) fill() error {
	c := b.conn
	c.stream.SetReadDeadline(c.deadline(c.timeout()))
	if err := c.fill(); err != io.EOF {
		return err
	}
	return io.ErrUnexpectedEOF
}

// nextChunk reads the framing up to the next chunk or the end of the body.
func (b *body) nextChunk() error {
	if b.started {
		line, err := b.line(maxChunkLine)
		if err != nil {
			return err
		}
		if len(line) != 0 {
			return errBadChunk
		}
	}
	b.started = true
	line, err := b.line(maxChunkLine)
	if err != nil {
		return err
	}
	size, _, _ := strings.Cut(string(line), ";")
	size = strings.TrimRight(size, " \t")
	n, err := strconv.ParseUint(size, 16, 62)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errLargeChunk
	case err != nil || strings.HasPrefix(size, "+"):
		return errBadChunk
	}
	b.left = int64(n)
	if n == 0 {
		return b.trailers()
	}
	return nil
}

func (b *body) trailers() error {
	for {
		line, err := b.line(maxTrailer)
		if err != nil {
			return err
		}
		if b.trailer += len(line) + 2; b.trailer > maxTrailer {
			return errBadChunk
		}
		if len(line) == 0 {
			b.ended = true
			return nil
		}
	}
}

// line reads one line of framing without its CRLF.
func (b *body) line(limit int) ([]byte, error) {
	c := b.conn
	for scanned := 0; ; {
		if i := bytes.IndexByte(c.buf[c.r+scanned:c.w], '\n'); i >= 0 {
			end := c.r + scanned + i
			line := c.buf[c.r:end]
			c.received += int64(end + 1 - c.r)
			c.r = end + 1
			if len(line) == 0 || line[len(line)-1] != '\r' {
				return nil, errBadChunk
			}
			return line[:len(line)-1], nil
		}
		scanned = c.w - c.r
		if scanned > limit {
			return nil, errBadChunk
		}
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
}

// readAhead takes the begin of the body, up to the read-ahead size.
func (b *body) readAhead() ([]byte, error) {
	if b.ended {
		return nil, nil
	}
	var data []byte
	var piece [4096]byte
	for len(data) < readAhead {
		n, err := b.Read(piece[:min(len(piece), readAhead-len(data))])
		data = append(data, piece[:n]...)
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
	}
	return data, nil
}

// drain drops what is left of the body. It reports whether the connection stands
// at the next request.
func (b *body) drain() bool {
	if b.ended {
		return true
	}
	_, err := io.CopyN(io.Discard, b, maxDrain)
	return err == io.EOF
}
