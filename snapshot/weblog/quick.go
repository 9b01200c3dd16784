package weblog

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Nearly all rows of a log are alike: the second of the row before, one of a few
// sites, addresses and methods, one of a few results. The quick look compares their
// bytes with those read before, and leaves the rows that it does not know to the
// thorough reading, which remembers what it read.

// clockEnd is where the columns after date and time begin: "2003-04-24 00:00:31 ".
const clockEnd = 20

// planQuick decides whether the quick look suits the layout: date and time, soon what
// leads to the method, then path and query; the results near the end, or as in the
// logs of IIS 5.0 the status after the query.
func (l *layout) planQuick() {
	l.quickError = l.hasRuling()
	if l.format != W3C || !l.dated || l.whole || l.origin == partSkip || l.results == partSkip || !l.adjacent(partMethod, partStem, partQuery) {
		return
	}
	l.before = l.index(l.origin) - 2
	l.behind = len(l.columns) - 1 - l.index(l.results)
	l.status = l.results == partStatus && l.adjacent(partQuery, partStatus)
	l.quick = l.before <= 4 && (l.behind <= 4 || l.status)
}

// quick counts a row of the usual kind. For any other it does nothing and reports false.
func (r *reader) quick(row []byte) bool {
	l := r.layout
	if l == nil || !l.quick && !l.quickError || len(row) > maxLine {
		return false
	}
	for len(row) > 0 && row[len(row)-1] <= ' ' {
		row = row[:len(row)-1]
	}
	if len(row) < 2*clockEnd {
		return false
	}
	if l.quickError {
		return r.quickError(row)
	}
	return bytes.Count(row, blank) == len(l.columns)-1 && r.quickRequest(row)
}

// quickRequest counts a W3C row that has all its columns.
func (r *reader) quickRequest(row []byte) bool {
	stamp, ok := r.moment(row)
	origin, at := r.knownOrigin(row)
	if !ok || origin == nil {
		return false
	}
	// The row has all its blanks, so path and query are followed by one.
	path := row[at : at+bytes.IndexByte(row[at:], ' ')]
	query := row[at+len(path)+1:]
	query = query[:bytes.IndexByte(query, ' ')]
	result := r.knownResult(row, at+len(path)+1+len(query)+1)
	if result == nil {
		return false
	}
	r.totals.Lines++
	if t, isSample := r.count(origin, result, value(path), query, stamp); isSample {
		var f fields
		r.layout.split(row, &f)
		r.sampleOf(t, &f, value(path), stamp)
	}
	return true
}

// moment is the row's time: mostly that of the row before.
func (r *reader) moment(row []byte) (uint64, bool) {
	letters := [3]uint64{binary.LittleEndian.Uint64(row), binary.LittleEndian.Uint64(row[8:]), uint64(binary.LittleEndian.Uint32(row[16:]))}
	if letters == r.second {
		return r.secondStamp, true
	}
	if row[10] != ' ' || row[19] != ' ' {
		return 0, false
	}
	stamp, ok := r.stamp(row[:10], row[11:19])
	if ok {
		r.second, r.secondStamp = letters, stamp
	}
	return stamp, ok
}

// heads are the origins met last that begin with the same letters, by their places
// among the origins, the last one first.
type heads [4]uint8

// knownOrigin finds the origin that a row has after its time, and where the path begins
// behind it; nil where no memo holds it.
func (r *reader) knownOrigin(row []byte) (*origin, int) {
	at := clockEnd
	for range r.layout.before {
		at += bytes.IndexByte(row[at:], ' ') + 1
	}
	if at+8 > len(row) {
		return nil, 0
	}
	set := &r.words.heads[spread(binary.LittleEndian.Uint64(row[at:]))]
	for i, place := range set {
		o := &r.words.origins[place]
		end := at + len(o.text)
		if end < len(row) && row[end] == ' ' && string(row[at:end]) == o.text && o.layout == r.layout && o.mine {
			set[0], set[i] = place, set[0]
			return o, end + 1
		}
	}
	return nil, 0
}

// remember puts the origin at a place among the heads.
func (w *words) remember(text []byte, place uint8) {
	set := &w.heads[spread(binary.LittleEndian.Uint64(text))]
	if !slices.Contains(set[:], place) {
		copy(set[1:], set[:])
		set[0] = place
	}
}

// knownResult finds the result of a row whose columns after the query begin at a place;
// nil where no memo holds it. Most are as long as "200 0 0" or a letter longer.
func (r *reader) knownResult(row []byte, at int) *result {
	length := len("200 0 0")
	if r.layout.results == partStatus {
		length = len("200")
	}
	if r.layout.status {
		if at+length >= len(row) || row[at+length] != ' ' {
			return nil
		}
		row = row[:at+length]
	} else {
		for range r.layout.behind {
			row = row[:bytes.LastIndexByte(row, ' ')]
		}
		if row[len(row)-length-1] != ' ' {
			length++
		}
		if row[len(row)-length-1] != ' ' {
			return nil
		}
	}
	letters := lastEight(row) >> (8 * (8 - length))
	e := r.words.result(letters, length)
	if e.letters != letters || e.length != length || !e.ok {
		return nil
	}
	return e
}
