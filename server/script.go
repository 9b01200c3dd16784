package server

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// Bounds of one run beside AspBufferingLimit.
const (
	maxIncludes     = 2000
	maxIncludeDepth = 32
	maxOutput       = 16 << 20
)

// run is the execution of one ASP page.
type run struct {
	x        *exchange
	targets  map[source.Span]source.WinPath // include directives and the files they name
	body     []byte
	limit    int // AspBufferingLimit; maxOutput where buffering is off
	included int
	mime     string
	crashed  bool
	failure  *iis.ASPError
	unknown  *asp.Statement // the first statement that is not modelled
	file     *source.Text   // that holds it
}

// page runs an ASP page and answers with its output.
func (x *exchange) page() *response {
	t := &x.out.Target
	run := &run{x: x, mime: "text/html", targets: map[source.Span]source.WinPath{}, limit: x.bufferingLimit()}
	text, err := x.snapshot.Content.Text(t.Physical)
	if err != nil {
		return x.unreadable()
	}
	directives, _ := x.model.Directives(iis.Page{Site: t.Site, File: t.Physical, Root: t.RootPath, URL: t.URL})
	for _, d := range directives {
		run.targets[d.Span] = d.Target
	}
	run.file = text
	run.do(text, 0)
	switch {
	case run.crashed:
		return &response{crash: true}
	case run.failure != nil:
		return x.aspError(run.failure)
	case run.unknown != nil && x.options.Faults:
		return x.notModelled(run.where() + " is not modelled: " + run.unknown.Text)
	case run.unknown != nil:
		run.body = append(run.body, reachedScript(run.where())...)
	}
	return x.aspAnswer("200", run.mime, run.body)
}

func (x *exchange) bufferingLimit() int {
	key := x.out.Target.Key
	if x.isFalse(key, "AspBufferingOn") {
		return maxOutput
	}
	if n, ok := x.tree.Effective(key, "AspBufferingLimit").Uint(); ok && n > 0 && n < maxOutput {
		return int(n)
	}
	return 4194304 // ms525972
}

// aspAnswer has the order of fields of ASP: [Connection], Date, Server,
// X-Powered-By, Content-Length, Content-Type, Cache-control (captured).
func (x *exchange) aspAnswer(status iis.Status, mime string, body []byte) *response {
	r := &response{status: status, first: true, body: body}
	r.addTime("Date", x.options.Now())
	r.add("Server", "Microsoft-IIS/6.0")
	x.addCustom(r)
	r.addLength(int64(len(body)))
	r.add("Content-Type", mime)
	r.add("Cache-control", "private")
	return r
}

func (r *run) where() string {
	return fmt.Sprintf("line %d of %s", r.unknown.Span.Pos().Line, r.file.Name())
}

// do runs one file. It reports whether the page goes on behind it.
func (r *run) do(text *source.Text, depth int) bool {
	for _, part := range asp.Scan(text).Parts() {
		switch {
		case part.Include != nil:
			if !r.include(part.Include, depth) {
				return false
			}
		case part.Expr != nil:
			value, ok := evaluate(part.Expr.Text)
			if !ok {
				return r.stop(part.Expr, text)
			}
			if !r.write(value) {
				return false
			}
		case part.Statement != nil:
			if !r.statement(part.Statement, text) {
				return false
			}
		default:
			if !r.write(string(part.Literal.Bytes())) {
				return false
			}
		}
	}
	return true
}

func (r *run) include(inc *asp.Include, depth int) bool {
	r.included++
	if depth >= maxIncludeDepth || r.included > maxIncludes {
		return true
	}
	text, err := r.x.snapshot.Content.Text(r.targets[inc.Span])
	if err != nil {
		return r.write("<!-- " + escape(inc.Target) + " is not in the snapshot -->")
	}
	return r.do(text, depth+1)
}

// write adds to the response; beyond AspBufferingLimit the page fails (KB944886).
func (r *run) write(s string) bool {
	if len(r.body)+len(s) > r.limit {
		r.failure = &iis.ASPError{
			Category: "Response object", Code: "ASP 0251 : 80004005", Title: "Response Buffer Limit Exceeded",
			Detail: "Execution of the ASP page caused the Response Buffer to exceed its configured limit.", URL: r.x.out.Target.URL,
		}
		return false
	}
	r.body = append(r.body, s...)
	return true
}

// stop ends the run at a statement that is not modelled.
func (r *run) stop(s *asp.Statement, in *source.Text) bool {
	r.unknown, r.file = s, in
	return false
}

// statement runs one statement. It reports whether the page goes on.
func (r *run) statement(s *asp.Statement, in *source.Text) bool {
	if s.Conditional {
		return r.stop(s, in) // its condition is not modelled
	}
	text := strings.TrimRight(s.Text, "; \t")
	verb, rest := firstWord(text)
	switch verb {
	case "option", "dim":
		return true
	case "on":
		if strings.HasPrefix(strings.ToLower(rest), "error ") {
			return true
		}
	case "call":
		verb, rest = firstWord(rest)
	case "set":
		_, value, ok := strings.Cut(rest, "=")
		if ok && strings.EqualFold(strings.TrimSpace(value), "nothing") {
			return true
		}
		verb, rest = firstWord(strings.TrimSpace(value))
	}
	switch verb {
	case "response.write":
		value, ok := evaluate(rest)
		if !ok {
			return r.stop(s, in)
		}
		return r.write(value)
	case "response.end":
		return false
	case "response.buffer", "response.expires", "response.charset":
		if strings.HasPrefix(rest, "=") {
			return true
		}
	case "response.contenttype":
		return r.contentType(s, rest, in)
	case "server.createobject", "createobject":
		return r.create(s, rest, in)
	}
	return r.stop(s, in)
}

func (r *run) contentType(s *asp.Statement, rest string, in *source.Text) bool {
	value, ok := strings.CutPrefix(rest, "=")
	if !ok {
		return r.stop(s, in)
	}
	if r.mime, ok = evaluate(value); !ok {
		return r.stop(s, in)
	}
	return true
}

// create makes an object, which the model has allowed. Fault.Crash exists in fault
// folders only: it brings the worker process down.
func (r *run) create(s *asp.Statement, rest string, in *source.Text) bool {
	class, ok := evaluate(rest)
	if !ok {
		return r.stop(s, in)
	}
	if r.x.options.Faults && strings.EqualFold(class, "Fault.Crash") {
		r.crashed = true
		return false
	}
	return true
}

// firstWord splits a statement behind its dotted name, in lower case.
func firstWord(s string) (word, rest string) {
	i := 0
	for i < len(s) && (isAlnum(s[i]) || s[i] == '.' || s[i] == '_') {
		i++
	}
	return strings.ToLower(s[:i]), strings.TrimSpace(s[i:])
}

// aspLogText is what ASP appends to the logged query: |line|code|text, blanks as
// underscores (KB944886 for object errors; for compile errors inferred). A line
// that is not known is "-".
func aspLogText(e *iis.ASPError) string {
	line := "-"
	if e.Line > 0 {
		line = strconv.Itoa(e.Line)
	}
	return "|" + line + "|" + strings.ReplaceAll(e.Code, " ", "_") + "|" + strings.ReplaceAll(e.Title, " ", "_")
}
