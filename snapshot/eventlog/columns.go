package eventlog

import "strings"

// role is what a column or label holds.
type role int

const (
	noRole role = iota
	roleTime
	roleDate // beside a roleTime that is only the time of day
	roleSource
	roleID
	roleInstance // the ID with qualifiers, where there is no other
	roleLevel
	roleLog
	roleMessage
	roleStrings
	roles
)

// roleNames are the headers and labels that exports use: eventquery.vbs, Event
// Viewer, Get-EventLog, Get-WinEvent, wevtutil /f:text, Log Parser and WMI, in small letters.
var roleNames = map[string]role{
	"date time": roleTime, "date and time": roleTime, "timegenerated": roleTime, "timecreated": roleTime, "time": roleTime,
	"date":   roleDate,
	"source": roleSource, "providername": roleSource, "sourcename": roleSource, "event source": roleSource,
	"event": roleID, "eventid": roleID, "event id": roleID, "eventcode": roleID, "id": roleID,
	"instanceid": roleInstance, "eventidentifier": roleInstance,
	"type": roleLevel, "entrytype": roleLevel, "leveldisplayname": roleLevel, "level": roleLevel, "event type": roleLevel, "eventtypename": roleLevel,
	"log name": roleLog, "logname": roleLog, "logfile": roleLog, "eventlog": roleLog,
	"description": roleMessage, "message": roleMessage,
	"strings": roleStrings,
}

// columns tells for each column what it holds.
type columns struct {
	separator byte
	roles     []role
	beyond    bool // one more field than headers is the message: Event Viewer leaves its header out
}

// separators that exports use; Export-Csv -UseCulture takes the list separator.
var separators = []byte{',', '\t', ';'}

// header reads a line as the header of an event table.
func header(line string) (columns, bool) {
	for _, sep := range separators {
		if c, ok := headerFields(splitRow(line, sep)); ok {
			c.separator = sep
			return c, true
		}
	}
	return columns{}, false
}

// headerFields reads the fields of a header.
func headerFields(fields []string) (columns, bool) {
	if len(fields) < 4 {
		return columns{}, false
	}
	var c columns
	var seen [roles]bool
	bareID, provider := false, false
	for _, f := range fields {
		f = strings.ToLower(strings.TrimSpace(f))
		r := roleNames[f]
		bareID, provider = bareID || f == "id", provider || f == "providername"
		if f == "leveldisplayname" || f == "eventtypename" {
			c.drop(roleLevel) // Get-WinEvent's Level is the number
		} else if seen[r] {
			r = noRole
		}
		seen[r] = r != noRole
		c.roles = append(c.roles, r)
	}
	c.settle(seen)
	if bareID && !provider {
		return columns{}, false // any table may have an ID; Get-WinEvent's has a ProviderName
	}
	return c, seen[roleSource] && (seen[roleID] || seen[roleInstance]) && (seen[roleTime] || seen[roleDate])
}

// settle drops the instance where there is an ID, and takes a lone date as the time.
func (c *columns) settle(seen [roles]bool) {
	if seen[roleID] {
		c.drop(roleInstance)
	}
	for i, r := range c.roles {
		if r == roleDate && !seen[roleTime] {
			c.roles[i] = roleTime
		}
	}
	c.beyond = !seen[roleMessage]
}

func (c *columns) drop(r role) {
	for i := range c.roles {
		if c.roles[i] == r {
			c.roles[i] = noRole
		}
	}
}

// shape recognises a table by its first row where the header is missing or in
// another language: eventquery /nh, Event Viewer of a localised Windows.
func shape(row string) (columns, bool) {
	for _, sep := range separators {
		f := splitRow(row, sep)
		switch {
		case len(f) >= 7 && len(f) <= 8 && isNumber(f[1]) && isDate(f[2]):
			return columns{separator: sep, roles: []role{roleLevel, roleID, roleTime, roleSource, noRole, noRole, noRole, roleMessage}}, true
		case len(f) >= 5 && len(f) <= 6 && isDate(f[1]) && isNumber(f[3]):
			return columns{separator: sep, roles: []role{roleLevel, roleTime, roleSource, roleID, noRole, roleMessage}}, true
		}
	}
	return columns{}, false
}

func isNumber(s string) bool {
	_, ok := eventID(s)
	return ok
}

func isDate(s string) bool {
	t := parseTime(s, false)
	return t.Zone != Unordered || !t.dayFirst.IsZero() || !t.monthFirst.IsZero() || dateLike(s)
}

// dateLike accepts a date and a time of day with a marker in another language.
func dateLike(s string) bool {
	m := numericDate().FindStringSubmatch(strings.TrimSpace(s))
	return m != nil && m[2] == m[4] && len(m[10]) <= 20
}

// splitRow splits one line; quotes enclose separators, two quotes are one.
func splitRow(line string, separator byte) []string {
	if len(line) > maxField {
		line = line[:maxField]
	}
	var fields []string
	for len(fields) < maxColumns {
		var f string
		f, line = cutField(line, separator)
		fields = append(fields, f)
		if line == "" {
			return fields
		}
		line = line[1:]
	}
	return fields
}

// cutField takes one field; rest begins with the separator or is empty.
func cutField(line string, separator byte) (field, rest string) {
	if !strings.HasPrefix(line, `"`) {
		if i := strings.IndexByte(line, separator); i >= 0 {
			return line[:i], line[i:]
		}
		return line, ""
	}
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			i++
			continue
		}
		field, rest = strings.ReplaceAll(line[1:i], `""`, `"`), line[i+1:]
		if end := strings.IndexByte(rest, separator); end >= 0 {
			return field + rest[:end], rest[end:]
		}
		return field + rest, ""
	}
	return line[1:], ""
}

// maxColumns bounds the fields of a row; Get-WinEvent exports 27.
const maxColumns = 64
