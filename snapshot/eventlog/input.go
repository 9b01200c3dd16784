package eventlog

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/source"
)

// input is a file as a stream of UTF-8 with its place. It takes UTF-8, UTF-16 with
// or without a mark (wevtutil /uni:true, Windows PowerShell), and for any byte that is no UTF-8
// Windows-1252: exports do not say which code page the console had.
type input struct {
	name    string
	r       io.Reader
	err     error  // of reading, not io.EOF
	raw     []byte // read, not yet decoded
	buf     []byte // decoded
	at      int    // next byte of buf
	begun   bool
	ended   bool
	wide    bool
	big     bool
	line    int        // of the next byte, from 1
	column  int        // of the next byte, from 1
	settled bool       // bareCR is known
	bareCR  bool       // lines end in CR alone
	nuls    int        // NUL bytes that were taken out
	nul     source.Pos // of the first of them
	scratch [32 << 10]byte
}

func newInput(name string, r io.Reader) *input {
	return &input{name: name, r: r, line: 1, column: 1}
}

// western is what the bytes above 0x7F mean in Windows-1252.
var western = sync.OnceValue(func() *[128]string {
	var table [128]string
	for i := range table {
		if t, _ := source.DecodeANSI("", []byte{byte(0x80 + i)}); t != nil {
			table[i] = string(t.Bytes())
		}
	}
	return &table
})

// fill decodes the next stretch. It reports false at the end.
func (in *input) fill() bool {
	in.buf, in.at = in.buf[:0], 0
	for len(in.buf) == 0 {
		if in.ended && len(in.raw) == 0 {
			return false
		}
		if !in.ended {
			in.more()
		}
		if !in.begun {
			in.begin()
		}
		if in.wide {
			in.fromWide()
		} else {
			in.fromBytes()
		}
		in.clean()
	}
	return true
}

// clean makes line ends of the CRs of a file that has no others, and takes NUL bytes
// out: no export holds any, they stand where a disk or a copy has lost the text.
func (in *input) clean() {
	if !in.settled {
		in.settled = true
		in.bareCR = bytes.IndexByte(in.buf, '\n') < 0 && bytes.IndexByte(bytes.TrimRight(in.buf, "\r"), '\r') >= 0
	}
	if in.bareCR {
		copy(in.buf, bytes.ReplaceAll(in.buf, []byte{'\r'}, []byte{'\n'}))
	}
	first := bytes.IndexByte(in.buf, 0)
	if first < 0 {
		return
	}
	if in.nuls == 0 {
		in.nul = in.ahead(in.buf[:first])
	}
	n := len(in.buf)
	in.buf = slices.DeleteFunc(in.buf, func(c byte) bool { return c == 0 })
	in.nuls += n - len(in.buf)
}

// ahead is the place behind a text that begins at the next byte.
func (in *input) ahead(text []byte) source.Pos {
	line, column := in.line, in.column
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		line, column = line+n, 1
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	return in.pos(line, column+utf8.RuneCount(text), 1)
}

func (in *input) more() {
	n, err := io.ReadAtLeast(in.r, in.scratch[:], 4)
	in.raw = append(in.raw, in.scratch[:n]...)
	if err != nil {
		in.ended = true
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			in.err = err
		}
	}
}

// begin recognises the encoding by mark or, in UTF-16 without one, by zero bytes.
func (in *input) begin() {
	in.begun = true
	b := in.raw
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		in.raw = b[3:]
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		in.wide, in.raw = true, b[2:]
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		in.wide, in.big, in.raw = true, true, b[2:]
	case len(b) > 3 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		in.wide = true
	case len(b) > 3 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		in.wide, in.big = true, true
	}
}

func (in *input) unit(i int) rune {
	if in.big {
		return rune(in.raw[i])<<8 | rune(in.raw[i+1])
	}
	return rune(in.raw[i+1])<<8 | rune(in.raw[i])
}

func (in *input) fromWide() {
	i := 0
	for ; i+1 < len(in.raw); i += 2 {
		r := in.unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 >= len(in.raw) && !in.ended {
				break
			}
			pair := rune(utf8.RuneError)
			if i+3 < len(in.raw) {
				pair = utf16.DecodeRune(r, in.unit(i+2))
			}
			if r = pair; pair != utf8.RuneError {
				i += 2
			}
		}
		in.buf = utf8.AppendRune(in.buf, r)
	}
	if in.ended && i < len(in.raw) {
		in.buf, i = append(in.buf, "\uFFFD"...), len(in.raw)
	}
	in.keep(i)
}

func (in *input) fromBytes() {
	i := 0
	if utf8.Valid(in.raw) {
		in.buf, i = append(in.buf, in.raw...), len(in.raw)
	}
	for i < len(in.raw) {
		if c := in.raw[i]; c < utf8.RuneSelf {
			in.buf = append(in.buf, c)
			i++
			continue
		}
		if !in.ended && !utf8.FullRune(in.raw[i:]) {
			break
		}
		r, size := utf8.DecodeRune(in.raw[i:])
		if r == utf8.RuneError && size == 1 {
			in.buf = append(in.buf, western()[in.raw[i]-0x80]...)
		} else {
			in.buf = append(in.buf, in.raw[i:i+size]...)
		}
		i += size
	}
	in.keep(i)
}

// keep moves what is not decoded yet to the front.
func (in *input) keep(from int) {
	in.raw = append(in.raw[:0], in.raw[from:]...)
}

// next gives the next byte. It reports false at the end.
func (in *input) next() (byte, bool) {
	if in.at == len(in.buf) && !in.fill() {
		return 0, false
	}
	c := in.buf[in.at]
	in.at++
	if c == '\n' {
		in.line, in.column = in.line+1, 1
	} else if utf8.RuneStart(c) {
		in.column++
	}
	return c, true
}

// peek gives the next byte without taking it.
func (in *input) peek() (byte, bool) {
	if in.at == len(in.buf) && !in.fill() {
		return 0, false
	}
	return in.buf[in.at], true
}

// readLine appends the next line without its end to b, at most limit bytes of it.
// It reports false at the end of the file.
func (in *input) readLine(b []byte, limit int) ([]byte, bool) {
	if _, ok := in.peek(); !ok {
		return b, false
	}
	for {
		rest := in.buf[in.at:]
		end := bytes.IndexByte(rest, '\n')
		take := rest
		if end >= 0 {
			take = rest[:end]
		}
		b = append(b, take[:min(len(take), max(0, limit-len(b)))]...)
		if end >= 0 {
			in.at += end + 1
			break
		}
		in.column += utf8.RuneCount(take)
		if !in.fill() {
			break
		}
	}
	in.line, in.column = in.line+1, 1
	return bytes.TrimRight(b, "\r"), true
}

// pos is a place of n code points.
func (in *input) pos(line, column, n int) source.Pos {
	return source.Pos{File: in.name, Line: line, Column: column, EndColumn: column + n}
}
