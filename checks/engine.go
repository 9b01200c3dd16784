package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// sourceSent is the code of a page whose text is sent to visitors as a static file.
const sourceSent = "source sent"

// lostPages are pages that no script map takes, by the list that lacks one.
type lostPages struct {
	list  metabase.Value
	exts  []string // in the order in which they were met
	urls  []string
	roots []metabase.Path // of the sites with such pages
	dir   directory       // of the first
	need  need
	sent  bool // the extension has a MIME type: the first page's source is sent
}

// lost gathers the pages, of the content and of log rows with 404.3, that no script map
// takes and that wanted says belong to the check.
func (p *pass) lost(wanted func(metabase.Value, string) bool) []*lostPages {
	found := map[source.Span]*lostPages{}
	var order []*lostPages
	asked := map[string]metabase.Value{} // folded nearest key and extension; zero for no
	add := func(f file) {
		if f.rule.entry != nil || f.ext == "" || f.rule.program {
			return
		}
		nearest, _ := p.tree.Nearest(f.key)
		at := nearest.Path().Fold() + "|" + f.ext
		list, known := asked[at]
		if !known {
			if v := nearest.Effective("ScriptMaps"); wanted(v, f.ext) {
				list = v
			}
			asked[at] = list
		}
		if list.Property == "" {
			return
		}
		l := found[list.Span()]
		if l == nil {
			l = &lostPages{list: list, dir: f.dir, sent: f.rule.typed}
			found[list.Span()] = l
			order = append(order, l)
		}
		l.note(f)
	}
	for _, f := range p.contentFiles() {
		if f.meant() {
			add(f)
		}
	}
	for _, f := range p.loggedFiles(404, 3) {
		add(f)
	}
	return order
}

func (l *lostPages) note(f file) {
	if root := f.dir.site.Path().Join("ROOT"); !slices.Contains(l.roots, root) {
		l.roots = append(l.roots, root)
	}
	if !slices.Contains(l.exts, f.ext) {
		l.exts = append(l.exts, f.ext)
	}
	if !slices.Contains(l.urls[max(0, len(l.urls)-maxLoggedURLs):], f.url) {
		l.urls = append(l.urls, f.url)
		l.need.note(&f)
	}
}

// finding stands at the list that lacks the extensions.
func (l *lostPages) finding(p *pass) Finding {
	v := l.list
	f := Finding{
		Span: v.NameSpan(), Key: l.dir.key.Path(), Property: v.Property, Origin: v.Key, Affects: l.urls,
		Witness: p.witness(l.dir, l.urls[0]),
		sign: sign{
			request: func(r weblog.Request) bool { return statusOf(r) == "404.3" && slices.Contains(l.exts, r.Extension) },
			row:     p.whereInForce(v),
		},
	}
	if !l.need.shown() {
		f.Severity = Info
	}
	return f
}

// what says what visitors get.
func (l *lostPages) what() string {
	if l.sent {
		return fmt.Sprintf("the source of %s is sent to visitors", l.urls[0])
	}
	what := fmt.Sprintf("such pages are taken for static files and refused (%s, the first %s)", count(len(l.urls), "URL"), l.urls[0])
	if !l.need.shown() {
		what += onlyAsked
	}
	return what
}

// scriptMapShadowed: a list of script maps at a site or directory replaces the one above
// it (metabase inheritance, aa670789), and lacks extensions that have a map there. What
// nothing needs is only information. Pages of ASP.NET are aspnet-unregistered.
func scriptMapShadowed(p *pass) {
	needed := map[source.Span]bool{}
	for _, l := range p.lost(p.hides) {
		needed[l.list.Span()] = true
		p.report(shadowed(p, l))
	}
	for _, use := range p.mapLists() {
		if v := use.value; !needed[v.Span()] && !p.contentOf(use.keys[0]) {
			if hidden := p.hidden(v); len(hidden) > 0 {
				p.report(perhapsShadowed(p, use.setting, hidden))
			}
		}
	}
}

// hides reports whether a list lacks an extension, not of ASP.NET, that one above has. Of
// a list that is malformed nothing counts, which script-map-malformed tells.
func (g *ground) hides(v metabase.Value, ext string) bool {
	return !g.factsOf(v).malformed && !iis.IsASPNET(ext) && g.model.MappedAbove(v, ext) != nil
}

// contentOf reports whether the files of the key's virtual directory were collected, so
// that pages which need a map would have been found.
func (g *ground) contentOf(key metabase.Key) bool {
	if g.snapshot.Content.Empty() {
		return false
	}
	path := key.Effective("Path").Text()
	return path != "" && g.snapshot.Content.HasFolder(source.WinPath(path))
}

func perhapsShadowed(p *pass, use *setting, hidden []string) Finding {
	v := use.value
	return Finding{
		Severity: Info,
		Message:  fmt.Sprintf("The script maps of %s replace those above and lack %s. Whether a page needs them the content would tell, which is not in the snapshot", v.Key, strings.Join(hidden, ", ")),
		Span:     v.NameSpan(), Key: use.keys[0].Path(), Property: v.Property, Origin: v.Key, Affects: hidden,
		Witness:  p.mapWitness(use.keys[0], hidden[0]),
		Remedies: []Remedy{inheritMaps(v)},
	}
}

func shadowed(p *pass, l *lostPages) Finding {
	f := l.finding(p)
	f.Message = fmt.Sprintf("The script maps of %s replace those above and lack %s: %s", l.list.Key, strings.Join(l.exts, ", "), l.what())
	add := Remedy{
		Title: "Add the missing maps",
		Steps: []string{"In IIS Manager: the Properties of the site or directory, Home Directory or Virtual Directory tab, Configuration, Mappings, Add: the extension with the program that the list above has."},
	}
	for _, ext := range l.exts {
		add.Edits = append(add.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(l.list.Key), Property: l.list.Property, Op: metabase.Add, Value: p.model.MappedAbove(l.list, ext).Item.Text})
	}
	f.Remedies = []Remedy{add, inheritMaps(l.list)}
	return f
}

func inheritMaps(v metabase.Value) Remedy {
	return Remedy{
		Title: "Delete the list, so that the one above counts",
		Steps: []string{"In IIS Manager the list of the service can be given to all sites: Web Sites, Properties, Home Directory tab, Configuration; choose the sites when it asks for Inheritance Overrides."},
		Risk:  "maps that only this list has are lost",
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Remove}},
	}
}

// isASPNET reports whether a script map's program is that of ASP.NET.
func isASPNET(processor string) bool {
	return strings.EqualFold(engineOf(processor), "aspnet_isapi.dll")
}
