package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// parentPaths: pages that lead through ".." while parent paths are off (S1; KB226474
// for ASP 0131). One finding per place: the first such line of a page is what
// ASP stops at.
func parentPaths(p *pass) {
	found := map[source.Span]*Finding{}
	pages := map[source.Span][]file{}
	var order []source.Span
	for _, f := range p.contentFiles() {
		if !f.isASP() || !f.meant() {
			continue
		}
		setting := p.tree.Effective(f.key, "AspEnableParentPaths")
		if on, _ := setting.Bool(); on {
			continue
		}
		finding := includeAbove(p, f, setting)
		if finding == nil {
			finding = mapPathAbove(p, f, setting)
		}
		if finding == nil {
			continue
		}
		pages[finding.Span] = append(pages[finding.Span], f)
		first := found[finding.Span]
		if first == nil {
			order = append(order, finding.Span)
		} else {
			finding.Affects = first.Affects
		}
		finding.Affects = append(finding.Affects, f.url)
		if first != nil && !(first.Missing != "" && finding.Missing == "") {
			first.Affects = finding.Affects
			continue
		}
		found[finding.Span] = finding // a page that is sure to fail shows an include file's fault best
	}
	for _, at := range order {
		f := found[at]
		f.sign.request = func(r weblog.Request) bool { return slices.Contains(f.Codes, r.ASP) }
		f.sign.row = p.pages(pages[at])
		p.report(*f)
	}
}

func (f *file) page() iis.Page {
	return iis.Page{Site: f.dir.site.Path(), File: f.path, Root: f.dir.physical, URL: f.url}
}

// includeAbove finds the first include file="..\..." that the page meets.
func includeAbove(p *pass, f file, setting metabase.Value) *Finding {
	first, more := firstAbove(p, f)
	if first == nil {
		return nil
	}
	message := fmt.Sprintf(`%s includes file="%s" while parent paths are off: ASP stops the page with error 0131`, first.In.URL, first.Include.Target)
	if more > 0 {
		message += fmt.Sprintf(" (%d more in this file)", more)
	}
	finding := pageFinding(p, f, setting, first.Include.Span, message, "ASP 0131")
	if virtual, ok := virtualOf(first, f); ok {
		finding.Remedies = append([]Remedy{useVirtual(first, virtual)}, finding.Remedies...)
	}
	return finding
}

// firstAbove is the first include directive of a page, or of a file that it includes,
// that leads through "..", and how many more the same file has.
func firstAbove(p *pass, f file) (first *iis.Directive, more int) {
	directives := p.directives(f)
	for i := range directives {
		d := &directives[i]
		switch {
		case d.Virtual || !d.HasParentPath():
		case first == nil:
			first = d
		case first.In.File == d.In.File:
			more++
		}
	}
	return first, more
}

// virtualOf is the URL path that names the included file without "..". ok is
// false where the file lies outside of the page's virtual directory.
func virtualOf(d *iis.Directive, f file) (string, bool) {
	if !d.Target.Within(f.dir.physical) {
		return "", false
	}
	rel := string(d.Target.Clean())[len(strings.TrimSuffix(string(f.dir.physical), `\`)):]
	return f.dir.url + strings.TrimPrefix(strings.ReplaceAll(rel, `\`, "/"), "/"), true
}

func useVirtual(d *iis.Directive, virtual string) Remedy {
	return Remedy{Title: "Name the file from the site's root", Steps: []string{
		fmt.Sprintf(`In %s, line %d, write #include virtual="%s" instead of #include file="%s".`, d.In.URL, d.Include.Span.Pos().Line, virtual, d.Include.Target),
		"Do the same for every other include with .. in it."}}
}

// mapPathAbove finds the first Server.MapPath("..") that the page or a file that it
// includes is sure to fail at, else the first that may fail.
func mapPathAbove(p *pass, f file, setting metabase.Value) *Finding {
	var first *iis.Call
	for _, call := range p.calls(f) {
		if call.Name != asp.MapPath || !call.HasParentPath() {
			continue
		}
		if doubt(call) == "" {
			first = &call
			break
		}
		if first == nil {
			first = &call
		}
	}
	if first == nil {
		return nil
	}
	path := `"` + string(first.Span.Bytes()) + `"`
	if first.Prefix {
		path += " & …"
	}
	message := fmt.Sprintf("%s calls Server.MapPath(%s) while parent paths are off: ASP stops with error 0175", first.In.URL, path)
	finding := pageFinding(p, f, setting, first.Span, message, "ASP 0175")
	finding.Missing = doubt(*first)
	finding.Remedies = append([]Remedy{{Title: "Name the path from the site's root", Steps: []string{
		"Give Server.MapPath a path from the root of the site, such as /inc, instead of one with .. in it."}}}, finding.Remedies...)
	return finding
}

// doubt says why a call need not stop its page, "" where it must.
func doubt(call iis.Call) string {
	switch {
	case call.Guarded != "":
		return call.Guarded
	case call.Conditional:
		return "the call stands inside an If, a procedure or a loop and may not run"
	}
	return ""
}

func pageFinding(p *pass, f file, setting metabase.Value, at source.Span, message, code string) *Finding {
	return &Finding{
		Codes: []string{code}, Message: message, Span: at,
		Key: setting.Key, Property: setting.Property, Value: setting.Text(), Origin: origin(setting),
		Witness: p.witness(f.dir, f.url), Remedies: []Remedy{allowParents(p, f, setting)},
	}
}

// origin is the key that sets a value, "" for a default.
func origin(v metabase.Value) metabase.Path {
	if !v.IsSet() {
		return ""
	}
	return v.Key
}

// allowParents sets the property where it is in force below the application's
// starting point, else there.
func allowParents(p *pass, f file, setting metabase.Value) Remedy {
	at := f.dir.site.Path().Join("ROOT")
	if root := p.tree.Effective(f.key, "AppRoot"); root.IsSet() {
		if k, ok := p.tree.Key(metabase.Path(root.Text())); ok {
			at = k.Path()
		}
	}
	if setting.IsSet() && at.Contains(setting.Key) {
		at = setting.Key
	}
	return Remedy{
		Title: "Allow parent paths for the application",
		Steps: []string{"In IIS Manager: Properties of the application's starting point, Home Directory or Directory tab, Configuration, Options tab: select Enable parent paths."},
		Risk:  "an include path may then reach sensitive files outside of the application's folder",
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(at), Property: "AspEnableParentPaths", Op: metabase.Set, Value: "TRUE"}},
	}
}
