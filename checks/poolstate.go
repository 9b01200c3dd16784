package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// poolUse is one assignment to a pool and the keys where it is in force.
type poolUse struct {
	*setting
	name string
}

// findPoolUses gives the assignments of applications to pools in file order.
func (g *ground) findPoolUses() (all []poolUse) {
	for _, in := range g.settings("AppPoolId", anyValue) {
		if in.value.Text() == "" {
			continue
		}
		all = append(all, poolUse{in, in.value.Text()})
	}
	return all
}

// holds reports whether one of the keys belongs to the site with that number.
func (u poolUse) holds(site string) bool {
	return slices.ContainsFunc(u.keys, func(key metabase.Key) bool {
		at, _, _ := splitSite(key.Path())
		return at.Name() == site
	})
}

// poolNames are the pools that exist.
func (p *pass) poolNames() (names []string) {
	for pool := range p.tree.Children(pools) {
		names = append(names, pool.Path().Name())
	}
	return names
}

// isolationMode is the value that runs the server in IIS 5.0 isolation mode, where
// there are no application pools; ok is false where it runs in worker process
// isolation mode or the value is not known.
func (p *pass) isolationMode() (v metabase.Value, ok bool) {
	v = p.tree.Effective(service, "IIs5IsolationModeEnabled")
	on, _ := v.Bool()
	return v, on && v.IsSet()
}

// poolMissing: AppPoolId names a pool that has no key. A metabase without any pool is a
// fragment and says nothing.
func poolMissing(p *pass) {
	names := p.poolNames()
	if _, old := p.isolationMode(); old || len(names) == 0 {
		return
	}
	for _, use := range p.poolUses() {
		if p.full() {
			return
		}
		if _, exists := p.tree.Key(pools.Join(use.name)); use.value.IsSet() && !exists {
			p.report(missingPool(p, use, names))
		}
	}
}

// maxNames bounds the names that are compared with a misspelt one.
const maxNames = 200

func missingPool(p *pass, use poolUse, names []string) Finding {
	f := use.finding(p)
	f.Message = fmt.Sprintf("AppPoolId names the application pool %q, which does not exist: every request for %s is answered 503", use.name, f.Affects[0])
	f.sign.kernel = func(e weblog.Error) bool {
		return e.Status == 503 && e.Reason == "N/A" && use.holds(e.Site)
	}
	near := source.Nearest(use.name, names[:min(len(names), maxNames)])
	if near != "" {
		f.Message += fmt.Sprintf("; did you mean %q?", near)
		f.Remedies = []Remedy{use.assign(near), use.create()}
		return f
	}
	other := names[0]
	if containsFold(names, "DefaultAppPool") {
		other = "DefaultAppPool"
	}
	f.Remedies = []Remedy{use.create(), use.assign(other)}
	f.Remedies[1].Risk = "the application then shares its process, its identity and its failures with all others of that pool"
	return f
}

// finding stands at the value of AppPoolId.
func (u poolUse) finding(p *pass) Finding {
	v := u.value
	f := Finding{Span: v.Span(), Key: u.keys[0].Path(), Property: v.Property, Value: v.Text(), Origin: v.Key, Witness: p.keyWitness(u.keys[0])}
	for _, key := range u.keys {
		f.Affects = append(f.Affects, p.addressOf(key))
	}
	return f
}

func (u poolUse) assign(pool string) Remedy {
	return Remedy{
		Title: "Assign the pool " + pool,
		Steps: []string{fmt.Sprintf("In IIS Manager: the Properties of %s, Home Directory or Virtual Directory tab, Application pool: %s.", u.value.Key, pool)},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(u.value.Key), Property: u.value.Property, Op: metabase.Set, Value: pool}},
	}
}

func (u poolUse) create() Remedy {
	return Remedy{
		Title: "Create the pool " + u.name,
		Steps: []string{
			fmt.Sprintf("In IIS Manager: right-click Application Pools, New, Application Pool: ID %s, default settings.", u.name),
			"If the pool had settings or an identity of its own on another server, enter them in its Properties.",
		},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(pools.Join(u.name)), Property: "KeyType", Op: metabase.Set, Value: "IIsApplicationPool"}},
	}
}

// poolStopped: a pool that applications use is marked not to start (AppPoolAutoStart,
// which an administrator's stop writes, cc759202). Whether a pool runs at the moment no
// file holds.
func poolStopped(p *pass) {
	if _, old := p.isolationMode(); old {
		return
	}
	uses := map[string][]poolUse{}
	for _, use := range p.poolUses() {
		name := strings.ToLower(use.name)
		uses[name] = append(uses[name], use)
	}
	for pool := range p.tree.Children(pools) {
		v, ok := pool.Own("AppPoolAutoStart")
		if on, understood := v.Bool(); !ok || !understood || on {
			continue
		}
		name := pool.Path().Name()
		f := Finding{Span: v.Span(), Key: pool.Path(), Property: v.Property, Value: v.Text(), Origin: v.Key}
		for _, use := range uses[strings.ToLower(name)] {
			if f.Witness == nil {
				f.Witness = p.keyWitness(use.keys[0])
			}
			f.Affects = append(f.Affects, use.finding(p).Affects...)
		}
		if f.Witness == nil {
			continue // nobody needs it
		}
		f.Message = fmt.Sprintf("The application pool %s is marked not to start, as after an administrator's stop: every request for %s is answered 503", name, f.Affects[0])
		f.sign.kernel = func(e weblog.Error) bool { return e.Reason == "Disabled" && strings.EqualFold(e.Queue, name) }
		f.Remedies = []Remedy{startPool(pool.Path())}
		p.report(f)
	}
}

func startPool(pool metabase.Path) Remedy {
	return Remedy{
		Title: "Start the pool",
		Steps: []string{
			"Find out why it was stopped: somebody did it by hand or by a script.",
			fmt.Sprintf("In IIS Manager: Application Pools, right-click %s, Start.", pool.Name()),
		},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(pool), Property: "AppPoolAutoStart", Op: metabase.Set, Value: "TRUE"}},
	}
}

// firstOf names the first few of many.
func firstOf(names []string) string {
	const few = 5
	if n := len(names) - few; n > 1 {
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ")
}

// poolIgnored: applications are assigned to several pools while the server runs in IIS
// 5.0 isolation mode, which has none (cc786824).
func poolIgnored(p *pass) {
	mode, old := p.isolationMode()
	if !old {
		return
	}
	seen := map[string]bool{}
	var names []string
	for _, use := range p.poolUses() {
		if name := strings.ToLower(use.name); !seen[name] {
			seen[name] = true
			names = append(names, use.name)
		}
	}
	if len(names) < 2 {
		return
	}
	slices.Sort(names)
	p.report(Finding{
		Message: fmt.Sprintf("The server runs in IIS 5.0 isolation mode, which has no application pools: the assignments to %s, their identities, recycling and rapid-fail protection are ignored",
			firstOf(names)),
		Span: mode.Span(), Key: mode.Key, Property: mode.Property, Value: mode.Text(), Origin: mode.Key, Affects: names,
		Remedies: []Remedy{{
			Title: "Run in worker process isolation mode",
			Steps: []string{
				"Test the applications first: filters that read raw data (READ_RAW_DATA) work in IIS 5.0 isolation mode only.",
				"In IIS Manager: right-click Web Sites, Properties, Service tab: clear Run WWW service in IIS 5.0 isolation mode. The service is then restarted.",
			},
			Risk:  "applications then run as the identity of their pool, by default Network Service, and may lack rights that they had",
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(mode.Key), Property: mode.Property, Op: metabase.Set, Value: "FALSE"}},
		}},
	})
}
