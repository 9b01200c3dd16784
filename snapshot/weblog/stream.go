package weblog

import (
	"bytes"
	"errors"
	"io"

	"github.com/iisdoctor/iisdoctor/source"
)

// AddStream is Add for a log that can only be read from its beginning: from an
// archive, unpacked on the way, or from standard input.
func (s *Summary) AddStream(name, site string, r io.Reader) []source.Problem {
	in := &stream{r: r, buf: make([]byte, 0, rangeSize)}
	in.fill(headSize)
	if wide(in.buf) {
		in = &stream{r: &narrowReader{r: io.MultiReader(bytes.NewReader(in.buf), r), big: in.buf[0] == 0xfe || in.buf[0] == 0}, buf: make([]byte, 0, rangeSize)}
		in.fill(headSize)
	}
	format := Recognise(in.buf)
	if problems := declined(name, format, in.buf); problems != nil {
		return problems
	}
	f := s.newFile(name, site, format)
	f.spans = []*span{{}}
	rd := newReader(f)
	rd.state, rd.from = f.start(), f.spans[0]
	in.readAll(rd)
	f.spans[0].lines = rd.line
	rd.handIn()
	return f.finish(in.off + int64(len(in.buf)))
}

// stream is the part of a log that is in memory.
type stream struct {
	r   io.Reader
	buf []byte
	off int64 // of buf in the log
	err error // why no more comes
}

// fill reads until buf holds n bytes or the log ends.
func (s *stream) fill(n int) {
	for empty := 0; len(s.buf) < n && s.err == nil; empty++ {
		var got int
		got, s.err = s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+got]
		if got > 0 {
			empty = 0
		} else if empty > 100 && s.err == nil {
			s.err = io.ErrNoProgress
		}
	}
}

// readAll hands whole lines to the reader. A line that does not fit is passed over.
func (s *stream) readAll(r *reader) {
	for {
		s.fill(cap(s.buf))
		whole := bytes.LastIndexByte(s.buf, '\n') + 1
		if s.err != nil {
			whole = len(s.buf)
		}
		r.read(s.buf[:whole], s.off)
		s.drop(whole)
		if s.err != nil {
			break
		}
		if whole == 0 {
			r.long(s.off)
			s.skipLine()
		}
	}
	if !errors.Is(s.err, io.EOF) {
		r.notes.failures.add(note{off: s.off, from: r.from, line: r.line + 1, err: s.err})
	}
}

func (s *stream) drop(n int) {
	s.off += int64(n)
	s.buf = s.buf[:copy(s.buf, s.buf[n:])]
}

func (s *stream) skipLine() {
	for {
		if n := bytes.IndexByte(s.buf, '\n'); n >= 0 {
			s.drop(n + 1)
			return
		}
		s.drop(len(s.buf))
		if s.err != nil {
			return
		}
		s.fill(1)
	}
}
