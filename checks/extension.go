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

// prohibition is one processor that the restriction list refuses.
type prohibition struct {
	processor string
	ruling    iis.Ruling
	exts      []string  // extensions mapped to it, in order
	sites     []string  // key paths of the sites and directories that use it
	dir       directory // the first of them
	needed    []string  // URLs of content that uses it, and that logs show to be refused
	use       need
	needDir   directory // the directory of the first of those
	own       []string  // keys below the service with a map of their own
}

// extensionProhibited: script maps (and programs) whose Web service extension is
// prohibited (S1, "Requests for dynamic content return 404 error"). One finding per
// entry of the list, or per processor that lacks one. What nothing needs is only
// information: IIS 6 is locked down on purpose.
func extensionProhibited(p *pass) {
	files := p.contentFiles()
	found := map[string]*prohibition{}
	var order []string
	see := func(processor string) *prohibition {
		at := strings.ToLower(processor)
		if x, ok := found[at]; ok {
			return x
		}
		ruling := p.model.Restriction(processor)
		if ruling.Allowed {
			found[at] = nil
			return nil
		}
		found[at] = &prohibition{processor: processor, ruling: ruling}
		order = append(order, at)
		return found[at]
	}
	p.mappedProcessors(see)
	for i := range files {
		if f := &files[i]; f.meant() && f.processor() != "" {
			see(f.processor()).need(f)
		}
	}
	for _, f := range p.loggedFiles(404, 2) {
		if processor := f.processor(); processor != "" {
			see(processor).need(&f)
		}
	}
	for _, at := range order {
		p.report(found[at].finding(p))
	}
}

// processor is what runs the file: its script map's, or the file itself; "" for a
// static file.
func (f *file) processor() string {
	switch {
	case f.rule.entry != nil:
		return f.rule.entry.Processor
	case f.rule.program:
		return string(f.path)
	}
	return ""
}

func (x *prohibition) need(f *file) {
	if x == nil {
		return
	}
	if len(x.needed) == 0 {
		x.needDir = f.dir
	}
	if !slices.Contains(x.needed[max(0, len(x.needed)-maxLoggedURLs):], f.url) {
		x.needed = append(x.needed, f.url)
		x.use.note(f)
	}
	if entry := f.rule.entry; entry != nil && !slices.Contains(x.exts, entry.Extension) {
		x.exts = append(x.exts, entry.Extension) // which is * for every file that a wildcard map takes
	}
}

// mappedProcessors notes the processors of every script map in force at a virtual
// directory. A map that stands below the service and differs from the service's
// own shows that somebody wants it.
func (p *pass) mappedProcessors(see func(string) *prohibition) {
	common := p.model.ScriptMaps(p.tree.Effective(service, "ScriptMaps"))
	known := map[string][]refusedMap{}
	lists := p.tree.Question("ScriptMaps")
	for _, dir := range p.served() {
		v := lists.Effective(dir.key)
		refused, ok := known[string(v.Span().Bytes())]
		if !ok {
			refused = p.refusedMaps(v, common, see)
			if len(known) < maxLists {
				known[string(v.Span().Bytes())] = refused
			}
		}
		for _, r := range refused {
			r.by.uses(dir, v, r)
		}
	}
}

// maxLists bounds the lists that are remembered by their text: servers with many
// sites hold few different ones.
const maxLists = 1000

// refusedMap is a script map whose processor is prohibited.
type refusedMap struct {
	by   *prohibition
	ext  string
	same bool // the service maps the extension to the same processor
}

func (p *pass) refusedMaps(v metabase.Value, common *iis.ScriptMapList, see func(string) *prohibition) []refusedMap {
	var refused []refusedMap
	for _, m := range p.model.ScriptMaps(v).Maps {
		if x := see(m.Processor); x != nil {
			base := common.For(m.Extension)
			refused = append(refused, refusedMap{x, m.Extension, base != nil && iis.SameFile(base.Processor, m.Processor)})
		}
	}
	return refused
}

// uses notes that a directory's list in force has a map to the processor.
func (x *prohibition) uses(dir directory, v metabase.Value, r refusedMap) {
	if len(x.sites) == 0 {
		x.dir = dir
	}
	if at := string(dir.key.Path()); len(x.sites) == 0 || x.sites[len(x.sites)-1] != at {
		x.sites = append(x.sites, at)
	}
	if !slices.Contains(x.exts, r.ext) {
		x.exts = append(x.exts, r.ext)
	}
	if !r.same && !v.Key.Equal(service) {
		x.own = append(x.own, string(v.Key)+" "+r.ext)
	}
}

func (x *prohibition) finding(p *pass) Finding {
	f := Finding{
		Severity: Info, Key: x.ruling.List.Key, Property: x.ruling.List.Property, Origin: x.ruling.List.Key,
		Span: x.ruling.List.NameSpan(), Affects: x.sites, Message: x.message(),
		Remedies: []Remedy{x.allow()},
		sign:     sign{request: answered(nil, "404.2"), row: p.runBy(x.processor)},
	}
	if x.ruling.Listed {
		f.Span, f.Value = x.ruling.Item.Span, x.ruling.Item.Text
	}
	switch {
	case len(x.needed) > 0:
		f.Affects = x.needed
		if x.use.shown() || len(x.own) > 0 {
			f.Severity = Error
		}
		f.Witness = p.witness(x.needDir, x.needed[0])
	case len(x.sites) > 0:
		if len(x.own) > 0 {
			f.Severity = Error
		}
		f.Witness = p.witness(x.dir, x.dir.url+"default"+strings.TrimPrefix(x.exts[0], "*"))
	}
	return f
}

// runBy is a sign that wants paths which this processor runs.
func (p *pass) runBy(processor string) pathRows {
	w := &contentWalk{ground: p.ground, rules: map[string]*rule{}}
	_, wanted := iis.FileNames(processor)
	return p.sortedBy("program", func(r weblog.Request, path string) []any {
		if f, ok := w.logged(r.Site, path); ok {
			names, _ := iis.FileNames(f.processor())
			return names
		}
		return nil
	}, wanted...)
}

// programOf is the file of a script map's processor, without the arguments of a CGI
// program.
func programOf(command string) source.WinPath {
	if rest, ok := strings.CutPrefix(command, `"`); ok {
		program, _, _ := strings.Cut(rest, `"`)
		return source.WinPath(program)
	}
	if i := strings.Index(source.Lower(command), ".exe "); i >= 0 {
		return source.WinPath(command[:i+len(".exe")])
	}
	return source.WinPath(command)
}

func (x *prohibition) message() string {
	what := programOf(x.processor).Base()
	switch {
	case x.ruling.Listed:
		what = fmt.Sprintf("The Web service extension %s is prohibited", extensionName(x.ruling.Item, what))
	case x.ruling.Item.Text == "":
		what += " is not in the list of Web service extensions, which does not say what holds for unlisted ones"
	default:
		what += " is not in the list of Web service extensions, and unlisted ones are prohibited"
	}
	if len(x.exts) > 0 {
		what += ": requests for " + strings.Join(x.exts, ", ") + " are refused"
	}
	switch {
	case len(x.needed) > 0 && !x.use.shown() && len(x.own) == 0:
		return what + fmt.Sprintf(" (%s, the first %s)", count(len(x.needed), "URL"), x.needed[0]) + onlyAsked
	case len(x.needed) > 0:
		return what + fmt.Sprintf(", and it is needed (%s, the first %s)", count(len(x.needed), "URL"), x.needed[0])
	case len(x.own) > 0:
		return what + ", and a script map of its own asks for it (" + x.own[0] + ")"
	}
	return what + ". That is how IIS 6.0 is installed and no fault unless you need it"
}

// extensionName is the entry's description, else its file.
func extensionName(item metabase.Item, file string) string {
	if f := item.Fields(); len(f) >= 5 && f[4] != "" {
		return fmt.Sprintf("%q (%s)", f[4], file)
	}
	return file
}

// allow permits the listed entry, or adds one for this processor alone: safer than
// allowing all unlisted ones.
func (x *prohibition) allow() Remedy {
	edit := snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(service), Property: "WebSvcExtRestrictionList"}
	if x.ruling.Listed {
		_, rest, _ := strings.Cut(x.ruling.Item.Text, ",")
		edit.Op, edit.Value = metabase.Replace, "1,"+rest
		return Remedy{Title: "Allow the Web service extension", Edits: []snapshot.Edit{edit}, Steps: []string{
			"Allow it only if the sites need it: every allowed extension is open to attack.",
			"In IIS Manager: Web Service Extensions, select it, Allow."}}
	}
	name := programOf(x.processor).Base()
	id, _, _ := strings.Cut(strings.ToUpper(name), ".")
	edit.Op, edit.Value = metabase.Add, fmt.Sprintf("1,%s,1,%s,%s", x.processor, id, name)
	return Remedy{Title: "Add the Web service extension", Edits: []snapshot.Edit{edit}, Steps: []string{
		"Allow it only if the sites need it: every allowed extension is open to attack.",
		"In IIS Manager: Web Service Extensions, Add a new Web service extension, with this file, status Allowed."}}
}
