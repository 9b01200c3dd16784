package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// Process is the process that a CGI request starts. IIS makes it and loads its image
// under its own account, which on IIS 6.0 is the worker process', and then gives it
// the token of the request's user (Gerhards, IIS Workflow).
type Process struct {
	Image   source.WinPath // the program: the script map's, or the file itself
	Creator string         // the account of the worker process
	User    string         // the account that the process runs under
	Audit   []Audited      // what a Security log tells of it, in order
}

// Audited is one event of the source Security.
type Audited struct {
	ID      int
	Account string         // whom the event names as the acting one
	Detail  string         // one sentence for a person
	Written snapshot.Known // whether the collected audit policy writes it
}

// process is what the request starts. With CreateProcessAsUser FALSE it keeps the
// token of the worker process (MBSchema.xml: TRUE where it is not set).
func (d *decision) process() *Process {
	creator, _ := d.Identity(d.out.Target.Pool)
	p := &Process{Image: d.out.Target.Physical, Creator: creator, User: d.out.user(d.Model)}
	if d.entry != nil {
		p.Image = imageOf(d.entry.Processor)
	}
	asUser := true
	if v := d.value("CreateProcessAsUser"); v.IsSet() {
		if on, ok := v.Bool(); ok && !on {
			asUser, p.User = false, creator
		}
	}
	objects, processes := d.snapshot.Rights.Audits(snapshot.AuditObjectAccess), d.snapshot.Rights.Audits(snapshot.AuditProcessTracking)
	p.Audit = append(p.Audit, Audited{560, creator, "the worker process opens " + string(p.Image) + " under its own account, not the user's", objects})
	if asUser {
		p.Audit = append(p.Audit, Audited{600, creator, "the worker process gives the new process the token of " + p.User, processes})
	}
	p.Audit = append(p.Audit, Audited{593, p.User, "the process ends, under the account that it ran under", processes})
	return p
}

// imageOf is the program of a script map's command line: C:\perl\perl.exe "%s" %s.
func imageOf(command string) source.WinPath {
	command = strings.TrimSpace(command)
	if quoted, ok := strings.CutPrefix(command, `"`); ok {
		name, _, _ := strings.Cut(quoted, `"`)
		return source.WinPath(name)
	}
	lower := source.Lower(command)
	for _, ext := range [...]string{".exe ", ".com ", ".bat ", ".cmd "} {
		if i := strings.Index(lower, ext); i >= 0 {
			return source.WinPath(command[:i+len(ext)-1])
		}
	}
	if i := strings.Index(command, " %s"); i >= 0 {
		command = command[:i]
	}
	return source.WinPath(command)
}
