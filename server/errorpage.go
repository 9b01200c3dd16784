package server

import (
	"io"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// maxErrorFile bounds a custom error file.
const maxErrorFile = 1 << 20

// errorPage answers with the page that HttpErrors names for the status.
func (x *exchange) errorPage(status iis.Status) *response {
	if status == "501" {
		return x.empty(status) // captured without Content-Type
	}
	if kind, target := x.customError(status); kind == "URL" {
		if r, ok := x.byURL(status.Code(), target); ok {
			return r
		}
	}
	extra := x.challenges(status)
	if status == "405" {
		extra = [][2]string{{"Allow", allowed}} // its place is inferred
	}
	return x.html(status, x.errorBody(status), extra...)
}

// byURL answers with another URL of the site, as an entry URL of HttpErrors asks
// for: a page of ASP gets the failed request in its query, "404;http://host/path".
// That the answer has the status of that page, and that the log shows its URL, is
// inferred. ok is false where that URL fails itself.
func (x *exchange) byURL(code, target string) (r *response, ok bool) {
	if x.inner || !strings.HasPrefix(target, "/") {
		return nil, false
	}
	q := x.out.Request
	q.Method, q.Path = "GET", escapePath(target)
	q.Query = code + ";" + x.url(x.out.Request.Path)
	if x.out.Request.Query != "" {
		q.Query += "?" + x.out.Request.Query
	}
	out := x.model.Decide(q)
	if out.Status.Failed() || out.Location != "" || !strings.EqualFold(out.Target.Pool, x.out.Target.Pool) {
		return nil, false
	}
	y := *x
	y.plan, y.out, y.inner = x.newPlan(out), &out, true
	r = y.answer()
	if r.status == "" {
		r.status = out.Status
	}
	if r.query == "" {
		r.query = q.Query
	}
	x.out.Target.URL, x.inner = out.Target.URL, true
	return r, true
}

func (x *exchange) empty(status iis.Status) *response {
	r := &response{status: status}
	r.addLength(0)
	return x.finish(r)
}

// errorBody: a file that was collected is sent as it is; one that was not is
// stood for by the page that setup installs; without an entry, or where the file
// is known to be missing, IIS uses a text of its own.
func (x *exchange) errorBody(status iis.Status) []byte {
	kind, target := x.customError(status)
	if kind != "FILE" {
		return builtIn(status)
	}
	path := source.WinPath(target)
	switch _, known := x.snapshot.Content.Stat(path, path.Dir()); known {
	case snapshot.No:
		return builtIn(status)
	case snapshot.Yes:
		if b, ok := x.readError(path); ok {
			return b
		}
	}
	return installedPage(status)
}

func (x *exchange) readError(path source.WinPath) ([]byte, bool) {
	f, err := x.snapshot.Content.Open(path)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxErrorFile))
	return b, err == nil
}

// customError finds the entry code,sub,FILE|URL,target for a status: its own
// substatus before "*" (cc736328).
func (x *exchange) customError(status iis.Status) (kind, target string) {
	code, sub := status.Code(), status.Substatus()
	for _, item := range x.tree.Effective(x.out.Target.Key, "HttpErrors").Items() {
		f := item.Fields()
		if len(f) < 4 || strings.TrimSpace(f[0]) != code {
			continue
		}
		switch strings.TrimSpace(f[1]) {
		case sub:
			return strings.ToUpper(strings.TrimSpace(f[2])), iis.ExpandPath(f[3])
		case "*":
			kind, target = strings.ToUpper(strings.TrimSpace(f[2])), iis.ExpandPath(f[3])
		}
	}
	return kind, target
}

// challenges are the WWW-Authenticate lines of a 401: Negotiate, then NTLM, then
// Basic (captured). Digest is not offered: this server cannot check it.
func (x *exchange) challenges(status iis.Status) (lines [][2]string) {
	if status.Code() != "401" {
		return nil
	}
	key := x.out.Target.Key
	flags := x.tree.Effective(key, "AuthFlags")
	if flags.Has("AuthNTLM") {
		for provider := range strings.SplitSeq(x.providers(), ",") {
			lines = append(lines, [2]string{"WWW-Authenticate", strings.TrimSpace(provider)})
		}
	}
	if flags.Has("AuthBasic") {
		realm := x.tree.Effective(key, "Realm").Text()
		if realm == "" {
			realm = x.head.hostName()
		}
		realm = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(realm)
		lines = append(lines, [2]string{"WWW-Authenticate", `Basic realm="` + realm + `"`})
	}
	return lines
}

// providers is NTAuthenticationProviders; its default is not documented.
func (x *exchange) providers() string {
	if v := x.tree.Effective(x.out.Target.Key, "NTAuthenticationProviders"); v.IsSet() && v.Text() != "" {
		return v.Text()
	}
	return "Negotiate,NTLM"
}

// redirect sends the client elsewhere; the order of fields is inferred.
func (x *exchange) redirect() *response {
	location := x.out.Location
	if strings.HasPrefix(location, "/") {
		location = x.url(escapePath(location))
		if x.out.Request.Query != "" {
			location += "?" + x.out.Request.Query
		}
	}
	return x.html(x.out.Status, movedPage(location), [2]string{"Location", location})
}

// aspError is the page that asp.dll makes from an error object, in the order of an
// ASP answer's fields. AspLogErrorRequests adds |line|code|text to the logged query.
func (x *exchange) aspError(e *iis.ASPError) *response {
	key := x.out.Target.Key
	body := aspErrorPage(e)
	if x.isFalse(key, "AspScriptErrorSentToBrowser") {
		body = []byte(x.tree.Effective(key, "AspScriptErrorMessage").Text())
	}
	if kind, target := x.customError("500.100"); kind == "FILE" && x.exactError("500", "100") {
		if b, ok := x.readError(source.WinPath(target)); ok {
			body = b
		}
	}
	r := x.aspAnswer("500", "text/html", body)
	if !x.isFalse(key, "AspLogErrorRequests") {
		r.query = x.out.Request.Query + aspLogText(e)
	}
	return r
}

// exactError reports whether the list names this substatus itself.
func (x *exchange) exactError(code, sub string) bool {
	for _, item := range x.tree.Effective(x.out.Target.Key, "HttpErrors").Items() {
		if f := item.Fields(); len(f) >= 4 && strings.TrimSpace(f[0]) == code && strings.TrimSpace(f[1]) == sub {
			return true
		}
	}
	return false
}
