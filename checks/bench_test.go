package checks

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/metabase/metabasetest"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// BenchmarkScan reads and checks a metabase of 2,000 sites, some 19 MB.
func BenchmarkScan(b *testing.B) {
	var text bytes.Buffer
	if err := metabasetest.Generate(&text, 2000); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		s, err := snapshot.OpenFS(fstest.MapFS{"MetaBase.xml": {Data: text.Bytes()}})
		if err != nil {
			b.Fatal(err)
		}
		if r := Run(s); len(r.Findings) == 0 {
			b.Fatal("no findings")
		}
	}
}
