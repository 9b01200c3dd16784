package checks

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// ofSchema is the only finding of a check: severity, certainty, message, then in
// brackets the text below the caret, then the first remedy's edit; "" for none.
func ofSchema(t *testing.T, r Report, id string) string {
	t.Helper()
	var all []string
	for _, f := range r.Findings {
		if f.ID != id {
			continue
		}
		e := f.Remedies[0].Edits[0]
		all = append(all, fmt.Sprintf("%s %s %s [%s] %s", f.Severity, f.Certainty, f.Message, f.Span.Bytes(), strings.TrimRight(fmt.Sprintf("%s %s %s", e.Op, e.Property, e.Value), " ")))
	}
	return strings.Join(all, "\n")
}

// TestMetabaseValue: types, ranges and flag names as MBSchema.xml of Windows Server
// 2003 states them.
func TestMetabaseValue(t *testing.T) {
	const at = " at /LM/W3SVC/1/ROOT/x: "
	for _, c := range []struct{ attribute, want string }{
		{`AspEnableParentPaths="TRUE"`, ""},
		{`AspEnableParentPaths="false"`, ""},
		{`AspEnableParentPaths="1"`, ""},
		{`AspEnableParentPaths=" 0 "`, ""},
		{`AspEnableParentPaths=""`, ""},
		{`AspEnableParentPaths="2"`, `warning proven AspEnableParentPaths` + at + `"2" is neither TRUE nor FALSE [2] remove AspEnableParentPaths`},
		{`AspEnableParentPaths="Yes"`, `warning proven AspEnableParentPaths` + at + `"Yes" is neither TRUE nor FALSE [Yes] remove AspEnableParentPaths`},
		{`CGITimeout="300"`, ""},
		{`CGITimeout="0x12C"`, ""},
		{`CGITimeout="4294967295"`, ""},
		{`CGITimeout="-1"`, ""},
		{`CGITimeout="4294967296"`, `warning proven CGITimeout` + at + `"4294967296" is no number from 0 to 4294967295 [4294967296] remove CGITimeout`},
		{`CGITimeout="-300"`, `warning proven CGITimeout` + at + `"-300" is no number from 0 to 4294967295 [-300] remove CGITimeout`},
		{`CGITimeout="5 minutes"`, `warning proven CGITimeout` + at + `"5 minutes" is no number from 0 to 4294967295 [5 minutes] remove CGITimeout`},
		{`LogonMethod="0"`, ""},
		{`LogonMethod="3"`, ""},
		{`LogonMethod="4"`, `warning proven LogonMethod` + at + `4 is above the range 0 to 3 [4] remove LogonMethod`},
		{`AuthFlags="AuthAnonymous | AuthNTLM"`, ""},
		{`AuthFlags="authanonymous|AUTHNTLM"`, ""},
		{`AuthFlags="5"`, ""},
		{`AuthFlags=""`, ""},
		{`AuthFlags="AuthAnonymous | 4"`, ""},
		{`AuthFlags="-2147483643"`, ""},
		{`AuthFlags="AuthAnonymous | AuthNTML"`, `warning proven AuthFlags` + at + `"AuthNTML" is no flag of AuthFlags; did you mean AuthNTLM? [AuthNTML] set AuthFlags AuthAnonymous | AuthNTLM`},
		{`AuthFlags="Auth&amp;NTLM"`, `warning proven AuthFlags` + at + `"Auth&NTLM" is no flag of AuthFlags; did you mean AuthNTLM? [Auth&amp;NTLM] set AuthFlags AuthNTLM`},
		{`AuthFlags="AuthBasic | Windows"`, `warning proven AuthFlags` + at + `"Windows" is no flag of AuthFlags; it has AuthBasic, AuthAnonymous, AuthNTLM, AuthMD5, AuthPassport [Windows] remove AuthFlags`},
		{`AuthFlags="4294967296"`, `warning proven AuthFlags` + at + `"4294967296" is no flag of AuthFlags; it has AuthBasic, AuthAnonymous, AuthNTLM, AuthMD5, AuthPassport [4294967296] remove AuthFlags`},
		{`DefaultDoc="a.htm; b.htm"`, ""},
		{`Wibble="Yes"`, ""},
	} {
		r := changed(t, nil, endKeys, vdir("IIsWebVirtualDir", "x", `Path="C:\x" `+c.attribute))
		if got := ofSchema(t, r, "metabase-value"); got != c.want {
			t.Errorf("%s: %q, want %q", c.attribute, got, c.want)
		}
	}
}

// TestPoolRanges: ranges with a lower end, and with a lower end alone.
func TestPoolRanges(t *testing.T) {
	const at = " at /LM/W3SVC/AppPools/DefaultAppPool: "
	for _, c := range []struct{ attribute, want string }{
		{`PingInterval="1"`, ""},
		{`PingInterval="4294967"`, ""},
		{`PingInterval="0"`, `warning proven PingInterval` + at + `0 is below the range 1 to 4294967 [0] remove PingInterval`},
		{`PingInterval="4294968"`, `warning proven PingInterval` + at + `4294968 is above the range 1 to 4294967 [4294968] remove PingInterval`},
		{`MaxProcesses="1"`, ""},
		{`MaxProcesses="4294967295"`, ""},
		{`MaxProcesses="0"`, `warning proven MaxProcesses` + at + `0 is below the smallest value 1 [0] remove MaxProcesses`},
		{`AppPoolQueueLength="9"`, ""}, // queue-full speaks of it
	} {
		if got := ofSchema(t, changedPool(t, nil, c.attribute), "metabase-value"); got != c.want {
			t.Errorf("%s: %q, want %q", c.attribute, got, c.want)
		}
	}
}

// TestMetabaseProperty: which properties the schema knows, and at which keys.
func TestMetabaseProperty(t *testing.T) {
	const unknown = " is no property that the schema knows; IIS ignores it"
	custom := `<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT/x" Path="C:\x"><Custom Name="Wibble" ID="99999" Value="1" Type="DWORD" UserType="IIS_MD_UT_SERVER" Attributes="INHERIT" /></IIsWebVirtualDir>
</MBProperty>`
	for _, c := range []struct{ name, change, want, step string }{
		{"known", vdir("IIsWebVirtualDir", "x", `AspEnableParentPaths="FALSE"`), "", ""},
		{"in other case", vdir("IIsWebVirtualDir", "x", `aspenableparentpaths="FALSE"`), "", ""},
		{"a letter missing", vdir("IIsWebVirtualDir", "x", `AspEnableParentPath="TRUE"`),
			"info proven AspEnableParentPath" + unknown + "; did you mean AspEnableParentPaths? [AspEnableParentPath] remove AspEnableParentPath", "If AspEnableParentPaths was meant, write it so."},
		{"like no other", vdir("IIsWebVirtualDir", "x", `WibbleWobble="1"`),
			"info proven WibbleWobble" + unknown + " [WibbleWobble] remove WibbleWobble", "Take it out, or bring the MBSchema.xml of the server along if a product extended the schema."},
		{"added by a Custom element", custom, "", ""},
		{"a folder at the site's key", secondSite(`Path="C:\inetpub\two"`),
			"warning proven Path does not belong on a key of class IIsWebServer; IIS ignores it there [Path] remove Path", "Set it on a key of a class that holds it, then take it out here."},
		{"bindings at a directory", vdir("IIsWebVirtualDir", "x", `ServerBindings=":80:"`),
			"warning proven ServerBindings does not belong on a key of class IIsWebVirtualDir; IIS ignores it there [ServerBindings] remove ServerBindings", "Set it on a key of a class that holds it, then take it out here."},
		{"a key of no type", vdir("IIsConfigObject", "x", `ServerBindings=":80:"`), "", ""},
		{"a key of a class that the schema does not have", vdir("FabrikamKey", "x", `ServerBindings=":80:"`), "", ""},
	} {
		r := changed(t, nil, endKeys, c.change)
		if got := ofSchema(t, r, "metabase-property"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		for _, f := range r.Findings {
			if f.ID == "metabase-property" && f.Remedies[0].Steps[0] != c.step {
				t.Errorf("%s: step %q, want %q", c.name, f.Remedies[0].Steps[0], c.step)
			}
		}
	}
}

// TestSameMisspelling: the second key with the same name gets the suggestion too.
func TestSameMisspelling(t *testing.T) {
	r := changed(t, fstest.MapFS{}, endKeys, strings.TrimSuffix(vdir("IIsWebVirtualDir", "x", `AthFlags="1"`), endKeys)+vdir("IIsWebVirtualDir", "y", `AthFlags="1"`))
	if got := strings.Count(allSaid(r, "metabase-property"), "did you mean AuthFlags?"); got != 2 {
		t.Errorf("%d suggestions, want 2:\n%s", got, allSaid(r, "metabase-property"))
	}
}
