package main

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/iisdoctor/iisdoctor/reports"
)

// progressLine is one line of a terminal that is written again and again.
type progressLine struct {
	w     io.Writer
	cells int // how many of the line are used; in the last one some terminals begin a new line
	dirty bool
}

// progress gives the line of standard error, nil where that is no terminal.
func (p *program) progress() *progressLine {
	f, isFile := p.stderr.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 2 {
		return nil
	}
	return &progressLine{w: f, cells: width - 1}
}

// say replaces what the line shows. It may name files of the snapshot.
func (l *progressLine) say(what string) {
	l.dirty = true
	_, _ = io.WriteString(l.w, "\r"+reports.Line(what, l.cells)) // nothing is lost where it is not seen
}

// clear leaves an empty line.
func (l *progressLine) clear() {
	if l.dirty {
		_, _ = io.WriteString(l.w, "\r"+reports.Line("", l.cells)+"\r")
	}
}
