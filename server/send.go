package server

import (
	"io"
	"io/fs"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// smallFile is sent together with its head; more goes in pieces of pieceSize, which
// is MaxBytesPerSend where nothing sets it (KB820129).
const (
	smallBody = 4 << 10 // is copied behind its head
	smallFile = 32 << 10
	pieceSize = 64 << 10
)

// send writes the answer and, when it is complete, its log line. A client that takes
// it too slowly is reset, and the HTTP error log says so as well (cc759448).
func (c *conn) send(h *head, r *response, p *plan, out *iis.Outcome, keep bool) bool {
	s := c.server
	c.out = r.appendHead(c.out[:0], h, keep)
	s.logs.begin()
	c.paced = time.Now()
	err := c.transmit(h, r)
	c.paced = time.Time{}
	e := w3cEntry{
		plan: p, outcome: out, status: r.status, win32: r.win32, query: r.query, serverIP: c.serverIP(), port: c.endpoint.Port,
		version: h.version, host: h.host, sent: c.sent, received: c.received, took: c.took(),
		number: r.number,
	}
	if err != nil {
		e.win32 = errNetNameGone // seen in logs as 200 0 64
	}
	if isTimeout(err) {
		s.httperr(c.entry(reasonSlow)) // its row is "-" but for the addresses (KB820729)
		reset(c.raw)
	}
	c.done.Store(true)
	s.finish(Answer{Outcome: *out, Status: r.status, Line: s.w3cLine(&e), Took: e.took, Decided: r.decided})
	c.lingers = err == nil && !keep
	return err == nil
}

func (c *conn) transmit(h *head, r *response) error {
	if h.method == "HEAD" || r.bodyless {
		return c.write(c.out)
	}
	if r.file == nil && len(r.body) <= smallBody {
		c.out = append(c.out, r.body...)
		return c.write(c.out)
	}
	if r.file == nil && len(r.body) <= smallFile {
		return c.writeBoth(c.out, r.body)
	}
	if r.file == nil {
		if err := c.write(c.out); err != nil {
			return err
		}
		return c.write(r.body)
	}
	if r.size <= smallFile {
		at := len(c.out)
		c.out = append(c.out, make([]byte, r.size)...)
		if _, err := io.ReadFull(r.file, c.out[at:]); err != nil {
			return err
		}
		return c.write(c.out)
	}
	if err := c.write(c.out); err != nil {
		return err
	}
	return c.copyFile(r.file, r.size)
}

// write sends bytes in pieces.
func (c *conn) write(b []byte) error {
	for len(b) > 0 {
		piece := min(len(b), pieceSize)
		c.pace(piece)
		n, err := c.stream.Write(b[:piece])
		c.sent += int64(n)
		b = b[n:]
		if err != nil {
			return err
		}
	}
	return nil
}

// writeBoth sends head and body at once where the connection can.
func (c *conn) writeBoth(head, body []byte) error {
	c.pace(len(head) + len(body))
	c.both = append(c.two[:0], head, body)
	n, err := c.both.WriteTo(c.stream)
	c.sent += n
	return err
}

// copyFile lets the kernel copy where it can. A file that ends early ends the
// connection, as its length was promised.
func (c *conn) copyFile(f fs.File, size int64) error {
	for size > 0 {
		piece := min(size, pieceSize)
		c.pace(int(piece))
		n, err := io.CopyN(c.stream, f, piece)
		c.sent += n
		size -= n
		if err != nil {
			return err
		}
	}
	return nil
}

// pace sets the moment by which the next bytes must be taken: the client must have
// taken as much of the answer as MinFileBytesPerSec asks for the time so far
// (cc738006, cc759448). It has at least the connection's time-out, which is all it
// has where the rate is 0: both inferred.
func (c *conn) pace(next int) {
	begun, allowed := c.paced, c.timeout()
	if begun.IsZero() {
		begun = time.Now()
	} else if rate := c.server.rate; rate > 0 {
		seconds := float64(c.sent+int64(next)) / float64(rate)
		allowed = max(allowed, time.Duration(min(seconds, 1<<31)*float64(time.Second)))
	} else {
		begun = time.Now()
	}
	c.writeUntil(c.server.clock.after(begun, allowed))
}
