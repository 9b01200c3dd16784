package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// Values of AppPoolIdentityType (cc736455).
const (
	asLocalSystem  = 0
	asSpecificUser = 3
)

// isolated reports whether IIS runs in IIS 5.0 isolation mode, where there are no
// application pools.
func (g *ground) isolated() bool {
	mode := g.tree.Effective(service, "IIs5IsolationModeEnabled")
	on, _ := mode.Bool()
	return on && mode.IsSet()
}

// identityLocalSystem: a pool whose processes run as LocalSystem (S1: "has access to
// almost all resources on the operating system ... You should avoid using the
// LocalSystem account when possible").
func identityLocalSystem(p *pass) {
	if p.isolated() {
		return
	}
	var found byPlace[[]metabase.Key]
	values := []metabase.Value{}
	for pool := range p.tree.Children(pools) {
		v := pool.Effective("AppPoolIdentityType")
		if n, ok := v.Uint(); !ok || n != asLocalSystem || !v.IsSet() {
			continue
		}
		list, fresh := found.get(v.Span())
		*list = append(*list, pool)
		if fresh {
			values = append(values, v)
		}
	}
	for i, list := range found.order {
		p.report(systemPools(p, values[i], *list))
	}
}

// systemPools speaks of one value and the pools for which it is in force.
func systemPools(p *pass, v metabase.Value, list []metabase.Key) Finding {
	f := Finding{
		Message: fmt.Sprintf("The worker processes of %s run as LocalSystem, which may do almost everything on this server: whoever takes over one of the pages takes over the server", poolNames(list)),
		Span:    v.Span(), Key: list[0].Path(), Property: v.Property, Value: v.Text(), Origin: v.Key,
		Remedies: []Remedy{toNetworkService(v.Key)},
	}
	for _, pool := range list {
		f.Affects = append(f.Affects, p.applications(pool.Path().Name())...)
	}
	switch n := len(f.Affects); {
	case n == 0:
		f.Message += ". No application of this metabase uses it"
	case n > 1:
		f.Message += fmt.Sprintf(". %s share this: one that really needs LocalSystem belongs into a pool of its own", count(n, "application"))
	}
	return f
}

func poolNames(list []metabase.Key) string {
	if len(list) == 1 {
		return fmt.Sprintf("application pool %q", list[0].Path().Name())
	}
	return fmt.Sprintf("%d application pools, the first %q,", len(list), list[0].Path().Name())
}

// applications are the starting points of the applications in a pool: keys with an
// AppRoot of their own.
func (g *ground) applications(pool string) (all []string) {
	for _, d := range g.members()[strings.ToLower(pool)] {
		if root, own := d.key.Own("AppRoot"); own && strings.EqualFold(root.Text(), string(d.key.Path())) {
			all = append(all, string(d.key.Path()))
		}
	}
	return all
}

// findMembers gives the virtual directories in each pool, and the applications that begin
// at others.
func (g *ground) findMembers() map[string][]*directory {
	members := map[string][]*directory{}
	asked := g.tree.Question("AppPoolId")
	all := slices.Concat(g.directories(), g.plainApplications())
	for i := range all {
		pool := strings.ToLower(asked.Effective(all[i].key).Text())
		members[pool] = append(members[pool], &all[i])
	}
	return members
}

// toNetworkService is the account that setup gives to every pool.
func toNetworkService(key metabase.Path) Remedy {
	return Remedy{
		Title: "Run the pool as Network Service",
		Steps: []string{
			"In IIS Manager: Application Pools, the pool's Properties, Identity tab: Predefined, Network Service.",
			"If an application is then denied access, give Network Service (or the group IIS_WPG) just the rights on files and registry keys that it lacks.",
			"If it needs LocalSystem for certain, move it alone into a new pool and a virtual directory of its own; or give a configurable account the right Act as part of the operating system, which is still a risk.",
		},
		Risk:  "an application that relied on LocalSystem may be denied access until it was given the rights",
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(key), Property: "AppPoolIdentityType", Op: metabase.Set, Value: "2"}},
	}
}

// poolIdentityIncomplete: a pool that is to run as a specific user, whose name or
// password is missing, or who is not in the group IIS_WPG. No worker process starts.
func poolIdentityIncomplete(p *pass) {
	if p.isolated() {
		return
	}
	var outside byPlace[outsider]
	for pool := range p.tree.Children(pools) {
		if lacks := lackingIdentity(pool); len(lacks) > 0 {
			p.report(incompletePool(p, pool, lacks))
		} else if user, is := p.outsideGroup(pool); is {
			o, _ := outside.get(user.Span())
			o.user, o.pools = user, append(o.pools, pool)
		}
	}
	for _, o := range outside.order {
		p.report(o.finding(p))
	}
}

// lackingIdentity are the values that a specific user needs and the pool has not.
func lackingIdentity(pool metabase.Key) (lacks []metabase.Value) {
	if !specificUser(pool) {
		return nil
	}
	if user := pool.Effective("WAMUserName"); user.Text() == "" {
		lacks = append(lacks, user)
	}
	if password := pool.Effective("WAMUserPass"); !password.IsSet() {
		lacks = append(lacks, password)
	}
	return lacks
}

// specificUser reports whether the pool is to run as the user whose name it stores.
func specificUser(pool metabase.Key) bool {
	kind := pool.Effective("AppPoolIdentityType")
	n, ok := kind.Uint()
	return ok && n == asSpecificUser && kind.IsSet()
}

func incompletePool(p *pass, pool metabase.Key, lacks []metabase.Value) Finding {
	name := pool.Path().Name()
	at := lacks[0]
	what := map[string]string{"WAMUserName": "no name", "WAMUserPass": "no password"}[at.Property]
	if len(lacks) == 2 {
		what = "neither name nor password"
	}
	f := Finding{
		Message: fmt.Sprintf("Application pool %q is to run as a specific user, but %s is stored for it: no worker process can start, and every request to the pool is answered 503", name, what),
		Span:    at.Span(), Key: pool.Path(), Property: at.Property, Origin: at.Key,
		Remedies: []Remedy{p.storeIdentity(pool, lacks), toNetworkService(pool.Path())},
	}
	p.notStarted(&f, []metabase.Key{pool})
	return f
}

// notStarted says what follows from pools whose worker processes do not start, and how
// logs and events show it.
func (p *pass) notStarted(f *Finding, list []metabase.Key) {
	names := map[string]bool{}
	for _, pool := range list {
		name := pool.Path().Name()
		names[strings.ToLower(name)] = true
		f.Affects = append(f.Affects, p.applications(name)...)
		if all := p.members()[strings.ToLower(name)]; len(all) > 0 && f.Witness == nil {
			f.Witness = p.witness(*all[0], all[0].url)
		}
	}
	f.sign = sign{
		kernel: func(e weblog.Error) bool { return offline(e) && names[strings.ToLower(e.Queue)] },
		event:  func(g eventlog.Group) bool { return identityRefused(g) && names[strings.ToLower(g.Subject.Name)] },
	}
	if f.Witness == nil {
		f.Severity, f.Certainty = Warning, Proven
		f.Message += ". No application of this metabase uses it"
	}
}

// identityRefused are the events of a pool whose account cannot log on: 1021 and 1057
// name the identity, 1059 the process that did not start (cc786887).
func identityRefused(g eventlog.Group) bool {
	return g.Source == eventlog.W3SVC && (g.ID == 1021 || g.ID == 1057 || g.ID == 1059) && g.Subject.Kind == eventlog.Pool
}

func (p *pass) storeIdentity(pool metabase.Key, lacks []metabase.Value) Remedy {
	r := Remedy{Title: "Store the account's name and password", Steps: []string{
		"In IIS Manager: Application Pools, the pool's Properties, Identity tab: Configurable, enter user name and password.",
		`The account must be in the group IIS_WPG: ` + listGroup + ` shows who is, net localgroup IIS_WPG DOMAIN\user /add adds it.`,
		"Start the pool again: Application Pools, the pool, Start.",
	}}
	for _, v := range lacks {
		value := map[string]string{"WAMUserName": `<DOMAIN\user>`, "WAMUserPass": "<password>"}[v.Property]
		r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(pool.Path()), Property: v.Property, Op: metabase.Set, Value: value})
	}
	account := pool.Effective("WAMUserName").Text()
	if account == "" {
		account = `<DOMAIN\user>`
	}
	r.Edits = append(r.Edits, p.joinGroup(account)...)
	return r
}
