package reports

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain, Größe, 日本", "plain, Größe, 日本"},
		{"\x1b[31mred", "␛[31mred"},
		{"a\r\nb\tc\x00", "a␍␊b␉c␀"},
		{"\x7f\u0085\u009b31m", `␡\u{85}\u{9b}31m`},
		{"\u202egnp.exe", `\u{202e}gnp.exe`},
		{"\u2066x\u2069\u200b\ufeff\u2028\u00ad", `\u{2066}x\u{2069}\u{200b}\u{feff}\u{2028}\u{ad}`},
		{"a\u115f\u1160\u3164\uffa0\u2800b\u3131", `a\u{115f}\u{1160}\u{3164}\u{ffa0}\u{2800}b` + "\u3131"},
		{"\U000e0041", `\u{e0041}`},
		{"bad\xff\xfe\ufffd", "bad\\xff\\xfe\ufffd"},
	} {
		if got := Visible(c.in); got != c.want {
			t.Errorf("Visible(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// hostile holds everything that a terminal, a JSON reader or GitHub would obey.
const hostile = "\x1b[31m\x1b]0;t\x07 ::error::x\r\n\t\u202e\u2067\u200b\u2028\u009b5m\x7f\xff\U000e0041 % , : `\"<&>"

// hostileReport says hostile wherever a text can stand.
func hostileReport() checks.Report {
	text := source.NewText("m"+hostile+".xml", []byte("Path=\""+strings.ReplaceAll(hostile, "\n", "")+"\"\n"))
	remedy := checks.Remedy{
		Title: hostile, Steps: []string{hostile}, Risk: hostile,
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/" + hostile, Property: "Path", Op: metabase.Set, Value: hostile}},
	}
	var r checks.Report
	for _, severity := range []checks.Severity{checks.Error, checks.Warning, checks.Info, checks.Error, checks.Error} {
		r.Findings = append(r.Findings, checks.Finding{
			ID: "x" + hostile, Codes: []string{hostile}, Severity: severity, Certainty: checks.Possible, Missing: hostile,
			Title: hostile, Message: hostile, Span: text.Span(6, 20), Key: hostile, Property: hostile, Value: hostile, Origin: "/" + hostile,
			Affects: []string{hostile, hostile}, Witness: &checks.Witness{Method: hostile, URL: hostile}, Seen: hostile,
			HiddenBy: &checks.Hidden{ID: hostile, Status: hostile, File: hostile, Line: 1},
			Observed: &checks.Observation{Count: 1, First: hostile, Last: hostile, Samples: []string{hostile}},
			Remedies: []checks.Remedy{remedy, remedy},
		})
	}
	r.Files = []snapshot.File{{Path: hostile}}
	r.Skipped = []checks.Skip{{ID: hostile, Reason: hostile, Collect: hostile}}
	r.Problems = []source.Problem{{Pos: text.Span(1, 2).Pos(), Found: hostile, Expected: hostile, Hint: hostile}}
	return r
}

// harmless fails for a character that is obeyed and not shown.
func harmless(t *testing.T, what, out string) {
	t.Helper()
	for i, r := range out {
		if r == '\n' {
			continue
		}
		if r < ' ' || r >= 0x7f && r <= 0x9f || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Errorf("%s: %U at byte %d, after %q", what, r, i, out[max(0, i-40):i])
			return
		}
	}
	if !utf8.ValidString(out) {
		t.Errorf("%s is not UTF-8", what)
	}
}

func TestHostileText(t *testing.T) {
	for _, f := range Formats {
		for _, w := range []int{0, 1, 40, 80, 120, 200} {
			for _, verbose := range []bool{false, true} {
				out := report(t, f.Name, hostileReport(), Options{Width: w, Verbose: verbose})
				harmless(t, fmt.Sprintf("%s at width %d", f.Name, w), out)
			}
		}
	}
	because := &iis.Because{Span: source.NewText(hostile, []byte(hostile)).Span(0, 4), Key: hostile, Property: hostile, Value: hostile}
	trace := iis.Outcome{
		Request: iis.Request{Method: hostile, Host: hostile, IP: hostile, Path: "/" + hostile, Query: hostile},
		Target:  iis.Target{Site: hostile, Pool: hostile, Key: hostile, Physical: hostile},
		Status:  hostile, Reason: hostile, KernelReason: hostile, Stage: "s", Because: because, Location: hostile, ContentType: hostile,
		Steps: []iis.Step{{Stage: "s", Result: hostile, Detail: hostile, Because: because}, {Stage: hostile, Result: "pass", Because: because}},
		ASP:   &iis.ASPError{Code: hostile, Title: hostile, URL: hostile},
	}
	from := origin{key: hostile, property: hostile, value: setting{kind: metabase.Own, key: hostile, written: hostile, text: hostile, span: because.Span}}
	from.chain = []setting{from.value}
	from.lists = []setting{{key: hostile, text: hostile}, {key: hostile, items: []entry{{text: hostile, name: "a"}, {text: hostile, name: "a"}}}}
	words := checks.Words{ID: hostile, Title: hostile, Codes: []string{hostile}, Symptom: hostile, Cause: "```\n" + hostile, Remedy: "    " + hostile, Sources: "| " + hostile}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"trace":      func(b *bytes.Buffer) error { return WriteTrace(b, "text", trace, Options{Verbose: true}) },
		"trace json": func(b *bytes.Buffer) error { return WriteTrace(b, "json", trace, Options{}) },
		"why":        func(b *bytes.Buffer) error { return whyText(b, from, Options{Width: 40}) },
		"why json":   func(b *bytes.Buffer) error { return encode(b, whyJSON(from)) },
		"explain":    func(b *bytes.Buffer) error { return WriteWords(b, words, []checks.Words{words}, Options{}) },
		"list": func(b *bytes.Buffer) error {
			return WriteList(b, []checks.Check{{ID: hostile, Codes: []string{hostile}, Severity: hostile}}, func(string) (checks.Words, bool) { return words, true }, Options{})
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		harmless(t, name, b.String())
	}
}

// GitHub reads a command at the start of any line: each line must be one of ours.
func TestHostileGitHub(t *testing.T) {
	out := report(t, "github", hostileReport(), Options{})
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 7 {
		t.Fatalf("5 findings, 1 problem and 1 notice make 7 lines, got %d:\n%s", len(lines), out)
	}
	for i, level := range []string{"error", "warning", "notice", "error", "error", "error", "notice"} {
		if !strings.HasPrefix(lines[i], "::"+level+" ") {
			t.Errorf("line %d: want ::%s, got %.40s", i, level, lines[i])
		}
	}
}

// TestInjectedLines: nothing of a value stands in a line by itself as if the report said
// it, and no line commands the program that runs a build.
func TestInjectedLines(t *testing.T) {
	const value = "x\n::stop-commands::tok\nremedy: run\ncscript evil.vbs ::add-mask::a ##[error]b ##vso[task.c]d "
	long := value + strings.Repeat(value, 40)
	r := hostileReport()
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Message, f.Title, f.Missing, f.Affects, f.Value = long, value, long, []string{long, long}, value
		f.Remedies[0].Steps, f.Remedies[0].Risk, f.Remedies[0].Title = []string{long}, long, value
	}
	r.Problems[0].Found = long
	for _, format := range []string{"text", "table"} {
		for w := 40; w <= 100; w += 4 {
			for _, verbose := range []bool{false, true} {
				out := report(t, format, r, Options{Width: w, Verbose: verbose})
				for l := range strings.Lines(out) {
					l = strings.TrimSpace(l)
					if strings.HasPrefix(l, "::") || strings.Contains(l, "##[") || strings.Contains(l, "##vso[") {
						t.Fatalf("%s at width %d: a build obeys %q", format, w, l)
					}
					if l == "cscript evil.vbs" || l == "remedy: run" {
						t.Fatalf("%s at width %d: %q stands by itself", format, w, l)
					}
				}
				if !strings.Contains(out, "x␊") {
					t.Fatalf("%s at width %d does not show the line end", format, w)
				}
			}
		}
	}
}

func TestUncommanded(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a ::x::", "a ::x::"},
		{"::x::y", `\u{3a}:x::y`},
		{"a\n \u00a0::x", "a\n \u00a0\\u{3a}:x"},
		{": :x", ": :x"},
		{"a ##[x] #[y ##vso[z", `a #\u{23}[x] #[y #\u{23}vso[z`},
	} {
		if got := Uncommanded(c.in); got != c.want {
			t.Errorf("Uncommanded(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestEscapeGitHub(t *testing.T) {
	var b bytes.Buffer
	annotate(&b, "error", source.Pos{File: `content\C\a,b:c%.asp`, Line: 3, Column: 5, EndColumn: 5}, "50%: a, b", "x: 50%, y\nz")
	want := "::error file=content/C/a%2Cb%3Ac%25.asp,line=3,col=5,title=50%25%3A a%2C b::x: 50%25, y%0Az\n"
	if b.String() != want {
		t.Errorf("got  %swant %s", b.String(), want)
	}
}

func TestEncodeInert(t *testing.T) {
	var b bytes.Buffer
	if err := encode(&b, "\x1b\x7f\u0085\u202e\u2028\U000e0041<&>é"); err != nil {
		t.Fatal(err)
	}
	if want := `"\u001b\u007f\u0085\u202e\u2028\udb40\udc41<&>é"` + "\n"; b.String() != want {
		t.Errorf("got %s want %s", b.String(), want)
	}
}

func FuzzVisible(f *testing.F) {
	f.Add(hostile)
	f.Fuzz(func(t *testing.T, s string) {
		once := Visible(s)
		harmless(t, "Visible", strings.ReplaceAll(once, "\n", "\x00"))
		if again := Visible(once); again != once {
			t.Errorf("%q becomes %q and then %q", s, once, again)
		}
	})
}

// Passwords of other programs stand in values, log lines and source lines.
func TestNoForeignPassword(t *testing.T) {
	const line = "GET /login.asp?user=a&password=Sesam1 DSN=x;Pwd=Sesam1;Server=y"
	text := source.NewText("page.asp", []byte(line))
	f := checks.Finding{
		ID: "x", Severity: checks.Error, Span: text.Span(4, 14), Value: line, Message: "it says " + line,
		Observed: &checks.Observation{Count: 1, Samples: []string{line}},
	}
	because := &iis.Because{Span: text.Span(0, 3), Value: line}
	note := f
	note.Severity = checks.Info
	r := checks.Report{
		Findings: []checks.Finding{f, f, f, f, note},
		Problems: []source.Problem{{Pos: source.Pos{File: "page.asp"}, Found: line}},
	}
	for _, format := range Formats {
		for _, verbose := range []bool{false, true} {
			out := report(t, format.Name, r, Options{Verbose: verbose})
			if strings.Contains(out, "Sesam1") || !strings.Contains(out, source.Withheld) {
				t.Errorf("%s shows a password:\n%s", format.Name, out)
			}
		}
	}
	for _, format := range []string{"text", "json"} {
		var b bytes.Buffer
		if err := WriteTrace(&b, format, iis.Outcome{Because: because, Steps: []iis.Step{{Detail: line, Because: because}}}, Options{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "Sesam1") || !strings.Contains(b.String(), source.Withheld) {
			t.Errorf("trace as %s:\n%s", format, b.String())
		}
	}
}
