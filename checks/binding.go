package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// bindingAt is what two sites cannot both have.
type bindingAt struct {
	secure   bool
	ip, host string
	port     int
}

// bindingDuplicate: two sites that start by themselves and have one IP, port and host
// in common. One of them cannot register it and is deactivated (cc786887, event 1007).
func bindingDuplicate(p *pass) {
	all := p.model.Bindings()
	owners := make(map[bindingAt]int32, len(all))
	for i, b := range all {
		if !b.Started {
			continue
		}
		at := bindingAt{b.Secure, b.IP, b.Host, b.Port}
		owner, taken := owners[at]
		switch {
		case !taken:
			owners[at] = int32(i)
		case !all[owner].Site.Equal(b.Site):
			p.report(duplicate(p, b, all[owner]))
		}
	}
}

func duplicate(p *pass, b, owner iis.Binding) Finding {
	text := string(b.Span.Bytes())
	f := siteFault(p, b.Site, bindingsOf(b.Secure), metabase.Item{Text: text, Span: b.Span}, 1007, 1004)
	f.Message = fmt.Sprintf("Site %s has the binding %s, which site %s has already: only one of the two can have it, the other is not started, with all its bindings",
		b.SiteID, text, owner.SiteID)
	f.Affects = []string{string(owner.Site), string(b.Site)}
	f.Remedies = []Remedy{ownBinding(p, b)}
	if r, ok := withoutBinding(p, owner); ok {
		r.Risk = "requests for that address then reach site " + b.SiteID
		f.Remedies = append(f.Remedies, r)
	}
	return f
}

// siteFault is a finding about a binding that keeps its site from starting.
func siteFault(p *pass, at metabase.Path, property string, item metabase.Item, events ...int) Finding {
	site, _ := p.tree.Key(at)
	root, _ := p.tree.Nearest(at.Join("ROOT"))
	number := at.Name()
	f := Finding{
		Span: item.Span, Key: at, Property: property, Value: item.Text, Origin: at,
		Witness: p.witness(directory{site: site, key: root, url: "/"}, "/"),
		sign: sign{
			kernel: func(e weblog.Error) bool { return e.Status == 503 && e.Reason == "N/A" && e.Site == number },
			event: func(g eventlog.Group) bool {
				return g.Source == eventlog.W3SVC && slices.Contains(events, g.ID) && g.Subject.Kind == eventlog.Site && g.Subject.Name == number
			},
		},
	}
	if f.Witness.unreachable != "" { // it has no other binding: the values alone prove it
		f.Witness, f.Certainty = nil, Proven
	}
	return f
}

func bindingsOf(secure bool) string {
	if secure {
		return "SecureBindings"
	}
	return "ServerBindings"
}

// ownBinding takes the binding from the second site where it has others, else gives it
// a host name: that of its comment where this is one.
func ownBinding(p *pass, b iis.Binding) Remedy {
	if r, ok := withoutBinding(p, b); ok {
		return r
	}
	site, _ := p.tree.Key(b.Site)
	host := "<host name>"
	if comment, ok := site.Own("ServerComment"); ok && isHostName(comment.Text()) {
		host = strings.ToLower(comment.Text())
	}
	entry := fmt.Sprintf("%s:%d:%s", b.IP, b.Port, host)
	r := Remedy{
		Title: "Give site " + b.SiteID + " a host name of its own",
		Steps: []string{
			fmt.Sprintf("In IIS Manager: the Properties of site %s, Web Site tab, Advanced: give the identity %s a host header value, or another IP address or port.", b.SiteID, b.Span.Bytes()),
			"Start the site.",
		},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(b.Site), Property: bindingsOf(b.Secure), Op: metabase.Set, Value: entry}},
	}
	if b.Secure {
		r.Title = "Give site " + b.SiteID + " an IP address or a port of its own"
		r.Edits = nil
		r.Steps[0] = fmt.Sprintf("In IIS Manager: the Properties of site %s, Web Site tab, Advanced: give the SSL identity another IP address or port; IIS 6.0 tells SSL sites apart by these.", b.SiteID)
	}
	return r
}

// withoutBinding takes one binding from a site that has others; ok is false for one
// that has none. Only the first findings of a list say what the whole list is then.
func withoutBinding(p *pass, b iis.Binding) (r Remedy, ok bool) {
	site, _ := p.tree.Key(b.Site)
	v, _ := site.Own(bindingsOf(b.Secure))
	list := p.counted(v)
	if list.entries < 2 {
		return Remedy{}, false
	}
	r = Remedy{
		Title: fmt.Sprintf("Take the binding from site %s", b.SiteID),
		Steps: []string{
			fmt.Sprintf("In IIS Manager: the Properties of site %s, Web Site tab, Advanced: remove the identity %s.", b.SiteID, b.Span.Bytes()),
			"Start the site that was not started.",
		},
	}
	if list.whole++; list.whole <= maxWhole {
		r.Edits = []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(b.Site), Property: v.Property, Op: metabase.Set, Value: without(v, b.Span)}}
	}
	return r, true
}

// without is a list without the entry at a place.
func without(v metabase.Value, at source.Span) string {
	var rest []string
	for _, item := range v.Items() {
		if item.Span != at {
			rest = append(rest, item.Text)
		}
	}
	return strings.Join(rest, "\n")
}

// isHostName reports whether a text can be a host name with a domain.
func isHostName(s string) bool {
	labels := strings.Split(s, ".")
	for _, label := range labels {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
		}) {
			return false
		}
	}
	return len(labels) > 1
}
