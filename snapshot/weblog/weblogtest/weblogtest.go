// Package weblogtest writes logs for tests and benchmarks: invented, of any size,
// and the same bytes for the same arguments.
package weblogtest

import (
	"bufio"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// Blocks is how many #Fields directives a generated W3C log has. A server writes
// one when it starts and whenever the columns change.
const Blocks = 26

// layouts are what administrators switch on: IIS 6.0 as installed, IIS 7 and later as
// installed, everything, and IIS 5.0, whose status stands before the texts of the
// client and which has no substatus.
var layouts = [][]string{
	{"date", "time", "s-sitename", "s-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "s-port", "cs-username", "c-ip",
		"cs(User-Agent)", "sc-status", "sc-substatus", "sc-win32-status"},
	{"date", "time", "s-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "s-port", "cs-username", "c-ip", "cs(User-Agent)",
		"cs(Referer)", "sc-status", "sc-substatus", "sc-win32-status", "time-taken"},
	{"date", "time", "s-sitename", "s-computername", "s-ip", "cs-method", "cs-uri-stem", "cs-uri-query", "s-port", "cs-username",
		"c-ip", "cs-version", "cs(User-Agent)", "cs(Cookie)", "cs(Referer)", "cs-host", "sc-status", "sc-substatus",
		"sc-win32-status", "sc-bytes", "cs-bytes", "time-taken"},
	{"date", "time", "c-ip", "cs-username", "s-ip", "s-port", "cs-method", "cs-uri-stem", "cs-uri-query", "sc-status", "cs(User-Agent)"},
}

// result is an answer with how often it comes, in thousandths.
type result struct {
	often                    int
	status, substatus, win32 string
	method                   string
	extensions               []string
	query                    string
}

var results = []result{
	{700, "200", "0", "0", "GET", []string{".htm", ".asp", ".gif", ".jpg", ".css", ".js", ".aspx", ""}, ""},
	{100, "304", "0", "0", "GET", []string{".gif", ".css", ".js"}, ""},
	{50, "200", "0", "0", "POST", []string{".asp", ".aspx"}, ""},
	{30, "302", "0", "0", "GET", []string{".asp", ".aspx"}, ""},
	{20, "200", "0", "64", "GET", []string{".pdf", ".zip"}, ""},
	{40, "404", "0", "2", "GET", []string{".ico", ".txt", ".php", ".htm", ".env"}, ""},
	{12, "404", "3", "50", "GET", []string{".json", ".woff"}, ""},
	{8, "404", "2", "1260", "GET", []string{".asp", ".dll"}, ""},
	{15, "401", "2", "2148074254", "GET", []string{".aspx"}, ""},
	{8, "401", "1", "1326", "POST", []string{".asp"}, ""},
	{4, "403", "14", "5", "GET", []string{""}, ""},
	{4, "500", "0", "0", "GET", []string{".asp"}, "|12|ASP_0131|Disallowed_Parent_Path"},
	{3, "500", "0", "0", "GET", []string{".asp"}, "|277|800a000d|Type_mismatch:_'CDbl'"},
	{3, "405", "0", "1", "PROPFIND", []string{""}, ""},
	{3, "200", "0", "0", "HEAD", []string{".htm"}, ""},
}

var agents = []string{
	"Mozilla/4.0+(compatible;+MSIE+6.0;+Windows+NT+5.1;+SV1;+.NET+CLR+1.1.4322)",
	"Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/120.0.0.0+Safari/537.36",
	"Probe/1.0", "-",
}

// writer builds lines.
type writer struct {
	random *rand.Rand
	clock  time.Time
	line   []byte
	sum    int // of the results' often
}

func newWriter(seed uint64) *writer {
	w := &writer{random: rand.New(rand.NewPCG(seed, 6)), clock: time.Date(2004, 5, 1, 0, 0, 0, 0, time.UTC)}
	for _, r := range results {
		w.sum += r.often
	}
	return w
}

// W3C writes a W3C extended log of about size bytes, with Blocks directives of
// several layouts. It ends with a whole line.
func W3C(to io.Writer, size int64, seed uint64) error {
	out := bufio.NewWriterSize(to, 1<<20)
	w := newWriter(seed)
	written, block := int64(0), 0
	layout := layouts[0]
	for written < size {
		w.line = w.line[:0]
		if written >= int64(block)*size/Blocks {
			layout = layouts[block%len(layouts)]
			block++
			w.header("Microsoft Internet Information Services 6.0", layout)
		}
		w.row(layout)
		n, err := out.Write(w.line)
		if err != nil {
			return err
		}
		written += int64(n)
	}
	return out.Flush()
}

func (w *writer) header(software string, layout []string) {
	w.line = append(w.line, "#Software: "+software+"\r\n#Version: 1.0\r\n#Date: "...)
	w.line = w.clock.AppendFormat(w.line, time.DateTime)
	w.line = append(w.line, "\r\n#Fields:"...)
	for _, name := range layout {
		w.line = append(append(w.line, ' '), name...)
	}
	w.line = append(w.line, "\r\n"...)
}

func (w *writer) result() result {
	n := w.random.IntN(w.sum)
	for _, r := range results {
		if n -= r.often; n < 0 {
			return r
		}
	}
	return results[0]
}

func (w *writer) row(layout []string) {
	w.clock = w.clock.Add(time.Duration(w.random.IntN(400)) * time.Millisecond)
	r := w.result()
	for i, name := range layout {
		if i > 0 {
			w.line = append(w.line, ' ')
		}
		w.field(name, r)
	}
	w.line = append(w.line, "\r\n"...)
}

func (w *writer) field(name string, r result) {
	switch name {
	case "date":
		w.line = w.clock.AppendFormat(w.line, time.DateOnly)
	case "time":
		w.line = w.clock.AppendFormat(w.line, time.TimeOnly)
	case "s-sitename":
		w.text("W3SVC" + strconv.Itoa(1+w.random.IntN(3)))
	case "s-computername":
		w.text("WEB01")
	case "s-ip":
		w.text("192.0.2.10")
	case "c-ip":
		w.text("198.51.100.")
		w.number(w.random.IntN(250))
	case "s-port":
		w.text("80")
	case "cs-method":
		w.text(r.method)
	case "cs-uri-stem":
		w.path(r.extensions[w.random.IntN(len(r.extensions))])
	case "cs-uri-query":
		w.query(r.query)
	case "sc-status":
		w.text(r.status)
	case "sc-substatus":
		w.text(r.substatus)
	case "sc-win32-status":
		w.text(r.win32)
	default:
		w.clientField(name)
	}
}

func (w *writer) clientField(name string) {
	switch name {
	case "cs-username":
		w.text("-")
	case "cs-version":
		w.text("HTTP/1.1")
	case "cs(User-Agent)":
		w.text(agents[w.random.IntN(len(agents))])
	case "cs(Cookie)":
		w.text("ASPSESSIONIDQQ=")
		w.number(w.random.IntN(1 << 30))
	case "cs(Referer)":
		w.text("http://www.contoso.com/shop/list.asp?page=")
		w.number(w.random.IntN(90))
	case "cs-host":
		w.text("www.contoso.com")
	default:
		w.number(w.random.IntN(20000)) // bytes, milliseconds
	}
}

func (w *writer) path(extension string) {
	w.text("/shop/area")
	w.number(w.random.IntN(12))
	if extension == "" {
		w.text("/")
		return
	}
	w.text("/item")
	w.number(w.random.IntN(40))
	w.text(extension)
}

func (w *writer) query(mark string) {
	switch {
	case w.random.IntN(4) == 0:
		w.text("id=")
		w.number(w.random.IntN(100000))
	case mark == "":
		w.text("-")
	}
	w.text(mark)
}

func (w *writer) text(s string) { w.line = append(w.line, s...) }

func (w *writer) number(n int) { w.line = strconv.AppendInt(w.line, int64(n), 10) }
