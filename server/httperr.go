package server

import (
	"net"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// entry is what one line of the HTTP error log tells.
type entry struct {
	conn    *conn
	head    *head
	status  string
	outcome *iis.Outcome // names site and pool of a request that reached them
	reason  string
}

func (c *conn) entry(reason string) entry { return entry{conn: c, reason: reason} }

func (s *Server) httperr(e entry) { s.logs.write(s.httperrLine(e)) }

// httperrLine has the columns date time c-ip c-port s-ip s-port cs-version
// cs-method cs-uri sc-status s-siteid s-reason s-queuename (KB820729).
func (s *Server) httperrLine(e entry) Record {
	now := s.second()
	b := append(append(append(make([]byte, 0, 160), now.date...), ' '), now.time...)
	_, port := split(e.conn.remote)
	h := e.head
	if h == nil {
		h = &head{}
	}
	site, queue := "", ""
	if e.outcome != nil {
		site, queue = e.outcome.Target.SiteID, e.outcome.Target.Pool
	}
	uri := uriOf(h, e.outcome)
	if len(uri) > 4096 {
		uri = uri[:4096]
	}
	for _, v := range [...]string{e.conn.clientIP(), port, e.conn.serverIP(), strconv.Itoa(e.conn.endpoint.Port),
		versionOf(h), h.method, uri, e.status, site, e.reason, queue} {
		b = appendField(append(b, ' '), v)
	}
	return Record{Kind: HTTPERR, Line: string(b)}
}

// uriOf is the decoded URL with the query where HTTP.sys came to decode it, else the
// URL as it was sent (KB820729, cc783622).
func uriOf(h *head, out *iis.Outcome) string {
	if out == nil || out.Target.URL == "" || out.Target.Site == "" {
		return h.target
	}
	if h.query == "" {
		return out.Target.URL
	}
	return out.Target.URL + "?" + h.query
}

// versionOf is the version as sent; one with a number of two digits is not shown (KB820729).
func versionOf(h *head) string {
	major, minor, _ := strings.Cut(strings.TrimPrefix(h.version, "HTTP/"), ".")
	if len(major) > 1 || len(minor) > 1 {
		return "HTTP/?.?"
	}
	return h.version
}

// serverIP is the address the client asked: the binding's, or that of the socket.
func (c *conn) serverIP() string {
	if c.asked == "" {
		if c.asked = c.endpoint.IP; c.asked == "" {
			c.asked, _ = split(c.local)
		}
	}
	return c.asked
}

func split(a net.Addr) (ip, port string) {
	if a == nil {
		return "", ""
	}
	ip, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return "", ""
	}
	return ip, port
}
