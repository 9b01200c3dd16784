package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// Flags of DirBrowseFlags (IIScnfg.h).
const (
	enableBrowsing   = 0x80000000
	enableDefaultDoc = 0x40000000
)

// startPages are names that people give to the page a folder should begin with.
var startPages = [...]string{"index.html", "default.html", "index.asp", "default.aspx", "index.aspx", "index.php", "default.php",
	"default.asp", "default.htm", "index.htm", "home.htm", "home.html", "home.asp", "main.asp", "start.htm", "welcome.htm", "iisstart.htm"}

// defaultDocumentMissing: the folder of a site or virtual directory holds none of its
// default documents, and browsing is off: 403.14 (KB318380). It is a fault where the
// folder has a page to begin with under another name, or visitors met it.
func defaultDocumentMissing(p *pass) {
	found := map[source.Span]*Finding{}
	var order []source.Span
	refused := p.refusedFolders()
	for _, d := range p.served() {
		place, lacks := p.noDefaultDocument(d)
		if !lacks {
			continue
		}
		page := p.startPage(d)
		severity := needOfStart(d, page, refused)
		if severity == "" {
			continue
		}
		f := found[place.Span()]
		if f == nil {
			f = bareFolder(p, d, place, page)
			f.Severity = severity
			found[place.Span()] = f
			order = append(order, place.Span())
		} else if severity == Error {
			f.Severity = Error
		}
		f.Affects = append(f.Affects, d.address(p))
		if len(f.Affects) > 1 {
			addStart(p, f, d, place, page)
		}
	}
	for _, at := range order {
		f := found[at]
		f.sign = sign{request: answered(nil, "403.14"), row: p.starts(f.Affects)}
		p.report(*f)
	}
}

// noDefaultDocument tells whether a request for the directory itself finds no page,
// and the value that is the reason. Only a folder in the snapshot is known.
func (p *pass) noDefaultDocument(d directory) (place metabase.Value, lacks bool) {
	flags, docs := d.key.Effective("DirBrowseFlags"), d.key.Effective("DefaultDoc")
	if !p.snapshot.Content.HasFolder(d.physical) || flags.Has("EnableDirBrowsing") ||
		iis.Redirects(d.key.Effective("HttpRedirect"), d.site.Path().Join("ROOT"), d.url) || p.mapsFolders(d) {
		return place, false
	}
	if !flags.Has("EnableDefaultDoc") {
		return flags, flags.IsSet()
	}
	return docs, docs.IsSet() && !p.namesOne(d, docs)
}

// namesOne reports whether the folder holds one of the default documents.
func (p *pass) namesOne(d directory, docs metabase.Value) bool {
	for name := range strings.SplitSeq(docs.Text(), ",") {
		if name = strings.TrimSpace(name); name != "" && p.has(d, name) {
			return true
		}
	}
	return false
}

// mapsFolders reports whether there is a wildcard map, which takes requests for folders
// too.
func (p *pass) mapsFolders(d directory) bool {
	w := &contentWalk{ground: p.ground, rules: map[string]*rule{}}
	return w.rule(d.key.Path(), "").entry != nil
}

func (p *pass) has(d directory, name string) bool {
	e, known := p.snapshot.Content.Stat(d.physical.Join(name), d.physical)
	return known == snapshot.Yes && !e.Dir
}

// startPage is the page with which the folder was meant to begin, "" where none is.
func (p *pass) startPage(d directory) string {
	i := slices.IndexFunc(startPages[:], func(name string) bool { return p.has(d, name) })
	if i < 0 {
		return ""
	}
	return startPages[i]
}

// refusedFolders are the virtual directories, by their folded key, that logs show to be
// answered 403.14 themselves.
func (p *pass) refusedFolders() map[string]bool {
	refused := map[string]bool{}
	for _, g := range p.requests() {
		if statusOf(g.Key) != "403.14" {
			continue
		}
		for _, u := range g.URLs {
			if d, ok := p.dirOf(g.Key.Site, u.Path); ok && strings.EqualFold(u.Path, d.url) {
				refused[d.key.Path().Fold()] = true
			}
		}
	}
	return refused
}

// needOfStart is how bad it is; "" where nothing speaks of a fault.
func needOfStart(d directory, page string, refused map[string]bool) Severity {
	switch {
	case refused[d.key.Path().Fold()], page != "" && d.url == "/":
		return Error
	case page != "":
		return Warning
	case d.url == "/":
		return Info
	}
	return ""
}

// starts is a sign that wants requests for one of the directories itself.
func (p *pass) starts(addresses []string) func(weblog.Request, string) bool {
	return func(r weblog.Request, path string) bool {
		d, ok := p.dirOf(r.Site, path)
		return ok && strings.EqualFold(path, d.url) && slices.Contains(addresses, d.address(p))
	}
}

func bareFolder(p *pass, d directory, place metabase.Value, page string) *Finding {
	f := &Finding{
		Message: fmt.Sprintf("%s holds none of the default documents (%s), and browsing is off: a request for %s is answered 403.14", d.physical, d.key.Effective("DefaultDoc").Text(), d.url),
		Span:    place.Span(), Key: d.key.Path(), Property: place.Property, Value: place.Text(), Origin: place.Key,
		Witness: p.witness(d, d.url),
	}
	if place.Property == "DirBrowseFlags" {
		f.Message = fmt.Sprintf("Default documents are switched off for %s, and browsing is off: a request for it is answered 403.14", d.url)
	}
	if page != "" {
		f.Message += "; it holds " + page
	}
	addStart(p, f, d, place, page)
	return f
}

// addStart adds what one directory needs to the remedies: its page among the default
// documents, or its listing.
func addStart(p *pass, f *Finding, d directory, place metabase.Value, page string) {
	flags := d.key.Effective("DirBrowseFlags")
	n, _ := flags.Uint()
	target := string(d.key.Path())
	if len(f.Remedies) == 0 {
		f.Remedies = []Remedy{{
			Title: "Name the page among the default documents",
			Steps: []string{"In IIS Manager: the directory's Properties, Documents tab: Enable default content page, and add the page's name. Or give the page one of the names in the list."},
		}, {
			Title: "Show the folder's contents",
			Steps: []string{"In IIS Manager: the directory's Properties, Home Directory or Virtual Directory tab: Directory browsing."},
			Risk:  "visitors see every file name, also of files that no page links to",
		}}
	}
	first, second := &f.Remedies[0], &f.Remedies[1]
	if place.Property == "DirBrowseFlags" {
		first.Edits = append(first.Edits, setNumber(target, flags.Property, n|enableDefaultDoc))
	}
	if docs := d.key.Effective("DefaultDoc"); page != "" && !p.namesOne(d, docs) {
		value := strings.TrimPrefix(docs.Text()+","+page, ",")
		first.Edits = append(first.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: target, Property: docs.Property, Op: metabase.Set, Value: value})
	}
	second.Edits = append(second.Edits, setNumber(target, flags.Property, n|enableBrowsing))
}

func setNumber(target, property string, n uint32) snapshot.Edit {
	return snapshot.Edit{Kind: snapshot.EditMetabase, Target: target, Property: property, Op: metabase.Set, Value: strconv.FormatUint(uint64(n), 10)}
}
