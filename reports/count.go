package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
)

// grouped writes a count with commas: 1,902.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes "1 key" or "214 keys".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// coverage says what a run read and did: no answer without it, because "nothing
// found" means little where nothing was read.
func coverage(r checks.Report) string {
	return fmt.Sprintf("read %s, %s, %s not understood; %s run, %s skipped",
		count(r.Keys, "key", "keys"), count(r.Properties, "property", "properties"), grouped(r.NotUnderstood),
		count(r.Run, "check", "checks"), grouped(len(r.Skipped)))
}

// tally counts findings by severity, and problems: "2 errors, 1 warning".
func tally(r checks.Report) string {
	by := map[checks.Severity]int{}
	for _, f := range r.Findings {
		by[f.Severity]++
	}
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, count(n, one, many))
		}
	}
	add(by[checks.Error], "error", "errors")
	add(by[checks.Warning], "warning", "warnings")
	add(by[checks.Info], "info", "info")
	add(len(r.Problems), "problem with the input", "problems with the input")
	return strings.Join(parts, ", ")
}

// nothing is the sentence for a run without findings. It promises no more than
// was looked at.
func nothing(r checks.Report) string {
	switch {
	case len(r.Problems) > 0:
		return "No findings, but not everything could be read: see the problems above."
	case r.Run == 0:
		return "No findings, because no check could run: see what was skipped."
	case len(r.Skipped) > 0:
		return fmt.Sprintf("No findings from %s; %s could not run: see what was skipped.",
			count(r.Run, "check", "checks"), grouped(len(r.Skipped)))
	}
	return fmt.Sprintf("No findings from %s.", count(r.Run, "check", "checks"))
}
