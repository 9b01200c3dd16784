package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// appHelp is a template of urfave/cli.
const appHelp = `iisdoctor {{.Usage}}.

USAGE
  iisdoctor COMMAND [flags] [arguments]

COMMANDS{{range .VisibleCommands}}
  {{.Name}}{{"\t"}}{{.Usage}}{{end}}

EXAMPLES
  $ iisdoctor scan metabase.xml
  $ iisdoctor reproduce 404.3
  $ iisdoctor explain 404.3

EXIT CODES
  0  nothing found at or above --fail-on; answered; proven
  1  findings; not proven
  2  wrong usage, or a file that cannot be opened or written
  3  input that could not be understood

iisdoctor COMMAND --help tells more of each.
`

// commandHelp is the whole help of a command; urfave/cli prints it as it is.
func commandHelp(c *cli.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "iisdoctor %s: %s\n\nUSAGE\n  iisdoctor %s", c.Name, c.Usage, strings.TrimSpace(c.Name+" [flags] "+c.ArgsUsage))
	fmt.Fprintf(&b, "\n\n%s\n\nEXAMPLES\n%s\n\nFLAGS\n", c.Description, c.UsageText)
	b.WriteString(flagsHelp(c.Flags, ""))
	b.WriteString("  -h, --help\n      this text\n")
	if bounds := flagsHelp(c.Flags, limits); bounds != "" {
		b.WriteString("\nLIMITS for archives and standard input (K, M and G may follow a number)\n" + bounds)
	}
	return b.String()
}

// flagsHelp tells of the flags of one category.
func flagsHelp(flags []cli.Flag, category string) string {
	var b strings.Builder
	for _, f := range flags {
		of := ""
		if c, ok := f.(cli.CategorizableFlag); ok {
			of = c.GetCategory()
		}
		if of == category {
			b.WriteString(flagHelp(f.(cli.DocGenerationFlag), f.Names()))
		}
	}
	return b.String()
}

// flagHelp is a flag with its value, and below it what it does. The word between
// backticks in the usage is the value's name.
func flagHelp(f cli.DocGenerationFlag, names []string) string {
	names = slices.Clone(names)
	slices.SortFunc(names, func(a, b string) int { return len(a) - len(b) })
	for i := range names {
		names[i] = dashed(names[i])
	}
	head, text := strings.Join(names, ", "), f.GetUsage()
	if _, rest, ok := strings.Cut(text, "`"); ok {
		value, _, _ := strings.Cut(rest, "`")
		head += " " + value
		text = strings.ReplaceAll(text, "`", "")
	}
	if value := f.GetValue(); f.TakesValue() && value != "" && value != "[]" {
		text += " (default " + value + ")"
	}
	return "  " + head + "\n      " + text + "\n"
}

// examples are command lines as a person types them; a test runs every one.
func examples(lines ...string) string {
	return "  $ iisdoctor " + strings.Join(lines, "\n  $ iisdoctor ")
}
