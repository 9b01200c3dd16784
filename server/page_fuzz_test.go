package server

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/iisdoctor/iisdoctor/iis"
)

// FuzzPage runs pages of any text: the run always ends, and in time.
func FuzzPage(f *testing.F) {
	for _, text := range siteFiles {
		f.Add(text)
	}
	for _, text := range []string{
		counterPage, onEnd, "<% For i = 1 To 3 %><% If i = 2 Then %>a<% ElseIf i Then %>b<% Else %>c<% End If %><% Next %>",
		"<% If a Then b Else c : d End If : Loop : Wend : Next : End Sub %>", "<% Do : Loop While -\"1\" < ((2)) & Not True %>",
		"<% x = ((((((((((1)))))))))) : x(1)(2).y(3) = 4 : Session(Session(1)) = Request(Request) %>",
		"<% Set f = CreateObject(\"Scripting.FileSystemObject\") : Response.Write f.OpenTextFile(\"C:\\site\\hello.txt\").ReadAll() %>",
		"<% Function f(n) : f = f(n - 1) & f(n) : End Function : Sub s(ByVal a, b) : b = f(a) : Exit Sub : End Sub : s 1, x : Call s(x, 2) %>",
		"<% Select Case x : Case 1, \"a\" %>a<% Case Else : End Select : Select Case 1 : Case Else : Case 2 : End Select %>",
		"<% a = Array(1, \"b\") : For Each x In a : For Each y In Split(\"a,b\", \",\") : Exit For : Next : Next : b = a(UBound(a)) & a(9) %>",
		"<% For Each k In Request.Form : Sub t : t : End Sub : t : Next %>",
		"<% Response.Flush : Response.Redirect 1 %>", "<% Exit For : For i = 1 To 1 Step 0 : Next %>",
		"<!--#include file=\"hello.txt\"--><% Response.Buffer = False : x = String(9999999, \"x\") %><%= x & x %>",
	} {
		f.Add(text)
	}
	s := fixture(f, `AspAllowSessionState="TRUE" AspScriptTimeout="1"`, "")
	f.Fuzz(func(t *testing.T, page string) {
		s, err := s.WithContent(fstest.MapFS{"content/C/site/p.asp": {Data: []byte(page)}, "content/C/site/global.asa": {Data: []byte(page)}})
		if err != nil {
			t.Fatal(err)
		}
		srv := newServer(s, Options{Faults: strings.HasPrefix(page, "<")})
		w, _ := srv.enter(srv.poolOf("DefaultAppPool"))
		h := &head{method: "GET", version: "HTTP/1.1", host: "a"}
		p := srv.decision(&iis.Request{Method: "GET", IP: iis.AnyAddress, Port: 80, Host: "a", Path: "/p.asp"})
		done := make(chan *response, 1)
		go func() { done <- srv.respond(p, &p.outcome, h, w, io.MultiReader()) }()
		select {
		case r := <-done:
			if r.status == "" && !r.crash {
				t.Errorf("%q has no status", page)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q does not end", page)
		}
		srv.leave(w)
		srv.shutDown(w, srv.options.Now())
	})
}
