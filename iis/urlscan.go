package iis

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// rejected is the URL that the log shows for a refused request; the URL that was
// asked for stands in the query, behind "~" (UrlScan 2 Reference).
const rejected = "/<Rejected-By-UrlScan>"

// checkURLScan: the filter UrlScan refuses by its UrlScan.ini before the URL is
// mapped; the client sees a 404 (UrlScan 2 Reference).
func checkURLScan(d *decision) verdict {
	u := d.snapshot.URLScan
	if u == nil || u.LoggingOnly() || !d.runsURLScan() {
		return verdict{}
	}
	why := scan(u, d.scanned())
	if why == nil {
		return verdict{detail: "UrlScan lets the request pass"}
	}
	query := "~" + d.out.Request.Path
	if q := d.apart().Query; q != "" {
		query += "?" + q
	}
	d.out.Target.URL, d.out.Logged = rejected, query
	return verdict{status: "404", detail: "UrlScan refuses the request: " + why.Value, because: why}
}

// runsURLScan reports whether the filter is installed; its DLL lies where setup put it.
func (d *decision) runsURLScan() bool {
	for _, f := range d.Filters(d.out.Target.Site, d.out.Target.Pool) {
		if strings.EqualFold(f.Path.Base(), "urlscan.dll") {
			return true
		}
	}
	return false
}

// scanned is what UrlScan looks at.
type scanned struct {
	verb, url, raw, query string
	header                []Field
	length                int64
}

func (d *decision) scanned() scanned {
	r := d.apart()
	s := scanned{r.Method, d.out.Target.URL, r.Path, r.Query, r.Header, 0}
	for _, f := range r.Header {
		if strings.EqualFold(f.Name, "Content-Length") {
			s.length, _ = strconv.ParseInt(f.Value, 10, 64)
		}
	}
	return s
}

// scan gives the part of UrlScan.ini that refuses the request, nil where it passes.
// Switches on whose default documents disagree count as off.
func scan(u *snapshot.UrlScan, s scanned) *Because {
	for _, part := range [...]func(*snapshot.UrlScan, scanned) *Because{
		scanVerb, scanCharacters, scanExtension, scanSequences, scanHeaders, scanLimits,
	} {
		if why := part(u, s); why != nil {
			return why
		}
	}
	return nil
}

func refusedBy(at source.Span, section, text string) *Because {
	return &Because{Span: at, Property: section, Value: text}
}

// scanVerb: AllowVerbs tells case apart, DenyVerbs does not.
func scanVerb(u *snapshot.UrlScan, s scanned) *Because {
	if on, at := u.Flag("UseAllowVerbs"); on == snapshot.Yes {
		if e, ok := u.Find("AllowVerbs", s.verb); ok && e.Text == s.verb {
			return nil
		}
		return refusedBy(at, "AllowVerbs", s.verb)
	}
	if e, ok := u.Find("DenyVerbs", s.verb); ok {
		return refusedBy(e.At, "DenyVerbs", e.Text)
	}
	return nil
}

// scanCharacters: bytes above 127, dots before the last part, and URLs that are
// encoded twice.
func scanCharacters(u *snapshot.UrlScan, s scanned) *Because {
	if on, at := u.Flag("AllowHighBitCharacters"); on == snapshot.No && strings.IndexFunc(s.url, func(c rune) bool { return c > 127 }) >= 0 {
		return refusedBy(at, "AllowHighBitCharacters", "a character above 127")
	}
	dir := s.url[:strings.LastIndexByte(s.url, '/')+1]
	if on, at := u.Flag("AllowDotInPath"); on == snapshot.No && strings.Contains(dir, ".") {
		return refusedBy(at, "AllowDotInPath", "a dot in the path")
	}
	if on, at := u.Flag("VerifyNormalization"); on == snapshot.Yes && strings.Contains(s.url, "%") {
		return refusedBy(at, "VerifyNormalization", "a URL that is encoded twice")
	}
	return nil
}

func scanExtension(u *snapshot.UrlScan, s scanned) *Because {
	last := s.url[strings.LastIndexByte(s.url, '/')+1:]
	ext := "." // a URL without extension
	if i := strings.LastIndexByte(last, '.'); i >= 0 {
		ext = last[i:]
	}
	if on, at := u.Flag("UseAllowExtensions"); on == snapshot.Yes {
		if _, ok := u.Find("AllowExtensions", ext); !ok {
			return refusedBy(at, "AllowExtensions", ext)
		}
		return nil
	}
	if e, ok := u.Find("DenyExtensions", ext); ok {
		return refusedBy(e.At, "DenyExtensions", e.Text)
	}
	return nil
}

// scanSequences looks at the URL as it is decoded, or as it came where
// NormalizeUrlBeforeScan is off; UrlScan 3 looks at the query as well.
func scanSequences(u *snapshot.UrlScan, s scanned) *Because {
	url := s.url
	if on, _ := u.Flag("NormalizeUrlBeforeScan"); on == snapshot.No {
		url = s.raw
	}
	for _, part := range [...]struct{ section, text string }{{"DenyUrlSequences", url}, {"DenyQueryStringSequences", s.query}} {
		list, _ := u.List(part.section)
		for _, e := range list {
			if e.Text != "" && strings.Contains(strings.ToLower(part.text), strings.ToLower(e.Text)) {
				return refusedBy(e.At, part.section, e.Text)
			}
		}
	}
	return nil
}

func scanHeaders(u *snapshot.UrlScan, s scanned) *Because {
	for _, f := range s.header {
		if e, ok := u.Find("DenyHeaders", f.Name+":"); ok {
			return refusedBy(e.At, "DenyHeaders", e.Text)
		}
	}
	return nil
}

func scanLimits(u *snapshot.UrlScan, s scanned) *Because {
	for _, l := range [...]struct {
		name string
		size int64
	}{{"MaxAllowedContentLength", s.length}, {"MaxUrl", int64(len(s.url))}, {"MaxQueryString", int64(len(s.query))}} {
		if limit, at, ok := u.Limit(l.name); ok && l.size > limit {
			return refusedBy(at, l.name, fmt.Sprintf("%d bytes, allowed are %d", l.size, limit))
		}
	}
	for _, f := range s.header {
		if limit, at, ok := u.Limit("Max-" + f.Name); ok && int64(len(f.Value)) > limit {
			return refusedBy(at, "Max-"+f.Name, fmt.Sprintf("%d bytes, allowed are %d", len(f.Value), limit))
		}
	}
	return nil
}
