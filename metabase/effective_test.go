package metabase_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// server is a small metabase with values on every level.
const server = `<IIS_Global Location="." ChangeNumber="7" SessionKey="abcd"/>
<IIS_ROOT Location="/"/>
<IIsComputer Location="/LM" MaxBandwidth="4294967295"/>
<IIsMimeMap Location="/LM/MimeMap" MimeMap=".htm,text/html
	.txt,text/plain"/>
<IIsWebService Location="/LM/W3SVC" AspEnableParentPaths="FALSE" AnonymousUserPass="0a1b" MimeMap=".svc,a/b" ServerBindings=":99:"
	WebSvcExtRestrictionList="0,*.dll
	0,*.exe" AppPoolId="DefaultAppPool" ScriptMaps=".asp,C:\asp.dll,5
	.stm,C:\ssinc.dll,5"/>
<IIsFilters Location="/LM/W3SVC/Filters" FilterLoadOrder="a"/>
<IIsApplicationPools Location="/LM/W3SVC/AppPools" PeriodicRestartTime="120"/>
<IIsApplicationPool Location="/LM/W3SVC/AppPools/Shop"/>
<IIsConfigObject Location="/LM/W3SVC/Info/Templates/Public"/>
<IIsWebServer Location="/LM/W3SVC/Info/Templates/Public/1"/>
<IIsWebServer Location="/LM/W3SVC/1" ServerComment="Shop" MimeMap=".site,x/y" AppPoolId="Shop"/>
<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT" Path="C:\shop" AccessFlags="AccessRead | AccessScript" UNCPassword=""/>
<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT/Vdir" MimeMap=".vdir,v/v" ScriptMaps=".php,C:\php.dll,5" AspEnableParentPaths="TRUE" WebSvcExtRestrictionList="1,*.dll"/>
<IIsConfigObject Location="/LM/W3SVC/2"><Custom Name="Low" ID="70001" Value="own" Attributes="NO_ATTRIBUTES"/><Custom Name="High" ID="70002" Value="own" Attributes="INHERIT"/><Custom Name="Hush" ID="70003" Value="secret" Attributes="INHERIT | SECURE"/></IIsConfigObject>
<IIsWebServer Location="/LM/MSFTPSVC/1"/>`

func TestEffective(t *testing.T) {
	tree, problems := read(t, keys(server))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		path     metabase.Path
		property string
		kind     metabase.Kind
		from     metabase.Path
		text     string
	}{
		// The nearest key on the way up counts (aa670789).
		{"/LM/W3SVC/1/ROOT/Vdir", "AspEnableParentPaths", metabase.Own, "/LM/W3SVC/1/ROOT/Vdir", "TRUE"},
		{"/LM/W3SVC/1/ROOT", "AspEnableParentPaths", metabase.Inherited, "/LM/W3SVC", "FALSE"},
		{"/lm/w3svc/1/root/VDIR/deep/page.asp", "aspenableparentpaths", metabase.Inherited, "/LM/W3SVC/1/ROOT/Vdir", "TRUE"},
		{"/LM/W3SVC/1/ROOT/Vdir2", "AspEnableParentPaths", metabase.Inherited, "/LM/W3SVC", "FALSE"},
		{"/LM/W3SVC/1/ROOT/", "Path", metabase.Own, "/LM/W3SVC/1/ROOT", `C:\shop`},
		{"/LM/W3SVC/1/ROOT/x", "AppPoolId", metabase.Inherited, "/LM/W3SVC/1", "Shop"},
		{"/LM/W3SVC/2/ROOT", "AppPoolId", metabase.Inherited, "/LM/W3SVC", "DefaultAppPool"},
		{"/LM/W3SVC/AppPools/Shop", "PeriodicRestartTime", metabase.Inherited, "/LM/W3SVC/AppPools", "120"},
		{"/LM/W3SVC/1", "MaxBandwidth", metabase.Inherited, "/LM", "4294967295"},
		{"/LM/W3SVC/11", "ServerComment", metabase.Default, "/LM/W3SVC", ""},

		// A lower list replaces the whole (ms525983).
		{"/LM/W3SVC/1/ROOT/Vdir", "ScriptMaps", metabase.Own, "/LM/W3SVC/1/ROOT/Vdir", `.php,C:\php.dll,5`},

		// Not inherited (MBSchema.xml): they count at their own key only.
		{"/LM/W3SVC", "WebSvcExtRestrictionList", metabase.Own, "/LM/W3SVC", "0,*.dll\n\t0,*.exe"},
		{"/LM/W3SVC/1", "WebSvcExtRestrictionList", metabase.Default, "/LM/W3SVC/1", ""},
		{"/LM/W3SVC/1", "ServerBindings", metabase.Default, "/LM/W3SVC/1", ""},
		{"/LM/W3SVC/Filters/x", "FilterLoadOrder", metabase.Default, "/LM/W3SVC/Filters", ""},
		{"/LM/W3SVC/2/ROOT", "Low", metabase.Absent, "/LM/W3SVC/2", ""},
		{"/LM/W3SVC/2", "Low", metabase.Own, "/LM/W3SVC/2", "own"},
		{"/LM/W3SVC/2/ROOT", "High", metabase.Inherited, "/LM/W3SVC/2", "own"},

		// Set nowhere.
		{"/LM/W3SVC/1/ROOT", "AspBufferingOn", metabase.Default, "/LM/W3SVC/1/ROOT", "TRUE"},
		{"/LM/W3SVC/1/ROOT", "AspMaxRequestEntityAllowed", metabase.Default, "/LM/W3SVC/1/ROOT", "204800"},
		{"/LM/W3SVC/1/ROOT", "AspSessionTimeout", metabase.Absent, "/LM/W3SVC/1/ROOT", ""},
		{"/LM/W3SVC/1/ROOT", "NoSuchProperty", metabase.Absent, "/LM/W3SVC/1/ROOT", ""},
		{"/NM", "Path", metabase.Default, "/", ""},
		{"elsewhere", "AuthFlags", metabase.Default, "", "AuthAnonymous"},
		{"", "AuthFlags", metabase.Default, "/", "AuthAnonymous"},
	} {
		v := tree.Effective(c.path, c.property)
		if v.Kind != c.kind || v.Key != c.from || v.Text() != c.text {
			t.Errorf("%s %s: got %v from %q: %q, want %v from %q: %q", c.path, c.property, v.Kind, v.Key, v.Text(), c.kind, c.from, c.text)
		}
		if k, ok := tree.Nearest(c.path); ok {
			if exact, _ := tree.Key(c.path); exact == k {
				if w := k.Effective(c.property); w != v {
					t.Errorf("%s %s: the key says %+v, the tree %+v", c.path, c.property, w, v)
				}
			}
		}
	}
}

func TestAbsentValuePointsAtTheTag(t *testing.T) {
	tree, _ := read(t, keys(server))
	v := tree.Effective("/LM/W3SVC/AppPools/Shop/x", "AppPoolQueueLength")
	if p := v.Span().Pos(); p.Line != 14 || p.Column != 1 || v.NameSpan() != v.Span() || v.IsSet() || v.Written != "" {
		t.Errorf("got %v, written %q", p, v.Written)
	}
}

// What a property cannot hold is passed over when IIS reads the file (IIS 6.0 help
// on editing the metabase), so it hides nothing.
func TestUnusableValuesHideNothing(t *testing.T) {
	tree, _ := read(t, keys(`<IIsWebService Location="/LM/W3SVC" AspEnableParentPaths="TRUE" AccessFlags="AccessRead" Path="x"/>
<IIsWebServer Location="/LM/W3SVC/1" AspEnableParentPaths="yes" AccessFlags="AccesRead" MaxConnections="many"/>`))
	for property, want := range map[string]string{"AspEnableParentPaths": "TRUE", "AccessFlags": "AccessRead", "MaxConnections": ""} {
		v := tree.Effective("/LM/W3SVC/1", property)
		if v.Text() != want || v.Kind == metabase.Own {
			t.Errorf("%s: got %v %q", property, v.Kind, v.Text())
		}
	}
	if chain := tree.Chain("/LM/W3SVC/1", "AspEnableParentPaths"); len(chain) != 2 || chain[0].Usable() || !chain[1].Usable() {
		t.Errorf("the chain shows both: %+v", chain)
	}
}

func TestChain(t *testing.T) {
	tree, _ := read(t, keys(server))
	for _, c := range []struct {
		path     metabase.Path
		property string
		want     []string
	}{
		{"/LM/W3SVC/1/ROOT/Vdir/x", "AspEnableParentPaths", []string{"inherited /LM/W3SVC/1/ROOT/Vdir", "inherited /LM/W3SVC"}},
		{"/LM/W3SVC/1/ROOT/Vdir", "ScriptMaps", []string{"own /LM/W3SVC/1/ROOT/Vdir", "inherited /LM/W3SVC"}},
		{"/LM/W3SVC/1/ROOT/Vdir", "WebSvcExtRestrictionList", []string{"own /LM/W3SVC/1/ROOT/Vdir"}},
		{"/LM/W3SVC/1", "AspBufferingOn", nil},
	} {
		if diff := cmp.Diff(c.want, origins(tree.Chain(c.path, c.property))); diff != "" {
			t.Errorf("%s %s: %s", c.path, c.property, diff)
		}
	}
}

func origins(values []metabase.Value) []string {
	var out []string
	for _, v := range values {
		out = append(out, v.Kind.String()+" "+string(v.Key))
	}
	return out
}

// The mappings of the request's level and of the closest inherited level are merged
// (cc757093), and the server's list joins them (cc784353).
func TestLists(t *testing.T) {
	tree, _ := read(t, keys(server))
	for _, c := range []struct {
		path     metabase.Path
		property string
		want     []string
	}{
		{"/LM/W3SVC/1/ROOT/Vdir/x", "MimeMap", []string{"inherited /LM/W3SVC/1/ROOT/Vdir", "inherited /LM/W3SVC/1", "inherited /LM/MimeMap"}},
		{"/LM/W3SVC/1/ROOT", "mimemap", []string{"inherited /LM/W3SVC/1", "inherited /LM/W3SVC", "inherited /LM/MimeMap"}},
		{"/LM/W3SVC/2", "MimeMap", []string{"inherited /LM/W3SVC", "inherited /LM/MimeMap"}},
		{"/LM/MimeMap", "MimeMap", []string{"own /LM/MimeMap"}},
		{"/LM/W3SVC/1/ROOT/Vdir", "ScriptMaps", []string{"own /LM/W3SVC/1/ROOT/Vdir"}},
		{"/LM/W3SVC/1/ROOT/Vdir", "HttpErrors", nil},
	} {
		if diff := cmp.Diff(c.want, origins(tree.Lists(c.path, c.property))); diff != "" {
			t.Errorf("%s %s: %s", c.path, c.property, diff)
		}
	}
}

func paths(seq func(func(metabase.Key) bool)) []string {
	var out []string
	for k := range seq {
		out = append(out, string(k.Path()))
	}
	return out
}

func TestNavigation(t *testing.T) {
	tree, _ := read(t, keys(server))
	if diff := cmp.Diff([]string{"/LM/W3SVC/1", "/LM/W3SVC/2"}, paths(slices.Values(tree.Sites()))); diff != "" {
		t.Error("sites:", diff)
	}
	for _, c := range []struct {
		path metabase.Path
		want []string
	}{
		{"/lm/w3svc/", []string{"/LM/W3SVC/Filters", "/LM/W3SVC/AppPools", "/LM/W3SVC/1", "/LM/W3SVC/2"}},
		{"/LM/W3SVC/Info/Templates", []string{"/LM/W3SVC/Info/Templates/Public"}}, // no key itself
		{"/LM/W3SVC/Info", nil},
		{"/", []string{"/LM"}},
		{"/LM/W3SVC/1/ROOT/Vdir", nil},
	} {
		if diff := cmp.Diff(c.want, paths(tree.Children(c.path))); diff != "" {
			t.Errorf("%s: %s", c.path, diff)
		}
	}
	for range tree.Keys() {
		break // stopping early must not panic
	}
	for range tree.Children("/LM") {
		break
	}
	var none metabase.Key
	if _, ok := none.Own("Path"); ok || none.Path() != "" || none.Class() != "" || !none.Span().IsZero() || none.Effective("Path").IsSet() {
		t.Error("the zero Key")
	}
	for range none.Properties() {
		t.Error("the zero Key has no properties")
	}
}

func TestSecrets(t *testing.T) {
	tree, _ := read(t, keys(server+"\n<A Location='/s' MyPassword='p1' DbPwd='p2' AdminACL='p3' ConnPass='p4' AnonymousPasswordSync='TRUE' UNCAuthenticationPassthrough='TRUE' PassivePortRange='1-2' LogOdbcPassword='p5'><Custom Value='p6' Name='x' ID='6021'/></A>"))
	for _, c := range []struct {
		path        metabase.Path
		property    string
		secret, set bool
	}{
		{"/LM/W3SVC/1/ROOT", "AnonymousUserPass", true, true},
		{"/LM/W3SVC/1/ROOT", "UNCPassword", true, false}, // empty counts as not set
		{"/LM/W3SVC/1/ROOT", "WAMUserPass", true, false},
		{".", "SessionKey", true, true},
		{"/LM/W3SVC/2/x", "Hush", true, true},
		{"/s", "MyPassword", true, true},
		{"/s", "DbPwd", true, true},
		{"/s", "AdminACL", true, true},
		{"/s", "ConnPass", true, true},
		{"/s", "LogOdbcPassword", true, true},
		{"/s", "AnonymousUserPass", true, true},
		{"/s", "AnonymousPasswordSync", false, true},
		{"/s", "UNCAuthenticationPassthrough", false, true},
		{"/s", "PassivePortRange", false, true},
	} {
		v := tree.Effective(c.path, c.property)
		if v.Secret() != c.secret || v.IsSet() != c.set {
			t.Errorf("%s %s: secret %v, set %v", c.path, c.property, v.Secret(), v.IsSet())
		}
		if _, ok := v.Uint(); c.secret && (v.Text() != "" || v.Items() != nil || ok) {
			t.Errorf("%s %s gives itself away", c.path, c.property)
		}
		e, ok := v.Span().Text.Excerpt(v.Span().Pos())
		if c.secret && (!ok || strings.ContainsAny(e.Line, "\x00") || leaks(e.Line)) {
			t.Errorf("%s %s: excerpt %q", c.path, c.property, e.Line)
		}
	}
}

func leaks(line string) bool {
	for _, secret := range []string{"0a1b", "abcd", "'p1'", "'p2'", "'p3'", "'p4'", "'p5'", "'p6'", `"secret"`, "hunter2"} {
		if strings.Contains(line, secret) {
			return true
		}
	}
	return false
}

// A fault beside a secret must not print it: the excerpt shows the faulty line.
func TestFaultsDoNotShowSecrets(t *testing.T) {
	for _, xml := range []string{
		`<A Location="/a" AnonymousUserPass="hunter2`,
		`<A Location="/a" AnonymousUserPass="hunter2<"/>`,
		`<A Location="/a" AnonymousUserPass="hunter2&"/>`,
		`<A Location="/a" Path=x AnonymousUserPass="hunter2"/>`,
		`<A Location="/a" AnonymousUserPass=hunter2/>`,
		`<A Location="/a" Path="&bad;" AdminACL="hunter2"/>`,
		`<A AnonymousUserPass="hunter2" Path="x"/>`,
		`<A Location="/a" AnonymousUserPass="x" AnonymousUserPass="hunter2"/>`,
		`<A Location="/a"><Custom Value="hunter2" ID="6021" <`,
		`<A Location="/a"><Custom Value="hunter2`,
		`<A Location="/a"><Custom Value="hunter2"/>`,
		`<A Location="/a"><Custom Name="x" ID="1" Value="hunter2" Attributes="SECURE"><b/></Custom></A>`,
		`<!-- AnonymousUserPass="hunter2" -- -->`,
	} {
		tree, problems := read(t, keys(xml))
		if len(problems) == 0 {
			t.Errorf("%s: no problem", xml)
		}
		for _, p := range problems {
			if leaks(p.Message()) {
				t.Errorf("%s: %s", xml, p.Message())
			}
		}
		text := tree.Text()
		for line := 1; line < 9; line++ {
			if e, ok := text.Excerpt(at(line)); ok && leaks(e.Line) {
				t.Errorf("%s: line %d shows %q", xml, line, e.Line)
			}
		}
	}
}

func at(line int) source.Pos { return source.Pos{File: "m.xml", Line: line, Column: 1, EndColumn: 1} }
