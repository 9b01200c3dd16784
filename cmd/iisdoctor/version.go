package main

import (
	"fmt"
	"runtime"

	"github.com/urfave/cli/v2"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version = "dev"

func (p *program) version() *cli.Command {
	return &cli.Command{
		Name:        "version",
		Usage:       "shows the version",
		Description: "Shows the version of this program, the Go release it was built with and the platform.",
		UsageText:   examples("version"),
		Action: func(c *cli.Context) error {
			if _, err := arguments(c, 0, 0); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.stdout, "iisdoctor %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
