package proof

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// check holds one expectation against the step. For a request that was sent several
// times it holds for each answer, or for as many as "count" says.
func check(s *snapshot.Snapshot, x *Exchange, e Expectation) Checked {
	if e.Kind == "count" {
		want, of, _ := e.counted()
		got := x.count(s, of)
		return Checked{e, got == want, strconv.Itoa(got)}
	}
	if holds := logChecks[e.Kind]; holds != nil {
		ok, got := holds(x, e.Text)
		return Checked{e, ok, got}
	}
	for _, one := range x.parts() {
		if ok, got := one.answers(s, e); !ok {
			return Checked{e, false, got}
		}
	}
	return Checked{e, true, e.Text}
}

// logChecks are the expectations of what the step left in logs.
var logChecks = map[string]func(x *Exchange, text string) (bool, string){
	"w3c":        (*Exchange).hasW3C,
	"httperr":    (*Exchange).hasHTTPERR,
	"event":      (*Exchange).hasEvent,
	"begin":      (*Exchange).hasBegin,
	"unfinished": (*Exchange).hasOpen,
	"nolog":      (*Exchange).hasNoW3C,
	"nohttperr":  (*Exchange).hasNoHTTPERR,
	"noevent":    (*Exchange).hasNoEvent,
}

// answers holds an expectation of the answer itself.
func (x *Exchange) answers(s *snapshot.Snapshot, e Expectation) (ok bool, got string) {
	switch e.Kind {
	case "status":
		return x.hasStatus(e.Text)
	case "header":
		return x.hasHeader(e.Text)
	case "body":
		return x.hasBody(s, e.Text)
	case "handler":
		if x.Answer != nil {
			got = string(x.Answer.Outcome.Handler)
		}
		return got == e.Text, got
	case "asp":
		return bytes.Contains(x.Body, []byte("error 'ASP "+e.Text)), "a body without that error"
	case "refused":
		return x.wasRefused(), x.describe()
	case "reset":
		return x.Err != nil && !x.wasRefused(), x.describe()
	}
	return false, "nothing that can be compared"
}

// count is how many answers, or how many lines of the step, are so.
func (x *Exchange) count(s *snapshot.Snapshot, e Expectation) (n int) {
	if match := lineChecks[e.Kind]; match != nil {
		for _, r := range x.Records {
			if match(r, e.Text) {
				n++
			}
		}
		return n
	}
	for _, one := range x.parts() {
		if ok, _ := one.answers(s, e); ok {
			n++
		}
	}
	return n
}

// hasStatus wants the number on the wire and, since a client never sees it, the
// substatus from the log.
func (x *Exchange) hasStatus(want string) (bool, string) {
	code, _, _ := strings.Cut(want, ".")
	if x.Answer == nil || x.statusCode() != code {
		return false, x.describe()
	}
	got := string(x.Answer.Status)
	return got == want, got
}

func (x *Exchange) describe() string {
	if x.Err != nil {
		return x.Err.Error()
	}
	if x.Request.URL == "" {
		return "no request"
	}
	return x.Status
}

func (x *Exchange) hasHeader(want string) (bool, string) {
	name, value, _ := strings.Cut(want, ":")
	got := x.Header.Get(name)
	return got == strings.TrimSpace(value), got
}

func (x *Exchange) hasBody(s *snapshot.Snapshot, want string) (bool, string) {
	if path, ok := strings.CutPrefix(want, "is "); ok {
		return x.isFile(s, source.WinPath(path))
	}
	if text, ok := strings.CutPrefix(want, "lacks "); ok {
		return x.Err == nil && !bytes.Contains(x.Body, []byte(text)), "a body with it"
	}
	return bytes.Contains(x.Body, []byte(want)), fmt.Sprintf("%d bytes without it", len(x.Body))
}

func (x *Exchange) isFile(s *snapshot.Snapshot, path source.WinPath) (bool, string) {
	f, err := s.Content.Open(path)
	if err != nil {
		return false, err.Error()
	}
	defer f.Close()
	want, err := io.ReadAll(io.LimitReader(f, maxBody))
	if err != nil {
		return false, err.Error()
	}
	return bytes.Equal(want, x.Body), fmt.Sprintf("%d other bytes", len(x.Body))
}
