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

// deactivated finds these sites among those that start by themselves. That of two
// sites with one binding the first in the file has it is inferred: the documents do
// not tell in which order sites start.
func deactivated(all []Binding, bad map[string]*Because) map[string]Deactivated {
	down := map[string]Deactivated{}
	owners := map[where]*Binding{}
	for first := 0; first < len(all); {
		site, end := all[first].Site.Fold(), first
		for end < len(all) && all[end].Site.Fold() == site {
			end++
		}
		mine := all[first:end]
		first = end
		if !mine[0].Started {
			continue
		}
		if why := bad[site]; why != nil {
			down[site] = Deactivated{Site: mine[0].SiteID, Event: 1003, Because: *why}
			continue
		}
		if d, taken := takenBy(mine, owners); taken {
			down[site] = d
			continue
		}
		for i := range mine {
			owners[mine[i].where()] = &mine[i]
		}
	}
	return down
}

// takenBy finds the first binding of a site that another one has.
func takenBy(mine []Binding, owners map[where]*Binding) (Deactivated, bool) {
	for i := range mine {
		b := &mine[i]
		if owner := owners[b.where()]; owner != nil {
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
