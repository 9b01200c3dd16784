package checks

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// keyWitness asks for a key below a site's ROOT.
func (g *ground) keyWitness(key metabase.Key) *Witness {
	at, rel, _ := splitSite(key.Path())
	site, _ := g.tree.Key(at)
	url := "/" + rel
	if rel != "" && !strings.EqualFold(key.Class(), "IIsWebFile") {
		url += "/"
	}
	return g.witness(directory{site: site, key: key, url: url}, url)
}

// addressOf is a key as a client writes it, or its path where no binding leads to it.
func (g *ground) addressOf(key metabase.Key) string {
	if w := g.keyWitness(key); w.unreachable == "" {
		return w.URL
	}
	return string(key.Path())
}

// mapFinding stands at an entry of a ScriptMaps list.
func (p *pass) mapFinding(use *setting, item metabase.Item) Finding {
	v := use.value
	f := Finding{Span: item.Span, Key: use.keys[0].Path(), Property: v.Property, Value: item.Text, Origin: v.Key}
	if p.use != use {
		p.use, p.addresses = use, nil
		for _, key := range use.keys {
			p.addresses = append(p.addresses, p.addressOf(key))
		}
	}
	f.Affects = slices.Clip(p.addresses)
	return f
}

// listInForce is a sign that wants paths for which just this list counts.
func (p *pass) listInForce(v metabase.Value) func(weblog.Request, string) bool {
	return func(r weblog.Request, path string) bool {
		d, ok := p.dirOf(r.Site, path)
		return ok && p.tree.Effective(d.site.Path().Join("ROOT").Join(path), v.Property).Span() == v.Span()
	}
}

// engineOf names what runs a script map's files.
func engineOf(processor string) string { return programOf(iis.ExpandPath(processor)).Base() }
