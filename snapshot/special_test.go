//go:build unix

package snapshot

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Links out of the folder, pipes and sockets are problems. A pipe that were
// opened would hang the test.
func TestSpecialFiles(t *testing.T) {
	outside := folder(t, map[string]string{"secret.xml": tinyMetabase, "dir/x.htm": "x"})
	dir := folder(t, map[string]string{"real.xml": tinyMetabase, "content/C/w/a.htm": "a", "content/C/w/sub/b.htm": "b"})
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, syscall.Mkfifo(at("pipe.xml"), 0o644))
	must(t, syscall.Mkfifo(at("content/C/w/pipe.asp"), 0o644))
	must(t, os.Symlink(filepath.Join(outside, "secret.xml"), at("absolute.xml")))
	must(t, os.Symlink("../"+filepath.Base(outside)+"/secret.xml", at("relative.xml")))
	must(t, os.Symlink("nowhere.xml", at("dangling.xml")))
	must(t, os.Symlink("loop.xml", at("loop.xml")))
	must(t, os.Symlink(filepath.Join(outside, "dir"), at("content/C/out")))
	must(t, os.Symlink("..", at("content/C/w/up")))
	must(t, os.Symlink("sub/b.htm", at("content/C/w/inside.htm")))

	done := make(chan struct{})
	time.AfterFunc(20*time.Second, func() {
		select {
		case <-done:
		default:
			panic("Open hangs")
		}
	})
	s, err := Open(dir)
	close(done)
	must(t, err)
	want := []string{
		"absolute.xml a link that leads out of the folder or to nothing",
		"content/C/out a link that leads out of the folder or to nothing",
		"content/C/w/pipe.asp a pipe",
		"content/C/w/up a link to a folder",
		"dangling.xml a link that leads out of the folder or to nothing",
		"loop.xml a link that leads out of the folder or to nothing",
		"pipe.xml a pipe",
		"relative.xml a link that leads out of the folder or to nothing",
	}
	if d := cmp.Diff(want, problems(s)); d != "" {
		t.Error(d)
	}
	if s.Metabase == nil {
		t.Error("real.xml was not read")
	}
	if d := cmp.Diff([]string{`C:\w\a.htm a`, `C:\w\inside.htm b`, `C:\w\sub\b.htm b`}, walk(t, s.Content, `C:\w`)); d != "" {
		t.Error(d)
	}

	for path, want := range map[string]string{at("pipe.xml"): " a pipe", "/dev/null": " a device"} {
		s, err := Open(path)
		must(t, err)
		if d := cmp.Diff([]string{path + want}, problems(s)); d != "" {
			t.Error(d)
		}
	}
}

func TestDeepFolders(t *testing.T) {
	dir := folder(t, map[string]string{"m.xml": tinyMetabase})
	deep := filepath.Join(dir, "content", "C")
	for range 140 {
		deep = filepath.Join(deep, "d")
	}
	must(t, os.MkdirAll(deep, 0o755))
	s, err := Open(dir)
	must(t, err)
	if len(s.Problems) != 1 || s.Problems[0].Found != "folders nested too deep" {
		t.Error(s.Problems)
	}
}
