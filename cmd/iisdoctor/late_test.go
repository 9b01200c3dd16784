package main

import (
	"bytes"
	"slices"
	"strings"
	"sync"
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
		if len(out.list()) != 0 {
			t.Errorf("written at once: %q", out.list())
		}
		time.Sleep(2 * lateness)
		synctest.Wait()
		if got := strings.Join(out.list(), "|"); got != "one\ntwo\n" {
			t.Errorf("after a moment: %q", got)
		}
		l.Write(bytes.Repeat([]byte("x"), lateSize))
		if len(out.list()) != 2 || len(out.list()[1]) != lateSize {
			t.Errorf("much is written at once; %d pieces", len(out.list()))
		}
		l.Write([]byte("last\n"))
		l.flush()
		if len(out.list()) != 3 || out.list()[2] != "last\n" {
			t.Errorf("flushed: %q", out.list()[2:])
		}
		time.Sleep(2 * lateness)
		if len(out.list()) != 3 {
			t.Errorf("written twice: %q", out.list()[3:])
		}
	})
}

type pieces struct {
	mu  sync.Mutex
	all []string
}

func (p *pieces) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, string(b))
	return len(b), nil
}

func (p *pieces) list() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.all)
}
