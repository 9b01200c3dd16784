package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/reports"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

func (p *program) scan() *cli.Command {
	var formats []string
	for _, f := range reports.Formats {
		formats = append(formats, f.Name)
	}
	return &cli.Command{
		Name:      "scan",
		Usage:     "says what is wrong, where it is written, what clients see and what to do",
		ArgsUsage: "PATH...",
		Description: `Reads the files of one server and reports every fault found in them. A PATH is a file
such as MetaBase.xml or a log, a folder, an archive (.zip, .tar, .tar.gz), or - for
standard input; several are parts of one server. Each file is recognised by what it
holds. Web content lies below content/C/... for C:\..., below content/UNC/server/share/...
for \\server\share\..., or where --map says. The exit code is 1 where a finding is at or
above --fail-on, and 3 where a file could not be understood, whatever else was found.`,
		UsageText: examples(
			"scan metabase.xml",
			"scan server --fail-on error",
			"scan server -o text -o json=report.json",
			"scan --fail-on never -o github server",
			"scan metabase.xml server/content --map 'C:\\inetpub=server/content/C/inetpub'",
		),
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "fail-on", Value: "warning", Usage: "lowest `SEVERITY` that makes the exit code 1: error, warning, info, or never"},
			outputFlag(formats), colorFlag(),
			verboseFlag("notes in full, and on standard error what each file was taken for"),
		}, snapshotFlags()...),
		Action: func(c *cli.Context) error { return p.runScan(c, formats) },
	}
}

func (p *program) runScan(c *cli.Context, formats []string) error {
	paths, err := arguments(c, 1, -1)
	if err != nil {
		return err
	}
	limit, err := parseFailOn(c.String("fail-on"))
	if err != nil {
		return err
	}
	outputs, err := parseOutputs(c.StringSlice("output"), formats)
	if err != nil {
		return err
	}
	s, err := p.open(c, paths)
	if err != nil {
		return err
	}
	if c.Bool("verbose") {
		p.files(s)
	}
	report := checks.Run(s)
	err = p.write(c, outputs, func(w io.Writer, format string, o reports.Options) error {
		return reports.WriteReport(w, format, report, o)
	})
	if err != nil {
		return err
	}
	return verdict(report, limit)
}

// severities from the lightest; a limit is a place in it, never is behind the last.
var severities = []string{string(checks.Info), string(checks.Warning), string(checks.Error), "never"}

func parseFailOn(text string) (int, error) {
	for i, s := range severities {
		if s == text {
			return i, nil
		}
	}
	return 0, usage(didYouMean(text, severities, "it is error, warning, info or never"), "unknown --fail-on %q", text)
}

// verdict is the exit code of a scan: input that was not understood outweighs findings.
func verdict(r checks.Report, limit int) error {
	if len(r.Problems) > 0 {
		return exitError{code: exitNotUnderstood}
	}
	for _, f := range r.Findings {
		for i, s := range severities {
			if s == string(f.Severity) && i >= limit {
				return exitError{code: exitFindings}
			}
		}
	}
	return nil
}

// files tells what each file was taken for.
func (p *program) files(s *snapshot.Snapshot) {
	for _, f := range s.Files {
		kind := string(f.Kind)
		if f.Note != "" {
			kind += " (" + f.Note + ")"
		}
		fmt.Fprintln(p.stderr, reports.Uncommanded(reports.Visible(f.Path)+": "+reports.Visible(kind)))
	}
}
