package snapshot

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"
)

// TestHoldBounded: what is held, and what is thrown away before a limit is met, take
// no more memory than was allowed.
func TestHoldBounded(t *testing.T) {
	const limit = 32 << 20
	for name, r := range map[string]io.Reader{
		"beyond": forever{}, "just so": io.LimitReader(forever{}, limit), "one byte beyond": io.LimitReader(forever{}, limit+1),
	} {
		c := newCollector()
		c.limits.Memory = limit
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		held, err := c.hold(r)
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > limit+2*blockSize {
			t.Errorf("%s: %d bytes taken for %d", name, taken, limit)
		}
		if over := (overLimit{}); errors.As(err, &over) != (name != "just so") || (held == nil) != (err != nil) {
			t.Errorf("%s: %v %v", name, held != nil, err)
		}
		if want := int64(limit); name == "just so" && c.held != want || name != "just so" && c.held != 0 {
			t.Errorf("%s: %d bytes count as held", name, c.held)
		}
	}
}

func TestBlocks(t *testing.T) {
	want := make([]byte, 2*blockSize+7)
	for i := range want {
		want[i] = byte(i * 7 >> 3)
	}
	held, err := newCollector().hold(iotest.HalfReader(bytes.NewReader(want)))
	must(t, err)
	if got, err := io.ReadAll(io.NewSectionReader(held, 0, held.size)); err != nil || !bytes.Equal(got, want) {
		t.Error(len(got), err)
	}
	for _, c := range []struct {
		off  int64
		n    int
		want int
		err  error
	}{{blockSize - 3, 6, 6, nil}, {2*blockSize + 5, 6, 2, io.EOF}, {2*blockSize + 7, 1, 0, io.EOF}, {1 << 40, 1, 0, io.EOF}} {
		p := make([]byte, c.n)
		n, err := held.ReadAt(p, c.off)
		if n != c.want || err != c.err || n > 0 && !bytes.Equal(p[:n], want[c.off:c.off+int64(n)]) {
			t.Error(c, n, err)
		}
	}
	if _, err := newCollector().hold(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("a stream that is cut off:", err)
	}
}
