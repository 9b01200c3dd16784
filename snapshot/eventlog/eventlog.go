// Package eventlog reads Windows event logs as administrators export them: tables
// (eventquery.vbs, Export-Csv, Event Viewer), XML (wevtutil) and labelled text
// (wevtutil, Format-List, Event Viewer). It keeps what IIS wrote and counts the rest.
//
// Files are streamed: memory does not grow with their size. What a message tells of
// users, queries and passwords is withheld before an Event leaves the package.
package eventlog

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Bounds on what is kept of one record. The Event Log service allows a message
// of 31,839 characters; the documented messages of IIS stay far below these.
const (
	maxField   = 8 << 10 // bytes of a field while it is read
	maxMessage = 1 << 10 // bytes of a message that is kept
	maxInserts = 16
)

// Source is the short name of a program of IIS that writes events, the one it has
// on Windows Server 2003.
type Source string

// The sources that are kept. The log they stand in is not asked: KB920720 shows
// W3SVC in the Application log, the table of cc786887 in the System log.
const (
	ASP      Source = "Active Server Pages"
	ASPNET   Source = "ASP.NET"
	W3SVC    Source = "W3SVC"
	W3SVCWP  Source = "W3SVC-WP"
	WAS      Source = "WAS" // IIS 7 and later
	noSource Source = ""
)

// Event is one event of IIS.
type Event struct {
	Source   Source
	Provider string // the source as written
	ID       int    // without qualifiers and severity: the low 16 bits
	Level    string // as written, perhaps localised; English from numbers in XML
	Log      string // the log as written; empty where the export does not say
	Time     Time
	Message  string   // masked and bounded; line ends are blanks; empty where the export has none
	Inserts  []string // the insert strings, masked, where the export has them and the event is known
	Subject  Subject
	Pos      source.Pos // where the record begins
}

// Text is the message, or the insert strings where the export has no message.
func (e Event) Text() string {
	if e.Message != "" || len(e.Inserts) == 0 {
		return e.Message
	}
	return bounded(strings.Join(e.Inserts, ", "), maxMessage)
}

// sourceOf gives the short name of a source as written: IIS 7 renamed them, and
// ASP.NET carries its version. The tables of cc735105 and cc735119 print WMSVC for
// the worker process; its own events have other numbers.
func sourceOf(name string, id int) Source {
	name = strings.ToLower(name)
	switch name {
	case "w3svc", "microsoft-windows-iis-w3svc":
		return W3SVC
	case "w3svc-wp", "microsoft-windows-iis-w3svc-wp":
		return W3SVCWP
	case "microsoft-windows-iis-wmsvc":
		if id >= 2200 && id < 2310 {
			return W3SVCWP
		}
		return noSource
	case "was", "microsoft-windows-was":
		return WAS
	case "active server pages":
		return ASP
	}
	if name == "asp.net" || strings.HasPrefix(name, "asp.net ") {
		return ASPNET
	}
	return noSource
}

// bounded cuts a text to at most n bytes and the mark of the cut, between code points.
func bounded(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
