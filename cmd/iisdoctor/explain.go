package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/reports"
)

func (p *program) explain() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "tells symptom, cause, remedy and sources of a failure",
		ArgsUsage: "CODE|ID",
		Description: `Shows the words of a check, found by its ID or by the code that a client, a log or
the event viewer shows: a status (404.3), an ASP error (0131 or "ASP 0131"), a reason
of the HTTP.sys error log (AppOffline) or an event (1002). Where several checks know
the code, the first is shown and the others are named.`,
		UsageText: examples("explain 404.3", "explain ASP 0131", "explain rapid-fail"),
		Flags:     []cli.Flag{colorFlag()},
		Action:    p.runExplain,
	}
}

func (p *program) runExplain(c *cli.Context) error {
	found, err := find(c)
	if err != nil {
		return err
	}
	o, err := p.options(c, false)
	if err != nil {
		return err
	}
	words, _ := checks.WordsOf(found[0].ID)
	var others []checks.Words
	for _, check := range found[1:] {
		other, _ := checks.WordsOf(check.ID)
		others = append(others, other)
	}
	return reports.WriteWords(p.stdout, words, others, o)
}

// find resolves the arguments to checks; "ASP 0131" may be two of them.
func find(c *cli.Context) ([]checks.Check, error) {
	args, err := arguments(c, 1, -1)
	if err != nil {
		return nil, err
	}
	text := strings.Join(args, " ")
	found := checks.Find(text)
	most := 1
	if strings.EqualFold(args[0], "event") || strings.EqualFold(args[0], "ASP") {
		most = 2
	}
	if _, err := arguments(c, 1, most); len(found) == 0 && err != nil {
		return nil, err
	}
	if family := codesOf(text); len(found) == 0 && len(family) > 0 {
		return nil, usage("name one of "+strings.Join(family, ", "), "no check has just the code %q", text)
	}
	if len(found) == 0 {
		return nil, usage(didYouMean(text, checks.Names(), "to see what there is: iisdoctor list"), "no check has the ID or the code %q", text)
	}
	return found, nil
}

// codesOf are the codes of a bare status: 404.2 and 404.3 of 404.
func codesOf(status string) []string {
	var codes []string
	for _, name := range checks.Names() {
		if strings.HasPrefix(name, status+".") && status != "" && !slices.Contains(codes, name) {
			codes = append(codes, name)
		}
	}
	return codes
}
