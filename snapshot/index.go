package snapshot

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// item is one file or folder of the content.
type item struct {
	fold  string         // key(path): what look-ups compare
	path  source.WinPath // with the case of the disk
	name  string         // inside the snapshot, with slashes
	size  int64
	layer int
	dir   bool
	from  fs.FS  // nil for a generated file
	at    string // its name in from
}

// key is a path as the index compares it: folded, a root without its backslash.
func key(p source.WinPath) string { return strings.TrimSuffix(p.Fold(), `\`) }

// index gathers the items of all layers. It holds a few hundred bytes a file,
// never their bytes.
type index struct {
	items []item
	roots []string // content/C, content/UNC/server/share
	// clashes of folders of an earlier content, whose items are merged already
	clashes []Clash
}

func (x *index) add(it item) {
	it.fold = key(it.path)
	x.items = append(x.items, it)
}

func (x *index) addRoot(name string) {
	if !slices.ContainsFunc(x.roots, func(r string) bool { return strings.EqualFold(r, name) }) {
		x.roots = append(x.roots, name)
	}
}

// remove takes a path, and what lies below it, out of the layers so far.
func (x *index) remove(p source.WinPath) {
	k := key(p)
	x.items = slices.DeleteFunc(x.items, func(it item) bool { return below(it.fold, k) })
}

func below(fold, dir string) bool {
	return strings.HasPrefix(fold, dir) && (len(fold) == len(dir) || fold[len(dir)] == '\\')
}

// content sorts the items and keeps of each path what the highest layer has. In
// one layer names may differ only by case, as they can on a share of a system
// that tells them apart.
func (x *index) content() *Content {
	items := slices.Clone(x.items)
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(strings.Compare(a.fold, b.fold), cmp.Compare(b.layer, a.layer), strings.Compare(string(a.path), string(b.path)))
	})
	kept := items[:0]
	clashes := clashList{list: slices.Clone(x.clashes)}
	for _, it := range items {
		if n := len(kept); n > 0 && kept[n-1].fold == it.fold {
			top := kept[n-1]
			if it.layer == top.layer {
				clashes.add(top, it)
			}
			if it.layer < top.layer || it.dir || top.dir || it.path == top.path {
				continue
			}
		}
		kept = append(kept, it)
	}
	return &Content{items: slices.Clip(kept), clashes: clashes.list}
}

// clashList gathers clashes. It knows the names of the last one, which can be many.
type clashList struct {
	list  []Clash
	fold  string // of the last clash, "" before the first
	names map[string]bool
}

// add notes two paths that are equal without case. Where only the folders above
// them differ by case, the clash is theirs; drives and shares are never told apart.
func (c *clashList) add(a, b item) {
	name, other := a.path.Base(), b.path.Base()
	if name == other || a.path == a.path.Dir() {
		return
	}
	if c.fold != a.fold {
		c.fold, c.names = a.fold, map[string]bool{}
		if n := len(c.list); n == 0 || key(c.list[n-1].Entries[0].Path) != a.fold {
			c.list = append(c.list, Clash{Dir: a.path.Dir(), Entries: []Entry{a.entry()}})
		}
		for _, e := range c.list[len(c.list)-1].Entries {
			c.names[e.Path.Base()] = true
		}
	}
	if last := &c.list[len(c.list)-1]; !c.names[other] {
		c.names[other] = true
		last.Entries = append(last.Entries, b.entry())
	}
}

// folderClashes leaves out the clashes of files, which are found again.
func folderClashes(list []Clash) []Clash {
	return slices.DeleteFunc(slices.Clone(list), func(c Clash) bool { return !c.Entries[0].Dir })
}
