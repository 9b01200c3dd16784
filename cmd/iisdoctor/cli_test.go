package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/source"
)

func TestPermute(t *testing.T) {
	flags := (&program{}).scan().Flags
	for _, c := range []struct{ in, want string }{
		{"a", "-- a"},
		{"a -o json", "-o json -- a"},
		{"a --output=json b --verbose c", "--output=json --verbose -- a b c"},
		{"--verbose a", "--verbose -- a"},
		{"a -- -o --verbose", "-- a -o --verbose"},
		{"- -o text", "-o text -- -"},
		{"a --unknown b", "--unknown -- a b"},
		{"a -h b", "--help"},
		{"-o -h a", "-o -h -- a"},
		{"-fail-on never a", "-fail-on never -- a"},
	} {
		got, err := permute(flags, strings.Fields(c.in))
		if diff := cmp.Diff(strings.Fields(c.want), got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", c.in, err, diff)
		}
	}
	if _, err := permute(flags, []string{"a", "--fail-on"}); err == nil {
		t.Error("a flag without its value is accepted")
	}
}

func TestUseColor(t *testing.T) {
	for _, c := range []struct {
		when          string
		terminal      bool
		noColor, term string
		want          bool
	}{
		{"auto", true, "", "xterm", true},
		{"auto", false, "", "xterm", false},
		{"auto", true, "1", "xterm", false},
		{"auto", true, "", "dumb", false},
		{"always", false, "1", "dumb", true},
		{"never", true, "", "xterm", false},
	} {
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("TERM", c.term)
		if got, err := useColor(c.when, c.terminal); got != c.want || err != nil {
			t.Errorf("%+v: %v, %v", c, got, err)
		}
	}
	if _, err := useColor("", true); err == nil {
		t.Error("an empty --color is accepted")
	}
}

// TestReplaceFile wants a file to be whole or as it was, with its mode kept.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.json")
	if err := os.WriteFile(name, []byte("before, and longer"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(name, []byte("after")); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil || string(data) != "after" {
		t.Errorf("%q, %v", data, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestParseOutputs(t *testing.T) {
	formats := []string{"text", "json"}
	got, err := parseOutputs([]string{"json=a=b.json", "text=-"}, formats)
	if want := []output{{"json", "a=b.json"}, {"text", ""}}; err != nil || !cmp.Equal(got, want, cmp.AllowUnexported(output{})) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err = parseOutputs(nil, formats); err != nil || len(got) != 1 || got[0].format != "text" {
		t.Errorf("default: %v, %v", got, err)
	}
}

// failing is standard output on a full disk.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestWriteErrors wants a report that could not be written to be an error.
func TestWriteErrors(t *testing.T) {
	full := failing{errors.New("no space left on device")}
	for _, args := range []string{
		"scan testdata/server", "scan -o json testdata/server", "trace testdata/server http://www.contoso.com/",
		"why testdata/server /LM/W3SVC AuthFlags", "explain 404.3", "list", "version", "reproduce metabase-value",
	} {
		var stderr strings.Builder
		code := run(append([]string{"iisdoctor"}, strings.Fields(args)...), nil, full, &stderr)
		if code != exitUsage || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%s: exit code %d, %q", args, code, stderr.String())
		}
	}
}

// TestEnd wants untrusted text in a message to be harmless on a terminal.
func TestEnd(t *testing.T) {
	var stderr strings.Builder
	code := end(fmt.Errorf("wrapped: %w", usage("a\x1b[31mhint", "a\x1b[31mname")), &stderr)
	if code != exitUsage || strings.Contains(stderr.String(), "\x1b") || !strings.Contains(stderr.String(), "hint") {
		t.Errorf("%d %q", code, stderr.String())
	}
	if code := end(nil, io.Discard); code != exitClean {
		t.Errorf("no error: %d", code)
	}
}

// TestKeepable wants --keep to ask for one ID where a code has several.
func TestKeepable(t *testing.T) {
	one, two := checks.Check{ID: "one"}, checks.Check{ID: "two"}
	err := keepable([]checks.Check{one, two})
	if e := (exitError{}); !errors.As(err, &e) || e.code != exitUsage || e.hint != "name one of them: one, two" {
		t.Errorf("several: %v", err)
	}
	if err := keepable([]checks.Check{{ID: "quiet", ConfigOnly: true}}); err == nil {
		t.Error("a fault that no request shows is kept for a browser")
	}
	if err := keepable([]checks.Check{one}); err != nil {
		t.Error(err)
	}
}

// TestVerdict is the contract of the exit codes of scan.
func TestVerdict(t *testing.T) {
	problems := []source.Problem{{Found: "the end of the file"}}
	for _, c := range []struct {
		worst    checks.Severity
		problems []source.Problem
		failOn   string
		want     int
	}{
		{"", nil, "info", 0}, {"", problems, "never", 3},
		{checks.Info, nil, "info", 1}, {checks.Info, nil, "warning", 0}, {checks.Info, nil, "error", 0}, {checks.Info, nil, "never", 0},
		{checks.Warning, nil, "info", 1}, {checks.Warning, nil, "warning", 1}, {checks.Warning, nil, "error", 0}, {checks.Warning, nil, "never", 0},
		{checks.Error, nil, "info", 1}, {checks.Error, nil, "warning", 1}, {checks.Error, nil, "error", 1}, {checks.Error, nil, "never", 0},
		{checks.Error, problems, "error", 3}, {checks.Error, problems, "never", 3},
	} {
		r := checks.Report{Problems: c.problems}
		if c.worst != "" {
			r.Findings = []checks.Finding{{Severity: checks.Info}, {Severity: c.worst}}
		}
		limit, err := parseFailOn(c.failOn)
		if err != nil {
			t.Fatal(err)
		}
		if got := end(verdict(r, limit), io.Discard); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}
