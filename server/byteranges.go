package server

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Bounds of an answer to several ranges; beyond them the whole file is sent.
const (
	maxRanges     = 64
	maxRangeBytes = 16 << 20
)

// rangeBoundary stands between the parts (RFC 2616 19.2). That of IIS is not documented.
const rangeBoundary = "iisdoctor-part-of-the-file"

// span is a part of a file.
type span struct{ from, n int64 }

// severalRanges are the ranges of a request for more than one that the file can
// satisfy. ok is false where the whole file is to be sent: one of them cannot be
// understood, or together they would be more than the file.
func (x *exchange) severalRanges(modified time.Time, tag string, size int64) (list []span, ok bool) {
	spec, isRange := strings.CutPrefix(x.head.get("Range"), "bytes=")
	if !isRange || !strings.Contains(spec, ",") || !x.sameAsKept(modified, tag) || x.out.Request.Method != "GET" {
		return nil, false
	}
	total := int64(0)
	for one := range strings.SplitSeq(spec, ",") {
		from, n, kind := oneRange(one, size)
		if kind == "416" {
			continue
		}
		if total += n; kind != "206" || len(list) == maxRanges || total > min(size, maxRangeBytes) {
			return nil, false
		}
		list = append(list, span{from, n})
	}
	return list, true
}

// byteRanges answers with several parts of the file (RFC 2616 14.16, 19.2), each with
// its type and place, in the place of whole, the answer with all of it. ok is false for
// a request that asks for no more than one.
func (x *exchange) byteRanges(f *file, whole *response) (r *response, ok bool) {
	if whole.status != "200" || x.head.get("Range") == "" {
		return nil, false
	}
	list, ok := x.severalRanges(f.modified, f.tag, f.size)
	switch {
	case !ok:
		return nil, false
	case len(list) == 0:
		return x.noRange(f.size), true
	}
	data := f.bytes
	if f.open != nil {
		end := int64(0)
		for _, s := range list {
			end = max(end, s.from+s.n)
		}
		if end > maxRangeBytes {
			return nil, false
		}
		data = make([]byte, end)
		if _, err := io.ReadFull(f.open, data); err != nil {
			return x.unreadable(), true
		}
	}
	var body []byte
	for _, s := range list {
		body = fmt.Appendf(body, "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: bytes %d-%d/%d\r\n\r\n",
			rangeBoundary, appendClean(nil, x.out.ContentType), s.from, s.from+s.n-1, f.size)
		body = append(body, data[s.from:s.from+s.n]...)
	}
	body = append(body, "\r\n--"+rangeBoundary+"--\r\n"...)
	return x.partial(body, f), true
}

func (x *exchange) partial(body []byte, f *file) *response {
	r := &response{status: "206", phrase: "Partial Content", body: body}
	r.addLength(int64(len(body)))
	r.add("Content-Type", "multipart/byteranges; boundary="+rangeBoundary)
	r.addTime("Last-Modified", f.modified)
	r.add("Accept-Ranges", "bytes")
	r.add("ETag", f.tag)
	return x.finish(r)
}

// noRange is the answer to a range outside of the file.
func (x *exchange) noRange(size int64) *response {
	r := x.errorPage("416")
	r.add("Content-Range", fmt.Sprintf("bytes */%d", size))
	return r
}
