package server

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// answer takes one complete head through HTTP.sys and a worker process. It reports
// whether the connection may carry another request.
func (c *conn) answer(h *head) bool {
	c.pretend(h)
	r := c.request(h)
	p := c.server.decision(&r)
	out := p.outcome
	out.Request = r
	if p.site != nil && !c.join(p.site) {
		c.refuse(h, connLimit, &out)
		return false
	}
	if p.queue == nil {
		return c.stopped(h, refusalOf(&out), &out)
	}
	if c.certificateWanted(h, &out) {
		c.refuse(h, largeEntity, &out)
		return false
	}
	if !p.queue.enter() {
		return c.stopped(h, queueFull, &out)
	}
	entity := newBody(c, h)
	keep := c.work(p, h, &out, entity)
	p.queue.leave()
	return keep && entity.drain()
}

// work has the request answered by a worker process. A thread of the process is
// taken only while a handler runs, not while a slow client sends or receives.
func (c *conn) work(p *plan, h *head, out *iis.Outcome, entity *body) bool {
	s, q := c.server, p.queue
	if !c.await(q, h, out) {
		return false
	}
	q.release()
	process, off := s.enter(p.pool)
	if off {
		return c.stopped(h, s.closed(p.pool), out)
	}
	defer s.leave(process)
	if h.expect && (h.chunked || h.length > 0) && c.write([]byte("HTTP/1.1 100 Continue\r\n\r\n")) != nil {
		return false
	}
	ahead, err := entity.readAhead()
	if err != nil {
		return c.badBody(h, err, out)
	}
	if !c.await(q, h, out) {
		return false
	}
	var all io.Reader = entity
	if len(ahead) > 0 {
		all = io.MultiReader(bytes.NewReader(ahead), entity)
	}
	r := s.respond(p, out, h, process, all)
	q.release()
	c.localise(h, r)
	if r.file != nil {
		defer r.file.Close()
	}
	if r.crash {
		s.logs.write(s.crash(p.pool, process)...)
	}
	if process.dead.Load() {
		return c.abandoned(h, out)
	}
	if entity.failed != nil {
		return c.badBody(h, entity.failed, out)
	}
	keep := !h.close && !r.close
	return c.send(h, r, p, out, keep) && keep
}

// certificateWanted reports a body that is larger than UploadReadAheadSize where IIS
// would ask for the client's certificate first: it answers 413 and closes (cc737382).
func (c *conn) certificateWanted(h *head, out *iis.Outcome) bool {
	if !c.endpoint.Secure || h.length <= readAhead {
		return false
	}
	tree, key := c.server.tree, out.Target.Key
	if !tree.Effective(key, "AccessSSLFlags").Has("AccessSSLNegotiateCert") {
		return false
	}
	n, ok := tree.Effective(key, "UploadReadAheadSize").Uint()
	return !ok || h.length > int64(n)
}

// request is what the model is asked.
func (c *conn) request(h *head) iis.Request {
	r := iis.Request{
		HeadSize: h.size,
		Method:   h.method, Secure: c.endpoint.Secure, IP: c.endpoint.IP, Port: c.endpoint.Port,
		Host: h.hostName(), Path: h.path, Query: h.query, Header: h.fields, ClientIP: c.clientIP(),
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
