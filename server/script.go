package server

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/source"
)

// Bounds of one run beside AspBufferingLimit.
const (
	maxOutput = 16 << 20
	maxSteps  = 2000000 // a script that is not done by then counts as one that never ends
)

// run is the execution of one ASP page, or of one routine of global.asa.
type run struct {
	*Server
	x       *exchange    // nil for a routine that runs at the end of a session
	app     *application // never nil
	session *session     // nil where there is none
	program *program
	vars    map[string]value
	loops   map[int]*counter // For loops under way, by their operation
	form    *formData
	out     output
	token   []string // the accounts under which files are opened
	resume  bool     // On Error Resume Next
	timeout time.Duration
	began   time.Time
	steps   int
	held    int64    // bytes of vars
	frame   *frame   // of the routine that runs, nil for the page itself
	depth   int      // of calls
	refs    []string // of the call that is about to be made: see invoke
	raiser  *int     // the operation that raised the error
}

// What ends a run early.
var (
	errEnd   = errors.New("Response.End")
	errCrash = errors.New("the worker process crashed")
)

// page runs an ASP page and answers with its output.
func (x *exchange) page() *response {
	text, err := x.snapshot.Content.Text(x.out.Target.Physical)
	if err != nil {
		return x.unreadable()
	}
	leave, ok := x.enterScripts()
	if !ok {
		return x.tooBusy()
	}
	defer leave()
	r := x.newRun()
	defer r.leaveSession()
	r.enterSession(text)
	r.program = x.programOf(text)
	at, err := r.do()
	x.burn(x.process, x.options.Now().Sub(r.began))
	return r.finish(at, err)
}

func (x *exchange) newRun() *run {
	key := x.out.Target.Key
	r := &run{Server: x.Server, x: x, app: x.application(), vars: map[string]value{}, loops: map[int]*counter{}, token: x.model.Token(x.out)}
	r.out = output{mime: "text/html", limit: x.bufferingLimit(), direct: x.isFalse(key, "AspBufferingOn")}
	r.began, r.timeout = x.options.Now(), 90*time.Second
	if n, ok := x.tree.Effective(key, "AspScriptTimeout").Uint(); ok && n > 0 {
		r.timeout = time.Duration(n) * time.Second
	}
	return r
}

// finish makes the answer of a run that ended at an operation.
func (r *run) finish(at int, err error) *response {
	x := r.x
	var f *fault
	switch {
	case err == errCrash:
		return &response{crash: true}
	case errors.As(err, &f):
		return r.failed(at, f)
	case errors.Is(err, errNotModelled):
		where := r.where(at)
		if x.options.Faults {
			return x.notModelled(where + " is not modelled: " + r.textAt(at))
		}
		r.out.body = append(r.out.body, reachedScript(where)...)
	}
	if r.out.location != "" {
		return r.moved()
	}
	return r.answer("200")
}

// failed answers with the script's error; what was flushed before stays sent.
func (r *run) failed(at int, f *fault) *response {
	e := f.asp
	e.URL = r.x.out.Target.URL
	if e.Category == "" {
		e.Category = "Active Server Pages"
	}
	if op := r.operation(at); op != nil && e.Code != bufferLimit && (op.stmt != nil || op.expr != nil) {
		e.Line = op.span().Pos().Line
		if op.url != "" { // an included file's own
			e.URL = op.url
		}
	}
	decided := "ASP page: " + e.Code + ", " + e.Title
	if !r.out.flushed {
		answer := r.x.aspError(&e)
		answer.fields, answer.decided = r.withCookie(answer.fields), decided
		return answer
	}
	r.out.body = append(r.out.body, aspErrorPage(&e)...)
	answer := r.answer("200")
	answer.decided = decided
	answer.query = r.x.out.Request.Query + aspLogText(&e)
	return answer
}

func (r *run) operation(at int) *operation {
	if at < 0 || at >= len(r.program.list) {
		return nil
	}
	return &r.program.list[at]
}

func (op *operation) span() source.Span {
	if op.expr != nil {
		return op.expr.Span
	}
	return op.stmt.Span
}

func (r *run) where(at int) string {
	op := &r.program.list[at]
	return fmt.Sprintf("line %d of %s", op.span().Pos().Line, op.file.Name())
}

func (r *run) textAt(at int) string {
	op := &r.program.list[at]
	if op.expr != nil {
		return op.expr.Text
	}
	return op.stmt.Text
}

// do runs the program. It gives the operation at which it ended and why, nil at
// the end of the page.
func (r *run) do() (at int, err error) {
	r.raiser = nil
	switch at, err = r.between(0, len(r.program.list)); {
	case err == errEnd:
		return at, nil
	case err != nil && r.raiser != nil:
		return *r.raiser, err
	}
	return at, err
}

// tick ends a script that runs longer than AspScriptTimeout by the server's clock.
// A computer of today would need long to spend that time; so many steps count as
// the same.
func (r *run) tick() error {
	if r.steps++; r.steps < maxSteps && r.steps&63 != 0 {
		return nil
	}
	select {
	case <-r.conns.ended: // the server closes
		return errEnd
	default:
	}
	if r.steps < maxSteps {
		return r.overdue()
	}
	return scriptTimedOut
}

// overdue ends a script whose time is over.
func (r *run) overdue() error {
	if r.options.Now().Sub(r.began) < r.timeout {
		return nil
	}
	return scriptTimedOut
}

// scriptTimedOut has the words of the list of ASP errors (cc785706).
var scriptTimedOut = &fault{iis.ASPError{Code: "ASP 0113", Title: "Script timed out",
	Detail: "The maximum amount of time for a script to execute was exceeded. You can change this limit by specifying a new value for the property Server.ScriptTimeOut or by changing the value in the IIS administration tools."}}

// step runs one operation and gives the next one.
func (r *run) step(at int) (next int, err error) {
	op := &r.program.list[at]
	switch {
	case op.expr != nil:
		v, err := r.evaluate(op.expr.Text)
		if err != nil {
			return at, err
		}
		return at + 1, r.writeValue(v)
	case op.stmt != nil:
		if op.bad {
			return at, errNotModelled
		}
		return r.flow(at, op)
	}
	return at + 1, r.out.write(string(op.literal))
}

func (r *run) writeValue(v value) error {
	s, ok := textOf(v)
	if !ok {
		return typeMismatch
	}
	return r.out.write(s)
}

// statement runs a statement that belongs to no block.
func (r *run) statement(op *operation) error {
	word, rest := op.word, op.rest
	switch word {
	case "option":
		return nil
	case "dim":
		r.declare(rest)
		return nil
	case "on":
		return r.onError(rest)
	case "call":
		word, rest = firstWord(rest)
		return r.perform(word, rest, true)
	case "set":
		return r.set(rest)
	}
	if word == "" {
		return errNotModelled
	}
	if target, ok := r.assignment(word, rest); ok {
		return target
	}
	return r.perform(word, rest, false)
}

// declare makes names known; a variable without a value is Empty.
func (r *run) declare(names string) {
	vars := r.vars
	if r.frame != nil {
		vars = r.frame.vars
	}
	for name := range strings.SplitSeq(names, ",") {
		name, _ = firstWord(strings.TrimSpace(name))
		if _, ok := vars[name]; !ok {
			vars[name] = nil
		}
	}
}

func (r *run) onError(rest string) error {
	switch what := strings.ToLower(strings.Join(strings.Fields(rest), " ")); what {
	case "error resume next", "error goto 0":
		r.resume = what == "error resume next"
		return nil
	}
	return errNotModelled
}

// set runs Set name = expression.
func (r *run) set(rest string) error {
	name, tail := firstWord(rest)
	tail, ok := strings.CutPrefix(tail, "=")
	if !ok || name == "" || strings.Contains(name, ".") {
		return errNotModelled
	}
	v, err := r.evaluate(tail)
	if err != nil {
		return err
	}
	return r.store(name, v)
}

// maxHeldByPage bounds what the variables of one page hold.
const maxHeldByPage = 32 << 20

// store gives a variable its value.
func (r *run) store(name string, v value) error {
	vars := r.home(name)
	r.held += sizeOf(v) - sizeOf(vars[name])
	if r.held > maxHeldByPage {
		return outOfMemory
	}
	vars[name] = v
	return nil
}

// assignment runs name = expression and object(...) = expression. ok is false
// where the statement is no assignment.
func (r *run) assignment(word, rest string) (err error, ok bool) {
	var args []value
	if strings.HasPrefix(rest, "(") {
		end := closes(rest)
		if end < 0 || !strings.HasPrefix(strings.TrimSpace(rest[end+1:]), "=") {
			return nil, false
		}
		if args, _, err = r.arguments(rest[1:end]); err != nil {
			return err, true
		}
		rest = strings.TrimSpace(rest[end+1:])
	}
	tail, ok := strings.CutPrefix(rest, "=")
	if !ok {
		return nil, false
	}
	v, err := r.evaluate(tail)
	if err != nil {
		return err, true
	}
	if args == nil && !strings.Contains(word, ".") {
		return r.store(word, v), true
	}
	return r.assign(word, args, v), true
}

// perform runs a method or routine whose arguments may stand in parentheses or not.
// With Call the parentheses are those of the arguments; else one pair makes a value of
// what stands in it, which no routine can change.
func (r *run) perform(word, rest string, byCall bool) error {
	enclosed := strings.HasPrefix(rest, "(") && closes(rest) == len(rest)-1
	if enclosed {
		rest = rest[1 : len(rest)-1]
	}
	args, refs, err := r.arguments(rest)
	if err != nil {
		return err
	}
	if enclosed && !byCall {
		refs = nil
	}
	if name, method, ok := strings.Cut(word, "."); ok && r.isObject(name) {
		o, _ := r.find(name)
		_, err = r.method(o, method, args)
		return err
	}
	r.refs = refs
	_, err = r.name(word, args, true)
	return err
}

// closes is the offset of the parenthesis that closes the first one, -1 where none does.
func closes(s string) int {
	depth, quoted := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted // a doubled quote flips twice
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
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
