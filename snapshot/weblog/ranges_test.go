package weblog

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

// outcome is all that a summary tells.
type outcome struct {
	Requests []Group[Request]
	Errors   []Group[Error]
	Totals   Totals
	Problems []source.Problem
}

func (s *Summary) outcome(problems ...source.Problem) outcome {
	return outcome{s.Requests(), s.Errors(), s.Totals(), problems}
}

// awkward has everything that a boundary between ranges may cut through.
const awkward = "\xef\xbb\xbf#Software: Microsoft Internet Information Services 6.0\r\n#Version: 1.0\r\n#Date: 2003-04-24 00:00:00\r\n" +
	"#Fields: time cs-method cs-uri-stem sc-status sc-win32-status \r\n" +
	"00:00:01 GET /a.htm 200 0\r\n00:00:02 GET /b.json 404 50 \r\nrubbish\r\n" +
	"\x00\x00\x00\x00\x00\x00#Software: Microsoft Internet Information Services 6.0\r\n#Date: 2003-04-25 10:00:00\r\n" +
	"#Fields: date time s-sitename cs-method cs-uri-stem cs-uri-query sc-status sc-substatus sc-win32-status\r\n" +
	"2003-04-25 10:00:01 W3SVC2 GET /c d.asp id=1|7|ASP_0131|Disallowed 500 0 0\r\n" +
	"2003-04-25 10:00:01 W3SVC2 GET /c.asp - 404 2 1260\r\n\r\n\n" +
	"2003-04-25 10:00:00 W3SVC1 GET /#c.asp #x 404 2 1260\r\n" +
	"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n" +
	"2003-04-26 10:00:00 192.0.2.1 1025 192.0.2.2 80 HTTP/1.1 GET /x y?q 503 1 QueueFull My+Pool\r\n" +
	"2003-04-26 10:00:00 192.0.2.1 1025 192.0.2.2 5357 HTTP/1.1 GET /x 503 - N/A -\r\n" +
	"#Fields: date time x-only\r\n2003-04-26 10:00:00 1\r\n" +
	"#Fields: date time cs-method cs-uri-stem sc-status\r\nmore rubbish\r\n1\r\n2\r\n2003-04-26 10:00:09 GET /end 404\r\n\x00\x00\x00\x00"

func TestRangesChangeNothing(t *testing.T) {
	log := []byte(awkward)
	var stream Summary
	want := stream.outcome()
	want = stream.outcome(stream.AddStream("a.log", "7", bytes.NewReader(log))...)
	want.Requests, want.Errors, want.Totals = stream.Requests(), stream.Errors(), stream.Totals()
	for step := int64(1); step < int64(len(log))+2; step++ {
		for _, workers := range []int{1, 3} {
			var s Summary
			problems := s.addRanges("a.log", "7", bytes.NewReader(log), int64(len(log)), step, workers)
			if diff := cmp.Diff(want, s.outcome(problems...)); diff != "" {
				t.Fatalf("ranges of %d bytes, %d workers (-stream +ranges):\n%s", step, workers, diff)
			}
		}
	}
}

func TestAwkwardLog(t *testing.T) {
	var s Summary
	problems := s.AddStream("a.log", "7", strings.NewReader(awkward))
	var got []string
	for _, p := range problems {
		got = append(got, p.Pos.String()+" "+p.Found)
	}
	want := []string{
		"a.log:20:1 columns unknown: 1 row without a #Fields line before that names sc-status",
		"a.log:7:1 a line of 7 bytes that is no row",
		"a.log:22:1 a line of 12 bytes that is no row",
		"a.log:23:1 a line of 1 bytes that is no row, and 1 more such line",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	got = nil
	for _, g := range s.Requests() {
		got = append(got, fmt.Sprintf("%v %d %s %v %v", g.Key, g.Count, g.First, g.Samples, g.URLs))
	}
	want = []string{
		"{7 200 -1 0 GET .htm  } 1 2003-04-24 00:00:01 [{a.log 5 2003-04-24 00:00:01 GET /a.htm 200 0}] []",
		"{7 404 -1 -1 GET   } 1 2003-04-26 10:00:09 [{a.log 25 2003-04-26 10:00:09 GET /end 404}] [{/end 0 1}]",
		"{7 404 -1 50 GET .json  } 1 2003-04-24 00:00:02 [{a.log 6 2003-04-24 00:00:02 GET /b.json 404 50}] [{/b.json 0 1}]",
		"{1 404 2 1260 GET .asp  } 1 2003-04-25 10:00:00 [{a.log 15 2003-04-25 10:00:00 GET /#c.asp 404 2 1260}] [{/#c.asp 0 1}]",
		"{2 404 2 1260 GET .asp  } 1 2003-04-25 10:00:01 [{a.log 12 2003-04-25 10:00:01 GET /c.asp 404 2 1260}] [{/c.asp 0 1}]",
		"{2 500 0 0 GET  ASP 0131 } 1 2003-04-25 10:00:01 [{a.log 11 2003-04-25 10:00:01 GET /c 500 0 0}] [{/c 7 1}]",
	}
	if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	got = nil
	for _, g := range s.Errors() {
		got = append(got, fmt.Sprintf("%v %d %v %v", g.Key, g.Count, g.Samples, g.URLs))
	}
	want = []string{"{1 503 QueueFull My+Pool 80} 1 [{a.log 17 2003-04-26 10:00:00 GET /x y 503 QueueFull}] [{/x y 0 1}]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if n := s.Totals(); n.NotIIS != 1 || n.Junk != 4 || n.NoColumns != 1 || n.Rows != 7 || n.Lines != 26 {
		t.Errorf("totals %+v", n)
	}
}

// TestOneHugeLine reads a gigabyte without a line end, and with one row after it.
func TestOneHugeLine(t *testing.T) {
	const size = 1 << 27
	huge := &repeated{head: "#Fields: date time cs-method cs-uri-stem sc-status\n2003-04-24 00:00:01 GET /", fill: 'x',
		size: size, tail: "\n2003-04-24 00:00:02 GET /a 200\n"}
	total := int64(len(huge.head)) + size + int64(len(huge.tail))
	for name, add := range map[string]func(*Summary) []source.Problem{
		"Add": func(s *Summary) []source.Problem { return s.Add("h.log", "", huge, total) },
		"AddStream": func(s *Summary) []source.Problem {
			return s.AddStream("h.log", "", io.NewSectionReader(huge, 0, total))
		},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var s Summary
		problems := add(&s)
		runtime.ReadMemStats(&after)
		if len(problems) != 1 || problems[0].Pos.Line != 2 || !strings.Contains(problems[0].Found, "too long") {
			t.Errorf("%s: problems %v", name, problems)
		}
		got := s.Requests()
		if len(got) != 1 || got[0].Count != 1 || got[0].Samples[0].Line != 3 {
			t.Errorf("%s: requests %+v", name, got)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
			t.Errorf("%s took %d bytes of memory", name, used)
		}
	}
}

// repeated is a large file that is not kept.
type repeated struct {
	head, tail string
	fill       byte
	size       int64
}

func (r *repeated) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < int64(len(r.head)) {
		n = copy(p, r.head[off:])
	}
	tail := int64(len(r.head)) + r.size
	for ; n < len(p) && off+int64(n) < tail; n++ {
		p[n] = r.fill
	}
	if at := off + int64(n) - tail; at >= 0 && at < int64(len(r.tail)) {
		n += copy(p[n:], r.tail[at:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestMergeIsOneSum adds random logs in random groupings and orders. Limits are met
// too: there are more URLs than are kept, and in the last rounds more groups.
func TestMergeIsOneSum(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 7))
	for round := range 6 {
		logs := make([]string, 6)
		for i := range logs {
			logs[i] = randomLog(random, round)
		}
		var once Summary
		for i, log := range logs {
			once.Add(fmt.Sprintf("%d.log", i), "1", strings.NewReader(log), int64(len(log)))
		}
		want := once.outcome()
		for range 3 {
			if got := mergeRandomly(random, logs).outcome(); !reflect.DeepEqual(want, got) {
				t.Fatalf("round %d (-once +merged):\n%.3000s", round, cmp.Diff(want, got))
			}
		}
	}
}

// mergeRandomly sums each log alone, then merges any two until one is left.
func mergeRandomly(random *rand.Rand, logs []string) *Summary {
	var sums []*Summary
	for i, log := range logs {
		s := new(Summary)
		s.addRanges(fmt.Sprintf("%d.log", i), "1", strings.NewReader(log), int64(len(log)), 1+random.Int64N(1<<16), 1+random.IntN(3))
		sums = append(sums, s)
	}
	for len(sums) > 1 {
		random.Shuffle(len(sums), func(i, j int) { sums[i], sums[j] = sums[j], sums[i] })
		sums[0].Merge(sums[len(sums)-1])
		sums = sums[:len(sums)-1]
	}
	return sums[0]
}

func randomLog(random *rand.Rand, round int) string {
	var b strings.Builder
	b.WriteString("#Fields: date time s-sitename cs-method cs-uri-stem sc-status sc-substatus sc-win32-status\n")
	urls, extensions, n := 20, 3, 300
	if round%5 == 3 {
		urls, n = 4000, 5000 // more URLs than a group keeps, and many groups
	}
	if round%10 == 9 {
		extensions, n = 20000, 6000 // more groups than are kept
	}
	for range n {
		fmt.Fprintf(&b, "2003-04-%02d 00:00:%02d W3SVC%d GET /p%d.e%d %d 0 2\n", 1+random.IntN(2), random.IntN(60),
			1+random.IntN(3), random.IntN(urls), random.IntN(extensions), 200+200*random.IntN(2))
		if random.IntN(100) == 0 {
			b.WriteString("junk\n")
		}
	}
	return b.String()
}

func TestRoundsMeetTheLimits(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 7))
	var many, wide Summary
	for i := range 6 {
		log := randomLog(random, 3)
		many.AddStream(fmt.Sprint(i), "", strings.NewReader(log))
		log = randomLog(random, 9)
		wide.AddStream(fmt.Sprint(i), "", strings.NewReader(log))
	}
	if g := many.Requests(); !g[len(g)-1].Cut {
		t.Error("no URLs were cut")
	}
	if wide.Totals().Beyond == 0 || len(wide.Requests()) != MaxGroups {
		t.Errorf("no groups were dropped: %d groups, %+v", len(wide.Requests()), wide.Totals())
	}
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}
