package server

import (
	"fmt"
	"io"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
)

// exchange is one request inside the worker process.
type exchange struct {
	*Server
	plan    *plan
	out     *iis.Outcome
	head    *head
	process *process
	inner   bool      // a URL of HttpErrors answers
	entity  io.Reader // the request's body without its framing
}

// respond makes the answer that the outcome tells.
func (s *Server) respond(p *plan, out *iis.Outcome, h *head, w *process, entity io.Reader) *response {
	x := &exchange{Server: s, plan: p, out: out, head: h, process: w, entity: entity}
	number := s.logBegin(p, out)
	s.startSite(w, p)
	r := x.answer()
	r.number = number
	if r.status == "" {
		r.status = out.Status
	}
	switch {
	case out.Logged != "":
		r.query = out.Logged
	case r.query == "":
		r.query = out.Request.Query
	}
	if r.win32 == 0 && r.status.Failed() && out.ASP == nil && !x.inner {
		r.win32 = x.win32()
	}
	r.close = r.close || p.closes
	s.showStatus(r, out)
	return r
}

func (x *exchange) answer() *response {
	o := x.out
	switch {
	case o.Request.Method == "TRACE" && !o.Status.Failed():
		if x.traces() {
			return x.trace()
		}
		return x.errorPage("501") // off by default, whatever a script map lists (cc786149); 501 is inferred
	case o.ASP != nil:
		return x.aspError(o.ASP)
	case o.Location != "":
		return x.redirect()
	case o.Stage == iis.StageSSI:
		return x.failedSSI()
	case o.Stage == iis.StageImage:
		return x.failedImage()
	case o.Status.Failed():
		return x.errorPage(o.Status)
	case o.FileAssumed:
		return x.notice("This file is not in the snapshot",
			"IIS would go on with "+string(o.Target.Physical)+". The file was not collected, so its content is not known; it is assumed to exist.")
	}
	switch o.Handler {
	case iis.Static:
		if o.Request.Method == "OPTIONS" {
			return x.optionsAnswer()
		}
		return x.static()
	case iis.Listing:
		return x.listing()
	case iis.ASP:
		return x.page()
	case iis.SSI:
		return x.ssi()
	case iis.CGI:
		return x.cgi()
	}
	return x.elsewhere()
}

// failedImage is a DLL that cannot be loaded (event 2220, cc758052).
func (x *exchange) failedImage() *response {
	x.logs.write(x.event("Error", sourceWP, 2220, fmt.Sprintf(
		"The HTTP server was unable to load the ISAPI application '%s'. The data is the error.", programIn(x.out.Because.Value))))
	return x.errorPage(x.out.Status)
}

// programIn is the second field of a script map.
func programIn(entry string) string {
	if f := strings.Split(entry, ","); len(f) > 1 {
		return f[1]
	}
	return entry
}

// elsewhere stands for a handler that this server does not run: an ISAPI extension,
// such as that of ASP.NET.
func (x *exchange) elsewhere() *response {
	return x.notice("Reached the handler", "The request reached "+string(x.out.Handler)+" ("+string(x.out.Target.Physical)+"), which this server does not run.")
}

// win32 is the status' usual error, but "path not found" where the folder is what
// is missing. That IIS 6 tells them apart here is not documented.
func (x *exchange) win32() uint32 {
	t := &x.out.Target
	code := win32Of(x.out.Status)
	if x.out.Stage == iis.StageMapping {
		return errPathNotFound
	}
	if code == errFileNotFound && t.Physical != "" && !t.Physical.Dir().Within(t.RootPath) {
		return errPathNotFound
	}
	if code == errFileNotFound && t.Physical != "" && !x.snapshot.Content.HasFolder(t.Physical.Dir()) {
		return errPathNotFound
	}
	return code
}

// product is what every answer of a worker process names.
const product = "Microsoft-IIS/6.0"

// finish adds the fields that every answer of a worker process has last.
func (x *exchange) finish(r *response) *response {
	r.add("Server", product)
	x.addCustom(r)
	x.addDate(r)
	return r
}

// addCustom adds HttpCustomHeaders, where X-Powered-By stands.
func (x *exchange) addCustom(r *response) { r.fields = append(r.fields, x.plan.custom...) }

func isFieldName(s string) bool {
	for i := range len(s) {
		if !isToken(s[i]) {
			return false
		}
	}
	return s != ""
}

// isFraming names the fields that tell where an answer ends; they are never taken
// from a snapshot.
func isFraming(name string) bool {
	return strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Connection")
}

// html is an answer with a body in the order of IIS error pages: Content-Length,
// Content-Type, [extra], Server, X-Powered-By, Date (captured).
func (x *exchange) html(status iis.Status, body []byte, extra ...[2]string) *response {
	r := &response{status: status, body: body}
	r.addLength(int64(len(body)))
	r.add("Content-Type", "text/html")
	for _, f := range extra {
		if f[0] == "Location" {
			r.add(f[0], f[1])
		}
	}
	r.add("Server", product)
	for _, f := range extra {
		if f[0] != "Location" {
			r.add(f[0], f[1])
		}
	}
	x.addCustom(r)
	x.addDate(r)
	return r
}

// url is an absolute URL of this server as the client addressed it.
func (x *exchange) url(path string) string {
	scheme := "http://"
	if x.out.Request.Secure {
		scheme = "https://"
	}
	host := x.head.host
	if host == "" { // HTTP/1.0 without Host
		host = x.options.Listen
	}
	return scheme + host + path
}

func (s *Server) isTrue(key metabase.Path, property string) bool {
	on, ok := s.tree.Effective(key, property).Bool()
	return ok && on
}

func (s *Server) isFalse(key metabase.Path, property string) bool {
	on, ok := s.tree.Effective(key, property).Bool()
	return ok && !on
}

// notice is a page in this server's own words, answered 200.
func (x *exchange) notice(title, text string) *response {
	r := &response{status: "200", body: noticePage(title, text)}
	r.addLength(int64(len(r.body)))
	r.add("Content-Type", "text/html")
	return x.finish(r)
}

// notModelled makes a fault folder fail visibly where it needs what this server
// does not know.
func (x *exchange) notModelled(text string) *response {
	return x.html("500", noticePage("statement not modelled", text))
}
