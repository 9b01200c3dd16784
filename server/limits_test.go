package server

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// evidence is what a row of the conformance tables changes of the small server.
type evidence struct {
	registry string // values of HTTP\Parameters as a .reg file writes them
	service  string // attributes of the web service's key
	site     string // attributes of the site's key
	pool     string // attributes of the pool's key
	keys     string // further keys
	content  map[string][]byte
}

// snapshotOf is the small server with the evidence.
func snapshotOf(t testing.TB, e evidence) *snapshot.Snapshot {
	t.Helper()
	text := metabaseOf(e.site, e.pool)
	text = strings.Replace(text, `AnonymousUserName="IUSR_WEB01"`, `AnonymousUserName="IUSR_WEB01" `+e.service, 1)
	text = strings.Replace(text, "</MBProperty>", e.keys+"</MBProperty>", 1)
	files := fstest.MapFS{"MetaBase.xml": {Data: []byte(text)}}
	for name, text := range siteFiles {
		files["content/C/site/"+name] = &fstest.MapFile{Data: []byte(text), ModTime: fileTime}
	}
	for name, data := range e.content {
		files["content/"+name] = &fstest.MapFile{Data: data, ModTime: fileTime}
	}
	if e.registry != "" {
		files["http.reg"] = &fstest.MapFile{Data: []byte("Windows Registry Editor Version 5.00\r\n\r\n" +
			"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters]\r\n" + e.registry + "\r\n")}
	}
	s, err := snapshot.OpenFS(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 {
		t.Fatalf("the fixture is not understood: %v", s.Problems)
	}
	return s
}

// fill is a request of exactly n bytes whose longest field line has 100 bytes.
func fill(n int) string {
	const after = "\r\n\r\n"
	b := "GET /hello.txt HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\n"
	for n-len(b)-len(after) > 110 {
		b += "A: " + strings.Repeat("x", 97) + "\r\n"
	}
	return b + "B: " + strings.Repeat("x", n-len(b)-len(after)-len("B: ")) + after
}

// line is a request with one field line of n bytes.
func line(n int) string {
	return "GET /hello.txt HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\nA: " + strings.Repeat("x", n-len("A: ")) + "\r\n\r\n"
}

// path asks for a path.
func path(p string) string {
	return "GET " + p + " HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\n\r\n"
}

const (
	served  = "HTTP/1.1 200 OK\r\n"
	missing = "HTTP/1.1 404 Not Found\r\n"
	tooLong = "HTTP/1.1 414 Request-URI Too Long\r\n"
)

// TestConformanceLimits: every limit of HTTP.sys at n and n+1, with what the
// registry says. Names, defaults and ranges are those of KB820129. Marked "inferred"
// is what the source does not say.
func TestConformanceLimits(t *testing.T) {
	parts := func(n int) string { return "/" + strings.Repeat("a/", n-1) + "a" }
	for _, row := range []struct {
		name, source, registry, send, want, reason string
	}{
		{"head of the default, 16384 bytes", "KB820129", "", fill(16384), served, ""},
		{"head of 16385 bytes", "KB820129", "", fill(16385), requestTooLong, "RequestLength"},
		{"MaxRequestBytes 4096, head of 4096", "KB820129", `"MaxRequestBytes"=dword:00001000`, fill(4096), served, ""},
		{"MaxRequestBytes 4096, head of 4097", "KB820129", `"MaxRequestBytes"=dword:00001000`, fill(4097), requestTooLong, "RequestLength"},
		{"MaxRequestBytes 65536, head of 65536", "KB820129", `"MaxRequestBytes"=dword:00010000`, fill(65536), served, ""},
		{"MaxRequestBytes 65536, head of 65537", "KB820129", `"MaxRequestBytes"=dword:00010000`, fill(65537), requestTooLong, "RequestLength"},
		{"field of the default, 16384 bytes", "KB820129", `"MaxRequestBytes"=dword:00010000`, line(16384), served, ""},
		{"field of 16385 bytes", "KB820129", `"MaxRequestBytes"=dword:00010000`, line(16385), fieldTooLong, "FieldLength"},
		{"MaxFieldLength 100, field of 100", "KB820129", `"MaxFieldLength"=dword:00000064`, line(100), served, ""},
		{"MaxFieldLength 100, field of 101", "KB820129", `"MaxFieldLength"=dword:00000064`, line(101), fieldTooLong, "FieldLength"},
		{"MaxFieldLength above MaxRequestBytes is adjusted", "KB820129", "\"MaxFieldLength\"=dword:00000200\r\n\"MaxRequestBytes\"=dword:00000100", line(257), fieldTooLong, "FieldLength"},
		{"MaxRequestBytes 0 refuses with Header Field Too Long", "published case of 2008; to the byte inferred", `"MaxRequestBytes"=dword:00000000`, line(257), fieldTooLong, "FieldLength"},
		{"MaxRequestBytes 0, a short head", "inferred", `"MaxRequestBytes"=dword:00000000`, line(100), served, ""},
		{"MaxFieldLength above its range counts as 65534", "inferred", "\"MaxFieldLength\"=dword:00020000\r\n\"MaxRequestBytes\"=dword:00040000", line(65535), fieldTooLong, "FieldLength"},
		{"MaxFieldLength above its range, 65534 bytes", "KB820129 for the bound", "\"MaxFieldLength\"=dword:00020000\r\n\"MaxRequestBytes\"=dword:00040000", line(65534), served, ""},
		{"a text for a number is passed over", "inferred", `"MaxRequestBytes"="4096"`, fill(4097), served, ""},
		{"URL of MaxFieldLength 100", "KB820129; a URL is held against MaxFieldLength: inferred", `"MaxFieldLength"=dword:00000064`, path("/" + strings.Repeat("u", 99)), missing, ""},
		{"URL of 101 bytes", "KB820729: URL_Length, 414", `"MaxFieldLength"=dword:00000064`, path("/" + strings.Repeat("u", 100)), tooLong, "URL_Length"},
		{"URL with a query of 101 bytes", "KB820729: URL_Length, 414", `"MaxFieldLength"=dword:00000064`, path("/hello.txt?" + strings.Repeat("q", 90)), tooLong, "URL_Length"},
		{"segment of 260 characters", "KB820129", "", path("/" + strings.Repeat("s", 260)), missing, ""},
		{"segment of 261 characters", "KB820129", "", path("/" + strings.Repeat("s", 261)), invalidURL, "URL"},
		{"segment of 260 characters in 520 bytes", "KB820129: characters", "", path("/" + strings.Repeat("%C3%A9", 260)), missing, ""},
		{"UrlSegmentMaxLength 5, 5 characters", "KB820129", `"UrlSegmentMaxLength"=dword:00000005`, path("/abcde"), missing, ""},
		{"UrlSegmentMaxLength 5, 6 characters", "KB820129", `"UrlSegmentMaxLength"=dword:00000005`, path("/abcdef"), invalidURL, "URL"},
		{"UrlSegmentMaxLength 0 is no limit", "KB820129", `"UrlSegmentMaxLength"=dword:00000000`, path("/" + strings.Repeat("s", 4000)), missing, ""},
		{"255 segments", "KB820129", "", path(parts(255)), missing, ""},
		{"256 segments", "KB820129", "", path(parts(256)), invalidURL, "URL"},
		{"UrlSegmentMaxCount 3, 3 segments", "KB820129", `"UrlSegmentMaxCount"=dword:00000003`, path(parts(3)), missing, ""},
		{"UrlSegmentMaxCount 3, 4 segments", "KB820129", `"UrlSegmentMaxCount"=dword:00000003`, path(parts(4)), invalidURL, "URL"},
		{"UrlSegmentMaxCount 0 is no limit", "KB820129", `"UrlSegmentMaxCount"=dword:00000000`, path(parts(5000)), missing, ""},
		{"escaped control character", "KB820129", "", path("/a%01b"), invalidURL, "URL"},
		{"escaped U+0080 to U+009F", "KB820129", "", path("/a%C2%85b"), invalidURL, "URL"},
		{"escaped delete", "KB820129", "", path("/a%7Fb"), invalidURL, "URL"},
		{"AllowRestrictedChars 1", "KB820129", `"AllowRestrictedChars"=dword:00000001`, path("/a%01b"), missing, ""},
		{"AllowRestrictedChars 1, not escaped", "KB820129: hex-escaped ones", `"AllowRestrictedChars"=dword:00000001`, path("/a\x01b"), invalidURL, "URL"},
		{"%u notation", "KB820129: PercentUAllowed 1", "", path("/h%u0065llo.txt"), served, ""},
		{"PercentUAllowed 0", "KB820129", `"PercentUAllowed"=dword:00000000`, path("/h%u0065llo.txt"), invalidURL, "URL"},
		{"%u that is none", "inferred", "", path("/h%u00zz"), invalidURL, "URL"},
		{"URL that is not UTF-8", "KB820129: EnableNonUTF8 1", "", path("/caf%E9"), missing, ""},
		{"EnableNonUTF8 0", "KB820129", `"EnableNonUTF8"=dword:00000000`, path("/caf%E9"), invalidURL, "URL"},
	} {
		t.Run(row.name+" ("+row.source+")", func(t *testing.T) {
			srv := start(t, snapshotOf(t, evidence{registry: row.registry}), Options{})
			if got := ask(t, srv, row.send); !strings.HasPrefix(got, row.want) {
				t.Errorf("answer %.120q, want %.120q", got, row.want)
			}
			logged := logLines(srv, HTTPERR)
			if row.reason == "" && len(logged) > 0 || row.reason != "" && (len(logged) != 1 || !strings.HasSuffix(logged[0], " - "+row.reason+" -")) {
				t.Errorf("log %q, want the reason %q", logged, row.reason)
			}
		})
	}
}
