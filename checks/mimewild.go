package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// mimeWildcard: entries of a MIME map that send files which are nobody's business: *
// sends all (S1: "to allow IIS to serve files with any extension"), a type for .inc
// or .config what programs read, and the type that .mdb has from the start a
// database, where one lies in the content.
func mimeWildcard(p *pass) {
	var files map[source.Span]*opened
	for key := range p.tree.Setters("MimeMap") {
		list, _ := key.Own("MimeMap")
		if !servesWeb(key) {
			continue
		}
		if files == nil {
			files = p.openedFiles()
		}
		for _, item := range list.Items() {
			ext := strings.ToLower(metabase.EntryKey("MimeMap", item.Text))
			o := files[item.Span]
			if o == nil {
				o = &opened{}
			}
			if ext == "*" || private[ext] && !p.handsOn(list, ext) || ext == ".mdb" && len(o.urls) > 0 {
				p.report(o.finding(p, list, item, ext))
			}
		}
	}
}

// private are extensions that the installed map leaves out so that they are not sent.
var private = map[string]bool{".inc": true, ".config": true, ".asa": true, ".asax": true, ".ascx": true, ".cs": true, ".vb": true}

// servesWeb reports whether a key's MIME map is one of a web site: the computer's, the
// service's, or one of a site and below.
func servesWeb(key metabase.Key) bool {
	at := key.Path()
	_, _, below := splitSite(at)
	return below || at.Equal("/LM/MimeMap") || at.Equal(service) || at.Parent().Equal(service) && strings.EqualFold(key.Class(), "IIsWebServer")
}

// handsOn reports whether a script map takes the extension at the list's key, so that
// no type of it counts there.
func (p *pass) handsOn(list metabase.Value, ext string) bool {
	at := list.Key
	if at.Equal("/LM/MimeMap") {
		at = service
	}
	return p.model.ScriptMaps(p.tree.Effective(at, "ScriptMaps")).For(ext) != nil
}

// opened is what one entry of a MIME map sends.
type opened struct {
	urls []string // of files that are not meant for visitors
	dir  directory
	need []string // extensions of files that are, in order
}

// openedFiles are the static files of the content by the entry that gives their type.
func (p *pass) openedFiles() map[source.Span]*opened {
	found := map[source.Span]*opened{}
	for _, f := range p.contentFiles() {
		if !f.rule.typed || !p.tree.Effective(f.key, "AccessFlags").Has("AccessRead") {
			continue
		}
		o := found[f.rule.typedBy]
		if o == nil {
			o = &opened{}
			found[f.rule.typedBy] = o
		}
		switch {
		case notMeant[f.ext] || programs[f.ext]:
			if len(o.urls) == 0 {
				o.dir = f.dir
			}
			o.urls = append(o.urls, f.url)
		case f.meant() && !slices.Contains(o.need, f.ext):
			o.need = append(o.need, f.ext)
		}
	}
	return found
}

func (o *opened) finding(p *pass, list metabase.Value, item metabase.Item, ext string) Finding {
	f := Finding{
		Message: fmt.Sprintf("The type for %s makes IIS send files that no visitor should read", ext),
		Span:    item.Span, Key: list.Key, Property: list.Property, Value: item.Text, Origin: list.Key, Affects: o.urls,
		Remedies: []Remedy{o.remedy(list, item, ext)},
	}
	if ext == "*" {
		f.Message = "The type for * makes IIS send every file that lies in the content, also .inc and .config files and backup copies with passwords in them"
	}
	if n := len(o.urls); n > 0 {
		f.Message += fmt.Sprintf(" (%s now open, the first %s)", count(n, "file"), o.urls[0])
		f.Witness = p.witness(o.dir, o.urls[0])
	}
	return f
}

// remedy takes the entry out. Types that * alone gives to files which are meant for
// visitors are entered by name.
func (o *opened) remedy(list metabase.Value, item metabase.Item, ext string) Remedy {
	edit := snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(list.Key), Property: list.Property}
	take := edit
	take.Op, take.Value = metabase.Remove, item.Text
	r := Remedy{Title: "Take the type out", Edits: []snapshot.Edit{take}}
	if ext == ".mdb" {
		r.Steps = []string{"Better still, move the database to a folder outside of every site, and change the connection strings of its pages."}
	}
	if ext == "*" {
		slices.Sort(o.need)
		for _, need := range o.need {
			mime, known := types[need]
			if !known {
				mime = "application/octet-stream"
			}
			edit.Op, edit.Value = metabase.Add, need+","+mime
			r.Edits = append(r.Edits, edit)
		}
		r.Title = "Take * out and give the extensions that are needed their types"
		r.Steps = []string{"Look through the content for other extensions that visitors need, and give them types as well."}
	}
	r.Steps = append(r.Steps, fmt.Sprintf("In IIS Manager: %s: select %s, Remove.", mimeTypesAt(list), ext),
		"A change of the computer's list counts after the worker process has recycled or the WWW service was restarted; one of a site counts at once.")
	return r
}

// mimeTypesAt is the way to a list in IIS Manager.
func mimeTypesAt(list metabase.Value) string {
	if list.Key.Equal("/LM/MimeMap") {
		return "the server's Properties, MIME Types"
	}
	return "Properties, HTTP Headers tab, MIME Types"
}
