package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestHelpExamples runs every example of every help text, in a folder that holds
// server/ and metabase.xml.
func TestHelpExamples(t *testing.T) {
	dir := t.TempDir()
	if err := copyServer(dir); err != nil {
		t.Fatal(err)
	}
	helps := [][]string{{"--help"}}
	for _, c := range (&program{}).app(nil).Commands {
		helps = append(helps, []string{c.Name, "--help"})
	}
	for _, help := range helps {
		var out bytes.Buffer
		if code := run(append([]string{"iisdoctor"}, help...), nil, &out, io.Discard); code != 0 {
			t.Fatalf("%v: exit code %d", help, code)
		}
		found := 0
		for line := range strings.Lines(out.String()) {
			if command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ "); ok {
				found++
				t.Run(command, func(t *testing.T) { runExample(t, dir, words(t, command)) })
			}
		}
		if found == 0 {
			t.Errorf("%v shows no example", help)
		}
	}
}

// runExample wants an answer: exit code 0, or 1 for findings. A server is ended
// when it runs.
func runExample(t *testing.T, dir string, args []string) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
	defer timer.Stop()
	talk := untilInterrupt(stderr, cmd)
	err = cmd.Wait()
	exit := (*exec.ExitError)(nil)
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFindings) {
		t.Errorf("%v\n%s", err, talk)
	}
	if strings.Contains(talk, "iisdoctor: ") {
		t.Error(talk)
	}
	toFile := slices.ContainsFunc(args, func(a string) bool { return a == "--to" || strings.Contains(a, "=") })
	if stdout.Len() == 0 && !toFile {
		t.Error("no output")
	}
}

// untilInterrupt reads what the program says, and does what it says: Ctrl-C.
func untilInterrupt(stderr io.Reader, cmd *exec.Cmd) string {
	var talk strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := stderr.Read(buf)
		talk.Write(buf[:n])
		if strings.Contains(string(buf[:n]), "Ctrl-C") {
			if cmd.Process.Signal(os.Interrupt) != nil {
				cmd.Process.Kill()
			}
		}
		if err != nil {
			return talk.String()
		}
	}
}

// words splits a command line as a shell does; single quotes are all it knows.
func words(t *testing.T, line string) []string {
	var all []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			all = append(all, part)
			continue
		}
		if strings.ContainsAny(part, `"$\|<>*`) {
			t.Fatalf("%s: a shell would change this", line)
		}
		all = append(all, strings.Fields(part)...)
	}
	return all
}
