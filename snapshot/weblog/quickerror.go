package weblog

import (
	"bytes"
	"encoding/binary"
)

// ruling is what an HTTPERR row says from the server's address on: a few requests are
// refused for the same reasons again and again, to clients at any address and port.
type ruling struct {
	text   string
	layout *layout

	group *tally  // nil where another program than IIS was asked
	url   *ownURL // nil where the row has none that counts
}

// maxRuling bounds what is kept of a row.
const maxRuling = 256

// hasRuling reports an HTTPERR layout of date, time, address and port of the client and
// the rest.
func (l *layout) hasRuling() bool {
	return l.format == HTTPERR && l.dated && len(l.columns) > 4 && l.columns[2].name == "c-ip" && l.columns[3].name == "c-port"
}

// quickError counts a row whose ruling was met before.
func (r *reader) quickError(row []byte) bool {
	text := rulingOf(row)
	place := r.words.ruling(text)
	if place == nil || place.text != string(text) || place.layout != r.layout {
		return false
	}
	stamp, ok := r.moment(row)
	if !ok {
		return false
	}
	r.totals.Lines++
	if place.group == nil {
		r.totals.NotIIS++
		return true
	}
	r.totals.Rows++
	if place.url != nil {
		place.url.count++
	}
	if place.group.note(stamp, r.off, 0) {
		var f fields
		r.layout.split(row, &f)
		r.errorSample(place.group, &f, stamp)
	}
	return true
}

// rulingOf is the row from its fifth column on, nil where it has none.
func rulingOf(row []byte) []byte {
	if len(row) < clockEnd {
		return nil
	}
	row = row[clockEnd:]
	for range 2 {
		n := bytes.IndexByte(row, ' ')
		if n < 0 {
			return nil
		}
		row = row[n+1:]
	}
	return row
}

// ruling gives the place for a ruling, nil for one that is too short or too long.
func (w *words) ruling(text []byte) *ruling {
	if len(text) < 8 || len(text) > maxRuling {
		return nil
	}
	sum := uint64(len(text)) ^ lastEight(text)
	for ; len(text) > 8; text = text[8:] {
		sum = (sum ^ binary.LittleEndian.Uint64(text)) * 0xff51afd7ed558ccd
		sum ^= sum >> 32
	}
	return &w.rulings[spread(sum)]
}

// rule keeps what the row at hand was read as. A row that could be split in several
// ways is not kept: what its client's columns look like decided.
func (r *reader) rule(f *fields, group *tally, url *ownURL) {
	if !r.layout.hasRuling() || !f.exact {
		return
	}
	text := rulingOf(f.row)
	if place := r.words.ruling(text); place != nil {
		*place = ruling{string(text), r.layout, group, url}
	}
}
