// Package proof brings check and server together: it reads proof.txt, replays
// its requests on sockets and compares the answers with what the documents say.
package proof

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// Fault is a fault folder, opened.
type Fault struct {
	Check  checks.Check
	Spec   *Spec
	Broken *snapshot.Snapshot
	folder fs.FS
}

// Result tells what happened when a fault was reproduced and mended.
type Result struct {
	Fault    *Fault
	Before   []Exchange       // with the fault
	Findings []checks.Finding // what the check says of the broken snapshot
	After    []Mended         // one for each remedy of proof.txt
	Faults   []string         // why the fault is not proven, empty where it is
}

// Mended is what happened after one remedy.
type Mended struct {
	Remedy    checks.Remedy
	Fixed     bool // mended by the files of fixed/
	Exchanges []Exchange
}

// Proven reports whether every answer was the documented one and the check found
// the fault before each remedy and nothing after it.
func (r *Result) Proven() bool { return len(r.Faults) == 0 }

// Load opens the fault folder of a check.
func Load(c checks.Check) (*Fault, error) {
	folder, err := checks.Folder(c.ID)
	if err != nil {
		return nil, err
	}
	healthy, err := checks.Healthy()
	if err != nil {
		return nil, err
	}
	return load(c, healthy, folder)
}

// load opens a fault folder over a healthy server.
func load(c checks.Check, healthy, folder fs.FS) (*Fault, error) {
	text, err := fs.ReadFile(folder, "proof.txt")
	if err != nil {
		return nil, fmt.Errorf("%s has no proof: %w", c.ID, err)
	}
	spec, err := ParseSpec(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s/proof.txt: %w", c.ID, err)
	}
	broken, err := snapshot.OpenFault(healthy, folder)
	if err != nil {
		return nil, err
	}
	return &Fault{Check: c, Spec: spec, Broken: broken, folder: folder}, nil
}

// Run reproduces the fault on a server on loopback, applies each remedy alone to
// the broken snapshot and asks again. Errors are for sockets that cannot be opened.
func (f *Fault) Run() (*Result, error) {
	r := &Result{Fault: f}
	r.Findings = f.findings(f.Broken)
	if len(r.Findings) == 0 {
		r.fail("the check finds nothing in the broken snapshot")
		return r, nil
	}
	var err error
	if r.Before, err = replay(f.Broken, f.Spec, f.Spec.Broken); err != nil {
		return nil, err
	}
	r.judge("broken", r.Before)
	for i := range f.Spec.Remedies {
		if err := r.mend(&f.Spec.Remedies[i]); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Result) mend(section *Section) error {
	after, mended, err := r.Fault.Mend(r.Findings, section.Remedy)
	if err != nil {
		return err
	}
	if mended.Exchanges, err = replay(after, r.Fault.Spec, section.Requests); err != nil {
		return err
	}
	where := fmt.Sprintf("remedy %d", section.Remedy)
	r.judge(where, mended.Exchanges)
	if left := r.Fault.findings(after); len(left) > 0 {
		r.fail(fmt.Sprintf("%s: the check still finds %s", where, left[0].Pos()))
	}
	r.After = append(r.After, mended)
	return nil
}

// Mend gives the snapshot after the n-th remedy (from 1) of every finding: its
// edits, or the files of fixed/ where it has none.
func (f *Fault) Mend(findings []checks.Finding, n int) (*snapshot.Snapshot, Mended, error) {
	var m Mended
	var titles []string
	for _, finding := range findings {
		if n > len(finding.Remedies) {
			return nil, m, fmt.Errorf("%s: proof.txt has a remedy %d, the finding only %d", f.Check.ID, n, len(finding.Remedies))
		}
		remedy := finding.Remedies[n-1]
		m.Remedy.Risk = remedy.Risk
		if !slices.Contains(titles, remedy.Title) {
			titles = append(titles, remedy.Title)
		}
		// A step of several findings is taken once, behind what comes before it in any.
		m.Remedy.Steps = slices.DeleteFunc(m.Remedy.Steps, func(step string) bool { return slices.Contains(remedy.Steps, step) })
		m.Remedy.Steps = append(m.Remedy.Steps, remedy.Steps...)
		m.Remedy.Edits = slices.Concat(m.Remedy.Edits, remedy.Edits)
	}
	m.Remedy.Title = strings.Join(titles, "; ")
	if len(m.Remedy.Edits) > 0 {
		return f.Broken.Apply(m.Remedy.Edits), m, nil
	}
	fixed, err := fs.Sub(f.folder, "fixed")
	if err != nil {
		return nil, m, err
	}
	m.Fixed = true
	after, err := f.Broken.WithContent(fixed)
	return after, m, err
}

// findings are those of the fault's own check, without the ones that merely tell
// how IIS is installed: what nothing needs is no fault to be mended.
func (f *Fault) findings(s *snapshot.Snapshot) []checks.Finding {
	all := checks.Run(s).Findings
	return slices.DeleteFunc(all, func(x checks.Finding) bool {
		return x.ID != f.Check.ID || x.Severity == checks.Info && x.Witness != nil
	})
}

func (r *Result) judge(where string, exchanges []Exchange) {
	for _, x := range exchanges {
		for _, e := range x.Checked {
			if !e.OK {
				r.fail(fmt.Sprintf("%s: %s: expected %s, got %s", where, x.Request, e.Expect, e.Got))
			}
		}
	}
}

func (r *Result) fail(why string) { r.Faults = append(r.Faults, why) }
