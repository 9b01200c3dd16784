package iis

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// server is a small metabase; @NAME@ marks stand for attributes that a test sets.
const server = `<?xml version ="1.0"?>
<configuration xmlns="urn:microsoft-catalog:XML_Metabase_V64_0">
<MBProperty>
<IIsMimeMap	Location ="/LM/MimeMap"
		MimeMap=".htm,text/html
			.css,text/css"
	>
</IIsMimeMap>
<IIsWebService	Location ="/LM/W3SVC"
		AccessFlags="AccessRead"
		AnonymousUserName="IUSR_WEB01"
		AuthFlags="AuthAnonymous"
		DefaultDoc="Default.htm,Default.asp"
		DirBrowseFlags="EnableDefaultDoc"
		IIs5IsolationModeEnabled="FALSE"
		ScriptMaps=".asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE
			.asa,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE
			.stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST
			.pl,C:\perl\perl.exe &quot;%s&quot; %s,5"
		WebSvcExtRestrictionList="0,*.dll
			0,*.exe
			1,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages
			0,C:\WINDOWS\system32\inetsrv\ssinc.dll,0,SSINC,Server Side Includes"
		@SERVICE@
	>
</IIsWebService>
<IIsWebServer	Location ="/LM/W3SVC/1"
		ServerBindings=":80:"
		@SITE@
	>
</IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT"
		AccessFlags="AccessRead | AccessScript"
		AppRoot="/LM/W3SVC/1/ROOT"
		AppPoolId="DefaultAppPool"
		Path="C:\inetpub\wwwroot"
		@ROOT@
	>
</IIsWebVirtualDir>
<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT/shop"
		Path="D:\shop"
		@SHOP@
	>
</IIsWebVirtualDir>
@KEYS@
<IIsApplicationPools	Location ="/LM/W3SVC/AppPools"
	>
</IIsApplicationPools>
<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/DefaultAppPool"
		@POOL@
	>
</IIsApplicationPool>
</MBProperty>
</configuration>
`

// with gives a model of the server with attributes or keys put in at the marks
// and with content files (name: text).
func with(t *testing.T, marks map[string]string, content map[string]string) *Model {
	t.Helper()
	text := server
	for _, mark := range []string{"SERVICE", "SITE", "ROOT", "SHOP", "KEYS", "POOL"} {
		value := marks[mark]
		// An attribute that the server has already is replaced, as XML allows each once.
		if name, _, ok := strings.Cut(value, "="); ok && mark != "KEYS" {
			text = dropAttribute(text, mark, strings.TrimSpace(name))
		}
		text = strings.ReplaceAll(text, "@"+mark+"@", value)
	}
	files := fstest.MapFS{"MetaBase.xml": {Data: []byte(text)}}
	for name, data := range content {
		files["content/"+name] = &fstest.MapFile{Data: []byte(data)}
	}
	s, err := snapshot.OpenFS(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Problems {
		t.Fatalf("problem in the fixture: %s", p)
	}
	return New(s)
}

// dropAttribute takes an attribute out of the key that holds the mark.
func dropAttribute(text, mark, name string) string {
	at := strings.Index(text, "@"+mark+"@")
	tag := strings.LastIndex(text[:at], "Location")
	i := strings.Index(text[tag:at], "\t"+name+"=")
	if i < 0 {
		return text
	}
	i += tag
	end := i + strings.IndexByte(text[i:], '"') + 1
	end += strings.IndexByte(text[end:], '"') + 1
	return text[:i] + text[end:]
}

func ask(t *testing.T, m *Model, method, url string) Outcome {
	t.Helper()
	r, err := ParseURL(method, url)
	if err != nil {
		t.Fatal(err)
	}
	return m.Decide(r)
}

func tree(t *testing.T, marks map[string]string) *metabase.Tree {
	t.Helper()
	return with(t, marks, nil).tree
}
