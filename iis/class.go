package iis

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// Class reports whether a class can be created. CDONTS was removed from Windows
// Server 2003 (S1): it is there only where the registry says so. Of other classes
// only the registry knows.
func (m *Model) Class(progID string) snapshot.Known {
	_, known := m.snapshot.Registry.ClassServer(progID)
	if known == snapshot.Unknown && strings.HasPrefix(strings.ToLower(progID), "cdonts.") {
		return snapshot.No
	}
	return known
}

// NoClass is the error of CreateObject for a class that is not there: that of
// Server.CreateObject is ASP 0177, that of VBScript's own function 429. The words
// behind the names are not documented.
func NoClass(class string, byServer bool) ASPError {
	if byServer {
		return ASPError{Category: "Server object", Code: "ASP 0177 : 800401f3", Title: "Server.CreateObject Failed", Detail: "Invalid class string"}
	}
	return ASPError{Category: "Microsoft VBScript runtime", Code: "800a01ad", Title: fmt.Sprintf("ActiveX component can't create object: '%s'", class)}
}

// createObjects meets CreateObject of a class that is not registered. A call that
// may not run, or one whose error the page may pass over, leaves the request to go
// on, which is an assumption.
func (p *pageCheck) createObjects() *verdict {
	text, err := p.d.snapshot.Content.Text(p.d.out.Target.Physical)
	if err != nil {
		return nil
	}
	page := asp.Scan(text)
	for _, call := range page.CreateObjectCalls() {
		switch {
		case p.d.Class(call.Argument) != snapshot.No:
		case call.Conditional || passesOver(page, call.Span):
			p.assumed = true
		default:
			v := p.fail(call.Span, p.d.out.Target.URL, NoClass(call.Argument, onServer(call.Span)))
			v.because = &Because{Span: call.Span, Property: "CreateObject", Value: call.Argument}
			return v
		}
	}
	return nil
}

// passesOver reports whether On Error Resume Next stands before the call.
func passesOver(page *asp.Page, call source.Span) bool {
	on := false
	for _, s := range page.Statements {
		if s.Span.Start > call.Start {
			break
		}
		switch words := strings.ToLower(strings.Join(strings.Fields(s.Text), " ")); words {
		case "on error resume next", "on error goto 0":
			on = words == "on error resume next"
		}
	}
	return on
}

// onServer reports whether the call that this argument belongs to is Server.CreateObject.
func onServer(argument source.Span) bool {
	before := bytes.ToLower(argument.Text.Bytes()[max(0, argument.Start-200):argument.Start])
	i := bytes.LastIndex(before, []byte("createobject"))
	if i < 0 {
		return false
	}
	before = bytes.TrimRight(before[:i], " \t")
	before, dotted := bytes.CutSuffix(before, []byte("."))
	return dotted && bytes.HasSuffix(bytes.TrimRight(before, " \t"), []byte("server"))
}
