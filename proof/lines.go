package proof

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/server"
)

// lineChecks tell whether a record is the line that an expectation speaks of.
var lineChecks = map[string]func(r server.Record, text string) bool{
	"w3c":     isW3C,
	"httperr": isHTTPERR,
	"event":   isEvent,
	"begin":   isBegin,
}

// isW3C wants a line whose fields hold the three status numbers in a row.
func isW3C(r server.Record, want string) bool {
	return r.Kind == server.W3C && strings.Contains(" "+r.Line+" ", " "+want+" ")
}

// isHTTPERR wants "status reason" in a line of the HTTP.sys error log, which has the
// site's number between them.
func isHTTPERR(r server.Record, want string) bool {
	status, reason, _ := strings.Cut(want, " ")
	f := strings.Fields(r.Line)
	return r.Kind == server.HTTPERR && len(f) == 13 && f[9] == status && f[11] == reason
}

// isEvent wants an event with a number and, behind it, a text.
func isEvent(r server.Record, want string) bool {
	id, text, _ := strings.Cut(want, " ")
	f := strings.Split(r.Line, ",")
	return r.Kind == server.Event && len(f) > 1 && (id == "" || f[1] == `"`+id+`"`) && strings.Contains(r.Line, text)
}

func isBegin(r server.Record, want string) bool {
	return r.Kind == server.Begin && strings.Contains(r.Line, want)
}

// lines are those of one log.
func (x *Exchange) lines(kind server.LogKind) (all []string) {
	for _, r := range x.Records {
		if r.Kind == kind {
			all = append(all, r.Line)
		}
	}
	return all
}

// every wants one line for each answer, all of them such.
func (x *Exchange) every(kind server.LogKind, match func(server.Record, string) bool, want string) (bool, string) {
	all := x.lines(kind)
	ok := len(all) == len(x.parts()) && !slices.ContainsFunc(x.Records, func(r server.Record) bool { return r.Kind == kind && !match(r, want) })
	return ok, strings.Join(all, "; ")
}

func (x *Exchange) hasW3C(want string) (bool, string) { return x.every(server.W3C, isW3C, want) }

func (x *Exchange) hasHTTPERR(want string) (bool, string) {
	return x.every(server.HTTPERR, isHTTPERR, want)
}

func (x *Exchange) hasEvent(want string) (bool, string) {
	ok := slices.ContainsFunc(x.Records, func(r server.Record) bool { return isEvent(r, want) })
	return ok, strings.Join(x.lines(server.Event), "; ")
}

func (x *Exchange) hasBegin(want string) (bool, string) {
	ok := slices.ContainsFunc(x.Records, func(r server.Record) bool { return isBegin(r, want) })
	return ok, strings.Join(x.lines(server.Begin), "; ")
}

// hasOpen wants a beginning without an end, now.
func (x *Exchange) hasOpen(want string) (bool, string) {
	var all []string
	for _, r := range x.Open {
		all = append(all, r.Line)
	}
	return slices.ContainsFunc(all, func(line string) bool { return strings.Contains(line, want) }), strings.Join(all, "; ")
}

func (x *Exchange) hasNoW3C(string) (bool, string) { return x.none(server.W3C) }

func (x *Exchange) hasNoHTTPERR(string) (bool, string) { return x.none(server.HTTPERR) }

func (x *Exchange) none(kind server.LogKind) (bool, string) {
	all := x.lines(kind)
	return len(all) == 0, strings.Join(all, "; ")
}

func (x *Exchange) hasNoEvent(id string) (bool, string) {
	ok := !slices.ContainsFunc(x.Records, func(r server.Record) bool { return isEvent(r, id) })
	return ok, strings.Join(x.lines(server.Event), "; ")
}
