// Package collect holds the scripts that gather, on a server, the files that
// package snapshot reads, in the layout that it likes best. They are plain texts
// that an administrator can read before running them.
package collect

import (
	_ "embed" // the scripts
	"strings"
)

//go:embed collect-2003.cmd
var batch string

//go:embed collect-2012.ps1
var powershell string

// target is a release of Windows Server.
type target struct {
	name         string
	second       bool // it had an R2
	script, file string
}

// targets are the releases by the script that runs there. 2003 has no PowerShell.
// The PowerShell script keeps to what version 2.0 knows: 2008 R2 has that, 2008 has
// it where it was installed.
var targets = []target{
	{"2003", true, batch, "collect-2003.cmd"},
	{"2008", true, powershell, "collect-2012.ps1"},
	{"2012", true, powershell, "collect-2012.ps1"},
	{"2016", false, powershell, "collect-2012.ps1"},
	{"2019", false, powershell, "collect-2012.ps1"},
	{"2022", false, powershell, "collect-2012.ps1"},
	{"2025", false, powershell, "collect-2012.ps1"},
}

// Script gives the script for a release of Windows Server, one of Targets; R2 may
// follow where there was one. Its lines end in CR LF.
func Script(target string) (text string, ok bool) {
	t, ok := find(target)
	return t.script, ok
}

// FileName is the name under which the script of a target is saved, "" for an
// unknown one.
func FileName(target string) string {
	t, _ := find(target)
	return t.file
}

// Targets are the releases that Script knows, oldest first.
func Targets() []string {
	var names []string
	for _, t := range targets {
		names = append(names, t.name)
	}
	return names
}

func find(name string) (target, bool) {
	year, second := strings.CutSuffix(strings.ToLower(name), "r2")
	for _, t := range targets {
		if t.name == strings.TrimSpace(year) && (!second || t.second) {
			return t, true
		}
	}
	return target{}, false
}
