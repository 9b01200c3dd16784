package server

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// Stage is the stage at which the answer was decided: one of the model's stages, the
// reason of HTTP.sys, or what of the server's state it was.
func (a *Answer) Stage() string {
	o := &a.Outcome
	switch {
	case a.Decided != "":
		return a.Decided
	case a.Status == o.Status && o.Stage != "":
		return o.Stage
	}
	if fields := strings.Fields(a.Line.Line); a.Line.Kind == HTTPERR && len(fields) > 11 {
		return "HTTP.sys: " + fields[11]
	}
	switch a.Status.Code() {
	case "304", "412":
		return "conditional request"
	case "206", "416":
		return "range"
	}
	if a.Status != "" && o.Handler != "" {
		return string(o.Handler)
	}
	return "the server's state"
}

const statusField = "X-IIS-Status"

// showStatus adds what decided to an answer, where Options.Status asks for it.
func (s *Server) showStatus(r *response, out *iis.Outcome) {
	if s.options.Status && !r.crash {
		a := Answer{Outcome: *out, Status: r.status, Decided: r.decided}
		r.add(statusField, string(r.status)+" "+a.Stage())
	}
}

// showRefusal does the same for the bytes of an answer of HTTP.sys.
func (s *Server) showRefusal(head []byte, a *Answer) []byte {
	if !s.options.Status {
		return head
	}
	r := &response{}
	r.add(statusField, string(a.Status)+" "+a.Stage())
	return bytes.Replace(head, []byte("\r\n\r\n"), append([]byte("\r\n"), append(r.fields, "\r\n"...)...), 1)
}
