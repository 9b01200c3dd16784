// Package reports turns what the other packages found into bytes: a scan's
// report, a trace, an origin chain, an explanation, a list; one file a format.
//
// The same input gives the same bytes: no clock, no host name, no map order, and
// nothing that depends on the machine's locale or terminal except Options.
package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/iis"
)

// Options of the formats that people read; json and github ignore them.
type Options struct {
	Color   bool
	Width   int  // columns of the terminal; 0 where there is none, counts as 100; below 40 counts as 40
	Verbose bool // notes of severity info in full, every affected key, every sample
}

// Format is one form of a scan's report.
type Format struct {
	Name        string // what -o takes
	Description string // one line for the help
	write       func(*bytes.Buffer, checks.Report, Options) error
}

// Formats lists the forms of a scan's report; the first is the default.
var Formats = []Format{
	{"text", "for people: each finding with its source line, remedy and commands, and a summary", writeText},
	{"table", "for people: a row a finding", writeTable},
	{"json", "for programs: everything, a documented contract", writeJSON},
	{"github", "for GitHub Actions: an annotation a finding", writeGitHub},
}

// UnknownFormat is the error for a format that does not exist.
type UnknownFormat struct {
	Name  string
	Known []string // the formats there are, the default first
}

// Error names the formats there are.
func (e UnknownFormat) Error() string {
	return fmt.Sprintf("unknown format %q; the formats are %s", e.Name, strings.Join(e.Known, ", "))
}

// WriteReport writes the result of a scan in the named format. Findings keep the
// order of checks.Run: file, line, column, ID. Errors: UnknownFormat, or what w returns.
func WriteReport(w io.Writer, format string, r checks.Report, o Options) error {
	var known []string
	for _, f := range Formats {
		if f.Name == format {
			r.Findings = concealed(r.Findings)
			return flush(w, func(b *bytes.Buffer) error { return f.write(b, r, o) })
		}
		known = append(known, f.Name)
	}
	return UnknownFormat{format, known}
}

// WriteTrace writes how IIS answers one request, as text or json.
// Errors: UnknownFormat, or what w returns.
func WriteTrace(w io.Writer, format string, t iis.Outcome, o Options) error {
	switch format {
	case "text":
		return flush(w, func(b *bytes.Buffer) error { return traceText(b, t, o) })
	case "json":
		return flush(w, func(b *bytes.Buffer) error { return encode(b, traceJSON(t)) })
	}
	return UnknownFormat{format, []string{"text", "json"}}
}

// WriteWhy writes a value in force and where it comes from, as text or json.
// Errors: UnknownFormat, or what w returns.
func WriteWhy(w io.Writer, format string, from Origin, o Options) error {
	switch format {
	case "text":
		return flush(w, func(b *bytes.Buffer) error { return whyText(b, from.plain(), o) })
	case "json":
		return flush(w, func(b *bytes.Buffer) error { return encode(b, whyJSON(from.plain())) })
	}
	return UnknownFormat{format, []string{"text", "json"}}
}

// flush writes a finished report in one go, so that a report is whole or absent.
func flush(w io.Writer, fill func(*bytes.Buffer) error) error {
	var b bytes.Buffer
	if err := fill(&b); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
