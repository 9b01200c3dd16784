package proof

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/server"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// patience bounds one exchange and the wait for its log line.
const patience = 10 * time.Second

// maxBody bounds what is kept of an answer.
const maxBody = 8 << 20

// Exchange is one request and its answer as they crossed the wire.
type Exchange struct {
	Request Request
	Status  string // "HTTP/1.1 404 Not Found", "" where no answer came
	Header  http.Header
	Body    []byte
	Err     error           // why no answer came
	Answer  *server.Answer  // what the server says of it, nil where it saw none
	Records []server.Record // the log lines and events it left
	Checked []Checked
}

// Checked is an expectation held against the answer.
type Checked struct {
	Expect Expectation
	OK     bool
	Got    string
}

// replay starts a server with the snapshot and sends the requests one after the
// other. No requests need no server.
func replay(s *snapshot.Snapshot, requests []Request) ([]Exchange, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	answers := make(chan server.Answer, 64)
	srv, err := server.Start(s, server.Options{Faults: true, OnAnswer: func(a server.Answer) { answers <- a }})
	if err != nil {
		return nil, err
	}
	defer srv.Close()
	client := client{srv: srv, answers: answers}
	var done []Exchange
	for _, r := range requests {
		x := client.send(r)
		for _, e := range r.Expect {
			x.Checked = append(x.Checked, check(s, &x, e))
		}
		done = append(done, x)
	}
	return done, nil
}

// client is one visitor: a new connection for every request, no redirects
// followed, the server's own certificate trusted and no other.
type client struct {
	srv     *server.Server
	answers chan server.Answer
	seen    int // records so far
}

func (c *client) send(r Request) Exchange {
	x := Exchange{Request: r}
	x.Status, x.Header, x.Body, x.Err = c.roundTrip(r)
	var refused *net.OpError
	if !(errors.As(x.Err, &refused) && refused.Op == "dial") {
		select {
		case a := <-c.answers:
			x.Answer = &a
		case <-time.After(c.wait(x.Err)):
		}
	}
	records := c.srv.Records()
	x.Records, c.seen = records[c.seen:], len(records)
	return x
}

// wait is short where the connection failed below HTTP: no line will come then.
func (c *client) wait(err error) time.Duration {
	if err != nil {
		return 300 * time.Millisecond
	}
	return patience
}

func (c *client) roundTrip(r Request) (status string, header http.Header, body []byte, err error) {
	target, err := iis.ParseURL(r.Method, r.URL)
	if err != nil {
		return "", nil, nil, err
	}
	transport := &http.Transport{
		DisableKeepAlives:  true,
		DisableCompression: true,
		TLSClientConfig:    &tls.Config{RootCAs: c.srv.RootCAs()},
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return c.srv.Dial(target.IP, target.Port)
		},
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, nil)
	if err != nil {
		return "", nil, nil, err
	}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return "", nil, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(io.LimitReader(answer.Body, maxBody))
	return answer.Proto + " " + answer.Status, answer.Header, body, err
}

// statusCode is the number on the status line, "" where no answer came.
func (x *Exchange) statusCode() string {
	if x.Status == "" {
		return ""
	}
	var proto string
	var code int
	if _, err := fmt.Sscanf(x.Status, "%s %d", &proto, &code); err != nil {
		return ""
	}
	return strconv.Itoa(code)
}
