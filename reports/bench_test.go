package reports

import (
	"fmt"
	"io"
	"testing"

	"github.com/iisdoctor/iisdoctor/checks"
)

func BenchmarkReport(b *testing.B) {
	r := checks.Report{}
	for i := range 20 {
		r.Findings = append(r.Findings, many().Findings...)
		_ = i
	}
	for _, f := range Formats {
		b.Run(fmt.Sprintf("%s/%d", f.Name, len(r.Findings)), func(b *testing.B) {
			for b.Loop() {
				if err := WriteReport(io.Discard, f.Name, r, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
