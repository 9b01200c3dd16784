package snapshot

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/source"
)

func TestRecognise(t *testing.T) {
	const declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
	for _, tc := range []struct{ head, want string }{
		{tinyMetabase, "metabase"},
		{"\xef\xbb\xbf" + tinyMetabase, "metabase"},
		{"\xff\xfe" + wide(tinyMetabase), "metabase"},
		{wide(tinyMetabase), "metabase"},
		{"\xfe\xff\x00" + strings.TrimSuffix(wide(tinyMetabase), "\x00"), "metabase"},
		{"<!-- <configSchema> -->\n<!DOCTYPE x>\n<configuration><MBProperty/></configuration>", "metabase"},
		{";?xml version=\"1.0\"?><configuration><MBProperty>", "metabase"}, // damaged: its reader says where
		{"<configuratioN>\n<MBPropertY>\n<IIS_Global Location=\".\"/>", "metabase"},
		{tinySchema, "metabase-schema"},
		{declaration + "<configuration><configSections><sectionGroup name=\"system.applicationHost\"/></configSections></configuration>", "applicationhost-config: an applicationHost.config (IIS 7 and later)"},
		{declaration + "<configuration><system.web/></configuration>", "web-config: a web.config or another .NET configuration file"},
		{declaration + "<configuration><x/></configuration>", "a <configuration> file without <MBProperty>"},
		{declaration + "<configuration", "a <configuration> file that ends after its first element"},
		{declaration + "<configSchema>", "iis7-schema: an IIS_schema.xml (IIS 7 and later)"},
		{declaration + "<invoice a='1'>", "an XML file with the root element <invoice>"},
		{declaration, "an XML file that ends before its first element"},
		{"<!-- only", "an XML file that ends before its first element"},
		{"<", "an XML file that ends before its first element"},
		{"<!--" + strings.Repeat("x", 40<<10), "an XML file without an element in its first 64 KB"},
		{"<!DOCTYPE HTML>\n<HTML>", "an HTML page"},
		{"<html>", "an HTML page"},
		{"<%@ Language=VBScript %>\n<html>", "an ASP page"},
		{"", "an empty file"},
		{"\xef\xbb\xbf", "a file of blanks only"},
		{" \r\n\t", "a file of blanks only"},
		{strings.Repeat("\x00", 4096), "a binary file"},
		{"PK\x03\x04rest", "archive"},
		{"PK\x05\x06", "archive"},
		{"PK\x03\x04" + strings.Repeat("\x00", 26) + "[Content_Types].xml", "an Office document"},
		{"\x1f\x8b\x08", "archive"},
		{strings.Repeat("a", 257) + "ustar\x00", "archive"},
		{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"},
		{"Rar!\x1a\x07\x00", "a RAR archive"},
		{"MSCF\x00\x00", "a cabinet archive"},
		{"ElfFile\x00\x00", "evtx: an event log in binary form (.evtx)"},
		{"\x30\x00\x00\x00LfLe\x01", "evt: an event log in binary form (.evt)"},
		{"regf\x01\x00", "registry-hive: a registry hive in binary form"},
		{"#Software: Microsoft Internet Information Services 6.0\r\n", "w3c-log"},
		{"#Date: 2004-01-31 10:00:00\r\n#Fields: date time cs-method sc-status\r\n#Software: Microsoft Internet Information Services 6.0\r\n", "w3c-log"},
		{"2007-01-22 05:00:11 W3SVC1 HOST 192.0.2.1 GET / 200 0 0\r\n", "w3c-log"},
		{"#Software: Microsoft HTTP API 1.0\r\n", "httperr-log"},
		{"#Version: 1.0\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason\n", "httperr-log"},
		{"2002-07-05 18:45:09 192.0.2.6 2094 192.0.2.7 80 HTTP/1.1 GET /qos/1kb.txt 503 - ConnLimit\r\n", "httperr-log"},
		{"2002-07-05 20:06:01 192.0.2.6 64388 192.0.2.7 80 - - - - - Timer_MinBytesPerSecond\r\n", "httperr-log"},
		{"#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n", "firewall-log: a log of the Windows Firewall"},
		{"192.0.2.1, -, 3/20/01, 7:55:20, W3SVC2, SALES1, 192.0.2.9, 4502, 163, 3223, 200, 0, GET, /logo.gif, -,\r\n", "iis-log: a log in the Microsoft IIS format"},
		{"192.0.2.1 - CONTOSO\\fred [08/Apr/2001:17:39:04 -0800] \"GET /a.asp HTTP/1.0\" 200 3401\r\n", "ncsa-log: a log in the NCSA common format"},
		{"\xff\xfe" + wide("Windows Registry Editor Version 5.00\r\n"), "registry"},
		{"REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\X]\r\n", "registry"},
		{"<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System/></Event></Events>", "event-log"},
		{"\xff\xfe" + wide("[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\n"), "security-policy"},
		{"Alias name     IIS_WPG\r\nComment\r\n\r\nMembers\r\n\r\n" + strings.Repeat("-", 79) + "\r\nThe command completed successfully.\r\n", "group-members"},
		{"\xff\xfe" + wide("Aliasname       IIS_WPG\r\n"+strings.Repeat("-", 79)+"\r\n"), "group-members"},
		{"Alias name     Administrators\r\nComment\r\n\r\nMembers\r\n\r\n" + strings.Repeat("-", 79) + "\r\n", "a text file that is no evidence"},
		{"[options]\r\nUseAllowVerbs=1\r\n", "urlscan-ini"},
		{"[options]\r\ncolour=red\r\n", "a text file that is no evidence"},
		{"{\"a\": 1}", "a JSON file"},
		{"# words\n", "a text file that is no evidence"},
		{"hello", "a text file that is no evidence"},
	} {
		l := recognise([]byte(tc.head), true)
		got := string(l.kind)
		if l.what != "" {
			got += ": " + l.what
			if l.hint == "" && l.kind != KindEVT && l.kind != KindEVTX { // theirs names the file
				t.Errorf("%.60q: no hint", tc.head)
			}
		}
		got = strings.TrimPrefix(got, "unknown: ")
		if got != tc.want {
			t.Errorf("%.60q: %s, want %s", tc.head, got, tc.want)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	for _, head := range []string{tinyMetabase, tinySchema, "<?xml?><!-- --><a/>", "<!x><", "PK\x03\x04", "#Fields:", "\xff\xfe<\x00a\x00"} {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		l := recognise(head, true)
		source.NewText("x", l.text).Span(l.start, l.end).Pos()
		recognise(head, false)
		if l.kind == KindUnknown && (l.what == "" || l.hint == "") {
			t.Error("an unknown file without words")
		}
	})
}
