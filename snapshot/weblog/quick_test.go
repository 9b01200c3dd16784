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
	f := s.newFile("f", "1", W3C)
	f.spans = []*span{{}}
	r := newReader(f)
	r.from = f.spans[0]
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
	log := generated(t, 2<<20, false)
	for name, log := range map[string][]byte{"as written": log, "damaged": damaged(bytes.Clone(log), random)} {
		var s Summary
		s.AddStream("f", "1", bytes.NewReader(log))
		if diff := cmp.Diff(thorough(log).outcome(), s.outcome()); diff != "" {
			t.Errorf("%s (-thorough +quick):\n%s", name, diff)
		}
	}
}

// TestQuickLookKnowsUsualRows: else it would cost time and save none.
func TestQuickLookKnowsUsualRows(t *testing.T) {
	log := generated(t, 2<<20, false)
	var s Summary
	f := s.newFile("f", "1", W3C)
	f.spans = []*span{{}}
	r := newReader(f)
	r.from = f.spans[0]
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
		t.Errorf("the quick look knows %d of %d rows", known, rows)
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
