package iis

import (
	"bytes"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// Binding is one entry of a site's ServerBindings or SecureBindings: IP:port:host.
type Binding struct {
	Site    metabase.Path
	SiteID  string
	IP      string // "" for all unassigned addresses
	Port    int
	Host    string // "" for any host header
	Secure  bool
	Started bool // the site starts by itself (ServerAutoStart)
	Span    source.Span
}

// Bindings gives every well-formed binding in file order. Entries that are not
// IP:port:host are left out: IIS cannot register them (cc786887, event 1003).
func Bindings(t *metabase.Tree) []Binding {
	all, _ := readBindings(t)
	return all
}

// readBindings gives the well-formed bindings, and for each site the first entry
// that is not, under the site's folded path.
func readBindings(t *metabase.Tree) (all []Binding, bad map[string]*Because) {
	bad = map[string]*Because{}
	lists := [...]*metabase.Question{t.Question("ServerBindings"), t.Question("SecureBindings")}
	all = make([]Binding, 0, countLines(t.Sites(), lists[:]))
	for _, site := range t.Sites() {
		at, started := site.Path(), autoStart(site)
		number := at.Name()
		for i, list := range lists {
			v, _ := list.Own(site)
			for _, item := range v.Items() {
				b, ok := ParseBinding(item)
				if !ok {
					if bad[at.Fold()] == nil {
						bad[at.Fold()] = becauseEntry(v, item)
					}
					continue
				}
				b.Site, b.SiteID, b.Started, b.Secure = at, number, started, i == 1
				all = append(all, b)
			}
		}
	}
	return all, bad
}

// countLines is about as many as the lists have entries, most of which stand on lines
// of their own.
func countLines(sites []metabase.Key, lists []*metabase.Question) (n int) {
	for _, site := range sites {
		for _, list := range lists {
			if v, ok := list.Own(site); ok {
				n += bytes.Count(v.Raw(), []byte("\n")) + 1
			}
		}
	}
	return n
}

// autoStart is ServerAutoStart, which is not inherited and TRUE where absent
// (schema; ServerState is volatile and never in the file, cc759494).
func autoStart(site metabase.Key) bool {
	v, ok := site.Own("ServerAutoStart")
	if !ok {
		return true
	}
	on, understood := v.Bool()
	return on || !understood
}

// ParseBinding reads an entry IP:port:host; ok is false for one that is not: a part is
// missing, the port is no number from 1 to 65535, the IP is no address. Site, SiteID,
// Secure and Started are left to the caller.
func ParseBinding(item metabase.Item) (Binding, bool) {
	text := strings.TrimSpace(item.Text)
	last := strings.LastIndexByte(text, ':')
	if last < 0 {
		return Binding{}, false
	}
	middle := strings.LastIndexByte(text[:last], ':')
	if middle < 0 {
		return Binding{}, false
	}
	port, err := strconv.Atoi(text[middle+1 : last])
	if err != nil || port < 1 || port > 65535 {
		return Binding{}, false
	}
	ip := strings.Trim(text[:middle], "[]")
	if ip == "*" {
		ip = ""
	}
	if ip != "" && net.ParseIP(ip) == nil {
		return Binding{}, false
	}
	return Binding{IP: ip, Port: port, Host: strings.ToLower(text[last+1:]), Span: item.Span}, true
}

// AnyAddress as a request's IP stands for an address that no binding names.
const AnyAddress = "*"

// where is what HTTP.sys looks a request up by.
type where struct {
	secure   bool
	port     int
	ip, host string
}

// table finds bindings without walking all sites of the server.
type table struct {
	all    []Binding
	exact  map[where]*Binding     // of each IP:port:host the first binding whose site is up, else the first
	bySite map[string][]Binding   // by the site's folded path: part of all
	bad    map[string]*Because    // by the site's folded path: its first entry that is no binding
	down   map[string]Deactivated // by the site's folded path

	byHost func() map[where][]*Binding // without IP: a binding for each address that has the port and host
}

// newTable takes the bindings site by site, as they stand in the file.
func newTable(all []Binding, bad map[string]*Because) *table {
	t := &table{all: all, exact: make(map[where]*Binding, len(all)), bySite: map[string][]Binding{}, bad: bad, down: map[string]Deactivated{}}
	t.byHost = sync.OnceValue(t.findByHost) // few requests come to no known address
	for first := 0; first < len(all); {
		end := first + 1
		for end < len(all) && all[end].Site == all[first].Site {
			end++
		}
		site := all[first].Site.Fold()
		t.bySite[site] = all[first:end:end]
		if d, down := t.deactivated(t.bySite[site], bad[site]); down {
			t.down[site] = d
		}
		for ; first < end; first++ {
			b := &all[first]
			if owner := t.exact[b.where()]; owner == nil || t.up(b) && !t.up(owner) {
				t.exact[b.where()] = b
			}
		}
	}
	return t
}

func (t *table) findByHost() map[where][]*Binding {
	byHost := map[where][]*Binding{}
	listed := map[where]bool{}
	for i := range t.all {
		at := t.all[i].where()
		if !listed[at] {
			listed[at] = true
			at.ip = ""
			byHost[at] = append(byHost[at], &t.all[i])
		}
	}
	return byHost
}

// route finds the binding that takes a request at a known address: a binding to
// that address before one to all addresses, and there an exact host before none.
// Which of the two wins is not documented for IIS 6.
func (t *table) route(r Request, ip string) *Binding {
	host := strings.ToLower(r.Host)
	for _, at := range [...]where{
		{r.Secure, r.Port, ip, host}, {r.Secure, r.Port, ip, ""},
		{r.Secure, r.Port, "", host}, {r.Secure, r.Port, "", ""},
	} {
		if b := t.exact[at]; b != nil {
			return b
		}
	}
	return nil
}

// routes gives the binding that takes the request and, where the destination
// address is not known and decides between sites, one of another site.
func (t *table) routes(r Request) (first, other *Binding) {
	if r.IP != "" {
		return t.route(r, r.IP), nil
	}
	asked := map[string]bool{}
	for _, host := range [...]string{strings.ToLower(r.Host), ""} {
		for _, b := range t.byHost()[where{r.Secure, r.Port, "", host}] {
			ip := b.IP
			if ip == "" {
				ip = AnyAddress
			}
			if asked[ip] {
				continue
			}
			asked[ip] = true
			taken := t.route(r, ip)
			if first == nil {
				first = taken
			} else if taken != nil && taken.Site != first.Site {
				return first, taken
			}
		}
	}
	return first, nil
}

// reach gives the binding of a site through which a request really gets there: one
// that another site of the same address, port and host takes is none. Where SSL is
// required a secure one comes first, else a plain one; and one with a name, by which
// visitors know the site, before one without.
func (t *table) reach(site metabase.Path, secure bool) *Binding {
	var best *Binding
	mine := t.bySite[site.Fold()]
	for i := range mine {
		b := &mine[i]
		if taker := t.route(b.request(), b.Address()); taker == nil || !taker.Site.Equal(site) {
			continue
		}
		if best == nil || b.Secure != best.Secure && b.Secure == secure || b.Secure == best.Secure && best.Host == "" && b.Host != "" {
			best = b
		}
	}
	return best
}

// Reaches reports whether a request for the binding's address, port and host comes
// to its site: one that a started site before it binds as well goes there.
func (m *Model) Reaches(b Binding) bool {
	taker := m.bindings.route(b.request(), b.Address())
	return taker != nil && taker.Site.Equal(b.Site)
}

// address is the destination address of a request through the binding.
// Address is where a request to the binding goes: its IP, AnyAddress for one that names none.
func (b *Binding) Address() string {
	if b.IP == "" {
		return AnyAddress
	}
	return b.IP
}

func (b *Binding) request() Request { return Request{Secure: b.Secure, Port: b.Port, Host: b.Host} }

// URL writes the address of a path as a client asks for it at this binding.
func (b *Binding) URL(path string) string {
	scheme, port := "http", 80
	if b.Secure {
		scheme, port = "https", 443
	}
	host := b.Host
	switch {
	case host != "":
	case b.IP != "":
		host = b.IP
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
	default:
		host = "localhost"
	}
	if b.Port != port {
		host += ":" + strconv.Itoa(b.Port)
	}
	return scheme + "://" + host + path
}
