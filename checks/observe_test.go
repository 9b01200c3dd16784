package checks

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

const logHead = "#Software: Microsoft Internet Information Services 6.0\r\n#Fields: date time s-sitename cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip sc-status sc-substatus sc-win32-status\r\n"

// withLogs runs the checks over a fault folder with rows laid beside it: each row is
// "site method stem query status substatus win32".
func withLogs(t *testing.T, id string, rows ...string) []Finding {
	t.Helper()
	folder, err := Folder(id)
	if err != nil {
		t.Fatal(err)
	}
	healthy, err := Healthy()
	if err != nil {
		t.Fatal(err)
	}
	text := logHead
	for i, row := range rows {
		f := strings.Fields(row)
		text += fmt.Sprintf("2003-11-04 08:00:%02d W3SVC%s %s %s %s 80 - 192.0.2.7 %s %s %s\r\n", i, f[0], f[1], f[2], f[3], f[4], f[5], f[6])
	}
	broken, err := fs.Sub(folder, "broken")
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(healthy, broken, fstest.MapFS{"logs/ex.log": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return Run(s).Findings
}

// TestObserved: rows make a finding observed only where they are its own: the near
// misses are another site, extension, directory, page or status.
func TestObserved(t *testing.T) {
	cases := []struct {
		id, row string
		count   int // 0: not observed
	}{
		{"mime-unmapped", "1 GET /data.json - 404 3 50", 1},
		{"mime-unmapped", "1 GET /x/OTHER.JSON - 404 3 0", 1},
		{"mime-unmapped", "1 GET /data.json - 404 0 2", 0},
		{"mime-unmapped", "1 GET /data.mp4 - 404 2 1260", 0},
		{"extension-prohibited", "1 GET /hello.asp - 404 2 1260", 1},
		{"extension-prohibited", "1 GET /hello.aspx - 404 2 1260", 0},
		{"parent-paths", "1 GET /shop/list.asp |5|ASP_0131|Disallowed_Parent_Path 500 0 0", 1},
		{"parent-paths", "1 GET /shop/LIST.asp id=1|5|ASP_0131|Disallowed_Parent_Path 500 0 0", 1},
		{"parent-paths", "1 GET /shop/other.asp |5|ASP_0131|Disallowed_Parent_Path 500 0 0", 0},
		{"parent-paths", "1 GET /shop/list.asp |9|ASP_0113|Script_timed_out 500 0 0", 0},
		{"unc-credentials", "1 GET /files/a.htm - 500 16 1326", 1},
		{"unc-credentials", "1 GET /files/a.htm - 500 13 1326", 1},
		{"unc-credentials", "1 GET /files/a.htm - 500 13 0", 0},
		{"unc-credentials", "1 GET /filesystem/a.htm - 500 16 1326", 0},
		{"unc-credentials", "2 GET /files/a.htm - 500 16 1326", 0},
		{"access-ssl", "1 GET /any/where.htm - 403 4 5", 1},
		{"access-ssl", "2 GET /any/where.htm - 403 4 5", 0},
		{"access-ssl", "1 GET /any/where.htm - 403 14 5", 0},
	}
	for _, c := range cases {
		count := 0
		for _, f := range withLogs(t, c.id, c.row) {
			if f.ID == c.id && f.Observed != nil {
				count += f.Observed.Count
				if f.Certainty != Observed {
					t.Errorf("%s %s: certainty %s", c.id, c.row, f.Certainty)
				}
			}
		}
		if count != c.count {
			t.Errorf("%s %q: %d rows observed, want %d", c.id, c.row, count, c.count)
		}
	}
}

// TestNeedFromLogs: without any content, rows of refused requests show need.
func TestNeedFromLogs(t *testing.T) {
	healthy, err := fs.ReadFile(files, "healthy/MetaBase.xml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(fstest.MapFS{
		"MetaBase.xml": {Data: healthy},
		"ex.log": {Data: []byte(logHead +
			"2003-11-04 08:00:00 W3SVC1 GET /film.mp4 - 80 - 192.0.2.7 404 3 50\r\n" +
			"2003-11-04 08:00:01 W3SVC1 GET /news.stm - 80 - 192.0.2.7 404 2 1260\r\n" +
			"2003-11-04 08:00:02 W3SVC1 GET /style.css - 80 - 192.0.2.7 404 3 50\r\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, f := range Run(s).Findings {
		if f.Severity == Error {
			got[f.ID]++
			if f.Certainty != Observed || f.Observed.Count != 1 || len(f.Affects) != 1 {
				t.Errorf("%s: %s %+v affects %v", f.ID, f.Certainty, f.Observed, f.Affects)
			}
		}
	}
	// .css has a type: its 404.3 is no fault of this configuration and stays unexplained.
	if got["mime-unmapped"] != 1 || got["extension-prohibited"] != 1 || len(got) != 2 {
		t.Errorf("errors: %v", got)
	}
}

// TestUnexplained: one finding for each site and status that nothing explains; what
// every server answers is left out.
func TestUnexplained(t *testing.T) {
	var got []string
	for _, f := range withLogs(t, "mime-unmapped",
		"1 GET /images/ - 403 14 5", "1 GET /pics/ - 403 14 5", "2 GET / - 403 14 5", "1 GET /none.htm - 404 0 2",
		"1 GET /data.json - 404 3 50", "1 GET /in.htm - 401 2 2148074254", "1 GET /x.asp |3|800a000d|Type_mismatch 500 0 0", "1 GET /a.htm - 304 0 0") {
		if f.ID == unexplainedID {
			got = append(got, fmt.Sprintf("%s at %s", f.Message, f.Pos()))
		}
	}
	want := []string{
		"2 × 403.14 on site 1: not explained by the configuration given at logs/ex.log:3:1",
		"1 × 403.14 on site 2: not explained by the configuration given at logs/ex.log:5:1",
		"1 × 500 script error 800a000d on site 1: not explained by the configuration given at logs/ex.log:9:1",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
