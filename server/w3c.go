package server

import (
	"strconv"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
)

// defaultLogFields is used where LogExtFileFlags is set nowhere: the documented
// internal default (ms524906); the schema's own default names only five fields.
const defaultLogFields = 0x218FCF

// w3cColumns are the columns in the order of IIS 6.0 logs, with their bits of
// LogExtFileFlags (IIScnfg.h).
var w3cColumns = [...]struct {
	bit  uint32
	name string
}{
	{0x1, "date"}, {0x2, "time"}, {0x10, "s-sitename"}, {0x20, "s-computername"}, {0x40, "s-ip"},
	{0x80, "cs-method"}, {0x100, "cs-uri-stem"}, {0x200, "cs-uri-query"}, {0x8000, "s-port"},
	{0x8, "cs-username"}, {0x4, "c-ip"}, {0x80000, "cs-version"}, {0x10000, "cs(User-Agent)"},
	{0x20000, "cs(Cookie)"}, {0x40000, "cs(Referer)"}, {0x100000, "cs-host"}, {0x400, "sc-status"},
	{0x200000, "sc-substatus"}, {0x800, "sc-win32-status"}, {0x1000, "sc-bytes"}, {0x2000, "cs-bytes"},
	{0x4000, "time-taken"},
}

// w3cFormat is how one site logs.
type w3cFormat struct {
	flags    uint32
	columns  []uint32 // the bits of flags in the order of the columns
	off      bool     // LogType 0
	computer string
}

// format reads the site's settings once; the snapshot does not change.
func (s *Server) format(site metabase.Path) *w3cFormat {
	s.logs.reading.Lock()
	defer s.logs.reading.Unlock()
	if f := s.logs.formats[site.Fold()]; f != nil {
		return f
	}
	f := &w3cFormat{flags: defaultLogFields, computer: s.computer()}
	if v := s.tree.Effective(site, "LogExtFileFlags"); v.IsSet() {
		if n, ok := v.Uint(); ok {
			f.flags = n
		}
	}
	if v := s.tree.Effective(site, "LogType"); v.IsSet() {
		n, ok := v.Uint()
		f.off = ok && n == 0
	}
	for _, c := range w3cColumns {
		if f.flags&c.bit != 0 {
			f.columns = append(f.columns, c.bit)
		}
	}
	s.logs.formats[site.Fold()] = f
	return f
}

// computer is the server's name as the account that setup made tells it.
func (s *Server) computer() string {
	name, _ := strings.CutPrefix(s.tree.Effective("/LM/W3SVC", "AnonymousUserName").Text(), "IUSR_")
	if strings.ContainsAny(name, `\@ `) {
		return ""
	}
	return name
}

// W3CHeader gives the directive lines at the head of the site's log; site is its
// ID. The date is that of the server's start.
func (s *Server) W3CHeader(site string) []string {
	f := s.format(metabase.Path("/LM/W3SVC").Join(site))
	fields := "#Fields:"
	for _, c := range w3cColumns {
		if f.flags&c.bit != 0 {
			fields += " " + c.name
		}
	}
	return []string{
		"#Software: Microsoft Internet Information Services 6.0",
		"#Version: 1.0",
		"#Date: " + s.started.UTC().Format("2006-01-02 15:04:05"),
		fields,
	}
}

// w3cEntry is what one line of a site's log tells.
type w3cEntry struct {
	plan     *plan
	outcome  *iis.Outcome
	status   iis.Status
	win32    uint32
	query    string
	serverIP string
	port     int
	version  string
	host     string
	sent     int64
	received int64
	took     time.Duration
	number   int  // pairs the line with that of the beginning; 0 where none was written
	begin    bool // the line of the request's beginning
}

// w3cLine writes a line, or the zero record where the site or the key logs nothing.
func (s *Server) w3cLine(e *w3cEntry) Record {
	o := e.outcome
	f := e.plan.format
	if e.plan.silent || e.plan.drops && !e.begin || s.options.Unlogged && !s.options.BeginLog && s.options.Logs == "" {
		return Record{}
	}
	now := s.second()
	b := make([]byte, 0, 256)
	for _, column := range f.columns {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		if e.begin && column&atEnd != 0 {
			b = append(b, '-')
			continue
		}
		b = s.appendColumn(b, column, e, f, now)
	}
	return Record{Kind: W3C, Site: o.Target.SiteID, Line: string(b), Number: e.number}
}

func (s *Server) appendColumn(b []byte, bit uint32, e *w3cEntry, f *w3cFormat, now *second) []byte {
	r := &e.outcome.Request
	switch bit {
	case 0x1:
		return append(b, now.date...)
	case 0x2:
		return append(b, now.time...)
	case 0x10:
		return appendField(append(b, "W3SVC"...), e.outcome.Target.SiteID)
	case 0x20:
		return appendField(b, f.computer)
	case 0x40:
		return appendField(b, e.serverIP)
	case 0x80:
		return appendField(b, r.Method)
	case 0x100:
		return appendField(b, e.outcome.Target.URL)
	case 0x200:
		return appendField(b, e.query)
	case 0x8000:
		return strconv.AppendInt(b, int64(e.port), 10)
	case 0x8:
		return appendField(b, r.User)
	case 0x4:
		if r.ClientIP == "" {
			return appendField(b, s.options.ClientIP)
		}
		return appendField(b, r.ClientIP)
	case 0x80000:
		return appendField(b, e.version)
	case 0x10000:
		return appendField(b, headerOf(r, "User-Agent"))
	case 0x20000:
		return appendField(b, headerOf(r, "Cookie"))
	case 0x40000:
		return appendField(b, headerOf(r, "Referer"))
	case 0x100000:
		return appendField(b, e.host)
	case 0x400:
		return appendField(b, e.status.Code())
	case 0x200000:
		return appendField(b, e.status.Substatus())
	case 0x800:
		return strconv.AppendUint(b, uint64(e.win32), 10)
	case 0x1000:
		return strconv.AppendInt(b, e.sent, 10)
	case 0x2000:
		return strconv.AppendInt(b, e.received, 10)
	default:
		return strconv.AppendInt(b, e.took.Milliseconds(), 10)
	}
}

func headerOf(r *iis.Request, name string) string {
	for i := range r.Header {
		if strings.EqualFold(r.Header[i].Name, name) {
			return r.Header[i].Value
		}
	}
	return ""
}
