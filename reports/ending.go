package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/server"
)

// WriteEnding tells how a server ended: what became of its requests, and the logs
// that it left.
func WriteEnding(w io.Writer, e server.Ending, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		if e.Drained > 0 {
			p.line(count(e.Drained, "request", "requests"), " under way ", were(e.Drained), " finished.")
		}
		if e.Cut > 0 {
			p.line(fmt.Sprintf("%s under way %s cut off after %.1f seconds.", count(e.Cut, "request", "requests"), were(e.Cut), e.Waited.Round(100*time.Millisecond).Seconds()))
		}
		answered := count(e.Answered, "request", "requests") + " answered"
		if e.Dropped > 0 {
			answered += ", " + count(e.Dropped, "connection", "connections") + " reset instead of an answer"
		}
		p.line(answered, ".")
		if len(e.Logs) > 0 {
			p.line("Logs: ", Visible(strings.Join(e.Logs, ", ")))
		}
		return nil
	})
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// maxOpen bounds the requests that are named.
const maxOpen = 100

// WriteUnfinished names the requests whose beginning was logged and whose end was
// not: they crashed their worker process, were cut off, or a filter took their line
// out of the log (Gerhards, IIS Workflow).
func WriteUnfinished(w io.Writer, open []server.Record, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		if len(open) == 0 {
			p.line("Every request that began has its line in the log.")
			return nil
		}
		p.line(p.bold(count(len(open), "request", "requests")), " began and left no line in the log of the site:")
		for i, r := range open {
			if i == maxOpen {
				p.line("  and ", grouped(len(open)-maxOpen), " more")
				break
			}
			p.line("  site ", Visible(r.Site), "  ", Visible(r.Line))
		}
		p.line("They crashed their worker process, were cut off, or a filter dropped their line.")
		return nil
	})
}
