package weblog

import (
	"strings"
	"testing"
)

func TestRecognise(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       Format
	}{
		{"IIS 6", "#Software: Microsoft Internet Information Services 6.0\r\n#Version: 1.0\r\n", W3C},
		{"byte order mark", "\xef\xbb\xbf#Software: Microsoft Internet Information Services 10.0\n", W3C},
		{"UTF-16", "\xff\xfe#\x00F\x00i\x00e\x00l\x00d\x00s\x00:\x00 \x00d\x00a\x00t\x00e\x00 \x00s\x00c\x00-\x00s\x00t\x00a\x00t\x00u\x00s\x00", W3C},
		{"NUL bytes first", "\x00\x00\x00#Software: Microsoft Internet Information Services 6.0\r\n", W3C},
		{"directives in another order", "#Date: 2021-04-01 00:00:21\n#Fields: date time cs-method cs-uri-stem sc-status\n", W3C},
		{"no directives", "2007-01-22 05:00:11 W3SVC1 HOST 192.0.2.1 POST /a.asmx - 80 - 192.0.2.2 HTTP/1.1 Agent - - host 200 0 0 1467 841 31\n", W3C},
		{"HTTPERR with header", "#Software: Microsoft HTTP API 1.0\r\n", HTTPERR},
		{"HTTPERR by its columns", "#Fields: date time c-ip s-reason\n", HTTPERR},
		{"HTTPERR of 2003 without SP1", "2002-07-05 18:45:09 172.31.77.6 2094 172.31.77.6 80 HTTP/1.1 GET /qos/1kbfile.txt 503 - ConnLimit\r\n", HTTPERR},
		{"HTTPERR timer", "2002-07-05 20:06:01 fe80::1%11 64388 127.0.0.1 80 - - - - - Timer_MinBytesPerSecond\r\n", HTTPERR},
		{"IIS format", "192.168.114.201, -, 03/20/01, 7:55:20, W3SVC2, SALES1, 172.21.13.45, 4502, 163, 3223, 200, 0, GET, /DeptLogo.gif, -,\r\n", IISFormat},
		{"NCSA", "172.21.13.45 - Microsoft\\fred [08/Apr/2001:17:39:04 -0800] \"GET /scripts/iisadmin/ism.dll?http/serv HTTP/1.0\" 200 3401\r\n", NCSA},
		{"firewall log", "#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Time Format: Local\r\n#Fields: date time action protocol src-ip\r\n\r\n2003-04-24 00:00:00 DROP\r\n", None},
		{"ini", "[options]\r\nUseAllowVerbs=1\r\n", None},
		{"xml", "<?xml version=\"1.0\"?><configuration/>", None},
		{"comment", "# a shell script\necho hello\n", None},
		{"empty", "", None},
		{"NUL bytes only", strings.Repeat("\x00", 100), None},
	} {
		if got := Recognise([]byte(c.head)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSiteOf(t *testing.T) {
	for path, want := range map[string]string{
		"LogFiles/W3SVC1/ex030424.log":           "1",
		`C:\WINDOWS\system32\LogFiles\w3svc20\x`: "20",
		"W3SVC1/copy/ex.log":                     "1",
		"W3SVC1.log":                             "",
		"LogFiles/HTTPERR/httperr1.log":          "",
		"LogFiles/MSFTPSVC2/ex030424.log":        "MSFTPSVC2",
		"W3SVC1/old/W3SVC3/ex.log":               "3",
		"W3SVC/ex.log":                           "",
		"":                                       "",
	} {
		if got := SiteOf(path); got != want {
			t.Errorf("SiteOf(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestDeclinedFiles(t *testing.T) {
	for head, want := range map[string]string{
		"":              "an empty file",
		"hello world\n": "no Web log",
		"192.0.2.1, -, 03/20/01, 7:55:20, W3SVC2, S, 192.0.2.2, 4502, 163, 3223, 200, 0, GET, /a.gif, -,\n": "a log in the Microsoft IIS format, which",
		"192.0.2.1 - - [08/Apr/2001:17:39:04 -0800] \"GET / HTTP/1.0\" 200 3401\n":                          "a log in the NCSA common format, which",
	} {
		var s Summary
		problems := s.Add("x", "", strings.NewReader(head), int64(len(head)))
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Found, want) {
			t.Errorf("%.20q: problems %v, want %q", head, problems, want)
		}
		if n := s.Totals(); n != (Totals{}) {
			t.Errorf("%.20q: counted %+v", head, n)
		}
	}
}
