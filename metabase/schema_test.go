package metabase_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

func describe(p *metabase.PropertyFacts) string {
	flags := ""
	for _, f := range p.Flags {
		flags += fmt.Sprintf(" %s=%d", f.Name, f.Value)
	}
	return fmt.Sprintf("%s %d %v %q [%d %d] inherit=%v secure=%v volatile=%v list=%v%s", p.Name, p.ID, p.Type, p.Default, p.Min, p.Max, p.Inherit, p.Secure, p.Volatile, p.List, flags)
}

// Typed from the pages and the schema of Windows Server 2003.
func TestBuiltin(t *testing.T) {
	s := metabase.Builtin()
	for _, want := range []string{
		`AccessSSLFlags 6030 DWORD "0" [0 0] inherit=true secure=false volatile=false list=false AccessSSL=8 AccessSSL128=256 AccessSSLNegotiateCert=32 AccessSSLRequireCert=64 AccessSSLMapCert=128`,
		`AppPoolQueueLength 9017 DWORD "1000" [10 65535] inherit=true secure=false volatile=false list=false`,
		`AppPoolState 9027 DWORD "" [1 4] inherit=false secure=false volatile=true list=false`,
		`WebSvcExtRestrictionList 2168 MULTISZ "" [0 0] inherit=false secure=false volatile=false list=true`,
		`MimeMap 6015 MIMEMAP "" [0 0] inherit=true secure=false volatile=false list=true`,
		`UNCPassword 3003 STRING "" [0 0] inherit=true secure=true volatile=false list=false`,
		`IIs5IsolationModeEnabled 9203 BOOL "TRUE" [0 0] inherit=false secure=false volatile=false list=false`,
		`DisableStaticFileCache 3007 BOOL "FALSE" [0 1] inherit=true secure=false volatile=false list=false`,
		`UNCAuthenticationPassthrough 3006 BOOL "FALSE" [0 0] inherit=true secure=false volatile=false list=false`,
		`RapidFailProtectionMaxCrashes 9030 DWORD "5" [1 0] inherit=true secure=false volatile=false list=false`,
		`LogExtFileFlags 4013 DWORD "LogExtFileTime | LogExtFileClientIp | LogExtFileMethod | LogExtFileUriStem | LogExtFileHttpStatus" [0 0]`,
		`AspDiskTemplateCacheDirectory 7036 EXPANDSZ "%Windir%\\System32\\inetsrv\\ASP Compiled Templates" [0 0]`,
	} {
		name, rest, _ := strings.Cut(want, " ")
		p, ok := s.Property(strings.ToUpper(name))
		if !ok || !strings.HasPrefix(describe(p), want) {
			t.Errorf("got %v\nwant %s", p, want)
			continue
		}
		id, _, _ := strings.Cut(rest, " ")
		if q, ok := s.PropertyByID(p.ID); !ok || q != p || fmt.Sprint(q.ID) != id {
			t.Errorf("%s by its ID: %v", name, q)
		}
	}
	for _, name := range []string{"ServerBindings", "ServerAutoStart", "AppPoolAutoStart", "FilterLoadOrder", "FilterFlags", "KeyType", "WebSvcExtRestrictionList", "SecureBindings"} {
		if p, _ := s.Property(name); p.Inherit {
			t.Errorf("%s is not inherited", name)
		}
	}
	if n := len(s.Names()); n != 507+2 {
		t.Errorf("%d properties", n) // 507 and 84 flags with numbers of their own make the 591 of the file
	}
	flags := 0
	for _, name := range s.Names() {
		p, _ := s.Property(name)
		flags += len(p.Flags)
	}
	if flags != 84 {
		t.Errorf("%d flags", flags)
	}
	if _, ok := s.Property("AccessRead"); ok {
		t.Error("a flag is no property")
	}
	if _, ok := s.PropertyByID(6207); ok {
		t.Error("a flag's number is no property's")
	}
}

func TestAllows(t *testing.T) {
	s := metabase.Builtin()
	for _, c := range []struct {
		class, property string
		want            bool
	}{
		{"IIsWebServer", "ServerBindings", true},
		{"iiswebserver", "serverbindings", true},
		{"IIsApplicationPool", "ServerBindings", false},
		{"IIsApplicationPool", "PeriodicRestartTime", true},
		{"IIsWebVirtualDir", "Path", true},
		{"IIsMimeMap", "Path", false},
		{"IIsWebDirectory", "Path", false},
		{"IIsConfigObject", "Path", true},
		{"NoSuchClass", "Path", true},
		{"IIsWebServer", "NoSuchProperty", true},
		{"IIsWebVirtualDir", "UNCAuthenticationPassthrough", true},
		{"IIsApplicationPool", "UNCAuthenticationPassthrough", false},
	} {
		if got := s.Allows(c.class, c.property); got != c.want {
			t.Errorf("%s %s: %v", c.class, c.property, got)
		}
	}
	if !s.KnowsClass("IISWEBSERVICE") || s.KnowsClass("IIsNothing") || len(s.Classes()) != 66 {
		t.Errorf("classes: %d", len(s.Classes()))
	}
	if got := s.ClassProperties("IIsMimeMap"); !cmp.Equal(got, []string{"KeyType", "MimeMap", "AdminACL", "AdminACLBin"}) {
		t.Errorf("IIsMimeMap: %v", got)
	}
}

// What a server without the attribute does, typed from the pages named in
// schema_facts.go; unknown where they say nothing.
func TestInForce(t *testing.T) {
	s := metabase.Builtin()
	for property, want := range map[string]string{
		"PeriodicRestartTime": "1740", "PeriodicRestartRequests": "0", "PeriodicRestartMemory": "0", "IdleTimeout": "20",
		"AspMaxRequestEntityAllowed": "204800", "ASPREQUESTQUEUEMAX": "3000", "AppPoolQueueLength": "1000",
		"LogEventOnRecycle":    "AppPoolRecycleTime | AppPoolRecycleMemory | AppPoolRecyclePrivateMemory",
		"AspEnableParentPaths": "FALSE", "RapidFailProtection": "TRUE", "AppPoolIdentityType": "2", "AuthFlags": "AuthAnonymous",
		"UNCUserName": "", "AspRunOnEndAnonymously": "TRUE",
	} {
		if got, ok := s.InForce(property); !ok || got != want {
			t.Errorf("%s: got %q, %v, want %q", property, got, ok, want)
		}
	}
	for _, property := range []string{"AnonymousPasswordSync", "IIs5IsolationModeEnabled", "AspSessionTimeout", "MaxConnections", "DefaultDoc", "LogExtFileFlags", "AppPoolState", "NoSuchProperty"} {
		if got, ok := s.InForce(property); ok {
			t.Errorf("%s: got %q", property, got)
		}
	}
}

const ownSchema = `<?xml version ="1.0"?>
<MetaData xmlns="x-urn:microsoft-catalog:MetaData_V7"><DatabaseMeta InternalName="METABASE">
<Collection InternalName="IIsConfigObject">
<Property InternalName="KeyType" ID="1002" Type="STRING" Attributes="NO_ATTRIBUTES" DefaultValue=""/>
<Property InternalName="Colour" ID="70001" Type="MULTISZ" Attributes="INHERIT | SECURE" DefaultValue="a
  b" StartingNumber="1" EndingNumber="9"><Flag InternalName="Red" Value="1" ID="70002"/></Property>
</Collection>
<Collection InternalName="IIsThing"><Property InheritsPropertiesFrom="IIsConfigObject:Colour"/></Collection>
</DatabaseMeta></MetaData>`

func readSchema(t *testing.T, xml string) (*metabase.Schema, []source.Problem) {
	t.Helper()
	text, p := source.Decode("MBSchema.xml", []byte(xml))
	if p != nil {
		t.Fatal(p)
	}
	return metabase.ReadSchema(text)
}

func TestReadSchema(t *testing.T) {
	s, problems := readSchema(t, ownSchema)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p, ok := s.Property("colour")
	if want := `Colour 70001 MULTISZ "a\n  b" [1 9] inherit=true secure=true volatile=false list=true Red=1`; !ok || describe(p) != want {
		t.Errorf("got %v", p)
	}
	if !s.Allows("IIsThing", "Colour") || s.Allows("IIsThing", "KeyType") {
		t.Error("the class knows Colour alone")
	}
	if v, ok := s.InForce("Colour"); v != "a\n  b" || !ok {
		t.Errorf("in force: %q", v)
	}
	if _, ok := s.Property("UNCAuthenticationPassthrough"); !ok {
		t.Error("what documents add is missing")
	}
}

func TestReadSchemaProblems(t *testing.T) {
	for _, c := range []struct{ name, xml, at, found string }{
		{"not a schema", "<configuration/>", "1:1", "the root element <configuration>"},
		{"cut off", ownSchema[:300], "5:36", "the value of ID never ends"},
		{"twice", strings.Replace(ownSchema, `="Colour" ID`, `="KeyType" ID`, 1), "5:1", "property KeyType twice"},
		{"no number", strings.Replace(ownSchema, `"70001"`, `"seven"`, 1), "5:37", `"seven", which is no number`},
		{"described nowhere", strings.Replace(ownSchema, "Object:Colour", "Object:Color", 1), "8:71", "property Color, which the file does not describe"},
		{"an attribute twice", strings.Replace(ownSchema, `Type="STRING"`, `ID="1"`, 1), "4:44", "attribute ID twice"},
		{"text", strings.Replace(ownSchema, "</Collection>", "x</Collection>", 1), "7:1", "text between elements"},
	} {
		_, problems := readSchema(t, c.xml)
		if len(problems) == 0 {
			t.Errorf("%s: no problem", c.name)
			continue
		}
		p := problems[0]
		if at := fmt.Sprintf("%d:%d", p.Pos.Line, p.Pos.Column); at != c.at || !strings.HasPrefix(p.Found, c.found) {
			t.Errorf("%s: got %s: %s", c.name, at, p.Found)
		}
	}
}
