package server

import (
	"io"
	"net/url"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// maxField is the longest form field that Request.Form takes: 100 KB (S1); that the
// limit is this very number of bytes is inferred.
const maxField = 102399

// maxEntity bounds what is kept of a request's body.
const maxEntity = 16 << 20

// formData is a body that was read.
type formData struct {
	raw    []byte
	fields map[string][]string
	err    error
}

// request gives a value of Request. Without a member it looks through query, form
// and cookies in this order, as Request("x") does.
func (r *run) request(member string, args []value) (value, error) {
	if r.x == nil {
		return nil, errNotModelled
	}
	key, ok := textOf(first(args))
	switch {
	case member == "totalbytes" && len(args) == 0:
		return r.x.head.length, nil
	case member == "binaryread" && len(args) == 1:
		return r.binaryRead()
	case !ok || len(args) > 1:
		return nil, errNotModelled
	case member == "querystring" && len(args) == 0:
		return r.x.out.Request.Query, nil
	case member == "querystring":
		return pick(parseForm(r.x.out.Request.Query), key), nil
	case member == "form":
		f := r.readForm()
		if f.err != nil || len(args) > 0 {
			return pick(f.fields, key), f.err
		}
		return string(f.raw), nil
	case member == "cookies" && len(args) == 1:
		return r.x.head.cookie(key), nil
	case member == "servervariables" && len(args) == 1:
		return r.x.variable(key), nil
	case member == "" && len(args) == 1:
		return r.anywhere(key)
	}
	return nil, errNotModelled
}

func (r *run) anywhere(key string) (value, error) {
	if v := pick(parseForm(r.x.out.Request.Query), key); v != nil {
		return v, nil
	}
	f := r.readForm()
	if v := pick(f.fields, key); v != nil || f.err != nil {
		return v, f.err
	}
	return r.x.head.cookie(key), nil
}

// pick joins the values of a name, which is compared without case, with ", ".
func pick(form map[string][]string, key string) value {
	if values, ok := form[strings.ToLower(key)]; ok {
		return strings.Join(values, ", ")
	}
	return nil
}

// parseForm reads name=value pairs by name in lower case; what cannot be decoded
// stays as it is.
func parseForm(s string) map[string][]string {
	form := map[string][]string{}
	for pair := range strings.SplitSeq(s, "&") {
		name, v, _ := strings.Cut(pair, "=")
		if name = strings.ToLower(unescape(name)); name != "" {
			form[name] = append(form[name], unescape(v))
		}
	}
	return form
}

func unescape(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	return s
}

// readForm reads the body once. A field beyond the limit is ASP 0107 (cc785706).
func (r *run) readForm() *formData {
	if r.form != nil {
		return r.form
	}
	f := &formData{raw: r.x.body()}
	r.form = f
	mime, _, _ := strings.Cut(r.x.head.get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(mime), "application/x-www-form-urlencoded") {
		return f
	}
	f.fields = parseForm(string(f.raw))
	for _, values := range f.fields {
		for _, v := range values {
			if len(v) > maxField {
				f.err = objectFault("Request object", "ASP 0107 : 80004005", "Data size too large",
					"The size of the data being sent in the request is over the allowed limit.")
			}
		}
	}
	return f
}

// binaryRead gives the body; one without Content-Length that is longer than
// AspMaxRequestEntityAllowed is ASP 0104 (KB327659).
func (r *run) binaryRead() (value, error) {
	raw := r.x.body()
	limit, ok := r.tree.Effective(r.x.out.Target.Key, "AspMaxRequestEntityAllowed").Uint()
	if ok && int64(len(raw)) > int64(limit) {
		return nil, &fault{iis.ASPError{Category: "Request object", Code: "ASP 0104 : 80004005", Title: "Operation not Allowed"}}
	}
	return string(raw), nil
}

// body is the request's entity as far as it is kept; a client that ends early
// leaves what it sent.
func (x *exchange) body() []byte {
	if x.entity == nil {
		return nil
	}
	b, _ := io.ReadAll(io.LimitReader(x.entity, maxEntity))
	return b
}

// cookie is a cookie's value, nil where there is none.
func (h *head) cookie(name string) value {
	for i := range h.fields {
		if !strings.EqualFold(h.fields[i].Name, "Cookie") {
			continue
		}
		for pair := range strings.SplitSeq(h.fields[i].Value, ";") {
			key, v, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if ok && strings.EqualFold(key, name) {
				return unescape(v)
			}
		}
	}
	return nil
}
