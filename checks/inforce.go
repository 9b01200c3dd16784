package checks

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
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

// engineOf names what runs a script map's files.
func engineOf(processor string) string { return programOf(iis.ExpandPath(processor)).Base() }
