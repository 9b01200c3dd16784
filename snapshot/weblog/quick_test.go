package weblog

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// thorough reads a log without the quick look.
func thorough(log []byte) *Summary {
	var s Summary
	f := s.newFile("f", "1", Recognise(log))
	f.spans = []*span{{}}
	r := newReader(f)
	r.state, r.from = f.start(), f.spans[0]
	for _, line := range bytes.SplitAfter(log, []byte{'\n'}) {
		if len(line) > 0 {
			r.line++
			r.take(bytes.TrimSuffix(line, []byte{'\n'}))
			r.off += int64(len(line))
		}
	}
	f.spans[0].lines = r.line
	r.handIn()
	f.finish(int64(len(log)))
	return &s
}

// damaged changes a letter, or leaves one out, or puts one in, in every fourth row.
func damaged(log []byte, random *rand.Rand) []byte {
	const letters = " -0149:aT.?|/#\r\t\x00\xe9"
	var out []byte
	for _, line := range bytes.SplitAfter(log, []byte{'\n'}) {
		if len(line) > 0 && line[0] != '#' && random.IntN(4) == 0 {
			at := random.IntN(len(line))
			letter := letters[random.IntN(len(letters))]
			switch random.IntN(3) {
			case 0:
				line[at] = letter
			case 1:
				line = append(line[:at:at], line[at+1:]...)
			default:
				line = append(append(line[:at:at], letter), line[at:]...)
			}
		}
		out = append(out, line...)
	}
	return out
}

// TestQuickLookAgrees: what the quick look counts is what the thorough reading counts,
// in rows as servers write them and in rows that differ from them by a letter.
func TestQuickLookAgrees(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	requests, errors := generated(t, 2<<20, false), generated(t, 2<<20, true)
	for name, log := range map[string][]byte{
		"requests": requests, "damaged requests": damaged(bytes.Clone(requests), random),
		"errors": errors, "damaged errors": damaged(bytes.Clone(errors), random),
	} {
		var s Summary
		s.AddStream("f", "1", bytes.NewReader(log))
		if diff := cmp.Diff(thorough(log).outcome(), s.outcome()); diff != "" {
			t.Errorf("%s (-thorough +quick):\n%s", name, diff)
		}
	}
}

// TestQuickLookKnowsUsualRows: else it would cost time and save none.
func TestQuickLookKnowsUsualRows(t *testing.T) {
	for _, httperr := range []bool{false, true} {
		log := generated(t, 2<<20, httperr)
		var s Summary
		f := s.newFile("f", "1", Recognise(log))
		f.spans = []*span{{}}
		r := newReader(f)
		r.state, r.from = f.start(), f.spans[0]
		known, rows := 0, 0
		for _, line := range bytes.Split(log, []byte{'\n'}) {
			if len(line) > 0 && line[0] != '#' {
				rows++
			}
			if r.quick(line) {
				known++
			} else {
				r.take(line)
			}
		}
		if known < rows*9/10 {
			t.Errorf("errors %v: the quick look knows %d of %d rows", httperr, known, rows)
		}
	}
}

// TestQuickLookLeavesAlone: rows that only look like one that was read before.
func TestQuickLookLeavesAlone(t *testing.T) {
	const (
		timed = "#Fields: date time s-sitename s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\n"
		usual = "2003-04-24 00:00:31 W3SVC1 192.0.2.1 GET /a.asp - 192.0.2.9 Probe 200 0 0 31\n"
		group = "{1 200 0 0 GET .asp  } 2 " + at
	)
	for _, c := range []struct {
		name, row string
		want      []string
	}{
		{"no blank after the date", "2003-04-24x00:00:31 W3SVC1 192.0.2.1 GET /a.asp - 192.0.2.9 Pro be 200 0 0 31\n", []string{group, "junk 1"}},
		{"no blank after the time", "2003-04-24 00:00:31xW3SVC1 192.0.2.1 GET /a.asp - 192.0.2.9 Pro be 200 0 0 31\n", []string{group, "junk 1"}},
		{"another second, no blank after the date", "2003-04-24x00:00:32 W3SVC1 192.0.2.1 GET /a.asp - 192.0.2.9 Pro be 200 0 0 31\n", []string{group, "junk 1"}},
		{"another second, no blank after the time", "2003-04-24 00:00:32xW3SVC1 192.0.2.1 GET /a.asp - 192.0.2.9 Pro be 200 0 0 31\n", []string{group, "junk 1"}},
		{"NUL behind the result", "2003-04-24 00:00:31 W3SVC1 192.0.2.1 GET /a.asp - 192.0.2.9 Probe 200 0 0\x00 31\n", []string{group, "junk 1"}},
		{"no status, twice", strings.Repeat("2003-04-24 00:00:31 W3SVC1 192.0.2.1 GET /a.asp - 192.0.2.9 Probe abc 0 0 31\n", 2), []string{group, "junk 2"}},
		{"FTP, twice", strings.Repeat("2003-04-24 00:00:31 MSFTPSVC1 192.0.2.1 [1]USER /a.asp - 192.0.2.9 Probe 200 0 0 31\n", 2), []string{group}},
		{"the same bytes in other columns", "#Fields: date time s-computername s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\n" + usual,
			[]string{"{ 200 0 0 GET .asp  } 1 " + at, group}},
	} {
		if diff := cmp.Diff(c.want, one(t, "", timed+usual+usual+c.row)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestQuickLookAtErrors: rows whose end is that of another, where the columns before it
// decide how they are to be split, and rows of other programs.
func TestQuickLookAtErrors(t *testing.T) {
	const (
		fields = "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n"
		behind = " 192.0.2.1 80 HTTP/1.1 GET /a b.txt 503 1 QueueFull Pool\n"
		usual  = "2003-04-24 00:00:31 192.0.2.9 2094 192.0.2.1 80 HTTP/1.1 GET /a.txt 503 1 QueueFull Pool\n"
		other  = " 192.0.2.1 5357 HTTP/1.1 POST /11ab 503 - N/A -\n"
	)
	for _, c := range []struct {
		name, row string
		want      []string
	}{
		{"usual", "2003-04-24 00:00:31 192.0.2.9 2094" + behind, []string{"{1 503 QueueFull Pool 80} 3 " + at}},
		{"no address", "2003-04-24 00:00:31 client 2094" + behind, []string{"{1 503 QueueFull Pool 80} 2 " + at, "junk 1"}},
		{"no port", "2003-04-24 00:00:31 192.0.2.9 x" + behind, []string{"{1 503 QueueFull Pool 80} 2 " + at, "junk 1"}},
		{"another program's, twice", strings.Repeat("2003-04-24 00:00:31 192.0.2.9 2094"+other, 2), []string{"{1 503 QueueFull Pool 80} 2 " + at}},
		{"the same bytes in other columns", strings.Repeat(usual, 2) + "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-queuename s-reason\n" + usual,
			[]string{"{1 503 Pool QueueFull 80} 1 " + at, "{1 503 QueueFull Pool 80} 4 " + at}},
		{"no date", "2003-13-24 00:00:31 192.0.2.9 2094" + other, []string{"{1 503 QueueFull Pool 80} 2 " + at, "junk 1"}},
	} {
		log := fields + strings.Repeat("2003-04-24 00:00:31 192.0.2.9 2094"+behind, 2) + c.row
		if diff := cmp.Diff(c.want, one(t, "", log)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
