package checks

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// largeFields: forms with a field of more than 100 KB, which no setting allows (S1;
// cc785706 for ASP 0107). The place is the page's line, or the log's where the page
// was not collected.
func (p *pass) largeFields() {
	for _, g := range p.requests() {
		if g.Key.ASP != "ASP 0107" {
			continue
		}
		for _, u := range g.URLs[:min(len(g.URLs), maxLoggedURLs)] {
			d, ok := p.dirOf(g.Key.Site, u.Path)
			if !ok {
				continue
			}
			site, path := d.site.Path(), u.Path
			f := Finding{
				Message: fmt.Sprintf("%s was sent a form field of more than 100 KB: Request.Form stops with ASP 0107, whatever AspMaxRequestEntityAllowed allows", path),
				Key:     site.Join("ROOT").Join(path), Affects: []string{path},
				sign: sign{request: func(r weblog.Request) bool { return r.ASP == "ASP 0107" },
					row: eachRow(func(r weblog.Request, other string) bool {
						at, ok := p.dirOf(r.Site, other)
						return ok && at.site.Path().Equal(site) && strings.EqualFold(other, path)
					})},
				Remedies: []Remedy{{Title: "Read the form without Request.Form", Steps: []string{
					"Split the text over several fields in the page that sends the form, each below 100 KB.",
					"Or read the whole body with Request.BinaryRead(Request.TotalBytes) and take the field out of it."}}},
			}
			f.Span = p.lineOf(d, path, u.Line)
			if len(g.Samples) > 0 {
				f.At = source.Pos{File: g.Samples[0].File, Line: g.Samples[0].Line, Column: 1, EndColumn: 1}
			}
			p.report(f)
		}
	}
}

// lineOf is a line of a page, the zero Span where the page was not collected or the
// line is not known.
func (p *pass) lineOf(d directory, path string, line int) source.Span {
	text, err := p.snapshot.Content.Text(p.model.MapPath(d.site.Path(), path))
	if err != nil || line <= 0 {
		return source.Span{}
	}
	from := 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(text.Bytes()[from:], '\n')
		if i < 0 {
			return source.Span{}
		}
		from += i + 1
	}
	end := from + len(bytes.TrimRight(firstLine(text.Bytes()[from:]), "\r"))
	return text.Span(from, end)
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return line
}
