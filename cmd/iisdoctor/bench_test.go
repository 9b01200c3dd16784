package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase/metabasetest"
)

// BenchmarkScan is a whole scan of a metabase of some 300 KB, without the start
// of a process.
func BenchmarkScan(b *testing.B) {
	name := filepath.Join(b.TempDir(), "metabase.xml")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	if err := metabasetest.Generate(f, 28); err != nil {
		b.Fatal(err)
	}
	f.Close()
	for b.Loop() {
		if code := run([]string{"iisdoctor", "scan", name}, nil, io.Discard, os.Stderr); code > exitFindings {
			b.Fatal(code)
		}
	}
}
