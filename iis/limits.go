package iis

import (
	"strconv"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// Limit is one setting of HTTP.sys (KB820129). Value is what is in force; 0 stands
// for "no limit" where the documentation says so.
type Limit struct {
	Name    string      // of the registry value that decided: MaxRequestBytes
	Value   int         // in force: bytes, characters, segments, or a switch
	Set     bool        // the registry holds it
	Written uint32      // what the registry says; differs from Value where HTTP.sys replaces it
	At      source.Span // the registry value, or its key where an export shows that it is absent
}

// On reads a switch.
func (l Limit) On() bool { return l.Value != 0 }

// Exceeded reports whether n is more than a limit for which 0 means none.
func (l Limit) Exceeded(n int) bool { return l.Value != 0 && n > l.Value }

// because names the limit as what decided; nil where no export shows its place.
func (l Limit) because() *Because {
	if l.At.IsZero() {
		return nil
	}
	b := &Because{Span: l.At, Key: metabase.Path(snapshot.RegHTTP), Property: l.Name}
	if l.Set {
		b.Value = strconv.FormatUint(uint64(l.Written), 10)
	}
	return b
}

// Limits are the limits of HTTP.sys for a request's head, from the registry key
// HTTP\Parameters. Changes need a restart of the driver (KB820129).
type Limits struct {
	MaxRequestBytes      Limit // request line and fields, with the blank line; 256 to 16777216 bytes
	MaxFieldLength       Limit // one field, and the URL; 64 to 65534 bytes
	URLSegmentMaxLength  Limit // characters between two slashes; 0 to 32766, 0 is no limit
	URLSegmentMaxCount   Limit // parts of the path; 0 to 16383, 0 is no limit
	AllowRestrictedChars Limit // %hh for U+0000-001F and U+007F-009F is accepted
	PercentUAllowed      Limit // %uHHHH is accepted
	EnableNonUTF8        Limit // a URL that is not UTF-8 is taken as ANSI
	FavorUTF8            Limit // UTF-8 is tried first
	MaxConnections       Limit // of all sites together; 1024 to 2031616, 0 here is no limit
}

// LimitsOf reads the limits that HTTP.sys of the snapshot works with. A number out
// of its range counts as the nearest bound: of MaxRequestBytes 0 it is published that
// clients were refused with "Header Field Too Long", so it is not the default that
// takes its place; for the other values this is inferred.
func LimitsOf(s *snapshot.Snapshot) Limits {
	read := func(name string, standard, low, high int) Limit {
		return readLimit(s.Registry, name, standard, low, high)
	}
	on := func(name string, standard int) Limit { return read(name, standard, 0, 1) }
	l := Limits{
		MaxRequestBytes:      read("MaxRequestBytes", 16384, 256, 16777216),
		MaxFieldLength:       read("MaxFieldLength", 16384, 64, 65534),
		URLSegmentMaxLength:  read("UrlSegmentMaxLength", 260, 0, 32766),
		URLSegmentMaxCount:   read("UrlSegmentMaxCount", 255, 0, 16383),
		AllowRestrictedChars: on("AllowRestrictedChars", 0),
		PercentUAllowed:      on("PercentUAllowed", 1),
		EnableNonUTF8:        on("EnableNonUTF8", 1),
		FavorUTF8:            on("FavorUTF8", 1),
		MaxConnections:       read("MaxConnections", 0, 1024, 2031616),
	}
	// "If it is lower than MaxFieldLength, the MaxFieldLength value is adjusted"
	// (KB820129): what decides is then MaxRequestBytes.
	if l.MaxRequestBytes.Value < l.MaxFieldLength.Value {
		l.MaxFieldLength = l.MaxRequestBytes
	}
	return l
}

func readLimit(r *snapshot.Registry, name string, standard, low, high int) Limit {
	l := Limit{Name: name, Value: standard}
	v, known := r.Value(snapshot.RegHTTP, name)
	if known != snapshot.Yes {
		if known == snapshot.No {
			l.At = r.At(snapshot.RegHTTP)
		}
		return l
	}
	l.At = v.At
	if n, ok := v.DWORD(); ok { // data of another type is passed over: inferred
		l.Set, l.Written = true, n
		l.Value = int(min(max(int64(n), int64(low)), int64(high)))
	}
	return l
}
