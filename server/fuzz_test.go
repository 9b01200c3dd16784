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
		if len(b) > 0 && !strings.HasPrefix(string(b), "HTTP/1.1 ") {
			t.Errorf("%q is answered %q", data, b)
		}
		srv.wait.Wait()
	})
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
