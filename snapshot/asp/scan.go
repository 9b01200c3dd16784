package asp

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// scanner walks a page once. Script is whatever stands between <% and the next %>,
// even where that %> is inside a string: the page is cut into blocks before the
// script engine sees them.
type scanner struct {
	page     *Page
	data     []byte
	script   *script // of the <% %> blocks: an If may be open over several of them
	from     int     // where the literal text begins that is not yet a part
	unclosed bool    // no --> follows any more
}

// Scan reads a page. It never fails: what is no directive is text.
func Scan(t *source.Text) *Page {
	s := &scanner{page: &Page{Text: t, Language: "VBScript"}, data: t.Bytes()}
	s.script = &script{page: s.page}
	for at := 0; at < len(s.data); {
		i := bytes.IndexByte(s.data[at:], '<')
		if i < 0 {
			break
		}
		at = s.tag(at + i)
	}
	s.literal(len(s.data), len(s.data))
	return s.page
}

// tag handles the '<' at at and gives the offset where the search goes on.
func (s *scanner) tag(at int) int {
	rest := s.data[at:]
	switch {
	case bytes.HasPrefix(rest, []byte("<%")):
		return s.block(at)
	case bytes.HasPrefix(rest, []byte("<!--")):
		if inc, end, ok := s.include(at); ok {
			s.literal(at, end)
			s.add(includePart, len(s.page.Includes))
			s.page.step(includeStep, len(s.page.Includes))
			s.page.held = append(s.page.held, s.script.depth > 0)
			s.page.Includes = append(s.page.Includes, inc)
			return end
		}
	case hasFold(rest, "<script"):
		return s.serverScript(at)
	}
	return at + 1
}

// literal ends the literal text at end; the next one begins at next.
func (s *scanner) literal(end, next int) {
	if end > s.from {
		s.add(literalPart, len(s.page.Output))
		s.page.Output = append(s.page.Output, Output{s.page.Text.Span(s.from, end)})
	}
	s.from = next
}

func (s *scanner) add(kind partKind, index int) {
	s.page.parts = append(s.page.parts, part{kind, index, s.script.depth > 0})
}

var languageAttribute = source.Lazy(`(?i)\blanguage\s*=\s*["']?\s*([a-z]+)`)

// block takes <% ... %>, <%= ... %> and <%@ ... %>.
func (s *scanner) block(at int) int {
	from := at + len("<%")
	to, next := len(s.data), len(s.data)
	if i := bytes.Index(s.data[from:], []byte("%>")); i >= 0 {
		to = from + i
		next = to + len("%>")
	}
	s.literal(at, next)
	c := cursor{s.data[:to], from}
	c.blanks()
	switch {
	case c.word("@"):
		if m := languageAttribute().FindSubmatch(s.data[c.at:to]); m != nil {
			s.page.Language = string(m[1])
			s.script.language = languageOf(s.page.Language)
		}
	case c.word("="):
		s.script.expression(c.at, to)
	default:
		s.script.run(from, to)
	}
	return next
}

// maxTag bounds how far the end of a <script> tag is looked for.
const maxTag = 4096

// serverScript takes <script runat=server>...</script>; any other script is sent
// to the client and may itself hold <% %>.
func (s *scanner) serverScript(at int) int {
	tag := s.data[at:min(len(s.data), at+maxTag)]
	end := tagEnd(tag)
	if end < 0 || !runatServer().Match(tag[:end]) {
		return at + 1
	}
	language := s.script.language
	if m := languageAttribute().FindSubmatch(tag[:end]); m != nil {
		language = languageOf(string(m[1]))
	}
	from := at + end + 1
	to, next := s.closing(from)
	s.literal(at, next)
	own := &script{page: s.page, language: language}
	own.run(s.unwrap(from, to))
	return next
}

// unwrap leaves out the <!-- and --> lines by which a script is hidden from old
// browsers; script engines skip them.
func (s *scanner) unwrap(from, to int) (int, int) {
	c := cursor{s.data[:to], from}
	c.blanks()
	if c.word("<!--") {
		from = c.at
	}
	if body := bytes.TrimRight(s.data[from:to], " \t\r\n"); bytes.HasSuffix(body, []byte("-->")) {
		to = from + len(body) - len("-->")
	}
	return from, to
}

var runatServer = source.Lazy(`(?i)\srunat\s*=\s*["']?\s*server\b`)

// tagEnd is the offset of the > that ends a tag, -1 where there is none or where
// the page computes the tag.
func tagEnd(tag []byte) int {
	quote := byte(0)
	for i, b := range tag {
		switch {
		case b == '<' && i > 0 && (quote == 0 || tag[min(i+1, len(tag)-1)] == '%'):
			return -1
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			return i
		}
	}
	return -1
}

// closing finds </script> from an offset: the end of the script and what follows the tag.
func (s *scanner) closing(from int) (to, next int) {
	for at := from; ; at++ {
		i := bytes.IndexByte(s.data[at:], '<')
		if i < 0 {
			return len(s.data), len(s.data)
		}
		at += i
		if !hasFold(s.data[at:], "</script") {
			continue
		}
		if i = bytes.IndexByte(s.data[at:], '>'); i < 0 {
			return at, len(s.data)
		}
		return at, at + i + 1
	}
}

// language is a script language whose statements can be told apart.
type language int8

const (
	vbscript language = iota
	jscript
	otherLanguage
)

func languageOf(name string) language {
	switch strings.ToLower(name) {
	case "vbscript", "vbs":
		return vbscript
	case "jscript", "javascript", "ecmascript":
		return jscript
	}
	return otherLanguage
}
