package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// checkConsole: a visitor who is no administrator may not run the programs of
// System32, such as Cmd.exe (S1, "Access denied to console applications in System32
// directory"). An access list that was collected decides; without one the one that
// setup writes. The status is inferred.
func checkConsole(d *decision) verdict {
	if d.out.Handler != CGI || d.entry == nil {
		return verdict{}
	}
	program := InSystem32(d.entry.Processor)
	if program == "" {
		return verdict{}
	}
	why := becauseEntry(d.maps.value, d.entry.Item)
	user := d.out.user(d.Model)
	list, listed := d.snapshot.ACLs.Of(program)
	if !listed {
		return verdict{status: "401.3", because: why, detail: user + " is no administrator and may not run " + string(program)}
	}
	switch list.Allows(UserToken(user), snapshot.AccessRead|snapshot.AccessExecute) {
	case snapshot.No:
		return verdict{status: "401.3", because: why, detail: user + " may not run " + string(program)}
	case snapshot.Unknown:
		return verdict{assumed: true, because: why, detail: user + " is assumed to be in a group that may run " + string(program)}
	}
	return verdict{detail: user + " may run " + string(program), because: why}
}

// InSystem32 gives the program of a script map's command where it lies in the System32
// folder itself, "" for any other: IIS's own files lie below it.
func InSystem32(command string) source.WinPath {
	path := source.WinPath(ExpandPath(programOf(command))).Clean()
	dir := path.Dir()
	if path.Ext() != ".exe" && path.Ext() != ".com" || !strings.EqualFold(dir.Base(), "System32") {
		return ""
	}
	switch strings.ToLower(dir.Dir().Base()) {
	case "windows", "winnt":
		return path
	}
	return ""
}

// programOf is the file of a command line: what stands in quotes, or before a blank
// behind .exe.
func programOf(command string) string {
	command = strings.TrimSpace(command)
	if rest, ok := strings.CutPrefix(command, `"`); ok {
		program, _, _ := strings.Cut(rest, `"`)
		return program
	}
	lower := strings.ToLower(command)
	for _, ext := range [...]string{".exe", ".com"} {
		if i := strings.Index(lower, ext+" "); i >= 0 {
			return command[:i+len(ext)]
		}
	}
	return command
}
