package weblog

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

// one reads a log and writes its groups shortly.
func one(t *testing.T, site, log string) []string {
	t.Helper()
	var s Summary
	s.AddStream("f", site, strings.NewReader(log))
	var got []string
	for _, g := range s.Requests() {
		got = append(got, fmt.Sprintf("%v %d %s..%s", g.Key, g.Count, g.First, g.Last))
	}
	for _, g := range s.Errors() {
		got = append(got, fmt.Sprintf("%v %d %s..%s", g.Key, g.Count, g.First, g.Last))
	}
	if n := s.Totals(); n.Junk > 0 {
		got = append(got, fmt.Sprintf("junk %d", n.Junk))
	}
	return got
}

const (
	iis6 = "#Fields: date time s-sitename s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status\n"
	from = "2003-04-24 00:00:31 W3SVC1 192.0.2.1 GET "
	at   = "2003-04-24 00:00:31..2003-04-24 00:00:31"
)

func TestRequestRows(t *testing.T) {
	for _, c := range []struct {
		name, site, log string
		want            []string
	}{
		{"plain", "", iis6 + from + "/A.Asp - 80 - 192.0.2.9 Mozilla/4.0+(compatible) 404 2 1260\r\n", []string{"{1 404 2 1260 GET .asp  } 1 " + at}},
		{"unsigned status", "", iis6 + from + "/a - 80 - 192.0.2.9 - 401 2 2148074254\n", []string{"{1 401 2 2148074254 GET   } 1 " + at}},
		{"signed status is the same", "", iis6 + from + "/a - 80 - 192.0.2.9 - 401 2 -2146893042\n", []string{"{1 401 2 2148074254 GET   } 1 " + at}},
		{"negative status", "", iis6 + from + "/a - 80 - 192.0.2.9 - -403 14 5\n", []string{"junk 1"}},
		{"negative substatus", "", iis6 + from + "/a - 80 - 192.0.2.9 - 403 -14 5\n", []string{"junk 1"}},
		{"a sign alone", "", iis6 + from + "/a - 80 - 192.0.2.9 - 403 14 --5\n", []string{"junk 1"}},
		{"rows parted by CR", "", iis6 + from + "/a - 80 - 192.0.2.9 - 403 14 5\r" + from + "/a - 80 - 192.0.2.9 - 403 14 5\n", []string{"junk 1"}},
		{"status above 32 bits", "", iis6 + from + "/a - 80 - 192.0.2.9 - 401 2 4294967296\n", []string{"junk 1"}},
		{"empty numbers", "", iis6 + from + "/a - 80 - 192.0.2.9 - 200 - -\n", []string{"{1 200 -1 -1 GET   } 1 " + at}},
		{"no status", "", iis6 + from + "/a - 80 - 192.0.2.9 - - 0 0\n", []string{"junk 1"}},
		{"trailing blanks", "", iis6 + from + "/a - 80 - 192.0.2.9 - 200 0 0  \t\r\n", []string{"{1 200 0 0 GET   } 1 " + at}},
		{"blank in the URL", "", iis6 + from + "/my page.htm - 80 - 192.0.2.9 - 404 0 2\n", []string{"{1 404 0 2 GET .htm  } 1 " + at}},
		{"blanks in the query", "", iis6 + from + "/a.asp q=a b c 80 - 192.0.2.9 - 200 0 0\n", []string{"{1 200 0 0 GET .asp  } 1 " + at}},
		{"blanks in the agent", "", iis6 + from + "/a.asp - 80 - 192.0.2.9 My Own Agent 200 0 0\n", []string{"{1 200 0 0 GET .asp  } 1 " + at}},
		{"bytes of a code page", "", iis6 + from + "/caf\xe9.htm - 80 - 192.0.2.9 - 404 0 2\n", []string{"{1 404 0 2 GET .htm  } 1 " + at}},
		{"too few columns", "", iis6 + from + "/a.asp - 80\n", []string{"junk 1"}},
		{"bad date", "", iis6 + "2003-13-24 00:00:31 W3SVC1 192.0.2.1 GET / - 80 - 192.0.2.9 - 200 0 0\n", []string{"junk 1"}},
		{"bad time", "", iis6 + "2003-04-24 00:0:031 W3SVC1 192.0.2.1 GET / - 80 - 192.0.2.9 - 200 0 0\n", []string{"junk 1"}},
		{"NUL in a row", "", iis6 + from + "/a\x00b.htm - 80 - 192.0.2.9 - 404 0 2\n", []string{"{1 404 0 2 GET .htm  } 1 " + at}},
		{"FTP site", "", iis6 + "2003-04-24 00:00:31 MSFTPSVC1 192.0.2.1 [1]USER anonymous - 21 - 192.0.2.9 - 331 0 0\n", nil},
		{"FTP folder", "MSFTPSVC1", "#Fields: time c-ip cs-method cs-uri-stem sc-status\n00:00:31 192.0.2.9 RETR /a 226\n", nil},
		{"site of the folder", "7", "#Fields: date time cs-method cs-uri-stem sc-status\n2003-04-24 00:00:31 GET / 200\n", []string{"{7 200 -1 -1 GET   } 1 " + at}},
		{"misspelt substatus", "", "#Fields: date time cs-method cs-uri-stem sc-status sc-Sub-status cs(Referrer)\n2003-04-24 00:00:31 GET / 403 4 http://x\n", []string{"{ 403 4 -1 GET   } 1 " + at}},
		{"date only in #Date", "", "#Date: 2003-04-24 00:00:00\n#Fields: time cs-method cs-uri-stem sc-status\n00:00:31 GET / 200\n", []string{"{ 200 -1 -1 GET   } 1 " + at}},
		{"no date at all", "", "#Fields: time cs-method cs-uri-stem sc-status\n00:00:31 GET / 200\n", []string{"{ 200 -1 -1 GET   } 1 00:00:31..00:00:31"}},
		{"no time at all", "", "#Fields: cs-method cs-uri-stem sc-status\nGET / 200\n", []string{"{ 200 -1 -1 GET   } 1 .."}},
		{"dates win over none", "", "#Fields: time cs-method cs-uri-stem sc-status\n23:00:00 GET / 200\n#Date: 2003-04-24 00:00:00\n00:00:31 GET / 200\n", []string{"{ 200 -1 -1 GET   } 2 " + at}},
		{"status before the agent", "", "#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)\n2003-04-24 00:00:31 GET /a.b.GIF - 304 My+Agent\n", []string{"{ 304 -1 -1 GET .gif  } 1 " + at}},
		{"custom field at the end", "", "#Fields: date time cs-method cs-uri-stem sc-status X-Forwarded-For\n2003-04-24 00:00:31 GET /a. 200 203.0.113.5\n", []string{"{ 200 -1 -1 GET   } 1 " + at}},
		{"URL in one column", "", "#Fields: date time cs-method cs-uri sc-status\n2003-04-24 00:00:31 GET /a.asp?x=b.gif 200\n", []string{"{ 200 -1 -1 GET .asp  } 1 " + at}},
		{"long extension", "", "#Fields: date time cs-method cs-uri-stem sc-status\n2003-04-24 00:00:31 GET /a.asp_Backup2003 200\n", []string{"{ 200 -1 -1 GET .asp_backup2003  } 1 " + at}},
		{"nameless column", "", "#Fields:\n2003-04-24 00:00:31 GET / 200\n", nil},
	} {
		if diff := cmp.Diff(c.want, one(t, c.site, c.log)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestErrorRows(t *testing.T) {
	const sp1 = "#Software: Microsoft HTTP API 1.0\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n"
	const row = "2003-04-24 00:00:31 192.0.2.9 2094 192.0.2.1 80 "
	for _, c := range []struct {
		name, log string
		want      []string
	}{
		{"2003 without SP1", row + "HTTP/1.1 GET /a.txt 503 - ConnLimit\r\n", []string{"{ 503 ConnLimit  80} 1 " + at}},
		{"the same, blank in the URL", row + "HTTP/1.1 GET /a b.txt 503 - ConnLimit\r\n", []string{"{ 503 ConnLimit  80} 1 " + at}},
		{"the same, with a queue", row + "HTTP/1.1 GET /a.txt 503 1 QueueFull Pool\r\n", []string{"{1 503 QueueFull Pool 80} 1 " + at}},
		{"timer", row + "- - - - - Timer_MinBytesPerSecond\r\n", []string{"{ 0 Timer_MinBytesPerSecond  80} 1 " + at}},
		{"SP1", sp1 + row + "HTTP/1.1 GET /a.txt?q 503 447434323 AppOffline DefaultAppPool\n", []string{"{447434323 503 AppOffline DefaultAppPool 80} 1 " + at}},
		{"blanks and bad bytes in the URL", sp1 + row + "HTTP/1.1 GET /\xff \x01 x 400 - URL -\n", []string{"{ 400 URL  80} 1 " + at}},
		{"other program", sp1 + "2003-04-24 00:00:31 192.0.2.9 1 192.0.2.1 5357 HTTP/1.1 POST /11ab 503 - N/A -\n", nil},
		{"a site on that port", sp1 + "2003-04-24 00:00:31 192.0.2.9 1 192.0.2.1 5357 HTTP/1.1 POST /x 503 3 QueueFull P\n", []string{"{3 503 QueueFull P 5357} 1 " + at}},
		{"2016", "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename\n" +
			row + "HTTP/2.0 GET /a 5 503 1 QueueFull P\n", []string{"{1 503 QueueFull P 80} 1 " + at}},
		{"2022", "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid streamid_ex sc-status s-siteid s-reason s-queuename transport\n" +
			row + "HTTP/2.0 GET /a 5 - 503 1 QueueFull P TCP\n", []string{"{1 503 QueueFull P 80} 1 " + at}},
		{"columns chosen by ErrorLoggingFields", "#Fields: date time s-reason sc-status s-siteid\n" +
			"2003-04-24 00:00:31 QueueFull 503 1234567\n2003-04-24 00:00:31 AppOffline 503 1234567\n2003-04-24 00:00:31 AppOffline 503 1234567\n",
			[]string{"{1234567 503 AppOffline  0} 2 " + at, "{1234567 503 QueueFull  0} 1 " + at}},
		{"equal endings in other columns", "#Fields: date time sc-status s-siteid s-reason s-queuename\n2003-04-24 00:00:31 503 1 One Two\n" +
			"#Fields: date time sc-status s-siteid s-queuename s-reason\n2003-04-24 00:00:31 503 1 One Two\n",
			[]string{"{1 503 One Two 0} 1 " + at, "{1 503 Two One 0} 1 " + at}},
		{"junk", row + "HTTP/1.1 GET /a.txt 503 - ConnLimit\r\nnonsense\n", []string{"{ 503 ConnLimit  80} 1 " + at, "junk 1"}},
	} {
		if diff := cmp.Diff(c.want, one(t, "", c.log)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestASPErrors(t *testing.T) {
	for _, c := range []struct {
		query, asp, hresult string
		line                int
	}{
		{"|12|ASP_0131|Disallowed_Parent_Path", "ASP 0131", "", 12},
		{"id=7|277|800a000d|Type_mismatch:_'CDbl'", "", "800a000d", 277},
		{"-|22|80040E07|[Microsoft][ODBC|x", "", "80040e07", 22},
		{"|-|ASP_0113|Script_timed_out", "ASP 0113", "", 0},
		{"|5|ASP_0177_:_800401f3|Server.CreateObject_Failed", "ASP 0177", "800401f3", 5},
		{"a|b|c|3|ASP_0126|x", "ASP 0126", "", 3},
		{"|3|ASP_0126", "ASP 0126", "", 3},
		{"a|1|b", "", "", 0},
		{"|x|ASP_0131|", "", "", 0},
		{"|1|ASP_131|", "", "", 0},
		{"|1|800a000|", "", "", 0},
		{"-", "", "", 0},
	} {
		code, line, _ := aspError([]byte(c.query))
		if asp, hresult := splitASP(string(code)); asp != c.asp || hresult != c.hresult || line != c.line {
			t.Errorf("%s: %q %q line %d", c.query, asp, hresult, line)
		}
	}
}

// TestNothingPrivateIsKept looks for what clients sent in all that a summary tells.
func TestNothingPrivateIsKept(t *testing.T) {
	log := "#Fields: date time s-sitename s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Cookie) cs(Referer) sc-status sc-substatus sc-win32-status\n" +
		from + "/(S(SECRET))/a.asp q=SECRET|7|ASP_0131|SECRET 80 SECRET 192.0.2.77 SECRET SECRET http://SECRET 500 0 0\n" +
		from + "/b.jsp;jsessionid=SECRET x=SECRET 80 SECRET 192.0.2.77 SECRET SECRET http://SECRET 404 0 2\n" +
		from + "/c;password=SECRET - 80 SECRET 192.0.2.77 - - - 404 0 2\n" +
		from + "/d - 80 SECRET 192.0.2.77 SECRET two SECRET - 200 0 0\n" +
		from + "/f x=SECRET y 80 - 192.0.2.77 - - - 404 0 2\n" + from + "/g x=SECRET - - 80 - 192.0.2.77 - - - 404 0 2\n" +
		"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n" +
		"2003-04-24 00:00:31 192.0.2.77 1 192.0.2.1 80 HTTP/1.1 GET /e?SECRET b SECRET 503 1 QueueFull P\n"
	var s Summary
	problems := s.AddStream("f", "", strings.NewReader(log))
	told := fmt.Sprintf("%+v", s.outcome(problems...))
	for _, private := range []string{"SECRET", "192.0.2.77"} {
		if i := strings.Index(told, private); i >= 0 {
			t.Errorf("%s is told: %.100s", private, told[max(0, i-50):])
		}
	}
	if n := s.Totals(); n.Rows != 7 {
		t.Errorf("totals %+v", n)
	}
}

func TestColumns(t *testing.T) {
	var s Summary
	s.AddStream("a", "1", strings.NewReader("#Fields: date time cs-method sc-status\n2003-04-24 00:00:31 GET 200\n"))
	any, every := s.Columns("1")
	if any != DateColumn|TimeColumn|MethodColumn|StatusColumn || any != every {
		t.Errorf("columns %x, %x", any, every)
	}
	s.AddStream("b", "1", strings.NewReader("#Fields: date time cs-method sc-status sc-substatus\n2003-04-24 00:00:31 GET 200 0\n"))
	any, every = s.Columns("1")
	if !any.Has(SubstatusColumn) || every.Has(SubstatusColumn) || !every.Has(StatusColumn) {
		t.Errorf("columns %x, %x", any, every)
	}
	if any, every = s.Columns("2"); any|every != 0 {
		t.Errorf("columns of no site: %x, %x", any, every)
	}
}

func TestUTF16(t *testing.T) {
	units := utf16.Encode([]rune("\ufeff#Fields: date time cs-method cs-uri-stem sc-status\r\n2003-04-24 00:00:31 GET /\U0001F600é.htm 404\r\n"))
	little, big := "", ""
	for _, u := range units {
		little += string([]byte{byte(u), byte(u >> 8)})
		big += string([]byte{byte(u >> 8), byte(u)})
	}
	for name, log := range map[string]string{"little": little, "big": big, "without mark": little[2:]} {
		var s Summary
		problems := s.Add("f", "", strings.NewReader(log), int64(len(log)))
		got := s.Requests()
		if problems != nil || len(got) != 1 || got[0].URLs[0].Path != "/\U0001F600é.htm" || got[0].Samples[0].Line != 2 {
			t.Errorf("%s: %v %+v", name, problems, got)
		}
	}
}

// TestCRAlone: rows that end in CR alone are never passed over in silence.
func TestCRAlone(t *testing.T) {
	row := strings.ReplaceAll(from+"/a - 80 - 192.0.2.9 - 403 14 5\n", "\n", "\r")
	old := "#Software: Microsoft Internet Information Services 6.0\r" + strings.ReplaceAll(iis6, "\n", "\r") + row
	for name, c := range map[string]struct{ log, want string }{
		"W3C":     {old + row, "f:1:1 lines that end in CR alone: what stands in them is not read"},
		"HTTPERR": {"#Software: Microsoft HTTP API 1.0\r#Fields: date time s-reason\r2003-04-24 00:00:31 QueueFull\r", "f:1:1 lines that end in CR alone: what stands in them is not read"},
		"later":   {iis6 + row + "\n#Date: 2003-04-25 00:00:00\r" + row, "f:3:1 lines that end in CR alone: what stands in them is not read"},
		"long":    {old + strings.Repeat(row, 3000), "f:1:1 a line that is too long"},
	} {
		for how, add := range map[string]func(*Summary) []source.Problem{
			"Add":       func(s *Summary) []source.Problem { return s.Add("f", "", strings.NewReader(c.log), int64(len(c.log))) },
			"AddStream": func(s *Summary) []source.Problem { return s.AddStream("f", "", strings.NewReader(c.log)) },
		} {
			var s Summary
			if p := add(&s); len(p) != 1 || p[0].Pos.String()+" "+p[0].Found != c.want {
				t.Errorf("%s %s: %v", name, how, p)
			}
		}
	}
}
