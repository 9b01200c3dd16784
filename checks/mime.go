package checks

import (
	"fmt"
	"slices"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// mimeUnmapped: static files whose extension has no MIME type (S1, "Requests for
// static files return 404 error"): files of the content, and those that logs show
// to be asked for. One finding per extension and list.
func mimeUnmapped(p *pass) {
	found := map[mimePlace]*untyped{}
	var order []mimePlace
	add := func(f file) {
		r := f.rule
		if r.entry != nil || r.program || r.typed || !r.list.IsSet() || p.lostEngine(f) {
			return
		}
		place := mimePlace{r.list.NameSpan(), f.ext}
		if found[place] == nil {
			found[place] = &untyped{first: f}
			order = append(order, place)
		}
		if at := found[place]; !slices.Contains(at.urls[max(0, len(at.urls)-maxLoggedURLs):], f.url) {
			at.urls = append(at.urls, f.url)
			at.need.note(&f)
		} else if f.rows > 0 {
			at.need.asked = true
		}
	}
	for _, f := range p.contentFiles() {
		if f.meant() {
			add(f)
		}
	}
	for _, f := range p.loggedFiles(404, 3) {
		add(f)
	}
	for _, place := range order {
		p.report(found[place].finding(p))
	}
}

// lostEngine reports whether the file is a page whose script map is missing, which
// script-map-shadowed or aspnet-unregistered tells.
func (g *ground) lostEngine(f file) bool {
	return f.ext != "" && (iis.IsASPNET(f.ext) || g.model.MappedAbove(g.tree.Effective(f.key, "ScriptMaps"), f.ext) != nil)
}

// mimePlace is a list and an extension that it lacks.
type mimePlace struct {
	list source.Span
	ext  string
}

// count writes "1 file", "2 files".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// untyped is the files of one extension that a list gives no type.
type untyped struct {
	first file
	urls  []string
	need  need
}

func (u *untyped) finding(p *pass) Finding {
	f := u.first
	list := f.rule.list
	finding := Finding{
		Severity: u.severity(), Affects: u.urls,
		Message: fmt.Sprintf("No MIME type for %s: IIS serves no static file whose type it does not know", f.ext),
		Span:    list.NameSpan(), Key: list.Key, Property: list.Property, Origin: list.Key,
		Witness:  p.witness(f.dir, f.url),
		sign:     sign{request: answered([]string{f.ext}, "404.3"), row: p.lacksType(mimePlace{list.NameSpan(), f.ext})},
		Remedies: []Remedy{addType(list, f.ext)},
	}
	if programs[f.ext] {
		finding.Message = fmt.Sprintf("%s files are programs, but no script map hands them to their engine: IIS takes them for static files and, without a MIME type, refuses them", f.ext)
		finding.Remedies = []Remedy{mapEngine(f)}
	}
	finding.Message += fmt.Sprintf(" (%s, the first %s)", count(len(u.urls), "URL"), u.urls[0])
	r := &finding.Remedies[0]
	switch {
	case finding.Severity == Info:
		finding.Message += onlyAsked
		r.Edits, r.Steps = nil, slices.Insert(r.Steps, 0, fmt.Sprintf("Do this only if the site has %s files that visitors are meant to get.", f.ext))
	case finding.Severity == Warning:
		finding.Message += ". Whether visitors are meant to get such files is not known"
		r.Risk = fmt.Sprintf("every %s file below this list can then be read by visitors: look first whether one holds what is nobody's business", f.ext)
	}
	return finding
}

// severity: a well-known type is a fault as soon as such a file is there, any other
// only when logs ask for it; what nothing but logs tells of must be evident.
func (u *untyped) severity() Severity {
	ext := u.first.ext
	switch {
	case u.need.seen && (types[ext] != "" || programs[ext] || u.need.asked):
		return Error
	case u.need.seen:
		return Warning
	case types[ext] != "" && u.need.often():
		return Error
	}
	return Info
}

// lacksType is a sign that wants paths for which the extension lacks a type in just
// this list.
func (p *pass) lacksType(place mimePlace) pathRows {
	w := &contentWalk{ground: p.ground, rules: map[string]*rule{}}
	return p.sortedBy("type", func(r weblog.Request, path string) []any {
		if f, ok := w.logged(r.Site, path); ok && f.rule.entry == nil && !f.rule.typed {
			return []any{mimePlace{f.rule.list.NameSpan(), f.ext}}
		}
		return nil
	}, place)
}

func addType(list metabase.Value, ext string) Remedy {
	mime, known := types[ext]
	if !known {
		mime = "application/octet-stream"
	}
	step := fmt.Sprintf("In IIS Manager: %s, New: extension %s, type %s.", mimeTypesAt(list), ext, mime)
	return Remedy{
		Title: "Add the type",
		Steps: []string{step, "A change of the computer's list counts after the worker process has recycled or the WWW service was restarted; one of a site counts at once."},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(list.Key), Property: list.Property, Op: metabase.Add, Value: ext + "," + mime}},
	}
}

// mapEngine never offers a type: it would send the program's source to everybody.
func mapEngine(f file) Remedy {
	return Remedy{Title: "Map the extension to its engine", Steps: []string{
		fmt.Sprintf("Do not give %s a MIME type: IIS would then send the source of the programs to visitors.", f.ext),
		"Register the engine again, or add the script map: Properties, Home Directory tab, Configuration, Mappings.",
		"A list of script maps at a site or directory replaces the service's: an extension that is missing there is lost.",
	}}
}

// programs are extensions whose files are run by an engine; their source is nobody's
// business.
var programs = map[string]bool{
	".asp": true, ".aspx": true, ".asmx": true, ".ashx": true, ".axd": true, ".rem": true, ".soap": true, ".svc": true, ".cer": true, ".cdx": true,
	".php": true, ".php3": true, ".php4": true, ".php5": true, ".phtml": true, ".pl": true, ".cgi": true, ".py": true, ".rb": true, ".jsp": true, ".cfm": true,
	".cfc": true, ".idc": true, ".htr": true, ".stm": true, ".shtm": true, ".shtml": true, ".vbs": true, ".wsf": true, ".exe": true, ".com": true,
}

// types are the registered types of extensions that the list of Windows Server
// 2003 does not have and sites need.
var types = map[string]string{
	".json": "application/json", ".mp4": "video/mp4", ".m4v": "video/x-m4v", ".webm": "video/webm", ".ogv": "video/ogg",
	".ogg": "audio/ogg", ".oga": "audio/ogg", ".m4a": "audio/mp4", ".flv": "video/x-flv", ".f4v": "video/mp4",
	".svg": "image/svg+xml", ".svgz": "image/svg+xml", ".webp": "image/webp", ".3gp": "video/3gpp",
	".woff": "font/woff", ".woff2": "font/woff2", ".otf": "font/otf", ".ttf": "font/ttf", ".eot": "application/vnd.ms-fontobject",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".rss":  "application/rss+xml", ".atom": "application/atom+xml", ".kml": "application/vnd.google-earth.kml+xml", ".kmz": "application/vnd.google-earth.kmz",
	".ics": "text/calendar", ".vcf": "text/vcard", ".csv": "text/csv", ".map": "application/json",
	".mjs": "text/javascript", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".appcache": "text/cache-manifest",
	".iso": "application/octet-stream", ".7z": "application/x-7z-compressed", ".epub": "application/epub+zip", ".apk": "application/vnd.android.package-archive",
	".less": "text/css", ".scss": "text/css", ".xap": "application/x-silverlight-app", ".xaml": "application/xaml+xml", ".jnlp": "application/x-java-jnlp-file",
	".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
