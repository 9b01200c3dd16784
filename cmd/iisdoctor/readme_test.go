package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReadme runs every iisdoctor line of README.md in the root of the project
// and compares what the page shows with what the program prints. A line "..."
// stands for any lines.
func TestReadme(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	runs := transcripts(string(page))
	if len(runs) < 4 {
		t.Fatalf("%d runs in README.md; is its form as before?", len(runs))
	}
	inRoot(t)
	for _, r := range runs {
		t.Run(r.command, func(t *testing.T) {
			command := strings.Replace(r.command, "go run ./cmd/iisdoctor", "iisdoctor", 1)
			var out, stderr bytes.Buffer
			if code := run(words(t, command), nil, &out, &stderr); code > exitFindings || stderr.Len() > 0 {
				t.Fatalf("exit code %d: %s", code, &stderr)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if *update {
				page = bytes.Replace(page, r.block(), transcript{r.command, renew(lines, r.output)}.block(), 1)
				return
			}
			if !shows(lines, r.output) {
				t.Errorf("README.md shows\n%s\nbut it is\n%s", strings.Join(r.output, "\n"), &out)
			}
		})
	}
	if *update {
		if err := os.WriteFile("README.md", page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// inRoot makes the project's root the working folder, with an environment like
// that of a pipe.
func inRoot(t *testing.T) {
	t.Chdir("../..")
	t.Setenv("COLUMNS", "")
	t.Setenv("NO_COLOR", "1")
}

type transcript struct {
	command string
	output  []string // empty where the page shows none
}

func (r transcript) block() []byte {
	return []byte("$ " + strings.Join(append([]string{r.command}, r.output...), "\n") + "\n```\n")
}

// renew is what the page will show: the whole output, or where it began with a
// gap, the end of it from the same line on. Other gaps are kept.
func renew(lines, shown []string) []string {
	switch i := slices.Index(shown, "..."); {
	case i < 0:
		return lines
	case i == 0 && slices.Index(shown[1:], "...") < 0:
		for at := len(lines) - 1; at >= 0; at-- {
			if lines[at] == shown[1] {
				return append([]string{"..."}, lines[at:]...)
			}
		}
	}
	return shown
}

// transcripts are the lines "$ iisdoctor ..." (or go run) of the code blocks, each
// with the lines up to the next command or the block's end.
func transcripts(page string) []transcript {
	var all []transcript
	code, open := false, false
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "```") {
			code, open = !code, false
			continue
		}
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case !code:
		case isCommand:
			open = strings.HasPrefix(command, "iisdoctor ") || strings.HasPrefix(command, "go run ./cmd/iisdoctor ")
			if open {
				all = append(all, transcript{command: command})
			}
		case open:
			last := &all[len(all)-1]
			last.output = append(last.output, line)
		}
	}
	return all
}

// shows reports whether the lines match; "..." matches any number of them.
func shows(lines, shown []string) bool {
	if len(shown) == 0 {
		return true
	}
	for i, want := range shown {
		if strings.TrimSpace(want) == "..." {
			rest := shown[i+1:]
			for skip := range len(lines) + 1 {
				if matches(lines[skip:], rest) {
					return true
				}
			}
			return false
		}
		if len(lines) == 0 || strings.TrimRight(lines[0], " ") != strings.TrimRight(want, " ") {
			return false
		}
		lines = lines[1:]
	}
	return len(lines) == 0
}

// matches is shows for what follows a gap, which must not be empty for nothing.
func matches(lines, shown []string) bool {
	if len(shown) == 0 {
		return true
	}
	return shows(lines, shown)
}

func TestShows(t *testing.T) {
	lines := []string{"a", "b", "c", "d"}
	for _, c := range []struct {
		shown string
		want  bool
	}{
		{"a b c d", true}, {"a b c", false}, {"a x c d", false}, {"a ... d", true}, {"... c d", true},
		{"a b ...", true}, {"... b ... d", true}, {"... b ... c", false}, {"... x ...", false}, {"a b c d e", false},
	} {
		if got := shows(lines, strings.Fields(c.shown)); got != c.want {
			t.Errorf("%s: %v", c.shown, got)
		}
	}
}
