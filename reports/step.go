package reports

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"

	"github.com/iisdoctor/iisdoctor/proof"
	"github.com/iisdoctor/iisdoctor/server"
)

// step is what a visitor does: a request, a connection without one, or nothing for
// some time.
func (p *printer) step(r *proof.Request) {
	switch {
	case r.URL == "":
		p.line("  ", p.bold("> "), "nothing for ", duration(r.Wait))
		return
	case r.Method == proof.Connect:
		p.line("  ", p.bold("> "), "a connection to ", Visible(r.URL), " on which nothing is sent")
		return
	}
	p.line("  ", p.bold("> "), Visible(r.Method+" "+r.URL))
	for _, l := range manner(r) {
		p.para("    ", l, p.dim)
	}
}

// manner is what is out of the ordinary about a request. A password is not shown.
func manner(r *proof.Request) (lines []string) {
	add := func(when bool, format string, args ...any) {
		if when {
			lines = append(lines, fmt.Sprintf(format, args...))
		}
	}
	add(r.Parallel, "%d at the same time", r.Times)
	add(!r.Parallel && r.Times > 1, "%d times, one after the other", r.Times)
	add(r.User != "", "as %s", r.User)
	add(r.From != "", "from %s", r.From)
	add(r.KeepAlive, "on a connection that is kept")
	add(r.SlowHead > 0, "its head line by line, each %s after the other", duration(r.SlowHead))
	add(r.Rate > 0, "taking %s of the answer a second", count(r.Rate, "byte", "bytes"))
	for _, h := range r.Send.Header {
		add(true, "%s", h)
	}
	if r.Send.Body != nil {
		add(true, "body: %s", content(*r.Send.Body))
	}
	for _, f := range r.Send.Fields {
		add(true, "form field %s: %s", f.Name, content(f.Content))
	}
	for _, f := range r.Send.Files {
		add(true, "uploaded file %s: %s", f.Name, content(f.Content))
	}
	return lines
}

func content(c proof.Content) string {
	if c.Size > 0 {
		return count(c.Size, "byte", "bytes")
	}
	return c.Text
}

// duration writes a time as people say it: "20 minutes", "90 seconds".
func duration(d time.Duration) string {
	for _, u := range [...]struct {
		of        time.Duration
		one, many string
	}{{time.Hour, "hour", "hours"}, {time.Minute, "minute", "minutes"}, {time.Second, "second", "seconds"}} {
		if d >= u.of && d%u.of == 0 {
			return count(int(d/u.of), u.one, u.many)
		}
	}
	return d.String()
}

// answers are what came back; the same answer to a repeated request is shown once.
func (p *printer) answers(x *proof.Exchange) {
	if x.Request.URL == "" {
		return
	}
	all := x.All
	if all == nil {
		all = []proof.Exchange{*x}
	}
	var order []string
	first, times := map[string]*proof.Exchange{}, map[string]int{}
	for i := range all {
		at := all[i].Status + substatus(all[i].Answer)
		if all[i].Err != nil {
			at = "no answer"
		}
		if times[at]++; first[at] == nil {
			first[at] = &all[i]
			order = append(order, at)
		}
	}
	for _, at := range order {
		prefix := ""
		if len(all) > 1 {
			prefix = fmt.Sprintf("%d × ", times[at])
		}
		p.answered(prefix, first[at])
	}
}

func (p *printer) answered(prefix string, x *proof.Exchange) {
	if x.Err != nil {
		p.para("  < ", prefix+"no answer: "+broken(x.Err), asIs)
		return
	}
	p.line("  ", p.bold("< "), prefix, Visible(x.Status), p.dim(substatus(x.Answer)))
	if text := excerpt(x); text != "" {
		p.para("    ", text, p.dim)
	}
}

// broken says how a connection ended, without the addresses of this machine.
func broken(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection was reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	}
	return err.Error()
}

// substatus is what a client never sees and the log tells.
func substatus(a *server.Answer) string {
	if a == nil || a.Status.Substatus() == "0" {
		return ""
	}
	return "  (" + string(a.Status) + " in the log)"
}

// shownLines is how many lines of one log a step shows.
const shownLines = 4

// records are the lines that the server wrote, of many alike the first few.
func (p *printer) records(all []server.Record) {
	times, hidden := map[server.LogKind]int{}, map[server.LogKind]int{}
	var order []server.LogKind
	for _, r := range all {
		if times[r.Kind]++; times[r.Kind] <= shownLines {
			p.line("  ", p.dim(string(r.Kind)+" | "), Visible(r.Line))
			continue
		}
		if hidden[r.Kind]++; hidden[r.Kind] == 1 {
			order = append(order, r.Kind)
		}
	}
	for _, kind := range order {
		p.line("  ", p.dim(string(kind)+" | "), p.dim(strings.TrimSpace(grouped(hidden[kind])+" more")))
	}
}
