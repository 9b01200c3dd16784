package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 1, "500": 500, "1k": 1024, "64K": 65536, "512M": 536870912, "16g": 17179869184, "8589934591G": 9223372035781033984,
		"": 0, "0": 0, "K": 0, "-1": 0, "+1": 0, "1.5M": 0, "1KB": 0, " 1": 0, "1T": 0, "0x10": 0,
		"9223372036854775807": 9223372036854775807, "9223372036854775808": 0, "8589934592G": 0,
	} {
		if got, ok := parseSize(text); got != want || ok != (want > 0) {
			t.Errorf("%q: %d, %v", text, got, ok)
		}
	}
	for n, want := range map[int64]string{1: "1", 400: "400", 1024: "1K", 1536: "1536", 512 << 20: "512M", 16 << 30: "16G", 2048 << 30: "2048G"} {
		if got := sizeText(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// TestProgress wants one line that hides what stood there, harms no terminal and
// is gone at the end.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	l := &progressLine{w: &out, cells: 12}
	l.clear()
	l.say("looking at a\x1b[2J.log")
	l.say("done")
	l.clear()
	if diff := cmp.Diff("\rlooking at …\rdone        \r            \r", out.String()); diff != "" {
		t.Error(diff)
	}
	if p := (&program{stderr: &out}).progress(); p != nil {
		t.Error("progress in a pipe")
	}
}
