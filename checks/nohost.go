package checks

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// noSiteForHost: pages link to their own files under a host name that no site is bound
// to, and no site takes any name: HTTP.sys answers 400 (Gerhards: there is no default
// site). Without such a page, what the HTTP error log shows of it.
func noSiteForHost(p *pass) {
	doors := p.doors()
	named := map[int]bool{} // ports for which a host is named
	for _, l := range p.selfLinks(doors) {
		named[l.door.port] = true
		p.report(l.finding(p))
	}
	for _, g := range p.kernelErrors() {
		d, closed := doors.at(g.Key.Port)
		if g.Key.Reason == "Hostname" && closed && !named[g.Key.Port] {
			named[g.Key.Port] = true
			p.report(strangeNames(p, d))
		}
	}
}

// door is one port with the host names that sites have there.
type door struct {
	secure bool
	port   int
	any    bool // a site takes any name, at least at one address
	hosts  map[string]bool
	first  metabase.Path // the first site there
}

// doors are the ports of the started sites.
type doors map[doorAt]*door

type doorAt struct {
	secure bool
	port   int
}

func (p *pass) doors() doors {
	all := doors{}
	for _, b := range p.model.Bindings() {
		if !b.Started {
			continue
		}
		at := doorAt{b.Secure, b.Port}
		d := all[at]
		if d == nil {
			d = &door{secure: b.Secure, port: b.Port, hosts: map[string]bool{}, first: b.Site}
			all[at] = d
		}
		d.any = d.any || b.Host == ""
		d.hosts[b.Host] = true
	}
	return all
}

// at gives the plain port; closed is false where a site takes any name.
func (all doors) at(port int) (d *door, closed bool) {
	d = all[doorAt{false, port}]
	return d, d != nil && !d.any
}

// selfLink is a host name under which pages of a site link to files of that site.
type selfLink struct {
	door *door
	dir  directory // of the first page
	page string    // its URL
	host string
	urls []string // the files, each once
}

// leastLinks is how many different files must be linked to under one host name: a
// single name may by chance be that of a file of another server.
const leastLinks = 2

// selfLinks reads the pages of the content. Where every port has a site that takes any
// name there is nothing to look for.
func (p *pass) selfLinks(all doors) []*selfLink {
	closed := false
	for _, d := range all {
		closed = closed || !d.any
	}
	if !closed {
		return nil
	}
	here := map[string]bool{} // site and URL of every file
	for _, f := range p.contentFiles() {
		here[f.dir.site.Path().Fold()+strings.ToLower(f.url)] = true
	}
	var found []*selfLink
	for _, f := range p.contentFiles() {
		if linking[f.ext] {
			found = p.readLinks(f, all, here, found)
		}
	}
	n := 0
	for _, l := range found {
		if len(l.urls) >= leastLinks {
			found[n], n = l, n+1
		}
	}
	return found[:n]
}

// linking are pages whose links are looked at.
var linking = map[string]bool{".htm": true, ".html": true, ".asp": true, ".aspx": true, ".stm": true, ".shtm": true, ".shtml": true, ".php": true}

// maxLinkPage bounds in bytes what is read of a page, maxHosts the hosts that are kept.
const (
	maxLinkPage = 256 << 10
	maxHosts    = 1000
)

func (p *pass) readLinks(f file, all doors, here map[string]bool, found []*selfLink) []*selfLink {
	page, err := p.snapshot.Content.Open(f.path)
	if err != nil {
		return found
	}
	defer page.Close()
	text, err := io.ReadAll(io.LimitReader(page, maxLinkPage))
	if err != nil {
		return found
	}
	for _, link := range absoluteLinks(string(text)) {
		d := all[doorAt{link.secure, link.port}]
		at := f.dir.site.Path().Fold() + strings.ToLower(link.path)
		if d == nil || d.any || d.hosts[link.host] || !here[at] || commonName(link.path) {
			continue
		}
		found = note(found, selfLink{door: d, dir: f.dir, page: f.url, host: link.host}, link.path)
	}
	return found
}

func note(found []*selfLink, l selfLink, path string) []*selfLink {
	for _, x := range found {
		if x.door == l.door && x.host == l.host && x.dir.site.Path().Equal(l.dir.site.Path()) {
			if !containsFold(x.urls, path) && len(x.urls) < maxLoggedURLs {
				x.urls = append(x.urls, path)
			}
			return found
		}
	}
	if len(found) >= maxHosts {
		return found
	}
	l.urls = []string{path}
	return append(found, &l)
}

// commonName reports whether every other site has a file of that name in its root.
func commonName(path string) bool {
	name := strings.ToLower(path)
	return strings.HasSuffix(name, "/") || strings.HasPrefix(name, "/default.") || strings.HasPrefix(name, "/index.")
}

// webLink is an absolute link of a page.
type webLink struct {
	secure bool
	port   int
	host   string // lower case
	path   string
}

// absoluteLinks finds http:// and https:// addresses in a page's text.
func absoluteLinks(text string) (links []webLink) {
	lower := source.Lower(text)
	for from := 0; ; {
		i := strings.Index(lower[from:], "http")
		if i < 0 {
			return links
		}
		from += i + len("http")
		rest := text[from:]
		secure := len(rest) > 0 && rest[0]|0x20 == 's'
		if secure {
			rest = rest[1:]
		}
		if rest, ok := strings.CutPrefix(rest, "://"); ok {
			if end := strings.IndexAny(rest, "\"'<> \t\r\n()"); end >= 0 {
				rest = rest[:end]
			}
			if l, ok := parseLink(rest, secure); ok {
				links = append(links, l)
			}
		}
	}
}

func parseLink(rest string, secure bool) (webLink, bool) {
	u, err := url.Parse("http://" + rest)
	if err != nil || u.Hostname() == "" {
		return webLink{}, false
	}
	l := webLink{secure: secure, port: 80, host: strings.ToLower(u.Hostname()), path: u.Path}
	if secure {
		l.port = 443
	}
	if u.Port() != "" {
		l.port, err = strconv.Atoi(u.Port())
	}
	return l, err == nil && isHostName(l.host) && !isIPv4(l.host)
}

// finding stands at the bindings of the site whose pages use the name.
func (l *selfLink) finding(p *pass) Finding {
	site := l.dir.site
	property := bindingsOf(l.door.secure)
	v, _ := site.Own(property)
	entry := fmt.Sprintf(":%d:%s", l.door.port, l.host)
	f := Finding{
		Message: fmt.Sprintf("No site is bound to %s, and none takes every name on port %d: HTTP.sys refuses its visitors. Pages of site %s link to their own files by that name (%s links to %s)",
			l.host, l.door.port, site.Path().Name(), l.page, l.urls[0]),
		Span: v.NameSpan(), Key: site.Path(), Property: property, Origin: site.Path(),
		Witness: &Witness{Method: "GET", URL: l.url(l.urls[0])},
		sign:    sign{kernel: refusedName(l.door.port)},
		Remedies: []Remedy{bindName(site.Path(), property, entry, "Bind the site to "+l.host,
			fmt.Sprintf("In IIS Manager: the Properties of site %s, Web Site tab, Advanced, Add: TCP port %d, host header value %s.", site.Path().Name(), l.door.port, l.host))},
	}
	for _, u := range l.urls {
		f.Affects = append(f.Affects, l.url(u))
	}
	anyName := bindName(site.Path(), property, fmt.Sprintf(":%d:", l.door.port), "Let the site take every name",
		fmt.Sprintf("In IIS Manager: the Properties of site %s, Web Site tab, Advanced, Add: TCP port %d, no host header value.", site.Path().Name(), l.door.port))
	anyName.Risk = "the site then also answers requests for the bare IP address and for names that others point to it"
	f.Remedies = append(f.Remedies, anyName)
	return f
}

func (l *selfLink) url(path string) string {
	u := url.URL{Scheme: "http", Host: l.host, Path: path}
	port := 80
	if l.door.secure {
		u.Scheme, port = "https", 443
	}
	if l.door.port != port {
		u.Host += ":" + strconv.Itoa(l.door.port)
	}
	return u.String()
}

func bindName(site metabase.Path, property, entry, title, step string) Remedy {
	return Remedy{Title: title, Steps: []string{step},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(site), Property: property, Op: metabase.Add, Value: entry}}}
}

// refusedName is the reason of HTTP.sys for a host that no site has.
func refusedName(port int) func(weblog.Error) bool {
	return func(e weblog.Error) bool { return e.Reason == "Hostname" && (e.Port == port || e.Port == 0) }
}

// strangeNames speaks of rows of the HTTP error log, which do not tell the name.
func strangeNames(p *pass, d *door) Finding {
	site, _ := p.tree.Key(d.first)
	v, _ := site.Own(bindingsOf(d.secure))
	return Finding{
		Severity: Info,
		Message: fmt.Sprintf("Clients ask on port %d for names or addresses that no site is bound to, and no site takes every name. "+
			"Scanners that try the bare IP address do so too; it is a fault only if a name of yours is among them, which the log does not tell", d.port),
		Span: v.NameSpan(), Key: d.first, Property: v.Property, Origin: d.first,
		sign: sign{kernel: refusedName(d.port)},
		Remedies: []Remedy{{Title: "Compare the names in DNS with the bindings", Steps: []string{
			"List every name that points to this server, and bind each to its site: Properties, Web Site tab, Advanced."}}},
	}
}
