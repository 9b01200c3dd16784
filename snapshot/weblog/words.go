package weblog

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/iisdoctor/iisdoctor/source"
)

// words gives texts numbers, so that a group's key is a few machine words. Number 0
// is the empty text.
type words struct {
	numbers map[string]uint32
	texts   []string
	sites   []uint32 // by the number of an s-sitename, 1 + the number of its site; 0 where not met

	endings [256]ending // of HTTPERR rows
	rulings [256]ruling // of HTTPERR rows
	origins [256]origin // of W3C rows
	heads   [256]heads  // into origins
	results [256]result // of W3C rows

	// recent are the short words met last, each where its letters put it.
	recent, extensions [256]struct {
		letters uint64
		number  uint32
	}
}

func (w *words) clear() {
	*w = words{numbers: map[string]uint32{"": 0}, texts: []string{""}}
}

// number gives the number of a text. A longer one than maxWord is no method,
// extension, reason or queue; all such count as "*".
func (w *words) number(text []byte) uint32 {
	if len(text) > 8 {
		letters := letters(text)
		slot := &w.recent[spread(letters)]
		if slot.letters != letters || w.texts[slot.number] != string(text) {
			slot.letters, slot.number = letters, w.lookUp(text)
		}
		return slot.number
	}
	if len(text) == 0 {
		return 0
	}
	letters := uint64(0)
	for _, c := range text {
		letters = letters<<8 | uint64(c)
	}
	return w.short(letters, text)
}

// letters sums up a text of eight bytes and more. Texts that look alike to it only
// push each other out of a cache.
func letters(text []byte) uint64 {
	return binary.LittleEndian.Uint64(text)*0xff51afd7ed558ccd ^ lastEight(text) ^ uint64(len(text))
}

func lastEight(text []byte) uint64 { return binary.LittleEndian.Uint64(text[len(text)-8:]) }

// spread gives the place in a cache of 256. Letters that differ in one byte only must
// not meet: hence their high half counts twice.
func spread(letters uint64) uint64 { return (letters ^ letters>>32) * 0x9e3779b97f4a7c15 >> 56 }

// short is number for a text of at most eight bytes, of which letters is made.
func (w *words) short(letters uint64, text []byte) uint32 {
	slot := &w.recent[spread(letters)]
	if slot.letters != letters || len(w.texts[slot.number]) != len(text) {
		slot.letters, slot.number = letters, w.lookUp(text)
	}
	return slot.number
}

func (w *words) lookUp(text []byte) uint32 {
	if len(text) > maxWord {
		text = []byte("*")
	}
	if n, ok := w.numbers[string(text)]; ok {
		return n
	}
	n := uint32(len(w.texts))
	w.texts = append(w.texts, string(text))
	w.numbers[w.texts[n]] = n
	return n
}

// extension is number for the extension of a path's last name, in lower case and
// with its dot. It looks at the last eight bytes at once, as splitLeft does.
func (w *words) extension(path []byte) uint32 {
	if len(path) < 8 {
		return w.longExtension(path)
	}
	if path[len(path)-1] == '/' {
		return 0 // a folder: the look for its last dot would go through the whole path
	}
	tail := path[len(path)-8:]
	dot := 7 - bits.LeadingZeros64(bytesEqual(tail, '.'))>>3
	if dot < 0 || bytesEqual(tail, '/')>>(8*dot) != 0 {
		return w.longExtension(path)
	}
	letters := binary.LittleEndian.Uint64(tail) >> (8 * dot)
	place := spread(letters)
	slot := &w.extensions[place]
	if slot.letters != letters && slot.letters != 0 {
		slot = &w.extensions[place^1] // the next where another has the first
	}
	if slot.letters != letters {
		slot.letters, slot.number = letters, w.longExtension(path)
	}
	return slot.number
}

func (w *words) longExtension(path []byte) uint32 {
	i := bytes.LastIndexAny(path, `./\`)
	if i < 0 || path[i] != '.' || i == len(path)-1 { // "name." has none
		return 0
	}
	return w.lookUp(lower(path[i:]))
}

const maxWord = 64

// maxURL is how much of a path is kept.
const maxURL = 200

// sessionID is what a session without cookies leaves in a path: of ASP.NET,
// /(S(lit3py55t21z5v55vlm25s55))/, and of Java servers behind IIS.
var sessionID = source.Lazy(`\((?:[A-Z]\([^()/]*\))+\)|;jsessionid=[^/;]*`)

// plain is a path without query and session, not too long. A query may hide behind
// "?", or behind a blank in a row that could not be split with certainty.
func plain(path []byte) []byte {
	if i := bytes.IndexByte(path, '?'); i >= 0 {
		path = path[:i]
	}
	if i := bytes.IndexByte(path, ' '); i >= 0 && bytes.IndexByte(path[i:], '=') >= 0 {
		path = path[:i]
	}
	if bytes.IndexByte(path, '(') >= 0 || bytes.IndexByte(path, ';') >= 0 {
		path = sessionID().ReplaceAll(path, []byte("(session)"))
	}
	if len(path) > maxURL {
		path = append(append([]byte(nil), path[:maxURL]...), "…"...)
	}
	return path
}

// lower is text with ASCII letters in lower case; bytes above may be of any code page.
func lower(text []byte) []byte {
	out := bytes.Clone(text[:min(len(text), maxWord+1)])
	for i, c := range out {
		if c-'A' < 26 {
			out[i] = c | 0x20
		}
	}
	return out
}
