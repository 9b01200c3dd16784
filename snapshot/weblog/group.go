package weblog

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Absent is the substatus and Win32 status of rows that do not have the column.
const Absent = -1

// Request is what the rows of one group of a W3C log have in common.
type Request struct {
	Site      string // the site's number, "1" for W3SVC1; "" where neither log nor folder tells
	Status    int
	Substatus int    // Absent without the column
	Win32     int64  // the unsigned 32-bit status; Absent without the column
	Method    string // as logged
	Extension string // of the path's last name, with dot, in lower case; "" for none
	ASP       string // "ASP 0131" where the row tells of an error in a classic ASP page
	HResult   string // "800a000d": the script engine's or a component's error in such a row
}

// Error is what the rows of one group of an HTTPERR log have in common.
type Error struct {
	Site   string // the site's number; "" where HTTP.sys had not found one, and always in 2003 without SP1
	Status int    // 0 where nothing was sent, as for timers
	Reason string // "QueueFull"
	Queue  string // the application pool
	Port   int    // the server's, 0 where it is not logged
}

// Group is equal rows, counted.
type Group[K any] struct {
	Key   K
	Count int64
	// First and Last are UTC as the log writes it, "2003-04-24 00:00:31"; without
	// the date where no row has one, empty where no row has a time either.
	First, Last string
	Samples     []Sample // the first few rows by time, file and line
	URLs        []URL    // for a status of 400 and above and for ASP errors, the most frequent first
	Cut         bool     // URLs were left out: only some are listed, with right counts
}

// Sample is one row. Text holds time, method, path and result, never a query, a
// cookie, a user or an address.
type Sample struct {
	File string
	Line int
	Text string
}

// URL counts the rows of one path.
type URL struct {
	Path  string // without query; session IDs masked; shortened with … where it is very long
	Line  int    // of the page, where an ASP error names it
	Count int64
}

const (
	// MaxSamples is how many rows a group keeps.
	MaxSamples = 3
	// MaxURLs is how many URLs of one group are counted. Where all groups together
	// have more than maxAllURLs, each keeps fewer, down to minURLs.
	MaxURLs = 1024
	// MaxGroups is how many groups of each kind of log are kept.
	MaxGroups = 8192

	maxAllURLs = 32768
	minURLs    = maxAllURLs / MaxGroups
)

// tally is a group while it grows.
type tally struct {
	count       int64
	first, last uint64
	samples     [MaxSamples]*sample // in order; nil after the last
	urls        map[url]int64
	cut         bool
	any, every  Columns

	number uint64 // among the groups of its reader
	into   *tally // the summary's, when a reader hands in
}

// url is a path as logged, in the bytes of the log.
type url struct {
	path string
	line int
}

// note counts a row's time and columns, and reports whether it is a sample.
func (t *tally) note(stamp uint64, off int64, flags Columns) bool {
	if t.count == 0 {
		t.first, t.every = stamp, ^Columns(0)
	}
	t.count++
	t.any |= flags
	t.every &= flags
	if stamp < t.first {
		t.first = stamp
	}
	if stamp > t.last && stamp < noDate {
		t.last = stamp
	} else if stamp >= noDate || t.last >= noDate {
		t.last = later(t.last, stamp)
	}
	worst := t.samples[MaxSamples-1]
	return worst == nil || stamp < worst.stamp || stamp == worst.stamp && off < worst.off
}

// merge adds the rows of o.
func (t *tally) merge(o *tally) {
	if t.count == 0 {
		t.first, t.every = o.first, ^Columns(0)
	}
	t.count += o.count
	t.any |= o.any
	t.every &= o.every
	t.first = min(t.first, o.first)
	t.last = later(t.last, o.last)
	for _, s := range o.samples {
		t.keep(s)
	}
	t.cut = t.cut || o.cut
	if t.urls == nil && len(o.urls) > 0 {
		t.urls = make(map[url]int64, len(o.urls))
	}
	for u, n := range o.urls {
		t.urls[u] += n
	}
}

// countURL adds n rows of a URL.
func (t *tally) countURL(u url, n int64) {
	if t.urls == nil {
		t.urls = map[url]int64{}
	}
	t.urls[u] += n
}

// later gives the later of two stamps; a time without a date yields to any other.
func later(a, b uint64) uint64 {
	if (a >= noDate) != (b >= noDate) && a != 0 && b != 0 {
		return min(a, b)
	}
	return max(a, b)
}

// keep puts a row among the samples if it is early enough.
func (t *tally) keep(s *sample) {
	for i, have := range t.samples {
		if s == nil || s == have {
			return
		}
		if have == nil || s.before(have) {
			t.samples[i], s = s, have
		}
	}
}

// lowestURLs keeps the n URLs with the smallest hashes. Whichever rows come first,
// the same URLs stay, and none of them was ever left out: so their counts are exact.
func (t *tally) lowestURLs(n int) {
	if len(t.urls) <= n {
		return
	}
	t.cut = true
	type ranked struct {
		hash uint64
		url  url
	}
	all := make([]ranked, 0, len(t.urls))
	for u := range t.urls {
		all = append(all, ranked{fnv(fnvStart, u.path) + uint64(u.line), u})
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), strings.Compare(a.url.path, b.url.path), cmp.Compare(a.url.line, b.url.line))
	})
	kept := make(map[url]int64, n)
	for _, r := range all[:n] {
		kept[r.url] = t.urls[r.url]
	}
	t.urls = kept
}

// sample is one row that may be shown.
type sample struct {
	stamp uint64
	file  string
	off   int64  // of the row in its file: orders rows before their lines are known
	text  string // in the bytes of the log

	line int // in the range until the range's first line is known, then in the file
	from *span
}

func (s *sample) before(o *sample) bool {
	if s.stamp != o.stamp {
		return s.stamp < o.stamp
	}
	if s.file != o.file {
		return s.file < o.file
	}
	return s.off < o.off
}

// group makes the tally ready for reading.
func group[K any](key K, t *tally) Group[K] {
	g := Group[K]{Key: key, Count: t.count, First: stampText(t.first), Last: stampText(t.last), Cut: t.cut}
	for _, s := range t.samples {
		if s != nil {
			g.Samples = append(g.Samples, Sample{File: s.file, Line: s.line, Text: readable(s.text)})
		}
	}
	for u, n := range t.urls {
		g.URLs = append(g.URLs, URL{Path: readable(u.path), Line: u.line, Count: n})
	}
	slices.SortFunc(g.URLs, func(a, b URL) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	return g
}

// readable turns bytes of a log into text. Only logs of sites that log in UTF-8 are
// UTF-8; the others hold the server's code page.
func readable(raw string) string {
	text, _ := source.DecodeANSI("", []byte(raw))
	if text == nil {
		return strconv.QuoteToASCII(raw)
	}
	if strings.IndexByte(raw, '=') < 0 {
		return string(text.Bytes())
	}
	return source.MaskPasswords(string(text.Bytes()))
}
