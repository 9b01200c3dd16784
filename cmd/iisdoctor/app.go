package main

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// program is one run: where it writes, and what can end it early.
type program struct {
	stdout, stderr io.Writer
	ctx            context.Context
}

// run is the whole program: arguments in, exit code out.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdout: stdout, stderr: stderr, ctx: context.Background()}
	app := p.app(stdin)
	args, err := rewrite(app, args)
	if err == nil {
		err = app.RunContext(p.ctx, args)
	}
	return end(err, stderr)
}

// app lists the commands in the order in which a user meets them.
func (p *program) app(stdin io.Reader) *cli.App {
	app := &cli.App{
		Name:      "iisdoctor",
		HelpName:  "iisdoctor",
		Usage:     "says what is wrong with an IIS server, from its files alone, and proves it",
		Version:   version,
		Reader:    stdin,
		Writer:    p.stdout,
		ErrWriter: p.stderr,
		Commands: []*cli.Command{
			p.scan(), p.trace(), p.why(), p.reproduce(), p.serve(), p.explain(), p.list(), p.collect(), p.version(),
		},
		HideHelpCommand:           true,
		DisableSliceFlagSeparator: true, // a header may hold commas
		CustomAppHelpTemplate:     appHelp,
		Action:                    p.noCommand,
		OnUsageError:              usageError,
		ExitErrHandler:            func(*cli.Context, error) {}, // run decides, cli would end the process
	}
	for _, c := range app.Commands {
		c.HideHelpCommand = true
		c.OnUsageError = usageError
		c.CustomHelpTemplate = commandHelp(c)
	}
	return app
}

// rewrite brings the arguments into the order urfave/cli understands: flags
// first; "help scan" becomes "scan --help".
func rewrite(app *cli.App, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	if args[1] == "help" {
		args = append([]string{args[0]}, append(slices.Clone(args[2:]), "--help")...)
	}
	command := app.Command(args[1])
	if command == nil {
		return args, nil
	}
	rest, err := permute(command.Flags, args[2:])
	return append([]string{args[0], args[1]}, rest...), err
}

// noCommand is called where the first argument names no command.
func (p *program) noCommand(c *cli.Context) error {
	word := c.Args().First()
	if word == "" {
		return cli.ShowAppHelp(c)
	}
	if _, err := os.Stat(word); err == nil {
		return usage("to diagnose it: iisdoctor scan "+word, "%q is no command", word)
	}
	var names []string
	for _, command := range c.App.Commands {
		names = append(names, command.Name)
	}
	return usage(didYouMean(word, names, "the commands are "+strings.Join(names, ", ")), "unknown command %q", word)
}
