package reports

import (
	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// notRead names the files that are evidence in a form that is not read, one line
// a kind; verbose, every file that was not read. A file among the problems is not
// named again. Lines are never wrapped: most end with a command to copy.
func (p *printer) notRead(r checks.Report) {
	told := map[string]bool{}
	for _, problem := range r.Problems {
		told[problem.Pos.File] = true
	}
	var order []snapshot.Kind
	files := map[snapshot.Kind][]snapshot.File{}
	for _, f := range r.Files {
		switch {
		case f.Note == "" || told[f.Path]:
		case p.o.Verbose:
			p.line("not read: ", Visible(f.Path+": "+f.Note))
		case f.Kind != snapshot.KindUnknown && f.Kind != snapshot.KindHistory:
			if files[f.Kind] == nil {
				order = append(order, f.Kind)
			}
			files[f.Kind] = append(files[f.Kind], f)
		}
	}
	for _, kind := range order {
		first, more := files[kind][0], ""
		if n := len(files[kind]) - 1; n > 0 {
			more = " and " + grouped(n) + " more"
		}
		p.line("not read: ", Visible(first.Path+more+": "+first.Note))
	}
}
