package server

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

var (
	forbiddenURL   = kernel("403 Forbidden", "<h1>Forbidden</h1>", 18)
	entityTooLarge = kernel("413 Request Entity Too Large", "<h1>Request Entity Too Large</h1>", 33)
	notImplemented = kernel("501 Not Implemented", "<h1>Not Implemented</h1>", 24)
	badVersion505  = kernel("505 HTTP Version Not Supported", "<h1>HTTP Version Not Supported</h1>", 35)
	noService      = kernel("503 Service Unavailable", "<h1>Service Unavailable</h1>", 28)
)

// TestConformanceReasons: what HTTP.sys answers itself and the line it leaves, with
// the reasons of KB820729. The text of an answer is captured where TestKernelAnswers
// says so; of Forbidden and Request Entity Too Large it is inferred.
func TestConformanceReasons(t *testing.T) {
	const host = "Host: www.contoso.com\r\n"
	const stopped = `<IIsWebServer	Location ="/LM/W3SVC/2" ServerBindings=":80:old.contoso.com" ServerAutoStart="FALSE"></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/2/ROOT" Path="C:\site"></IIsWebVirtualDir>
`
	for _, row := range []struct {
		name, source string
		evidence     evidence
		send, want   string
		log          string
	}{
		{"path above the root", "KB820729: a forbidden element; that it is this one inferred", evidence{}, path("/../a"), forbiddenURL, "HTTP/1.1 GET /../a 403 - Forbidden -"},
		{"path above the root, escaped", "inferred", evidence{}, path("/a/%2e%2e/..%5cb"), forbiddenURL, "HTTP/1.1 GET /a/%2e%2e/..%5cb 403 - Forbidden -"},
		{"length beyond 64 bits", "KB820729: too large; the bound inferred", evidence{}, "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", entityTooLarge, "HTTP/1.1 POST / 413 - EntityTooLarge -"},
		{"chunk beyond 64 bits", "KB820729: too large; the bound inferred", evidence{}, "POST /type.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", entityTooLarge, "HTTP/1.1 POST /type.asp 413 - EntityTooLarge -"},
		{"negative length", "KB820729: Number", evidence{}, "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", invalidNumber, "HTTP/1.1 POST / 400 - Number -"},
		{"empty length", "KB820729: Number", evidence{}, "POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", invalidNumber, "HTTP/1.1 POST / 400 - Number -"},
		{"version with two digits", "KB820729: HTTP/?.?", evidence{}, "GET / HTTP/10.1\r\n" + host + "\r\n", badVersion505, "HTTP/?.? GET / 505 - Version_N/S -"},
		{"verb of 256 bytes", "KB820729: 255 in the log; the refusal inferred", evidence{}, strings.Repeat("V", 256) + " / HTTP/1.1\r\n" + host + "\r\n", invalidVerb, "- - - 400 - Verb -"},
		{"PUT without a length", "KB820729: LengthRequired, 411", evidence{}, "PUT /a HTTP/1.1\r\n" + host + "\r\n", kernel("411 Length Required", "<h1>Length Required</h1>", 24), "HTTP/1.1 PUT /a 411 - LengthRequired -"},
		{"unknown coding", "KB820729: N/I, 501", evidence{}, "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: deflate\r\n\r\n", notImplemented, "HTTP/1.1 POST / 501 - N/I -"},
		{"stopped pool", "KB820729: Disabled; cc759202", evidence{pool: `AppPoolAutoStart="FALSE"`}, path("/hello.txt"), noService, "HTTP/1.1 GET /hello.txt 503 1 Disabled DefaultAppPool"},
		{"pool that does not exist", "KB820729: N/A; the case inferred", evidence{site: `AppPoolId="Gone"`}, path("/hello.txt"), noService, "HTTP/1.1 GET /hello.txt 503 1 N/A Gone"},
		{"stopped site beside a started one", "KB820729: N/A; the case inferred", evidence{keys: stopped}, "GET /a HTTP/1.1\r\nHost: old.contoso.com\r\n\r\n", noService, "HTTP/1.1 GET /a 503 2 N/A -"},
		{"decoded URL in the line", "cc783622", evidence{pool: `AppPoolAutoStart="FALSE"`}, path("/a%62c/./d?e=%20"), noService, "HTTP/1.1 GET /abc/d?e=%20 503 1 Disabled DefaultAppPool"},
		{"HEAD is refused without a body", "RFC 2616 9.4", evidence{pool: `AppPoolAutoStart="FALSE"`}, "HEAD / HTTP/1.1\r\n" + host + "\r\n", strings.TrimSuffix(noService, "<h1>Service Unavailable</h1>"), "HTTP/1.1 HEAD / 503 1 Disabled DefaultAppPool"},
		{"two lengths that agree", "RFC 2616 4.4; refused: inferred", evidence{}, "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", invalidNumber, "HTTP/1.1 POST / 400 - Number -"},
		{"two lengths in one field", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "Content-Length: 1, 2\r\n\r\n", invalidNumber, "HTTP/1.1 POST / 400 - Number -"},
		{"hexadecimal length", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\n", invalidNumber, "HTTP/1.1 POST / 400 - Number -"},
		{"chunks and a length", "smuggling, RFC 2616 4.4", evidence{}, "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", plainBad, "HTTP/1.1 POST / 400 - BadRequest -"},
		{"coding named twice", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", notImplemented, "HTTP/1.1 POST / 501 - N/I -"},
		{"coding in a list", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity, chunked\r\n\r\n", notImplemented, "HTTP/1.1 POST / 501 - N/I -"},
		{"coding behind a control character", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: \vchunked\r\n\r\n", plainBad, "HTTP/1.1 POST / 400 - Header -"},
		{"coding in a folded field", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding:\r\n chunked\r\n\r\n", invalidHeader, "HTTP/1.1 POST / 400 - Header -"},
		{"blank before the colon of the coding", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding : chunked\r\n\r\n", invalidHeader, "HTTP/1.1 POST / 400 - Header -"},
		{"coding behind a bare LF", "smuggling", evidence{}, "POST / HTTP/1.1\r\n" + host + "A: b\nTransfer-Encoding: chunked\r\n\r\n", plainBad, "HTTP/1.1 POST / 400 - Invalid_CR/LF -"},
		{"chunks in HTTP/1.0", "smuggling", evidence{}, "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", plainBad, "HTTP/1.0 POST / 400 - BadRequest -"},
		{"chunk size with a sign", "smuggling", evidence{}, "POST /type.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", plainBad, "HTTP/1.1 POST /type.asp 400 - BadRequest -"},
		{"chunk data behind a bare LF", "smuggling", evidence{}, "POST /type.asp HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", plainBad, "HTTP/1.1 POST /type.asp 400 - BadRequest -"},
		{"blanks around the URL", "RFC 2616 5.1", evidence{}, "GET  / HTTP/1.1\r\n" + host + "\r\n", invalidURL, "HTTP/1.1 GET +/ 400 - URL -"},
	} {
		t.Run(row.name+" ("+row.source+")", func(t *testing.T) {
			srv := start(t, snapshotOf(t, row.evidence), Options{})
			if got := ask(t, srv, row.send); got != row.want {
				t.Errorf("answer\n%q\nwant\n%q", got, row.want)
			}
			logged := logLines(srv, HTTPERR)
			if len(logged) != 1 || !strings.HasSuffix(logged[0], " 80 "+row.log) {
				t.Errorf("log %q, want one line ending in %q", logged, row.log)
			}
			if n := len(logLines(srv, W3C)); n != 0 {
				t.Errorf("%d W3C lines of a request that no worker process saw", n)
			}
		})
	}
}

// waitLine waits for the one line of the HTTP error log and compares its end.
func waitLine(t *testing.T, srv *Server, want string) {
	t.Helper()
	for range 200 {
		if len(logLines(srv, HTTPERR)) > 0 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if all := logLines(srv, HTTPERR); len(all) != 1 || !strings.HasSuffix(all[0], want) {
		t.Errorf("log %q, want one line ending in %q", all, want)
	}
}

// TestClientGoes: a client that ends within its head leaves Client_Reset, one that
// ends within a body that a worker process waits for Connection_Dropped (KB820729
// for the reasons, the cases inferred); one that ends between requests, nothing.
func TestClientGoes(t *testing.T) {
	const post = "POST /type.asp HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"
	for _, row := range []struct {
		name, send string
		linger     int // 0: the client resets
		want       string
	}{
		{"closes within the head", "GET / HTT", -1, " 80 - - - - - Client_Reset -"},
		{"resets within the head", "GET / HTT", 0, " 80 - - - - - Client_Reset -"},
		{"closes within the body", post, -1, " 80 HTTP/1.1 POST /type.asp - 1 Connection_Dropped DefaultAppPool"},
		{"resets within the body", post, 0, " 80 HTTP/1.1 POST /type.asp - 1 Connection_Dropped DefaultAppPool"},
		{"sends a line end too many", "\r\n", -1, ""},
		{"sends nothing", "", -1, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv := start(t, snapshotOf(t, evidence{}), Options{})
			c := dial(t, srv, 80)
			io.WriteString(c, row.send)
			time.Sleep(20 * time.Millisecond)
			c.(*net.TCPConn).SetLinger(row.linger)
			c.Close()
			if row.want != "" {
				waitLine(t, srv, row.want)
				return
			}
			time.Sleep(20 * time.Millisecond)
			if n := len(srv.Records()); n > 0 {
				t.Errorf("%d lines", n)
			}
		})
	}
}
