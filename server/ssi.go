package server

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/source"
)

// ssiRun is one page with server-side includes.
type ssiRun struct {
	x        *exchange
	targets  map[source.Span]iis.Directive
	out      []byte
	included int
}

// failedSSI tells in the event log why a page was refused (cc758052).
func (x *exchange) failedSSI() *response {
	x.logs.write(x.includeError(string(x.out.Target.Physical), "Access is denied."))
	return x.errorPage(x.out.Status)
}

// includeError is event 2218; what stands for its second insert is not documented.
func (x *exchange) includeError(file, why string) Record {
	return x.event("Error", sourceWP, 2218, fmt.Sprintf(
		"The HTTP server encountered an error processing the server-side include file %s. The error was %s", file, why))
}

// ssi answers with a page and the files that it includes. #exec is never carried
// out: nothing of a snapshot is ever started.
func (x *exchange) ssi() *response {
	t := &x.out.Target
	text, err := x.snapshot.Content.Text(t.Physical)
	if err != nil {
		return x.unreadable()
	}
	run := &ssiRun{x: x, targets: map[source.Span]iis.Directive{}}
	directives, _ := x.model.Directives(iis.Page{Site: t.Site, File: t.Physical, Root: t.RootPath, URL: t.URL})
	for _, d := range directives {
		run.targets[d.Span] = d
	}
	run.file(text, t.Physical, 0)
	r := &response{status: "200", body: run.out}
	r.addLength(int64(len(run.out)))
	r.add("Content-Type", "text/html")
	return x.finish(r)
}

// file writes a file with its directives carried out, in one pass.
func (s *ssiRun) file(text *source.Text, path source.WinPath, depth int) {
	data := text.Bytes()
	for at := 0; at < len(data); {
		from := bytes.Index(data[at:], []byte("<!--"))
		end := -1
		if from >= 0 {
			end = bytes.Index(data[at+from:], []byte("-->"))
		}
		if end < 0 || len(s.out) > maxOutput {
			s.out = append(s.out, data[at:]...)
			return
		}
		from, end = at+from, at+from+end+len("-->")
		s.out = append(s.out, data[at:from]...)
		if !s.directive(text, path, from, end, depth) {
			s.out = append(s.out, data[from:end]...)
		}
		at = end
	}
}

// directive carries out one comment; it reports whether that was a directive.
func (s *ssiRun) directive(text *source.Text, path source.WinPath, from, end, depth int) bool {
	inner := strings.TrimLeft(string(text.Bytes()[from+len("<!--"):end-len("-->")]), " \t\r\n")
	command, ok := strings.CutPrefix(inner, "#")
	if !ok {
		return false
	}
	name, rest := firstWord(command)
	_, argument, _ := strings.Cut(rest, "=")
	argument = strings.Trim(strings.TrimSpace(argument), `"'`)
	switch name {
	case "include":
		s.include(text, path, from, end, depth)
	case "echo":
		v, _ := textOf(s.x.variable(argument))
		s.out = append(s.out, v...)
	case "fsize", "flastmod", "config":
		s.about(name, path.Dir().Join(argument))
	case "exec":
		s.out = append(s.out, "<!-- #exec is not carried out here -->"...)
	default:
		return false
	}
	return true
}

// include lays a file in. What cannot be read leaves words that are this server's
// own, and event 2218; a file that includes itself event 2221 (cc758052).
func (s *ssiRun) include(text *source.Text, path source.WinPath, from, end, depth int) {
	for span, d := range s.targets {
		if span.Text != text || span.Start < from || span.End > end {
			continue
		}
		next, err := s.x.snapshot.Content.Text(d.Target)
		s.included++
		switch {
		case d.Cyclic || depth >= maxIncludeDepth || s.included > maxIncludes:
			s.x.logs.write(s.x.event("Error", sourceWP, 2221, fmt.Sprintf("The server-side include file %s includes itself or is included too deeply.", d.Target)))
		case err != nil:
			s.x.logs.write(s.x.includeError(string(d.Target), "The system cannot find the file specified."))
			s.out = append(s.out, "Error processing SSI file"...)
		default:
			s.file(next, d.Target, depth+1)
		}
		return
	}
}

func (s *ssiRun) about(name string, path source.WinPath) {
	e, _ := s.x.snapshot.Content.Stat(path, path.Dir())
	switch {
	case name == "fsize":
		s.out = strconv.AppendInt(s.out, e.Size, 10)
	case name == "flastmod":
		s.out = append(s.out, s.x.started.UTC().Format("Monday, 02 January 2006 15:04:05")...)
	}
}
