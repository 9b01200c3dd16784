package main

import (
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/snapshot/collect"
)

func (p *program) collect() *cli.Command {
	return &cli.Command{
		Name:  "collect",
		Usage: "prints a script that collects what scan reads, on the server",
		Description: `Prints a script that an administrator runs on the server, and hands the folder that it
writes to scan. The script gathers exactly what scan reads: configuration, content, logs,
events, registry, user rights, ACLs, firewall and UrlScan. It changes nothing on the server,
asks nothing and sends nothing. Passwords that are set are written as [withheld]; logs are
taken as they are. Its first lines say in plain words what it does: read them first.

For 2003 it is a .cmd, which needs nothing that Windows Server 2003 does not have. From 2008
on it is PowerShell, version 2.0 or later, and takes applicationHost.config and web.config;
this version of iisdoctor lists those and does not read them yet.`,
		UsageText: examples("collect --for 2003", "collect --for 2003 --to=collect-2003.cmd", "collect --for 2019 --to=collect-2012.ps1"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "for", Usage: "the server's Windows Server `RELEASE`: " + strings.Join(collect.Targets(), ", ")},
			&cli.StringFlag{Name: "to", Usage: "write the script to `FILE`; > in PowerShell would change its encoding"},
		},
		Action: p.runCollect,
	}
}

func (p *program) runCollect(c *cli.Context) error {
	if _, err := arguments(c, 0, 0); err != nil {
		return err
	}
	known := "the releases are " + strings.Join(collect.Targets(), ", ")
	release := c.String("for")
	if release == "" {
		return usage(known, "collect: --for is missing")
	}
	script, ok := collect.Script(release)
	if !ok {
		return usage(releaseHint(release, known), "unknown release %q", release)
	}
	if file := c.String("to"); file != "" {
		return replaceFile(file, []byte(script))
	}
	_, err := io.WriteString(p.stdout, script)
	return err
}

// releaseHint names, for a year without a release, the newest one before it: that
// is nearer than any year that is spelled alike.
func releaseHint(release, known string) string {
	before := ""
	for _, t := range collect.Targets() {
		if len(release) >= len(t) && release[:len(t)] >= t {
			before = t
		}
	}
	if before != "" && release[:2] == "20" {
		return "did you mean " + before + "?"
	}
	return didYouMean(release, collect.Targets(), known)
}
