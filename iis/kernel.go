package iis

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// checkLimits is HTTP.sys reading the head: the URL, its fields and its size
// (KB820129 for limits and defaults, KB820729 for the reasons).
func checkLimits(d *decision) verdict {
	path, r := d.limits.head(d.whole)
	if !r.ok() {
		v := d.refuse(r.reason, r.detail)
		v.status = r.status
		if r.limit != nil {
			v.because = r.limit.because()
		}
		return v
	}
	d.out.Target.URL = path
	return verdict{detail: "head and URL are within the limits of HTTP.sys"}
}

// head holds a request against the limits and gives its decoded path. The fields
// of a head that came over the wire were held against them as they came, to the byte.
func (l *Limits) head(r *Request) (path string, _ refused) {
	url := len(r.Path)
	if r.Query != "" {
		url += len("?") + len(r.Query)
	}
	if url > l.MaxFieldLength.Value {
		return "", refused{"414", "URL_Length", fmt.Sprintf("the URL has %d bytes, %s is %d", url, l.MaxFieldLength.Name, l.MaxFieldLength.Value), &l.MaxFieldLength}
	}
	size := len(r.Method) + url + len("  HTTP/1.1\r\n\r\n")
	for _, f := range r.Header {
		line := len(f.Name) + len(": ") + len(f.Value)
		if r.HeadSize == 0 && line > l.MaxFieldLength.Value {
			return "", refused{"400", "FieldLength", fmt.Sprintf("the header %s has %d bytes, %s is %d", f.Name, line, l.MaxFieldLength.Name, l.MaxFieldLength.Value), &l.MaxFieldLength}
		}
		size += line + len("\r\n")
	}
	if r.HeadSize > 0 {
		size = r.HeadSize
	}
	if size > l.MaxRequestBytes.Value {
		return "", refused{"400", "RequestLength", fmt.Sprintf("the request line and headers have %d bytes, MaxRequestBytes is %d", size, l.MaxRequestBytes.Value), &l.MaxRequestBytes}
	}
	return l.canonical(r.Path)
}

// refuse is a 400 by HTTP.sys with the reason it writes to its error log.
func (d *decision) refuse(kernelReason, detail string) verdict {
	d.out.KernelReason = kernelReason
	return verdict{status: "400", detail: detail}
}

// checkBinding finds the site. No binding for the host is HTTP.sys's 400
// "Hostname" (cc786188); S2 calls the site without a host header the default site.
func checkBinding(d *decision) verdict {
	r := d.out.Request
	b, other := d.bindings.routes(r)
	if b == nil {
		v := d.refuse("Hostname", d.noBinding(r))
		v.because = d.lacksHost(r)
		return v
	}
	d.site, _ = d.tree.Key(b.Site)
	d.out.Target.Site, d.out.Target.SiteID = b.Site, b.SiteID
	v := verdict{
		detail:  fmt.Sprintf("%s takes the request (%s)", siteName(d.site), b.Span.Bytes()),
		because: &Because{Span: b.Span, Key: b.Site, Property: bindingProperty(b), Value: string(b.Span.Bytes())},
	}
	if other != nil {
		v.assumed = true
		v.detail += fmt.Sprintf("; at another address of the server site %s would take it: name the address in the URL", other.SiteID)
	}
	return v
}

func (d *decision) noBinding(r Request) string {
	for i := range d.bindings.all {
		if b := &d.bindings.all[i]; b.Port == r.Port && b.Secure == r.Secure {
			return fmt.Sprintf("no site is bound to the host %q, and no site on port %d takes any host", r.Host, r.Port)
		}
	}
	return fmt.Sprintf("no site is bound to port %d: a real client is refused the connection", r.Port)
}

// lacksHost names the list of bindings in which the host is missing: of the sites at
// the port, the one whose host names have most parts in common with the host from the
// right; of equal ones the first. nil where no site is bound to the port.
func (d *decision) lacksHost(r Request) *Because {
	var site *Binding
	most := -1
	for i := range d.bindings.all {
		b := &d.bindings.all[i]
		if b.Port != r.Port || b.Secure != r.Secure || !b.Started {
			continue
		}
		if n := commonParts(b.Host, strings.ToLower(r.Host)); n > most {
			site, most = b, n
		}
	}
	if site == nil {
		return nil
	}
	key, _ := d.tree.Key(site.Site)
	v, _ := key.Own(bindingProperty(site))
	return becauseList(v)
}

// commonParts counts the equal last parts of two host names.
func commonParts(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	n := 0
	for n < len(x) && n < len(y) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n
}

func bindingProperty(b *Binding) string {
	if b.Secure {
		return "SecureBindings"
	}
	return "ServerBindings"
}

// siteName is a site as administrators call it: number and comment.
func siteName(site metabase.Key) string {
	if v, ok := site.Own("ServerComment"); ok && v.Text() != "" {
		return fmt.Sprintf("site %s %q", site.Path().Name(), v.Text())
	}
	return "site " + site.Path().Name()
}

// checkSiteState: a site that does not start by itself is taken as stopped; the
// file holds no other trace of its state (ServerState is volatile, cc759494). One with
// a binding that cannot be registered is deactivated (cc786887). That the answer to a
// request is 503 then is inferred (cc781893 has N/A for conflicts of reserved URLs).
func checkSiteState(d *decision) verdict {
	if autoStart(d.site) {
		if down, ok := d.bindings.down[d.site.Path().Fold()]; ok {
			d.out.KernelReason = "N/A"
			return verdict{status: "503", detail: down.why(), because: &down.Because}
		}
		return verdict{detail: "the site is started"}
	}
	v, _ := d.site.Own("ServerAutoStart")
	d.out.KernelReason = "N/A"
	return verdict{status: "503", detail: "the site is stopped (ServerAutoStart is FALSE)", because: because(v)}
}

// checkPool finds the application pool and whether it takes requests. In IIS 5.0
// isolation mode there are no pools.
func checkPool(d *decision) verdict {
	t := &d.out.Target
	t.Root, t.Key = d.virtualDirectory(t.Site, t.URL)
	mode := d.tree.Effective("/LM/W3SVC", "IIs5IsolationModeEnabled")
	if on, _ := mode.Bool(); on && mode.IsSet() {
		return verdict{detail: "IIS 5.0 isolation mode: there are no application pools", because: because(mode)}
	}
	id := d.tree.Effective(t.Key, "AppPoolId")
	t.Pool = id.Text()
	if t.Pool == "" {
		t.Pool = "DefaultAppPool"
	}
	pool, ok := d.tree.Key(metabase.Path("/LM/W3SVC/AppPools").Join(t.Pool))
	if !ok {
		return d.noPool(id)
	}
	if v, ok := pool.Own("AppPoolAutoStart"); ok {
		if on, understood := v.Bool(); understood && !on {
			d.out.KernelReason = "Disabled"
			return verdict{status: "503", detail: "the application pool " + t.Pool + " is stopped (AppPoolAutoStart is FALSE, cc759202)", because: because(v)}
		}
	}
	if v := d.checkIdentity(pool); v.status != "" || v.assumed {
		return v
	}
	return verdict{detail: "application pool " + t.Pool + " takes requests"}
}

// noPool: AppPoolId names a pool without a key. A metabase without any pool is a
// fragment: the pool is then assumed.
func (d *decision) noPool(id metabase.Value) verdict {
	for range d.tree.Children("/LM/W3SVC/AppPools") {
		d.out.KernelReason = "N/A"
		return verdict{status: "503", detail: "the application pool " + d.out.Target.Pool + " does not exist", because: because(id)}
	}
	return verdict{detail: "the metabase holds no application pools; the pool is assumed to run", assumed: true}
}

// virtualDirectory gives the key of the virtual directory that a decoded URL path
// of a site lies in (the longest that matches) and the key path of the URL itself.
func (m *Model) virtualDirectory(site metabase.Path, url string) (root, key metabase.Path) {
	top := site.Join("ROOT")
	key = top.Join(strings.TrimSuffix(url, "/"))
	for at := key; top.Contains(at); at = at.Parent() {
		if k, ok := m.tree.Key(at); ok && isVirtualDirectory(k) {
			return k.Path(), key
		}
	}
	return top, key
}

func isVirtualDirectory(k metabase.Key) bool {
	if strings.EqualFold(k.Class(), "IIsWebVirtualDir") {
		return true
	}
	_, ok := k.Own("Path")
	return ok
}
