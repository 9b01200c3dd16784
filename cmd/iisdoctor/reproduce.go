package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/proof"
	"github.com/iisdoctor/iisdoctor/reports"
	"github.com/iisdoctor/iisdoctor/server"
)

func (p *program) reproduce() *cli.Command {
	return &cli.Command{
		Name:      "reproduce",
		Usage:     "shows a fault on a real server, then its remedy, and proves both",
		ArgsUsage: "CODE|ID",
		Description: `Starts a server on loopback that has the fault, asks it over real sockets, shows the
answer, the log line and the diagnosis, applies each remedy and asks again. Every
answer is compared with what the documents promise. A CODE runs every fault that has
it. The exit code is 1 where one is not proven. Faults of the configuration alone,
which no request shows, go from the finding to silence.`,
		UsageText: examples("reproduce 404.3", "reproduce mime-unmapped --keep", "reproduce --all"),
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "all", Usage: "every fault there is"},
			&cli.BoolFlag{Name: "keep", Usage: "afterwards leave the server with the fault running, for a browser"},
			colorFlag(),
		},
		Action: p.runReproduce,
	}
}

func (p *program) runReproduce(c *cli.Context) error {
	found, err := faults(c)
	if err != nil {
		return err
	}
	o, err := p.options(c, false)
	if err != nil {
		return err
	}
	results, err := p.proveAll(found, o)
	if err != nil {
		return err
	}
	if c.Bool("keep") {
		if err := p.keep(results[0].Fault, o); err != nil {
			return err
		}
	}
	for _, r := range results {
		if !r.Proven() {
			return exitError{code: exitFindings}
		}
	}
	return nil
}

// proveAll reproduces one fault after the other, and ends several with a tally.
func (p *program) proveAll(found []checks.Check, o reports.Options) ([]*proof.Result, error) {
	var results []*proof.Result
	for i, check := range found {
		if i > 0 {
			fmt.Fprintln(p.stdout)
		}
		result, err := p.prove(check, o)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	if len(results) == 1 {
		return results, nil
	}
	fmt.Fprintln(p.stdout)
	return results, reports.WriteTally(p.stdout, results, o)
}

func (p *program) prove(check checks.Check, o reports.Options) (*proof.Result, error) {
	fault, err := proof.Load(check)
	if err != nil {
		return nil, err
	}
	result, err := fault.Run()
	if err != nil {
		return nil, err
	}
	return result, reports.WriteReproduction(p.stdout, result, o)
}

// faults are those that were asked for.
func faults(c *cli.Context) ([]checks.Check, error) {
	if c.Bool("all") {
		if c.Args().Present() {
			return nil, usage("", "reproduce: --all and %q exclude each other", c.Args().First())
		}
		if c.Bool("keep") {
			return nil, usage("", "reproduce: --keep wants one fault, not --all")
		}
		return checks.All(), nil
	}
	found, err := find(c)
	if err == nil && c.Bool("keep") {
		err = keepable(found)
	}
	return found, err
}

// keepable reports whether there is one fault, and one that a browser can meet.
func keepable(found []checks.Check) error {
	if len(found) > 1 {
		var ids []string
		for _, check := range found {
			ids = append(ids, check.ID)
		}
		return usage("name one of them: "+strings.Join(ids, ", "), "reproduce: --keep wants one fault, and several have this code")
	}
	if found[0].ConfigOnly {
		return usage("", "reproduce: no request shows %s, so there is nothing to keep for a browser", found[0].ID)
	}
	return nil
}

// keep serves the broken snapshot until it is interrupted.
func (p *program) keep(f *proof.Fault, o reports.Options) error {
	var paths []string
	for _, r := range f.Spec.Broken {
		if request, err := iis.ParseURL(r.Method, r.URL); err == nil && !slices.Contains(paths, request.Path) {
			paths = append(paths, request.Path)
		}
	}
	fmt.Fprintf(p.stdout, "\nThe server with the fault is running. Ask it for %s:\n", reports.Visible(strings.Join(paths, ", ")))
	return p.serveUntil(f.Broken, server.Options{Faults: true, BeginLog: f.Spec.BeginLog}, o)
}
