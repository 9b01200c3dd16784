package asp

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

// walked is what Walk meets, in words.
func walked(p *Page) (all []string) {
	p.Walk(&Flow{}, func(i Include) { all = append(all, "include "+i.Target) },
		func(c Call) {
			all = append(all, fmt.Sprintf("%s %s %v %s", c.Name, c.Argument, c.Conditional, c.Guarded))
		})
	return all
}

// TestOutline: Walk meets the same in the outline of a page as in the page, up to the
// bounds.
func TestOutline(t *testing.T) {
	text := source.NewText("p.asp", []byte(`<!--#include file="a.inc"-->
<% x = Server.MapPath("1")
On Error Resume Next
If x Then %><!--#include file="b.inc"--><% End If
Server.CreateObject "2"
On Error GoTo 0
y = Server.MapPath("3")
Response.End %>
<!--#include file="c.inc"--><% z = Server.MapPath("4") %>`))
	p := Scan(text)
	all := []string{
		"include a.inc", "MapPath 1 false ", "include b.inc",
		"CreateObject 2 false On Error Resume Next at p.asp:3:1 lets the page go on after the error",
		"MapPath 3 false ", "include c.inc", "MapPath 4 false the page ends before the call, at p.asp:8:1",
	}
	if d := cmp.Diff(all, walked(p)); d != "" {
		t.Fatalf("page (-want +got):\n%s", d)
	}
	if d := cmp.Diff(all, walked(p.Outline(3, 4))); d != "" {
		t.Errorf("outline (-want +got):\n%s", d)
	}
	few := []string{all[0], all[1], all[3]}
	if d := cmp.Diff(few, walked(p.Outline(1, 2))); d != "" {
		t.Errorf("bounded (-want +got):\n%s", d)
	}
	if (*Page)(nil).Steps() != 0 || p.Outline(3, 4).Steps() != p.Steps() {
		t.Errorf("%d steps, %d in the outline", p.Steps(), p.Outline(3, 4).Steps())
	}
}
