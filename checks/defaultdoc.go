package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
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

// defaultDocumentMissing: a folder of a site holds none of its default documents, and
// browsing is off: 403.14 (KB318380). It is a fault where the folder has a page to begin
// with under another name, or visitors met it.
func defaultDocumentMissing(p *pass) {
	var found byPlace[Finding]
	at := map[source.Span][]directory{}
	refused := p.refusedFolders()
	for _, severity := range [...]Severity{Error, Warning, Info} { // the worst gives the message
		for _, d := range p.startFolders(refused) {
			place, lacks := p.noDefaultDocument(d)
			if !lacks {
				continue
			}
			page := p.startPage(d)
			if p.needOfStart(d, page, refused[d.fold()]) != severity {
				continue
			}
			f, fresh := found.get(place.Span())
			if fresh {
				*f = *bareFolder(p, d, place, page)
				f.Severity = severity
			}
			f.Affects = append(f.Affects, d.address(p))
			at[place.Span()] = append(at[place.Span()], d)
			addStart(p, f, d, place, page)
		}
	}
	for _, f := range found.order {
		if more := len(f.Affects) - 1; more > 0 {
			f.Message += "; the same holds for " + count(more, "more folder")
		}
		f.sign = sign{request: answered(nil, "403.14"), row: p.starts(at[f.Span])}
		p.report(*f)
	}
}

// noDefaultDocument tells whether a request for the directory itself finds no page,
// and the value that is the reason. Only a folder in the snapshot is known.
func (p *pass) noDefaultDocument(d directory) (place metabase.Value, lacks bool) {
	flags, docs := d.key.Effective("DirBrowseFlags"), d.key.Effective("DefaultDoc")
	if !p.snapshot.Content.HasFolder(d.physical) || flags.Has("EnableDirBrowsing") ||
		p.model.Redirects(d.key.Effective("HttpRedirect"), d.site.Path().Join("ROOT"), d.url) || p.mapsFolders(d) {
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
		first.Edits = setOnce(first.Edits, setNumber(target, flags.Property, n|enableDefaultDoc))
	}
	if docs := d.key.Effective("DefaultDoc"); page != "" && !p.namesOne(d, docs) {
		first.Edits = addName(first.Edits, target, docs, page)
	}
	if d.ownKey() { // else every folder of the key would be shown
		second.Edits = setOnce(second.Edits, setNumber(target, flags.Property, n|enableBrowsing))
	}
}

// addName adds a page to the default documents of a key, which other folders of it may
// have got already.
func addName(edits []snapshot.Edit, target string, docs metabase.Value, page string) []snapshot.Edit {
	for i := range edits {
		if e := &edits[i]; e.Target == target && e.Property == docs.Property {
			if !containsFold(strings.Split(e.Value, ","), page) {
				e.Value += "," + page
			}
			return edits
		}
	}
	value := strings.TrimPrefix(docs.Text()+","+page, ",")
	return append(edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: target, Property: docs.Property, Op: metabase.Set, Value: value})
}

func setOnce(edits []snapshot.Edit, e snapshot.Edit) []snapshot.Edit {
	if slices.Contains(edits, e) {
		return edits
	}
	return append(edits, e)
}

func setNumber(target, property string, n uint32) snapshot.Edit {
	return snapshot.Edit{Kind: snapshot.EditMetabase, Target: target, Property: property, Op: metabase.Set, Value: strconv.FormatUint(uint64(n), 10)}
}
