package main

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata")

// quickEnd keeps the race detector from waiting a second at the end of every process.
const quickEnd = "atexit_sleep_ms=0"

// TestMain makes this test binary answer as the command iisdoctor.
func TestMain(m *testing.M) {
	os.Setenv("GORACE", quickEnd)
	testscript.Main(m, map[string]func(){"iisdoctor": main})
}

// TestScripts runs the transcripts. Each starts in a folder with the small server
// of testdata/server, as server/ and, its metabase alone, as metabase.xml.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "await": await, "packed": packed},
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", quickEnd)
			return copyServer(env.WorkDir)
		},
	})
}

// copyServer puts the small server into a folder.
func copyServer(dir string) error {
	if err := os.CopyFS(filepath.Join(dir, "server"), os.DirFS("testdata/server")); err != nil {
		return err
	}
	metabase, err := fs.ReadFile(os.DirFS("testdata/server"), "MetaBase.xml")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "metabase.xml"), metabase, 0o666)
}

// exits CODE PROGRAM ARGS... runs a program and wants that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || neg {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	err = ts.Exec(args[1], args[2:]...)
	got, exit := 0, (*exec.ExitError)(nil)
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// await FILE waits until a program in the background has written a file.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for range 200 {
		if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.Size() > 0 {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	ts.Fatalf("%s was not written", args[0])
}
