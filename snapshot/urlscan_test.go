package snapshot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func texts(list []UrlScanEntry) []string {
	var out []string
	for _, e := range list {
		if place(e.At) == "none" || !strings.HasSuffix(place(e.At), " "+e.Text) {
			out = append(out, "a wrong place: "+place(e.At))
		}
		out = append(out, e.Text)
	}
	return out
}

func TestUrlScan(t *testing.T) {
	u, problems := ReadUrlScan(fixture(t, "UrlScan.ini"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		flag string
		want Known
		at   string
	}{
		{"UseAllowVerbs", Yes, "2:15 1"}, {"useallowextensions", No, "3:20 0"}, {"AllowDotInPath", No, "4:16 0"},
		{"VerifyNormalization", Yes, "1:1 [options]"}, {"UseFastPathReject", No, "1:1 [options]"}, {"AllowHighBitCharacters", Unknown, "1:1 [options]"},
	} {
		if got, at := u.Flag(c.flag); got != c.want || place(at) != c.at {
			t.Errorf("%s: %v %s", c.flag, got, place(at))
		}
	}
	if url, at := u.Option("RejectResponseUrl"); url != "/<Rejected-By-UrlScan>" || place(at) != "1:1 [options]" || u.LoggingOnly() {
		t.Errorf("RejectResponseUrl %q at %s", url, place(at))
	}
	for _, c := range []struct {
		limit string
		want  int64
		at    string
		ok    bool
	}{
		{"MaxAllowedContentLength", 1000, "9:25 1000", true}, {"MaxUrl", 260, "8:1 [RequestLimits]", true},
		{"Max-User-Agent", 0, "10:16 0", false}, {"Max-Cookie", 500, "11:12 500", true}, {"Max-Host", 0, "8:1 [RequestLimits]", false},
	} {
		if n, at, ok := u.Limit(c.limit); n != c.want || place(at) != c.at || ok != c.ok {
			t.Errorf("%s: %d %s %v", c.limit, n, place(at), ok)
		}
	}
	for _, c := range []struct {
		section string
		want    []string
		ok      bool
	}{
		{"AllowVerbs", []string{"GET", "head"}, true}, {"DenyVerbs", nil, true}, {"denyheaders", []string{"Translate:", "If:"}, true},
		{"DenyExtensions", []string{".exe", ".HTR"}, true}, {"AllowExtensions", nil, false}, {"DenyUrlSequences", []string{"..", `\`, "#"}, true},
	} {
		list, ok := u.List(c.section)
		if d := cmp.Diff(c.want, texts(list)); d != "" || ok != c.ok {
			t.Errorf("%s: %v %s", c.section, ok, d)
		}
	}
	for _, c := range []struct {
		section, text string
		want          bool
	}{{"AllowVerbs", "HEAD", false}, {"AllowVerbs", "GET", true}, {"DenyExtensions", ".htr", true}, {"DenyExtensions", ".asp", false}, {"DenyHeaders", "translate:", true}} {
		if _, got := u.Find(c.section, c.text); got != c.want {
			t.Errorf("%s %s: %v", c.section, c.text, got)
		}
	}
}

func TestUrlScanRules(t *testing.T) {
	u, _ := ReadUrlScan(fixture(t, "UrlScan.ini"))
	if len(u.Rules) != 1 {
		t.Fatal(u.Rules)
	}
	r := u.Rules[0]
	if r.Name != "Sql" || place(r.At) != "34:1 [Sql]" || !r.ScanQueryString || r.ScanURL || r.DenyUnescapedPercent {
		t.Errorf("%+v at %s", r, place(r.At))
	}
	if d := cmp.Diff([]string{".asp", ".aspx"}, r.AppliesTo); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"--", "/*"}, texts(r.Deny)); d != "" {
		t.Error(d)
	}
}

func TestUrlScanProblems(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"[Options]\nUseAllowVerbs=2\nAllowDotsInPath=1\nEnableLogging\nRuleList=A,B\n[A]\nDenyDataSection=C\n[RequestLimits]\nMaxUrl=many\nMaxUrl=1\n", []string{
			"4:1 a line that is no setting, in [Options]", "7:17 a DenyDataSection that the file does not hold", "5:10 a rule without its section in RuleList",
			"2:15 UseAllowVerbs with a value that is neither 0 nor 1", "3:17 an option that UrlScan does not know: AllowDotsInPath", "9:8 a limit that is no number: MaxUrl"}},
		{"", nil},
		{"[DenyVerbs]\nPUT\n[options]\nUseAllowVerbs=0\nUseAllowVerbs=1\n[denyverbs]\nDELETE\n", nil},
	} {
		u, problems := ReadUrlScan(source.NewText("UrlScan.ini", []byte(c.text)))
		if d := cmp.Diff(c.want, said(problems)); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
		if strings.HasPrefix(c.text, "[DenyVerbs]") {
			flag, _ := u.Flag("UseAllowVerbs")
			list, _ := u.List("DenyVerbs")
			if flag != No || len(list) != 2 {
				t.Errorf("what stands twice: %v %v", flag, list)
			}
		}
	}
}

func TestUrlScanLog(t *testing.T) {
	type row struct {
		Time, Client, Site, Method, Path string
		Kind                             UrlScanReason
		Subject                          string
		Rejected                         bool
		Line                             int
	}
	for _, c := range []struct {
		file     string
		problems []string
		want     []row
	}{
		{"UrlScan.log", nil, []row{
			{"2007-11-28 08:32:10", "192.0.2.x", "1", "", "/shop/..%2f", UrlScanSequence, "..", true, 4},
			{"2007-11-28 08:32:12", "192.0.2.x", "2", "", "/tools/it's.exe", UrlScanExtension, ".exe", true, 5},
			{"2007-11-28 08:32:13", "2001:db8:1::x", "1", "", "/v1.0/a.asp", UrlScanDot, "", true, 6},
			{"2007-11-28 08:32:14", "192.0.2.x", "1", "", "/", UrlScanVerb, "OPTIONS", false, 7},
		}},
		{"UrlScan3.log", []string{"7:1 a row that does not fit #Fields"}, []row{
			{"2009-03-02 09:00:01", "192.0.2.x", "1", "GET", "/a.exe", UrlScanExtension, ".exe", true, 5},
			{"2009-03-02 09:00:02", "192.0.2.x", "1", "POST", "/up.asp", UrlScanLength, "", true, 6},
		}},
	} {
		l, problems := ReadUrlScanLog(fixture(t, c.file))
		if d := cmp.Diff(c.problems, said(problems)); d != "" {
			t.Errorf("%s: %s", c.file, d)
		}
		var got []row
		for r := range l.Rows() {
			got = append(got, row{r.Time.Format("2006-01-02 15:04:05"), r.Client, r.Site, r.Method, r.Path, r.Kind, r.Subject, r.Rejected, r.Pos().Line})
		}
		if d := cmp.Diff(c.want, got); d != "" || l.Len() != len(c.want) {
			t.Errorf("%s: %d rows %s", c.file, l.Len(), d)
		}
	}
}
