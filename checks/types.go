// Package checks says what is wrong: one check for one documented failure, with
// its words and its fault folder, and the run that collects findings.
package checks

import (
	"slices"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// Severity of a finding.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Certainty of a finding.
type Certainty string

const (
	Observed Certainty = "observed" // logs or events show it happening
	Proven   Certainty = "proven"   // the model's answer to the witness was decided at the finding's place
	Possible Certainty = "possible" // evidence is missing
)

// Finding is one thing that is wrong at one place that must change.
type Finding struct {
	ID        string
	Codes     []string
	Severity  Severity
	Certainty Certainty
	Title     string
	Message   string
	Missing   string // for possible: which evidence is missing, one sentence
	Span      source.Span
	Key       metabase.Path // the key the finding speaks of
	Property  string
	Value     string        // the value or entry, "" for a secret
	Origin    metabase.Path // the key that sets it, "" for a default
	Affects   []string      // key paths, URLs or extensions it affects, in a fixed order
	Witness   *Witness      // nil where one request cannot show it
	Seen      string        // the model's answer to the witness: "404.3"
	HiddenBy  *Hidden       // the failure that the witness meets first
	Observed  *Observation
	Remedies  []Remedy // safest first

	At   source.Pos // the place of a finding about a log line, whose text is not kept
	sign sign       // how it shows in logs and events
}

// Pos is the finding's place.
func (f Finding) Pos() source.Pos {
	if f.Span.IsZero() {
		return f.At
	}
	return f.Span.Pos()
}

// Witness is the request that shows the failure.
type Witness struct {
	Method, URL string
	Header      string // what it sends beside: "Cookie: (16385 bytes)"; "" for nothing

	fields      []iis.Field // those that Header speaks of
	address     string      // of the server, that the request goes to
	unreachable string      // why no request gets to the place; then it is no witness
}

// String is the request as a person writes it.
func (w *Witness) String() string {
	s := w.Method + " " + w.URL
	if w.Header != "" {
		s += " with " + w.Header
	}
	return s
}

// same reports whether both are one request.
func (w *Witness) same(o *Witness) bool {
	return w.Method == o.Method && w.URL == o.URL && w.address == o.address && slices.Equal(w.fields, o.fields)
}

// Hidden names the failure that stands in front. ID is empty where no check owns it.
type Hidden struct {
	ID     string
	Status string
	File   string
	Line   int
}

// Observation is what logs and events show of the failure. Times are UTC as the
// logs write them.
type Observation struct {
	Count       int
	First, Last string
	Samples     []string
}

// Remedy mends the fault: steps for a person, edits for a machine.
type Remedy struct {
	Title string   // "Allow the Web service extension"
	Steps []string // full sentences, in order
	Risk  string   // what it costs, "" where nothing
	Edits []snapshot.Edit
}

// Skip is a check that could not run for want of evidence.
type Skip struct {
	ID      string
	Reason  string // "no content folder in the snapshot"
	Collect string // how to get it
}

// Report is the result of a run.
type Report struct {
	Files         []snapshot.File
	Keys          int
	Properties    int
	NotUnderstood int
	Run           int // checks run
	Findings      []Finding
	Skipped       []Skip
	Problems      []source.Problem
}

// Words is what a fault folder's README.md says: the only source of human words.
type Words struct {
	ID      string
	Title   string   // "Static file answered 404.3"
	Codes   []string // the statuses it is known by: "404.3"
	Symptom string   // Markdown paragraphs without the heading
	Cause   string
	Remedy  string
	Sources string
}

// Check is one documented failure.
type Check struct {
	ID         string
	Codes      []string // what it answers to: "404.3", "ASP 0131", "event 1002"
	Severity   Severity // the highest it reports
	Needs      []Need
	ConfigOnly bool // no request shows it
	ByValue    bool // proven by its value: its requests show what it costs, and are answered without an error
	run        func(*pass)
}

// Need is evidence that a check cannot run without.
type Need string

const (
	NeedMetabase Need = "metabase"
	NeedSites    Need = "sites"
	NeedContent  Need = "content"
	NeedACLs     Need = "access lists"
	NeedRights   Need = "user rights"
	NeedURLScan  Need = "UrlScan.ini"
	NeedFirewall Need = "firewall"
	NeedHTTPSys  Need = "registry of HTTP.sys"
	NeedLogs     Need = "logs"
	NeedUse      Need = "content or logs" // what visitors ask for
)
