package weblog

import (
	"bytes"
	"slices"
	"strings"
)

// Columns is a set of W3C columns, with the bits of the metabase property
// LogExtFileFlags that switches them on.
type Columns uint32

// The columns that IIS can write (iiscnfg.h, MD_EXTLOG_*).
const (
	DateColumn Columns = 1 << iota
	TimeColumn
	ClientIPColumn
	UserNameColumn
	SiteNameColumn
	ComputerNameColumn
	ServerIPColumn
	MethodColumn
	URIStemColumn
	URIQueryColumn
	StatusColumn
	Win32Column
	BytesSentColumn
	BytesReceivedColumn
	TimeTakenColumn
	ServerPortColumn
	UserAgentColumn
	CookieColumn
	RefererColumn
	VersionColumn
	HostColumn
	SubstatusColumn
)

// Has reports whether the set holds every column of c.
func (s Columns) Has(c Columns) bool { return s&c == c }

// part is a column that the readers look at; all others are skipped.
type part int8

const (
	partSkip part = iota
	partDate
	partTime
	partSite
	partMethod
	partStem
	partQuery
	partStatus
	partSubstatus
	partWin32
	partPort
	partReason
	partQueue
	partLead // the column before the method, where no site is logged
	parts
)

// shape is what the text of a column must look like; free text has none.
type shape int8

const (
	shapeWord    shape = iota // one word of any text
	shapeFree                 // text of the client: blanks may have slipped in
	shapeDate                 // 2003-04-24
	shapeTime                 // 00:00:31
	shapeAddress              // 10.0.0.1, fe80::1%11
	shapeNumber               // digits or -
	shapeStatus               // up to three digits or -
	shapeVersion              // HTTP/1.1 or -
)

// column is one name of a #Fields line.
type column struct {
	name  string // in lower case
	flag  Columns
	part  part
	shape shape

	custom bool // a name that IIS does not know: an added field
}

// known lists the names that IIS and HTTP.sys write (win32 w3c-logging, KB820729).
// Both spellings of Referer are in Microsoft's pages, and sc-sub-status in KB907273.
var known = []column{
	{name: "date", flag: DateColumn, part: partDate, shape: shapeDate},
	{name: "time", flag: TimeColumn, part: partTime, shape: shapeTime},
	{name: "s-sitename", flag: SiteNameColumn, part: partSite, shape: shapeWord},
	{name: "s-computername", flag: ComputerNameColumn, part: partSkip, shape: shapeWord},
	{name: "s-ip", flag: ServerIPColumn, part: partSkip, shape: shapeAddress},
	{name: "cs-method", flag: MethodColumn, part: partMethod, shape: shapeWord},
	{name: "cs-uri-stem", flag: URIStemColumn, part: partStem, shape: shapeFree},
	{name: "cs-uri-query", flag: URIQueryColumn, part: partQuery, shape: shapeFree},
	{name: "cs-uri", flag: URIStemColumn | URIQueryColumn, part: partStem, shape: shapeFree},
	{name: "s-port", flag: ServerPortColumn, part: partPort, shape: shapeNumber},
	{name: "cs-username", flag: UserNameColumn, part: partSkip, shape: shapeFree},
	{name: "c-ip", flag: ClientIPColumn, part: partSkip, shape: shapeAddress},
	{name: "c-port", flag: 0, part: partSkip, shape: shapeNumber},
	{name: "cs-version", flag: VersionColumn, part: partSkip, shape: shapeVersion},
	{name: "cs(user-agent)", flag: UserAgentColumn, part: partSkip, shape: shapeFree},
	{name: "cs(cookie)", flag: CookieColumn, part: partSkip, shape: shapeFree},
	{name: "cs(referer)", flag: RefererColumn, part: partSkip, shape: shapeFree},
	{name: "cs(referrer)", flag: RefererColumn, part: partSkip, shape: shapeFree},
	{name: "cs-host", flag: HostColumn, part: partSkip, shape: shapeFree},
	{name: "sc-status", flag: StatusColumn, part: partStatus, shape: shapeStatus},
	{name: "sc-substatus", flag: SubstatusColumn, part: partSubstatus, shape: shapeNumber},
	{name: "sc-sub-status", flag: SubstatusColumn, part: partSubstatus, shape: shapeNumber},
	{name: "sc-win32-status", flag: Win32Column, part: partWin32, shape: shapeNumber},
	{name: "sc-bytes", flag: BytesSentColumn, part: partSkip, shape: shapeNumber},
	{name: "cs-bytes", flag: BytesReceivedColumn, part: partSkip, shape: shapeNumber},
	{name: "time-taken", flag: TimeTakenColumn, part: partSkip, shape: shapeNumber},
	{name: "s-siteid", flag: 0, part: partSite, shape: shapeNumber},
	{name: "s-reason", flag: 0, part: partReason, shape: shapeWord},
	{name: "s-queuename", flag: 0, part: partQueue, shape: shapeFree},
}

// layout is one #Fields line made ready for splitting rows.
type layout struct {
	format     Format // W3C, HTTPERR, or None where the status is missing
	flags      Columns
	columns    []column
	ending     bool   // status, site, reason and queue follow each other, the status first
	origin     part   // the site or another column; between it and the method nothing can hold blanks
	results    part   // the last of status, substatus and Win32 status, where they follow each other
	quick      bool   // the quick look suits its rows of requests:
	before     int    // columns between the time and the origin
	behind     int    // columns behind the results
	status     bool   // the result is the status alone, behind the query
	quickError bool   // the quick look suits its rows of errors
	whole      bool   // the URL is one column with its query
	dated      bool   // begins with date and time, of fixed width
	left       []part // the first columns, as far as something is looked at
	right      []part // the last columns, backwards
	loose      []int  // columns that may hold blanks, the likeliest first

	short *layout // a row that does not fit may have this layout
}

// newLayout reads the names after "#Fields:".
func newLayout(names string) *layout {
	l := &layout{}
	var seen [parts]bool
	for _, name := range strings.Fields(names) {
		c := lookUp(strings.ToLower(name))
		if seen[c.part] && c.part != partSkip {
			c.part = partSkip // the first of two columns of one name counts
		}
		seen[c.part] = true
		l.flags |= c.flag
		l.whole = l.whole || c.name == "cs-uri"
		l.columns = append(l.columns, c)
	}
	switch {
	case seen[partReason]:
		l.format = HTTPERR
		l.ending = l.statusLeads()
	case seen[partStatus]:
		l.format = W3C
		l.skip(partPort) // only HTTPERR counts by port
		l.origin = l.leadsToMethod(seen[partSite])
		if l.adjacent(partStatus, partSubstatus, partWin32) {
			l.results = partWin32
		} else if !seen[partSubstatus] && !seen[partWin32] {
			l.results = partStatus
		}
	}
	l.plan()
	l.planQuick()
	return l
}

// statusLeads reports whether the status is the first of an HTTPERR row's results.
func (l *layout) statusLeads() bool {
	for _, c := range l.columns {
		switch c.part {
		case partStatus:
			return true
		case partSite, partReason, partQueue:
			return false
		}
	}
	return false
}

// skip has a column passed over.
func (l *layout) skip(p part) {
	for i := range l.columns {
		if l.columns[i].part == p {
			l.columns[i].part = partSkip
		}
	}
}

// leadsToMethod gives the site's column, or where no site is logged the first of the
// server's own columns before the method, if none from there to the method may hold
// blanks: then equal bytes are equal columns.
func (l *layout) leadsToMethod(site bool) part {
	if site {
		return l.firm(l.index(partSite), partSite)
	}
	lead := l.index(partMethod)
	for lead > 0 && l.columns[lead-1].part == partSkip && l.columns[lead-1].flag&(ComputerNameColumn|ServerIPColumn|ServerPortColumn) != 0 {
		lead--
	}
	if lead < 0 || l.columns[lead].part == partMethod {
		return partSkip
	}
	l.columns[lead].part = partLead
	return partLead
}

// firm gives lead back if no column from the i-th to the method may hold blanks.
func (l *layout) firm(i int, lead part) part {
	for _, c := range l.columns[i:] {
		if c.part == partMethod {
			return lead
		}
		if c.shape == shapeFree {
			return partSkip
		}
	}
	return partSkip
}

// adjacent reports whether columns follow each other.
func (l *layout) adjacent(parts ...part) bool {
	i := l.index(parts[0])
	return i >= 0 && slices.EqualFunc(l.columns[i:min(i+len(parts), len(l.columns))], parts, func(c column, p part) bool { return c.part == p })
}

// index gives the place of a part's column, -1 without one.
func (l *layout) index(p part) int {
	return slices.IndexFunc(l.columns, func(c column) bool { return c.part == p })
}

func lookUp(name string) column {
	for _, c := range known {
		if c.name == name {
			return c
		}
	}
	return column{name: name, shape: shapeFree, custom: true}
}

// plan decides which columns are found from the left and which from the right: the
// numbers at a row's end are nearest from there, past the long texts of the client.
func (l *layout) plan() {
	l.dated = len(l.columns) > 1 && l.columns[0].part == partDate && l.columns[1].part == partTime
	first := len(l.columns)
	for first > 0 && (l.columns[first-1].shape != shapeFree || l.columns[first-1].custom) {
		first--
	}
	if l.format == HTTPERR { // the name of a queue is short
		for first = len(l.columns); first > 0 && l.columns[first-1].part != partStem; {
			first--
		}
	}
	lastLeft := 0
	for i, c := range l.columns {
		if i < first {
			l.left = append(l.left, c.part)
			if c.part != partSkip {
				lastLeft = i + 1
			}
		}
		if c.shape == shapeFree {
			l.loose = append(l.loose, i)
		}
	}
	l.left = l.left[:lastLeft]
	for i := len(l.columns) - 1; i >= first; i-- {
		l.right = append(l.right, l.columns[i].part)
	}
	for n := len(l.right); n > 0 && l.right[n-1] == partSkip; n-- {
		l.right = l.right[:n-1]
	}
}

// bare is HTTPERR of Windows Server 2003 before its first service pack: no
// directives, and no queue name (KB820729). Lines cut out of a later log have one.
var bare = func() *layout {
	l := newLayout("date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename")
	l.short = newLayout("date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason")
	return l
}()

// directive splits "#Fields: date time" into its name in lower case and its value.
func directive(line []byte) (name string, value []byte) {
	head, value, ok := bytes.Cut(line, []byte{':'})
	if !ok || len(head) > 32 {
		return "", nil
	}
	return strings.ToLower(string(head)), bytes.TrimSpace(value)
}

// state is what the directives read so far say about the rows below them.
type state struct {
	layout *layout
	date   uint64 // of #Date as a stamp, for rows without a date column
}

// apply takes a directive in.
func (s *state) apply(line []byte) {
	switch name, value := directive(line); name {
	case "#fields":
		s.layout = newLayout(string(value))
	case "#date":
		s.date = 0
		if len(value) >= len("2003-04-24 00:00:00") {
			s.date, _ = parseStamp(value[:10], value[11:19])
		} else if len(value) >= len("2003-04-24") {
			s.date, _ = parseStamp(value[:10], []byte("00:00:00"))
		}
	}
}
