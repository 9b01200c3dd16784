package iis

import (
	"fmt"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

func aspPage(name string) Page {
	root := source.WinPath(`C:\inetpub\wwwroot`)
	return Page{Site: "/LM/W3SVC/1", File: root.Join(name), Root: root, URL: "/" + name}
}

// TestScannedOnce: a file that many pages include is scanned once, and so is a page that
// is asked for again and again.
func TestScannedOnce(t *testing.T) {
	content := map[string]string{"C/inetpub/wwwroot/big.inc": strings.Repeat(`<% Set o = Server.CreateObject("A.B") %>`, 10)}
	for i := range 30 {
		content[fmt.Sprintf("C/inetpub/wwwroot/p%d.asp", i)] = `<!--#include file="big.inc"--><!--#include file="big.inc"-->`
	}
	m := with(t, nil, content)
	for range 3 {
		for i := range 30 {
			f := m.Follow(aspPage(fmt.Sprintf("p%d.asp", i)))
			if len(f.Directives) != 2 || len(f.Calls) != 20 || !f.Complete {
				t.Fatalf("p%d.asp: %d directives, %d calls, complete %v", i, len(f.Directives), len(f.Calls), f.Complete)
			}
		}
	}
	if m.outlines.scans != 31 {
		t.Errorf("%d files were scanned, want each of 31 once", m.outlines.scans)
	}
	page := aspPage("p29.asp")
	if once := m.Follow(page); m.Follow(page) != once {
		t.Error("the page was followed again")
	}
}

// TestFollowBounded: pages that include each other twice do not multiply.
func TestFollowBounded(t *testing.T) {
	content := map[string]string{}
	for i := range maxIncludeDepth {
		content[fmt.Sprintf("C/inetpub/wwwroot/p%d.asp", i)] = strings.Repeat(fmt.Sprintf(`<!--#include file="p%d.asp"-->`, i+1), 2)
	}
	m := with(t, nil, content)
	f := m.Follow(aspPage("p0.asp"))
	if len(f.Directives) != maxDirectives || f.Complete {
		t.Errorf("%d directives, complete %v", len(f.Directives), f.Complete)
	}
	if m.outlines.scans > maxIncludeDepth {
		t.Errorf("%d files were scanned", m.outlines.scans)
	}

	turns := map[string]string{
		"C/inetpub/wwwroot/a.asp":   strings.Repeat(`<!--#include file="big.inc"-->`, 20),
		"C/inetpub/wwwroot/big.inc": strings.Repeat("<%On Error Resume Next%>", maxSteps/10),
	}
	if f := with(t, nil, turns).Follow(aspPage("a.asp")); f.Complete || len(f.Directives) != 20 {
		t.Errorf("more steps than are gone: %d directives, complete %v", len(f.Directives), f.Complete)
	}
}

// TestOutlinesBounded: what is kept of files stays within its bound.
func TestOutlinesBounded(t *testing.T) {
	var o outlines
	for i := range 100 {
		page := Page{Site: metabase.Path(fmt.Sprint(i))}
		o.keep(func() { o.files[page] = &outline{} }, maxOutlines/10)
		if o.held > maxOutlines || len(o.files) > 10 {
			t.Fatalf("%d: %d files, %d bytes", i, len(o.files), o.held)
		}
	}
}
