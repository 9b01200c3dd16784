package checks

import (
	"net/url"
	"strings"

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
}

// findDirectories gives the virtual directories of all sites in file order.
func (g *ground) findDirectories() []directory {
	sites := g.sites().byPath
	var all []directory
	for key := range g.tree.Setters("Path") {
		sitePath, rel, ok := splitSite(key.Path())
		if !ok {
			continue
		}
		site, ok := sites[sitePath.Fold()]
		if !ok {
			continue
		}
		v, ok := key.Own("Path")
		if !ok || v.Text() == "" {
			continue
		}
		all = append(all, directory{site, key, source.WinPath(v.Text()).Clean(), "/" + strings.TrimPrefix(rel+"/", "/")})
	}
	return all
}

// findServed gives the directories of the sites that start by themselves: what is wrong in
// one that somebody has stopped troubles no visitor, and its remedy would be for nothing.
func (g *ground) findServed() (all []directory) {
	for _, d := range g.directories() {
		if startsItself(d.site) {
			all = append(all, d)
		}
	}
	return all
}

// splitSite takes /LM/W3SVC/1/ROOT/shop apart into /LM/W3SVC/1 and "shop"; ok is
// false for keys that are not below a site's ROOT.
func splitSite(p metabase.Path) (site metabase.Path, rel string, ok bool) {
	rest, ok := cutFold(string(p), string(service)+"/")
	if !ok {
		return "", "", false
	}
	id, rest, _ := strings.Cut(rest, "/")
	root, rel, _ := strings.Cut(rest, "/")
	if !strings.EqualFold(root, "ROOT") {
		return "", "", false
	}
	return service.Join(id), rel, true
}

func cutFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
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
	byKey := g.byKey()
	if siteID == "" && len(g.tree.Sites()) == 1 {
		siteID = g.tree.Sites()[0].Path().Name()
	}
	root := service.Join(siteID).Join("ROOT")
	for at := root.Join(path); siteID != "" && root.Contains(at); at = at.Parent() {
		if d, ok := byKey[at.Fold()]; ok {
			return d, true
		}
	}
	return directory{}, false
}

func (g *ground) keyedDirectories() map[string]directory {
	byKey := map[string]directory{}
	for _, d := range g.directories() {
		byKey[d.key.Path().Fold()] = d
	}
	return byKey
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
