package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// errorEntry is an entry of HttpErrors, code,sub,FILE|URL,target, at the key that sets it.
type errorEntry struct {
	key    metabase.Key
	list   metabase.Value
	item   metabase.Item
	status string // "404,*"
	url    bool
	target string
	path   source.WinPath // the file, also of a URL of the site; "" where it is not known
}

// errorPageMissing: HttpErrors names a file, or a URL of the site, that is not there, or
// a URL in another application pool. Visitors then get a line of IIS's own words.
func errorPageMissing(p *pass) {
	entries := p.errorEntries()
	partly := p.partlyCollected(entries)
	for _, e := range entries {
		switch {
		case e.path != "" && !partly[e.path.Dir().Fold()] && p.collected(e.path) == snapshot.No:
			p.report(e.finding(p, fmt.Sprintf("The page for status %s, %s, does not exist: visitors get a bare line of IIS's own instead", e.words(), e.target)))
		case e.url && p.otherPool(e):
			p.report(e.finding(p, fmt.Sprintf("The page for status %s, %s, runs in another application pool than the requests that fail: IIS answers 403.18 instead", e.words(), e.target)))
		}
	}
}

// errorEntries gives the entries of the service and of everything below its sites.
func (p *pass) errorEntries() (all []errorEntry) {
	for key := range p.tree.Setters("HttpErrors") {
		if _, _, below := splitSite(key.Path()); !below && !key.Path().Equal(service) && !key.Path().Parent().Equal(service) {
			continue
		}
		v, _ := key.Own("HttpErrors")
		for _, item := range v.Items() {
			if e, ok := p.errorEntry(key, v, item); ok {
				all = append(all, e)
			}
		}
	}
	return all
}

func (p *pass) errorEntry(key metabase.Key, v metabase.Value, item metabase.Item) (errorEntry, bool) {
	f := item.Fields()
	if len(f) < 4 {
		return errorEntry{}, false
	}
	e := errorEntry{key: key, list: v, item: item, status: strings.TrimSpace(f[0]) + "," + strings.TrimSpace(f[1]), target: strings.TrimSpace(strings.Join(f[3:], ","))}
	switch strings.ToUpper(strings.TrimSpace(f[2])) {
	case "FILE":
		e.path = source.WinPath(iis.ExpandPath(e.target)).Clean()
		return e, e.path.IsAbs()
	case "URL":
		e.url = true
		e.path = p.fileOfURL(key, e.target)
		return e, true
	}
	return e, false
}

// fileOfURL is the file of a URL such as /errors/404.htm on the site that the key
// belongs to.
func (p *pass) fileOfURL(key metabase.Key, url string) source.WinPath {
	d, ok := p.errorDir(key, url)
	if path, _, _ := strings.Cut(url, "?"); ok && len(path) >= len(d.url) {
		return d.physical.Join(strings.ReplaceAll(path[len(d.url):], "/", `\`))
	}
	return ""
}

// errorDir is the virtual directory of such a URL.
func (p *pass) errorDir(key metabase.Key, url string) (directory, bool) {
	site := key.Path()
	if at, _, below := splitSite(site); below {
		site = at
	}
	path, _, _ := strings.Cut(url, "?")
	if site.Equal(service) || !strings.HasPrefix(path, "/") {
		return directory{}, false
	}
	return p.dirOf(site.Name(), path)
}

// otherPool reports whether the page of a URL entry runs in another pool than the key
// (KB943891, 403.18). In IIS 5.0 isolation mode there are no pools.
func (p *pass) otherPool(e errorEntry) bool {
	d, ok := p.errorDir(e.key, e.target)
	if _, old := p.isolationMode(); !ok || old {
		return false
	}
	page, _, _ := strings.Cut(e.target, "?")
	mine, its := e.key.Effective("AppPoolId"), p.tree.Effective(d.site.Path().Join("ROOT").Join(page), "AppPoolId")
	if _, _, below := splitSite(e.key.Path()); !below {
		mine = p.tree.Effective(e.key.Path().Join("ROOT"), "AppPoolId")
	}
	return mine.IsSet() && its.IsSet() && !strings.EqualFold(mine.Text(), its.Text())
}

// leastMissing is how many pages must be missing in one folder to take it for one of
// which only a part was collected.
const leastMissing = 3

// partlyCollected are the folders outside the sites in which more pages are missing
// than there: somebody copied a page or two of them.
func (p *pass) partlyCollected(entries []errorEntry) map[string]bool {
	missing, there := map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, e := range entries {
		if e.path == "" {
			continue
		}
		count := there
		switch p.collected(e.path) {
		case snapshot.Unknown:
			continue
		case snapshot.No:
			count = missing
		}
		dir := e.path.Dir().Fold()
		if count[dir] == nil {
			count[dir] = map[string]bool{}
		}
		count[dir][e.path.Fold()] = true
	}
	partly := map[string]bool{}
	for dir, names := range missing {
		partly[dir] = len(names) >= leastMissing && len(names) > len(there[dir])
	}
	return partly
}

// words writes "404" for 404,* and "404.2" for 404,2.
func (e errorEntry) words() string {
	code, sub, _ := strings.Cut(e.status, ",")
	if sub == "*" || sub == "0" {
		return code
	}
	return code + "." + sub
}

func (e errorEntry) finding(p *pass, message string) Finding {
	return Finding{
		Message: message, Span: e.item.Span, Key: e.key.Path(), Property: e.list.Property, Value: e.item.Text, Origin: e.key.Path(),
		Affects:  []string{e.words()},
		Remedies: []Remedy{e.useOther(p), e.restore()},
	}
}

// useOther goes back to the page that the service has for the status, or takes the
// entry out, and IIS uses its own words.
func (e errorEntry) useOther(p *pass) Remedy {
	edit := snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(e.key.Path()), Property: e.list.Property}
	if other, ok := p.servicePage(e); ok {
		edit.Op, edit.Value = metabase.Replace, other
		return Remedy{
			Title: "Go back to the page of the service",
			Steps: []string{fmt.Sprintf("In IIS Manager: Properties of %s, Custom Errors tab: select %s, Set to Default.", e.key.Path(), strings.ReplaceAll(e.status, ",", ";"))},
			Edits: []snapshot.Edit{edit},
		}
	}
	edit.Op, edit.Value = metabase.Remove, e.item.Text
	return Remedy{
		Title: "Take the entry out",
		Steps: []string{fmt.Sprintf("In IIS Manager: Properties of %s, Custom Errors tab: select %s, Set to Default.", e.key.Path(), strings.ReplaceAll(e.status, ",", ";"))},
		Edits: []snapshot.Edit{edit},
	}
}

// servicePage is the service's entry for the same status, unless it is this one or
// missing itself.
func (p *pass) servicePage(e errorEntry) (string, bool) {
	v := p.tree.Effective(service, "HttpErrors")
	if e.key.Path().Equal(service) || v.Span() == e.list.Span() {
		return "", false
	}
	key, _ := p.tree.Key(service)
	for _, item := range v.Items() {
		other, ok := p.errorEntry(key, v, item)
		if ok && other.status == e.status && !other.url && p.collected(other.path) != snapshot.No {
			return item.Text, true
		}
	}
	return "", false
}

func (e errorEntry) restore() Remedy {
	return Remedy{Title: "Put the page there", Steps: []string{
		fmt.Sprintf("Copy the page to %s, and let the anonymous account read it.", e.path),
		"A page of another application needs an entry of type URL, and the same application pool.",
	}}
}
