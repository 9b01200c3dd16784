package checks

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// scriptFolders are the directories that IIS 5.0 had and IIS 6.0 lacks (S1, "Cannot
// locate /Scripts or /Msadc directory").
var scriptFolders = [...]string{"scripts", "msadc"}

// scriptsDirectory: pages link to programs below /scripts or /msadc, and the site has
// neither such a key nor such a folder. What only the logs ask for is information:
// strangers try these two names on every server.
func scriptsDirectory(p *pass) {
	var found byPlace[map[string]*wantedFolder]
	for _, f := range p.contentFiles() {
		for _, link := range p.programLinks(f) {
			p.want(&found, f.dir.site, link.URL, f.url)
		}
	}
	for _, g := range p.requests() {
		if g.Key.Status != 404 || g.Key.Substatus > 0 {
			continue
		}
		for _, u := range g.URLs[:min(len(g.URLs), maxLoggedURLs)] {
			if d, ok := p.dirOf(g.Key.Site, u.Path); ok && leadsToProgram(u.Path) && !probe(u.Path) {
				p.want(&found, d.site, u.Path, "")
			}
		}
	}
	for _, folders := range found.order {
		for _, name := range scriptFolders {
			if w := (*folders)[name]; w != nil {
				p.report(w.finding(p))
			}
		}
	}
}

// wantedFolder is one of the two names on one site.
type wantedFolder struct {
	name  string
	root  directory
	urls  []string // that are asked for
	pages []string // that link to them
}

// want notes a URL of a site whose first name is one of the two, if the site has
// neither key nor folder for it.
func (p *pass) want(found *byPlace[map[string]*wantedFolder], site metabase.Key, url, page string) {
	root, ok := p.directory(site.Path().Join("ROOT"))
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(url, "/")), "/")
	if !ok || !slices.Contains(scriptFolders[:], name) {
		return
	}
	if _, exists := p.tree.Key(root.key.Path().Join(name)); exists {
		return
	}
	if _, known := p.snapshot.Content.Stat(root.physical.Join(name), root.physical); known == snapshot.Yes {
		return
	}
	folders, fresh := found.get(root.key.Span())
	if fresh {
		*folders = map[string]*wantedFolder{}
	}
	w := (*folders)[name]
	if w == nil {
		w = &wantedFolder{name: name, root: root}
		(*folders)[name] = w
	}
	if !slices.Contains(w.urls, url) && len(w.urls) < maxLoggedURLs {
		w.urls = append(w.urls, url)
	}
	if page != "" && !slices.Contains(w.pages[max(0, len(w.pages)-1):], page) {
		w.pages = append(w.pages, page)
	}
}

var namesFolder = source.Lazy(`(?i)/(?:scripts|msadc)(?:[/"'?#\s>]|$)`)

// programLinks are the links of a page, or of a part of one, to programs below the two
// folders. Pictures and client scripts in a folder of that name are another matter.
func (p *pass) programLinks(f file) (links []asp.Link) {
	switch f.ext {
	case ".asp", ".htm", ".html", ".inc", ".stm", ".shtm", ".shtml":
	default:
		return nil
	}
	text, err := p.snapshot.Content.Text(f.path)
	if err != nil || !namesFolder().Match(text.Bytes()) {
		return nil
	}
	for _, l := range asp.Scan(text).LinksBelow("/scripts", "/msadc") {
		if leadsToProgram(l.URL) {
			links = append(links, l)
		}
	}
	return links
}

// leadsToProgram reports whether a URL names a program, or a folder that may hold one.
func leadsToProgram(url string) bool {
	ext := strings.ToLower(path.Ext(url))
	return ext == "" || programs[ext] || ext == ".dll"
}

// probe reports whether a path is one of those that worms and scanners of the time try
// on every server: Nimda and its kin, RDS, the samples of IIS 4.0.
func probe(url string) bool {
	url = strings.ToLower(url)
	return path.Ext(url) == "" || slices.ContainsFunc([]string{"..", "%", "winnt", "cmd.exe", "root.exe", "shell.exe", "msadcs.dll",
		"/samples/", "/tools/", "iisadmin", "cmd1.exe", "httpodbc.dll", "proxy/", "repost.asp", "cpshost.dll"},
		func(word string) bool { return strings.Contains(url, word) })
}

func (w *wantedFolder) finding(p *pass) Finding {
	site := w.root.site.Path().Name()
	f := Finding{
		Span: w.root.key.Span(), Key: w.root.key.Path(), Affects: w.urls,
		Witness:  p.witness(w.root, w.urls[0]),
		sign:     sign{request: answered(nil, "404"), row: w.below()},
		Remedies: []Remedy{w.create()},
	}
	if len(w.pages) == 0 {
		f.Severity = Info
		f.Message = fmt.Sprintf("Visitors asked for programs below /%s, and site %s has neither a virtual directory nor a folder of that name. Strangers try it on every server: it is a fault only if your pages need it", w.name, site)
		return f
	}
	f.Message = fmt.Sprintf("%s to /%s, and site %s has neither a virtual directory nor a folder of that name: IIS 6.0 no longer creates it", w.who(), w.name, site)
	return f
}

func (w *wantedFolder) who() string {
	if len(w.pages) == 1 {
		return w.pages[0] + " links"
	}
	return fmt.Sprintf("%d pages, the first %s, link", len(w.pages), w.pages[0])
}

// below is a sign that wants paths below the folder on its site.
func (w *wantedFolder) below() pathRows {
	site := w.root.site.Path().Name()
	return eachRow(func(r weblog.Request, url string) bool {
		rest, ok := cutFold(url, "/"+w.name)
		return ok && (rest == "" || rest[0] == '/') && (r.Site == "" || r.Site == site)
	})
}

// create makes the directory with the right to run scripts and no other: neither are
// its files sent nor programs called directly.
func (w *wantedFolder) create() Remedy {
	at := w.root.key.Path().Join(w.name)
	folder := w.root.physical.Dir().Join(w.name)
	if w.root.physical.Dir() == w.root.physical {
		folder = w.root.physical.Join(w.name)
	}
	edit := func(op metabase.Op, property, value string) snapshot.Edit {
		return snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(at), Property: property, Op: op, Value: value}
	}
	return Remedy{
		Title: "Create the directory, with Scripts only",
		Steps: []string{
			fmt.Sprintf("Put the programs that the pages need, and nothing else, into %s.", folder),
			"Establish its NTFS permissions: Read for the visitors' accounts, Write for administrators only.",
			fmt.Sprintf("In IIS Manager: the site, New, Virtual Directory: alias %s, this folder, Run scripts (such as ASP).", w.name),
			"Programs that pages call directly (.dll, .exe) need Scripts and Executables as well, and a Web service extension each. That is the risk for which IIS 6.0 has no such directory: better move them elsewhere and change the links.",
		},
		Edits: []snapshot.Edit{edit(metabase.Add, "Path", string(folder)), edit(metabase.Set, "AccessFlags", "512")},
	}
}

// scriptsExecutable: a directory /scripts or /msadc whose programs may be called
// directly, as IIS 5.0 had it: who gets at one of them can run it (S1).
func scriptsExecutable(p *pass) {
	for _, site := range p.tree.Sites() {
		for _, name := range scriptFolders {
			key, ok := p.tree.Key(site.Path().Join("ROOT").Join(name))
			v := key.Effective("AccessFlags")
			if !ok || !v.Has("AccessExecute") || !startsItself(site) {
				continue
			}
			edit := setFlags(v, key.Path(), accessScript, accessExecute)
			edit.Target = string(key.Path()) // other directories may share the value
			p.report(Finding{
				Message: fmt.Sprintf("/%s of site %s runs programs: who gets one into it, or finds a weak one there, can run it on the server", name, site.Path().Name()),
				Span:    v.Span(), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: origin(v), Affects: []string{string(key.Path())},
				Remedies: []Remedy{{
					Title: "Scripts only",
					Steps: []string{
						"If nothing uses the directory, delete it; /msadc serves Remote Data Services only.",
						"In IIS Manager: its Properties, Virtual Directory tab, Execute permissions: Scripts only.",
						"Programs (.dll, .exe) that pages call below it no longer run then: move those that are needed to a directory of their own.",
					},
					Edits: []snapshot.Edit{edit},
				}},
			})
		}
	}
}
