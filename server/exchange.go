package server

import (
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// answer takes one complete head through the worker process. It reports whether
// the connection may carry another request.
func (c *conn) answer(h *head) bool {
	s := c.server
	out := s.decide(c.request(h))
	if out.Handler == iis.HTTPSys || out.Target.Site == "" {
		return c.stopped(h, refusalOf(&out), &out)
	}
	p, process, off := s.enter(out.Target.Pool)
	if off {
		out := out
		return c.stopped(h, unavailable, &out)
	}
	if h.expect && (h.chunked || h.length > 0) && c.write([]byte("HTTP/1.1 100 Continue\r\n\r\n")) != nil {
		return false
	}
	entity := newBody(c, h)
	if _, err := entity.readAhead(); err != nil {
		return c.badBody(h, err, &out)
	}
	r := s.respond(&out, h)
	if r.file != nil {
		defer r.file.Close()
	}
	if r.crash {
		s.logs.write(s.crash(p, process)...)
	}
	if process.dead.Load() {
		return c.abandoned(h, &out)
	}
	keep := !h.close && !r.close
	return c.send(h, r, &out, keep) && keep && entity.drain()
}

// request is what the model is asked.
func (c *conn) request(h *head) iis.Request {
	r := iis.Request{
		HeadSize: h.size,
		Method:   h.method, Secure: c.endpoint.Secure, IP: c.endpoint.IP, Port: c.endpoint.Port,
		Host: h.hostName(), Path: h.path, Query: h.query, Header: h.fields, ClientIP: c.server.options.ClientIP,
	}
	if r.IP == "" {
		r.IP = iis.AnyAddress
	}
	r.User, r.Password = basic(h.get("Authorization"))
	return r
}

// basic decodes the credentials of Basic authentication (RFC 2617 2).
func basic(field string) (user, password string) {
	scheme, code, ok := strings.Cut(field, " ")
	if !ok || !strings.EqualFold(scheme, "Basic") {
		return "", ""
	}
	text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(code))
	if err != nil {
		return "", ""
	}
	user, password, _ = strings.Cut(string(text), ":")
	return user, password
}

// stopped answers for HTTP.sys. With basic load balancing a pool's 503 is a reset
// (LoadBalancerCapabilities 1, cc757659).
func (c *conn) stopped(h *head, r *refusal, out *iis.Outcome) bool {
	if r.code() == "503" && out.Target.Pool != "" {
		if p := c.server.poolOf(out.Target.Pool); p.resets {
			c.drop(h, r, out)
			return false
		}
	}
	c.refuse(h, r, out)
	return false
}

// badBody ends a request whose body does not come or is malformed.
func (c *conn) badBody(h *head, err error, out *iis.Outcome) bool {
	if errors.Is(err, errBadChunk) {
		c.refuse(h, badRequest, nil)
		return false
	}
	if isTimeout(err) {
		e := c.entry(reasonBody)
		e.head, e.outcome = h, out
		c.server.httperr(e)
		reset(c.raw)
	}
	return false
}

// abandoned drops the connection of a request whose worker process crashed: no
// W3C line, one line in the HTTP error log (KB820729).
func (c *conn) abandoned(h *head, out *iis.Outcome) bool {
	c.drop(h, &refusal{status: "   ", reason: reasonAbandoned}, out)
	return false
}

// drop resets the connection and logs why.
func (c *conn) drop(h *head, r *refusal, out *iis.Outcome) {
	e := c.entry(r.reason)
	e.head, e.status, e.outcome = h, strings.TrimSpace(r.code()), out
	answer := Answer{Outcome: *out, Line: c.server.httperrLine(e), Took: time.Since(c.begun)}
	c.server.logs.begin()
	c.server.finish(answer)
	reset(c.raw)
}

// send writes the answer and, when it is complete, its log line.
func (c *conn) send(h *head, r *response, out *iis.Outcome, keep bool) bool {
	s := c.server
	c.out = r.appendHead(c.out[:0], h, keep)
	s.logs.begin()
	err := c.transmit(h, r)
	e := w3cEntry{
		outcome: out, status: r.status, win32: r.win32, query: r.query, serverIP: c.serverIP(), port: c.endpoint.Port,
		version: h.version, host: h.host, sent: c.sent, received: c.received, took: time.Since(c.begun),
	}
	if err != nil {
		e.win32 = errNetNameGone // seen in logs as 200 0 64
	}
	s.finish(Answer{Outcome: *out, Status: r.status, Line: s.w3cLine(&e), Took: e.took})
	if err == nil && !keep {
		c.linger()
	}
	return err == nil
}

// smallFile is sent together with its head; more goes in pieces, each of which the
// client must take within the connection time-out.
const (
	smallFile = 32 << 10
	pieceSize = 1 << 20
)

func (c *conn) transmit(h *head, r *response) error {
	if h.method == "HEAD" || r.bodyless {
		return c.write(c.out)
	}
	if r.file == nil && len(r.body) <= smallFile {
		c.out = append(c.out, r.body...)
		return c.write(c.out)
	}
	if r.file == nil {
		return c.copyBody(r.body)
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

func (c *conn) copyBody(b []byte) error {
	err := c.write(c.out)
	for len(b) > 0 && err == nil {
		n := min(len(b), pieceSize)
		err = c.write(b[:n])
		b = b[n:]
	}
	return err
}

// copyFile lets the kernel copy where it can. A file that ends early ends the
// connection, as its length was promised.
func (c *conn) copyFile(f fs.File, size int64) error {
	for size > 0 {
		c.stream.SetWriteDeadline(time.Now().Add(connectionTimeout))
		n, err := io.CopyN(c.stream, f, min(size, pieceSize))
		c.sent += n
		size -= n
		if err != nil {
			return err
		}
	}
	return nil
}
