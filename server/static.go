package server

import (
	"encoding/binary"
	"io/fs"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// static sends a file: Content-Length, Content-Type, [Content-Location],
// Last-Modified, Accept-Ranges, ETag, Server, X-Powered-By, Date (captured).
func (x *exchange) static() *response {
	t := &x.out.Target
	f, err := x.snapshot.Content.Open(t.Physical)
	if err != nil {
		return x.unreadable()
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		f.Close()
		return x.unreadable()
	}
	modified, tag := x.modified(info), x.etag(info)
	if x.unchanged(modified, tag) {
		f.Close()
		return x.notModified(modified, tag)
	}
	r := &response{status: "200", file: f, size: info.Size()}
	r.addLength(info.Size())
	r.add("Content-Type", x.out.ContentType)
	if x.out.DefaultDoc {
		r.add("Content-Location", x.url(escapePath(t.URL)))
	}
	r.addTime("Last-Modified", modified)
	r.add("Accept-Ranges", "bytes")
	r.add("ETag", tag)
	return x.finish(r)
}

// unreadable is a file that was collected but cannot be read now: an error of this
// server, not one of the modelled failures.
func (x *exchange) unreadable() *response {
	return x.html("500", page("Error", "<h1>Cannot read the file</h1><p>"+escape(string(x.out.Target.Physical))+" cannot be read from the snapshot.</p>"))
}

// notModified: the order of fields of a 304 is not documented for IIS 6.0.
func (x *exchange) notModified(modified time.Time, tag string) *response {
	r := &response{status: "304", bodyless: true}
	if x.out.DefaultDoc {
		r.add("Content-Location", x.url(escapePath(x.out.Target.URL)))
	}
	r.addTime("Last-Modified", modified)
	r.add("Accept-Ranges", "bytes")
	r.add("ETag", tag)
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
func (x *exchange) etag(info fs.FileInfo) string {
	const epoch = 11644473600 // seconds from 1601 to 1970
	t := x.modified(info)
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
	r.add("Server", "Microsoft-IIS/6.0")
	r.add("Public", "OPTIONS, TRACE, GET, HEAD, POST")
	x.addCustom(r)
	r.addTime("Date", x.options.Now())
	return r
}

// escapePath is a decoded path in the form of a URL.
func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }
