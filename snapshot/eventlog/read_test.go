package eventlog

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// TestRecognise: near misses are no event logs.
func TestRecognise(t *testing.T) {
	for text, want := range map[string]Format{
		"ElfFile\x00\x00\x00":                  EVTX,
		"\x30\x00\x00\x00LfLe\x01\x00\x00\x00": EVT,
		"":                                     Unknown,
		"\r\n \r\n":                            Unknown,
		"#Software: Microsoft Internet Information Services 6.0\r\n#Version: 1.0\r\n#Fields: date time c-ip cs-uri-stem sc-status\r\n2006-03-18 10:00:00 192.0.2.1 / 200\r\n": Unknown,
		"Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n\"Source\"=\"x\"\r\n":                                                                    Unknown,
		"<configuration><system.web/></configuration>":                                     Unknown,
		"<Events></Events>":                                                                XML,
		"<Events><Item/></Events>":                                                         Unknown,
		"<Event><System><Provider Name='x'/></System></Event>":                             XML,
		"<Event date='1'><Title>Party</Title></Event>":                                     Unknown,
		"<!-- <Events> --><html></html>":                                                   Unknown,
		"<Events":                                                                          Unknown,
		"Name,Date,Place\r\na,2006-01-01,b\r\n":                                            Unknown,
		"id,name,date,source\r\n1,a,2006-01-01,b\r\n":                                      Unknown,
		"Type\tDate\tTime\tSource\tCategory\tEvent\tUser\tComputer\r\n":                    Tab,
		"Source: x\r\nDate: 2006-01-01\r\n":                                                Unknown,
		"Source:  x\r\nDate: 2006-01-01\r\nEvent ID: 7\r\n":                                Listed,
		"2006-01-01,10:00:00,1,2,3,4\r\n":                                                  Unknown,
		"3/18/2006\t10:15:30 AM\tW3SVC\tError\tNone\t1002\tN/A\tWEB01\ttext\r\n":           Plain,
		"3/18/2006\t10:15:30 AM\tW3SVC\tError\tNone\tmany\tN/A\tWEB01\ttext\r\n":           Unknown,
		"\x00\x01\x02\x03":                                                                 Unknown,
		"INFO: No records available for the 'system' log with the specified criteria.\r\n": Unknown,
		"Event[0]:\r\n  Log Name: System\r\n":                                              Listed,
	} {
		if got := Recognise([]byte(text)); got != want {
			t.Errorf("%.60q is %q, not %q", text, got, want)
		}
	}
}

// TestDeclined: binary logs are declined with the command that exports them.
func TestDeclined(t *testing.T) {
	for _, test := range []struct{ name, head, found, hint string }{
		{"logs/System.evtx", "ElfFile\x00", "an event log in binary form (.evtx)", `wevtutil qe "System.evtx" /lf:true /f:RenderedXml /e:Events /uni:true > "System.xml"`},
		{"AppEvent.Evt", "\x30\x00\x00\x00LfLe", "an event log in binary form (.evt)", `cscript //nologo %SystemRoot%\System32\eventquery.vbs /l Application /fo csv /v > Application.csv`},
		{"o'k.evt", "\x30\x00\x00\x00LfLe", "an event log in binary form (.evt)", `Get-WinEvent -Path 'o''k.evt' -Oldest | Export-Csv 'o''k.csv' -Encoding UTF8`},
		{"a.txt", "hello", "a file that is no event log", "wevtutil qe System"},
	} {
		res, err := Read(test.name, strings.NewReader(test.head), nil)
		if err != nil || len(res.Problems) != 1 || res.Events+res.Others != 0 {
			t.Fatal(res, err)
		}
		p := res.Problems[0]
		if p.Found != test.found || !strings.Contains(p.Hint, test.hint) || p.Pos.Line != 1 || p.Pos.File != test.name {
			t.Errorf("%s: %s", test.name, p)
		}
	}
}

// TestCorpus: the binary log of the corpus, which holds nothing of IIS.
func TestCorpus(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/corpus/evtx/*")
	if len(files) == 0 {
		t.Skip("NO CORPUS: ../shared/corpus/evtx is not there, nothing of it was tested")
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := Recognise(raw[:min(len(raw), headSize)]); got != EVTX {
			t.Errorf("%s is %q", name, got)
		}
		res, err := Read(filepath.Base(name), bytes.NewReader(raw), nil)
		want := `Export it: wevtutil qe "` + filepath.Base(name) + `" /lf:true /f:RenderedXml /e:Events /uni:true > "` + strings.TrimSuffix(filepath.Base(name), ".evtx") + `.xml"`
		if err != nil || len(res.Problems) != 1 || res.Problems[0].Hint != want {
			t.Errorf("%s: %v %v", name, res, err)
		}
	}
}

// TestProblems: damage is named with its place, and the rest is read.
func TestProblems(t *testing.T) {
	const good = `"Error","1002","2006-03-18 10:15:30","W3SVC","W","None","N/A","x"` + "\n"
	const event = `<Event><System><Provider Name='W3SVC'/><EventID>1002</EventID></System></Event>`
	for _, test := range []struct {
		name, text, problem string
		events              int
	}{
		{"short row", eventqueryHeader + "\"Error\",\"1002\"\n" + good, "log:2:1: a row of 2 fields; expected at least 4", 1},
		{"no number", eventqueryHeader + strings.Replace(good, "1002", "many", 1) + good, `log:2:1: an event with the ID "many"`, 1},
		{"no source", eventqueryHeader + strings.Replace(good, "W3SVC", "", 1) + good, "log:2:1: an event without a source", 1},
		{"open quote at the end", eventqueryHeader + good + `"Error","1002","2006-03-18 10:15:30","W3SVC","W","None","N/A","x`, "log:3:1: a row that the file's end cuts off within quotes", 2},
		{"open quote", eventqueryHeader + `"Error","1002","2006-03-18 10:15:30","W3SVC","W","None","N/A","x` + strings.Repeat("\ny", maxQuoted) + "\n" + good, "log:2:1: a quote that is not closed", 2},
		{"cut off", event + "\n<Event><System><Provider Name='W3SVC'/><EventID>10", "log:2:1: an event that the file's end cuts off", 1},
		{"cut in between", event + "<Event><System>" + event, "log:1:80: an event without its end", 2},
		{"open tag", event + "\n<Event>\n<System <x" + event, "log:3:1: a tag that does not end", 2},
		{"DTD", "<!DOCTYPE x [<!ENTITY a 'b'>]>" + event, "log:1:1: a document type declaration", 1},
		{"event without ID", "<Event><System><Provider Name='W3SVC'/></System></Event>" + event, "log:1:1: an event without an ID", 1},
		{"text before the first row", "hello\n3/18/2006\t10:15:30 AM\tW3SVC\tError\tNone\t1002\tN/A\tW\tx\n", "", 1},
	} {
		res, err := Read("log", strings.NewReader(test.text), nil)
		if err != nil || res.Events != test.events {
			t.Errorf("%s: %d events, %v, problems %v", test.name, res.Events, err, res.Problems)
		}
		if test.problem == "" {
			continue
		}
		if len(res.Problems) == 0 || !strings.HasPrefix(res.Problems[0].String(), test.problem) {
			t.Errorf("%s: %v", test.name, res.Problems)
		}
	}
}

// TestError: a read error is an error and leaves the summary alone.
func TestError(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, text := range []string{"", eventqueryHeader, eventqueryHeader + strings.Repeat(crash("2006-03-04 10:00:00", "P"), 1000)} {
		var s Summary
		_, err := s.AddFile("log", io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) || s.Events != 0 || len(s.Groups()) != 0 {
			t.Errorf("%v, %d events", err, s.Events)
		}
	}
}

// TestOneByte: where the reads end does not matter.
func TestOneByte(t *testing.T) {
	for _, x := range exports {
		for _, text := range []string{x.text, wide(x.text+"ä😀", true)} {
			res, err := Read("log", iotest.OneByteReader(strings.NewReader(text)), nil)
			if err != nil || res.Events != len(x.events) || res.Others != x.others {
				t.Errorf("%s: %+v %v", x.name, res, err)
			}
		}
	}
}

// TestServerForm: the text in which the reference server may hand over its own
// events, as eventquery.vbs /v writes it where the short date is that of ISO 8601.
func TestServerForm(t *testing.T) {
	s := summarise(t, [2]string{"events.csv", eventqueryHeader +
		`"Warning","1009","2026-11-21 22:00:01","W3SVC","SERVER","None","N/A","A process serving application pool 'DefaultAppPool' terminated unexpectedly. The process id was '1204'. The process exit code was '0xc0000005'."` + "\r\n" +
		`"Error","1002","2026-11-21 22:00:02","W3SVC","SERVER","None","N/A","Application pool 'DefaultAppPool' is being automatically disabled due to a series of failures in the process(es) serving that application pool."` + "\r\n"})
	groups := s.Groups()
	if len(groups) != 2 || groups[0].ID != 1002 || groups[1].ID != 1009 || groups[1].Subject != (Subject{Pool, "DefaultAppPool"}) || !groups[1].ByTime || groups[1].Samples[0].Pos.Line != 2 {
		t.Errorf("%+v", groups)
	}
}

// endless is n bytes of a pattern behind a head.
func endless(head, pattern string, n int) io.Reader {
	return io.MultiReader(strings.NewReader(head), io.LimitReader(&repeat{pattern: pattern}, int64(n)))
}

type repeat struct {
	pattern string
	at      int
}

func (r *repeat) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = r.pattern[r.at%len(r.pattern)]
		r.at++
	}
	return len(b), nil
}

// TestHostile: neither memory nor time grow with what a file repeats.
func TestHostile(t *testing.T) {
	const size = 1 << 19
	row := `"Error","1002","2006-03-18 10:15:30","W3SVC","W","None","N/A","`
	plain := "3/18/2006\t10:15:30 AM\tW3SVC\tError\tNone\t1002\tN/A\tW\t"
	for name, x := range map[string]struct{ head, pattern string }{
		"one line":             {eventqueryHeader, "a"},
		"one quoted field":     {eventqueryHeader + row, "a"},
		"quotes":               {eventqueryHeader + row, `"`},
		"separators":           {eventqueryHeader, ","},
		"NUL bytes":            {eventqueryHeader, "\x00"},
		"wide":                 {wide(eventqueryHeader, false), "\x00"},
		"plain message":        {plain, "b\n"},
		"plain rows":           {plain + "\n", "\t"},
		"listed":               {"Event[0]:\n  Description:\n", "x: y\n"},
		"listed begins":        {"Event[0]:\n", "Event[0]:\n"},
		"tags":                 {"<Event><System>", "<a>"},
		"open tag":             {"<Event><System>", "<a b='"},
		"attribute":            {"<Event><System><a b='", "x"},
		"angle":                {"<Event><System>", "<"},
		"comment":              {"<Event><System><!--", "-"},
		"cdata":                {"<Event><System><x><![CDATA[", "&]"},
		"text":                 {"<Event><System><EventID>", "&amp;"},
		"events without end":   {"<Event><System>", "<Event>"},
		"data":                 {"<Event><System></System><EventData>", "<Data>x</Data>"},
		"application pools":    {eventqueryHeader, row + strings.Repeat("application pool ", 400) + "\"\n"},
		"file line":            {eventqueryHeader, strings.Replace(strings.Replace(row, "1002", "5", 1), "W3SVC", "Active Server Pages", 1) + strings.Repeat("File ", 1000) + "\"\n"},
		"backslashes and URLs": {eventqueryHeader, row + strings.Repeat(`a\b/.?user name: password=`, 200) + "\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var s Summary
			res, err := s.AddFile("log", endless(x.head, x.pattern, size))
			if err != nil || res.Format == Unknown {
				t.Fatal(res.Format, err)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 || after.Sys > 256<<20 {
				t.Errorf("%d bytes kept, %d from the system", grown, after.Sys)
			}
			if len(res.Problems) > maxProblems {
				t.Error(len(res.Problems), "problems")
			}
		})
	}
}

// TestDamaged: what a cut, NUL bytes or other line ends do to an export is a problem
// with its place, never silence.
func TestDamaged(t *testing.T) {
	const head, row = "Type,Event,Date Time,Source,ComputerName,Category,User,Description\r\n",
		`"error","1002","3/18/2006 10:15:30 AM","W3SVC","WEB01","None","N/A","Application pool 'x' is down"` + "\r\n"
	const plain = "3/18/2006\t10:15:30 AM\tW3SVC\tError\tNone\t1002\tN/A\tWEB01\t"
	const cut = " a row that the file's end cuts off within quotes"
	for _, c := range []struct {
		text, want string
		events     int
	}{
		{head + row + row[:len(row)-8], "x:3:1" + cut, 2},
		{head + row + row[:len(row)-8] + "\x00\x00\x00", "x:3:1" + cut + "; x:3:93 NUL bytes, 3 in all: what stood there is lost", 2},
		{head + row + strings.Repeat("\x00", 100_000), "x:3:1 NUL bytes, 100000 in all: what stood there is lost", 1},
		{head + row + "\x00\x00" + row, "x:3:1 NUL bytes, 2 in all: what stood there is lost", 2},
		{strings.ReplaceAll(head+row+row, "\r\n", "\r"), "", 2},
		{strings.ReplaceAll(head+row+row[:30], "\r\n", "\r"), "x:3:1" + cut + "; x:3:1 a row of 3 fields", 1},
		{plain + "a \"b\"\r\n" + plain + "\"text\r\nmore\r\n", "x:2:1" + cut, 2},
		{plain + "\"te\"\"xt\"\r\n", "", 1},
		{plain + "text\r\n" + strings.Repeat("\x00", 10), "x:2:1 NUL bytes, 10 in all: what stood there is lost", 1},
		{plain + strings.Repeat("é", 40_000) + "\x00\r\n", "x:1:40055 NUL bytes, 1 in all: what stood there is lost", 1},
		{strings.ReplaceAll(plain+"text\r\n"+plain+"text\r\n", "\r\n", "\r"), "", 2},
	} {
		res, err := Read("x", strings.NewReader(c.text), nil)
		var got []string
		for _, p := range res.Problems {
			got = append(got, p.Pos.String()+" "+p.Found)
		}
		if all := strings.Join(got, "; "); err != nil || all != c.want || res.Events != c.events {
			t.Errorf("%.150q: %q, %d events, want %q, %d", c.text, all, res.Events, c.want, c.events)
		}
	}
}
