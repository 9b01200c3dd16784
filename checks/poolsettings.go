package checks

import (
	"slices"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

const pools = metabase.Path("/LM/W3SVC/AppPools")

// poolSetting is one value of a property and the application pools where it is in
// force.
type poolSetting struct {
	value metabase.Value
	pools []string // their names; a check narrows them to those that it means
	all   int      // at how many pools the value is in force
}

// poolSettings gives the values of a property that are in force at application pools
// and are wanted, each once. In IIS 5.0 isolation mode there are no pools.
func (p *pass) poolSettings(property string, wanted func(metabase.Value) bool) []*poolSetting {
	if p.isolated() {
		return nil
	}
	var found byPlace[poolSetting]
	asked := p.tree.Question(property)
	for pool := range p.tree.Children(pools) {
		v := asked.Effective(pool)
		if !wanted(v) {
			continue
		}
		s, fresh := found.get(v.Span())
		if fresh {
			s.value = v
		}
		s.pools = append(s.pools, pool.Path().Name())
		s.all++
	}
	return found.order
}

// names is the pool, or how many there are.
func (s *poolSetting) names() string {
	if len(s.pools) == 1 {
		return "application pool " + s.pools[0]
	}
	return count(len(s.pools), "application pool")
}

// set gives the property another value where it is set, or at each pool where it is
// not set or where other pools than those that are meant inherit it. One pool alone
// gets its own value too: pools made later are not meant.
func (s *poolSetting) set(value string) (edits []snapshot.Edit) {
	keys := []metabase.Path{s.value.Key}
	if !s.value.IsSet() || len(s.pools) < s.all || len(s.pools) == 1 {
		keys = nil
		for _, pool := range s.pools {
			keys = append(keys, pools.Join(pool))
		}
	}
	for _, at := range keys {
		edits = append(edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(at), Property: s.value.Property, Op: metabase.Set, Value: value})
	}
	return edits
}

// finding begins what is said of the value.
func (s *poolSetting) finding() Finding {
	v := s.value
	f := Finding{Span: v.Span(), Key: v.Key, Property: v.Property, Value: v.Text(), Origin: origin(v), Affects: s.pools}
	if !v.IsSet() {
		f.Key = pools.Join(s.pools[0])
	}
	return f
}

// kernelSign wants rows of HTTPERR with one of the reasons and a queue of one of the
// pools.
func (s *poolSetting) kernelSign(reasons ...string) func(weblog.Error) bool {
	return func(e weblog.Error) bool { return slices.Contains(reasons, e.Reason) && containsFold(s.pools, e.Queue) }
}

// eventSign wants events of the WWW service with one of the numbers about one of the
// pools.
func (s *poolSetting) eventSign(ids ...int) func(eventlog.Group) bool {
	return func(g eventlog.Group) bool {
		return g.Source == eventlog.W3SVC && slices.Contains(ids, g.ID) && g.Subject.Kind == eventlog.Pool && containsFold(s.pools, g.Subject.Name)
	}
}

// seenPools are those of the pools that logs or events speak of in the sign's way.
func (p *pass) seenPools(s *poolSetting, of sign) (seen []string) {
	for _, pool := range s.pools {
		one := func(name string) bool { return containsFold([]string{pool}, name) }
		if slices.ContainsFunc(p.kernelErrors(), func(g weblog.Group[weblog.Error]) bool { return one(g.Key.Queue) && of.kernel(g.Key) }) ||
			of.event != nil && slices.ContainsFunc(p.events(), func(g eventlog.Group) bool { return one(g.Subject.Name) && of.event(g) }) {
			seen = append(seen, pool)
		}
	}
	return seen
}
