package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// A file of evidence that was not read is told in a line; files that are none,
// and those among the problems, only in the list of --verbose and above.
func TestNotRead(t *testing.T) {
	r := checks.Report{
		Files: []snapshot.File{
			{Path: "MetaBase.xml", Kind: snapshot.KindMetabase},
			{Path: "History/MetaBase_1.xml", Kind: snapshot.KindHistory, Note: "a copy of the metabase"},
			{Path: "a.log", Kind: snapshot.KindNCSALog, Note: "an NCSA log. Choose W3C."},
			{Path: "System.evtx", Kind: snapshot.KindEVTX, Note: "a binary event log. Export it."},
			{Path: "b\x1b[2J.log", Kind: snapshot.KindNCSALog, Note: "an NCSA log. Choose W3C."},
			{Path: "notes.txt", Kind: snapshot.KindUnknown, Note: "no evidence"},
			{Path: "asked.evt", Kind: snapshot.KindEVT, Note: "a binary event log. Export it."},
		},
		Problems: []source.Problem{{Pos: source.Pos{File: "asked.evt"}, Found: "a binary event log, which is not read"}},
	}
	for _, c := range []struct {
		o    Options
		want []string
	}{
		{Options{}, []string{
			"not read: a.log and 1 more: an NCSA log. Choose W3C.",
			"not read: System.evtx: a binary event log. Export it.",
		}},
		{Options{Verbose: true}, []string{
			"not read: History/MetaBase_1.xml: a copy of the metabase",
			"not read: a.log: an NCSA log. Choose W3C.",
			"not read: System.evtx: a binary event log. Export it.",
			"not read: b␛[2J.log: an NCSA log. Choose W3C.",
			"not read: notes.txt: no evidence",
		}},
	} {
		_, got, _ := strings.Cut(report(t, "text", r, c.o), "skipped\n")
		if d := cmp.Diff(c.want, strings.Split(strings.TrimSpace(got), "\n")); d != "" {
			t.Errorf("%+v (-want +got):\n%s", c.o, d)
		}
	}
}

func TestLine(t *testing.T) {
	for s, want := range map[string]string{"": "     ", "abc": "abc  ", "abcde": "abcde", "abcdef": "abcd…", "日本語": "日本…", "\r\n": "␍␊   "} {
		if got := Line(s, 5); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
