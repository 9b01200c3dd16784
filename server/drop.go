package server

import (
	"errors"
	"net"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// stopped answers for HTTP.sys. With basic load balancing a pool's 503 is a reset
// (LoadBalancerCapabilities 1, cc757659).
func (c *conn) stopped(h *head, r *refusal, out *iis.Outcome) bool {
	if r.code() == "503" && out.Target.Pool != "" && c.server.queueOf(out.Target.Pool).resets {
		c.drop(h, r, out)
		return false
	}
	c.refuse(h, r, out)
	return false
}

// badBody ends a request whose body is malformed or does not come: in time
// (Timer_EntityBody) or at all (Connection_Dropped; that KB820729 means this case
// as well is inferred).
func (c *conn) badBody(h *head, err error, out *iis.Outcome) bool {
	switch {
	case errors.Is(err, errBadChunk):
		c.refuse(h, badRequest, nil)
	case errors.Is(err, errLargeChunk):
		c.refuse(h, largeEntity, nil)
	case isTimeout(err):
		c.lost(reasonBody, h, out)
	case err == errSlowBody: // KB820729 tells of that reason for answers alone
		c.lost(reasonSlow, h, out)
	case !errors.Is(err, net.ErrClosed):
		c.lost(reasonDropped, h, out)
	}
	return false
}

// abandoned drops the connection of a request whose worker process crashed: no
// W3C line, one line in the HTTP error log (KB820729).
func (c *conn) abandoned(h *head, out *iis.Outcome) bool {
	c.lost(reasonAbandoned, h, out)
	return false
}

// lost drops the connection of a request that gets no answer.
func (c *conn) lost(reason string, h *head, out *iis.Outcome) {
	c.drop(h, &refusal{status: "   ", reason: reason}, out)
}

// drop resets the connection and logs why.
func (c *conn) drop(h *head, r *refusal, out *iis.Outcome) {
	e := c.entry(r.reason)
	e.head, e.status, e.outcome = h, strings.TrimSpace(r.code()), out
	answer := Answer{Outcome: *out, Line: c.server.httperrLine(e), Took: c.took()}
	c.server.logs.begin()
	c.done.Store(true)
	c.server.finish(answer)
	reset(c.raw)
}
