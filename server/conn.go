package server

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// How the server ends a connection whose client sends on; none of it is documented.
const (
	lingerTime   = 2 * time.Second
	lingerBytes  = 1 << 20
	overflowWait = time.Second // for the rest of a line that is too long already
)

// conn is one connection in front of the worker processes.
type conn struct {
	server   *Server
	endpoint *endpoint
	raw      net.Conn // what was accepted
	stream   net.Conn // raw, or TLS over it
	remote   net.Addr
	local    net.Addr
	asked    string // serverIP, once it is worked out
	client   string // clientIP, likewise

	buf      []byte // bytes read and not yet used are buf[r:w]
	r, w     int
	out      []byte    // the answer's head, reused
	at       []fieldAt // of a head, reused
	two      [2][]byte // what both begins as
	both     net.Buffers
	received int64     // bytes of the request under way
	sent     int64     // bytes of its answer
	begun    time.Time // when its first byte came; zero while the connection is idle
	paced    time.Time // when its answer began to be sent

	readBy  time.Time // deadlines as they are set
	writeBy time.Time
	timed   bool        // the deadline is that of the head under way
	under   bool        // a request is under way; guarded by the lock of the connections
	done    atomic.Bool // that request has its answer
	lingers bool        // the last answer is on its way to a client that may still send
	site    *site       // of the latest request
}

func newConn(s *Server, raw net.Conn, e *endpoint) *conn {
	return &conn{server: s, endpoint: e, raw: raw, stream: raw, remote: raw.RemoteAddr(), local: raw.LocalAddr()}
}

// run answers requests until one side wants to end.
func (c *conn) run() {
	defer c.raw.Close()
	defer c.part()
	if !c.endpoint.usable { // no certificate: the client's hello is met by a reset
		c.raw.SetReadDeadline(c.deadline(c.timeout()))
		c.raw.Read(make([]byte, 1))
		reset(c.raw)
		return
	}
	if c.endpoint.Secure {
		t := tls.Server(c.raw, c.server.tls)
		t.SetDeadline(c.deadline(c.timeout()))
		if t.Handshake() != nil {
			return
		}
		t.SetDeadline(time.Time{})
		c.stream = t
	}
	for c.exchange() {
	}
	if c.lingers {
		c.linger()
	}
}

// exchange handles one request. It reports whether another may follow.
func (c *conn) exchange() bool {
	if !c.server.conns.busy(c, false) {
		return false
	}
	c.received, c.sent, c.begun = 0, 0, time.Time{}
	h := &head{at: c.at[:0]}
	refused, err := c.readHead(h)
	if err != nil {
		c.ended(h, err)
		return false
	}
	c.done.Store(false)
	if !c.server.conns.busy(c, true) {
		return false
	}
	if refused != nil {
		c.refuse(h, refused, nil)
		return false
	}
	return c.answer(h)
}

// ended logs why a connection without a complete request was given up. A client
// that closes an idle connection leaves no line; that one that closes within a head
// leaves Client_Reset is inferred. Time-outs end in a reset (cc759448).
func (c *conn) ended(h *head, err error) {
	begun := h.method != "" || len(bytes.Trim(c.buf[c.r:c.w], "\r\n")) > 0
	switch {
	case isTimeout(err) && begun:
		c.server.httperr(c.entry(reasonHead)) // its row is mostly "-" (S1)
	case isTimeout(err):
		c.server.httperr(c.entry(reasonIdle))
	case begun && !errors.Is(err, net.ErrClosed):
		c.server.httperr(c.entry(reasonReset))
		return
	default:
		return
	}
	reset(c.raw)
}

// readHead reads a head line by line. A head in one piece and one that comes byte
// by byte give the same result.
func (c *conn) readHead(h *head) (*refusal, error) {
	c.timed = false
	if c.w > c.r {
		c.begun = time.Now()
	} else {
		c.readUntil(c.deadline(c.timeout()))
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
			c.at, h.at = h.at, nil
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
	case h.tooLong(line, c.server.limits.MaxFieldLength.Value):
		return h.overlong()
	case total > c.server.limits.MaxRequestBytes.Value:
		return longRequest
	case len(line) == 0 || line[len(line)-1] != '\r' || bytes.IndexByte(line, '\r') != len(line)-1:
		return badNewline
	}
	return nil
}

// needMore reads on within an incomplete line, or ends where a limit is passed. A
// head that is too long waits a moment for the rest of its line, which tells
// whether that one field is what is too long.
func (c *conn) needMore(h *head, line, scanned int) (r *refusal, done bool, err error) {
	if h.tooLong(c.buf[c.r+line:c.w], c.server.limits.MaxFieldLength.Value) {
		return h.overlong(), true, nil
	}
	over := scanned > c.server.limits.MaxRequestBytes.Value
	if over {
		c.readUntil(time.Now().Add(overflowWait))
	} else if !c.begun.IsZero() && !c.timed {
		c.timeHead()
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
		}
		c.w += n
		return nil
	}
	return err // nil after an empty read: the caller tries again
}

// timeHead limits the time that a complete head may take, from its first byte on.
// Bytes that follow do not prolong it.
func (c *conn) timeHead() {
	allowed := c.server.headWait
	if allowed == 0 {
		allowed = c.timeout()
	}
	c.timed = true
	c.readUntil(c.server.clock.after(c.begun, allowed))
}

// took is the time since the request's first byte.
func (c *conn) took() time.Duration { return c.server.clock.since(c.begun) }

// refuse sends an answer of HTTP.sys and ends the connection. out is nil where the
// head itself was refused.
func (c *conn) refuse(h *head, r *refusal, out *iis.Outcome) {
	e := c.entry(r.reason)
	e.head, e.status, e.outcome = h, r.code(), out
	answer := Answer{Status: iis.Status(r.code())}
	if out != nil {
		answer.Outcome = *out
	}
	answer.Line = c.server.httperrLine(e)
	c.out = appendKernel(c.out[:0], r, c.server.second().http, h.method == "HEAD")
	c.out = c.server.showRefusal(c.out, &answer)
	c.server.logs.begin()
	c.write(c.out)
	answer.Took = c.took()
	c.done.Store(true)
	c.server.finish(answer)
	c.lingers = true
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
