package server

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// Endpoint is one listener and the binding address it stands for.
type Endpoint struct {
	IP     string // "" for all addresses
	Port   int    // the port of the binding
	Secure bool
	Addr   string // 127.0.0.1:49152, "" where Closed
	Closed bool   // Windows Firewall lets no client through: nothing listens

	// With Options.MapPorts: the site that has this port for itself, and whether this
	// is the one of its ports to open first.
	Site  metabase.Path
	Entry bool
}

type endpoint struct {
	Endpoint
	listener net.Listener
	usable   bool          // a plain endpoint, or a secure one with a certificate
	site     metabase.Path // the one site behind it, or the service where there are several
	name     string        // with Options.MapPorts: the Host that requests are taken to have
	timeout  time.Duration // its ConnectionTimeout, which holds before the first request
}

// maxConnections bounds the open connections of the whole server; one more is
// reset, as HTTP.sys refuses connections when memory is short (KB820729). That it does
// the same beyond MaxConnections of the registry (KB820129) is inferred.
const maxConnections = 4096

// mostConnections is that bound, or MaxConnections where that is less.
func (s *Server) mostConnections() int {
	if n := s.limits.MaxConnections.Value; n > 0 {
		return min(n, maxConnections)
	}
	return maxConnections
}

// MaxEndpoints bounds the listeners: a server of thousands of sites may bind more
// addresses than one computer has free ports for. Those with the lowest ports, or with
// Options.MapPorts the first sites, are served.
const MaxEndpoints = 1000

// listen opens one listener for each IP, port and kind that a started site binds.
// Only the number of listeners comes from the snapshot: the address is the
// option's, the port is any free one.
func (s *Server) listen(bindings []iis.Binding) error {
	started := bindings[:0:0]
	for _, b := range bindings {
		if b.Started {
			started = append(started, b)
		}
	}
	if s.options.MapPorts {
		s.endpoints = s.bySite(started)
	} else {
		s.endpoints = s.group(started)
	}
	if len(s.endpoints) == 0 {
		return errNoBinding
	}
	s.endpoints = s.endpoints[:min(len(s.endpoints), MaxEndpoints)]
	if err := s.makeCertificate(started); err != nil {
		return err
	}
	for _, e := range s.endpoints {
		if open, _ := iis.Unfiltered(s.snapshot, s.options.ClientIP, e.Port); open == snapshot.No {
			e.Closed = true
			continue
		}
		l, err := net.Listen(s.network(), net.JoinHostPort(s.options.Listen, "0"))
		if err != nil {
			return fmt.Errorf("cannot listen for port %d of the snapshot: %w", e.Port, err)
		}
		e.listener, e.Addr = l, l.Addr().String()
	}
	if s.options.MapPorts {
		s.mapURLs(started)
	}
	for _, e := range s.endpoints {
		if e.Closed {
			continue
		}
		s.wait.Go(func() { s.accept(e) })
	}
	return nil
}

// network keeps to IPv4 where the address to listen on is one: for 0.0.0.0 "tcp" would
// listen on all addresses of IPv6 as well, which nobody asked for.
func (s *Server) network() string {
	if net.ParseIP(s.options.Listen).To4() != nil {
		return "tcp4"
	}
	return "tcp"
}

func (s *Server) group(bindings []iis.Binding) []*endpoint {
	type key struct {
		ip     string
		port   int
		secure bool
	}
	seen := map[key]*endpoint{}
	var list []*endpoint
	for _, b := range bindings {
		k := key{b.IP, b.Port, b.Secure}
		e := seen[k]
		if e == nil {
			e = &endpoint{Endpoint: Endpoint{IP: b.IP, Port: b.Port, Secure: b.Secure}, usable: !b.Secure, site: b.Site}
			seen[k] = e
			list = append(list, e)
		}
		e.usable = e.usable || s.hasCertificate(b)
		if !e.site.Equal(b.Site) {
			e.site = webService
		}
	}
	for _, e := range list {
		e.timeout = s.connectionTimeout(e.site)
	}
	slices.SortFunc(list, func(a, b *endpoint) int {
		return cmp.Or(cmp.Compare(a.Port, b.Port), cmp.Compare(a.IP, b.IP), compareBool(a.Secure, b.Secure))
	})
	return list
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// accept takes connections until the listener is closed.
func (s *Server) accept(e *endpoint) {
	for {
		c, err := e.listener.Accept()
		if err != nil {
			if ne, ok := err.(net.Error); ok && ne.Timeout() || isTemporary(err) {
				time.Sleep(10 * time.Millisecond) // out of file descriptors: the next try may succeed
				continue
			}
			return
		}
		s.serve(c, e)
	}
}

func isTemporary(err error) bool {
	t, ok := err.(interface{ Temporary() bool })
	return ok && t.Temporary()
}

// serve runs the connection loop on its own goroutine. It takes any net.Conn.
func (s *Server) serve(raw net.Conn, e *endpoint) {
	c := newConn(s, raw, e)
	if !s.conns.add(c) {
		s.httperr(c.entry(reasonRefused))
		reset(raw)
		return
	}
	s.wait.Go(func() {
		defer s.conns.remove(c)
		c.run()
	})
}

// reset closes a connection so that the client sees it reset, not ended.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.Close()
}

// connections are the open connections; idle ones are closed first.
type connections struct {
	sync.Mutex
	open   map[*conn]struct{}
	most   int // that may be open
	closed bool
	ended  chan struct{} // closed when requests under way are cut off
}

func (l *connections) add(c *conn) bool {
	l.Lock()
	defer l.Unlock()
	if l.closed || len(l.open) >= l.most {
		return false
	}
	l.open[c] = struct{}{}
	return true
}

func (l *connections) remove(c *conn) {
	l.Lock()
	defer l.Unlock()
	delete(l.open, c)
}

// busy marks a connection as answering. It reports false where the server is
// closing and no new request may begin.
func (l *connections) busy(c *conn, on bool) bool {
	l.Lock()
	defer l.Unlock()
	c.under = on
	return !l.closed
}

// close ends idle connections, and no new request begins.
func (l *connections) close() {
	l.Lock()
	defer l.Unlock()
	l.closed = true
	for c := range l.open {
		if !c.under {
			c.raw.Close()
		}
	}
}

// cut ends all connections. It gives the number of those that were answering.
func (l *connections) cut() (busy int) {
	l.Lock()
	defer l.Unlock()
	select {
	case <-l.ended:
	default:
		close(l.ended)
	}
	for c := range l.open {
		if c.under && !c.done.Load() {
			busy++
		}
		c.raw.Close()
	}
	return busy
}
