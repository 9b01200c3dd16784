package checks

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// onHealthy runs the checks over the healthy server with files laid over it.
func onHealthy(t *testing.T, layer fstest.MapFS) []Finding {
	t.Helper()
	healthy, err := Healthy()
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(healthy, layer)
	if err != nil {
		t.Fatal(err)
	}
	return Run(s).Findings
}

// TestParentPathCalls: where a Server.MapPath("..") is found, how sure it is, and
// what the finding shows.
func TestParentPathCalls(t *testing.T) {
	const call = `<% x = Server.MapPath("..\data") %>`
	for _, c := range []struct {
		name, page, inc string
		want            string // file:line certainty
		words           string // of message and missing evidence
	}{
		{"alone", call, "", "a.asp:1 proven", `/t/a.asp calls Server.MapPath("..\data") while`},
		{"resume next", "<% On Error Resume Next %>" + call, "", "a.asp:1 possible", "On Error Resume Next at "},
		{"after the end", "<% Response.End %>\n" + call, "", "a.asp:2 possible", "the page ends before the call, at "},
		{"after a redirect that may run", "<% If a Then Response.Redirect \"x\" %>" + call, "", "a.asp:1 possible", "the page may end before the call, at "},
		{"conditional, then sure", "<% If a Then b = Server.MapPath(\"..\") %>\n" + call, "", "a.asp:2 proven", ""},
		{"beginning", `<% x = Server.MapPath("..\" & n) %>`, "", "a.asp:1 proven", `Server.MapPath("..\" & …)`},
		{"in an include file", `<!--#include file="inc/a.inc"-->`, "\n" + call, "a.inc:2 proven", "/t/inc/a.inc calls"},
		{"no parent path", `<% x = Server.MapPath("a..b\" & "..") %>`, "", "", ""},
	} {
		got, words := "", ""
		for _, f := range onHealthy(t, fstest.MapFS{
			"content/C/inetpub/wwwroot/t/a.asp":     {Data: []byte(c.page)},
			"content/C/inetpub/wwwroot/t/inc/a.inc": {Data: []byte(c.inc)},
		}) {
			if f.ID == "parent-paths" {
				at := f.Pos()
				got += fmt.Sprintf("%s:%d %s", at.File[strings.LastIndexByte(at.File, '/')+1:], at.Line, f.Certainty)
				words += f.Message + "\n" + f.Missing
			}
		}
		if got != c.want || !strings.Contains(words, c.words) {
			t.Errorf("%s: %q, want %q with %q in\n%s", c.name, got, c.want, c.words, words)
		}
	}
}

// TestParentPathWords: a path is shown as the page has it.
func TestParentPathWords(t *testing.T) {
	for _, f := range onHealthy(t, fstest.MapFS{
		"content/C/inetpub/wwwroot/t/a.asp":   {Data: []byte(`<!--#include file="..\inc\x.inc"-->`)},
		"content/C/inetpub/wwwroot/inc/x.inc": {Data: []byte("x")},
	}) {
		if f.ID != "parent-paths" {
			continue
		}
		if !strings.Contains(f.Message, `file="..\inc\x.inc"`) || !strings.Contains(f.Remedies[0].Steps[0], `file="..\inc\x.inc"`) {
			t.Errorf("%s\n%s", f.Message, f.Remedies[0].Steps[0])
		}
		return
	}
	t.Error("not found")
}

// TestParentPathOfTwoPages: one finding for an include file of two pages, shown by
// the page that is sure to fail.
func TestParentPathOfTwoPages(t *testing.T) {
	var got []Finding
	for _, f := range onHealthy(t, fstest.MapFS{
		"content/C/inetpub/wwwroot/t/a.asp": {Data: []byte(`<% On Error Resume Next %><!--#include file="x.inc"-->`)},
		"content/C/inetpub/wwwroot/t/b.asp": {Data: []byte(`<!--#include file="x.inc"-->`)},
		"content/C/inetpub/wwwroot/t/x.inc": {Data: []byte(`<% x = Server.MapPath("..") %>`)},
	}) {
		if f.ID == "parent-paths" {
			got = append(got, f)
		}
	}
	if len(got) != 1 || got[0].Certainty != Proven || len(got[0].Affects) != 2 || !strings.HasSuffix(got[0].Witness.URL, "/t/b.asp") {
		t.Errorf("%+v", got)
	}
}
