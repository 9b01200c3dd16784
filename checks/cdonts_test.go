package checks

import (
	"testing"
	"testing/fstest"
)

func TestCDONTSRemoved(t *testing.T) {
	page := func(text string) fstest.MapFS {
		return layer(t, map[string]string{"C/inetpub/wwwroot/a.asp": text, "C/inetpub/wwwroot/inc/mail.inc": "\n<% Set m = CreateObject(\"CDONTS.NewMail\") %>"})
	}
	registered := page(`<% Set m = Server.CreateObject("CDONTS.NewMail") %>`)
	registered["classes.reg"] = &fstest.MapFile{Data: []byte("Windows Registry Editor Version 5.00\r\n\r\n" +
		"[HKEY_CLASSES_ROOT\\CDONTS.NewMail\\CLSID]\r\n@=\"{AF0EB60E-0775-11D1-A77D-00C04FC2F5B3}\"\r\n\r\n" +
		"[HKEY_CLASSES_ROOT\\CLSID\\{AF0EB60E-0775-11D1-A77D-00C04FC2F5B3}\\InprocServer32]\r\n@=\"C:\\\\WINDOWS\\\\system32\\\\cdonts.dll\"\r\n")}
	wantRaised(t, "cdonts-removed", []near{
		{"by Server", page(`<% Set m = Server.CreateObject("cdonts.newmail") %>`), "error proven : /a.asp creates cdonts.newmail,", "stops with ASP 0177"},
		{"by VBScript", page(`<% Set m = CreateObject("CDONTS.Session") %>`), "error proven ", "stops with error 800a01ad"},
		{"in an include file", page(`<!--#include file="inc/mail.inc"-->`), "error proven : /inc/mail.inc creates", ""},
		{"inside a Sub", page("<% Sub send\nSet m = Server.CreateObject(\"CDONTS.NewMail\")\nEnd Sub %>"), "error possible ", "when it gets there"},
		{"resume next", page(`<% On Error Resume Next : Set m = Server.CreateObject("CDONTS.NewMail") %>`), "error possible ", "goes on without an error, and no mail is sent"},
		{"registered by hand", registered, "", ""},
		{"CDO", page(`<% Set m = Server.CreateObject("CDO.Message") %>`), "", ""},
		{"a name that begins alike", page(`<% Set m = Server.CreateObject("CDONTSPlus.NewMail") %>`), "", ""},
		{"in a comment", page("<%\n' Set m = Server.CreateObject(\"CDONTS.NewMail\")\n%>"), "", ""},
		{"in a text", page(`<% x = "CreateObject(""CDONTS.NewMail"")" %>`), "", ""},
	})
}
