package weblog

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/iisdoctor/iisdoctor/source"
)

// Sizes of reading. A row is far shorter than maxLine: HTTP.sys takes 16 KB of
// request head unless told otherwise, and IIS cuts long fields. It is generous for
// the NUL bytes that may stand before a row.
const (
	rangeSize = 256 << 10
	maxLine   = 128 << 10
	headSize  = 64 << 10
)

// Add counts a log of size bytes, in ranges read by several goroutines. Name is
// shown in samples and problems; site is the number of the site for rows that do
// not name one, see SiteOf, or "". The problems are what could not be read, at
// most three lines each; a file that is no log is one problem.
func (s *Summary) Add(name, site string, r io.ReaderAt, size int64) []source.Problem {
	return s.addRanges(name, site, r, size, rangeSize, workers())
}

func (s *Summary) addRanges(name, site string, r io.ReaderAt, size, step int64, workers int) []source.Problem {
	head := make([]byte, min(size, headSize))
	n, err := r.ReadAt(head, 0)
	head = head[:n]
	if wide(head) || err != nil && !errors.Is(err, io.EOF) {
		return s.AddStream(name, site, io.NewSectionReader(r, 0, size))
	}
	format := Recognise(head)
	if problems := declined(name, format, head); problems != nil {
		return problems
	}
	p := newPass(s.newFile(name, site, format), r, size, step)
	var wait sync.WaitGroup
	for range min(workers, len(p.file.spans)) {
		wait.Go(p.work)
	}
	wait.Wait()
	return p.file.finish(size)
}

// pass is the parallel reading of one file. A line belongs to the range in which it
// begins. What is in force where a range begins is known once the range before has
// looked for its last directives, which each does first, in memory: so no range is
// ever searched twice, and none waits long.
type pass struct {
	file *file
	r    io.ReaderAt
	size int64
	step int64

	mu    sync.Mutex
	known *sync.Cond
	next  int     // the range to take
	ends  []state // in force where the range ends
	done  []bool  // whether that is known
}

func newPass(f *file, r io.ReaderAt, size, step int64) *pass {
	n := int((size + step - 1) / step)
	p := &pass{file: f, r: r, size: size, step: step, ends: make([]state, n), done: make([]bool, n)}
	p.known = sync.NewCond(&p.mu)
	spans := make([]span, n)
	for i := range spans {
		f.spans = append(f.spans, &spans[i])
	}
	return p
}

// work reads ranges until there are none.
func (p *pass) work() {
	r := newReader(p.file)
	buf := make([]byte, 0, p.step+maxLine/8)
	for {
		i, ok := p.take()
		if !ok {
			break
		}
		block, off, long, err := p.load(buf, i)
		buf = block[:0]
		block = block[off-p.offset(i):]
		r.state = p.begin(i, block)
		r.from, r.line = p.file.spans[i], 0
		r.read(block, off)
		if long {
			r.long(off + int64(len(block)))
		}
		r.from.lines = r.line
		if err != nil {
			r.notes.failures.add(note{off: off, from: r.from, line: r.line + 1, err: err})
		}
	}
	r.handIn()
}

func (p *pass) take() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next++
	return p.next - 1, p.next <= len(p.done)
}

// offset is where a range is read from: the byte before it tells whether a line
// begins with it.
func (p *pass) offset(i int) int64 { return max(int64(i)*p.step-1, 0) }

// load reads the lines that begin in a range into buf, from the range's offset on.
// The first of them stands at off; a last line that is too long is left out.
func (p *pass) load(buf []byte, i int) (block []byte, off int64, long bool, err error) {
	start, end := p.offset(i), min(int64(i+1)*p.step, p.size)
	block, err = p.more(buf[:0], start, end)
	first := 0
	if i > 0 {
		first = bytes.IndexByte(block, '\n') + 1
		if first == 0 {
			first = len(block) // all of it belongs to a line that began before
		}
	}
	if first == len(block) || err != nil {
		return block, start + int64(first), false, err
	}
	last := max(bytes.LastIndexByte(block, '\n')+1, first)
	for last < len(block) && start+int64(len(block)) < p.size && len(block)-last <= maxLine {
		have := len(block)
		block, err = p.more(block, start+int64(have), min(start+int64(have)+maxLine/16, p.size))
		if n := bytes.IndexByte(block[have:], '\n'); n >= 0 {
			block = block[:have+n+1]
			break
		}
		if err != nil {
			return block, start + int64(first), false, err
		}
	}
	if n := len(block); n-last > maxLine && block[n-1] != '\n' {
		return block[:last], start + int64(first), true, nil
	}
	return block, start + int64(first), false, nil
}

// more appends the bytes of the file from start to end.
func (p *pass) more(block []byte, start, end int64) ([]byte, error) {
	have := len(block)
	block = slices.Grow(block, int(end-start))[:have+int(end-start)]
	n, err := p.r.ReadAt(block[have:], start)
	if int64(n) == end-start {
		err = nil
	} else if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return block[:have+n], err
}

// begin gives what is in force where a range's first line begins, and passes on
// what is in force at its end.
func (p *pass) begin(i int, block []byte) state {
	fields, date := lastDirectives(block)
	p.mu.Lock()
	defer p.mu.Unlock()
	start := p.file.start()
	if i > 0 {
		for !p.done[i-1] {
			p.known.Wait()
		}
		start = p.ends[i-1]
	}
	p.ends[i] = start
	p.ends[i].apply(fields)
	p.ends[i].apply(date)
	p.done[i] = true
	p.known.Broadcast()
	return start
}

// lastDirectives finds the last #Fields and #Date lines of a block.
func lastDirectives(block []byte) (fields, date []byte) {
	for at := 0; ; at++ {
		n := bytes.IndexByte(block[at:], '#')
		if n < 0 {
			return fields, date
		}
		at += n
		if !beginsLine(block[:at]) {
			continue
		}
		line, _, _ := bytes.Cut(block[at:], []byte{'\n'})
		if len(line) > maxLine {
			continue
		}
		switch name, _ := directive(line); name {
		case "#fields":
			fields = line
		case "#date":
			date = line
		}
	}
}

// beginsLine reports whether only what a reader skips stands before on the line.
func beginsLine(before []byte) bool {
	n := len(before)
	for n > 0 && before[n-1] == 0 {
		n--
	}
	before = bytes.TrimSuffix(before[:n], utf8Mark)
	return len(before) == 0 || before[len(before)-1] == '\n'
}
