package server

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// traces reports whether TRACE is switched on (EnableTraceMethod, cc786149).
func (x *exchange) traces() bool {
	v, known := x.snapshot.Registry.Value(regW3SVC, "EnableTraceMethod")
	n, ok := v.DWORD()
	return known == snapshot.Yes && ok && n != 0
}

const regW3SVC = `HKLM\SYSTEM\CurrentControlSet\Services\W3SVC\Parameters`

// trace sends the request back (RFC 2616 9.8), without what proves who sent it.
func (x *exchange) trace() *response {
	var b strings.Builder
	b.WriteString(x.head.method + " " + x.head.target + " " + x.head.version + "\r\n")
	for _, f := range x.head.fields {
		if !strings.EqualFold(f.Name, "Authorization") && !strings.EqualFold(f.Name, "Cookie") {
			b.WriteString(f.Name + ": " + f.Value + "\r\n")
		}
	}
	r := &response{status: "200", body: []byte(b.String() + "\r\n")}
	r.addLength(int64(len(r.body)))
	r.add("Content-Type", "message/http")
	return x.finish(r)
}
