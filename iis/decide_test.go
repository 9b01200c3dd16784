package iis

import (
	"strings"
	"testing"
)

// page is a content tree with one file of each kind.
var page = map[string]string{
	"C/inetpub/wwwroot/default.htm":     "<h1>home</h1>",
	"C/inetpub/wwwroot/hello.asp":       `<% Response.Write "hello" %>`,
	"C/inetpub/wwwroot/data.json":       "{}",
	"C/inetpub/wwwroot/order.aspx":      "<%@ Page %>",
	"C/inetpub/wwwroot/LICENSE":         "words",
	"C/inetpub/wwwroot/news.stm":        "<!--#include file=\"a.inc\"-->",
	"C/inetpub/wwwroot/sum.pl":          "print 1",
	"C/inetpub/wwwroot/tool.exe":        "MZ",
	"C/inetpub/wwwroot/empty/x.css":     "b{}",
	"C/inetpub/wwwroot/shop/hidden.htm": "under the name of a virtual directory",
	"C/inetpub/wwwroot/global.asa":      "Sub Session_OnEnd : End Sub",
	"D/shop/list.htm":                   "tea",
}

// Each row: what is set, what is asked, the status that the page promises.
func TestDecide(t *testing.T) {
	cases := []struct {
		name   string
		marks  map[string]string
		method string
		url    string
		status Status
		stage  string
		source string
	}{
		{"static file", nil, "GET", "http://x/default.htm", "200", "answer", "S1"},
		{"name without case", nil, "GET", "http://x/DEFAULT.HTM", "200", "answer", "public tools compare so"},
		{"default document", nil, "GET", "http://x/", "200", "answer", "ms525983"},
		{"missing file", nil, "GET", "http://x/none.htm", "404", "file", "cc758476"},
		{"missing file of unknown type is 404.0", nil, "GET", "http://x/none.json", "404", "file", "logs of IIS 7 and later; inferred"},
		{"unknown type", nil, "GET", "http://x/data.json", "404.3", "MIME type", "S1"},
		{"no extension", nil, "GET", "http://x/LICENSE", "404.3", "MIME type", "published notes on extensionless files"},
		{"type at the site", map[string]string{"ROOT": `MimeMap=".json,application/json"`}, "GET", "http://x/data.json", "200", "answer", "cc784353"},
		{"type at the service", map[string]string{"SERVICE": `MimeMap=".json,application/json"`}, "GET", "http://x/data.json", "200", "answer", "cc784353"},
		{"type in a sibling directory", map[string]string{"SHOP": `MimeMap=".json,application/json"`}, "GET", "http://x/data.json", "404.3", "MIME type", "aa670789"},
		{"wildcard type", map[string]string{"SITE": `MimeMap="*,application/octet-stream"`}, "GET", "http://x/data.json", "200", "answer", "S1"},
		{"wildcard type and no extension", map[string]string{"SITE": `MimeMap="*,application/octet-stream"`}, "GET", "http://x/LICENSE", "200", "answer", "notes"},
		{"extension in another case", map[string]string{"SITE": `MimeMap=".JSON,application/json"`}, "GET", "http://x/data.json", "200", "answer", "public tools compare so"},
		{"type without type", map[string]string{"SITE": `MimeMap=".json"`}, "GET", "http://x/data.json", "404.3", "MIME type", "ms525631: .ext,type"},
		{"ASP page", nil, "GET", "http://x/hello.asp", "200", "answer", "ms526052"},
		{"extension prohibited", nil, "GET", "http://x/news.stm", "404.2", "Web service extension", "S1"},
		{"prohibited before missing is not settled; a prohibited one is 404.2", nil, "GET", "http://x/none.stm", "404.2", "Web service extension", "ms525694"},
		{"CGI unlisted", nil, "GET", "http://x/sum.pl", "404.2", "Web service extension", "ms525694"},
		{"list entry in another case", map[string]string{"SERVICE": `WebSvcExtRestrictionList="0,*.dll
			1,c:\windows\SYSTEM32\inetsrv\ASP.DLL"`}, "GET", "http://x/hello.asp", "200", "answer", "ms525694: two fields"},
		{"all unlisted ISAPIs allowed", map[string]string{"SERVICE": `WebSvcExtRestrictionList="1,*.dll
			0,*.exe"`}, "GET", "http://x/hello.asp", "200", "answer", "ms525694"},
		{"all unlisted CGIs allowed does not help a DLL", map[string]string{"SERVICE": `WebSvcExtRestrictionList="0,*.dll
			1,*.exe"`}, "GET", "http://x/hello.asp", "404.2", "Web service extension", "ms525694"},
		{"restriction list below the service does not count", map[string]string{"ROOT": `WebSvcExtRestrictionList="1,*.dll
			1,*.exe"`}, "GET", "http://x/news.stm", "404.2", "Web service extension", "schema: not inherited, IIsWebService"},
		{"no Script permission", map[string]string{"ROOT": `AccessFlags="AccessRead"`}, "GET", "http://x/hello.asp", "403.1", "execute and read permission", "KB318380"},
		{"permission before restriction list", map[string]string{"ROOT": `AccessFlags="1"`}, "GET", "http://x/news.stm", "403.1", "execute and read permission", "published tests of 2005"},
		{"no Read permission", map[string]string{"ROOT": `AccessFlags="AccessScript"`}, "GET", "http://x/default.htm", "403.2", "execute and read permission", "KB318380"},
		{"remote reading shut out", map[string]string{"ROOT": `AccessFlags="AccessRead | AccessNoRemoteRead"`}, "GET", "http://x/default.htm", "403.2", "execute and read permission", "published case of AccessFlags 30209"},
		{"program without Execute is a download of unknown type", nil, "GET", "http://x/tool.exe", "404.3", "MIME type", "Wang"},
		{"program with Execute is unlisted", map[string]string{"ROOT": `AccessFlags="AccessRead | AccessScript | AccessExecute"`}, "GET", "http://x/tool.exe", "404.2", "Web service extension", "Wang; ms525694"},
		{"verb not in the map", nil, "DELETE", "http://x/hello.asp", "403.1", "verb", "KB318380"},
		{"no verbs listed means all", nil, "DELETE", "http://x/sum.pl", "404.2", "Web service extension", "ms526052"},
		{"unknown verb on static content", nil, "DELETE", "http://x/default.htm", "501", "verb", "KB247643"},
		{"SSL required", map[string]string{"ROOT": `AccessSSLFlags="AccessSSL"`}, "GET", "http://x/default.htm", "403.4", "SSL", "KB318380"},
		{"SSL required elsewhere", map[string]string{"SHOP": `AccessSSLFlags="AccessSSL"`}, "GET", "http://x/default.htm", "200", "answer", "KB318380"},
		{"SSL as a number", map[string]string{"ROOT": `AccessSSLFlags="8"`}, "GET", "http://x/default.htm", "403.4", "SSL", "IIScnfg.h"},
		{"no logon", map[string]string{"ROOT": `AuthFlags="AuthNTLM"`}, "GET", "http://x/default.htm", "401.2", "authentication", "KB318380"},
		{"no kind of logon at all", map[string]string{"ROOT": `AuthFlags="0"`}, "GET", "http://x/default.htm", "401.2", "authentication", "KB318380"},
		{"logon before permission", map[string]string{"ROOT": `AuthFlags="0"`, "SHOP": `AccessFlags="0"`}, "GET", "http://x/shop/list.htm", "401.2", "authentication", "published tests of 2005"},
		{"folder without slash", nil, "GET", "http://x/empty", "301", "folder", "published log"},
		{"folder without default document", nil, "GET", "http://x/empty/", "403.14", "directory listing", "KB318380"},
		{"virtual directory with an empty Path", map[string]string{"SHOP": `Path=""`}, "GET", "http://x/shop/list.htm", "404", "URL mapping", "inferred"},
		{"virtual directory without Path", map[string]string{"KEYS": `<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT/empty"></IIsWebVirtualDir>`}, "GET", "http://x/empty/x.css", "404", "URL mapping", "inferred"},
		{"directory without Path", map[string]string{"KEYS": `<IIsWebDirectory	Location ="/LM/W3SVC/1/ROOT/empty"></IIsWebDirectory>`}, "GET", "http://x/empty/x.css", "200", "answer", "cc784572"},
		{"browsing on", map[string]string{"ROOT": `DirBrowseFlags="EnableDirBrowsing"`}, "GET", "http://x/empty/", "200", "directory listing", "KB318380"},
		{"virtual directory", nil, "GET", "http://x/shop/list.htm", "200", "answer", "cc784572"},
		{"virtual directory hides the folder of its name", nil, "GET", "http://x/shop/hidden.htm", "404", "file", "cc784572"},
		{"virtual directory in another case", nil, "GET", "http://x/SHOP/list.htm", "200", "answer", "public tools compare so"},
		{"a longer name is no virtual directory", nil, "GET", "http://x/shopping/list.htm", "404", "file", "cc784572"},
		{"pool does not exist", map[string]string{"ROOT": `AppPoolId="Gone"`}, "GET", "http://x/default.htm", "503", "application pool", "inferred"},
		{"pool stopped", map[string]string{"POOL": `AppPoolAutoStart="FALSE"`}, "GET", "http://x/default.htm", "503", "application pool", "cc759202"},
		{"specific user without name", map[string]string{"POOL": `AppPoolIdentityType="3" WAMUserPass="49634462aa"`}, "GET", "http://x/default.htm", "503", "application pool", "events 1057, 1059"},
		{"specific user without password", map[string]string{"POOL": `AppPoolIdentityType="3" WAMUserName="CONTOSO\web"`}, "GET", "http://x/default.htm", "503", "application pool", "events 1057, 1059"},
		{"specific user", map[string]string{"POOL": `AppPoolIdentityType="3" WAMUserName="CONTOSO\web" WAMUserPass="49634462aa"`}, "GET", "http://x/default.htm", "200", "answer", "cc736455"},
		{"name without being needed", map[string]string{"POOL": `AppPoolIdentityType="1" WAMUserName="CONTOSO\web"`}, "GET", "http://x/default.htm", "200", "answer", "cc736455"},
		{"isolation mode needs no account", map[string]string{"POOL": `AppPoolIdentityType="3"`, "SERVICE": `IIs5IsolationModeEnabled="TRUE"`}, "GET", "http://x/default.htm", "200", "answer", "S1"},
		{"isolation mode has no pools", map[string]string{"ROOT": `AppPoolId="Gone"`, "SERVICE": `IIs5IsolationModeEnabled="TRUE"`}, "GET", "http://x/default.htm", "200", "answer", "S1"},
		{"blank in a script map", map[string]string{"ROOT": `ScriptMaps=".asp, C:\WINDOWS\system32\inetsrv\asp.dll,5,GET"`}, "GET", "http://x/default.htm", "500.19", "handler", "Prete"},
		{"wildcard map takes all", map[string]string{"ROOT": `ScriptMaps="*,C:\WINDOWS\system32\inetsrv\asp.dll,1"`}, "GET", "http://x/data.json", "200", "answer", "ms526052"},
		{"wildcard map to a missing DLL", map[string]string{"ROOT": `ScriptMaps="*,C:\inetpub\wwwroot\gone.dll,1"`, "SERVICE": `WebSvcExtRestrictionList="1,*.dll"`}, "GET", "http://x/default.htm", "500", "program", "inferred; cc758052 for the event"},
		{"DLL in a folder that was not collected", map[string]string{"ROOT": `ScriptMaps="*,C:\other\gone.dll,1"`, "SERVICE": `WebSvcExtRestrictionList="1,*.dll"`}, "GET", "http://x/default.htm", "200", "answer", "ms526052"},
		{"prohibited comes before missing", map[string]string{"ROOT": `ScriptMaps="*,C:\inetpub\wwwroot\gone.dll,1"`}, "GET", "http://x/default.htm", "404.2", "Web service extension", "cc759233: the list is asked before the image is loaded"},
		{"list at the root replaces the service's", map[string]string{"ROOT": `ScriptMaps=".php,C:\php\php.dll,5"`}, "GET", "http://x/hello.asp", "404.3", "MIME type", "aa670789"},
		{"global.asa asked for directly", nil, "GET", "http://x/global.asa", "500.15", "handler", "KB318380"},
		{"UNC without password", map[string]string{"SHOP": `Path="\\files\shop" UNCUserName="DOM\web"`}, "GET", "http://x/shop/list.htm", "500.16", "UNC credentials", "S1"},
		{"escaped name", nil, "GET", "http://x/%64efault.htm", "200", "answer", "HTTP"},
		{"control character", nil, "GET", "http://x/a%00b.htm", "400", "HTTP.sys limits", "KB820129"},
		{"above the root", nil, "GET", "http://x/../default.htm", "403", "HTTP.sys limits", "KB820729: a forbidden element; that it is this one is inferred"},
		{"dots inside", nil, "GET", "http://x/empty/../default.htm", "200", "answer", "HTTP"},
		{"segment of 260", nil, "GET", "http://x/" + strings.Repeat("a", 260), "404", "file", "KB820129"},
		{"segment of 261", nil, "GET", "http://x/" + strings.Repeat("a", 261), "400", "HTTP.sys limits", "KB820129"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out := ask(t, with(t, c.marks, page), c.method, c.url)
			if out.Status != c.status || out.Stage != c.stage {
				t.Errorf("%s %s: %s at %q, want %s at %q (%s)\n%s", c.method, c.url, out.Status, out.Stage, c.status, c.stage, c.source, steps(out))
			}
			if out.Assumed {
				t.Errorf("assumed, though all evidence is there\n%s", steps(out))
			}
		})
	}
}

func steps(o Outcome) string {
	var b strings.Builder
	for _, s := range o.Steps {
		b.WriteString(s.Stage + ": " + s.Result + ", " + string(s.Order) + ": " + s.Detail + "\n")
	}
	return b.String()
}

// TestUnknownIsNotMissing: without content nothing is known to be missing; what is
// assumed is said, and only a stage before the file decides for sure.
func TestUnknownIsNotMissing(t *testing.T) {
	m := with(t, nil, nil)
	cases := []struct {
		url     string
		status  Status
		assumed bool
	}{
		{"http://x/default.htm", "200", true},
		{"http://x/data.json", "404.3", true},
		{"http://x/news.stm", "404.2", false},
		{"http://x/", "200", true},
	}
	for _, c := range cases {
		out := ask(t, m, "GET", c.url)
		if out.Status != c.status || out.Assumed != c.assumed {
			t.Errorf("%s: %s assumed %v, want %s assumed %v\n%s", c.url, out.Status, out.Assumed, c.status, c.assumed, steps(out))
		}
	}
}

// TestBecause: the value, entry or list that decided is the one to change.
func TestBecause(t *testing.T) {
	cases := []struct {
		name     string
		marks    map[string]string
		url      string
		line     int
		property string
		value    string
	}{
		{"missing type: the nearest list", nil, "http://x/data.json", 5, "MimeMap", ""},
		{"missing type: the list of the root", map[string]string{"ROOT": `MimeMap=".a,b/c"`}, "http://x/data.json", 37, "MimeMap", ""},
		{"a lost script map: the list that hides it", map[string]string{"ROOT": `ScriptMaps=".php,C:\php\php.dll,5"`}, "http://x/hello.asp", 37, "ScriptMaps", ""},
		{"no map anywhere: the list of types", map[string]string{"ROOT": `ScriptMaps=".php,C:\php\php.dll,5"`}, "http://x/data.json", 5, "MimeMap", ""},
		{"a page of ASP.NET: the list of maps", nil, "http://x/order.aspx", 16, "ScriptMaps", ""},
		{"prohibited: its entry", nil, "http://x/news.stm", 23, "WebSvcExtRestrictionList", `0,C:\WINDOWS\system32\inetsrv\ssinc.dll,0,SSINC,Server Side Includes`},
		{"unlisted: the list", nil, "http://x/sum.pl", 20, "WebSvcExtRestrictionList", ""},
		{"no default document: their list", nil, "http://x/empty/", 13, "DefaultDoc", "Default.htm,Default.asp"},
		{"default documents off: the flags", map[string]string{"ROOT": `DirBrowseFlags="DirBrowseShowDate"`}, "http://x/empty/", 37, "DirBrowseFlags", "DirBrowseShowDate"},
		{"no Path: the empty value", map[string]string{"SHOP": `Path=""`}, "http://x/shop/", 42, "Path", ""},
		{"permission: the value", map[string]string{"ROOT": `AccessFlags="AccessRead"`}, "http://x/hello.asp", 37, "AccessFlags", "AccessRead"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := ask(t, with(t, c.marks, page), "GET", c.url).Because
			if b == nil {
				t.Fatal("no because")
			}
			if got := b.Span.Pos().Line; got != c.line || b.Property != c.property || b.Value != c.value {
				t.Errorf("line %d %s %q, want line %d %s %q", got, b.Property, b.Value, c.line, c.property, c.value)
			}
		})
	}
}
