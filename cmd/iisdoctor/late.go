package main

import (
	"io"
	"sync"
	"time"
)

// A live line is late by lateness at most, and not alone where many come at once.
const (
	lateness = 20 * time.Millisecond
	lateSize = 32 << 10
)

// lateWriter gathers short writes. What it could not write is lost, and the error
// with it: nobody reads on.
type lateWriter struct {
	w io.Writer

	sync.Mutex
	held []byte
}

// Write never fails.
func (l *lateWriter) Write(b []byte) (int, error) { return l.WriteString(string(b)) }

// WriteString never fails.
func (l *lateWriter) WriteString(s string) (int, error) {
	l.Lock()
	defer l.Unlock()
	if len(l.held) == 0 {
		time.AfterFunc(lateness, l.flush)
	}
	if l.held = append(l.held, s...); len(l.held) >= lateSize {
		l.write()
	}
	return len(s), nil
}

func (l *lateWriter) flush() {
	l.Lock()
	defer l.Unlock()
	l.write()
}

func (l *lateWriter) write() {
	if len(l.held) > 0 {
		_, _ = l.w.Write(l.held)
	}
	l.held = l.held[:0]
}
