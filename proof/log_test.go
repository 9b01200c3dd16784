package proof

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/server"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestLogLoop: the lines that the server wrote while it had the fault, read back
// with the snapshot, make the finding observed. Writer and reader share no code.
func TestLogLoop(t *testing.T) {
	each(t, func(t *testing.T, f *Fault) {
		if len(f.Spec.Broken) == 0 || f.Check.ByValue {
			return // no request, no line; or lines without an error
		}
		folder, logs := readFolder(t, f), writtenLogs(t, f)
		if len(logs) == 0 && neverConnects(f) {
			return // nobody sees a connection that is never made
		}
		for name, file := range logs {
			folder["broken/"+name] = file.Data
		}
		s, err := snapshot.OpenFault(fstest.MapFS{}, folder.fs())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Problems {
			t.Errorf("problem: %s", p)
		}
		observed := 0
		for _, x := range f.findings(s) {
			if x.Certainty == checks.Observed && x.Observed != nil && x.Observed.Count > 0 && x.Observed.First != "" {
				observed++
			}
		}
		if observed == 0 {
			t.Errorf("no finding is observed: %+v", f.findings(s))
		}
		for _, x := range checks.Run(s).Findings {
			if x.ID == "answer-unexplained" {
				t.Errorf("left unexplained: %s %v", x.Message, x.Observed.Samples)
			}
		}
	})
}

// neverConnects reports whether every request of the broken server is to be refused
// the connection.
func neverConnects(f *Fault) bool {
	return !slices.ContainsFunc(f.Spec.Broken, func(r Request) bool {
		return !slices.ContainsFunc(r.Expect, func(e Expectation) bool { return e.Kind == "refused" })
	})
}

// writtenLogs replays the broken requests and lays the server's lines out as a
// collected server has them.
func writtenLogs(t *testing.T, f *Fault) fstest.MapFS {
	t.Helper()
	c, err := visit(f.Broken, f.Spec, f.Spec.Speed/4)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, r := range f.Spec.Broken {
		c.step(r)
	}
	srv := c.srv
	files := map[string]*bytes.Buffer{}
	line := func(name, text string, header ...string) {
		if files[name] == nil {
			files[name] = bytes.NewBufferString(strings.Join(append(header, ""), "\r\n"))
		}
		files[name].WriteString(text + "\r\n")
	}
	for _, r := range srv.Records() {
		switch r.Kind {
		case server.W3C:
			line("logs/W3SVC"+r.Site+"/ex.log", r.Line, srv.W3CHeader(r.Site)...)
		case server.HTTPERR:
			line("logs/HTTPERR/httperr1.log", r.Line, "#Software: Microsoft HTTP API 1.0", "#Version: 1.0", "#Date: 2003-01-01 00:00:00",
				"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename")
		case server.Event:
			line("events.csv", r.Line, server.EventHeader)
		}
	}
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: text.Bytes()}
	}
	return out
}
