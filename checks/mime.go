package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// mimeUnmapped: static files whose extension has no MIME type (S1, "Requests for
// static files return 404 error"): files of the content, and those that logs show
// to be asked for. One finding per extension and list.
func mimeUnmapped(p *pass) {
	found := map[mimePlace]*Finding{}
	var order []mimePlace
	add := func(f file) {
		r := f.rule
		if r.entry != nil || r.program || r.typed || !r.list.IsSet() {
			return
		}
		place := mimePlace{r.list.NameSpan(), f.ext}
		if found[place] == nil {
			found[place] = unmapped(p, f)
			order = append(order, place)
		}
		if at := found[place]; !slices.Contains(at.Affects[max(0, len(at.Affects)-maxLoggedURLs):], f.url) {
			at.Affects = append(at.Affects, f.url)
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
		f := found[place]
		f.Message += fmt.Sprintf(" (%s, the first %s)", count(len(f.Affects), "file"), f.Affects[0])
		p.report(*f)
	}
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

func unmapped(p *pass, f file) *Finding {
	list := f.rule.list
	mime, known := types[f.ext]
	if !known {
		mime = "application/octet-stream"
	}
	step := fmt.Sprintf("In IIS Manager: Properties, HTTP Headers tab, MIME Types, New: extension %s, type %s.", f.ext, mime)
	if list.Key.Equal("/LM/MimeMap") {
		step = fmt.Sprintf("In IIS Manager: the server's Properties, MIME Types, New: extension %s, type %s.", f.ext, mime)
	}
	return &Finding{
		Message: fmt.Sprintf("No MIME type for %s: IIS serves no static file whose type it does not know", f.ext),
		Span:    list.NameSpan(), Key: list.Key, Property: list.Property, Origin: list.Key,
		Witness: p.witness(f.dir, f.url),
		sign:    sign{request: answered(listSites(list), []string{f.ext}, "404.3")},
		Remedies: []Remedy{{
			Title: "Add the type",
			Steps: []string{step, "A change of the computer's list counts after the worker process has recycled or the WWW service was restarted; one of a site counts at once."},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(list.Key), Property: list.Property,
				Op: metabase.Add, Value: f.ext + "," + mime}},
		}},
	}
}

// listSites is the site that a list belongs to, nil for one of the server.
func listSites(list metabase.Value) []string {
	rest, ok := cutFold(string(list.Key), string(service)+"/")
	if !ok {
		return nil
	}
	id, _, _ := strings.Cut(rest, "/")
	return []string{id}
}

// types are the registered types of extensions that the list of Windows Server
// 2003 does not have and sites need.
var types = map[string]string{
	".json": "application/json", ".mp4": "video/mp4", ".m4v": "video/x-m4v", ".webm": "video/webm", ".ogv": "video/ogg",
	".ogg": "audio/ogg", ".oga": "audio/ogg", ".m4a": "audio/mp4", ".flv": "video/x-flv", ".f4v": "video/mp4",
	".svg": "image/svg+xml", ".svgz": "image/svg+xml", ".webp": "image/webp", ".psd": "image/vnd.adobe.photoshop",
	".woff": "font/woff", ".woff2": "font/woff2", ".otf": "font/otf", ".ttf": "font/ttf", ".eot": "application/vnd.ms-fontobject",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".rss":  "application/rss+xml", ".atom": "application/atom+xml", ".kml": "application/vnd.google-earth.kml+xml", ".kmz": "application/vnd.google-earth.kmz",
	".ics": "text/calendar", ".vcf": "text/vcard", ".csv": "text/csv", ".md": "text/markdown", ".map": "application/json",
	".mjs": "text/javascript", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".appcache": "text/cache-manifest",
	".iso": "application/octet-stream", ".7z": "application/x-7z-compressed", ".epub": "application/epub+zip", ".apk": "application/vnd.android.package-archive",
	".less": "text/css", ".scss": "text/css", ".properties": "text/plain", ".asc": "text/plain",
	".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
