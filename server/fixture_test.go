package server

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// at is the clock of the tests.
var at = time.Date(2005, 3, 14, 9, 26, 53, 0, time.UTC)

// fileTime is the captured Last-Modified of iisstart.htm, whose ETag is known.
var fileTime = time.Date(2003, 2, 21, 15, 48, 30, 0, time.UTC)

const errorFiles = `404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm
			404,3,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm
			401,2,FILE,C:\WINDOWS\help\iisHelp\common\401-2.htm
			403,2,FILE,C:\site\own-403.htm`

// metabaseOf is a small server; the arguments are attributes of the site and of
// its pool.
func metabaseOf(site, pool string) string {
	return `<?xml version ="1.0"?>
<configuration xmlns="urn:microsoft-catalog:XML_Metabase_V64_0"><MBProperty>
<IIS_Global	Location ="." ChangeNumber="856"></IIS_Global>
<IIS_ROOT	Location ="/"></IIS_ROOT>
<IIsComputer	Location ="/LM"></IIsComputer>
<IIsMimeMap	Location ="/LM/MimeMap" MimeMap=".htm,text/html
			.txt,text/plain
			.gif,image/gif"></IIsMimeMap>
<IIsWebService	Location ="/LM/W3SVC" AccessFlags="AccessRead | AccessScript" AuthFlags="AuthAnonymous"
	AnonymousUserName="IUSR_WEB01" AppPoolId="DefaultAppPool" AspEnableParentPaths="FALSE" AspAllowSessionState="FALSE"
	DefaultDoc="Default.htm,index.htm" DirBrowseFlags="EnableDefaultDoc" HttpCustomHeaders="X-Powered-By: ASP.NET"
	HttpErrors="` + errorFiles + `"
	ScriptMaps=".asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE"
	WebSvcExtRestrictionList="1,C:\WINDOWS\system32\inetsrv\asp.dll"></IIsWebService>
<IIsApplicationPools	Location ="/LM/W3SVC/AppPools"></IIsApplicationPools>
<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/DefaultAppPool" ` + pool + `></IIsApplicationPool>
<IIsWebServer	Location ="/LM/W3SVC/1" ServerBindings=":80:www.contoso.com
			:80:" ` + site + `></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT" Path="C:\site" AppRoot="/LM/W3SVC/1/ROOT"></IIsWebVirtualDir>
<IIsWebDirectory	Location ="/LM/W3SVC/1/ROOT/noread" AccessFlags="AccessScript"></IIsWebDirectory>
<IIsWebDirectory	Location ="/LM/W3SVC/1/ROOT/browse" DirBrowseFlags="EnableDirBrowsing"></IIsWebDirectory>
<IIsWebDirectory	Location ="/LM/W3SVC/1/ROOT/private" AuthFlags="AuthBasic | AuthNTLM"></IIsWebDirectory>
<IIsWebDirectory	Location ="/LM/W3SVC/1/ROOT/quiet" DontLog="TRUE"></IIsWebDirectory>
</MBProperty></configuration>
`
}

var siteFiles = map[string]string{
	"Default.htm":    "<p>welcome</p>",
	"hello.txt":      "hello",
	"empty.txt":      "",
	"data.json":      "{}",
	"own-403.htm":    "<p>ours</p>",
	"noread/a.htm":   "secret",
	"browse/x&y.txt": "1",
	"private/a.txt":  "for members",
	"quiet/a.txt":    "not logged",
	"sub/a.txt":      "",
	"page.asp":       "<%@ Language=VBScript %>\r\n<% Option Explicit\r\nDim x\r\nResponse.Buffer = True %>\r\n<p><%= \"a \"\"b\"\"\" & 7 %></p><!--#include file=\"part.inc\"--><% Response.Write(\"end\") %>",
	"part.inc":       "[part]",
	"crash.asp":      "before<% Server.CreateObject(\"Fault.Crash\") %>after",
	"mapped.asp":     "<% Dim p\r\np = Server.MapPath(\"../x\") %>",
	"parent.asp":     "\r\n<!--#include file=\"../x.inc\"-->",
	"loop.asp":       "head\r\n<% Class c\r\nEnd Class %>tail",
	"type.asp":       "<% Response.ContentType = \"text/plain\" %>x",
}

// fixture is the snapshot of a small server with big.gif of a megabyte and a byte.
func fixture(t testing.TB, site, pool string) *snapshot.Snapshot {
	t.Helper()
	files := fstest.MapFS{"MetaBase.xml": {Data: []byte(metabaseOf(site, pool))}}
	for name, text := range siteFiles {
		files["content/C/site/"+name] = &fstest.MapFile{Data: []byte(text), ModTime: fileTime}
	}
	files["content/C/site/big.gif"] = &fstest.MapFile{Data: bytes.Repeat([]byte{7}, 1<<20+1), ModTime: fileTime}
	s, err := snapshot.OpenFS(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 {
		t.Fatalf("the fixture is not understood: %v", s.Problems)
	}
	return s
}

func start(t testing.TB, s *snapshot.Snapshot, o Options) *Server {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return at }
	}
	srv, err := Start(s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	return srv
}

func dial(t testing.TB, srv *Server, port int) net.Conn {
	t.Helper()
	c, err := srv.Dial("", port)
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(10 * time.Second))
	t.Cleanup(func() { c.Close() })
	return c
}

// ask sends bytes and gives all that comes back until the server closes.
func ask(t testing.TB, srv *Server, send string) string {
	t.Helper()
	c := dial(t, srv, 80)
	go io.WriteString(c, send)
	b, err := io.ReadAll(c)
	if err != nil {
		t.Fatalf("after %q: %v", b, err)
	}
	return string(b)
}

// get asks for one path and closes.
func get(t testing.TB, srv *Server, path string, fields ...string) string {
	t.Helper()
	return ask(t, srv, "GET "+path+" HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\n"+lines(fields)+"\r\n")
}

func lines(fields []string) (s string) {
	for _, f := range fields {
		s += f + "\r\n"
	}
	return s
}

// parts splits an answer into its status line, its head and its body.
func parts(answer string) (status, head, body string) {
	head, body, _ = strings.Cut(answer, "\r\n\r\n")
	status, head, _ = strings.Cut(head, "\r\n")
	return status, head, body
}

// names gives the field names of a head in order.
func names(head string) string {
	var all []string
	for line := range strings.SplitSeq(head, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

// readAnswer reads one answer with Content-Length from a kept connection.
func readAnswer(r *bufio.Reader, bodyless bool) (string, error) {
	var head strings.Builder
	n := 0
	for {
		line, err := r.ReadString('\n')
		head.WriteString(line)
		if err != nil {
			return head.String(), err
		}
		fmt.Sscanf(line, "Content-Length: %d", &n)
		if line == "\r\n" {
			break
		}
	}
	if bodyless {
		n = 0
	}
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	return head.String() + string(b), err
}

func logLines(srv *Server, kind LogKind) (all []string) {
	for _, r := range srv.Records() {
		if r.Kind == kind {
			all = append(all, r.Line)
		}
	}
	return all
}
