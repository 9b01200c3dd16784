package iis

import "fmt"

// Deactivated is a site that the WWW service does not start, as one of its bindings
// cannot be registered: event 1003 for one that is no IP:port:host, event 1007 for one
// that another site has already; "the site has been deactivated" (cc786887).
type Deactivated struct {
	Site    string // its number
	Event   int
	Because Because // the binding
	Other   string  // the number of the site that has the binding already, "" for none
}

// deactivated tells whether a site is one of these, of which only those that start by
// themselves can be: bad is a binding of it that is none. The sites before it in the
// file have theirs already. That of two sites with one binding the first in the file
// has it is inferred: the documents do not tell in which order sites start.
func (t *table) deactivated(mine []Binding, bad *Because) (d Deactivated, down bool) {
	if !mine[0].Started {
		return Deactivated{}, false
	}
	if bad != nil {
		return Deactivated{Site: mine[0].SiteID, Event: 1003, Because: *bad}, true
	}
	for i := range mine {
		b := &mine[i]
		if owner := t.exact[b.where()]; owner != nil && t.up(owner) {
			why := Because{Span: b.Span, Key: b.Site, Property: bindingProperty(b), Value: string(b.Span.Bytes())}
			return Deactivated{Site: b.SiteID, Event: 1007, Because: why, Other: owner.SiteID}, true
		}
	}
	return Deactivated{}, false
}

func (b *Binding) where() where { return where{b.Secure, b.Port, b.IP, b.Host} }

// up reports whether the binding's site is started.
func (t *table) up(b *Binding) bool {
	_, down := t.down[b.Site.Fold()]
	return b.Started && !down
}

// Deactivated gives the sites that the WWW service does not start, in file order.
func (m *Model) Deactivated() (list []Deactivated) {
	seen := map[string]bool{}
	for i := range m.bindings.all {
		at := m.bindings.all[i].Site.Fold()
		if d, ok := m.bindings.down[at]; ok && !seen[at] {
			seen[at] = true
			list = append(list, d)
		}
	}
	return list
}

// why says in one sentence why the site is not started.
func (d Deactivated) why() string {
	if d.Other != "" {
		return fmt.Sprintf("the site is not started: site %s has the binding %s already", d.Other, d.Because.Value)
	}
	return fmt.Sprintf("the site is not started: its binding %s is not IP:port:host", d.Because.Value)
}
