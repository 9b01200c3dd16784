package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

const pools = metabase.Path("/LM/W3SVC/AppPools")

// rapidFail: protection that takes the pool off line at the first crash, and pools
// that logs and events show to have been taken off. Crashes themselves are not in the
// metabase. In IIS 5.0 isolation mode there are no pools.
func rapidFail(p *pass) {
	if p.isolated() {
		return
	}
	found := map[source.Span]*Finding{}
	var order []source.Span
	for pool := range p.tree.Children(pools) {
		name := pool.Path().Name()
		on, _ := pool.Effective("RapidFailProtection").Bool()
		v := pool.Effective("RapidFailProtectionMaxCrashes")
		n, ok := v.Uint()
		down := p.wentDown(name)
		if !on || !ok || !down && (n != 1 || !v.IsSet()) {
			continue
		}
		f := found[v.Span()]
		if f == nil {
			f = crashLimit(v, pool, n)
			found[v.Span()] = f
			order = append(order, v.Span())
		}
		if down {
			f.Severity = Error
		}
		f.Affects = append(f.Affects, name)
	}
	for _, at := range order {
		f := found[at]
		f.sign.kernel = func(e weblog.Error) bool { return offline(e) && containsFold(f.Affects, e.Queue) }
		f.sign.event = func(g eventlog.Group) bool { return disabled(g) && containsFold(f.Affects, g.Subject.Name) }
		p.report(*f)
	}
}

// wentDown reports whether logs or events show that protection turned the pool off. A
// pool whose account cannot log on is off line for that reason.
func (p *pass) wentDown(pool string) bool {
	if k, ok := p.tree.Key(pools.Join(pool)); ok && len(lackingIdentity(k)) > 0 {
		return false
	}
	return slices.ContainsFunc(p.kernelErrors(), func(g weblog.Group[weblog.Error]) bool {
		return offline(g.Key) && strings.EqualFold(g.Key.Queue, pool)
	}) || slices.ContainsFunc(p.events(), func(g eventlog.Group) bool {
		return disabled(g) && strings.EqualFold(g.Subject.Name, pool)
	})
}

// offline is the reason of HTTP.sys for a pool that application errors took off line
// (KB820729); disabled the event that goes with it (cc737524).
func offline(e weblog.Error) bool { return e.Reason == "AppOffline" }

func disabled(g eventlog.Group) bool {
	return g.Source == eventlog.W3SVC && g.ID == 1002 && g.Subject.Kind == eventlog.Pool
}

// crashLimit speaks of a limit of crashes that is one, or that was reached.
func crashLimit(v metabase.Value, pool metabase.Key, n uint32) *Finding {
	if n == 1 {
		return oneCrash(v)
	}
	f := oneCrash(v)
	f.Message = fmt.Sprintf("Rapid-fail protection turned the application pool off after %d failures of its worker processes; "+
		"from then on HTTP.sys answers every request to it with 503 until someone starts it again", n)
	at := pool.Path()
	if v.IsSet() {
		at = v.Key
	}
	f.Remedies[0].Title = "Find what crashes; only then allow more failures"
	f.Remedies[0].Steps[1] = fmt.Sprintf("If it cannot be mended at once: Application Pools, the pool's Properties, Health tab: more Failures than %d, or a shorter Time period.", n)
	f.Remedies[0].Edits[0].Target, f.Remedies[0].Edits[0].Value = string(at), fmt.Sprint(2*uint64(n))
	return f
}

func oneCrash(v metabase.Value) *Finding {
	return &Finding{
		Message: "A single crash of a worker process within RapidFailProtectionInterval minutes turns the application pool off; " +
			"from then on HTTP.sys answers every request to it with 503 until someone starts it again",
		Missing: "the metabase does not record crashes; events 1009 and 1002 of source W3SVC in the System log and AppOffline in HTTPERR would show them",
		Span:    v.Span(), Key: v.Key, Property: v.Property, Value: v.Text(), Origin: v.Key,
		Remedies: []Remedy{{
			Title: "Allow the documented default of five failures",
			Steps: []string{
				"Look in the event logs for what crashes, and mend that first.",
				"In IIS Manager: Application Pools, the pool's Properties, Health tab, Enable rapid-fail protection: Failures 5, Time period 5.",
				"Start the pool if it is stopped.",
			},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Set, Value: "5"}},
		}},
	}
}
