package server

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// Limits and timers of HTTP.sys where nothing sets them (KB820129, ms525597).
const (
	maxRequestBytes   = 16384 // request line and fields with the blank line
	maxFieldLength    = 16384 // one line of them
	connectionTimeout = 120 * time.Second
	lingerTime        = 2 * time.Second
	lingerBytes       = 1 << 20
	overflowWait      = time.Second // for the rest of a line that is too long already
)

// conn is one connection in front of the worker processes.
type conn struct {
	server   *Server
	endpoint *endpoint
	raw      net.Conn // what was accepted
	stream   net.Conn // raw, or TLS over it
	remote   net.Addr
	local    net.Addr

	buf      []byte // bytes read and not yet used are buf[r:w]
	r, w     int
	out      []byte    // the answer's head, reused
	received int64     // bytes of the request under way
	sent     int64     // bytes of its answer
	begun    time.Time // when its first byte came; zero while the connection is idle

	maxRequest, maxField int
}

func newConn(s *Server, raw net.Conn, e *endpoint) *conn {
	return &conn{
		server: s, endpoint: e, raw: raw, stream: raw, remote: raw.RemoteAddr(), local: raw.LocalAddr(),
		maxRequest: maxRequestBytes, maxField: maxFieldLength,
	}
}

// run answers requests until one side wants to end.
func (c *conn) run() {
	defer c.raw.Close()
	if !c.endpoint.usable { // no certificate: the client's hello is met by a reset
		c.raw.SetReadDeadline(time.Now().Add(connectionTimeout))
		c.raw.Read(make([]byte, 1))
		reset(c.raw)
		return
	}
	if c.endpoint.Secure {
		t := tls.Server(c.raw, c.server.tls)
		t.SetDeadline(time.Now().Add(connectionTimeout))
		if t.Handshake() != nil {
			return
		}
		t.SetDeadline(time.Time{})
		c.stream = t
	}
	for c.exchange() {
	}
}

// exchange handles one request. It reports whether another may follow.
func (c *conn) exchange() bool {
	if !c.server.conns.busy(c, false) {
		return false
	}
	c.received, c.sent, c.begun = 0, 0, time.Time{}
	h := &head{}
	refused, err := c.readHead(h)
	if err != nil {
		c.timer(err)
		return false
	}
	if !c.server.conns.busy(c, true) {
		return false
	}
	if refused != nil {
		c.refuse(h, refused, nil)
		return false
	}
	return c.answer(h)
}

// timer logs why a connection without a complete request was given up. A client
// that closes an idle connection leaves no line.
func (c *conn) timer(err error) {
	switch {
	case !isTimeout(err):
	case c.begun.IsZero():
		c.server.httperr(c.entry(reasonIdle))
	default:
		c.server.httperr(c.entry(reasonHead)) // its row is mostly "-" (S1)
		reset(c.raw)
	}
}

// readHead reads a head line by line. A head in one piece and one that comes byte
// by byte give the same result.
func (c *conn) readHead(h *head) (*refusal, error) {
	c.stream.SetReadDeadline(time.Now().Add(connectionTimeout))
	if c.w > c.r {
		c.begun = time.Now()
	}
	line, scanned := 0, 0 // offsets from c.r: where the line begins, what holds no line end
	for {
		i := bytes.IndexByte(c.buf[c.r+scanned:c.w], '\n')
		if i < 0 {
			scanned = c.w - c.r
			if r, done, err := c.needMore(h, line, scanned); done || err != nil {
				return r, err
			}
			continue
		}
		end := scanned + i // of the line, with its CR
		scanned = end + 1
		text := c.buf[c.r+line : c.r+end]
		if r := c.checkLine(h, text, scanned); r != nil {
			return r, nil
		}
		last, r := h.take(text[:len(text)-1], line)
		if r != nil {
			return r, nil
		}
		if last {
			r := h.finish(c.buf[c.r : c.r+scanned])
			c.r += scanned
			c.received = int64(scanned)
			return r, nil
		}
		line = scanned
	}
}

// checkLine holds a complete line, with its CR, against the limits; total is the
// size of the head so far.
func (c *conn) checkLine(h *head, line []byte, total int) *refusal {
	switch {
	case len(line) > c.maxField+1:
		return c.tooLong(h)
	case total > c.maxRequest:
		return longRequest
	case len(line) == 0 || line[len(line)-1] != '\r' || bytes.IndexByte(line, '\r') != len(line)-1:
		return badNewline
	}
	return nil
}

func (c *conn) tooLong(h *head) *refusal {
	if h.method == "" {
		return longURL
	}
	return longField
}

// needMore reads on within an incomplete line, or ends where a limit is passed. A
// head that is too long waits a moment for the rest of its line, which tells
// whether that one field is what is too long.
func (c *conn) needMore(h *head, line, scanned int) (r *refusal, done bool, err error) {
	if scanned-line > c.maxField+1 {
		return c.tooLong(h), true, nil
	}
	over := scanned > c.maxRequest
	if over {
		c.stream.SetReadDeadline(time.Now().Add(overflowWait))
	}
	if err := c.fill(); err != nil {
		if over {
			return longRequest, true, nil
		}
		return nil, true, err
	}
	return nil, false, nil
}

// fill reads once behind the bytes in hand.
func (c *conn) fill() error {
	if c.r == c.w {
		c.r, c.w = 0, 0
	}
	if c.w == len(c.buf) {
		if c.r > 0 {
			c.w = copy(c.buf, c.buf[c.r:c.w])
			c.r = 0
		} else {
			c.buf = append(c.buf, make([]byte, max(4096, len(c.buf)))...)
		}
	}
	n, err := c.stream.Read(c.buf[c.w:])
	if n > 0 {
		if c.begun.IsZero() {
			c.begun = time.Now()
			c.stream.SetReadDeadline(c.begun.Add(connectionTimeout))
		}
		c.w += n
		return nil
	}
	return err // nil after an empty read: the caller tries again
}

// refuse sends an answer of HTTP.sys and ends the connection. out is nil where the
// head itself was refused.
func (c *conn) refuse(h *head, r *refusal, out *iis.Outcome) {
	e := c.entry(r.reason)
	e.head, e.status, e.outcome = h, r.code(), out
	answer := Answer{Status: iis.Status(r.code())}
	if out != nil {
		answer.Outcome = *out
	}
	c.out = appendKernel(c.out[:0], r, c.server.options.Now(), h.method == "HEAD")
	c.server.logs.begin()
	c.write(c.out)
	answer.Line, answer.Took = c.server.httperrLine(e), time.Since(c.begun)
	c.server.finish(answer)
	c.linger()
}

// write sends bytes; a client that does not take them within the connection
// time-out is given up.
func (c *conn) write(b []byte) error {
	c.stream.SetWriteDeadline(time.Now().Add(connectionTimeout))
	n, err := c.stream.Write(b)
	c.sent += int64(n)
	return err
}

// linger ends the sending side first and takes what the client still sends: closing
// with unread bytes would reset the connection before the client reads the answer.
func (c *conn) linger() {
	half, ok := c.stream.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || !c.server.conns.busy(c, false) {
		return
	}
	c.raw.SetReadDeadline(time.Now().Add(lingerTime))
	var scratch [4096]byte
	for total := 0; total < lingerBytes; {
		n, err := c.raw.Read(scratch[:])
		if err != nil {
			return
		}
		total += n
	}
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
