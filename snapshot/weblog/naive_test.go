package weblog

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// naive counts a log as one would by hand: it splits every row and looks columns up
// by their names. It shares no code with the reader that it judges.
type naive struct {
	requests map[string]naiveGroup
	errors   map[string]naiveGroup
	notIIS   int
}

type naiveGroup struct {
	Count       int64
	First, Last string
	URLs        map[string]int64
}

func readNaively(t *testing.T, log io.Reader) naive {
	t.Helper()
	n := naive{map[string]naiveGroup{}, map[string]naiveGroup{}, 0}
	var names []string
	scan := bufio.NewScanner(log)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		words := strings.Fields(scan.Text())
		switch {
		case len(words) == 0:
		case words[0] == "#Fields:":
			names = words[1:]
		case words[0][0] == '#':
		case len(words) == len(names):
			row := map[string]string{}
			for i, name := range names {
				row[name] = words[i]
			}
			n.count(row)
		}
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *naive) count(row map[string]string) {
	at := row["date"] + " " + row["time"]
	if reason, ok := row["s-reason"]; ok {
		if row["s-siteid"] == "-" && (row["s-port"] == "5357" || row["s-port"] == "2869") {
			n.notIIS++
			return
		}
		url, _, _ := strings.Cut(row["cs-uri"], "?")
		add(n.errors, strings.Join([]string{row["s-siteid"], row["sc-status"], reason, row["s-queuename"], row["s-port"]}, " "),
			at, row["sc-status"] >= "400" && url != "-", url)
		return
	}
	line, asp := naiveASP(row["cs-uri-query"])
	key := strings.Join([]string{strings.TrimPrefix(or(row["s-sitename"]), "W3SVC"), row["sc-status"], or(row["sc-substatus"]),
		or(row["sc-win32-status"]), row["cs-method"], naiveExtension(row["cs-uri-stem"]), asp}, " ")
	add(n.requests, key, at, row["sc-status"] >= "400" || asp != "", row["cs-uri-stem"]+line)
}

func or(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

var naiveMark = regexp.MustCompile(`\|(\d+)\|(?:ASP_(\d{4})|([0-9a-f]{8}))\|`)

func naiveASP(query string) (line, asp string) {
	m := naiveMark.FindStringSubmatch(query)
	switch {
	case m == nil:
		return "", ""
	case m[2] != "":
		return ":" + m[1], "ASP " + m[2]
	}
	return ":" + m[1], m[3]
}

func naiveExtension(stem string) string {
	name := stem[strings.LastIndex(stem, "/")+1:]
	if dot := strings.LastIndex(name, "."); dot >= 0 && dot < len(name)-1 {
		return strings.ToLower(name[dot:])
	}
	return ""
}

func add(groups map[string]naiveGroup, key, at string, urls bool, url string) {
	g := groups[key]
	g.Count++
	if g.First == "" || at < g.First {
		g.First = at
	}
	g.Last = max(g.Last, at)
	if urls {
		if g.URLs == nil {
			g.URLs = map[string]int64{}
		}
		g.URLs[url]++
	}
	groups[key] = g
}

// spoken writes a summary in the words of the naive reader.
func spoken(s *Summary) naive {
	n := naive{map[string]naiveGroup{}, map[string]naiveGroup{}, int(s.Totals().NotIIS)}
	for _, g := range s.Requests() {
		k := g.Key
		key := strings.Join([]string{or(k.Site), fmt.Sprint(k.Status), dash(int64(k.Substatus)), dash(k.Win32), k.Method, k.Extension,
			k.ASP + k.HResult}, " ")
		n.requests[key] = naiveGroup{g.Count, g.First, g.Last, urlMap(g.URLs)}
	}
	for _, g := range s.Errors() {
		k := g.Key
		status := fmt.Sprint(k.Status)
		if k.Status == 0 {
			status = "-"
		}
		key := strings.Join([]string{or(k.Site), status, k.Reason, or(k.Queue), fmt.Sprint(k.Port)}, " ")
		n.errors[key] = naiveGroup{g.Count, g.First, g.Last, urlMap(g.URLs)}
	}
	return n
}

func dash(n int64) string {
	if n == Absent {
		return "-"
	}
	return fmt.Sprint(n)
}

func urlMap(urls []URL) map[string]int64 {
	if len(urls) == 0 {
		return nil
	}
	m := map[string]int64{}
	for _, u := range urls {
		path := u.Path
		if u.Line > 0 {
			path += fmt.Sprintf(":%d", u.Line)
		}
		m[path] = u.Count
	}
	return m
}

func checkNaively(t *testing.T, name string, log []byte) {
	t.Helper()
	want := readNaively(t, bytes.NewReader(log))
	if len(want.requests)+len(want.errors)+want.notIIS == 0 {
		return // a log without #Fields
	}
	var inRanges, inStream Summary
	if p := inRanges.Add(name, "", bytes.NewReader(log), int64(len(log))); p != nil {
		t.Errorf("problems: %v", p)
	}
	inStream.AddStream(name, "", bytes.NewReader(log))
	for how, s := range map[string]*Summary{"Add": &inRanges, "AddStream": &inStream} {
		if diff := cmp.Diff(want, spoken(s), cmp.AllowUnexported(naive{})); diff != "" {
			t.Errorf("%s of %s (-naive +reader):\n%s", how, name, diff)
		}
	}
}

func TestNaiveReaderAgreesOnGeneratedLogs(t *testing.T) {
	size := int64(8 << 20)
	if testing.Short() {
		size = 1 << 20
	}
	checkNaively(t, "w3c", generated(t, size, false))
	checkNaively(t, "httperr", generated(t, size, true))
}

// TestNaiveReaderAgreesOnRealLogs needs the collection of logs from real servers
// that is kept beside the repository, since it is other people's.
func TestNaiveReaderAgreesOnRealLogs(t *testing.T) {
	for _, folder := range []string{"w3c", "httperr"} {
		names, _ := filepath.Glob("../../../shared/corpus/" + folder + "/*")
		if len(names) == 0 {
			t.Skipf("NOT TESTED: no real logs in ../shared/corpus/%s", folder)
		}
		for _, name := range names {
			log, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			checkNaively(t, filepath.Base(name), log)
		}
	}
}
