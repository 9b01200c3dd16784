// Package weblog reads the logs of Web servers on Windows at the speed of the
// disk cache: W3C extended logs of IIS and HTTPERR logs of HTTP.sys. It keeps no
// rows, only counts of equal rows with the first and last time, a few samples and
// the URLs that failed.
//
// What a client typed never leaves the package beyond the path of a URL: queries,
// cookies, user names and addresses are not kept.
package weblog

import (
	"runtime"
	"sync"
)

// Summary is the aggregate of any number of log files. Its zero value is ready.
//
// Summaries merge: whatever the order and the grouping in which files are added
// and summaries merged, the result is the same, samples and URLs included, also
// where a limit was met. Its memory is bounded however long the logs are.
//
// A Summary is for one goroutine at a time; Add itself uses all processors.
type Summary struct {
	mu       sync.Mutex // workers of one Add hand in their counts
	requests table[Request]
	errors   table[Error]
	totals   Totals
}

// Totals says what was read.
type Totals struct {
	Files int   // logs that were read; declined files do not count
	Bytes int64 // as they were read, that is after unpacking
	Lines int64 // lines, directives included
	Rows  int64 // rows that are counted in a group

	Junk         int64 // lines that are neither a row of the columns in force nor a directive
	NoColumns    int64 // rows before any #Fields line, or below one that lacks the status
	OtherService int64 // rows of the FTP, SMTP or NNTP service
	NotIIS       int64 // HTTPERR rows of other programs that listen through HTTP.sys
	Beyond       int64 // rows, part of Rows, whose group is not kept: see MaxGroups
}

func (t *Totals) add(o Totals) {
	t.Files += o.Files
	t.Bytes += o.Bytes
	t.Lines += o.Lines
	t.Rows += o.Rows
	t.Junk += o.Junk
	t.NoColumns += o.NoColumns
	t.OtherService += o.OtherService
	t.NotIIS += o.NotIIS
}

// Totals says what was read so far.
func (s *Summary) Totals() Totals {
	t := s.totals
	t.Beyond = s.requests.beyond + s.errors.beyond
	return t
}

// Merge adds all that other has counted. Other stays as it is.
func (s *Summary) Merge(other *Summary) {
	s.requests.mergeTable(&other.requests)
	s.errors.mergeTable(&other.errors)
	s.totals.add(other.totals)
}

// Requests gives the groups of the W3C logs, ordered by their keys.
func (s *Summary) Requests() []Group[Request] { return s.requests.list() }

// Errors gives the groups of the HTTPERR logs, ordered by their keys.
func (s *Summary) Errors() []Group[Error] { return s.errors.list() }

// Columns says which columns the W3C logs of a site have: in any of its rows, and
// in every one. Without SubstatusColumn in every, a 404.2 cannot be told from a
// 404.3. Both are 0 for a site without rows.
func (s *Summary) Columns(site string) (any, every Columns) {
	every = ^Columns(0)
	for k, t := range s.requests.groups {
		if k.Site == site {
			any |= t.any
			every &= t.every
		}
	}
	if any == 0 {
		return 0, 0
	}
	return any, every
}

// workers is how many ranges of one file are read at the same time.
func workers() int { return runtime.GOMAXPROCS(0) }
