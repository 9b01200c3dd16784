package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/iisdoctor/iisdoctor/reports"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// output is one -o: a format, and the file it goes to ("" is standard output).
type output struct{ format, file string }

func outputFlag(formats []string) cli.Flag {
	return &cli.StringSliceFlag{
		Name: "output", Aliases: []string{"o"},
		Usage: "a report in `FORMAT[=FILE]`: " + strings.Join(formats, ", ") + "; may be given several times",
	}
}

func colorFlag() cli.Flag {
	return &cli.StringFlag{Name: "color", Value: "auto", Usage: "colours `WHEN`: always, never, or auto, which is on a terminal only"}
}

func verboseFlag(usage string) cli.Flag {
	return &cli.BoolFlag{Name: "verbose", Usage: usage}
}

// parseOutputs reads the values of -o; the first of formats is the default.
func parseOutputs(values, formats []string) ([]output, error) {
	if len(values) == 0 {
		return []output{{format: formats[0]}}, nil
	}
	var all []output
	taken := map[string]bool{}
	for _, v := range values {
		format, file, named := strings.Cut(v, "=")
		if !contains(formats, format) {
			return nil, usage(didYouMean(format, formats, "the formats are "+strings.Join(formats, ", ")), "unknown format %q", format)
		}
		if named && file == "" {
			return nil, usage("", "-o %s: the file has no name", v)
		}
		if file == "-" {
			file = ""
		}
		if taken[file] {
			return nil, usage("give the others a file: -o "+format+"=FILE", "-o %s: only one report can go to %s", v, orStdout(file))
		}
		taken[file] = true
		all = append(all, output{format, file})
	}
	return all, nil
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

func orStdout(file string) string {
	if file == "" {
		return "standard output"
	}
	return file
}

// writeFunc writes a report in a format.
type writeFunc func(w io.Writer, format string, o reports.Options) error

// write writes every report; one that cannot be written does not stop the others.
func (p *program) write(c *cli.Context, outputs []output, write writeFunc) error {
	var failed []error
	for _, out := range outputs {
		o, err := p.options(c, out.file != "")
		if err != nil {
			return err
		}
		if out.file == "" {
			failed = append(failed, write(p.stdout, out.format, o))
			continue
		}
		var b bytes.Buffer
		err = write(&b, out.format, o)
		if err == nil {
			err = replaceFile(out.file, b.Bytes())
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// spareInputs refuses to write a report over what it is about: a FILE that is one of
// the paths, or lies in a folder of them or of --map.
func spareInputs(outputs []string, paths []string, maps []snapshot.Map) error {
	paths = slices.Clone(paths)
	for _, m := range maps {
		paths = append(paths, m.Path)
	}
	for _, out := range outputs {
		_, file, _ := strings.Cut(out, "=")
		if file == "" || file == "-" {
			continue
		}
		for _, path := range paths {
			if in, err := os.Stat(path); err == nil && holds(in, file) {
				return usage("name a file elsewhere: what was collected is never changed", "-o %s would write into %s, which is read", out, path)
			}
		}
	}
	return nil
}

// holds reports whether a file is in, or would lie below it, whatever links lead there.
func holds(in fs.FileInfo, file string) bool {
	at, err := filepath.EvalSymlinks(file)
	if err != nil { // there is none yet
		dir, err := filepath.EvalSymlinks(filepath.Dir(file))
		if err != nil {
			return false
		}
		at = filepath.Join(dir, filepath.Base(file))
	}
	if at, err = filepath.Abs(at); err != nil {
		return false
	}
	for {
		if info, err := os.Stat(at); err == nil && os.SameFile(in, info) {
			return true
		}
		parent := filepath.Dir(at)
		if parent == at {
			return false
		}
		at = parent
	}
}

// replaceFile writes a file so that it is whole or as it was. What is no plain
// file, such as /dev/null, is written to as it is.
func replaceFile(name string, data []byte) error {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			return os.WriteFile(name, data, mode)
		}
		mode = info.Mode().Perm()
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".iisdoctor-*")
	if err != nil {
		return &fs.PathError{Op: "cannot write", Path: name, Err: reasonOf(err)}
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(mode), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		os.Remove(temp.Name())
		return &fs.PathError{Op: "cannot write", Path: name, Err: reasonOf(err)}
	}
	return nil
}

// reasonOf is the error without the name of the temporary file.
func reasonOf(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// options says how to write for people: colour and width are those of standard
// output where it is a terminal.
func (p *program) options(c *cli.Context, toFile bool) (reports.Options, error) {
	fd, terminal := p.terminal()
	terminal = terminal && !toFile
	color, err := useColor(c.String("color"), terminal)
	o := reports.Options{Color: color, Verbose: c.Bool("verbose")}
	if terminal {
		o.Width, _, _ = term.GetSize(fd)
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); o.Width == 0 && err == nil && columns > 0 {
		o.Width = columns
	}
	return o, err
}

// useColor decides --color: auto is a terminal whose user did not refuse
// (no-color.org) and that understands colours.
func useColor(when string, terminal bool) (bool, error) {
	known := []string{"always", "never", "auto"}
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, usage(didYouMean(when, known, "it is always, never or auto"), "unknown --color %q", when)
}

func (p *program) terminal() (fd int, ok bool) {
	f, isFile := p.stdout.(*os.File)
	if !isFile {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}
