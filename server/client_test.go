package server

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// TestStandardClient: an independent HTTP client understands every answer, plain
// and over TLS, with its connections kept.
func TestStandardClient(t *testing.T) {
	srv := start(t, fixture(t, certificate, ""), Options{})
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: srv.RootCAs()},
		DialContext: func(_ context.Context, _, addr string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(addr)
			n, _ := strconv.Atoi(port)
			return srv.Dial("", n)
		},
	}}
	defer client.CloseIdleConnections()
	for _, test := range []struct {
		method, url, body string
		status, length    int
	}{
		{"GET", "http://www.contoso.com/hello.txt", "", 200, 5},
		{"GET", "https://www.contoso.com/hello.txt", "", 200, 5},
		{"GET", "https://www.contoso.com/big.gif", "", 200, 1<<20 + 1},
		{"HEAD", "http://www.contoso.com/big.gif", "", 200, 0},
		{"POST", "http://www.contoso.com/type.asp", strings.Repeat("x", 200000), 200, 1},
		{"POST", "https://www.contoso.com/type.asp", "chunked", 200, 1},
		{"GET", "http://www.contoso.com/noread/a.htm", "", 403, 11},
		{"GET", "http://www.contoso.com/quiet/", "", 403, 218},
		{"PUT", "http://www.contoso.com/hello.txt", "x", 501, 0},
	} {
		var body io.Reader = strings.NewReader(test.body)
		if test.body == "chunked" {
			body = io.MultiReader(body) // of a length the client does not know
		}
		request, err := http.NewRequest(test.method, test.url, body)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(request)
		if err != nil {
			t.Errorf("%s %s: %v", test.method, test.url, err)
			continue
		}
		b, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != test.status || len(b) != test.length {
			t.Errorf("%s %s: %d, %d bytes, %v; want %d, %d", test.method, test.url, answer.StatusCode, len(b), err, test.status, test.length)
		}
	}
}

// TestManyClients: answers and lines do not mix when clients come at once.
func TestManyClients(t *testing.T) {
	srv := start(t, fixture(t, "", ""), Options{OnAnswer: func(Answer) {}})
	const clients, requests = 16, 50
	done := make(chan string, clients)
	for i := range clients {
		path, want := "/hello.txt", "hello"
		if i%2 == 0 {
			path, want = "/type.asp", "x"
		}
		go func() {
			c, err := srv.Dial("", 80)
			if err != nil {
				done <- err.Error()
				return
			}
			defer c.Close()
			go io.WriteString(c, strings.Repeat("GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n", requests-1)+
				"GET "+path+" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
			b, err := io.ReadAll(c)
			if n := strings.Count(string(b), "\r\n\r\n"+want); err != nil || n != requests {
				done <- path + " was answered " + strconv.Itoa(n) + " times"
				return
			}
			done <- ""
		}()
	}
	for range clients {
		if problem := <-done; problem != "" {
			t.Error(problem)
		}
	}
	if n := len(logLines(srv, W3C)); n != clients*requests {
		t.Errorf("%d lines, want %d", n, clients*requests)
	}
}
