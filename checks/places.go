package checks

import (
	"net/url"
	"slices"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

const service = metabase.Path("/LM/W3SVC")

// directory is a virtual directory of a site: a key with a Path.
type directory struct {
	site     metabase.Key
	key      metabase.Key
	physical source.WinPath
	url      string // "/" or "/shop/"
	stopped  bool   // the site does not start by itself
}

// findDirectories gives the virtual directories of all sites in file order.
func (g *ground) findDirectories() []directory {
	count := 0
	for range g.tree.Setters("Path") {
		count++
	}
	sites, all := g.siteFinder(), make([]directory, 0, count)
	for key := range g.tree.Setters("Path") {
		if d, ok := directoryAt(sites, key); ok {
			all = append(all, d)
		}
	}
	return all
}

// directoryAt is the virtual directory that a key is.
func directoryAt(sites *siteFinder, key metabase.Key) (d directory, ok bool) {
	s, rel := sites.find(key.Path())
	if s == nil {
		return directory{}, false
	}
	v, _ := key.Own("Path")
	folder := v.Text()
	if folder == "" {
		return directory{}, false
	}
	url := "/"
	if rel != "" {
		url = "/" + rel + "/"
	}
	return directory{s.key, key, source.WinPath(folder).Clean(), url, !s.starts}, true
}

// directory is the virtual directory of a path, if there is one just there.
func (g *ground) directory(at metabase.Path) (directory, bool) {
	key, ok := g.tree.Key(at)
	if !ok {
		return directory{}, false
	}
	return directoryAt(g.siteFinder(), key)
}

// findServed gives the directories of the sites that start by themselves: what is wrong in
// one that somebody has stopped troubles no visitor, and its remedy would be for nothing.
func (g *ground) findServed() []directory {
	all := g.directories()
	stopped := func(d directory) bool { return d.stopped }
	if !slices.ContainsFunc(all, stopped) {
		return all // which may be very many
	}
	return slices.DeleteFunc(slices.Clone(all), stopped)
}

// witness is a GET of a path of the directory's site, as a client gets there. Where
// no request does, it says why.
func (g *ground) witness(dir directory, path string) *Witness {
	u, address, why := g.model.Reach(dir.site.Path(), dir.key.Path(), escape(path))
	return &Witness{Method: "GET", URL: u, address: address, unreachable: why}
}

// dirOf is the virtual directory that a path of a site lies in, for a row of a log.
// A log that names no site can only be that of a server's only site.
func (g *ground) dirOf(siteID, path string) (directory, bool) {
	if siteID == "" && len(g.tree.Sites()) == 1 {
		siteID = g.tree.Sites()[0].Path().Name()
	}
	root := service.Join(siteID).Join("ROOT")
	for at := root.Join(path); siteID != "" && root.Contains(at); at = at.Parent() {
		if d, ok := g.directory(at); ok {
			return d, true
		}
	}
	return directory{}, false
}

// address is the directory as a client writes it, or its key path where no
// binding leads to it.
func (d directory) address(p *pass) string {
	if w := p.witness(d, d.url); w.unreachable == "" {
		return w.URL
	}
	return string(d.key.Path())
}

// escape writes a decoded path as a URL holds it.
func escape(path string) string { return (&url.URL{Path: path}).EscapedPath() }
