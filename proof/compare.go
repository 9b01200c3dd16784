package proof

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/iisdoctor/iisdoctor/server"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// check holds one expectation against the exchange.
func check(s *snapshot.Snapshot, x *Exchange, e Expectation) Checked {
	ok, got := false, ""
	switch e.Kind {
	case "status":
		ok, got = x.hasStatus(e.Text)
	case "header":
		ok, got = x.hasHeader(e.Text)
	case "body":
		ok, got = x.hasBody(s, e.Text)
	case "handler":
		if x.Answer != nil {
			got = string(x.Answer.Outcome.Handler)
		}
		ok = got == e.Text
	case "asp":
		ok, got = bytes.Contains(x.Body, []byte("error 'ASP "+e.Text)), "a body without that error"
	case "w3c":
		ok, got = x.hasLine(server.W3C, e.Text)
	case "httperr":
		ok, got = x.hasHTTPERR(e.Text)
	case "event":
		ok, got = x.hasEvent(e.Text)
	case "nolog":
		got = x.lines(server.W3C)
		ok = got == ""
	case "refused":
		ok, got = x.wasRefused(), x.describe()
	case "reset":
		ok, got = x.Err != nil && !x.wasRefused(), x.describe()
	}
	return Checked{e, ok, got}
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

func (x *Exchange) lines(kind server.LogKind) string {
	var all []string
	for _, r := range x.Records {
		if r.Kind == kind {
			all = append(all, r.Line)
		}
	}
	return strings.Join(all, "; ")
}

// hasLine wants exactly one line whose fields hold the three status numbers in a row.
func (x *Exchange) hasLine(kind server.LogKind, want string) (bool, string) {
	got := x.lines(kind)
	return strings.Contains(" "+got+" ", " "+want+" ") && !strings.Contains(got, "; "), got
}

// hasHTTPERR wants "status reason" in a line of the HTTP.sys error log, which has
// the site's number between them.
func (x *Exchange) hasHTTPERR(want string) (bool, string) {
	got := x.lines(server.HTTPERR)
	status, reason, _ := strings.Cut(want, " ")
	f := strings.Fields(got)
	return len(f) == 13 && f[9] == status && f[11] == reason, got
}

func (x *Exchange) hasEvent(id string) (bool, string) {
	got := x.lines(server.Event)
	for _, r := range x.Records {
		if f := strings.Split(r.Line, ","); r.Kind == server.Event && len(f) > 1 && f[1] == `"`+id+`"` {
			return true, got
		}
	}
	return false, got
}

func (x *Exchange) wasRefused() bool {
	var op *net.OpError
	return errors.As(x.Err, &op) && op.Op == "dial"
}
