package iis

import (
	"fmt"
	"strconv"
	"strings"
)

// checkEntity: a body longer than MaxRequestEntityAllowed, for a page of ASP also
// than AspMaxRequestEntityAllowed, is 403 (ms524953; ms525409, KB327659: only POST
// and PUT with a Content-Length are looked at).
func checkEntity(d *decision) verdict {
	if method := d.out.Request.Method; method != "POST" && method != "PUT" {
		return verdict{}
	}
	length := int64(-1)
	for _, f := range d.apart().Header {
		if strings.EqualFold(f.Name, "Content-Length") {
			length, _ = strconv.ParseInt(f.Value, 10, 64)
		}
	}
	properties := [...]string{"MaxRequestEntityAllowed", "AspMaxRequestEntityAllowed"}
	last := 1
	if d.out.Handler == ASP {
		last = 2
	}
	for _, property := range properties[:last] {
		v := d.value(property)
		if limit, ok := v.Uint(); ok && length > int64(limit) {
			return verdict{status: "403", because: because(v),
				detail: fmt.Sprintf("the request has %d bytes, %s is %d", length, property, limit)}
		}
	}
	return verdict{}
}
