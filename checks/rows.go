package checks

import (
	"strings"
	"sync"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// pathRows tells which rows of a W3C log speak of a finding: each is asked, or those are
// wanted that a sorting put to one of several places. The zero value wants none.
type pathRows struct {
	ask    func(r weblog.Request, path string) bool
	by     *sorting
	wanted map[any]bool
}

func eachRow(ask func(r weblog.Request, path string) bool) pathRows { return pathRows{ask: ask} }

// has reports whether a row is one of them.
func (x pathRows) has(r weblog.Request, path string) bool {
	if x.by == nil {
		return x.ask(r, path)
	}
	for _, place := range x.by.places(r, path) {
		if x.wanted[place] {
			return true
		}
	}
	return false
}

// in counts the rows of a group.
func (x pathRows) in(g *weblog.Group[weblog.Request]) (count int64) {
	if x.by == nil {
		for _, u := range g.URLs {
			if x.ask(g.Key, u.Path) {
				count += int64(u.Count)
			}
		}
		return count
	}
	sorted := x.by.sorted(g)
	if len(sorted) < len(x.wanted) {
		for place, n := range sorted {
			if x.wanted[place] {
				count += n
			}
		}
		return count
	}
	for place := range x.wanted {
		count += sorted[place]
	}
	return count
}

// sorting puts rows to places, such as the directories that they lie in. The rows of a
// group are sorted once for all findings that want some of them.
type sorting struct {
	places func(r weblog.Request, path string) []any

	mu     sync.Mutex
	groups map[*weblog.Group[weblog.Request]]map[any]int64
}

func (s *sorting) sorted(g *weblog.Group[weblog.Request]) map[any]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts, known := s.groups[g]
	if known {
		return counts
	}
	counts = map[any]int64{}
	for _, u := range g.URLs {
		for _, place := range s.places(g.Key, u.Path) {
			counts[place] += int64(u.Count)
		}
	}
	if s.groups == nil {
		s.groups = map[*weblog.Group[weblog.Request]]map[any]int64{}
	}
	s.groups[g] = counts
	return counts
}

// sortings are those of a run, by name.
type sortings struct {
	mu  sync.Mutex
	all map[string]*sorting
}

// sortedBy wants the rows of one place of a sorting. One name always has the same places.
func (g *ground) sortedBy(name string, places func(weblog.Request, string) []any, wanted ...any) pathRows {
	g.sortings.mu.Lock()
	defer g.sortings.mu.Unlock()
	by := g.sortings.all[name]
	if by == nil {
		by = &sorting{places: places}
		if g.sortings.all == nil {
			g.sortings.all = map[string]*sorting{}
		}
		g.sortings.all[name] = by
	}
	x := pathRows{by: by, wanted: make(map[any]bool, len(wanted))}
	for _, w := range wanted {
		x.wanted[w] = true
	}
	return x
}

// within is a sign that wants a path of one virtual directory.
func (g *ground) within(dir directory) pathRows {
	return g.sortedBy("directory", func(r weblog.Request, path string) []any {
		if at, ok := g.dirOf(r.Site, path); ok {
			return []any{at.key.Path().Fold()}
		}
		return nil
	}, dir.key.Path().Fold())
}

// pages is a sign that wants one of the pages of the sites that serve them.
func (g *ground) pages(files []file) pathRows {
	keys := make([]any, len(files))
	for i, f := range files {
		keys[i] = f.key.Fold()
	}
	return g.sortedBy("page", func(r weblog.Request, path string) []any {
		if at, ok := g.dirOf(r.Site, path); ok {
			return []any{at.site.Path().Join("ROOT").Join(path).Fold()}
		}
		return nil
	}, keys...)
}

// under is a sign that wants a path below a key.
func (g *ground) under(key metabase.Path) pathRows {
	return g.sortedBy("below", func(r weblog.Request, path string) (all []any) {
		root := service.Join(r.Site).Join("ROOT")
		for at := root.Join(path); r.Site != "" && root.Contains(at); at = at.Parent() {
			all = append(all, at.Fold())
		}
		return all
	}, key.Fold())
}

// whereInForce is a sign that wants paths for which just this value of a property
// counts.
func (g *ground) whereInForce(v metabase.Value) pathRows {
	return g.sortedBy("value "+strings.ToLower(v.Property), func(r weblog.Request, path string) []any {
		if d, ok := g.dirOf(r.Site, path); ok {
			return []any{g.tree.Effective(d.site.Path().Join("ROOT").Join(path), v.Property).Span()}
		}
		return nil
	}, v.Span())
}
