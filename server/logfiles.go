package server

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// logFiles writes the logs below a folder in the layout of a server: W3SVC1/ex050314.log,
// HTTPERR/httperr1.log, and events.csv as eventquery.vbs prints events. A snapshot
// reads the folder back.
type logFiles struct {
	root *os.Root
	open map[logOf]*logFile
	late bool  // a flush is on its way
	err  error // the first that happened

	written map[string]bool // names of all files since the start
}

// logOf is what a file holds.
type logOf struct {
	kind LogKind
	site string
}

// logFile is one open log. Its name changes with the hour at most.
type logFile struct {
	*bufio.Writer
	file *os.File
	name string
	hour int64
}

// logLateness is how long a line stays in memory at most before it is in its file.
const logLateness = 50 * time.Millisecond

// openLogs makes the folder where it is not there yet.
func openLogs(folder string) (*logFiles, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	return &logFiles{root: root, open: map[logOf]*logFile{}, written: map[string]bool{}}, nil
}

// write adds a record to its file. What fails is remembered; the server goes on.
func (l *logFiles) write(s *Server, r Record, now time.Time) {
	f := l.fileOf(s, r, now)
	if f == nil {
		return
	}
	f.WriteString(r.Line) // an error stays with the writer until it is flushed
	f.WriteString("\r\n")
	if !l.late {
		l.late = true
		time.AfterFunc(logLateness, func() {
			s.logs.Lock()
			defer s.logs.Unlock()
			l.flush()
		})
	}
}

// fileOf finds the file that the record belongs to, or begins it.
func (l *logFiles) fileOf(s *Server, r Record, now time.Time) *logFile {
	key := logOf{r.Kind, r.Site}
	f, hour := l.open[key], now.Unix()/3600
	if f != nil && f.hour == hour {
		return f
	}
	name, head := s.logFile(r, now)
	switch {
	case name == "":
		return nil
	case f != nil && f.name == name:
		f.hour = hour
		return f
	case f != nil:
		l.end(f)
		delete(l.open, key)
	}
	file := l.create(name, head)
	if file == nil {
		return nil
	}
	f = &logFile{bufio.NewWriterSize(file, 32<<10), file, name, hour}
	l.open[key] = f
	l.written[name] = true
	return f
}

// flush writes what is held; the caller holds the lock of the logs.
func (l *logFiles) flush() {
	l.late = false
	for _, f := range l.open {
		l.note(f.Flush())
	}
}

func (l *logFiles) end(f *logFile) {
	l.note(f.Flush())
	l.note(f.file.Close())
}

func (l *logFiles) note(err error) {
	if l.err == nil {
		l.err = err
	}
}

func (l *logFiles) create(name string, head []string) *os.File {
	if folder, _, ok := strings.Cut(name, "/"); ok {
		if err := l.root.Mkdir(folder, 0o755); err != nil && !os.IsExist(err) {
			l.note(err)
		}
	}
	f, err := l.root.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = io.WriteString(f, strings.Join(append(head, ""), "\r\n"))
	}
	if err != nil {
		l.note(err)
		return nil
	}
	return f
}

func (l *logFiles) close() error {
	for _, f := range l.open {
		l.end(f)
	}
	l.open = nil
	l.root.Close()
	return l.err
}

// logFile is the file that a record belongs to and the lines at its head.
func (s *Server) logFile(r Record, now time.Time) (name string, head []string) {
	now = now.UTC()
	date := "#Date: " + now.Format("2006-01-02 15:04:05")
	switch r.Kind {
	case HTTPERR:
		return "HTTPERR/httperr1.log", []string{"#Software: Microsoft HTTP API 1.0", "#Version: 1.0", date,
			"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename"}
	case Event:
		return "events.csv", []string{EventHeader}
	case Begin:
		// IIS has no such log: no reader may take its rows for those of another.
		return "begin" + r.Site + ".txt", []string{"#Software: iisdoctor, the beginnings of requests"}
	case W3C:
		if !allDigits(r.Site) {
			return "", nil
		}
		head = s.W3CHeader(r.Site)
		head[2] = date
		return "W3SVC" + r.Site + "/" + s.logName(r.Site, now), head
	}
	return "", nil
}

// logName is a log's name by LogFilePeriod: 1 a day, which is the default, 2 a week,
// 3 a month, 4 an hour, 0 by size.
func (s *Server) logName(site string, now time.Time) string {
	period, ok := s.tree.Effective(metabase.Path("/LM/W3SVC").Join(site), "LogFilePeriod").Uint()
	switch {
	case ok && period == 0:
		return "extend1.log"
	case ok && period == 2:
		return fmt.Sprintf("ex%s%02d.log", now.Format("0601"), (now.Day()-1)/7+1)
	case ok && period == 3:
		return now.Format("ex0601.log")
	case ok && period == 4:
		return now.Format("ex06010215.log")
	}
	return now.Format("ex060102.log")
}

// openLogs prepares the folder of Options.Logs.
func (s *Server) openLogs(folder string) error {
	if folder == "" {
		return nil
	}
	files, err := openLogs(folder)
	if err != nil {
		return err
	}
	s.files = files
	s.logs.files = func(r Record) { files.write(s, r, s.options.Now()) }
	return nil
}

// closeLogs ends the files and names those that were written; the error is the first
// that happened in any of them.
func (s *Server) closeLogs() (names []string, err error) {
	s.logs.Lock()
	defer s.logs.Unlock()
	if s.files == nil || s.logs.files == nil {
		return nil, nil
	}
	s.logs.files = nil
	return slices.Sorted(maps.Keys(s.files.written)), s.files.close()
}
