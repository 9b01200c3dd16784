package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/source"
)

// cgiMark is the variable by which this program, started by itself, knows that it
// is to be the CGI program; its value says which.
const cgiMark = "IISDOCTOR_CGI"

// What the program does when it stands for one of a snapshot.
const (
	cgiShow    = "show"    // prints its environment
	cgiSlow    = "slow"    // never answers
	cgiHeaders = "headers" // gives no complete headers
)

// cgiReady is set by CGIMain: only a program that calls it may be started again.
var cgiReady atomic.Bool

// CGIMain must be the first call of a main function whose program is to serve CGI.
// Where the program was started as a CGI program it plays that part and ends the
// process; else it returns. The only program that the server ever starts is its own.
func CGIMain() {
	mode, ok := os.LookupEnv(cgiMark)
	if !ok {
		cgiReady.Store(true)
		return
	}
	switch mode {
	case cgiSlow:
		time.Sleep(time.Hour)
	case cgiHeaders:
		fmt.Print("Hello without headers\r\n")
	default:
		showEnvironment(os.Stdout, os.Stdin)
	}
	os.Exit(0)
}

// showEnvironment is what the CGI program answers: its environment and the size of
// what it read.
func showEnvironment(out io.Writer, in io.Reader) {
	n, _ := io.Copy(io.Discard, in)
	fmt.Fprint(out, "Content-Type: text/plain\r\n\r\n")
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, cgiMark) {
			fmt.Fprintf(out, "%s\r\n", v)
		}
	}
	fmt.Fprintf(out, "%d bytes on standard input\r\n", n)
}

// modeOf: in fault folders programs and scripts named Fault.Slow and Fault.Headers
// misbehave.
func (x *exchange) modeOf() string {
	base := strings.ToLower(x.out.Target.Physical.Base())
	switch {
	case x.options.Faults && strings.HasPrefix(base, "fault.slow."):
		return cgiSlow
	case x.options.Faults && strings.HasPrefix(base, "fault.headers."):
		return cgiHeaders
	}
	return cgiShow
}

// maxCGI bounds what is taken from the program.
const maxCGI = 16 << 20

// cgi starts this program as the CGI program and answers with what it says. One that
// takes longer than CGITimeout is ended: 502.1 and event 2216 (cc758052); one that
// ends without complete headers is 502.2.
func (x *exchange) cgi() *response {
	if !cgiReady.Load() {
		return x.elsewhere()
	}
	out, err := x.start()
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		t := &x.out.Target
		x.logs.write(x.event("Warning", sourceWP, 2216, fmt.Sprintf(
			"The script that was started from the URL %s with parameters %s has not responded within the configured time-out period. The HTTP server is terminating the script.", t.URL, x.out.Request.Query)))
		return x.failedCGI("502.1", "CGI time-out")
	case err != nil:
		return x.failedCGI("502.2", "CGI program")
	}
	return x.fromCGI(out)
}

func (x *exchange) failedCGI(status iis.Status, what string) *response {
	r := x.errorPage(status)
	r.decided = what
	return r
}

// start runs the program to its end or to CGITimeout by the server's clock.
func (x *exchange) start() ([]byte, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	cmd := exec.CommandContext(ctx, path)
	cmd.Env = append(x.environment(), cgiMark+"="+x.modeOf())
	cmd.Stdin = bytes.NewReader(x.body())
	out := &bounded{left: maxCGI}
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	pid := x.auditStart()
	watched := make(chan struct{})
	go func() { defer close(watched); x.watchCGI(ctx, cancel) }()
	err = cmd.Wait()
	late := context.Cause(ctx)
	cancel(nil)
	<-watched
	x.auditEnd(pid)
	if late != nil {
		return nil, late
	}
	return out.Bytes(), err
}

// watchCGI cancels when CGITimeout is over.
func (x *exchange) watchCGI(ctx context.Context, cancel context.CancelCauseFunc) {
	limit := 300 * time.Second // the default of CGITimeout is inferred
	if n, ok := x.tree.Effective(x.out.Target.Key, "CGITimeout").Uint(); ok && n > 0 {
		limit = time.Duration(n) * time.Second
	}
	began := x.options.Now()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-x.conns.ended: // the server closes
			cancel(context.DeadlineExceeded)
			return
		case <-tick.C:
			if x.options.Now().Sub(began) >= limit {
				cancel(context.DeadlineExceeded)
				return
			}
		}
	}
}

// bounded keeps the first bytes of an output and drops the rest.
type bounded struct {
	bytes.Buffer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	b.Buffer.Write(p[:n])
	return len(p), nil
}

// fromCGI makes the answer of what a program printed: headers, an empty line, a
// body. Status and Location count as CGI/1.1 says. The order of fields is inferred.
func (x *exchange) fromCGI(out []byte) *response {
	head, body, ok := cutHead(out)
	if !ok {
		return x.failedCGI("502.2", "CGI headers")
	}
	r := &response{status: "200", body: body}
	mime, location := "", ""
	for line := range strings.SplitSeq(head, "\n") {
		name, v, ok := strings.Cut(strings.TrimRight(line, "\r"), ":")
		if !ok || !isFieldName(name) {
			return x.failedCGI("502.2", "CGI headers")
		}
		switch v = strings.TrimSpace(v); textproto.CanonicalMIMEHeaderKey(name) {
		case "Status":
			r.setStatus(v)
		case "Location":
			location = v
		case "Content-Type":
			mime = v
		default:
			if !isFraming(name) {
				r.add(name, v)
			}
		}
	}
	if location != "" {
		return x.html("302", movedPage(location), [2]string{"Location", location})
	}
	own := r.fields
	r.fields = nil
	r.addLength(int64(len(body)))
	if mime != "" {
		r.add("Content-Type", mime)
	}
	r.fields = append(r.fields, own...)
	return x.finish(r)
}

func (r *response) setStatus(line string) {
	code, phrase, _ := strings.Cut(line, " ")
	if len(code) == 3 && allDigits(code) && code[0] >= '2' && code[0] <= '5' {
		r.status, r.phrase = iis.Status(code), phrase
	}
}

// cutHead splits at the first empty line.
func cutHead(out []byte) (head string, body []byte, ok bool) {
	for _, end := range [...]string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(out, []byte(end)); i >= 0 && (!ok || i < len(head)) {
			head, body, ok = string(out[:i]), out[i+len(end):], true
		}
	}
	return head, body, ok
}

// environment is all that the program gets: the variables of CGI/1.1 and, on
// Windows, what a process needs to run.
func (x *exchange) environment() []string {
	var env []string
	for _, name := range cgiVariables {
		if v, _ := x.variable(name).(string); v != "" {
			env = append(env, name+"="+v)
		}
	}
	for _, f := range x.head.fields {
		if name := headerVariable(f.Name); name != "HTTP_AUTHORIZATION" && name != "HTTP_CONTENT_LENGTH" && name != "HTTP_CONTENT_TYPE" && name != "HTTP_PROXY" {
			env = append(env, name+"="+f.Value)
		}
	}
	if root, ok := os.LookupEnv("SYSTEMROOT"); ok {
		env = append(env, "SYSTEMROOT="+root)
	}
	return env
}

func headerVariable(name string) string {
	return "HTTP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// cgiVariables are the variables of CGI/1.1 as IIS gives them, and its own.
var cgiVariables = [...]string{
	"AUTH_TYPE", "CONTENT_LENGTH", "CONTENT_TYPE", "GATEWAY_INTERFACE", "HTTPS", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING",
	"REMOTE_ADDR", "REMOTE_HOST", "REMOTE_USER", "REQUEST_METHOD", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT",
	"SERVER_PORT_SECURE", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "INSTANCE_ID", "APPL_MD_PATH", "APPL_PHYSICAL_PATH",
}

// variable is a server variable; nil for one that is not known. PATH_INFO repeats
// the script's name where nothing follows it, as IIS does.
func (x *exchange) variable(name string) value {
	r, t := &x.out.Request, &x.out.Target
	switch name = strings.ToUpper(name); name {
	case "AUTH_TYPE":
		return pickText(r.User != "", "Basic", "")
	case "CONTENT_LENGTH":
		return strconv.FormatInt(x.head.length, 10)
	case "CONTENT_TYPE":
		return x.head.get("Content-Type")
	case "GATEWAY_INTERFACE":
		return "CGI/1.1"
	case "HTTPS":
		return pickText(r.Secure, "on", "off")
	case "PATH_INFO", "SCRIPT_NAME", "URL":
		return t.URL
	case "PATH_TRANSLATED":
		return string(t.Physical)
	case "QUERY_STRING":
		return r.Query
	case "REMOTE_ADDR", "REMOTE_HOST":
		return r.ClientIP
	case "REMOTE_USER", "AUTH_USER", "LOGON_USER":
		return r.User
	case "REQUEST_METHOD":
		return r.Method
	case "SERVER_NAME":
		return x.head.hostName()
	case "SERVER_PORT":
		return strconv.Itoa(r.Port)
	case "SERVER_PORT_SECURE":
		return pickText(r.Secure, "1", "0")
	case "SERVER_PROTOCOL":
		return x.head.version
	case "SERVER_SOFTWARE":
		return "Microsoft-IIS/6.0"
	case "INSTANCE_ID":
		return t.SiteID
	case "APPL_MD_PATH":
		return string(t.App)
	case "APPL_PHYSICAL_PATH":
		return string(source.WinPath(x.model.Folder(t.App))) + `\`
	}
	for _, f := range x.head.fields {
		if headerVariable(f.Name) == name {
			return f.Value
		}
	}
	return nil
}

func pickText(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
