package eventlog

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const eventqueryHeader = `"Type","Event","Date Time","Source","ComputerName","Category","User","Description"` + "\r\n"

// crash is a row of eventquery.vbs.
func crash(when, pool string) string {
	return `"Warning","1009","` + when + `","W3SVC","WEB01","None","N/A","A process serving application pool '` + pool + `' terminated unexpectedly."` + "\r\n"
}

func summarise(t *testing.T, files ...[2]string) *Summary {
	t.Helper()
	var s Summary
	for _, f := range files {
		if _, err := s.AddFile(f[0], strings.NewReader(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	return &s
}

// TestOrder: first and last by time where the dates can be read, else by line.
func TestOrder(t *testing.T) {
	for _, test := range []struct {
		name        string
		rows        []string // newest first, as exports often are
		first, last string
		byTime      bool
		dates       DateOrder
	}{
		{"year first", []string{"2006-03-04 10:00:00", "2006-03-05 10:00:00", "2006-02-01 10:00:00"}, "2006-02-01 10:00:00", "2006-03-05 10:00:00", true, Unsettled},
		{"ambiguous", []string{"3/4/2006 10:00:00", "4/3/2006 10:00:00", "2/1/2006 10:00:00"}, "3/4/2006 10:00:00", "2/1/2006 10:00:00", false, Unsettled},
		{"month first, as one date shows", []string{"3/4/2006 1:00:00 PM", "2/13/2006 10:00:00 AM", "12/1/2005 10:00:00 AM"}, "12/1/2005 10:00:00 AM", "3/4/2006 1:00:00 PM", true, MonthFirst},
		{"day first, as one date shows", []string{"3/4/2006 10:00", "13/2/2006 10:00", "1/12/2005 10:00"}, "1/12/2005 10:00", "3/4/2006 10:00", true, DayFirst},
		{"contradictory", []string{"13/2/2006 10:00", "3/4/2006 10:00", "2/13/2006 10:00"}, "13/2/2006 10:00", "2/13/2006 10:00", false, Contradictory},
		{"the same day and month", []string{"3/3/2006 12:00:00 PM", "3/3/2006 12:00:00 AM"}, "3/3/2006 12:00:00 AM", "3/3/2006 12:00:00 PM", true, Unsettled},
		{"not understood", []string{"gestern", "2006-03-04 10:00:00"}, "gestern", "2006-03-04 10:00:00", false, Unsettled},
		{"local and UTC", []string{"2006-03-04 10:00:00", "2006-03-01T10:00:00Z"}, "2006-03-04 10:00:00", "2006-03-01T10:00:00Z", false, Unsettled},
	} {
		text := eventqueryHeader
		for _, r := range test.rows {
			text += crash(r, "P")
		}
		var s Summary
		res, err := s.AddFile("log.csv", strings.NewReader(text))
		if err != nil || res.Dates != test.dates {
			t.Errorf("%s: dates %d, %v", test.name, res.Dates, err)
		}
		g := s.Groups()
		if len(g) != 1 || g[0].Count != len(test.rows) || g[0].First.Text != test.first || g[0].Last.Text != test.last || g[0].ByTime != test.byTime {
			t.Errorf("%s: %+v", test.name, g)
		}
	}
}

// TestSummary: groups, samples and counts of a small log.
func TestSummary(t *testing.T) {
	text := eventqueryHeader + crash("2006-03-04 10:00:05", "B") + crash("2006-03-04 10:00:04", "A") + crash("2006-03-04 10:00:03", "B") +
		`"Information","7036","2006-03-04 10:00:02","Service Control Manager","WEB01","None","N/A","x"` + "\r\n"
	s := summarise(t, [2]string{"log.csv", text})
	got := s.Groups()
	message := func(pool string) string {
		return "A process serving application pool '" + pool + "' terminated unexpectedly."
	}
	want := []Group{
		{Source: W3SVC, ID: 1009, Subject: Subject{Pool, "A"}, Count: 1, First: written("2006-03-04 10:00:04"), Last: written("2006-03-04 10:00:04"), ByTime: true,
			Samples: []Sample{{Pos: at(3), Time: written("2006-03-04 10:00:04"), Text: message("A")}}},
		{Source: W3SVC, ID: 1009, Subject: Subject{Pool, "B"}, Count: 2, First: written("2006-03-04 10:00:03"), Last: written("2006-03-04 10:00:05"), ByTime: true,
			Samples: []Sample{{Pos: at(2), Time: written("2006-03-04 10:00:05"), Text: message("B")}, {Pos: at(4), Time: written("2006-03-04 10:00:03"), Text: message("B")}}},
	}
	for i := range want {
		for j := range want[i].Samples {
			want[i].Samples[j].Pos.File = "log.csv"
		}
	}
	if diff := cmp.Diff(want, got, events); diff != "" {
		t.Error(diff)
	}
	if s.Events != 3 || s.Others != 1 || s.Cut() {
		t.Error(s.Events, s.Others, s.Cut())
	}
}

func written(text string) Time { return Time{Text: text, Zone: AsWritten} }

// TestMerge: (a then b) = (b then a) = merged parts, also where groups are given up.
func TestMerge(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 10 {
		var files [][2]string
		for f := range 1 + random.IntN(4) {
			text := eventqueryHeader
			rows, pools := random.IntN(60), 5
			if round == 0 {
				rows, pools = 3000, 9000
			}
			for range rows {
				text += crash(anyDate(random), fmt.Sprintf("P%d", random.IntN(pools)))
			}
			files = append(files, [2]string{fmt.Sprintf("%d.csv", f), text})
		}
		want := summarise(t, files...)
		random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		cut := random.IntN(len(files) + 1)
		merged := summarise(t, files[cut:]...)
		merged.Merge(summarise(t, files[:cut]...))
		if diff := cmp.Diff(want.Groups(), merged.Groups(), cmpopts.IgnoreUnexported(Time{})); diff != "" {
			t.Fatal(diff)
		}
		if want.Events != merged.Events || want.Others != merged.Others || want.Cut() != merged.Cut() {
			t.Fatal(want.Events, merged.Events, want.Cut(), merged.Cut())
		}
		if round == 0 && len(want.Groups()) > maxGroups {
			t.Fatal(len(want.Groups()), "groups")
		}
	}
}

func anyDate(r *rand.Rand) string {
	month, day, second := 1+r.IntN(12), 1+r.IntN(28), r.IntN(60)
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf("2006-%02d-%02d 10:00:%02d", month, day, second)
	case 1:
		return fmt.Sprintf("2006-%02d-%02dT10:00:%02dZ", month, day, second)
	case 2:
		return "soon"
	}
	return fmt.Sprintf("%d/%d/2006 10:00:%02d", month, 1+r.IntN(15), second)
}

// TestCrowd: thousands of subjects of one event do not crowd out another, and what
// is kept is counted exactly.
func TestCrowd(t *testing.T) {
	var b strings.Builder
	b.WriteString(eventqueryHeader)
	for i := range 9000 {
		fmt.Fprintf(&b, `"Error","5","2006-03-04 10:00:00","Active Server Pages","W","None","N/A","Error: File /%05d.asp Line 1 Type mismatch."`+"\n", i%4500)
	}
	b.WriteString(crash("2006-03-04 10:00:00", "P"))
	s := summarise(t, [2]string{"log", b.String()})
	groups := s.Groups()
	if !s.Cut() || s.Events != 9001 || len(groups) != 4096 {
		t.Fatal(s.Cut(), s.Events, len(groups))
	}
	if last := groups[4095]; last.Source != W3SVC || last.ID != 1009 || last.Count != 1 {
		t.Error(last)
	}
	if first := groups[0]; first.Subject.Name != "/00000.asp" || first.Count != 2 {
		t.Error(first)
	}
}
