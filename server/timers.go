package server

import (
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// webService is the key of the settings that hold for all sites.
const webService = metabase.Path("/LM/W3SVC")

// Defaults of the timers (ms525597, ms525223).
const (
	defaultTimeout = 120 * time.Second
	defaultRate    = 240 // bytes a second
)

// site is what HTTP.sys keeps for one site.
type site struct {
	timeout time.Duration // ConnectionTimeout
	limit   uint32        // MaxConnections, 0 for none
	open    int           // connections whose last request was for this site
}

// sites holds the sites that were asked so far, and how many connections each has.
type sites struct {
	sync.Mutex
	byKey map[string]*site
}

// siteOf finds the settings of a site, or of the service for its key.
func (s *Server) siteOf(key metabase.Path) *site {
	s.sites.Lock()
	defer s.sites.Unlock()
	if t := s.sites.byKey[key.Fold()]; t != nil {
		return t
	}
	t := &site{timeout: s.connectionTimeout(key), limit: s.maxConnections(key)}
	if s.sites.byKey == nil {
		s.sites.byKey = map[string]*site{}
	}
	s.sites.byKey[key.Fold()] = t
	return t
}

// connectionTimeout: 1 to 65535 seconds, any other number counts as 120 (ms525597).
func (s *Server) connectionTimeout(key metabase.Path) time.Duration {
	n, ok := s.tree.Effective(key, "ConnectionTimeout").Uint()
	if !ok || n < 1 || n > 65535 {
		return defaultTimeout
	}
	return time.Duration(n) * time.Second
}

// maxConnections is 0 where nothing limits a site: MaxConnections is absent or
// 4294967295. That a written 0 limits nothing is inferred.
func (s *Server) maxConnections(key metabase.Path) uint32 {
	n, ok := s.tree.Effective(key, "MaxConnections").Uint()
	if !ok || uint64(n) >= 1<<32-1 {
		return 0
	}
	return uint32(n)
}

// headerWait is the time for a complete head. HeaderWaitTimeout is 0 unless set
// (ms525227); that the connection's time-out holds then is inferred from the two
// minutes that KB820729 calls the default.
func (s *Server) headerWait() time.Duration {
	n, ok := s.tree.Effective(webService, "HeaderWaitTimeout").Uint()
	if !ok || n > 1<<31 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// minRate is MinFileBytesPerSec, the bytes a second below which a connection is
// ended (cc738006). That 0 switches the timer off is inferred.
func (s *Server) minRate() int64 {
	if n, ok := s.tree.Effective(webService, "MinFileBytesPerSec").Uint(); ok {
		return int64(n)
	}
	return defaultRate
}

// join counts the connection with the site of its latest request. It reports false
// where the site has as many as MaxConnections allows.
func (c *conn) join(t *site) bool {
	if t == c.site {
		return true
	}
	all := &c.server.sites
	all.Lock()
	defer all.Unlock()
	if t.limit != 0 && t.open >= int(t.limit) {
		return false
	}
	if c.site != nil {
		c.site.open--
	}
	t.open++
	c.site = t
	return true
}

// part ends what join counted.
func (c *conn) part() {
	all := &c.server.sites
	all.Lock()
	defer all.Unlock()
	if c.site != nil {
		c.site.open--
		c.site = nil
	}
}

// timeout is the connection's ConnectionTimeout. Before the first request it is
// that of the one site of the endpoint, of several the service's: inferred.
func (c *conn) timeout() time.Duration {
	if c.site != nil {
		return c.site.timeout
	}
	if c.endpoint.timeout > 0 {
		return c.endpoint.timeout
	}
	return c.server.siteOf(webService).timeout
}

// deadlineSlack is how early a deadline may be that stays from a moment ago, where
// deadlines are further off than longDeadline: setting one costs as much as parsing
// a head.
const (
	deadlineSlack = 20 * time.Millisecond
	longDeadline  = 10 * time.Second
)

// stays reports whether the deadline that was set will do for a new one.
func (c *conn) stays(set, by time.Time) bool {
	late := by.Sub(set)
	return late >= 0 && late < deadlineSlack && c.server.clock.real(c.timeout()) >= longDeadline
}

// readUntil sets the moment by which the client must have sent something.
func (c *conn) readUntil(by time.Time) {
	if !c.stays(c.readBy, by) {
		c.readBy = by
		c.stream.SetReadDeadline(by)
	}
}

// writeUntil sets the moment by which the client must have taken what is sent.
func (c *conn) writeUntil(by time.Time) {
	if !c.stays(c.writeBy, by) {
		c.writeBy = by
		c.stream.SetWriteDeadline(by)
	}
}

// deadline is the moment at which the server's d is over, from now.
func (c *conn) deadline(d time.Duration) time.Time { return c.server.clock.after(time.Now(), d) }
