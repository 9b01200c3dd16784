package metabase_test

import (
	"fmt"
	"github.com/iisdoctor/iisdoctor/source"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/iisdoctor/iisdoctor/metabase"
)

// one gives a property of the single key /a.
func one(t *testing.T, attribute, property string) metabase.Value {
	t.Helper()
	tree, problems := read(t, keys(`<A Location="/a"`+"\n"+attribute+"/>"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if key, ok := tree.Key("/a"); ok {
		if v, ok := key.Own(property); ok {
			return v
		}
	}
	k, _ := tree.Key("/a")
	if v, ok := k.Own(property); ok {
		return v
	}
	return k.Effective(property)
}

func TestUint(t *testing.T) {
	for _, c := range []struct {
		attribute, property string
		want                uint32
		ok                  bool
	}{
		{`AccessFlags="AccessRead | AccessScript"`, "AccessFlags", 513, true},
		{`AccessFlags="accessread|ACCESSSCRIPT"`, "AccessFlags", 513, true},
		{`AccessFlags="513"`, "AccessFlags", 513, true},
		{`AccessFlags="0x201"`, "AccessFlags", 513, true},
		{`AccessFlags="AccessRead | Acess"`, "AccessFlags", 0, false},
		{`AccessFlags="AccessRead |"`, "AccessFlags", 0, false},
		{`AccessFlags=""`, "AccessFlags", 0, false},
		{`AccessFlags="AccessRead &#124; AccessWrite"`, "AccessFlags", 3, true},
		{`MaxConnections="-1"`, "MaxConnections", 4294967295, true},
		{`MaxConnections="4294967295"`, "MaxConnections", 4294967295, true},
		{`MaxConnections="4294967296"`, "MaxConnections", 0, false},
		{`MaxConnections="-2"`, "MaxConnections", 0, false},
		{`MaxConnections=" 10 "`, "MaxConnections", 10, true},
		{`MaxConnections="ten"`, "MaxConnections", 0, false},
		{`MaxConnections="1e3"`, "MaxConnections", 0, false},
		{`MaxConnections="010"`, "MaxConnections", 10, true},
		{`Path="7"`, "LogEventOnRecycle", 1 | 8 | 128, true}, // the default, as names
		{`LogExtFileFlags="LogExtFileDate | LogExtFileHost"`, "LogExtFileFlags", 1<<20 | 1, true},
		{`DirBrowseFlags="EnableDirBrowsing"`, "DirBrowseFlags", 1 << 31, true},
		{`Unheard="5"`, "Unheard", 5, true},
	} {
		if got, ok := one(t, c.attribute, c.property).Uint(); got != c.want || ok != c.ok {
			t.Errorf("%s: got %d, %v", c.attribute, got, ok)
		}
	}
}

func TestBool(t *testing.T) {
	for text, want := range map[string][2]bool{
		"TRUE": {true, true}, "true": {true, true}, "1": {true, true}, "FALSE": {false, true}, "0": {false, true},
		"": {}, "yes": {}, "2": {}, "-1": {}, "TRUE,": {},
	} {
		got, ok := one(t, fmt.Sprintf("AspEnableParentPaths=%q", text), "AspEnableParentPaths").Bool()
		if got != want[0] || ok != want[1] {
			t.Errorf("%q: got %v, %v", text, got, ok)
		}
	}
}

func TestHas(t *testing.T) {
	v := one(t, `AccessSSLFlags="AccessSSL | AccessSSL128"`, "AccessSSLFlags")
	for flag, want := range map[string]bool{"AccessSSL": true, "accessssl128": true, "AccessSSLMapCert": false, "Nonsense": false, "": false} {
		if v.Has(flag) != want {
			t.Errorf("%q: %v", flag, !want)
		}
	}
	if one(t, `AccessSSLFlags="AccessSSL | nonsense"`, "AccessSSLFlags").Has("AccessSSL") {
		t.Error("a value that is not understood has no flags")
	}
	if one(t, `Unheard="1"`, "Unheard").Has("AccessRead") {
		t.Error("an unknown property has no flags")
	}
}

func TestItems(t *testing.T) {
	for _, c := range []struct {
		name, attribute, property string
		want                      []string
	}{
		{"as IIS writes it", "ScriptMaps=\".asp,C:\\asp.dll,5,GET,POST\n\t\t\t.stm,C:\\ssinc.dll,5\"", "ScriptMaps", []string{`4:13-39 .asp,C:\asp.dll,5,GET,POST`, `5:4-23 .stm,C:\ssinc.dll,5`}},
		{"Windows line ends", "ServerBindings=\":80:\r\n\t\t:81:\r\n\"", "ServerBindings", []string{"4:17-21 :80:", "5:3-7 :81:"}},
		{"blank entries", "ServerBindings=\"\n\n:80:\n \t \n:81:  \n\"", "ServerBindings", []string{"6:1-5 :80:", "8:1-5 :81:"}},
		{"re-saved on one line", `HttpErrors="404,*,FILE,C:\a b\404.htm    500,12,URL,/e.asp"`, "HttpErrors", []string{`4:13-38 404,*,FILE,C:\a b\404.htm`, "4:42-59 500,12,URL,/e.asp"}},
		{"two blanks in a list of lines", "HttpErrors=\"404,*,FILE,C:\\a  b.htm\n500,12,URL,/e.asp\"", "HttpErrors", []string{`4:13-35 404,*,FILE,C:\a  b.htm`, "5:1-18 500,12,URL,/e.asp"}},
		{"a blank at a comma is kept", `ScriptMaps=".asp, C:\asp.dll"`, "ScriptMaps", []string{`4:13-29 .asp, C:\asp.dll`}},
		{"line ends as references", `ServerBindings=":80:&#13;&#xA;:81:&#10;:82:"`, "ServerBindings", []string{"4:17-21 :80:", "4:31-35 :81:", "4:40-44 :82:"}},
		{"references inside", "HttpErrors=\"404,*,URL,/a?b&amp;c\nx\"", "HttpErrors", []string{"4:13-33 404,*,URL,/a?b&c", "5:1-2 x"}},
		{"MIMEMAP", "MimeMap=\".a,a/a\n.b,b/b\"", "MimeMap", []string{"4:10-16 .a,a/a", "5:1-7 .b,b/b"}},
		{"no list", "DefaultDoc=\"a\nb\"", "DefaultDoc", nil},
		{"a property nobody knows", "Unheard=\"a\nb\"", "Unheard", nil},
		{"empty", `ScriptMaps=""`, "ScriptMaps", nil},
		{"absent", `Path="x"`, "Unheard", nil},
	} {
		var got []string
		for _, i := range one(t, c.attribute, c.property).Items() {
			p := i.Span.Pos()
			got = append(got, fmt.Sprintf("%d:%d-%d %s", p.Line, p.Column, p.EndColumn, i.Text))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestCustomTypes(t *testing.T) {
	tree, problems := read(t, keys("<A Location='/a'><Custom Name='L' ID='70001' Type='MULTISZ' Value='a\nb'/><Custom Name='N' ID='70002' Type='DWORD' Value='7' Attributes='1'/></A>"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := len(tree.Effective("/a", "L").Items()); got != 2 {
		t.Errorf("got %d items", got)
	}
	n := tree.Effective("/a/b", "N")
	if u, ok := n.Uint(); u != 7 || !ok || n.Kind != metabase.Inherited || !n.Custom() || n.Facts().ID != 70002 {
		t.Errorf("got %d, %v, %v", u, ok, n.Kind)
	}
}

func TestFields(t *testing.T) {
	want := []string{"0", `C:\x y.dll`, "", " A"}
	if diff := cmp.Diff(want, metabase.Item{Text: `0,C:\x y.dll,, A`}.Fields()); diff != "" {
		t.Error(diff)
	}
}

func TestEntryKey(t *testing.T) {
	for _, c := range []struct{ property, entry, want string }{
		{"ScriptMaps", `.ASP,C:\WINDOWS\asp.dll,5`, ".asp"},
		{"MimeMap", ".MP4,video/mp4", ".mp4"},
		{"WebSvcExtRestrictionList", `0,C:\Windows\ASP.dll,0,ASP,Active Server Pages`, `c:\windows\asp.dll`},
		{"websvcextrestrictionlist", "1,*.dll", "*.dll"},
		{"WebSvcExtRestrictionList", "1", "1"},
		{"HttpErrors", "404,*,FILE,x", "404,*"},
		{"HttpErrors", "404", "404"},
		{"ServerBindings", "192.0.2.1:80:WWW.x", "192.0.2.1:80:www.x"},
		{"ScriptMaps", "", ""},
	} {
		if got := metabase.EntryKey(c.property, c.entry); got != c.want {
			t.Errorf("%s %q: got %q", c.property, c.entry, got)
		}
	}
}

// TestUnusableIsPassedOver: IIS passes over a value in conflict with the schema
// when it reads the file, so the inherited one counts.
func TestUnusableIsPassedOver(t *testing.T) {
	for _, c := range []struct{ own, property, want string }{
		{`AuthFlags="AuthAnonymos"`, "AuthFlags", "AuthNTLM"},
		{`AuthFlags="AuthBasic"`, "AuthFlags", "AuthBasic"},
		{`AuthFlags=""`, "AuthFlags", ""},
		{`AspEnableParentPaths="YES"`, "AspEnableParentPaths", "TRUE"},
		{`ConnectionTimeout="2 min"`, "ConnectionTimeout", "60"},
		{`ConnectionTimeout="90"`, "ConnectionTimeout", "90"},
	} {
		text := `<configuration><MBProperty><IIsWebService Location="/LM/W3SVC" AuthFlags="AuthNTLM" AspEnableParentPaths="TRUE" ConnectionTimeout="60"/>` +
			`<IIsWebServer Location="/LM/W3SVC/1" ` + c.own + `/></MBProperty></configuration>`
		tree, problems := metabase.Read(source.NewText("m.xml", []byte(text)), metabase.Builtin())
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if got := tree.Effective("/LM/W3SVC/1/ROOT", c.property).Text(); got != c.want {
			t.Errorf("%s: %q is in force, want %q", c.own, got, c.want)
		}
	}
}
