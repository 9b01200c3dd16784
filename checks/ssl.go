package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// accessSSL: SSL is required where the site has no secure binding with a
// certificate. Over http every request is 403.4, and https reaches nothing.
func accessSSL(p *pass) {
	lacks := p.sitesWithoutSSL()
	found := map[source.Span]*Finding{}
	var order []source.Span
	for key := range p.tree.Keys() {
		sitePath, rel, ok := splitSite(key.Path())
		why, without := lacks[sitePath.Fold()]
		if !ok || !without {
			continue
		}
		v := key.Effective("AccessSSLFlags")
		if !v.Has("AccessSSL") && !v.Has("AccessSSL128") || v.Kind != metabase.Own && rel != "" {
			continue
		}
		f := found[v.Span()]
		if f == nil {
			f = sslFinding(p, key, v, why)
			found[v.Span()] = f
			order = append(order, v.Span())
		} else {
			f.Remedies[0].Edits = append(f.Remedies[0].Edits, why.edits()...)
		}
		f.Affects = append(f.Affects, string(key.Path()))
	}
	for _, at := range order {
		p.report(*found[at])
	}
}

// withoutSSL is a site that cannot serve https and what it lacks.
type withoutSSL struct {
	site    metabase.Key
	binding bool // has a secure binding, but no certificate
	ip      string
}

func (p *pass) sitesWithoutSSL() map[string]withoutSSL {
	bound := map[string]bool{}
	ips := map[string]string{}
	for _, b := range p.model.Bindings() {
		if b.Secure {
			bound[b.Site.Fold()] = true
		} else if ips[b.Site.Fold()] == "" {
			ips[b.Site.Fold()] = b.IP
		}
	}
	lacks := map[string]withoutSSL{}
	for _, site := range p.tree.Sites() {
		at := site.Path().Fold()
		if cert := site.Effective("SSLCertHash"); !bound[at] || !cert.IsSet() {
			lacks[at] = withoutSSL{site: site, binding: bound[at], ip: ips[at]}
		}
	}
	return lacks
}

func (w withoutSSL) edits() []snapshot.Edit {
	site := string(w.site.Path())
	certificate := snapshot.Edit{Kind: snapshot.EditMetabase, Target: site, Property: "SSLCertHash", Op: metabase.Set, Value: "<certificate>"}
	if w.binding {
		return []snapshot.Edit{certificate}
	}
	return []snapshot.Edit{
		{Kind: snapshot.EditMetabase, Target: site, Property: "SecureBindings", Op: metabase.Add, Value: w.ip + ":443:"},
		certificate,
	}
}

func sslFinding(p *pass, key metabase.Key, v metabase.Value, why withoutSSL) *Finding {
	_, rel, _ := splitSite(key.Path())
	path := "/" + rel
	if rel != "" && !strings.EqualFold(key.Class(), "IIsWebFile") {
		path += "/"
	}
	lack := "no SecureBindings"
	if why.binding {
		lack = "a secure binding but no certificate (SSLCertHash)"
	}
	dir := directory{site: why.site, key: key, url: path}
	return &Finding{
		Message: fmt.Sprintf("SSL is required for %s, but site %s has %s: over http every request is refused, and https is not served", path, why.site.Path().Name(), lack),
		Span:    v.Span(), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: v.Key,
		Witness:  p.witness(dir, path),
		sign:     sign{request: answered(dir.siteID(), nil, "403.4"), url: below(path)},
		Remedies: []Remedy{bindCertificate(why), dropSSL(v)},
	}
}

func bindCertificate(why withoutSSL) Remedy {
	return Remedy{
		Title: "Install a certificate and bind the SSL port",
		Steps: []string{
			"In IIS Manager: the site's Properties, Directory Security tab, Server Certificate: install the server's certificate. (IISCertDeploy.vbs below does the same; it comes with the IIS 6.0 Resource Kit Tools.)",
			"On the Web Site tab enter SSL port 443. Without host headers only one site can use one address and port.",
			"Tell visitors to use https.",
		},
		Edits: why.edits(),
	}
}

// dropSSL clears the flags that require SSL and keeps the rest.
func dropSSL(v metabase.Value) Remedy {
	return Remedy{
		Title: "No longer require SSL",
		Steps: []string{"In IIS Manager: Properties, Directory Security tab, Secure communications, Edit: clear Require secure channel (SSL)."},
		Risk:  "passwords and pages then cross the network in clear text",
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Set, Value: "0"}},
	}
}
