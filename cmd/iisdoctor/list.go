package main

import (
	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/reports"
)

func (p *program) list() *cli.Command {
	return &cli.Command{
		Name:  "list",
		Usage: "lists every check",
		Description: `Lists every check with its ID, the codes it is known by, the highest severity it
reports and its title, in the order in which IIS meets the causes.`,
		UsageText: examples("list"),
		Flags:     []cli.Flag{colorFlag()},
		Action: func(c *cli.Context) error {
			if _, err := arguments(c, 0, 0); err != nil {
				return err
			}
			o, err := p.options(c, false)
			if err != nil {
				return err
			}
			return reports.WriteList(p.stdout, checks.All(), checks.WordsOf, o)
		},
	}
}
