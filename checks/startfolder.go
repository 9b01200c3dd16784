package checks

import (
	"io"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// startFolders are the folders for which a visitor may ask: the virtual directories,
// folders of the content that hold a page to begin with, and those that logs show to be
// refused. The key of a folder is the nearest that there is.
func (p *pass) startFolders(refused map[string]bool) []directory {
	all := slices.Clone(p.served())
	seen := map[string]bool{}
	for _, d := range all {
		seen[d.fold()] = true
	}
	add := func(d directory, url string) {
		d.physical = d.physical.Join(strings.ReplaceAll(url[len(d.url):], "/", `\`)).Clean()
		d.url = url
		d.key, _ = p.tree.Nearest(d.site.Path().Join("ROOT").Join(url))
		if !seen[d.fold()] && startsItself(d.site) {
			seen[d.fold()] = true
			all = append(all, d)
		}
	}
	for _, f := range p.contentFiles() {
		if i := strings.LastIndexByte(f.url, '/') + 1; i > len(f.dir.url) && containsFold(startPages[:], f.url[i:]) && f.meant() && !p.isGuard(f.path) {
			add(f.dir, f.url[:i])
		}
	}
	for _, g := range p.requests() {
		for _, u := range g.URLs[:min(len(g.URLs), maxLoggedURLs)] {
			if d, ok := p.dirOf(g.Key.Site, u.Path); ok && len(u.Path) > len(d.url) && refused[foldURL(d, u.Path)] {
				add(d, u.Path)
			}
		}
	}
	return all
}

// fold names a directory by its site and URL.
func (d directory) fold() string { return foldURL(d, d.url) }

func foldURL(d directory, url string) string {
	return d.site.Path().Fold() + " " + strings.ToLower(url)
}

// ownKey reports whether the key is the folder's own, and not one above it.
func (d directory) ownKey() bool {
	return d.key.Path().Equal(d.site.Path().Join("ROOT").Join(strings.Trim(d.url, "/")))
}

// guardSize bounds the pages, in bytes, that are looked at for being guards.
const guardSize = 512

// isGuard reports whether a page shows nothing: applications put such pages into folders
// to hide the list of their files.
func (p *pass) isGuard(path source.WinPath) bool {
	e, _ := p.snapshot.Content.Stat(path, path.Dir())
	if e.Size > guardSize {
		return false
	}
	file, err := p.snapshot.Content.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, guardSize))
	if err != nil {
		return false
	}
	if !strings.Contains(string(text), "<") {
		return strings.TrimSpace(string(text)) == ""
	}
	low := strings.ToLower(string(text))
	if strings.Contains(low, "href") || strings.Contains(low, "src=") || strings.Contains(low, "url=") || strings.Contains(low, "include") || strings.Contains(low, "<%") {
		return false
	}
	var shown strings.Builder
	for part := range strings.SplitSeq(low, "<") {
		if i := strings.IndexByte(part, '>'); i >= 0 {
			shown.WriteString(part[i+1:])
		}
	}
	return strings.TrimSpace(shown.String()) == ""
}

// refusedFolders are the folders, by site and URL, that logs show to be answered 403.14
// themselves.
func (p *pass) refusedFolders() map[string]bool {
	refused := map[string]bool{}
	for _, g := range p.requests() {
		if statusOf(g.Key) != "403.14" {
			continue
		}
		for _, u := range g.URLs[:min(len(g.URLs), maxLoggedURLs)] {
			if d, ok := p.dirOf(g.Key.Site, u.Path); ok && strings.HasSuffix(u.Path, "/") {
				refused[foldURL(d, u.Path)] = true
			}
		}
	}
	return refused
}

// needOfStart is how bad it is; "" where nothing speaks of a fault. Folders deep in the
// content, and those that hold nothing to begin with, need no address of their own.
func (p *pass) needOfStart(d directory, page string, refused bool) Severity {
	_, own := d.key.Own("Path")
	vdir := own && d.ownKey()
	switch {
	case refused && (vdir || page != ""), page != "" && d.url == "/":
		return Error
	case page != "" && (d.ownKey() || strings.Count(d.url, "/") == 2):
		return Warning
	case page != "", refused, d.url == "/":
		return Info
	}
	return ""
}

// starts is a sign that wants requests for one of the folders themselves.
func (p *pass) starts(folders []directory) pathRows {
	wanted := make([]any, len(folders))
	for i, d := range folders {
		wanted[i] = d.fold()
	}
	return p.sortedBy("folder", func(r weblog.Request, path string) []any {
		if d, ok := p.dirOf(r.Site, path); ok {
			return []any{foldURL(d, path)}
		}
		return nil
	}, wanted...)
}
