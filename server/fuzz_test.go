package server

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// FuzzConn throws bytes at a connection: there is always an answer or a close, and
// every answer begins with a status line.
func FuzzConn(f *testing.F) {
	for _, seed := range []string{
		"GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n",
		"POST /type.asp HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nGET / HTTP/1.0\r\n\r\n",
		"GET /page.asp HTTP/1.0\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
		"\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n",
		"HEAD http://www.contoso.com/browse?x HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n",
		"POST /crash.asp HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
		"GET /%uD83D%uDE00/%2e%2e/%e9 HTTP/1.1\r\nHost: a\r\n\r\nGET /../ HTTP/1.1\r\nHost: a\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
		"GET / HTTP/12.1\r\nA: b\r\n c\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	srv := newServer(fixture(f, "", ""), Options{})
	e := &endpoint{Endpoint: Endpoint{Port: 80}, usable: true}
	f.Fuzz(func(t *testing.T, data []byte) {
		client, side := net.Pipe()
		client.SetDeadline(time.Now().Add(5 * time.Second))
		srv.serve(&script{Conn: side, data: data}, e)
		b, err := io.ReadAll(client)
		if err != nil {
			t.Fatalf("%q: %v after %q", data, err, b)
		}
		if len(b) > 0 && !documentedStatus(string(b)) {
			t.Errorf("%q is answered %q", data, b)
		}
		srv.wait.Wait()
		for _, line := range logLines(srv, HTTPERR) {
			if f := strings.Split(line, " "); len(f) != 13 || !documentedReasons[f[11]] {
				t.Errorf("%q leaves the line %q", data, line)
			}
		}
		srv.logs.Lock()
		srv.logs.records, srv.logs.size = nil, 0
		srv.logs.Unlock()
	})
}

// documentedStatus reports an answer that begins with a status line of IIS 6.0.
func documentedStatus(answer string) bool {
	line, _, _ := strings.Cut(answer, "\r\n")
	code, phrase, ok := strings.Cut(strings.TrimPrefix(line, "HTTP/1.1 "), " ")
	return ok && strings.HasPrefix(answer, "HTTP/1.1 ") && (phrases[code] != "" || code == "100") && phrase != ""
}

// documentedReasons are those of KB820729 that one connection can provoke.
var documentedReasons = map[string]bool{
	"BadRequest": true, "Verb": true, "URL": true, "Hostname": true, "Header": true, "Number": true, "Version_N/S": true,
	"Invalid_CR/LF": true, "FieldLength": true, "RequestLength": true, "URL_Length": true, "EntityTooLarge": true,
	"LengthRequired": true, "N/I": true, "Forbidden": true, "AppOffline": true, "Client_Reset": true,
	"Connection_Dropped": true, "Connection_Abandoned_By_AppPool": true,
}

// script is a client that sends its bytes in pieces and then ends.
type script struct {
	net.Conn
	data []byte
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 1+int(s.data[0])%50)], s.data)
	s.data = s.data[n:]
	return n, nil
}
