package reports

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// listed is n findings of one list; the remedy of the first ones sets the whole list.
func listed(n int) checks.Report {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf(".e%d,x/y", i)
	}
	var r checks.Report
	for i := range n {
		f := checks.Finding{ID: "duplicate-entry", Severity: checks.Warning, Certainty: checks.Proven, Key: "/LM/MimeMap", Property: "MimeMap", Value: lines[i], Message: "twice",
			Remedies: []checks.Remedy{{Title: "Keep one entry", Steps: []string{"Remove the other."}}}}
		if i < inFull {
			f.Remedies[0].Edits = []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/MimeMap", Property: "MimeMap", Op: metabase.Set, Value: strings.Join(lines, "\n")}}
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}

// TestGrowth: four times as many findings of a list that is four times as long take about
// four times the memory in every format, not sixteen times.
func TestGrowth(t *testing.T) {
	for _, format := range Formats {
		allocated := func(n int) uint64 {
			r := listed(n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := WriteReport(io.Discard, format.Name, r, Options{}); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		few, many := allocated(400), allocated(1600)
		if many > 8*few {
			t.Errorf("%s: %d bytes for 400, %d for 1600", format.Name, few, many)
		}
	}
}
