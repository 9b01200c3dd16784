package reports

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/source"
)

var widths = []int{40, 41, 53, 64, 80, 99, 100, 119, 120, 133, 200}

// No escape code without colour, whatever the environment says; with colour the
// same text between the codes.
func TestColour(t *testing.T) {
	for _, format := range []string{"text", "table"} {
		for _, w := range widths {
			plain := report(t, format, sample(t), Options{Width: w})
			if strings.Contains(plain, "\x1b") {
				t.Errorf("%s at width %d: an escape code without colour", format, w)
			}
			coloured := report(t, format, sample(t), Options{Width: w, Color: true})
			if !strings.Contains(coloured, "\x1b[") {
				t.Errorf("%s at width %d: no colour", format, w)
			}
			if d := cmp.Diff(plain, strip(coloured)); d != "" {
				t.Errorf("%s at width %d: colour changes the text:\n%s", format, w, d)
			}
		}
	}
}

// strip takes "ESC [ … m" away, and blanks that end a line.
func strip(s string) string {
	var b strings.Builder
	for s != "" {
		if strings.HasPrefix(s, "\x1b[") {
			s = s[strings.IndexByte(s, 'm')+1:]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// many is a report with long and wide cells in every column.
func many() checks.Report {
	var r checks.Report
	for i := range 30 {
		f := checks.Finding{
			ID: "an-id-" + strings.Repeat("x", i*3), Severity: checks.Warning, Certainty: checks.Observed,
			Message: strings.Repeat("日本語 word ", i) + strings.Repeat("y", i*9) + " é̂ end",
		}
		for c := range i % 5 {
			f.Codes = append(f.Codes, fmt.Sprintf("ASP 01%02d", c))
		}
		name := "content/C/" + strings.Repeat("日本/", i) + "page.asp"
		f.Span = source.NewText(name, []byte("line\n")).Span(i%5, 4)
		r.Findings = append(r.Findings, f)
	}
	return r
}

func TestTablesFit(t *testing.T) {
	for _, w := range widths {
		o := Options{Width: w}
		p := newPrinter(nil, o)
		overview, err := p.overview(many().Findings)
		if err != nil {
			t.Fatal(err)
		}
		table, _, _ := strings.Cut(report(t, "table", many(), o), "\n\n")
		for what, out := range map[string]string{"summary": overview, "table": table} {
			for _, l := range strings.Split(out, "\n") {
				if n := width(l); n > w {
					t.Errorf("%s: %d cells at width %d: %s", what, n, w, l)
				}
			}
		}
	}
}

// The row format may wrap and may not lose: without blanks every message is there.
func TestTableKeepsData(t *testing.T) {
	for _, w := range widths {
		r := many()
		r.Findings = r.Findings[29:]
		var message strings.Builder
		out := report(t, "table", r, Options{Width: w})
		lines := strings.Split(out, "\n")
		head, _, found := strings.Cut(lines[0], "message")
		if !found {
			t.Fatalf("width %d: no message column: %s", w, lines[0])
		}
		column := width(head)
		for _, l := range lines[2:] {
			if l == "" {
				break
			}
			message.WriteString(strings.ReplaceAll(l[len(prefix(l, column)):], " ", ""))
		}
		if want := strings.ReplaceAll(r.Findings[0].Message, " ", ""); message.String() != want {
			t.Errorf("width %d:\ngot  %s\nwant %s", w, message.String(), want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  []string
	}{
		{"", 10, nil},
		{"one two  three", 7, []string{"one two", "three"}},
		{"see http://www.contoso.com/a for more", 10, []string{"see", "http://www.contoso.com/a", "for more"}},
		{"日本 日本", 8, []string{"日本", "日本"}},
		{"日本 日本", 9, []string{"日本 日本"}},
	} {
		if d := cmp.Diff(c.want, wrap(c.in, c.limit)); d != "" {
			t.Errorf("wrap(%q, %d): %s", c.in, c.limit, d)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"extension-prohibited", 12, "extension-\nprohibited"},
		{"abcdefghij", 4, "abcd\nefgh\nij"},
		{"日本語", 1, "日\n本\n語"},
		{"a b\nc", 9, "a b\nc"},
	} {
		if got := fold(c.in, c.limit); got != c.want {
			t.Errorf("fold(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
	if got := elide("extension-prohibited", 8); got != "extensi…" {
		t.Errorf("elide: %q", got)
	}
	if got := elideLeft("metabase.xml:214:12", 8); got != "…:214:12" {
		t.Errorf("elideLeft: %q", got)
	}
}

func TestView(t *testing.T) {
	long := strings.Repeat("a", 100) + "MARK" + strings.Repeat("b", 100)
	for _, c := range []struct {
		name         string
		e            source.Excerpt
		limit        int
		text         string
		from, length int
	}{
		{"whole", source.Excerpt{Line: `Path="C:\x"`, Start: 6, Length: 4}, 40, `Path="C:\x"`, 6, 4},
		{"tabs", source.Excerpt{Line: "a\tb\tc", Start: 4, Length: 1}, 40, "a   b   c", 8, 1},
		{"hidden character before", source.Excerpt{Line: "\u202eab", Start: 1, Length: 2}, 40, `\u{202e}ab`, 8, 2},
		{"wide", source.Excerpt{Line: "日本x", Start: 1, Length: 1}, 40, "日本x", 2, 2},
		{"cut on both sides", source.Excerpt{Line: long, Start: 100, Length: 4}, 20, "…aaaaaaMARKbbbbbbbb…", 7, 4},
		{"cut on the right", source.Excerpt{Line: long, Start: 0, Length: 3}, 20, "aaaaaaaaaaaaaaaaaaa…", 0, 3},
		{"end of a long line", source.Excerpt{Line: long, Start: 204, Length: 0}, 20, "…bbbbbbbbbbbbbbbbbb", 19, 0},
		{"longer than the room", source.Excerpt{Line: long, Start: 0, Length: 204}, 20, "aaaaaaaaaaaaaaaaaaa…", 0, 19},
	} {
		text, from, length := view(c.e, c.limit)
		if text != c.text || from != c.from || length != c.length {
			t.Errorf("%s: %q %d %d, want %q %d %d", c.name, text, from, length, c.text, c.from, c.length)
		}
	}
}

func FuzzView(f *testing.F) {
	f.Add("\tPath=\"C:\\x\"", 7, 4, 40)
	f.Add(hostile, 3, 100, 41)
	f.Fuzz(func(t *testing.T, line string, start, length, limit int) {
		n := len([]rune(line))
		if start < 0 || start > n || length < 0 || length > n-start || limit < 30 || limit > 1000 {
			return
		}
		text, from, marked := view(source.Excerpt{Line: line, Start: start, Length: length}, limit)
		harmless(t, "view", text)
		if width(text) > limit || from+marked > limit+1 {
			t.Errorf("%d cells, mark %d+%d, limit %d: %s", width(text), from, marked, limit, text)
		}
	})
}

func TestNothingFound(t *testing.T) {
	for _, c := range []struct {
		name string
		r    checks.Report
		want string
	}{
		{"all ran", checks.Report{Keys: 1, Properties: 1, Run: 8},
			"No findings from 8 checks.\nread 1 key, 1 property, 0 not understood; 8 checks run, 0 skipped\n"},
		{"some skipped", checks.Report{Keys: 12345, Properties: 1234567, NotUnderstood: 1000, Run: 1, Skipped: []checks.Skip{{ID: "a", Reason: "no web content in the snapshot"}}},
			"skipped: 1 check for want of evidence\n  no web content in the snapshot: a\n  all at once: run on the server what iisdoctor collect --for 2003 prints\n\n" +
				"No findings from 1 check; 1 could not run: see what was skipped.\nread 12,345 keys, 1,234,567 properties, 1,000 not understood; 1 check run, 1 skipped\n"},
		{"nothing ran", checks.Report{Skipped: []checks.Skip{{ID: "a", Reason: "no metabase in the snapshot"}}},
			"skipped: 1 check for want of evidence\n  no metabase in the snapshot: a\n  all at once: run on the server what iisdoctor collect --for 2003 prints\n\n" +
				"No findings, because no check could run: see what was skipped.\nread 0 keys, 0 properties, 0 not understood; 0 checks run, 1 skipped\n"},
		{"unreadable", checks.Report{Run: 1, Problems: []source.Problem{{Pos: source.Pos{File: "m.xml"}, Found: "an empty file"}}},
			"problem: an empty file\n  --> m.xml\n\n" +
				"No findings, but not everything could be read: see the problems above.\n1 problem with the input\nread 0 keys, 0 properties, 0 not understood; 1 check run, 0 skipped\n"},
	} {
		for _, format := range []string{"text", "table"} {
			if d := cmp.Diff(c.want, report(t, format, c.r, Options{Width: 200})); d != "" {
				t.Errorf("%s, %s (-want +got):\n%s", c.name, format, d)
			}
		}
	}
}

// A command is there to be copied: whole, on a line of its own, at any width.
func TestCommandsAreWhole(t *testing.T) {
	for _, w := range widths {
		out := report(t, "text", sample(t), Options{Width: w})
		for _, want := range []string{
			`cscript %SystemRoot%\System32\iisext.vbs /EnFile C:\WINDOWS\system32\inetsrv\asp.dll`,
			`cscript %SystemDrive%\Inetpub\AdminScripts\adsutil.vbs SET W3SVC/1/ROOT/shop/AspEnableParentPaths TRUE`,
			`cscript %SystemDrive%\Inetpub\AdminScripts\adsutil.vbs SET W3SVC/AspScriptTimeout 300`,
		} {
			found := false
			for _, l := range strings.Split(out, "\n") {
				found = found || strings.TrimSpace(l) == want
			}
			if !found {
				t.Errorf("width %d: no line with only %s", w, want)
			}
		}
	}
}
