package proof

import (
	"slices"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestSufficiency: a remedy without any one of its edits leaves the fault: its
// answers are not yet the promised ones, or the check still finds something.
func TestSufficiency(t *testing.T) {
	each(t, func(t *testing.T, f *Fault) {
		findings := f.findings(f.Broken)
		for _, section := range f.Spec.Remedies {
			_, m, err := f.Mend(findings, section.Remedy)
			if err != nil {
				t.Fatal(err)
			}
			if m.Fixed {
				continue
			}
			for i := range m.Remedy.Edits {
				edits := slices.Delete(slices.Clone(m.Remedy.Edits), i, i+1)
				if mended(t, f, f.Broken.Apply(edits), section) {
					t.Errorf("remedy %d mends the fault without its edit %+v", section.Remedy, m.Remedy.Edits[i])
				}
			}
		}
	})
}

func mended(t *testing.T, f *Fault, s *snapshot.Snapshot, section Section) bool {
	t.Helper()
	if len(section.Requests) == 0 {
		return len(f.findings(s)) == 0
	}
	exchanges, err := replay(s, f.Spec, section.Requests)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range exchanges {
		for _, e := range x.Checked {
			if !e.OK {
				return false
			}
		}
	}
	return true
}
