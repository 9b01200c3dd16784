package checks

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// opening is a statement of a script that opens a text file by its full path.
type opening struct {
	at     source.Span
	path   source.WinPath
	writes bool
}

func (o opening) need() snapshot.Access {
	if o.writes {
		return snapshot.AccessWrite
	}
	return snapshot.AccessRead
}

func (o opening) verb() string {
	if o.writes {
		return "write it"
	}
	return "read it"
}

// fileCall finds the calls of the Scripting library that open a file, with the path as
// a text and the mode: 1 reads, 2 writes, 8 appends.
var (
	fileCall = source.Lazy(`(?i)\.(opentextfile|createtextfile)[ \t]*\(?[ \t]*"([^"]+)"(?:[ \t]*,[ \t]*([0-9]+|forwriting|forappending))?`)
	pathCall = source.Lazy(`(?i)\bserver[ \t]*\.[ \t]*mappath\b`)
)

// opens are the files that the routine opens.
func (r *onEnd) opens() (all []opening) {
	for _, s := range r.routine.Statements {
		for _, m := range fileCall().FindAllStringSubmatch(s.Text, -1) {
			path := source.WinPath(m[2]).Clean()
			if !path.IsAbs() {
				continue
			}
			create := strings.EqualFold(m[1], "createtextfile")
			all = append(all, opening{s.Span, path, create || m[3] != "" && m[3] != "1"})
		}
	}
	return all
}

// mapsPath is the routine's first statement that calls Server.MapPath.
func (r *onEnd) mapsPath() *asp.Statement {
	for i, s := range r.routine.Statements {
		if pathCall().MatchString(s.Text) {
			return &r.routine.Statements[i]
		}
	}
	return nil
}
