// Package server is the reference server: HTTP.sys in front, worker processes
// behind, logs at the end. It obeys package iis for every single answer and keeps
// what one request cannot show: connections, worker processes, rapid-fail protection.
package server

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// Options of a server. The zero value listens on 127.0.0.1 with free ports.
type Options struct {
	Listen   string           // address to listen on, default 127.0.0.1
	ClientIP string           // what logs and IP checks see as the client; default 192.0.2.1
	Now      func() time.Time // the clock of logs and rapid-fail protection; default time.Now, at Speed
	Speed    float64          // seconds of the server's time in a real one, for clock and timers; default 1
	Faults   bool             // a fault folder is served: Fault.Crash exists, unknown statements are errors
	BeginLog bool             // a Begin record for every request, before it is answered
	Logs     string           // a folder of this machine in which the logs are written; "" for none
	Unlogged bool             // no W3C line is made that neither Logs nor BeginLog asks for
	MapPorts bool             // a port for every site: its own name need not be resolved to open it
	Status   bool             // answers carry X-IIS-Status: status, substatus and the stage that decided
	OnAnswer func(Answer)     // called after each finished request, one at a time; may be nil
}

// Answer tells one finished exchange.
type Answer struct {
	Outcome iis.Outcome // zero Target where HTTP.sys answered before a site was found
	Status  iis.Status  // as sent; differs from Outcome.Status where state decided (pool off: 503); "" where the connection was dropped
	Line    Record      // the log line it left; the zero Record where it left none
	Took    time.Duration
	Decided string // what of the server's state decided: "ASP request queue"; "" where the configuration or HTTP.sys did
}

// Server is a running reference server.
type Server struct {
	options  Options
	clock    fastClock
	limits   iis.Limits    // of HTTP.sys
	rate     int64         // MinFileBytesPerSec
	headWait time.Duration // HeaderWaitTimeout, 0 where the connection's time-out holds
	snapshot *snapshot.Snapshot
	tree     *metabase.Tree // never nil after Start
	model    *iis.Model
	decide   func(iis.Request) (o iis.Outcome, alike bool) // the model's DecideAlike
	present  atomic.Pointer[second]
	held     heldFiles
	started  time.Time // stands for the time of files that have none

	endpoints []*endpoint
	tls       *tls.Config
	roots     *x509.CertPool
	plans     plans
	pools     pools
	queues    queues
	sites     sites
	logs      logs
	files     *logFiles
	begins    atomic.Int64 // requests whose beginning was logged
	answering sync.Mutex   // OnAnswer is called one at a time
	clients   sync.Map     // addresses of DialFrom by that of the socket
	answered  atomic.Int64 // requests
	dropped   atomic.Int64 // requests that got no answer
	mapped    map[string]mappedPort

	conns connections
	wait  sync.WaitGroup
}

// errNoBinding is returned by Start for a snapshot that binds nothing.
var errNoBinding = errors.New("no started site has a usable binding")

// Start opens a listener for every endpoint of the snapshot's started sites. Where the
// snapshot's firewall is closed it opens none: a client of this server is then refused
// at once, where one of the real server would wait until its attempt timed out.
// Errors: no site with a usable binding, a listener or a log that cannot be opened.
func Start(s *snapshot.Snapshot, o Options) (*Server, error) {
	if s.Metabase == nil {
		return nil, errNoBinding
	}
	srv := newServer(s, o)
	if err := srv.openLogs(o.Logs); err != nil {
		return nil, err
	}
	if err := srv.listen(iis.Bindings(s.Metabase)); err != nil {
		srv.Close()
		return nil, err
	}
	srv.logs.write(srv.queueEvents()...)
	srv.logs.write(srv.siteEvents()...)
	return srv, nil
}

// newServer prepares a server that listens nowhere yet.
func newServer(s *snapshot.Snapshot, o Options) *Server {
	if o.Listen == "" {
		o.Listen = "127.0.0.1"
	}
	if o.ClientIP == "" {
		o.ClientIP = "192.0.2.1"
	}
	clock := newClock(o)
	o.Now = clock.Now
	srv := &Server{options: o, clock: clock, limits: iis.LimitsOf(s), snapshot: s, tree: s.Metabase, model: iis.New(s), started: o.Now(), roots: x509.NewCertPool()}
	srv.decide = srv.model.DecideAlike
	srv.conns.open, srv.conns.ended = map[*conn]struct{}{}, make(chan struct{})
	srv.conns.most = srv.mostConnections()
	srv.rate, srv.headWait = srv.minRate(), srv.headerWait()
	srv.pools.byName = map[string]*pool{}
	srv.logs.formats = map[string]*w3cFormat{}
	srv.logs.idle = sync.NewCond(&srv.logs.Mutex)
	return srv
}

// Endpoints lists the listeners in a fixed order: by port, address, secure last.
func (s *Server) Endpoints() []Endpoint {
	list := make([]Endpoint, 0, len(s.endpoints))
	for _, e := range s.endpoints {
		list = append(list, e.Endpoint)
	}
	return list
}

// DialFrom is Dial as a client with this address, "" for Options.ClientIP. Models and
// logs see it; the socket's own address is that of this machine.
func (s *Server) DialFrom(client, ip string, port int) (net.Conn, error) {
	c, err := s.Dial(ip, port)
	if err == nil && client != "" {
		s.clients.Store(c.LocalAddr().String(), client)
	}
	return c, err
}

// clientIP is the address that stands for the client of the connection.
func (c *conn) clientIP() string {
	if c.client == "" {
		c.client = c.server.options.ClientIP
		if c.remote != nil {
			if ip, ok := c.server.clients.LoadAndDelete(c.remote.String()); ok {
				c.client = ip.(string)
			}
		}
	}
	return c.client
}

// Dial connects to the listener that stands for ip:port ("" is any address); an
// error like a refused connection where nothing is bound there.
func (s *Server) Dial(ip string, port int) (net.Conn, error) {
	var found *endpoint
	for _, e := range s.endpoints {
		if e.Port != port || (e.IP != "" && e.IP != ip && ip != "") {
			continue
		}
		if e.IP == ip {
			found = e
			break
		}
		if found == nil || found.IP != "" && e.IP == "" {
			found = e
		}
	}
	if found == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused: nothing is bound at " + net.JoinHostPort(ip, strconv.Itoa(port)))}
	}
	if found.Closed {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("connection refused, in the place of a time-out: Windows Firewall lets nobody through to port %d", port)}
	}
	return net.DialTimeout("tcp", found.Addr, 5*time.Second)
}

// RootCAs trusts the certificate made at start, and nothing else.
func (s *Server) RootCAs() *x509.CertPool { return s.roots }
