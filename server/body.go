package server

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
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
	errSlowBody   = errors.New("body below MinFileBytesPerSec")
)

// body reads the entity of one request from its connection, and not a byte more.
type body struct {
	conn    *conn
	left    int64 // of the entity, or of the chunk under way
	chunked bool
	started bool // a chunk was read, its CRLF stands before the next size
	ended   bool
	trailer int
	waited  time.Duration // of the server's time, for bytes of this body
	begun   int64         // bytes of the request when its body began
	failed  error         // why no more can be read, where that is not the end
}

func newBody(c *conn, h *head) *body {
	return &body{conn: c, left: h.length, chunked: h.chunked, begun: c.received, ended: !h.chunked && h.length == 0}
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

// fill reads on. Whatever comes gives the client the whole time-out again (KB820729),
// as long as it sends MinFileBytesPerSec (cc738006).
func (b *body) fill() error {
	c, allowed, slow := b.conn, b.conn.timeout(), false
	if left, limited := b.patience(); limited && left < allowed {
		allowed, slow = left, true
	}
	begun := time.Now()
	c.readUntil(c.server.clock.after(begun, allowed))
	err := c.fill()
	b.waited += c.server.clock.since(begun)
	switch {
	case err == io.EOF:
		return io.ErrUnexpectedEOF
	case slow && isTimeout(err):
		return errSlowBody
	}
	return err
}

// patience is how long the next byte may take at the rate of MinFileBytesPerSec. The
// time in which nobody reads does not count, and the whole body has at least the
// connection's time-out: both inferred. limited is false where the rate is 0.
func (b *body) patience() (left time.Duration, limited bool) {
	c := b.conn
	if c.server.rate <= 0 {
		return 0, false
	}
	seconds := float64(c.received-b.begun+int64(c.w-c.r)) / float64(c.server.rate)
	earned := time.Duration(min(seconds, 1<<31) * float64(time.Second))
	return max(0, max(c.timeout(), earned)-b.waited), true
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
