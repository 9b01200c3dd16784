package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestLateWriter: what is written comes out in order, soon, and in few pieces.
func TestLateWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &pieces{}
		l := &lateWriter{w: out}
		l.Write([]byte("one\n"))
		l.Write([]byte("two\n"))
		synctest.Wait()
		if len(out.all) != 0 {
			t.Errorf("written at once: %q", out.all)
		}
		time.Sleep(2 * lateness)
		synctest.Wait()
		if got := strings.Join(out.all, "|"); got != "one\ntwo\n" {
			t.Errorf("after a moment: %q", got)
		}
		l.Write(bytes.Repeat([]byte("x"), lateSize))
		if len(out.all) != 2 || len(out.all[1]) != lateSize {
			t.Errorf("much is written at once; %d pieces", len(out.all))
		}
		l.Write([]byte("last\n"))
		l.flush()
		if len(out.all) != 3 || out.all[2] != "last\n" {
			t.Errorf("flushed: %q", out.all[2:])
		}
		time.Sleep(2 * lateness)
		if len(out.all) != 3 {
			t.Errorf("written twice: %q", out.all[3:])
		}
	})
}

type pieces struct{ all []string }

func (p *pieces) Write(b []byte) (int, error) {
	p.all = append(p.all, string(b))
	return len(b), nil
}
