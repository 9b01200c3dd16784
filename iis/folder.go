package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// checkFolder takes a URL that names a folder: one without the slash is
// redirected, one with it is decided again as a request for the default document.
func checkFolder(d *decision) verdict {
	t := &d.out.Target
	slash := strings.HasSuffix(t.URL, "/")
	entry, known := d.snapshot.Content.Stat(t.Physical, t.RootPath)
	isFolder := known == snapshot.Yes && entry.Dir || t.Key.Equal(t.Root)
	if !slash && !isFolder {
		return verdict{}
	}
	d.readMaps()
	if d.wildcardTakesAll() {
		return verdict{}
	}
	if !slash {
		d.out.Handler, d.out.Location = Redirect, t.URL+"/"
		return verdict{status: "301", answer: true, detail: "the URL names a folder; the client is sent to " + t.URL + "/"}
	}
	d.folder = true
	return d.defaultDocument()
}

func (d *decision) wildcardTakesAll() bool {
	m := d.maps.For("*")
	return m != nil && m.Flags&4 == 0
}

// defaultDocument looks for the first name of DefaultDoc that is in the folder. A
// folder that was not collected is assumed to hold the first one.
func (d *decision) defaultDocument() verdict {
	t := &d.out.Target
	if flags := d.value("DirBrowseFlags"); !flags.Has("EnableDefaultDoc") {
		d.noDefault = because(flags)
		return verdict{detail: "default documents are off", because: d.noDefault}
	}
	v := d.value("DefaultDoc")
	// Set nowhere, it says nothing of what IIS looks for then (no document tells).
	unset := !v.IsSet()
	names := strings.FieldsFunc(v.Text(), func(r rune) bool { return r == ',' })
	for _, name := range names {
		name = strings.TrimSpace(name)
		if e, known := d.snapshot.Content.Stat(t.Physical.Join(name), t.RootPath); known == snapshot.Yes && !e.Dir {
			d.enter(e.Path.Base())
			return verdict{detail: name + " is the default document", because: because(v), assumed: unset}
		}
	}
	if _, known := d.snapshot.Content.Stat(t.Physical, t.RootPath); known != snapshot.Unknown {
		if unset {
			return verdict{assumed: true, detail: "DefaultDoc is set nowhere; the folder is assumed to hold no default document"}
		}
		d.noDefault = because(v)
		return verdict{detail: "the folder holds none of the default documents", because: d.noDefault}
	}
	name := "Default.htm"
	if len(names) > 0 {
		name = strings.TrimSpace(names[0])
	}
	d.enter(name)
	return verdict{assumed: true, detail: "the folder was not collected; " + name + " is assumed to be its default document", because: because(v)}
}

// enter goes on with a file of the folder as if it had been asked for.
func (d *decision) enter(name string) {
	t := &d.out.Target
	d.folder, d.out.DefaultDoc = false, true
	t.URL += name
	t.Key = t.Key.Join(name)
	t.Physical = t.Physical.Join(name)
}

// checkListing answers a folder without a default document: its listing where
// browsing is on, else 403.14 (KB318380). What lets no default document be found comes
// first among its reasons: to mend it is safer than to show the folder.
func checkListing(d *decision) verdict {
	if !d.folder || d.entry != nil {
		return verdict{}
	}
	if _, known := d.snapshot.Content.Stat(d.out.Target.Physical, d.out.Target.RootPath); known == snapshot.No {
		return verdict{status: "404", detail: "the folder does not exist"}
	}
	v := d.value("DirBrowseFlags")
	if v.Has("EnableDirBrowsing") {
		return verdict{status: "200", answer: true, detail: "directory browsing is on", because: because(v)}
	}
	why := d.noDefault
	if why == nil {
		why = because(v)
	}
	return verdict{status: "403.14", detail: "no default document, and directory browsing is off", because: why}
}

// checkFile: a static file, or one whose map says "verify that file exists", is
// 404 where it is not there (cc758476). A file that may merely not have been
// collected is assumed to exist.
func checkFile(d *decision) verdict {
	if d.folder || d.entry != nil && d.entry.Flags&4 == 0 {
		return verdict{}
	}
	t := d.out.Target
	_, d.known = d.snapshot.Content.Stat(t.Physical, t.RootPath)
	switch d.known {
	case snapshot.Yes:
		return verdict{detail: string(t.Physical) + " exists"}
	case snapshot.No:
		return d.missing()
	}
	d.out.FileAssumed = true
	return verdict{assumed: true, detail: string(t.Physical) + " was not collected; it is assumed to exist"}
}

// missing is a file that does not exist. Where already the first folder of the URL below
// its virtual directory does not, what is missing is a virtual directory or a folder of
// that name: the key that would hold it is the place.
func (d *decision) missing() verdict {
	t := d.out.Target
	v := verdict{status: "404", detail: string(t.Physical) + " does not exist"}
	name, _, deeper := strings.Cut(t.Root.Below(t.Key), "/")
	if !deeper {
		return v
	}
	if _, known := d.snapshot.Content.Stat(t.RootPath.Join(name), t.RootPath); known == snapshot.No {
		root, _ := d.tree.Key(t.Root)
		v.detail += ": there is neither a virtual directory nor a folder " + name
		v.because = &Because{Span: root.Span(), Key: t.Root}
	}
	return v
}

// checkMIME: a static file whose extension has no type is 404.3 (S1, "Requests
// for static files return 404 error").
func checkMIME(d *decision) verdict {
	if d.out.Handler != Static {
		return verdict{}
	}
	key, ext := d.out.Target.Key, d.out.Target.Physical.Ext()
	mime, item, ok := d.MIMEType(key, ext)
	list := MIMEList(d.tree, key)
	switch {
	case ok:
		d.out.ContentType = mime
		return verdict{detail: "sent as " + mime, because: becauseEntry(listOf(d.tree, key, item, list), item)}
	case !list.IsSet():
		d.out.ContentType = "application/octet-stream"
		return verdict{assumed: true, detail: "the metabase holds no MimeMap; the type is assumed to be known"}
	case d.lostEngine(ext):
		return verdict{status: "404.3", detail: "no script map takes " + ext + ", and no MIME type lets it be sent", because: becauseList(d.maps.value)}
	case ext == "":
		return verdict{status: "404.3", detail: "a file without extension needs a type for * (or, from Service Pack 1 on, for .)", because: becauseList(list)}
	}
	return verdict{status: "404.3", detail: "no MIME type for " + ext, because: becauseList(list)}
}

// lostEngine reports whether the file is a page whose script map is missing: one that a
// list above has, or one of ASP.NET. A type would send its source.
func (d *decision) lostEngine(ext string) bool {
	return ext != "" && (IsASPNET(ext) || d.MappedAbove(d.maps.value, ext) != nil)
}

// listOf finds which of the merged lists an entry stands in.
func listOf(t *metabase.Tree, key metabase.Path, item metabase.Item, nearest metabase.Value) metabase.Value {
	for _, list := range t.Lists(key, "MimeMap") {
		span := list.Span()
		if span.Text == item.Span.Text && span.Start <= item.Span.Start && item.Span.End <= span.End {
			return list
		}
	}
	return nearest
}
