package asp

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Link is a URL that the page sends its readers to.
type Link struct {
	URL         string // as written, without query and fragment; where script makes the rest of it, its beginning
	Span        source.Span
	Conditional bool
}

// Links gives the links in the HTML of the page that lead to a path of the same
// site, and the literal targets of Response.Redirect and Server.Transfer. Relative
// links and those in HTML comments are left out.
func (p *Page) Links() []Link {
	var out []Link
	comment := false
	for _, part := range p.Parts() {
		switch {
		case part.Statement != nil:
			out = append(out, p.redirect(part.Statement)...)
		case !part.Literal.IsZero():
			var links []Link
			links, comment = p.links(part, comment)
			out = append(out, links...)
		}
	}
	return out
}

// LinksBelow gives the links that lead to one of these folders of a site, such as
// /scripts and /msadc, which IIS 6 no longer has.
func (p *Page) LinksBelow(folders ...string) []Link {
	var out []Link
	for _, l := range p.Links() {
		for _, folder := range folders {
			if hasFold([]byte(l.URL), strings.ToLower(folder)) && (len(l.URL) == len(folder) || l.URL[len(folder)] == '/') {
				out = append(out, l)
				break
			}
		}
	}
	return out
}

// A tag's attribute that holds a URL. The value may go on in script, so its closing
// quote may be missing.
var urlAttribute = source.Lazy(`(?i)(?:^|[\s"'/])(?:href|src|action|background|longdesc|codebase|data)[ \t\r\n]*=[ \t\r\n]*["']?(/[^"'<>\s?#]*)`)

// links reads one stretch of HTML; comment tells whether it begins inside a comment.
func (p *Page) links(part Part, comment bool) ([]Link, bool) {
	var out []Link
	data, at := part.Literal.Bytes(), part.Literal.Start
	for len(data) > 0 {
		mark, skip := "<!--", len("<!--")
		if comment {
			mark = "-->"
		}
		end := bytes.Index(data, []byte(mark))
		if end < 0 {
			end, skip = len(data), 0
		}
		for _, m := range p.urls(data[:end], comment) {
			out = append(out, Link{URL: string(data[m[2]:m[3]]), Span: p.Text.Span(at+m[2], at+m[3]), Conditional: part.Conditional})
		}
		if skip > 0 {
			comment = !comment
			skip = len(mark)
		}
		data, at = data[end+skip:], at+end+skip
	}
	return out, comment
}

func (p *Page) urls(html []byte, comment bool) [][]int {
	if comment {
		return nil
	}
	var out [][]int
	for _, m := range urlAttribute().FindAllSubmatchIndex(html, -1) {
		if !bytes.HasPrefix(html[m[2]:m[3]], []byte("//")) { // another host
			out = append(out, m)
		}
	}
	return out
}

var redirect = source.Lazy(`(?i)^(?:response[ \t]*\.[ \t]*redirect|server[ \t]*\.[ \t]*(?:transfer|execute))[ \t]*\(?[ \t]*["'](/[^"'?#]*)`)

func (p *Page) redirect(s *Statement) []Link {
	m := redirect().FindStringSubmatch(s.Text)
	if m == nil || strings.HasPrefix(m[1], "//") {
		return nil
	}
	return []Link{{URL: m[1], Span: s.Span, Conditional: s.Conditional}}
}
