package server

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

const date = "Date: Mon, 14 Mar 2005 09:26:53 GMT\r\n"

// kernel is the captured form of an answer of HTTP.sys, typed once.
func kernel(status, body string, length int) string {
	return "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\n" + date +
		fmt.Sprintf("Connection: close\r\nContent-Length: %d\r\n\r\n", length) + body
}

var (
	invalidVerb     = kernel("400 Bad Request", "<h1>Bad Request (Invalid Verb)</h1>", 35)
	invalidHostname = kernel("400 Bad Request", "<h1>Bad Request (Invalid Hostname)</h1>", 39)
	invalidHeader   = kernel("400 Bad Request", "<h1>Bad Request (Invalid Header Name)</h1>", 42)
	fieldTooLong    = kernel("400 Bad Request", "<h1>Bad Request (Header Field Too Long)</h1>", 44)
	requestTooLong  = kernel("400 Bad Request", "<h1>Bad Request (Request Header Too Long)</h1>", 46)
	invalidURL      = kernel("400 Bad Request", "<h1>Bad Request (Invalid URL)</h1>", 34)
	invalidNumber   = kernel("400 Bad Request", "<h1>Bad Request (Invalid Number)</h1>", 37)
	plainBad        = kernel("400 Bad Request", "<h1>Bad Request</h1>", 20)
)

// TestKernelAnswers: bytes of HTTP.sys and its error log line behind the ports.
// Sources: framing and (Invalid Verb) 35, (Invalid Hostname) 39 from captured
// answers and nmap's probes; (Invalid Header Name) KB828726; lengths of the two
// "Too Long" texts from the 400 troubleshooting article; reasons KB820729.
func TestKernelAnswers(t *testing.T) {
	const host = "Host: www.contoso.com\r\n"
	for _, test := range []struct {
		name, send, want, log string
	}{
		{"lower-case verb, KB828726", "get / HTTP/1.1\r\n" + host + "\r\n", invalidVerb, "- - - 400 - Verb -"},
		{"no verb", "\x01\x02 / HTTP/1.1\r\n\r\n", invalidVerb, "- - - 400 - Verb -"},
		{"one word", "HELP\r\n\r\n", invalidVerb, "- - - 400 - Verb -"},
		{"separator in a field name, KB828726", "GET / HTTP/1.1\r\n" + host + "Bad(Name: x\r\n\r\n", invalidHeader, "HTTP/1.1 GET / 400 - Header -"},
		{"blank before the colon", "GET / HTTP/1.1\r\n" + host + "Name : x\r\n\r\n", invalidHeader, "HTTP/1.1 GET / 400 - Header -"},
		{"no colon", "GET / HTTP/1.1\r\n" + host + "Name\r\n\r\n", invalidHeader, "HTTP/1.1 GET / 400 - Header -"},
		{"folded field", "GET / HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n", invalidHeader, "HTTP/1.1 GET / 400 - Header -"},
		{"control character in a value", "GET / HTTP/1.1\r\n" + host + "A: b\x00c\r\n\r\n", plainBad, "HTTP/1.1 GET / 400 - Header -"},
		{"no Host, cc786188", "GET /a?b HTTP/1.1\r\n\r\n", invalidHostname, "HTTP/1.1 GET /a?b 400 - Hostname -"},
		{"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", invalidHostname, "HTTP/1.1 GET / 400 - Hostname -"},
		{"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", invalidHostname, "HTTP/1.1 GET / 400 - Hostname -"},
		{"Host that is no name", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", invalidHostname, "HTTP/1.1 GET / 400 - Hostname -"},
		{"Host with a bad port", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", invalidHostname, "HTTP/1.1 GET / 400 - Hostname -"},
		{"bare LF", "GET / HTTP/1.1\nHost: a\n\n", plainBad, "- - - 400 - Invalid_CR/LF -"},
		{"bare CR", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", plainBad, "HTTP/1.1 GET / 400 - Invalid_CR/LF -"},
		{"no slash", "GET a HTTP/1.1\r\n" + host + "\r\n", invalidURL, "HTTP/1.1 GET a 400 - URL -"},
		{"escape that is none", "GET /%zz HTTP/1.1\r\n" + host + "\r\n", invalidURL, "HTTP/1.1 GET /%zz 400 - URL -"},
		{"version 2.0, KB820729", "GET / HTTP/2.0\r\n" + host + "\r\n",
			kernel("505 HTTP Version Not Supported", "<h1>HTTP Version Not Supported</h1>", 35), "HTTP/2.0 GET / 505 - Version_N/S -"},
		{"word for a version", "GET / FTP/1.1\r\n" + host + "\r\n", plainBad, "- GET / 400 - BadRequest -"},
		{"length that is no number", "POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\n", invalidNumber, "HTTP/1.1 POST / 400 - Number -"},
		{"two lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", invalidNumber, "HTTP/1.1 POST / 400 - Number -"},
		{"length and chunks", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", plainBad, "HTTP/1.1 POST / 400 - BadRequest -"},
		{"no length", "POST / HTTP/1.1\r\n" + host + "\r\n",
			kernel("411 Length Required", "<h1>Length Required</h1>", 24), "HTTP/1.1 POST / 411 - LengthRequired -"},
		{"unknown coding, KB820729", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n",
			kernel("501 Not Implemented", "<h1>Not Implemented</h1>", 24), "HTTP/1.1 POST / 501 - N/I -"},
		{"chunk longer than its size", "POST /page.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n", plainBad, "HTTP/1.1 POST /page.asp 400 - BadRequest -"},
		{"chunk with a bare LF", "POST /page.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", plainBad, "HTTP/1.1 POST /page.asp 400 - BadRequest -"},
		{"endless chunk size", "POST /page.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("0", 300), plainBad, "HTTP/1.1 POST /page.asp 400 - BadRequest -"},
		{"malformed chunk", "POST /page.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", plainBad, "HTTP/1.1 POST /page.asp 400 - BadRequest -"},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := start(t, fixture(t, "", ""), Options{})
			if got := ask(t, srv, test.send); got != test.want {
				t.Errorf("answer\n%q\nwant\n%q", got, test.want)
			}
			logged := logLines(srv, HTTPERR)
			if len(logged) != 1 || !strings.HasSuffix(logged[0], " 80 "+test.log) {
				t.Errorf("log %q, want one line ending in %q", logged, test.log)
			}
			if n := len(srv.Records()); n != 1 {
				t.Errorf("%d log lines, want the HTTP error log's alone", n)
			}
		})
	}
}

// headOf is a request of exactly n bytes.
func headOf(n int) string {
	const before, after = "GET /hello.txt HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\nA: 1\r\n", "\r\n\r\n"
	b := before
	for n-len(b)-len(after) > 1000 {
		b += "Fill: " + strings.Repeat("x", 900) + "\r\n"
	}
	return b + "Fill: " + strings.Repeat("x", n-len(b)-len(after)-len("Fill: ")) + after
}

// TestLimits: MaxRequestBytes and MaxFieldLength are 16384 (KB820129); the texts
// are those of the 400 troubleshooting article.
func TestLimits(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	const start1 = "GET / HTTP/1.1\r\nHost: a\r\n"
	for _, test := range []struct{ name, send, want string }{
		{"head of 16384 bytes", headOf(16384), ok},
		{"head of 16385 bytes", headOf(16385), requestTooLong},
		{"field of 16385 bytes", start1 + "A: " + strings.Repeat("x", 16385-3) + "\r\n\r\n", fieldTooLong},
		{"field of 16384 bytes fits, its head does not", start1 + "A: " + strings.Repeat("x", 16384-3) + "\r\n\r\n", requestTooLong},
		{"endless field", start1 + "A: " + strings.Repeat("x", 60000), fieldTooLong},
		{"field that stops short", start1 + "A: " + strings.Repeat("x", 16384-10), requestTooLong},
		{"endless URL", "GET /" + strings.Repeat("x", 20000), "HTTP/1.1 414 "},
		{"segment of 260 characters", "GET /" + strings.Repeat("s", 260) + " HTTP/1.0\r\n\r\n", "HTTP/1.1 404 "},
		{"segment of 261 characters", "GET /" + strings.Repeat("s", 261) + " HTTP/1.0\r\n\r\n", invalidURL},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := start(t, fixture(t, "", ""), Options{})
			if got := ask(t, srv, test.send); !strings.HasPrefix(got, test.want) {
				t.Errorf("got %.120q, want %.120q", got, test.want)
			}
		})
	}
}

// TestTrickle: a head byte by byte gives what one in one piece gives.
func TestTrickle(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	c := dial(t, srv, 80)
	for _, b := range []byte("\r\nGET /hello.txt HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\n\r\n") {
		if _, err := c.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 200 OK\r\n") || !strings.HasSuffix(string(got), "\r\n\r\nhello") {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestConnection: which requests leave the connection open, what stands between
// them, and that bodies are never taken for requests.
func TestConnection(t *testing.T) {
	const host = "Host: www.contoso.com\r\n"
	const last = "GET /hello.txt HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n"
	for _, test := range []struct {
		name, send string
		want       []string // status line and what the answer ends with, one after the other
		heads      int      // the first answers to HEAD
	}{
		{"keep-alive and pipelining", "GET /hello.txt HTTP/1.1\r\n" + host + "\r\nGET /nothing.txt HTTP/1.1\r\n" + host + "\r\n" + last,
			[]string{"200 OK hello", "404 Not Found </HTML>\r\n", "200 OK hello"}, 0},
		{"HEAD", "HEAD /hello.txt HTTP/1.1\r\n" + host + "\r\n" + last, []string{"200 OK \r\n\r\n", "200 OK hello"}, 1},
		{"HEAD of an error", "HEAD /nothing.txt HTTP/1.1\r\n" + host + "\r\n" + last, []string{"404 Not Found \r\n\r\n", "200 OK hello"}, 1},
		{"HEAD of a page", "HEAD /page.asp HTTP/1.1\r\n" + host + "\r\n" + last, []string{"200 OK \r\n\r\n", "200 OK hello"}, 1},
		{"HTTP/1.0", "GET /hello.txt HTTP/1.0\r\n\r\n", []string{"200 OK hello"}, 0},
		{"HTTP/1.0 that stays", "GET /hello.txt HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" + last, []string{"200 OK hello", "200 OK hello"}, 0},
		{"body with a length", "POST /type.asp HTTP/1.1\r\n" + host + "Content-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n" + last, []string{"200 OK x", "200 OK hello"}, 0},
		{"body to a file", "POST /hello.txt HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc" + last, []string{"405 Method Not Allowed </html>", "200 OK hello"}, 0},
		{"chunked body", "POST /type.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nGET\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n" + last,
			[]string{"200 OK x", "200 OK hello"}, 0},
		{"body beyond the read-ahead", "POST /type.asp HTTP/1.1\r\n" + host + "Content-Length: 200000\r\n\r\n" + strings.Repeat("b", 200000) + last,
			[]string{"200 OK x", "200 OK hello"}, 0},
		{"absolute URL", "GET http://www.contoso.com/hello.txt HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n", []string{"200 OK hello"}, 0},
		{"TRACE is off, cc786149", "TRACE /page.asp HTTP/1.1\r\n" + host + "\r\n" + last, []string{"501 Not Implemented \r\n\r\n", "200 OK hello"}, 0},
		{"OPTIONS, captured", "OPTIONS /hello.txt HTTP/1.1\r\n" + host + "\r\n" + last, []string{"200 OK \r\n\r\n", "200 OK hello"}, 0},
		{"unknown verb on a file, KB247643", "BREW /hello.txt HTTP/1.1\r\n" + host + "\r\n" + last, []string{"501 Not Implemented \r\n\r\n", "200 OK hello"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := start(t, fixture(t, "", ""), Options{})
			c := dial(t, srv, 80)
			go io.WriteString(c, test.send)
			r := bufio.NewReader(c)
			for i, want := range test.want {
				got, err := readAnswer(r, i < test.heads)
				status, end, _ := cut2(want)
				if err != nil || !strings.HasPrefix(got, "HTTP/1.1 "+status+"\r\n") || !strings.HasSuffix(got, end) {
					t.Fatalf("answer %d: %q, %v; want %q", i, got, err, want)
				}
			}
			if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
				t.Errorf("after the last answer: %q, %v", rest, err)
			}
		})
	}
}

// cut2 splits "404 Not Found </HTML>" at the last blank.
func cut2(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	return s[:i], s[i+1:], i >= 0
}

// TestContinue: a client that waits for 100 gets it before the body is read.
func TestContinue(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	c := dial(t, srv, 80)
	io.WriteString(c, "POST /type.asp HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\n")
	const interim = "HTTP/1.1 100 Continue\r\n\r\n"
	b := make([]byte, len(interim))
	if _, err := io.ReadFull(c, b); err != nil || string(b) != interim {
		t.Fatalf("got %q, %v", b, err)
	}
	io.WriteString(c, "x")
	if got, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 200 OK\r\n") {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestLingeringClose: who sends more than the server reads still gets the answer,
// not a reset.
func TestLingeringClose(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{})
	c := dial(t, srv, 80)
	go func() {
		io.WriteString(c, "get / HTTP/1.1\r\n\r\n")
		for range 50 {
			if _, err := c.Write(make([]byte, 1000)); err != nil {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	time.Sleep(20 * time.Millisecond)
	b := make([]byte, 2048)
	n, err := io.ReadAtLeast(c, b, len(invalidVerb))
	if err != nil || string(b[:n]) != invalidVerb {
		t.Errorf("got %q, %v", b[:n], err)
	}
}
