package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// requireSSL are the flags that demand SSL (IIScnfg.h).
const requireSSL = 0x8 | 0x100

// accessSSL: SSL is required where the site has no secure binding with a
// certificate. Over http every request is 403.4, and https reaches nothing.
func accessSSL(p *pass) {
	lacks := once(p.withoutSSL)
	var found byPlace[sslFault]
	p.inForceBelow("AccessSSLFlags", demandsSSL, func(site, key metabase.Key, v metabase.Value) {
		if without := lacks(site); without != nil {
			f, _ := found.get(v.Span())
			f.value, f.keys, f.sites = v, append(f.keys, key), append(f.sites, without)
		}
	})
	if len(found.order) == 0 {
		return
	}
	taken := p.takenSSL()
	for _, f := range found.order {
		p.report(f.finding(p, taken))
	}
}

// demandsSSL reports whether AccessSSLFlags refuse what comes without SSL.
func demandsSSL(v metabase.Value) bool { return v.Has("AccessSSL") || v.Has("AccessSSL128") }

// sslPort is IP:443:host; anyHost says that the address has the port for some host.
type sslPort struct{ ip, host string }

const anyHost = "*"

// sslPorts are those that sites have already, and those that one remedy gives away: it
// may be one of many, so it takes no copy of the first.
type sslPorts struct{ sites, remedy map[sslPort]bool }

func (s sslPorts) taken(at sslPort) bool { return s.sites[at] || s.remedy[at] }

// takenSSL are the secure bindings to port 443 that sites have already. Without host
// headers one address and port serve one site; from Service Pack 1 on a host header
// tells sites apart whose names one certificate covers (Windows Server 2003 library,
// "Configuring SSL Host Headers").
func (p *pass) takenSSL() map[sslPort]bool {
	taken := map[sslPort]bool{}
	for _, b := range p.model.Bindings() {
		if b.Secure && b.Port == 443 {
			taken[sslPort{b.IP, b.Host}], taken[sslPort{b.IP, anyHost}] = true, true
		}
	}
	return taken
}

// sslFault is one value that requires SSL and the keys, of sites that cannot serve
// it, where it is in force.
type sslFault struct {
	value metabase.Value
	keys  []metabase.Key
	sites []*withoutSSL
}

// withoutSSL is a site that cannot serve https and what it has of what that takes.
type withoutSSL struct {
	site        metabase.Key
	plain       []iis.Binding
	bound       bool // has a secure binding
	malformed   bool // has SecureBindings that IIS cannot use
	certificate bool
}

func (w *withoutSSL) lack() string {
	switch {
	case w.malformed:
		return "SecureBindings that IIS cannot use"
	case w.bound:
		return "a secure binding but no certificate (SSLCertHash)"
	}
	return "no SecureBindings"
}

// withoutSSL tells what a site lacks to serve https, nil where it lacks nothing.
func (g *ground) withoutSSL(site metabase.Key) *withoutSSL {
	all := g.model.BindingsOf(site.Path())
	w := withoutSSL{site: site, certificate: site.Effective("SSLCertHash").IsSet()}
	if w.bound = slices.ContainsFunc(all, func(b iis.Binding) bool { return b.Secure }); w.bound && w.certificate {
		return nil
	}
	v, _ := site.Own("SecureBindings")
	w.malformed = !w.bound && len(v.Items()) > 0
	for _, b := range all {
		if !b.Secure {
			w.plain = append(w.plain, b)
		}
	}
	return &w
}

func (f *sslFault) finding(p *pass, taken map[sslPort]bool) Finding {
	key, site, v := f.keys[0], f.sites[0], f.value
	_, rel, _ := splitSite(key.Path())
	path := "/" + rel
	if rel != "" && !strings.EqualFold(key.Class(), "IIsWebFile") {
		path += "/"
	}
	more := ""
	if n := len(f.keys) - 1; n > 0 {
		more = fmt.Sprintf("; the same holds at %s", count(n, "more key"))
	}
	finding := Finding{
		Message: fmt.Sprintf("SSL is required for %s, but site %s has %s: over http every request is refused, and https is not served%s",
			path, site.site.Path().Name(), site.lack(), more),
		Span: v.Span(), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: v.Key,
		Witness:  p.witness(directory{site: site.site, key: key, url: path}, path),
		sign:     sign{request: answered(nil, "403.4"), row: p.whereInForce(v)},
		Remedies: []Remedy{f.bindCertificate(taken), f.dropSSL()},
	}
	for _, k := range f.keys {
		finding.Affects = append(finding.Affects, string(k.Path()))
	}
	return finding
}

// bindCertificate gives every site the parts that it lacks. A binding that another
// site has already is not offered; of the sites of one finding each takes its own.
func (f *sslFault) bindCertificate(taken map[sslPort]bool) Remedy {
	r := Remedy{Title: "Install a certificate and bind the SSL port", Steps: []string{
		"In IIS Manager: the site's Properties, Directory Security tab, Server Certificate: install the server's certificate. (IISCertDeploy.vbs below does the same; it comes with the IIS 6.0 Resource Kit Tools.)",
		"On the Web Site tab enter SSL port 443. Without host headers only one site can use one address and port.",
		"Tell visitors to use https.",
	}}
	ports := sslPorts{taken, map[sslPort]bool{}}
	done := map[metabase.Path]bool{}
	for _, site := range f.sites {
		if at := site.site.Path(); !done[at] {
			done[at] = true
			site.caution(&r, ports)
			r.Edits = append(r.Edits, site.edits(ports)...)
		}
	}
	if f.sites[0].certificate {
		r.Title, r.Steps = "Bind the SSL port", r.Steps[1:]
	}
	return r
}

// freePort is a binding for the site to port 443 of an address at which it answers
// already: the whole address where nobody has it, else the site's own name there.
func (w *withoutSSL) freePort(ports sslPorts) (at sslPort, ok bool) {
	if len(w.plain) == 0 {
		return sslPort{}, !ports.taken(sslPort{"", anyHost})
	}
	for _, b := range w.plain {
		if !ports.taken(sslPort{b.IP, anyHost}) {
			return sslPort{ip: b.IP}, true
		}
	}
	for _, b := range w.plain {
		if at = (sslPort{b.IP, b.Host}); b.Host != "" && !ports.taken(at) {
			return at, true
		}
	}
	return at, false
}

// caution says what it means that another site has port 443 of the address.
func (w *withoutSSL) caution(r *Remedy, ports sslPorts) {
	switch at, free := w.freePort(ports); {
	case w.bound:
	case free && at.host != "":
		r.Steps = append(r.Steps, "Another site has port 443 of the address. From Service Pack 1 on sites share it by host headers, which SecureBindings take from the command only, and by one certificate that covers all their names.")
		r.Risk = "the address has one certificate for all its sites: one that does not cover the names of all of them makes browsers warn the visitors of the others"
	case !free:
		r.Steps = append(r.Steps, fmt.Sprintf("Give site %s an IP address of its own: port 443 of the one it has belongs to another site.", w.site.Path().Name()))
	}
}

// edits notes in ports what they bind.
func (w *withoutSSL) edits(ports sslPorts) []snapshot.Edit {
	site := string(w.site.Path())
	var edits []snapshot.Edit
	if at, free := w.freePort(ports); free && !w.bound {
		ports.remedy[at], ports.remedy[sslPort{at.ip, anyHost}] = true, true
		bind := snapshot.Edit{Kind: snapshot.EditMetabase, Target: site, Property: "SecureBindings", Op: metabase.Add, Value: at.ip + ":443:" + at.host}
		if w.malformed {
			bind.Op = metabase.Set
		}
		edits = append(edits, bind)
	}
	if !w.certificate {
		edits = append(edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: site, Property: "SSLCertHash", Op: metabase.Set, Value: "<certificate>"})
	}
	return edits
}

// dropSSL clears the flags that require SSL and keeps the rest: where the value is
// set, or, where sites share it, at those that cannot serve SSL.
func (f *sslFault) dropSSL() Remedy {
	r := Remedy{
		Title: "No longer require SSL",
		Steps: []string{"In IIS Manager: Properties, Directory Security tab, Secure communications, Edit: clear Require secure channel (SSL)."},
		Risk:  "passwords and pages then cross the network in clear text",
	}
	flags, _ := f.value.Uint()
	for _, key := range f.keys {
		at := key.Path()
		if _, _, below := splitSite(f.value.Key); below {
			at = f.value.Key
		}
		r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(at), Property: f.value.Property,
			Op: metabase.Set, Value: strconv.FormatUint(uint64(flags&^requireSSL), 10)})
	}
	return r
}
