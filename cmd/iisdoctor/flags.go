package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/source"
)

// permute moves flags before the arguments, because urfave/cli takes everything
// after the first argument for an argument. "--" ends the flags.
func permute(flags []cli.Flag, args []string) ([]string, error) {
	var front, rest []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		if arg == "-h" || arg == "--help" {
			return []string{"--help"}, nil // urfave/cli would look for help on the arguments
		}
		front = append(front, arg)
		if !takesValue(flags, arg) {
			continue
		}
		if i+1 == len(args) {
			return nil, usage("", "%s needs a value", arg)
		}
		i++
		front = append(front, args[i])
	}
	return append(append(front, "--"), rest...), nil
}

// takesValue reports whether the next argument is the value of this flag. An
// unknown flag takes none; urfave/cli refuses it by name.
func takesValue(flags []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	for _, f := range flags {
		if _, isBool := f.(*cli.BoolFlag); !isBool && slices.Contains(f.Names(), name) {
			return true
		}
	}
	return false
}

// usageError puts what urfave/cli says of wrong flags into the words of this
// program, and names the flag that was meant.
func usageError(c *cli.Context, err error, _ bool) error {
	text := err.Error()
	see := "flags stand after the command; see: iisdoctor --help"
	if c.Command != nil && c.Command.Name != c.App.Name {
		see = "see: iisdoctor " + c.Command.Name + " --help"
	}
	name, unknown := strings.CutPrefix(text, "flag provided but not defined: ")
	if !unknown {
		return usage(see, "%s", text)
	}
	var names []string
	for _, f := range c.Command.Flags {
		for _, n := range f.Names() {
			names = append(names, dashed(n))
		}
	}
	// The flag package drops one dash of two.
	name = dashed(strings.TrimLeft(name, "-"))
	return usage(didYouMean(name, names, see), "unknown flag %s", name)
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// didYouMean is the hint after an unknown word, or else where none is near.
func didYouMean(word string, known []string, otherwise string) string {
	if near := source.Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}

// arguments checks how many there are.
func arguments(c *cli.Context, least, most int) ([]string, error) {
	args := c.Args().Slice()
	see := strings.TrimRight("usage: iisdoctor "+c.Command.Name+" "+c.Command.ArgsUsage, " ")
	switch {
	case len(args) < least:
		return nil, usage(see, "%s: an argument is missing", c.Command.Name)
	case most >= 0 && len(args) > most:
		return nil, usage(see, "%s: %q is one argument too many", c.Command.Name, args[most])
	}
	return args, nil
}
