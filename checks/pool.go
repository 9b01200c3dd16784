package checks

import (
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

const pools = metabase.Path("/LM/W3SVC/AppPools")

// rapidFail: protection that takes the pool off line at the first crash. Crashes
// themselves are in the event log, not in the metabase.
func rapidFail(p *pass) {
	found := map[source.Span]*Finding{}
	var order []source.Span
	for pool := range p.tree.Children(pools) {
		on, _ := pool.Effective("RapidFailProtection").Bool()
		v := pool.Effective("RapidFailProtectionMaxCrashes")
		if n, ok := v.Uint(); !on || !ok || n != 1 || !v.IsSet() {
			continue
		}
		f := found[v.Span()]
		if f == nil {
			f = oneCrash(v)
			found[v.Span()] = f
			order = append(order, v.Span())
		}
		f.Affects = append(f.Affects, pool.Path().Name())
	}
	for _, at := range order {
		f := found[at]
		f.sign.kernel = func(e weblog.Error) bool { return e.Reason == "AppOffline" && containsFold(f.Affects, e.Queue) }
		f.sign.event = func(g eventlog.Group) bool {
			return g.Source == eventlog.W3SVC && g.ID == 1002 && g.Subject.Kind == eventlog.Pool && containsFold(f.Affects, g.Subject.Name)
		}
		p.report(*f)
	}
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
