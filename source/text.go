package source

import (
	"bytes"
	"slices"
	"sort"
	"sync"
	"unicode/utf8"
)

// blockSize is the stride of the sparse line index: 64 KiB keeps the index of a
// 200 MB file below 50 KB and a look-up below 20 µs, however long the lines are.
const blockSize = 64 << 10

// Text is one input as UTF-8, kept once. It is safe for concurrent use after its
// reader has finished.
type Text struct {
	name   string
	data   []byte
	once   sync.Once
	blocks []place       // where each block begins
	hidden []hiddenRange // in order, not touching
}

// place is a line and a column, both counted from 0.
type place struct{ line, column int }

type hiddenRange struct {
	start, end int
	shown      bool // while an excerpt is written
}

// NewText wraps bytes that are UTF-8 already. The text keeps data; the caller
// must not change it afterwards.
func NewText(name string, data []byte) *Text { return &Text{name: name, data: data} }

// Name is the file's name as it is shown: relative to the snapshot, with slashes.
func (t *Text) Name() string { return t.name }

// Bytes gives the whole text. The caller must not change it.
func (t *Text) Bytes() []byte { return t.data }

// Span makes a span of this text.
func (t *Text) Span(start, end int) Span { return Span{Text: t, Start: start, End: end} }

// Hide marks a stretch that must never be shown, such as a SECURE value. Readers
// call it while they read; excerpts show [withheld] in its place.
func (t *Text) Hide(start, end int) {
	if start >= end {
		return
	}
	i := len(t.hidden)
	if i == 0 || t.hidden[i-1].end < start {
		t.hidden = append(t.hidden, hiddenRange{start: start, end: end})
		return
	}
	for i > 0 && t.hidden[i-1].end >= start { // readers come in order, hardly ever back
		i--
	}
	j := i
	for ; j < len(t.hidden) && t.hidden[j].start <= end; j++ {
		start, end = min(start, t.hidden[j].start), max(end, t.hidden[j].end)
	}
	t.hidden = slices.Replace(t.hidden, i, j, hiddenRange{start: start, end: end})
}

var newline = []byte{'\n'}

func (t *Text) index() {
	t.once.Do(func() {
		var p place
		for off := 0; off <= len(t.data); off += blockSize {
			t.blocks = append(t.blocks, p)
			p = advance(p, t.data[off:min(off+blockSize, len(t.data))])
		}
	})
}

// advance is the place behind b, which begins at p.
func advance(p place, b []byte) place {
	if n := bytes.Count(b, newline); n > 0 {
		p = place{line: p.line + n}
		b = b[bytes.LastIndexByte(b, '\n')+1:]
	}
	p.column += codePoints(b)
	return p
}

// codePoints counts those that begin in b: a block may start inside one.
func codePoints(b []byte) int {
	for len(b) > 0 && !utf8.RuneStart(b[0]) {
		b = b[1:]
	}
	return utf8.RuneCount(b) - partial(b)
}

// partial counts what RuneCount counts too much for a code point that is cut off
// at the end of b: each of its bytes but the first.
func partial(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c < utf8.RuneSelf || utf8.FullRune(b[len(b)-n:]) {
				return 0
			}
			return n - 1
		}
	}
	return 0
}

func (t *Text) pos(start, end int) Pos {
	t.index()
	start = min(max(start, 0), len(t.data))
	block := start / blockSize
	p := advance(t.blocks[block], t.data[block*blockSize:start])
	end = t.lineEnd(start, min(max(end, start), len(t.data)))
	return Pos{File: t.name, Line: p.line + 1, Column: p.column + 1, EndColumn: p.column + 1 + utf8.RuneCount(t.data[start:end])}
}

// lineEnd is the end of the line that holds off, without CR and LF, or limit where
// that comes first.
func (t *Text) lineEnd(off, limit int) int {
	end := limit
	if i := bytes.IndexByte(t.data[off:limit], '\n'); i >= 0 {
		end = off + i
	}
	if end > off && end < len(t.data) && t.data[end] == '\n' && t.data[end-1] == '\r' {
		end--
	}
	return end
}

// offset is where a line and column, counted from 0, stand in the text: at most at
// the line's end. It is -1 where the text has no such line.
func (t *Text) offset(line, column int) int {
	t.index()
	block := sort.Search(len(t.blocks), func(i int) bool {
		b := t.blocks[i]
		return b.line > line || b.line == line && b.column > column
	}) - 1
	if line < 0 || column < 0 || block < 0 {
		return -1
	}
	off, at := block*blockSize, t.blocks[block]
	for ; at.line < line; at = (place{line: at.line + 1}) {
		i := bytes.IndexByte(t.data[off:], '\n')
		if i < 0 {
			return -1
		}
		off += i + 1
	}
	for off < len(t.data) && !utf8.RuneStart(t.data[off]) {
		off++
	}
	for ; at.column < column && off < len(t.data) && t.data[off] != '\n'; at.column++ {
		_, size := utf8.DecodeRune(t.data[off:])
		off += size
	}
	return off
}
