package checks

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// site is a web site and its top directory.
type site struct {
	key    metabase.Key
	root   metabase.Key // no key where it has none
	starts bool         // by itself
}

// siteList is the sites of the server.
type siteList struct {
	all    []site           // in file order
	byPath map[string]*site // by the folded path
}

func (g *ground) findSites() siteList {
	keys := g.tree.Sites()
	list := siteList{make([]site, len(keys)), make(map[string]*site, len(keys))}
	for i, key := range keys {
		root, _ := g.tree.Key(key.Path().Join("ROOT"))
		list.all[i] = site{key, root, startsItself(key)}
		list.byPath[key.Path().Fold()] = &list.all[i]
	}
	return list
}

// startsItself is ServerAutoStart, which is TRUE where it is absent (schema).
func startsItself(site metabase.Key) bool {
	v, ok := site.Own("ServerAutoStart")
	if !ok {
		return true
	}
	on, understood := v.Bool()
	return on || !understood
}

// siteFinder finds the sites of many keys. A file stands in the order of the tree, so
// the site that was found last is tried first.
type siteFinder struct {
	sites map[string]*site
	root  string // the path of its top directory, as the last key spells it
	last  *site  // nil where there is no such site
}

func (g *ground) siteFinder() *siteFinder { return &siteFinder{sites: g.sites().byPath} }

// find gives the site of a key in or below a top directory and the path below that; nil
// for other keys.
func (f *siteFinder) find(key metabase.Path) (at *site, rel string) {
	path := string(key)
	if n := len(f.root); n > 0 && len(path) > n && path[n] == '/' && path[:n] == f.root {
		return f.last, path[n+1:]
	}
	of, rel, ok := splitSite(key)
	if !ok {
		return nil, ""
	}
	f.root = strings.TrimSuffix(path[:len(path)-len(rel)], "/")
	f.last = f.sites[of.Fold()]
	return f.last, rel
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
