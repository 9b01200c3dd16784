// Package iis tells how Internet Information Services 6.0 answers one request:
// pure functions over a snapshot, no sockets, no clock, no state. What several
// requests make together (queues, crashes, sessions) is the server's.
package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// Request is one HTTP request as HTTP.sys hands it on.
type Request struct {
	Method   string
	Secure   bool   // arrived at a secure binding
	IP       string // destination address; "" where it is not known
	Port     int    // destination port
	Host     string // the Host header without its port, "" where there is none
	Path     string // as sent, percent-encoded, beginning with /
	Query    string // without ?
	Header   []Field
	HeadSize int    // bytes of request line and fields as they were read; 0: worked out from them
	ClientIP string // the client's address; "" counts as a remote client
	User     string // credentials sent with Basic, or the name a trace assumes
	Password string
	Trusted  bool // a trace's --user: the credentials count as right
}

// Field is one header field.
type Field struct{ Name, Value string }

// Status is a status as documents cite it: "200", "404.3", "500.16".
type Status string

// Code is the three-digit part.
func (s Status) Code() string { c, _, _ := strings.Cut(string(s), "."); return c }

// Substatus is the part after the dot, "0" where there is none.
func (s Status) Substatus() string {
	if _, sub, ok := strings.Cut(string(s), "."); ok {
		return sub
	}
	return "0"
}

// Failed reports whether the status is 400 or above.
func (s Status) Failed() bool { return s >= "4" }

// Order says how sure the place of a step in the order of steps is, and for an
// assumed one that it rests on evidence that is not there.
type Order string

const (
	Documented Order = "documented"
	Inferred   Order = "inferred"
	Assumed    Order = "assumed" // wins over both
)

// Because is the value, list entry or page line that decided.
type Because struct {
	Span     source.Span
	Key      metabase.Path // the key at which the value is in force by being set there
	Property string
	Value    string // the value or the list entry, "" for a secret
}

// Step is one stage that a request passed or at which it was answered.
type Step struct {
	Stage   string
	Result  string // "pass", "answer" or the refusing status
	Detail  string // one sentence for a person
	Order   Order
	Because *Because // nil where no single value decided
}

// Target is where a request leads.
type Target struct {
	Site     metabase.Path  // /LM/W3SVC/1, "" where no site was found
	SiteID   string         // "1"
	Pool     string         // the application pool's name, "" in IIS 5.0 isolation mode
	Root     metabase.Path  // the virtual directory's key: /LM/W3SVC/1/ROOT/shop
	RootPath source.WinPath // its physical folder
	Key      metabase.Path  // the key path of the URL, which need not exist
	App      metabase.Path  // the application's starting point
	Physical source.WinPath
	URL      string // decoded path without query, as logs write it
}

// Handler is who makes the answer.
type Handler string

const (
	HTTPSys   Handler = "HTTP.sys"
	Static    Handler = "static file"
	Listing   Handler = "directory listing"
	Redirect  Handler = "redirect"
	ASP       Handler = "ASP"
	SSI       Handler = "server-side include"
	ISAPI     Handler = "ISAPI"
	CGI       Handler = "CGI"
	ErrorPage Handler = "error page"
)

// ASPError is the error object of a failed ASP page.
type ASPError struct {
	Code     string // "ASP 0131"
	Title    string // "Disallowed Parent Path"
	Detail   string // the documented sentence
	Category string // "Active Server Pages"; "Server.MapPath()" for object errors
	URL      string // /path/page.asp
	Line     int
}

// Outcome is the answer to one request and why.
type Outcome struct {
	Request      Request
	Target       Target
	Status       Status
	Reason       string // the status in words: "Denied due to MIMEMAP Policy"
	KernelReason string // HTTPERR reason where HTTP.sys itself answers: "Hostname"
	Stage        string // the stage that decided
	Because      *Because
	Steps        []Step
	Handler      Handler
	ContentType  string // static files: the map's type
	DefaultDoc   bool   // a default document was chosen; Target.Physical is that file
	Location     string // redirects
	ASP          *ASPError
	Assumed      bool     // a step before the deciding one rests on missing evidence
	Logged       string   // what a filter put in the place of the query in the log
	Process      *Process // the process that a CGI request starts
	FileAssumed  bool     // the file itself is not in the snapshot: the server says so in its answer
}
