package checks

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
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
		{"ssi-parent-path", "1 GET /News/Today.stm - 404 0 2", 1},
		{"ssi-parent-path", "1 GET /news/other.stm - 404 0 2", 0},
		{"ssi-parent-path", "1 GET /news/today.stm - 404 2 1260", 0},
		{"unc-credentials", "1 GET /files/a.htm - 500 16 1326", 1},
		{"unc-credentials", "1 GET /files/a.htm - 500 13 1326", 1},
		{"unc-credentials", "1 GET /files/a.htm - 500 13 0", 0},
		{"unc-credentials", "1 GET /filesystem/a.htm - 500 16 1326", 0},
		{"unc-credentials", "2 GET /files/a.htm - 500 16 1326", 0},
		{"access-ssl", "1 GET /any/where.htm - 403 4 5", 1},
		{"access-ssl", "2 GET /any/where.htm - 403 4 5", 0},
		{"access-ssl", "1 GET /any/where.htm - 403 14 5", 0},
		{"script-map-verbs", "1 POST /page.asp - 403 1 5", 1},
		{"script-map-verbs", "1 GET /page.asp - 403 1 5", 0},
		{"script-map-verbs", "1 POST /page.cer - 403 1 5", 0},
		{"script-map-verbs", "1 POST /page.asp - 403 2 5", 0},
		{"script-map-missing", "1 GET /list.php - 500 0 126", 1},
		{"script-map-missing", "1 GET /list.php - 500 100 0", 0},
		{"script-map-missing", "1 GET /list.asp - 500 0 126", 0},
		{"script-map-missing", "1 GET /list.php - 404 0 2", 0},
		{"script-map-missing", "1 GET /list.php |5|800a0009|Subscript_out_of_range 500 0 0", 0},
		{"script-map-missing", "1 GET /list.php |5|ASP_0113|Script_timed_out 500 0 0", 0},
		{"script-map-wildcard", "1 GET /any/where.htm - 500 0 126", 1},
		{"subauthentication", "1 GET /a.htm - 401 1 1326", 1},
		{"subauthentication", "2 GET /a.htm - 401 1 1326", 0},
		{"subauthentication", "1 GET /a.htm - 401 1 2148074254", 0},
		{"subauthentication", "1 GET /a.htm - 401 2 1326", 0},
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

// TestSaw: the first and the last time of all logs, and at most three lines; the times
// of events, which may be local ones, are shown where no log gave any.
func TestSaw(t *testing.T) {
	type seen struct{ count, first, last, samples any }
	event := eventlog.Group{Source: eventlog.W3SVC, ID: 1009, Count: 2, First: eventlog.Time{Text: "1999-01-01"}, Last: eventlog.Time{Text: "2020-01-01"}}
	for name, c := range map[string]struct {
		saw  func(*Finding)
		want seen
	}{
		"one log": {func(f *Finding) { f.saw(2, "b", "c", []string{"1", "2"}) }, seen{2, "b", "c", "1 2"}},
		"an earlier one": {func(f *Finding) {
			f.saw(2, "b", "c", []string{"1", "2"})
			f.saw(3, "a", "b", []string{"3", "4"})
		}, seen{5, "a", "c", "1 2 3"}},
		"a later one":         {func(f *Finding) { f.saw(1, "b", "c", nil); f.saw(1, "c", "d", nil) }, seen{2, "b", "d", ""}},
		"rows without a time": {func(f *Finding) { f.saw(1, "b", "c", nil); f.saw(1, "", "", nil) }, seen{2, "b", "c", ""}},
		"and after them":      {func(f *Finding) { f.saw(1, "", "", nil); f.saw(1, "b", "c", nil) }, seen{2, "b", "c", ""}},
		"events":              {func(f *Finding) { f.sawEvents(event) }, seen{2, "1999-01-01", "2020-01-01", ""}},
		"rows and events":     {func(f *Finding) { f.saw(1, "2003-01-01", "2004-01-01", nil); f.sawEvents(event) }, seen{3, "2003-01-01", "2004-01-01", ""}},
	} {
		f := Finding{Certainty: Possible, Missing: "a log"}
		c.saw(&f)
		o := f.Observed
		if got := (seen{o.Count, o.First, o.Last, strings.Join(o.Samples, " ")}); got != c.want || f.Certainty != Observed || f.Missing != "" {
			t.Errorf("%s: %+v, want %+v; %s %q", name, got, c.want, f.Certainty, f.Missing)
		}
	}
}

// TestSharedGroup: where pages share a group of rows, its times and lines may be those
// of another page.
func TestSharedGroup(t *testing.T) {
	const own, other = "1 GET /shop/list.asp |5|ASP_0131|Disallowed_Parent_Path 500 0 0", "1 GET /shop/other.asp |5|ASP_0131|Disallowed_Parent_Path 500 0 0"
	for _, c := range []struct {
		rows        []string
		first, last string
		samples     int
	}{
		{[]string{own, own}, "2003-11-04 08:00:00", "2003-11-04 08:00:01", 2},
		{[]string{other, own}, "", "", 0},
	} {
		found := false
		for _, f := range withLogs(t, "parent-paths", c.rows...) {
			if f.ID == "parent-paths" && f.Observed != nil {
				found = true
				if o := f.Observed; o.First != c.first || o.Last != c.last || len(o.Samples) != c.samples {
					t.Errorf("%q: %+v", c.rows, o)
				}
			}
		}
		if !found {
			t.Errorf("%q: not observed", c.rows)
		}
	}
}

// changed scans the healthy server with changes of its text and with files beside it.
func changed(t *testing.T, files fstest.MapFS, replace ...string) Report {
	t.Helper()
	healthy, err := fs.ReadFile(readAll(t), "MetaBase.xml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(replace...).Replace(string(healthy))
	if text == string(healthy) && len(replace) > 0 {
		t.Fatal("nothing was replaced")
	}
	if files == nil {
		files = fstest.MapFS{}
	}
	files["MetaBase.xml"] = &fstest.MapFile{Data: []byte(text)}
	s, err := snapshot.OpenFS(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Problems {
		t.Fatal(p)
	}
	return Run(s)
}

func readAll(t *testing.T) fs.FS {
	t.Helper()
	healthy, err := Healthy()
	if err != nil {
		t.Fatal(err)
	}
	return healthy
}

func file1(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// said is what a report says of one check, a line a finding.
func said(r Report, id string) string {
	var all []string
	for _, f := range r.Findings {
		if f.ID == id && f.Severity != Info {
			all = append(all, fmt.Sprintf("%s %s %s", f.Severity, f.Certainty, f.Message))
		}
	}
	return strings.Join(all, "\n")
}

const root = `<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT"`

// TestProgramsGetNoType: the source of a program must never be offered a MIME type.
func TestProgramsGetNoType(t *testing.T) {
	r := changed(t, fstest.MapFS{"content/C/inetpub/wwwroot/a.php": file1("<?php"), "content/C/inetpub/wwwroot/b.aspx": file1("<%@ Page %>"),
		"content/C/inetpub/wwwroot/c.asp": file1("x")}, root, root+` ScriptMaps=".stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST"`)
	found := 0
	for _, f := range r.Findings {
		if f.ID != "mime-unmapped" {
			continue
		}
		found++
		if f.Affects[0] != "/a.php" || len(f.Remedies) != 1 || len(f.Remedies[0].Edits) > 0 || !strings.Contains(f.Message, "are programs") {
			t.Errorf("%s: %+v", f.Message, f.Remedies)
		}
	}
	if found != 1 {
		t.Errorf("%d findings, want 1: pages that lost their map are told by other checks", found)
	}
}

// TestProbesAreNoNeed: what scanners ask for shows no need (design: included files,
// .config, backups), nor does a file that is known not to be there.
func TestProbesAreNoNeed(t *testing.T) {
	rows := ""
	for _, stem := range []string{"/web.config", "/inc/a.inc", "/Thumbs.db", "/backup.sql", "/.env", "/_vti_bin/x.foo", "/gone.json", "/LICENSE"} {
		rows += "2003-11-04 08:00:00 W3SVC1 GET " + stem + " - 80 - 192.0.2.7 404 3 50\r\n"
	}
	rows += "2003-11-04 08:00:00 W3SVC1 GET /msadc/probe.idc - 80 - 192.0.2.7 404 2 1260\r\n"
	r := changed(t, fstest.MapFS{"ex.log": file1(logHead + rows), "content/C/inetpub/wwwroot/default.htm": file1("x")})
	for _, f := range r.Findings {
		if f.Severity == Error {
			t.Errorf("%s %s", f.ID, f.Message)
		}
	}
}

// TestWitnessReachesTheSite: a finding is proven by a request that really gets to its
// site; https where SSL is required and served.
func TestWitnessReachesTheSite(t *testing.T) {
	json := fstest.MapFS{"content/C/inetpub/wwwroot/a.json": file1("{}")}
	const bindings = "ServerBindings=\":80:www.contoso.com\n\t\t\t:80:\""
	site2 := func(binding string) string {
		return `<IIsWebServer	Location ="/LM/W3SVC/2" ServerBindings="` + binding + `"></IIsWebServer>` +
			`<IIsWebVirtualDir	Location ="/LM/W3SVC/2/ROOT" Path="C:\two" AccessFlags="AccessRead"></IIsWebVirtualDir>` + "\n</MBProperty>"
	}
	cases := []struct {
		name    string
		replace []string
		witness string
		want    Certainty
	}{
		{"plain", nil, "http://www.contoso.com/a.json", Proven},
		{"SSL required and served", []string{root, root + ` AccessSSLFlags="AccessSSL"`, bindings, bindings + ` SecureBindings=":443:" SSLCertHash="aa"`}, "https://localhost/a.json", Proven},
		{"bound to an address", []string{bindings, `ServerBindings="10.0.0.1:80:www.contoso.com"`, "</MBProperty>", site2("10.0.0.2:80:")}, "http://www.contoso.com/a.json", Proven},
		{"a binding with a name before one without", []string{bindings, "ServerBindings=\":81:\n\t\t\t:80:x\"", "</MBProperty>", site2(":82:")}, "http://x/a.json", Proven},
		{"no binding", []string{bindings, ""}, "", Possible},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, f := range changed(t, json, c.replace...).Findings {
				if f.ID != "mime-unmapped" {
					continue
				}
				url := ""
				if f.Witness != nil {
					url = f.Witness.URL
				}
				if url != c.witness || f.Certainty != c.want || c.want == Possible && f.Missing == "" {
					t.Errorf("%s %s (%s), want %s %s", url, f.Certainty, f.Missing, c.witness, c.want)
				}
			}
		})
	}
}

// TestShares: who is a stranger to a file server, and one finding for one user name.
func TestShares(t *testing.T) {
	const shared = `Path="\\files\web"`
	cases := []struct{ name, attributes, want string }{
		{"local account", shared, `warning possible \\files\web is opened with the credentials of IUSR_WEB01, as no UNCUserName is set; the file server knows a local account only if it has one of the same name and password`},
		{"domain account", shared + ` AnonymousUserName="CONTOSO\web"`, ""},
		{"NTLM", shared + ` AuthFlags="AuthNTLM"`, `warning possible \\files\web is opened with the credentials of the visitor, as no UNCUserName is set; a logon by NTLM cannot be passed on to another computer`},
		{"Basic", shared + ` AuthFlags="AuthBasic"`, ""},
		{"user and password", shared + ` UNCUserName="A\b" UNCPassword="1234"`, ""},
	}
	for _, c := range cases {
		r := changed(t, nil, "</MBProperty>", `<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT/u" `+c.attributes+"></IIsWebVirtualDir>\n</MBProperty>")
		if got := said(r, "unc-credentials"); got != c.want {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
	r := changed(t, nil, root, root+` UNCUserName="A\b"`, "</MBProperty>", `<IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT/a" Path="\\f\a"/><IIsWebVirtualDir	Location ="/LM/W3SVC/1/ROOT/b" Path="\\f\b"/>`+"\n</MBProperty>")
	if got := said(r, "unc-credentials"); strings.Count(got, "\n") != 0 || got == "" {
		t.Errorf("one user name, two directories: %q", got)
	}
}

// TestNeedFromLogs: without any content, rows of several refused names show need.
func TestNeedFromLogs(t *testing.T) {
	healthy, err := fs.ReadFile(files, "healthy/MetaBase.xml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(fstest.MapFS{
		"MetaBase.xml": {Data: healthy},
		"ex.log": {Data: []byte(logHead +
			"2003-11-04 08:00:00 W3SVC1 GET /film.mp4 - 80 - 192.0.2.7 404 3 50\r\n" +
			"2003-11-04 08:00:00 W3SVC1 GET /films/two.mp4 - 80 - 192.0.2.7 404 3 50\r\n" +
			"2003-11-04 08:00:00 W3SVC1 GET /films/three.mp4 - 80 - 192.0.2.7 404 3 50\r\n" +
			"2003-11-04 08:00:01 W3SVC1 GET /news.stm - 80 - 192.0.2.7 404 2 1260\r\n" +
			"2003-11-04 08:00:01 W3SVC1 GET /press.stm - 80 - 192.0.2.7 404 2 1260\r\n" +
			"2003-11-04 08:00:01 W3SVC1 GET /jobs.stm - 80 - 192.0.2.7 404 2 1260\r\n" +
			"2003-11-04 08:00:02 W3SVC1 GET /style.css - 80 - 192.0.2.7 404 3 50\r\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, f := range Run(s).Findings {
		if f.Severity == Error {
			got[f.ID]++
			if f.Certainty != Observed || f.Observed.Count != 3 || len(f.Affects) != 3 {
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
		"1 × 403.14 on site 2: that site is not in this metabase at logs/ex.log:5:1",
		"1 × 500 script error 800a000d on site 1: not explained by the configuration given at logs/ex.log:9:1",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
