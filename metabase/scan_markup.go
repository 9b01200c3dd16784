package metabase

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// characters passes over character data up to the next tag and reports whether
// any of it is not blank.
func (s *scanner) characters() bool {
	i := s.pos
	if len(s.open) == 0 {
		where := "after the root element"
		if !s.root {
			where = "before the root element"
		}
		s.fail(i, s.wordEnd(i), "text "+where, "only comments there", s.foreignHint())
		return false
	}
	s.start = i
	for s.fault == nil {
		for i < len(s.data) && class[s.data[i]]&stopText == 0 {
			i++
		}
		switch c := s.at(i); {
		case i >= len(s.data) || c == '<':
			s.pos = i
			return true
		case c == '&':
			i = s.reference(i)
		case c != ']':
			i = s.character(i)
		case bytes.HasPrefix(s.data[i:], []byte("]]>")):
			s.fail(i, i+3, `"]]>" in text`, "", `Write "]]&gt;".`)
		default:
			i++
		}
	}
	return false
}

// foreignHint speaks to somebody who handed over a file that is no XML.
func (s *scanner) foreignHint() string {
	if s.root {
		return "Remove it; two files may have been joined."
	}
	if kind := textKind(s.data); kind != "" {
		return "The file looks like " + kind + "."
	}
	return "The file must begin with <?xml or its root element."
}

func (s *scanner) wordEnd(i int) int {
	end := i
	for end < len(s.data) && end < i+40 && s.data[end] != '<' && !blankByte(s.data[end]) {
		end++
	}
	return max(end, min(i+1, len(s.data)))
}

// reference checks a character or entity reference and gives the offset behind it.
// XML knows five entities; all others need a DTD, which is refused.
func (s *scanner) reference(i int) int {
	end := i + 1
	for end < len(s.data) && end < i+12 && (class[s.data[end]]&isName != 0 || s.data[end] == '#') {
		end++
	}
	ref := s.data[i:end]
	if s.at(end) != ';' {
		s.fail(i, end, fmt.Sprintf("%q without its semicolon", ref), "an entity such as &amp;", `Write "&amp;" where the character itself is meant.`)
		return i
	}
	if r, ok := entity(ref[1:]); !ok {
		s.fail(i, end+1, fmt.Sprintf("the unknown entity %s;", ref), "&amp; &lt; &gt; &quot; &apos; or a character number", `Write "&amp;" where the character itself is meant.`)
	} else if !isChar(r) {
		s.fail(i, end+1, fmt.Sprintf("the character reference %s;", ref), "a character that XML allows", "Remove it.")
	}
	return end + 1
}

// entity gives the character of a reference without & and semicolon. A number out
// of range gives -1.
func entity(name []byte) (rune, bool) {
	switch string(name) {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	n := 0
	for _, c := range digits {
		v := hexValue(c)
		if v < 0 || v >= base {
			return 0, false
		}
		n = min(n*base+v, utf8.MaxRune+1)
	}
	if n > utf8.MaxRune {
		return -1, true
	}
	return rune(n), len(digits) > 0
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// character checks one character that the fast loops stopped at: a control
// character, or one of the two non-characters of the basic plane.
func (s *scanner) character(i int) int {
	r, size := utf8.DecodeRune(s.data[i:])
	if !isChar(r) || r == utf8.RuneError && size == 1 {
		s.fail(i, i+size, fmt.Sprintf("the character U+%04X", r), "a character that XML allows", "Remove it; the file may be damaged.")
		return i
	}
	return i + size
}

// checkChars checks a comment, instruction or CDATA section.
func (s *scanner) checkChars(i, end int) {
	for i < end && s.fault == nil {
		if c := s.data[i]; c >= ' ' && c != 0xEF || blankByte(c) {
			i++
			continue
		}
		i = s.character(i)
	}
}

// markup passes over what begins with "<!". It reports true for a CDATA section
// that is not blank: that is text.
func (s *scanner) markup() bool {
	rest := s.data[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.comment()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.open) > 0:
		return s.cdata()
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		s.fail(s.pos, s.pos+len("<!DOCTYPE"), "a document type declaration", "none",
			"Remove it: a metabase has none, and entities that a file declares itself are refused.")
	default:
		s.fail(s.pos, s.pos+2, `"<!" that begins no comment`, "<!-- or a tag", "")
	}
	return false
}

func (s *scanner) comment() {
	from := s.pos + len("<!--")
	n := bytes.Index(s.data[from:], []byte("--"))
	if n < 0 {
		s.fail(s.pos, s.pos+len("<!--"), "a comment that never ends", "-->", "Close the comment; the file may be cut off.")
		return
	}
	s.checkChars(from, from+n)
	if s.at(from+n+2) != '>' {
		s.fail(from+n, from+n+2, `"--" inside a comment`, "-->", "XML allows no double hyphen in a comment: remove it, or close the comment before it.")
		return
	}
	s.pos = from + n + len("-->")
}

func (s *scanner) cdata() bool {
	from := s.pos + len("<![CDATA[")
	n := bytes.Index(s.data[from:], []byte("]]>"))
	if n < 0 {
		s.fail(s.pos, from, "a CDATA section that never ends", "]]>", "")
		return false
	}
	s.checkChars(from, from+n)
	s.pos = from + n + len("]]>")
	return len(bytes.TrimSpace(s.data[from:from+n])) > 0
}

// instruction passes over a processing instruction, or reads the XML declaration.
func (s *scanner) instruction() {
	name := s.pos + len("<?")
	end := nameEnd(s.data, name)
	target := string(s.data[name:end])
	n := bytes.Index(s.data[end:], []byte("?>"))
	switch {
	case end == name || n > 0 && !blankByte(s.data[end]):
		s.fail(s.pos, end, `"<?" without a name and a blank behind it`, "<?xml", "")
	case n < 0:
		s.fail(s.pos, end, fmt.Sprintf("<?%s that never ends", target), "?>", "The file may be cut off.")
	case target == "xml" && s.pos == 0:
		s.declaration(end, end+n)
	case strings.EqualFold(target, "xml"):
		s.fail(s.pos, end, fmt.Sprintf("<?%s in the middle of the file", target), "the XML declaration at the very beginning", "Remove what stands before it; two files may have been joined.")
	default:
		s.checkChars(end, end+n)
		s.pos = end + n + len("?>")
	}
}

// declaration checks <?xml version ="1.0" encoding="…" standalone="…"?>. Blanks
// around "=" are common: IIS itself writes one before it.
func (s *scanner) declaration(from, end int) {
	inner := scanner{text: s.text, data: s.data[:end], pos: from, open: []element{{s.pos, s.pos + 2, from}}}
	order := []string{"version", "encoding", "standalone"}
	var a attribute
	for i := inner.blanks(from); i < end && s.fault == nil; i = inner.blanks(inner.pos) {
		if !inner.attr(&a) {
			s.fail(s.pos, end+2, "an XML declaration that is not understood", `<?xml version="1.0"?>`, "")
			return
		}
		name, value := string(s.data[a.name:a.nameEnd]), string(s.data[a.start:a.end])
		for len(order) > 0 && order[0] != name && order[0] != "version" {
			order = order[1:]
		}
		if len(order) == 0 || order[0] != name || !declares(name, value) {
			s.fail(a.name, a.end+1, fmt.Sprintf("%s=%q in the XML declaration", name, value), `version="1.0", then encoding, then standalone`, "")
			return
		}
		order = order[1:]
	}
	if len(order) == 3 {
		s.fail(s.pos, end+2, "an XML declaration without version", `<?xml version="1.0"?>`, "")
	}
	s.pos = end + len("?>")
}

func declares(name, value string) bool {
	switch name {
	case "version":
		return value == "1.0"
	case "standalone":
		return value == "yes" || value == "no"
	}
	return value != "" && strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
}
