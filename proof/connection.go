package proof

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// connection is one of the visitor's. It can take an answer as slowly as a client
// on a thin line.
type connection struct {
	net.Conn
	in    *bufio.Reader
	clock *clock
	rate  int           // bytes a second by the server's clock, 0 for no limit
	owed  time.Duration // server's time that the bytes so far should still take
}

// readBuffer is what a slow reader's system may take in advance.
const readBuffer = 256 << 10

// leastSleep is what a slow reader saves up before it sleeps: less cannot be slept
// exactly.
const leastSleep = 2 * time.Millisecond

// over begins TLS where the URL wants it.
func (c *client) over(raw net.Conn, target iis.Request, rate int) (*connection, error) {
	one := &connection{Conn: raw, clock: c.clock, rate: rate}
	if t, ok := raw.(*net.TCPConn); ok && rate > 0 {
		t.SetReadBuffer(readBuffer) // what the system takes in advance would hide the thin line
	}
	raw.SetDeadline(time.Now().Add(patience))
	if target.Secure {
		t := tls.Client(raw, &tls.Config{RootCAs: c.srv.RootCAs(), ServerName: target.Host})
		if err := t.Handshake(); err != nil {
			raw.Close()
			return nil, err
		}
		one.Conn = t
	}
	one.in = bufio.NewReaderSize(one, 64<<10)
	return one, nil
}

// Read takes what came, and the time for it.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.rate > 0 {
		c.owed += time.Duration(float64(n) / float64(c.rate) * float64(time.Second))
		if real := time.Duration(float64(c.owed) / max(c.clock.speed, 1)); real > leastSleep {
			time.Sleep(real)
			c.owed = 0
		}
	}
	return n, err
}

// exchange carries out one request on a connection of its own or on the kept one.
func (c *client) exchange(x *Exchange) (err error) {
	one := c.kept
	if !x.Request.KeepAlive || one == nil {
		if one, err = c.connect(x.Request); err != nil {
			return err
		}
	}
	if x.Request.KeepAlive {
		c.kept = one
	} else {
		defer one.Close()
	}
	return c.ask(x, one)
}

// ask sends the step's request and reads its answer into x. A step without a request
// waits for the end of the connection.
func (c *client) ask(x *Exchange, one *connection) error {
	one.SetDeadline(time.Now().Add(patience))
	if x.Request.Method == Connect {
		_, err := one.in.ReadByte()
		return err
	}
	message, err := x.Request.message(c.cookieField())
	if err != nil {
		return err
	}
	go one.write(message, x.Request.SlowHead) // the answer may come before the whole body is sent
	return c.receive(x, one, message)
}

// write sends a request, its head line by line where it is to be slow. An error is
// seen by whoever reads the answer.
func (c *connection) write(message *http.Request, pause time.Duration) {
	var b bytes.Buffer
	if message.Write(&b) != nil {
		c.Close()
		return
	}
	for pause > 0 {
		line, err := b.ReadBytes('\n')
		if _, failed := c.Conn.Write(line); failed != nil || err != nil || len(line) <= len("\r\n") {
			break
		}
		c.clock.sleep(pause)
	}
	io.Copy(c.Conn, &b)
}

// receive reads the answer to a message; interim answers are passed over.
func (c *client) receive(x *Exchange, one *connection, message *http.Request) error {
	answer, err := http.ReadResponse(one.in, message)
	for err == nil && answer.StatusCode == http.StatusContinue {
		answer, err = http.ReadResponse(one.in, message)
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	x.Status, x.Header = answer.Proto+" "+answer.Status, answer.Header
	if len(answer.TransferEncoding) > 0 { // net/http takes it out of the fields
		x.Header.Set("Transfer-Encoding", answer.TransferEncoding[0])
	}
	c.keepCookies(answer.Cookies())
	x.Body, err = io.ReadAll(io.LimitReader(answer.Body, maxBody))
	if err == nil && len(x.Body) == maxBody {
		_, err = io.Copy(io.Discard, answer.Body)
	}
	return err
}

// cookieField is what the visitor sends back of the cookies.
func (c *client) cookieField() string {
	c.jar.Lock()
	defer c.jar.Unlock()
	var all []string
	for _, one := range c.cookies {
		all = append(all, one.Name+"="+one.Value)
	}
	return strings.Join(all, "; ")
}

func (c *client) keepCookies(given []*http.Cookie) {
	c.jar.Lock()
	defer c.jar.Unlock()
	for _, one := range given {
		if i := slices.IndexFunc(c.cookies, func(have http.Cookie) bool { return have.Name == one.Name }); i >= 0 {
			c.cookies[i] = *one
		} else {
			c.cookies = append(c.cookies, *one)
		}
	}
}
