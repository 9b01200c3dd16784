package server

import (
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// static sends a file: Content-Length, Content-Type, [Content-Location],
// Last-Modified, Accept-Ranges, ETag, Server, X-Powered-By, Date (captured).
func (x *exchange) static() *response {
	f, err := x.file(x.cached(x.out.Target.Physical))
	if err != nil {
		return x.unreadable()
	}
	r := x.conditional(f)
	if many, ok := x.byteRanges(f, r); ok {
		r = many
	}
	switch {
	case r.size == 0 || r.bodyless || r.body != nil || r.file != nil: // a page for an error may be a file
	case f.open == nil:
		r.body = f.bytes[r.skip : r.skip+r.size]
		return r
	case r.skip == 0 || skip(f.open, r.skip) == nil:
		r.file = f.open
		return r
	default:
		r = x.unreadable()
	}
	if f.open != nil {
		f.open.Close()
	}
	return r
}

// conditional holds the request's conditions and its range against the file: 412,
// 304, 206, 416 or the whole (RFC 2616 14.24 to 14.35). A tag wins over a time.
func (x *exchange) conditional(f *file) *response {
	size := f.size
	switch {
	case !x.asked(f.modified, f.tag):
		return x.errorPage("412")
	case x.unchanged(f.modified, f.tag):
		return x.notModified(f)
	}
	from, n, kind := x.ranged(f.modified, f.tag, size)
	if kind == "416" {
		return x.noRange(size)
	}
	r := &response{status: kind, size: n, skip: from, fields: make([]byte, 0, 384)}
	if kind == "200" && !x.out.DefaultDoc {
		return x.wholeFile(r, f)
	}
	r.addLength(n)
	r.add("Content-Type", x.out.ContentType)
	if x.out.DefaultDoc {
		r.add("Content-Location", x.url(escapePath(x.out.Target.URL)))
	}
	if kind == "206" { // its place among the fields is not documented
		r.phrase = "Partial Content"
		r.add("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+n-1, size))
	}
	x.addFile(r, f)
	return x.finish(r)
}

// wholeFile is the answer that most requests get: but for its date it is the same as
// long as the file is.
func (x *exchange) wholeFile(r *response, f *file) *response {
	kept := x.plan.whole.Load()
	if kept == nil || kept.file != f {
		var head response
		head.addLength(f.size)
		head.add("Content-Type", x.out.ContentType)
		x.addFile(&head, f)
		head.add("Server", product)
		x.addCustom(&head)
		kept = &wholeHead{f, head.fields}
		if f.open == nil {
			x.plan.whole.Store(kept)
		}
	}
	r.fields = append(r.fields, kept.fields...)
	x.addDate(r)
	return r
}

// addFile adds the fields that tell one state of a file from another.
func (x *exchange) addFile(r *response, f *file) {
	r.add("Last-Modified", f.stamp)
	r.add("Accept-Ranges", "bytes")
	r.add("ETag", f.tag)
}

// unreadable is a file that was collected but cannot be read now: an error of this
// server, not one of the modelled failures.
func (x *exchange) unreadable() *response {
	return x.html("500", page("Error", "<h1>Cannot read the file</h1><p>"+escape(string(x.out.Target.Physical))+" cannot be read from the snapshot.</p>"))
}

// notModified: the order of fields of a 304 is not documented for IIS 6.0.
func (x *exchange) notModified(f *file) *response {
	r := &response{status: "304", bodyless: true}
	if x.out.DefaultDoc {
		r.add("Content-Location", x.url(escapePath(x.out.Target.URL)))
	}
	r.add("Last-Modified", f.stamp)
	r.add("Accept-Ranges", "bytes")
	r.add("ETag", f.tag)
	return x.finish(r)
}

// modified is the file's time in whole seconds; files of a fault folder have none
// and get the time of the server's start.
func (x *exchange) modified(info fs.FileInfo) time.Time {
	t := info.ModTime()
	if t.IsZero() {
		t = x.started
	}
	return t.UTC().Truncate(time.Second)
}

// etag is "file time:change number". The bytes of the file time stand lowest
// first, each in hexadecimal without leading zero, as the captured
// "05b3daec0d9c21:358" of a file of 2003-02-21 15:48:30 shows. That the number
// behind the colon is the metabase's change number is not documented.
func (x *exchange) etag(t time.Time) string {
	const epoch = 11644473600 // seconds from 1601 to 1970
	var raw [8]byte
	binary.LittleEndian.PutUint64(raw[:], uint64(t.Unix()+epoch)*1e7)
	b := append(make([]byte, 0, 28), '"')
	for _, c := range raw {
		b = strconv.AppendUint(b, uint64(c), 16)
	}
	b = append(b, ':')
	b = strconv.AppendUint(b, x.changeNumber(), 16)
	return string(append(b, '"'))
}

func (s *Server) changeNumber() uint64 {
	key, ok := s.tree.Key(".")
	if !ok {
		return 0
	}
	v, _ := key.Own("ChangeNumber")
	n, _ := strconv.ParseUint(v.Text(), 10, 32)
	return n
}

// unchanged holds the request's conditions against the file; a tag wins over a
// time (RFC 2616 14.26).
func (x *exchange) unchanged(modified time.Time, tag string) bool {
	if method := x.out.Request.Method; method != "GET" && method != "HEAD" {
		return false
	}
	if tags := x.head.get("If-None-Match"); tags != "" {
		for candidate := range strings.SplitSeq(tags, ",") {
			candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
			if candidate == tag || candidate == "*" {
				return true
			}
		}
		return false
	}
	since, _, _ := strings.Cut(x.head.get("If-Modified-Since"), ";") // old browsers add the length
	if since == "" {
		return false
	}
	t, ok := parseTime(strings.TrimSpace(since))
	return ok && !modified.After(t)
}

// asked holds If-Match and If-Unmodified-Since against the file.
func (x *exchange) asked(modified time.Time, tag string) bool {
	if tags := x.head.get("If-Match"); tags != "" && !matches(tags, tag) {
		return false
	}
	since := x.head.get("If-Unmodified-Since")
	if since == "" {
		return true
	}
	t, ok := parseTime(since)
	return !ok || !modified.After(t)
}

func matches(tags, tag string) bool {
	for candidate := range strings.SplitSeq(tags, ",") {
		if candidate = strings.TrimSpace(candidate); candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}

// ranged is the one part that is asked for. One whose If-Range does not hold gets the
// whole file (RFC 2616 14.27).
func (x *exchange) ranged(modified time.Time, tag string, size int64) (from, n int64, status iis.Status) {
	spec, ok := strings.CutPrefix(x.head.get("Range"), "bytes=")
	if !ok || strings.Contains(spec, ",") || !x.sameAsKept(modified, tag) || x.out.Request.Method != "GET" {
		return 0, size, "200"
	}
	return oneRange(spec, size)
}

// oneRange is a part of a file of that size: 206, 416 where it lies outside, 200 for
// what cannot be understood and is passed over (RFC 2616 14.35).
func oneRange(spec string, size int64) (from, n int64, status iis.Status) {
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !dash {
		return 0, size, "200"
	}
	end := size - 1
	if last != "" {
		if !allDigits(last) {
			return 0, size, "200"
		}
		end = bounded64(last)
	}
	switch {
	case first == "" && last != "": // the last bytes
		from, end = max(0, size-end), size-1
		if last == "0" {
			return 0, 0, "416"
		}
	case !allDigits(first) || last != "" && bounded64(first) > end:
		return 0, size, "200"
	default:
		from = bounded64(first)
	}
	end = min(end, size-1)
	if from >= size {
		return 0, 0, "416"
	}
	return from, end - from + 1, "206"
}

// bounded64 is a number of digits, at most the largest.
func bounded64(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return math.MaxInt64 / 2
	}
	return min(n, math.MaxInt64/2)
}

// sameAsKept holds If-Range, a tag or a time, against the file.
func (x *exchange) sameAsKept(modified time.Time, tag string) bool {
	kept := x.head.get("If-Range")
	if kept == "" || kept == tag {
		return true
	}
	t, ok := parseTime(kept)
	return ok && t.Equal(modified)
}

// skip goes to a place in a file.
func skip(f fs.File, n int64) error {
	if s, ok := f.(io.Seeker); ok {
		_, err := s.Seek(n, io.SeekStart)
		return err
	}
	_, err := io.CopyN(io.Discard, f, n)
	return err
}

// parseTime reads the three forms of a date (RFC 2616 3.3.1).
func parseTime(s string) (time.Time, bool) {
	for _, form := range [...]string{"Mon, 02 Jan 2006 15:04:05 GMT", time.RFC850, time.ANSIC} {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// allowed are the methods of static content (captured).
const allowed = "OPTIONS, TRACE, GET, HEAD"

// optionsAnswer has the fields and the order of a server without WebDAV (captured).
func (x *exchange) optionsAnswer() *response {
	r := &response{status: "200"}
	r.add("Allow", allowed)
	r.addLength(0)
	r.add("Server", product)
	r.add("Public", "OPTIONS, TRACE, GET, HEAD, POST")
	x.addCustom(r)
	x.addDate(r)
	return r
}

// escapePath is a decoded path in the form of a URL.
func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }
