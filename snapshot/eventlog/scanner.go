package eventlog

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	endOfFile tokenKind = iota
	startTag
	endTag
	emptyTag // <name/>
	brokenTag
	doctype
)

// token is one tag with the text before it.
type token struct {
	kind         tokenKind
	name         string // without prefix
	attrs        map[string]string
	line, column int // of its <
}

// scanner takes XML apart tag by tag. It is lenient where exports are: several
// roots, none, text between. It keeps only bounded text; encoding/xml would keep
// whatever one tag holds, and does not take UTF-16.
type scanner struct {
	in   *input
	text []byte // the text before the last tag, at most maxField bytes
	raw  []byte // the last tag
}

func newScanner(in *input) *scanner { return &scanner{in: in} }

// next reads up to and with the next tag. Declarations and comments are skipped,
// CDATA is text.
func (s *scanner) next() token {
	s.text = s.text[:0]
	for {
		s.run()
		line, column := s.in.line, s.in.column
		c, ok := s.in.next()
		switch {
		case !ok:
			return token{line: line, column: column}
		case c != '<':
			s.keep(c)
			continue
		}
		c, _ = s.in.peek()
		switch c {
		case '?':
			s.skipTo("?>")
		case '!':
			if s.declaration() {
				return token{kind: doctype, line: line, column: column}
			}
		default:
			t := s.tag()
			t.line, t.column = line, column
			return t
		}
	}
}

// run takes text up to a tag or line end in one go.
func (s *scanner) run() {
	rest, n := s.in.buf[s.in.at:], 0
	for n < len(rest) && rest[n] != '<' && rest[n] != '\n' {
		n++
	}
	keep := min(n, maxField-len(s.text))
	for keep > 0 && keep < n && !utf8.RuneStart(rest[keep]) {
		keep--
	}
	s.text = append(s.text, rest[:keep]...)
	s.in.at += n
	s.in.column += utf8.RuneCount(rest[:n])
}

func (s *scanner) keep(c byte) {
	if len(s.text) < maxField {
		s.text = append(s.text, c)
	}
}

// declaration reads behind "<": a comment, CDATA, or a document type, which it reports.
func (s *scanner) declaration() bool {
	var head [8]byte
	n := 0
	for n < len(head) {
		c, ok := s.in.peek()
		if !ok || c == '>' {
			break
		}
		head[n], n = c, n+1
		s.in.next()
		switch string(head[:n]) {
		case "!--":
			s.skipTo("-->")
			return false
		case "![CDATA[":
			s.cdata()
			return false
		}
	}
	s.skipTo(">")
	return true
}

// skipTo takes everything up to and with end.
func (s *scanner) skipTo(end string) {
	var last [3]byte
	for {
		c, ok := s.in.next()
		if !ok {
			return
		}
		last[0], last[1], last[2] = last[1], last[2], c
		if string(last[3-len(end):]) == end {
			return
		}
	}
}

// cdata takes text up to "]]>", in which nothing is markup.
func (s *scanner) cdata() {
	var last [3]byte
	for {
		c, ok := s.in.next()
		if !ok {
			return
		}
		last[0], last[1], last[2] = last[1], last[2], c
		if string(last[:]) == "]]>" {
			if n := len(s.text); n >= 2 && n < maxField {
				s.text = s.text[:n-2]
			}
			return
		}
		if c == '&' { // decoded with the rest
			for _, e := range []byte("&amp;") {
				s.keep(e)
			}
			continue
		}
		s.keep(c)
	}
}

// maxTag bounds what one tag may hold; a longer one is broken.
const maxTag = 64 << 10

// tag reads behind "<" up to and with ">".
func (s *scanner) tag() token {
	t := token{kind: startTag}
	raw := s.raw[:0]
	defer func() { s.raw = raw }()
	var quote byte
	for {
		c, ok := s.in.peek()
		if !ok || quote == 0 && c == '<' || len(raw) > maxTag {
			t.kind = brokenTag
			return t
		}
		s.in.next()
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '>':
			t.parse(string(raw))
			return t
		}
		raw = append(raw, c)
	}
}

// parse reads name and attributes of a tag.
func (t *token) parse(raw string) {
	if rest, ok := strings.CutPrefix(raw, "/"); ok {
		t.kind, raw = endTag, rest
	} else if rest, ok := strings.CutSuffix(raw, "/"); ok {
		t.kind, raw = emptyTag, rest
	}
	name, rest := raw, ""
	if i := strings.IndexAny(raw, " \t\r\n"); i >= 0 {
		name, rest = raw[:i], raw[i:]
	}
	if t.name = bounded(local(name), 100); t.name == "" {
		t.kind = brokenTag
		return
	}
	if t.name != "Provider" && t.name != "TimeCreated" {
		return // no other attribute is asked for
	}
	for len(t.attrs) < 16 {
		key, after, ok := strings.Cut(rest, "=")
		after = strings.TrimLeft(after, " \t\r\n")
		if !ok || after == "" || after[0] != '\'' && after[0] != '"' {
			return
		}
		end := strings.IndexByte(after[1:], after[0])
		if end < 0 {
			return
		}
		if t.attrs == nil {
			t.attrs = map[string]string{}
		}
		t.attrs[local(strings.TrimSpace(key))] = unescape(bounded(after[1:1+end], 1<<10))
		rest = after[end+2:]
	}
}

func local(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape decodes the five entities and character references; others stay as they are.
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 12)], ';')
		if text, ok := reference(s, end); ok {
			b.WriteString(text)
			s = s[end+1:]
		} else {
			b.WriteByte('&')
			s = s[1:]
		}
	}
}

func reference(s string, end int) (string, bool) {
	if end < 2 {
		return "", false
	}
	name := s[1:end]
	if name[0] != '#' {
		text, ok := entities[name]
		return text, ok
	}
	digits, base := name[1:], 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 31)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return "", false
	}
	return string(rune(n)), true
}
