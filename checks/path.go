package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// pathMissing: a virtual directory without a Path, or with an empty one, unless it only
// sends its visitors elsewhere. A folder that is merely not in the snapshot is unknown,
// not missing.
func pathMissing(p *pass) {
	sites, path := p.siteFinder(), p.tree.Question("Path")
	for key := range p.tree.Keys() {
		v, has := path.Own(key)
		if len(v.Raw()) > 0 {
			continue
		}
		s, rel := sites.find(key.Path())
		if s == nil || !s.starts || rel != "" && !strings.EqualFold(key.Class(), "IIsWebVirtualDir") ||
			p.model.Redirects(key.Effective("HttpRedirect"), s.key.Path().Join("ROOT"), strings.TrimSuffix("/"+rel, "/")+"/") {
			continue
		}
		p.report(noPath(p, key, v, has))
	}
}

func noPath(p *pass, key metabase.Key, v metabase.Value, empty bool) Finding {
	_, rel, _ := splitSite(key.Path())
	f := Finding{
		Message: fmt.Sprintf("The virtual directory /%s has no Path: no folder belongs to it, and requests for it are answered 404", rel),
		Span:    key.Span(), Key: key.Path(), Property: "Path",
		Witness: p.keyWitness(key), Affects: []string{p.addressOf(key)},
		sign: sign{request: answered(nil, "404"), row: p.under(key.Path())},
	}
	if empty {
		f.Span, f.Origin = v.Span(), key.Path()
		f.Message = strings.Replace(f.Message, "has no Path", "has an empty Path", 1)
	}
	folder := p.likelyFolder(key)
	f.Remedies = []Remedy{{
		Title: "Enter the folder",
		Steps: []string{fmt.Sprintf("In IIS Manager: the Properties of the site or virtual directory, Home Directory or Virtual Directory tab, Local path: %s.", folder)},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(key.Path()), Property: "Path", Op: metabase.Set, Value: folder}},
	}}
	if strings.HasPrefix(folder, "<") {
		f.Remedies[0].Steps = append(f.Remedies[0].Steps, "Nothing in the snapshot tells which folder was meant; if the directory is not needed, delete it.")
	}
	return f
}

// likelyFolder is the folder of the virtual directory's name below that of the nearest
// one above it, if it was collected.
func (g *ground) likelyFolder(key metabase.Key) string {
	const nobodyKnows = "<folder>"
	path := key.Path()
	for at := path.Parent(); len(at) > len(service); at = at.Parent() {
		d, ok := g.directory(at)
		if !ok {
			continue
		}
		below := strings.TrimPrefix(string(path)[len(at):], "/")
		folder := d.physical.Join(strings.ReplaceAll(below, "/", `\`))
		if g.snapshot.Content.HasFolder(folder) {
			return string(folder)
		}
		return nobodyKnows
	}
	return nobodyKnows
}

// collected tells whether a file is there: inside a virtual directory its whole folder
// is evidence, elsewhere only the file's own folder.
func (g *ground) collected(path source.WinPath) snapshot.Known {
	folders := g.folders()
	root := path.Dir()
	for at := root; ; at = at.Dir() {
		if folders[at.Fold()] {
			root = at
			break
		}
		if at.Dir() == at {
			break
		}
	}
	_, known := g.snapshot.Content.Stat(path, root)
	return known
}

// findFolders gives the folders of virtual directories that were collected.
func (g *ground) findFolders() map[string]bool {
	folders := map[string]bool{}
	if g.snapshot.Content.Empty() {
		return folders
	}
	for _, d := range g.directories() {
		if g.snapshot.Content.HasFolder(d.physical) {
			folders[d.physical.Fold()] = true
		}
	}
	return folders
}
