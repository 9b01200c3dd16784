package eventlog

import (
	"github.com/iisdoctor/iisdoctor/source"
	"strconv"
	"strings"
	"time"
)

// Zone tells what a time is measured in.
type Zone int

// The zones. Two times can be ordered only within UTC or within AsWritten.
const (
	Unordered Zone = iota // not understood, or day and month cannot be told apart
	UTC                   // the export says so
	AsWritten             // local to the computer that exported; never converted
)

// Time is when an event was written. When is meant in Zone: a time AsWritten is put
// into UTC only to be comparable with its like, and is zero where Unordered.
type Time struct {
	Text string // as written
	Zone Zone
	When time.Time

	dayFirst, monthFirst time.Time // the readings of a date such as 3/4/2005
}

// DateOrder is the order of day and month in a file's dates.
type DateOrder int

// The orders, settled where one date of a file allows only one.
const (
	Unsettled DateOrder = iota
	MonthFirst
	DayFirst
	Contradictory
)

// forced is the order that the date alone allows.
func (t Time) forced() DateOrder {
	switch {
	case t.Zone != Unordered || t.dayFirst.IsZero() == t.monthFirst.IsZero():
		return Unsettled
	case t.dayFirst.IsZero():
		return MonthFirst
	}
	return DayFirst
}

// and joins what two parts of a file tell.
func (o DateOrder) and(other DateOrder) DateOrder {
	switch {
	case o == Unsettled || o == other:
		return other
	case other == Unsettled:
		return o
	}
	return Contradictory
}

// In gives the time as it reads under the file's order of day and month. A date
// that reads the same both ways needs none.
func (t Time) In(order DateOrder) Time {
	if t.Zone != Unordered {
		return t
	}
	when := time.Time{}
	switch {
	case order == MonthFirst:
		when = t.monthFirst
	case order == DayFirst:
		when = t.dayFirst
	}
	if !when.IsZero() {
		t.Zone, t.When = AsWritten, when
	}
	return t
}

var (
	numericDate = source.Lazy(`^(\d{1,4})([./-])[ ]?(\d{1,2})([./-])[ ]?(\d{1,4})\.?(?:[T, ]+(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?)? ?(.*)$`)
	cimDate     = source.Lazy(`^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.\d{6}([+-])(\d{3})$`)
	offset      = source.Lazy(`^([+-])(\d\d):?(\d\d)$`)
)

// parseTime reads ISO and common numeric forms. What it does not know stays text.
func parseTime(text string, utc bool) Time {
	// Some locales write unusual blanks and direction marks around dates.
	clean := strings.Map(func(r rune) rune {
		switch r {
		case '\u200e', '\u200f', '\u202a', '\u202c':
			return -1
		case '\u00a0', '\u202f', '\u2009':
			return ' '
		}
		return r
	}, strings.TrimSpace(text))
	t := Time{Text: bounded(clean, 64)}
	if len(clean) > 64 {
		return t
	}
	if m := cimDate().FindStringSubmatch(clean); m != nil {
		return t.fromCIM(m)
	}
	m := numericDate().FindStringSubmatch(clean)
	if m == nil || m[2] != m[4] {
		return t
	}
	clock, zone, ok := clockOf(m)
	if !ok {
		return t
	}
	return t.dated(m, clock, zone, utc)
}

// dated tells the date's order from its form: a year in front and dots in between
// are written one way only, slashes and hyphens both ways.
func (t Time) dated(m []string, clock time.Duration, zone *time.Location, utc bool) Time {
	at := func(year, month, day string) time.Time { return on(year, month, day, clock, zone) }
	switch {
	case len(m[1]) == 4:
		t.When = at(m[1], m[3], m[5])
	case len(m[1]) > 2 || len(m[5]) == 3 || len(m[5]) == 1:
		return t
	case m[2] == ".":
		t.When = at(m[5], m[3], m[1])
	default:
		t.monthFirst, t.dayFirst = at(m[5], m[1], m[3]), at(m[5], m[3], m[1])
		if !t.monthFirst.Equal(t.dayFirst) {
			return t
		}
		t.When = t.monthFirst
	}
	switch {
	case t.When.IsZero():
	case zone != nil || utc:
		t.Zone, t.When = UTC, t.When.UTC()
	default:
		t.Zone = AsWritten
	}
	return t
}

// on gives a date and time of day, or zero where there is no such date.
func on(year, month, day string, clock time.Duration, zone *time.Location) time.Time {
	y, mo, d := number(year), number(month), number(day)
	if len(year) == 2 {
		y += 2000
	}
	if zone == nil {
		zone = time.UTC
	}
	date := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, zone)
	if mo < 1 || mo > 12 || d < 1 || date.Day() != d || y < 1601 {
		return time.Time{}
	}
	return date.Add(clock)
}

// clockOf reads the time of day and what stands behind it: AM, PM, Z or an offset.
func clockOf(m []string) (clock time.Duration, zone *time.Location, ok bool) {
	hour, minute, second := number(m[6]), number(m[7]), number(m[8])
	switch tail := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(m[10]), ".", "")); {
	case tail == "":
	case tail == "z":
		zone = time.UTC
	case tail == "am" || tail == "pm":
		if hour < 1 || hour > 12 {
			return 0, nil, false
		}
		if hour %= 12; tail == "pm" {
			hour += 12
		}
	default:
		o := offset().FindStringSubmatch(tail)
		if o == nil {
			return 0, nil, false
		}
		zone = fixed(o[1], number(o[2])*60+number(o[3]))
	}
	if hour > 23 || minute > 59 || second > 60 {
		return 0, nil, false
	}
	clock = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	if m[9] != "" {
		clock += time.Duration(number((m[9] + "00000000")[:9]))
	}
	return clock, zone, true
}

func fixed(sign string, minutes int) *time.Location {
	if sign == "-" {
		minutes = -minutes
	}
	return time.FixedZone("", minutes*60)
}

// fromCIM reads a time as WMI writes it; its offset is in minutes.
func (t Time) fromCIM(m []string) Time {
	clock := time.Duration(number(m[4]))*time.Hour + time.Duration(number(m[5]))*time.Minute + time.Duration(number(m[6]))*time.Second
	if when := on(m[1], m[2], m[3], clock, fixed(m[7], number(m[8]))); !when.IsZero() {
		t.Zone, t.When = UTC, when.UTC()
	}
	return t
}

// number reads digits that an expression has matched; empty is 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
