package metabase

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Item is one entry of a list property.
type Item struct {
	Text string
	Span source.Span
}

// Fields splits an entry at its commas; blanks are kept, IIS does not ignore them.
func (i Item) Fields() []string { return strings.Split(i.Text, ",") }

// Items gives the entries of a list property in order, each with its own place.
// Entries are separated by line ends; in a file that another tool re-saved on
// one line, by runs of two or more blanks. Blank entries are left out.
func (v Value) Items() []Item {
	switch {
	case v.secret || v.Kind == Absent || v.facts != nil && !v.facts.List:
		return nil
	case v.edit != nil:
		return append([]Item(nil), v.edit.items...)
	case v.Kind == Default:
		return textItems(v.text, v.span)
	}
	raw := v.span.Bytes()
	parts := pieces(raw)
	items := make([]Item, 0, len(parts))
	for _, p := range parts {
		text := strings.Trim(decodeValue(raw[p.start:p.end]), " \t")
		if text != "" {
			items = append(items, Item{text, v.span.Text.Span(v.span.Start+p.start, v.span.Start+p.end)})
		}
	}
	return items
}

// textItems splits a text that stands in no file; all entries share one place.
func textItems(text string, at source.Span) []Item {
	var items []Item
	for _, p := range pieces([]byte(text)) {
		items = append(items, Item{text[p.start:p.end], at})
	}
	return items
}

type piece struct{ start, end int }

// pieces gives the stretches of a list's entries, without blanks around them.
func pieces(raw []byte) []piece {
	var out []piece
	from, lines := 0, false
	for i := 0; i < len(raw); {
		c, n := raw[i], 1
		if c == '&' {
			var r rune
			r, n = decodeAt(raw, i) // a tool may have written a line end as &#xA;
			c = byte(min(r, 0x7F))
		}
		if c == '\n' || c == '\r' {
			out, lines = addPiece(out, raw, from, i), true
			from = i + n
		}
		i += n
	}
	if !lines {
		return oneLine(raw)
	}
	return addPiece(out, raw, from, len(raw))
}

// oneLine splits a list that was re-saved on one line: XML turns the line end and
// the tabs between two entries into blanks.
func oneLine(raw []byte) []piece {
	var out []piece
	from := 0
	for i := 0; i < len(raw); i++ {
		if gap(raw, i) {
			out = addPiece(out, raw, from, i)
			for i+1 < len(raw) && gap(raw, i) {
				i++
			}
			from = i
		}
	}
	return addPiece(out, raw, from, len(raw))
}

// gap reports whether two blanks begin at i.
func gap(raw []byte, i int) bool {
	return i+1 < len(raw) && (raw[i] == ' ' || raw[i] == '\t') && (raw[i+1] == ' ' || raw[i+1] == '\t')
}

func addPiece(out []piece, raw []byte, from, end int) []piece {
	line := raw[from:end]
	from += len(line) - len(bytes.TrimLeft(line, " \t"))
	if line = bytes.Trim(line, " \t"); len(line) == 0 {
		return out
	}
	return append(out, piece{from, from + len(line)})
}

// EntryKey is the part of a list entry that names it: the extension of ScriptMaps
// and MimeMap, the file of WebSvcExtRestrictionList, code and substatus of HttpErrors,
// else the whole entry; folded to lower case.
func EntryKey(property, entry string) string { return strings.ToLower(EntryName(property, entry)) }

// EntryName is the EntryKey as the entry spells it.
func EntryName(property, entry string) string {
	fields := strings.Split(entry, ",")
	switch strings.ToLower(property) {
	case "scriptmaps", "mimemap":
		return fields[0]
	case "websvcextrestrictionlist":
		if len(fields) > 1 {
			return fields[1]
		}
	case "httperrors":
		if len(fields) > 1 {
			return fields[0] + "," + fields[1]
		}
	}
	return entry
}
