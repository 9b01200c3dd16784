package server

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// plainPort is an endpoint for connections that no listener took.
func plainPort() *endpoint { return &endpoint{Endpoint: Endpoint{Port: 80}, usable: true} }

// TestConformanceTimers: when a connection is given up, to the second, and what the
// HTTP error log says. Reasons KB820729 and cc759448; settings ms525597 (1 to 65535
// seconds, else 120) and ms525227.
func TestConformanceTimers(t *testing.T) {
	const (
		idle   = " 80 - - - - - Timer_ConnectionIdle -"
		header = " 80 - - - - - Timer_HeaderWait -"
		entity = " 80 HTTP/1.1 POST /type.asp - 1 Timer_EntityBody DefaultAppPool"
		post   = "POST /type.asp HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
		chunks = "POST /type.asp HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
	)
	for _, row := range []struct {
		name, source string
		evidence     evidence
		send         string
		seconds      int
		reason       string
	}{
		{"nothing comes", "ms525597: 120", evidence{}, "", 120, idle},
		{"ConnectionTimeout 10", "ms525597", evidence{service: `ConnectionTimeout="10"`}, "", 10, idle},
		{"ConnectionTimeout 1", "ms525597", evidence{service: `ConnectionTimeout="1"`}, "", 1, idle},
		{"ConnectionTimeout 65535", "ms525597", evidence{service: `ConnectionTimeout="65535"`}, "", 65535, idle},
		{"ConnectionTimeout 65536", "ms525597: else 120", evidence{service: `ConnectionTimeout="65536"`}, "", 120, idle},
		{"ConnectionTimeout 0", "ms525597: else 120", evidence{service: `ConnectionTimeout="0"`}, "", 120, idle},
		{"half a head", "KB820729: two minutes", evidence{}, "GET / HTTP/1.1\r\nHost", 120, header},
		{"line ends alone are no head", "inferred", evidence{}, "\r\n\r\n", 120, idle},
		{"HeaderWaitTimeout 15", "ms525227", evidence{service: `HeaderWaitTimeout="15"`}, "GET / HTTP/1.1\r\nHost", 15, header},
		{"HeaderWaitTimeout 15, nothing comes", "ms525227: for headers", evidence{service: `HeaderWaitTimeout="15"`}, "", 120, idle},
		{"HeaderWaitTimeout 0", "ms525227: the default; what holds then inferred", evidence{service: `HeaderWaitTimeout="0" ConnectionTimeout="30"`}, "GET /", 30, header},
		{"half a body", "KB820729: two minutes", evidence{}, post + "ab", 120, entity},
		{"no body", "KB820729", evidence{}, post, 120, entity},
		{"half a chunk", "KB820729", evidence{}, chunks, 120, entity},
		{"ConnectionTimeout 30, half a body", "KB820729", evidence{service: `ConnectionTimeout="30"`}, post + "ab", 30, entity},
		{"ConnectionTimeout 20 at the site, half a body", "ms525597: service or site", evidence{service: `ConnectionTimeout="30"`, site: `ConnectionTimeout="20"`}, post + "ab", 20, entity},
	} {
		t.Run(row.name+" ("+row.source+")", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := newServer(snapshotOf(t, row.evidence), Options{})
				client, side := net.Pipe()
				begun := time.Now()
				srv.serve(side, plainPort())
				io.WriteString(client, row.send)
				b, err := io.ReadAll(client)
				if took := time.Since(begun); err != nil || len(b) > 0 || took != time.Duration(row.seconds)*time.Second {
					t.Errorf("got %q, %v after %v, want nothing after %d seconds", b, err, took, row.seconds)
				}
				srv.wait.Wait()
				if all := logLines(srv, HTTPERR); len(all) != 1 || !strings.HasSuffix(all[0], row.reason) {
					t.Errorf("log %q, want %q", all, row.reason)
				}
			})
		})
	}
}

// TestIdleAfterRequest: between requests the site's ConnectionTimeout holds.
func TestIdleAfterRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(snapshotOf(t, evidence{site: `ConnectionTimeout="20"`}), Options{})
		client, side := net.Pipe()
		srv.serve(side, plainPort())
		io.WriteString(client, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
		b, err := io.ReadAll(client)
		if !bytes.HasSuffix(b, []byte("hello")) || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
		srv.wait.Wait()
		if all := logLines(srv, HTTPERR); len(all) != 1 || !strings.HasSuffix(all[0], "Timer_ConnectionIdle -") {
			t.Errorf("log %q", all)
		}
	})
}

// TestSlowBody: whatever comes of a body gives the client the whole time again
// (KB820729), where no rate is asked for.
func TestSlowBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(snapshotOf(t, evidence{service: `MinFileBytesPerSec="0"`}), Options{})
		client, side := net.Pipe()
		srv.serve(side, plainPort())
		io.WriteString(client, "POST /type.asp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n")
		for range 5 {
			time.Sleep(119 * time.Second)
			io.WriteString(client, "x")
		}
		b, err := io.ReadAll(client)
		if !strings.HasPrefix(string(b), served) || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
		srv.wait.Wait()
	})
}

// TestBodyRate: MinFileBytesPerSec holds for what the client sends as well
// (cc738006). A body has at least ConnectionTimeout: inferred. The reason is that of
// KB820729 for a slow client; that it stands for bodies too is inferred.
func TestBodyRate(t *testing.T) {
	const timer = " 80 HTTP/1.1 POST /read.asp - 1 Timer_MinBytesPerSecond DefaultAppPool"
	for _, row := range []struct {
		name, service string
		pause         time.Duration // before each piece of 1400 bytes
		pieces        int
		cut           int // seconds until the connection is given up; 0: it is answered
	}{
		{"254 bytes a second", ``, 5500 * time.Millisecond, 90, 0},
		{"200 bytes a second", ``, 7 * time.Second, 90, 120},
		{"200 bytes a second, done before the time-out", ``, 7 * time.Second, 16, 0},
		{"200 of 180 bytes a second", `MinFileBytesPerSec="180"`, 7 * time.Second, 90, 0},
		{"200 of 210 bytes a second", `MinFileBytesPerSec="210"`, 7 * time.Second, 90, 120},
		{"a time-out of 10 seconds", `ConnectionTimeout="10"`, 7 * time.Second, 90, 10},
		{"switched off: inferred", `MinFileBytesPerSec="0"`, 100 * time.Second, 90, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := newServer(snapshotOf(t, evidence{service: row.service, content: map[string][]byte{"C/site/read.asp": []byte(readPage)}}), Options{})
				client, side := net.Pipe()
				srv.serve(side, plainPort())
				begun := time.Now()
				fmt.Fprintf(client, "POST /read.asp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n", row.pieces*1400)
				piece := make([]byte, 1400)
				for range row.pieces {
					time.Sleep(row.pause)
					if _, err := client.Write(piece); err != nil {
						break
					}
				}
				b, _ := io.ReadAll(client)
				srv.wait.Wait()
				all := logLines(srv, HTTPERR)
				if row.cut == 0 {
					if !strings.HasPrefix(string(b), served) || len(all) > 0 {
						t.Errorf("got %q; log %q", b, all)
					}
					return
				}
				if len(all) != 1 || !strings.HasSuffix(all[0], timer) || len(b) > 0 {
					t.Errorf("got %q; log %q", b, all)
				}
				cut := begun.Add(time.Duration(row.cut) * time.Second).UTC().Format("2006-01-02 15:04:05")
				if len(all) == 1 && !strings.HasPrefix(all[0], cut) {
					t.Errorf("cut at %.19s, want %s", all[0], cut)
				}
			})
		})
	}
}

// TestSlowReader: a client must take MinFileBytesPerSec of the answer (cc738006); it
// has at least ConnectionTimeout: inferred. Pieces are of 64 KiB (MaxBytesPerSend,
// KB820129): who takes one in the time for it goes on.
func TestSlowReader(t *testing.T) {
	const size = 10 * 65536
	for _, row := range []struct {
		name, service string
		pause         time.Duration // before each piece is taken
		cut           int           // seconds until the connection is given up; 0: it is served
	}{
		{"240 of 240 bytes a second", ``, 270 * time.Second, 0},
		{"below 240 bytes a second", ``, 280 * time.Second, 274},
		{"65536 bytes a second, met", `MinFileBytesPerSec="65536" ConnectionTimeout="1"`, 900 * time.Millisecond, 0},
		{"65536 bytes a second, not met", `MinFileBytesPerSec="65536" ConnectionTimeout="1"`, 2 * time.Second, 1},
		{"switched off: inferred", `MinFileBytesPerSec="0"`, 119 * time.Second, 0},
		{"nothing is taken", `ConnectionTimeout="300"`, 24 * time.Hour, 300},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := newServer(snapshotOf(t, evidence{service: row.service, content: map[string][]byte{"C/site/big.gif": make([]byte, size)}}), Options{})
				client, side := net.Pipe()
				srv.serve(side, plainPort())
				begun := time.Now()
				io.WriteString(client, path("/big.gif"))
				got, err := takeSlowly(client, row.pause)
				srv.wait.Wait()
				all := logLines(srv, HTTPERR)
				if row.cut == 0 {
					if err != nil || got < size || len(all) > 0 {
						t.Errorf("got %d bytes, %v; log %q", got, err, all)
					}
					return
				}
				if len(all) != 1 || !strings.HasSuffix(all[0], " 80 - - - - - Timer_MinBytesPerSecond -") || got >= size {
					t.Errorf("got %d bytes; log %q", got, all)
				}
				if line := logLines(srv, W3C); len(line) != 1 || !strings.HasSuffix(line[0], "200 0 64") {
					t.Errorf("W3C log %q", line)
				}
				cut := begun.Add(time.Duration(row.cut) * time.Second).UTC().Format("2006-01-02 15:04:05")
				if len(all) == 1 && !strings.HasPrefix(all[0], cut) {
					t.Errorf("cut at %.19s, want %s", all[0], cut)
				}
			})
		})
	}
}

// takeSlowly reads the head of an answer and then a piece after every pause.
func takeSlowly(c net.Conn, pause time.Duration) (got int, err error) {
	head := make([]byte, 4096)
	if _, err := c.Read(head); err != nil {
		return 0, err
	}
	piece := make([]byte, 65536)
	for {
		time.Sleep(pause)
		n, err := io.ReadFull(c, piece)
		got += n
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return got, nil
		}
		if err != nil {
			return got, err
		}
	}
}

// TestFastClock: on real sockets with a fast clock every time-out ends in a reset
// (cc759448), and the log has the server's time.
func TestFastClock(t *testing.T) {
	for _, row := range []struct{ name, send, reason string }{
		{"idle", "", " - - - - - Timer_ConnectionIdle -"},
		{"head", "GET / HTTP/1.1\r\n", " - - - - - Timer_HeaderWait -"},
		{"body", "POST /type.asp HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", " HTTP/1.1 POST /type.asp - 1 Timer_EntityBody DefaultAppPool"},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, err := Start(snapshotOf(t, evidence{}), Options{Speed: 1000})
			if err != nil {
				t.Fatal(err)
			}
			defer srv.Close()
			began := srv.clock.Now()
			c := dial(t, srv, 80)
			io.WriteString(c, row.send)
			if b, err := io.ReadAll(c); !errors.Is(err, syscall.ECONNRESET) || len(b) > 0 {
				t.Errorf("got %q, %v; want a reset", b, err)
			}
			if passed := srv.clock.Now().Sub(began); passed < 120*time.Second {
				t.Errorf("the server's clock went on by %v", passed)
			}
			waitLine(t, srv, row.reason)
		})
	}
}

// TestFastSlowReader: a client on a real socket that takes nothing is reset.
func TestFastSlowReader(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{content: map[string][]byte{"C/site/big.gif": make([]byte, 32<<20)}}), Options{Speed: 20000})
	c := dial(t, srv, 80)
	c.(*net.TCPConn).SetReadBuffer(4096)
	io.WriteString(c, path("/big.gif"))
	waitLineFor(t, srv, " 80 - - - - - Timer_MinBytesPerSecond -", 8*time.Second)
	if n, err := io.Copy(io.Discard, c); !errors.Is(err, syscall.ECONNRESET) || n >= 32<<20 {
		t.Errorf("got %d bytes, %v; want a reset", n, err)
	}
}

// waitLineFor is waitLine for what takes longer.
func waitLineFor(t *testing.T, srv *Server, want string, patience time.Duration) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < patience && len(logLines(srv, HTTPERR)) == 0; {
		time.Sleep(5 * time.Millisecond)
	}
	waitLine(t, srv, want)
}

// TestKeepAliveOff: AllowKeepAlive FALSE closes after every answer.
func TestKeepAliveOff(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{site: `AllowKeepAlive="FALSE"`}), Options{})
	got := ask(t, srv, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\nGET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
	if strings.Count(got, served) != 1 || !strings.Contains(got, "\r\nConnection: close\r\n") {
		t.Errorf("got %q", got)
	}
}

// TestClock: Speed makes the clock run faster, a clock of one's own stays.
func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fast, own := newClock(Options{Speed: 60}), newClock(Options{Speed: 60, Now: func() time.Time { return at }})
		begun := fast.Now()
		rang := make(chan time.Time, 1)
		fast.AfterFunc(time.Hour, func() { rang <- time.Now() })
		before := time.Now()
		if passed := (<-rang).Sub(before); passed != time.Minute {
			t.Errorf("an hour took %v", passed)
		}
		if passed := fast.Now().Sub(begun); passed != time.Hour {
			t.Errorf("the clock went on by %v", passed)
		}
		if !own.Now().Equal(at) || own.real(time.Hour) != time.Minute {
			t.Errorf("own clock %v, an hour takes %v", own.Now(), own.real(time.Hour))
		}
		for _, speed := range []float64{0, -1, 1} {
			if d := newClock(Options{Speed: speed}).real(time.Hour); d != time.Hour {
				t.Errorf("speed %v: an hour takes %v", speed, d)
			}
		}
	})
}
