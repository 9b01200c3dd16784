package checks

import (
	"slices"
	"strings"
	"testing"
)

func TestDuplicateEntry(t *testing.T) {
	mime := func(entries string) []string { return []string{root, root + ` MimeMap="` + entries + `"`} }
	for _, c := range []struct {
		name    string
		replace []string
		want    []string
	}{
		{"a type", mime(".a,b/c\n.x,b/c\n.A,b/d"), []string{"warning proven .A,b/d; set /LM/W3SVC/1/ROOT MimeMap .a,b/c + .x,b/c"}},
		{"three times", mime(".a,b/c\n.a,b/d\n.a,b/e"), []string{"warning proven .a,b/d; set /LM/W3SVC/1/ROOT MimeMap .a,b/c", "warning proven .a,b/e; set /LM/W3SVC/1/ROOT MimeMap .a,b/c"}},
		{"equal", mime(".a,b/c\n.A,B/c"), []string{"info proven .A,B/c; set /LM/W3SVC/1/ROOT MimeMap .a,b/c"}},
		{"of the server, too", mime(".css,text/plain"), nil},
		{"a longer extension", mime(".a,b/c\n.ab,b/d"), nil},
		{"the same list twice", append(mime(".a,b/c\n.a,b/d"), endKeys, vdir("IIsWebVirtualDir", "two", "MimeMap=\".a,b/c\n.a,b/d\"")),
			[]string{"warning proven .a,b/d; set /LM/W3SVC/1/ROOT MimeMap .a,b/c", "warning proven .a,b/d; set /LM/W3SVC/1/ROOT/two MimeMap .a,b/c"}},
		{"script maps", mapsAt(`.a,C:\a.dll,1,GET,POST`, `.a,C:\b.dll,1,GET,POST`), []string{`warning proven .a,C:\b.dll,1,GET,POST; set /LM/W3SVC/1/ROOT ScriptMaps .a,C:\a.dll,1,GET,POST`}},
		{"wildcard maps", mapsAt(`*,C:\a.dll,1`, `*,C:\b.dll,1`), nil},
		{"a template", []string{"AccessFlags=\"AccessRead | AccessScript\"\n\t\tAuthFlags=\"AuthAnonymous\"\n\t>\n</IIsWebVirtualDir>\n</MBProperty>",
			"MimeMap=\".a,b/c\n.a,b/d\"></IIsWebVirtualDir></MBProperty>"}, nil},
	} {
		if got := listed(changed(t, nil, c.replace...), "duplicate-entry"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestDuplicatePlace: the last step says where IIS Manager shows the list.
func TestDuplicatePlace(t *testing.T) {
	for _, c := range []struct {
		replace []string
		want    string
	}{
		{[]string{".zip,", ".zip,a/b\n\t\t\t.zip,"}, "In IIS Manager: the server's Properties, MIME Types:"},
		{[]string{root, root + " MimeMap=\".a,b/c\n.a,b/d\""}, "In IIS Manager: Properties, HTTP Headers tab, MIME Types:"},
		{mapsAt(`.a,C:\a.dll,1,GET,POST`, `.a,C:\b.dll,1,GET,POST`), "In IIS Manager: Properties, Home Directory or Virtual Directory tab, Configuration, Mappings:"},
	} {
		var got []string
		for _, f := range changed(t, nil, c.replace...).Findings {
			if f.ID == "duplicate-entry" {
				got = append(got, f.Remedies[0].Steps[1])
			}
		}
		if len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
			t.Errorf("%q, want %s", got, c.want)
		}
	}
}

func TestLogBlind(t *testing.T) {
	const sub, win32 = " | LogExtFileHttpSubStatus", "LogExtFileWin32Status | "
	const flags = "LogExtFileDate | LogExtFileTime | LogExtFileClientIp | LogExtFileUserName | LogExtFileSiteName | LogExtFileServerIp | LogExtFileMethod | LogExtFileUriStem | LogExtFileUriQuery | LogExtFileHttpStatus | "
	const full = "set /LM/W3SVC LogExtFileFlags 2199519"
	for _, c := range []struct {
		name    string
		replace []string
		want    []string
	}{
		{"no substatus", []string{sub, ""}, []string{"warning proven " + flags + "LogExtFileWin32Status | LogExtFileServerPort | LogExtFileUserAgent; " + full}},
		{"no Win32 status", []string{win32, ""}, []string{"info proven " + flags + "LogExtFileServerPort | LogExtFileUserAgent | LogExtFileHttpSubStatus; " + full}},
		{"no substatus, in another format", []string{sub, "", "{FF160663", "{FF16065F"}, nil},
		{"flags not known", []string{`LogExtFileFlags="` + flags + `LogExtFileWin32Status | LogExtFileServerPort | LogExtFileUserAgent | LogExtFileHttpSubStatus"`, ""}, nil},
		{"off", []string{`LogType="1"`, `LogType="0"`}, []string{"warning proven 0; set /LM/W3SVC LogType 1"}},
		{"off, but on at the only site", []string{`LogType="1"`, `LogType="0"`, `ServerAutoStart="TRUE"`, `ServerAutoStart="TRUE" LogType="1"`}, nil},
		{"off, no site started", []string{`LogType="1"`, `LogType="0"`, `ServerAutoStart="TRUE"`, `ServerAutoStart="FALSE"`}, nil},
		{"a site left out", []string{root, root + ` DontLog="TRUE"`}, []string{"warning proven TRUE; set /LM/W3SVC/1/ROOT DontLog FALSE"}},
		{"all left out", []string{`LogType="1"`, `LogType="1" DontLog="1"`}, []string{"warning proven 1; set /LM/W3SVC DontLog FALSE"}},
		{"a directory left out", []string{endKeys, vdir("IIsWebDirectory", "images", `DontLog="TRUE"`)}, []string{"info proven TRUE; set /LM/W3SVC/1/ROOT/images DontLog FALSE"}},
		{"not left out", []string{root, root + ` DontLog="FALSE"`}, nil},
	} {
		if got := listed(changed(t, nil, c.replace...), "log-blind"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestLogBlindPlaces: directories of a site are told of once, with how many more there
// are; a value that several sites share names no single one.
func TestLogBlindPlaces(t *testing.T) {
	left := func(names ...string) string {
		text := ""
		for _, name := range names {
			text += key("IIsWebDirectory", name, `DontLog="TRUE"`)
		}
		return text + endKeys
	}
	const off = `LogType="1"`
	for _, c := range []struct {
		replace []string
		want    string
	}{
		{[]string{endKeys, left("a")}, "info proven Requests for http://www.contoso.com/a/ are not logged (DontLog)"},
		{[]string{endKeys, left("a", "b")}, "info proven Requests for http://www.contoso.com/a/ are not logged (DontLog); the same holds at 1 more key"},
		{[]string{endKeys, left("a", "b", "c")}, "info proven Requests for http://www.contoso.com/a/ are not logged (DontLog); the same holds at 2 more keys"},
		{[]string{off, `LogType="0"`}, "warning proven Logging is switched off for site 1: no request of it can be looked up"},
		{[]string{off, `LogType="0"`, endKeys, secondSite(`ServerBindings=":81:"`)}, "warning proven Logging is switched off for 2 sites: no request of it can be looked up"},
	} {
		if got := allSaid(changed(t, nil, c.replace...), "log-blind"); got != c.want {
			t.Errorf("%q:\n%s\nwant\n%s", c.replace, got, c.want)
		}
	}
}
