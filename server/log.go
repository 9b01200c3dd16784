package server

import (
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// LogKind is the log a record belongs to.
type LogKind string

const (
	W3C     LogKind = "W3C"     // the site's W3C extended log
	HTTPERR LogKind = "HTTPERR" // HTTP.sys error log
	Event   LogKind = "event"   // the Windows event log
)

// Record is one line of a log.
type Record struct {
	Kind LogKind
	Site string // site ID for W3C
	Line string
}

// maxRecords bounds what the server remembers; older lines are forgotten.
const maxRecords = 1 << 16

// logs holds the lines in order of completion.
type logs struct {
	sync.Mutex
	idle    *sync.Cond
	sending int // answers whose bytes are on their way and whose line is not yet written
	records []Record
	formats map[string]*w3cFormat
}

// begin announces a line: an answer is about to be sent.
func (l *logs) begin() {
	l.Lock()
	l.sending++
	l.Unlock()
}

// end counts an announced answer as done.
func (l *logs) end() {
	l.Lock()
	l.sending--
	l.Unlock()
	l.idle.Broadcast()
}

func (l *logs) write(r ...Record) {
	l.Lock()
	defer l.Unlock()
	for _, r := range r {
		l.add(r)
	}
}

func (l *logs) add(r Record) {
	if r.Kind == "" {
		return
	}
	if len(l.records) >= maxRecords {
		l.records = append(l.records[:0], l.records[maxRecords/2:]...)
	}
	l.records = append(l.records, r)
}

// Records gives the log lines so far, in order of completion, at most the last
// 65,536. A line is written after its answer was sent, so for at most half a second
// Records waits for answers under way: who has read an answer finds its line, and
// OnAnswer was called. OnAnswer itself should use Answer.Line instead.
func (s *Server) Records() []Record {
	l := &s.logs
	l.Lock()
	defer l.Unlock()
	late := false
	timer := time.AfterFunc(500*time.Millisecond, func() {
		l.Lock()
		late = true
		l.Unlock()
		l.idle.Broadcast()
	})
	defer timer.Stop()
	for l.sending > 0 && !late {
		l.idle.Wait()
	}
	return append([]Record(nil), l.records...)
}

// finish ends an announced answer: its line, then OnAnswer, in the same order.
func (s *Server) finish(a Answer) {
	if s.options.OnAnswer == nil {
		s.logs.write(a.Line)
	} else {
		s.answering.Lock()
		s.logs.write(a.Line)
		s.options.OnAnswer(a)
		s.answering.Unlock()
	}
	s.logs.end()
}

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
	b := s.options.Now().UTC().AppendFormat(make([]byte, 0, 160), "2006-01-02 15:04:05")
	_, port := split(e.conn.remote)
	h := e.head
	if h == nil {
		h = &head{}
	}
	site, queue := "", ""
	if e.outcome != nil && e.status != "400" {
		site, queue = e.outcome.Target.SiteID, e.outcome.Target.Pool
	}
	uri := h.target
	if len(uri) > 4096 {
		uri = uri[:4096]
	}
	for _, v := range [...]string{s.options.ClientIP, port, e.conn.serverIP(), strconv.Itoa(e.conn.endpoint.Port),
		h.version, h.method, uri, e.status, site, e.reason, queue} {
		b = appendField(append(b, ' '), v)
	}
	return Record{Kind: HTTPERR, Line: string(b)}
}

// serverIP is the address the client asked: the binding's, or that of the socket.
func (c *conn) serverIP() string {
	if c.endpoint.IP != "" {
		return c.endpoint.IP
	}
	ip, _ := split(c.local)
	return ip
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

// appendField writes one field of a log: "-" where it is empty, "+" for blanks and
// control characters (w3c-logging).
func appendField(b []byte, v string) []byte {
	if v == "" {
		return append(b, '-')
	}
	for i := range len(v) {
		if c := v[i]; c <= ' ' || c == 0x7f {
			b = append(b, '+')
		} else {
			b = append(b, c)
		}
	}
	return b
}

// event is a record of the Windows event log: source, ID and text.
func event(source string, id int, text string) Record {
	return Record{Kind: Event, Line: source + " " + strconv.Itoa(id) + " " + text}
}
