package snapshot

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sync"

	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// largeLog is from where on a log that can be read at any place is read by all
// processors together; smaller ones, and streams, are read side by side.
const largeLog = 16 << 20

// logFile is one log on its way.
type logFile struct {
	found
	file     fs.File // of a large log
	at       io.ReaderAt
	size     int64
	problems []source.Problem
	err      error
}

// logCounts is what one reader has counted. Counts merge in any order.
type logCounts struct {
	web       weblog.Summary
	events    eventlog.Summary
	hasWeb    bool
	hasEvents bool
}

// logs counts what the logs tell; the problems are in the order of the files.
func (c *collector) logs(s *Snapshot, files []found) error {
	var list []*logFile
	for _, f := range files {
		if k := f.look.kind; f.err == nil && (k == KindW3C || k == KindHTTPERR || k == KindEvents) {
			list = append(list, &logFile{found: f})
		}
	}
	total := c.countLogs(list)
	if total.hasWeb {
		s.Logs = &total.web
	}
	if total.hasEvents {
		s.Events = &total.events
	}
	for _, l := range list {
		if l.err != nil {
			return fmt.Errorf("%s: %w", l.shown, l.err)
		}
		c.problems = append(c.problems, l.problems...)
	}
	return nil
}

// countLogs reads the large logs one after the other and all others side by side.
func (c *collector) countLogs(list []*logFile) *logCounts {
	total := &logCounts{}
	queue := make(chan []*logFile)
	done := make(chan *logFile)
	var small []*logFile
	for i, l := range list {
		if l.large() {
			c.progress(func() string { return fmt.Sprintf("reading logs: %d of %d", i+1, len(list)) })
			total.read(l)
			continue
		}
		small = append(small, l)
	}
	jobs := chains(small)
	counts := make([]logCounts, min(runtime.GOMAXPROCS(0), len(jobs)))
	var wait sync.WaitGroup
	for i := range counts {
		wait.Go(func() {
			for job := range queue {
				for _, l := range job {
					counts[i].read(l)
					done <- l
				}
			}
		})
	}
	go func() {
		for _, job := range jobs {
			queue <- job
		}
		close(queue)
		wait.Wait()
		close(done)
	}()
	n := len(list) - len(small)
	for range done {
		n++
		c.progress(func() string { return fmt.Sprintf("reading logs: %d of %d", n, len(list)) })
	}
	for i := range counts {
		total.merge(&counts[i])
	}
	return total
}

// chains gives the logs as work for one reader each. Those of an archive that can
// only be read forward are one piece of work, in the order in which they lie there.
func chains(list []*logFile) [][]*logFile {
	var jobs [][]*logFile
	var forward []*logFile
	for _, l := range list {
		if l.offset > 0 {
			forward = append(forward, l)
		} else {
			jobs = append(jobs, []*logFile{l})
		}
	}
	if len(forward) > 0 {
		slices.SortStableFunc(forward, func(a, b *logFile) int { return cmp.Compare(a.offset, b.offset) })
		jobs = append([][]*logFile{forward}, jobs...)
	}
	return jobs
}

// large opens a log that all processors read together.
func (l *logFile) large() bool {
	if l.look.kind == KindEvents || l.offset > 0 || l.asked && l.name == "-" {
		return false
	}
	file, err := l.open()
	if err != nil {
		return false // reading it tells
	}
	at, isAt := file.(io.ReaderAt)
	info, err := file.Stat()
	if !isAt || err != nil || info.Size() < largeLog {
		file.Close()
		return false
	}
	l.file, l.at, l.size = file, at, info.Size()
	return true
}

// read counts one log. What of it cannot be read is a problem: the rest counts.
func (n *logCounts) read(l *logFile) {
	site := weblog.SiteOf(l.shown)
	if l.at != nil {
		n.hasWeb = true
		l.problems = n.web.Add(l.name, site, l.at, l.size)
		l.file.Close()
		return
	}
	file, err := l.open()
	if err != nil {
		l.err = err
		return
	}
	defer file.Close()
	if l.look.kind != KindEvents {
		n.hasWeb = true
		l.problems = n.web.AddStream(l.name, site, file)
		return
	}
	n.hasEvents = true
	result, err := n.events.AddFile(l.name, file)
	l.problems = result.Problems
	if err != nil {
		l.problems = []source.Problem{{Pos: source.Pos{File: l.name}, Found: "an event log that cannot be read: " + reason(err), Hint: hintCopy}}
	}
}

func (n *logCounts) merge(o *logCounts) {
	if o.hasWeb {
		n.hasWeb = true
		n.web.Merge(&o.web)
	}
	if o.hasEvents {
		n.hasEvents = true
		n.events.Merge(&o.events)
	}
}
