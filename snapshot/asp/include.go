package asp

import (
	"bytes"
	"strings"
)

// HasParentPath reports whether the target leads through "..", which ASP refuses
// with error 0131 unless parent paths are enabled (KB226474).
func (i Include) HasParentPath() bool { return hasParent(i.Target) }

// HasParentPath reports whether the argument, taken as a path, leads through "..". The
// last name of a beginning goes on in script and does not count.
func (c Call) HasParentPath() bool {
	path := c.Argument
	if c.Prefix {
		path = path[:strings.LastIndexAny(path, `/\`)+1]
	}
	return hasParent(path)
}

func hasParent(path string) bool {
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if name == ".." {
			return true
		}
	}
	return false
}

// maxTarget bounds how far the closing quote of a target is looked for; no path of
// Windows is as long.
const maxTarget = 1024

// include reads <!-- #include file="target" --> at the "<!--" that stands at at.
// Blanks and line ends may stand between the words, the case is free, the quotes
// may be single or left out. What lies between the target and --> is ignored. It
// gives the offset behind -->.
func (s *scanner) include(at int) (inc Include, end int, ok bool) {
	c := cursor{s.data, at + len("<!--")}
	c.blanks()
	if s.unclosed || !c.word("#include") || !c.blanks() {
		return Include{}, 0, false
	}
	switch {
	case c.word("virtual"):
		inc.Virtual = true
	case !c.word("file"):
		return Include{}, 0, false
	}
	c.blanks()
	if !c.word("=") {
		return Include{}, 0, false
	}
	c.blanks()
	from, to, ok := c.target()
	if !ok {
		return Include{}, 0, false
	}
	i := bytes.Index(s.data[c.at:], []byte("-->"))
	if i < 0 {
		s.unclosed = true // no later comment is closed either
		return Include{}, 0, false
	}
	inc.Target = string(s.data[from:to])
	inc.Span = s.page.Text.Span(from, to)
	return inc, c.at + i + len("-->"), true
}

// cursor reads the words of one tag.
type cursor struct {
	data []byte
	at   int
}

// blanks skips blanks and line ends and reports whether there was one.
func (c *cursor) blanks() bool {
	from := c.at
	for c.at < len(c.data) && isSpace(c.data[c.at]) {
		c.at++
	}
	return c.at > from
}

// word skips a word of any case and reports whether it stood there.
func (c *cursor) word(w string) bool {
	if !hasFold(c.data[c.at:], w) {
		return false
	}
	c.at += len(w)
	return true
}

// target gives the stretch between the quotes and goes behind the closing one.
func (c *cursor) target() (from, to int, ok bool) {
	rest := c.data[c.at:min(len(c.data), c.at+maxTarget)]
	if len(rest) == 0 {
		return 0, 0, false
	}
	from, stop := c.at, -1
	if quote := rest[0]; quote == '"' || quote == '\'' {
		from++
		stop = bytes.IndexByte(rest[1:], quote)
		c.at = from + stop + 1
	} else {
		stop = bytes.IndexFunc(rest, func(r rune) bool { return r < 0x80 && (isSpace(byte(r)) || r == '>' || r == '-') })
		c.at = from + stop
	}
	if stop < 0 || bytes.ContainsAny(c.data[from:from+stop], "\r\n<>") {
		return 0, 0, false
	}
	return from, from + stop, stop > 0
}

func isSpace(b byte) bool { return b == ' ' || '\t' <= b && b <= '\r' }

// hasFold reports whether b begins with the lower-case ASCII word, in any case.
func hasFold(b []byte, word string) bool {
	return len(b) >= len(word) && strings.EqualFold(string(b[:len(word)]), word)
}
