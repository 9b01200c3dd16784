package weblog

import (
	"bytes"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot/weblog/weblogtest"
)

func generated(tb testing.TB, size int64, httperr bool) []byte {
	tb.Helper()
	var log bytes.Buffer
	log.Grow(int(size) + 4096)
	err := weblogtest.W3C(&log, size, 1)
	if httperr {
		log.Reset()
		err = weblogtest.HTTPERR(&log, size, 1, true)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return log.Bytes()
}

// BenchmarkLines is the yardstick: it only counts lines, as wc -l does.
func BenchmarkLines(b *testing.B) {
	log := generated(b, 8<<20, false)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		if bytes.Count(log, []byte{'\n'}) == 0 {
			b.Fatal("no lines")
		}
	}
}

func BenchmarkW3C(b *testing.B)        { benchmark(b, false, workers()) }
func BenchmarkW3COne(b *testing.B)     { benchmark(b, false, 1) }
func BenchmarkHTTPERR(b *testing.B)    { benchmark(b, true, workers()) }
func BenchmarkHTTPERROne(b *testing.B) { benchmark(b, true, 1) }

func benchmark(b *testing.B, httperr bool, workers int) {
	log := generated(b, 8<<20, httperr)
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for b.Loop() {
		var s Summary
		if p := s.addRanges("ex040501.log", "1", bytes.NewReader(log), int64(len(log)), rangeSize, workers); p != nil {
			b.Fatal(p)
		}
	}
}

func BenchmarkStream(b *testing.B) {
	log := generated(b, 8<<20, false)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		var s Summary
		if p := s.AddStream("ex040501.log", "1", bytes.NewReader(log)); p != nil {
			b.Fatal(p)
		}
	}
}
