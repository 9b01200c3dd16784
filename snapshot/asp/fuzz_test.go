package asp

import (
	"testing"

	"github.com/iisdoctor/iisdoctor/source"
)

var pages = []string{
	"<!-- <a href='/scripts/a.dll'> --><a href=/msadc/b><% Session(1) = 2 %>", "<script runat=server>Sub Session_OnEnd\nx\nEnd Sub</script>",
	"", "plain text", `<!--#include file="a.inc"-->`, "<%@ Language=JScript %><% if (a) { b(/x/, 'y') } // c %>",
	"<%\nIf a Then b Else c : d ' e\nSelect Case x\nCase \"1\"\nEnd Select\n%>html<%= f(\"g\") %>",
	"<script runat=server language=vbscript><!--\nSub a : b _\n c : End Sub\n--></script>",
	`<% Set m = Server.CreateObject("CDONTS.NewMail") : p = Server.MapPath("..\x") %>`, "<% x = #1/1/2004 1:2:3# \xff\x00 %>",
}

// FuzzScan: a page never panics, its parts are in order and do not overlap, and
// whatever they leave out lies between script delimiters or in a directive.
func FuzzScan(f *testing.F) {
	for _, p := range pages {
		f.Add([]byte(p))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		p := Scan(source.NewText("page.asp", page))
		at := 0
		for _, part := range p.Parts() {
			span := part.Literal
			switch {
			case part.Include != nil:
				span = part.Include.Span
			case part.Statement != nil:
				span = part.Statement.Span
			case part.Expr != nil:
				span = part.Expr.Span
			}
			if span.Start < at || span.End < span.Start || span.End > len(page) {
				t.Fatalf("part %d-%d begins before %d", span.Start, span.End, at)
			}
			at = span.End
		}
		for _, c := range append(p.MapPathCalls(), p.CreateObjectCalls()...) {
			if c.Span.Start > c.Span.End || c.Span.End > len(page) {
				t.Fatal("call", c.Span.Start, c.Span.End)
			}
			c.HasParentPath()
		}
		for _, l := range p.LinksBelow("/scripts") {
			if l.Span.Start > l.Span.End || l.Span.End > len(page) {
				t.Fatal("link", l.Span.Start, l.Span.End)
			}
		}
		for _, u := range p.SessionUses() {
			u.Span.Bytes()
		}
		p.Routines()
	})
}
