package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/iisdoctor/iisdoctor/reports"
)

// The exit codes are a contract; they are the same for every report format.
const (
	exitClean         = 0 // nothing at or above --fail-on; answered; proven
	exitFindings      = 1 // findings; a fault that was not proven
	exitUsage         = 2 // wrong arguments, or a file that cannot be opened or written
	exitNotUnderstood = 3 // input that could not be understood
)

// exitError ends a run with a code. An empty message says nothing: the report
// has said it all.
type exitError struct {
	code    int
	message string
	hint    string // what to do, on a line of its own; may be empty
}

// Error is the message without the hint.
func (e exitError) Error() string { return e.message }

// usage is an error of how the program was called.
func usage(hint, format string, args ...any) error {
	return exitError{exitUsage, fmt.Sprintf(format, args...), hint}
}

// end says what went wrong, if anything did, and gives the exit code. A reader
// that went away, such as head, is no reason to complain.
func end(err error, stderr io.Writer) int {
	if err == nil {
		return exitClean
	}
	if errors.Is(err, syscall.EPIPE) {
		return exitUsage
	}
	e := exitError{code: exitUsage, message: err.Error()}
	errors.As(err, &e)
	if e.message != "" {
		fmt.Fprintf(stderr, "iisdoctor: %s\n", visibleLines(e.message))
	}
	if e.hint != "" {
		fmt.Fprintf(stderr, "  %s\n", visibleLines(e.hint))
	}
	return e.code
}

// visibleLines makes text safe for a terminal and keeps its line ends.
func visibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = reports.Visible(lines[i])
	}
	return strings.Join(lines, "\n")
}
