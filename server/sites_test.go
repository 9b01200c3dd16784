package server

import (
	"crypto/tls"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// threeSites are beside site 1, which takes any host at port 80: one by its host
// header, one by its address, one at a port of its own.
const threeSites = `<IIsWebServer	Location ="/LM/W3SVC/2" ServerBindings=":80:two.contoso.com"></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/2/ROOT" Path="C:\two"></IIsWebVirtualDir>
<IIsWebServer	Location ="/LM/W3SVC/3" ServerBindings="10.0.0.3:80:"></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/3/ROOT" Path="C:\three"></IIsWebVirtualDir>
<IIsWebServer	Location ="/LM/W3SVC/4" ServerBindings=":8080:four.contoso.com"></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/4/ROOT" Path="C:\four"></IIsWebVirtualDir>
`

// TestSites: several sites and ports at once: IP, port and host choose (cc786188);
// a host that no site at the port takes is 400 Hostname.
func TestSites(t *testing.T) {
	content := map[string][]byte{}
	for name, text := range map[string]string{"two": "second", "three": "third", "four": "fourth"} {
		content["C/"+name+"/who.txt"] = []byte(text)
	}
	content["C/site/who.txt"] = []byte("first")
	srv := start(t, snapshotOf(t, evidence{keys: threeSites, content: content}), Options{})
	for _, row := range []struct {
		ip   string
		port int
		host string
		want string // the body, or the whole answer
	}{
		{"", 80, "www.contoso.com", "first"},
		{"", 80, "anything", "first"},
		{"", 80, "two.contoso.com", "second"},
		{"", 80, "TWO.contoso.COM:80", "second"},
		{"10.0.0.3", 80, "two.contoso.com", "third"},
		{"10.0.0.4", 80, "two.contoso.com", "second"},
		{"", 8080, "four.contoso.com:8080", "fourth"},
		{"", 8080, "www.contoso.com", invalidHostname},
	} {
		c, err := srv.Dial(row.ip, row.port)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "GET /who.txt HTTP/1.1\r\nHost: "+row.host+"\r\nConnection: close\r\n\r\n")
		b, err := io.ReadAll(c)
		c.Close()
		if _, _, body := parts(string(b)); err != nil || body != row.want && string(b) != row.want {
			t.Errorf("%s:%d %s: %q, %v; want %q", row.ip, row.port, row.host, b, err, row.want)
		}
	}
}

// TestOneConnectionManySites: requests on one connection go to the site that each names.
func TestOneConnectionManySites(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{keys: threeSites, content: map[string][]byte{"C/two/who.txt": []byte("second"), "C/site/who.txt": []byte("first")}}), Options{})
	got := ask(t, srv, "GET /who.txt HTTP/1.1\r\nHost: two.contoso.com\r\n\r\nGET /who.txt HTTP/1.1\r\nHost: a\r\n\r\n"+
		"GET /who.txt HTTP/1.1\r\nHost: two.contoso.com\r\nConnection: close\r\n\r\n")
	second, first := strings.Index(got, "second"), strings.Index(got, "first")
	if second < 0 || first < second || strings.LastIndex(got, "second") < first {
		t.Errorf("got %q", got)
	}
}

// TestCertificateAndBody: where IIS asks for the client's certificate, a body beyond
// UploadReadAheadSize is 413, and the connection is closed (cc737382); which reason
// the error log has is inferred.
func TestCertificateAndBody(t *testing.T) {
	for _, row := range []struct {
		name, site, length, want string
	}{
		{"beyond 49152", certificate + ` AccessSSLFlags="AccessSSL | AccessSSLNegotiateCert"`, "49153", "HTTP/1.1 413 "},
		{"within 65536", certificate + ` AccessSSLFlags="AccessSSL | AccessSSLNegotiateCert" UploadReadAheadSize="65536"`, "65536", served},
		{"no certificate asked for", certificate + ` AccessSSLFlags="AccessSSL"`, "49153", served},
	} {
		srv := start(t, snapshotOf(t, evidence{site: row.site}), Options{})
		c := tls.Client(dial(t, srv, 443), &tls.Config{RootCAs: srv.RootCAs(), ServerName: "localhost"})
		length, _ := strconv.Atoi(row.length)
		go func() {
			io.WriteString(c, "POST /type.asp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "+row.length+"\r\n\r\n")
			c.Write(make([]byte, 65536)[:length])
		}()
		b, err := io.ReadAll(c)
		if err != nil || !strings.HasPrefix(string(b), row.want) {
			t.Errorf("%s: %.60q, %v; want %q", row.name, b, err, row.want)
		}
		if row.want != served {
			waitLine(t, srv, " 443 HTTP/1.1 POST /type.asp 413 1 EntityTooLarge DefaultAppPool")
		}
	}
}

// TestCertificateOnPlainPort: no certificate is asked for where there is no TLS.
func TestCertificateOnPlainPort(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{site: `AccessSSLFlags="AccessSSLNegotiateCert"`}), Options{})
	got := ask(t, srv, "POST /type.asp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 49153\r\n\r\n"+strings.Repeat("x", 49153))
	if !strings.HasPrefix(got, served) {
		t.Errorf("got %.80q", got)
	}
}

// TestEndpointTimeout: before the first request the ConnectionTimeout of an
// endpoint's only site holds, of several sites the service's: inferred.
func TestEndpointTimeout(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{service: `ConnectionTimeout="30"`, site: `ConnectionTimeout="20"`, keys: strings.Replace(threeSites, `ServerBindings=":8080:`, `ConnectionTimeout="40" ServerBindings=":8080:`, 1)}), Options{})
	want := map[string]time.Duration{"80": 30 * time.Second, "10.0.0.3 80": 30 * time.Second, "8080": 40 * time.Second}
	for _, e := range srv.endpoints {
		key := strings.TrimSpace(e.IP + " " + strconv.Itoa(e.Port))
		if e.timeout != want[key] {
			t.Errorf("%s: %v, want %v", key, e.timeout, want[key])
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("no endpoint for %v", want)
	}
}

// TestTrickles: what comes byte by byte gives what comes at once: refusals, chunks,
// requests one behind the other.
func TestTrickles(t *testing.T) {
	for _, row := range []struct{ name, send string }{
		{"a chunked request and one behind it", "POST /hello.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n" + path("/hello.txt")},
		{"HEAD", "HEAD /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
		{"a refused field", "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n"},
		{"a refused verb", "get / HTTP/1.1\r\n"},
		{"a URL that is too long", "GET /" + strings.Repeat("u", 300)},
		{"a field that is too long", "GET / HTTP/1.1\r\nA: " + strings.Repeat("x", 300)},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv := start(t, snapshotOf(t, evidence{registry: `"MaxFieldLength"=dword:00000100`}), Options{})
			whole := ask(t, srv, row.send)
			c := dial(t, srv, 80)
			c.(*net.TCPConn).SetNoDelay(true)
			go func() {
				for i := range len(row.send) {
					if _, err := c.Write([]byte(row.send[i : i+1])); err != nil {
						return
					}
				}
			}()
			b, err := io.ReadAll(c)
			if err != nil || string(b) != whole || whole == "" {
				t.Errorf("in one piece %q, byte by byte %q, %v", whole, b, err)
			}
		})
	}
}

// TestContinueShapes: who asks for 100 gets it once, before the body is waited for;
// HTTP/1.0 and requests without a body never (RFC 2616 8.2.3).
func TestContinueShapes(t *testing.T) {
	for _, row := range []struct {
		name, send string
		times      int
	}{
		{"with a length", "POST /type.asp HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", 1},
		{"chunked, other case", "POST /type.asp HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", 1},
		{"no body", "GET /hello.txt HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", 0},
		{"HTTP/1.0", "POST /type.asp HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", 0},
		{"refused before", "POST /%zz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", 0},
	} {
		srv := start(t, snapshotOf(t, evidence{}), Options{})
		if got := ask(t, srv, row.send); strings.Count(got, interim) != row.times || strings.Count(got, "HTTP/1.1 ") != row.times+1 {
			t.Errorf("%s: got %q", row.name, got)
		}
	}
}

// TestNoLeaks: connections that end in every way leave nothing behind.
func TestNoLeaks(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{site: `MaxConnections="50"`, pool: `AppPoolQueueLength="10"`}), Options{})
	for range 20 {
		ask(t, srv, "get / HTTP/1.1\r\n\r\n")
		ask(t, srv, path("/hello.txt"))
		c := dial(t, srv, 80)
		io.WriteString(c, "POST /type.asp HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
		c.Close()
	}
	for range 200 {
		srv.sites.Lock()
		open := srv.sites.byKey["/lm/w3svc/1"].open
		srv.sites.Unlock()
		q := srv.queueOf("DefaultAppPool")
		q.Lock()
		outstanding := q.outstanding
		q.Unlock()
		if open == 0 && outstanding == 0 && len(q.threads) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("connections of the site: %d, requests in the queue: %d", srv.sites.byKey["/lm/w3svc/1"].open, srv.queueOf("DefaultAppPool").outstanding)
}
