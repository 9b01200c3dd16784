package weblogtest

import (
	"bufio"
	"io"
	"time"
)

var errorColumns = []string{"date", "time", "c-ip", "c-port", "s-ip", "s-port", "cs-version", "cs-method", "cs-uri", "sc-status",
	"s-siteid", "s-reason", "s-queuename"}

// refusals are what HTTP.sys notes, from port to queue.
var refusals = []struct{ port, request, tail string }{
	{"80", "HTTP/1.1 GET /shop/list.asp?page=7", "503 1 QueueFull DefaultAppPool"},
	{"80", "HTTP/1.1 POST /shop/order.asp", "503 1 AppOffline ShopPool"},
	{"80", "HTTP/1.1 GET /", "503 2 Disabled OldPool"},
	{"80", "HTTP/1.1 GET /shop/%2e%2e/a.htm", "400 - URL -"},
	{"80", "- - -", "- - Timer_ConnectionIdle -"},
	{"443", "- - -", "- 1 Connection_Abandoned_By_AppPool ShopPool"},
	{"5357", "HTTP/1.1 POST /11abc6a7-b92d-4dfe-8808-84d2aa2be72c", "503 - N/A -"},
}

// HTTPERR writes an HTTPERR log of about size bytes. Without headers it is one of
// Windows Server 2003 before its first service pack, except that it names queues.
func HTTPERR(to io.Writer, size int64, seed uint64, headers bool) error {
	out := bufio.NewWriterSize(to, 1<<20)
	w := newWriter(seed)
	for written, block := int64(0), 0; written < size; {
		w.line = w.line[:0]
		if headers && written >= int64(block)*size/Blocks {
			block++
			w.header("Microsoft HTTP API 1.0", errorColumns)
		}
		w.refusal()
		n, err := out.Write(w.line)
		if err != nil {
			return err
		}
		written += int64(n)
	}
	return out.Flush()
}

func (w *writer) refusal() {
	w.clock = w.clock.Add(time.Duration(w.random.IntN(900)) * time.Millisecond)
	r := refusals[w.random.IntN(len(refusals))]
	w.line = w.clock.AppendFormat(w.line, time.DateTime)
	w.text(" 198.51.100.")
	w.number(w.random.IntN(250))
	w.text(" ")
	w.number(1024 + w.random.IntN(60000))
	w.text(" 192.0.2.10 " + r.port + " " + r.request + " " + r.tail + "\r\n")
}
