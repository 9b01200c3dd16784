package server

import (
	"fmt"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// bufferLimit is the error of a page that exceeds AspBufferingLimit (KB944886).
const bufferLimit = "ASP 0251 : 80004005"

// output is what a page writes.
type output struct {
	body     []byte // not yet flushed
	sent     []byte // flushed, framed as chunks
	limit    int    // AspBufferingLimit
	direct   bool   // buffering is off: every write is flushed
	flushed  bool
	mime     string
	charset  string
	status   string // Response.Status: "404 Not Found"
	location string
	expires  *time.Time
	private  string // Cache-control
	headers  [][2]string
	log      string // Response.AppendToLog
}

// write adds to the response; beyond AspBufferingLimit the page fails (KB944886).
func (o *output) write(s string) error {
	limit := o.limit
	if o.direct {
		limit = maxOutput
	}
	if len(o.body)+len(s) > limit || len(o.sent)+len(s) > maxOutput {
		return &fault{iis.ASPError{Category: "Response object", Code: bufferLimit, Title: "Response Buffer Limit Exceeded",
			Detail: "Execution of the ASP page caused the Response Buffer to exceed its configured limit."}}
	}
	o.body = append(o.body, s...)
	if o.direct {
		o.flush()
	}
	return nil
}

// flush sends what was written so far as one chunk.
func (o *output) flush() {
	o.flushed = true
	if len(o.body) > 0 {
		o.sent = fmt.Appendf(o.sent, "%x\r\n", len(o.body))
		o.sent = append(append(o.sent, o.body...), "\r\n"...)
		o.body = o.body[:0]
	}
}

func (x *exchange) bufferingLimit() int {
	if n, ok := x.tree.Effective(x.out.Target.Key, "AspBufferingLimit").Uint(); ok && n > 0 && n < maxOutput {
		return int(n)
	}
	return 4194304 // ms525972
}

// answer is the whole response of a page that ran. What was flushed goes as chunks,
// which a client of HTTP/1.0 does not know: it gets the bytes and the end of the
// connection.
func (r *run) answer(status iis.Status) *response {
	o := &r.out
	phrase := ""
	if code, words, _ := strings.Cut(o.status, " "); o.status != "" {
		status, phrase = iis.Status(code), words
	}
	if !o.flushed {
		a := r.head(status, int64(len(o.body)))
		a.body, a.phrase, a.query = o.body, phrase, r.logged()
		return a
	}
	o.flush()
	a := r.head(status, -1)
	a.phrase, a.query = phrase, r.logged()
	if a.body = append(o.sent, "0\r\n\r\n"...); r.x.head.old {
		a.body, a.close = plain(o.sent), true
	}
	return a
}

// plain takes the framing of chunks off again.
func plain(chunks []byte) (out []byte) {
	for len(chunks) > 0 {
		var n int
		fmt.Sscanf(string(chunks[:min(len(chunks), 16)]), "%x", &n)
		from := strings.Index(string(chunks[:min(len(chunks), 16)]), "\r\n") + 2
		out = append(out, chunks[from:from+n]...)
		chunks = chunks[from+n+2:]
	}
	return out
}

func (r *run) logged() string {
	return r.x.out.Request.Query + strings.ReplaceAll(r.out.log, ",", "")
}

// head has the order of fields of ASP: [Connection], Date, Server, X-Powered-By,
// Content-Length, Content-Type, [Expires], Set-Cookie, Cache-control (captured).
// The places of Location and of the page's own fields are not documented.
func (r *run) head(status iis.Status, length int64) *response {
	x, o := r.x, &r.out
	a := &response{status: status, first: true}
	x.addDate(a)
	a.add("Server", product)
	x.addCustom(a)
	for _, h := range o.headers {
		a.add(h[0], h[1])
	}
	if o.location != "" {
		a.add("Location", o.location)
	}
	switch {
	case length >= 0:
		a.addLength(length)
	case !x.head.old:
		a.add("Transfer-Encoding", "chunked")
	}
	mime := o.mime
	if o.charset != "" {
		mime += "; Charset=" + o.charset
	}
	a.add("Content-Type", mime)
	if o.expires != nil {
		a.addTime("Expires", *o.expires)
	}
	a.fields = r.withCookie(a.fields)
	private := o.private
	if private == "" {
		private = "private"
	}
	a.add("Cache-control", private)
	return a
}

// withCookie adds the session's cookie where the client does not have it yet. On an
// error page its place behind the other fields is not documented.
func (r *run) withCookie(fields []byte) []byte {
	if r.session == nil || !r.session.fresh {
		return fields
	}
	return append(append(fields, "Set-Cookie: "+r.cookieName()+"="+r.session.id+"; path=/"...), "\r\n"...)
}

// moved is the answer of Response.Redirect; its words are not documented.
func (r *run) moved() *response {
	r.out.body = []byte("<head><title>Object moved</title></head>\n<body><h1>Object Moved</h1>This object may be found <a HREF=\"" +
		escape(r.out.location) + "\">here</a>.</body>\n")
	r.out.flushed, r.out.mime, r.out.status = false, "text/html", ""
	a := r.answer("302")
	a.phrase = "Object moved"
	return a
}

// aspAnswer is an answer in the order of an ASP page that did not run.
func (x *exchange) aspAnswer(status iis.Status, mime string, body []byte) *response {
	r := &run{Server: x.Server, x: x, out: output{mime: mime, body: body}}
	return r.answer(status)
}
