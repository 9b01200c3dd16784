package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// localSystem is the account that sub-authentication needs.
const localSystem = `NT AUTHORITY\SYSTEM`

// subAuthentication is one value of AnonymousPasswordSync and where it cannot work.
type subAuthentication struct {
	value  metabase.Value
	dirs   []directory
	pools  []string // of the first directories, those that do not run as LocalSystem
	runsAs string   // the account of the first of them
	known  snapshot.Known
}

// subauthentication: AnonymousPasswordSync is TRUE, but the worker process does not
// run as LocalSystem or Iissuba.dll is not registered (S1, "Anonymous accounts
// attempting sub-authentication logon receive 401 error"). Where nothing sets the
// property it is FALSE, whatever the schema says (cc783654).
func subauthentication(p *pass) {
	if !p.anywhere("AnonymousPasswordSync", switchedOn) {
		return
	}
	registered := p.subAuthRegistered()
	var found byPlace[subAuthentication]
	sync := p.tree.Question("AnonymousPasswordSync")
	for _, d := range p.served() {
		v := sync.Effective(d.key)
		if on, _ := v.Bool(); !on || !v.IsSet() || !d.key.Effective("AuthFlags").Has("AuthAnonymous") {
			continue
		}
		pool, account := p.runsAs(d.key.Path())
		if account == localSystem && registered != snapshot.No {
			continue
		}
		s, _ := found.get(v.Span())
		s.value, s.known = v, registered
		s.dirs = append(s.dirs, d)
		if account != localSystem && !containsFold(s.pools, pool) {
			if len(s.pools) == 0 {
				s.runsAs = account
			}
			s.pools = append(s.pools, pool)
		}
	}
	for _, s := range found.order {
		p.report(s.finding(p))
	}
}

// subAuthRegistered reports whether Iissuba.dll is registered as sub-authentication
// package 132, which is how it takes the logons of IIS.
func (g *ground) subAuthRegistered() snapshot.Known {
	v, known := g.snapshot.Registry.Value(snapshot.RegMSV1, "Auth132")
	if known != snapshot.Yes {
		return known
	}
	if dll, _ := v.Str(); strings.HasPrefix(strings.ToLower(dll), "iissuba") {
		return snapshot.Yes
	}
	return snapshot.No
}

// runsAs is the pool that serves what is at a key, which may be a plain directory with an
// application of its own, and the account of its processes. The pool is "" in IIS 5.0
// isolation mode.
func (g *ground) runsAs(key metabase.Path) (pool, account string) {
	if !g.isolated() {
		pool = g.tree.Effective(key, "AppPoolId").Text()
		if pool == "" {
			pool = "DefaultAppPool"
		}
	}
	account, _ = g.model.Identity(pool)
	return pool, account
}

func (s *subAuthentication) finding(p *pass) Finding {
	var lacks []string
	if len(s.pools) > 0 {
		lacks = append(lacks, fmt.Sprintf("the worker processes of application pool %q run as %s instead of LocalSystem", s.pools[0], s.runsAs))
	}
	if s.known == snapshot.No {
		lacks = append(lacks, "Iissuba.dll is not registered")
	}
	d := s.dirs[0]
	f := Finding{
		Message: "AnonymousPasswordSync is TRUE, but " + strings.Join(lacks, ", and ") + ": IIS cannot log the anonymous user on, and visitors get 401",
		Span:    s.value.Span(), Key: d.key.Path(), Property: s.value.Property, Value: s.value.Text(), Origin: s.value.Key,
		Witness:  p.witness(d, d.url),
		sign:     sign{request: anonymousRefused, row: p.subAuthenticated(s.value)},
		Remedies: []Remedy{s.storePassword(), s.allowSubAuth()},
	}
	for _, d := range s.dirs {
		f.Affects = append(f.Affects, d.address(p))
	}
	return f
}

// anonymousRefused are rows of a logon that failed; the legs of a logon by Windows
// authentication carry an error of their own (KB907273).
func anonymousRefused(r weblog.Request) bool {
	const noCredentials = 2148074254
	return statusOf(r) == "401.1" && r.Win32 != noCredentials
}

// subAuthenticated is a sign that wants paths for which just this value is in force.
func (p *pass) subAuthenticated(v metabase.Value) pathRows {
	return eachRow(func(r weblog.Request, path string) bool {
		d, ok := p.dirOf(r.Site, path)
		return ok && d.key.Effective("AnonymousPasswordSync").Span() == v.Span()
	})
}

// storePassword is what S1's page on anonymous authentication prefers: IIS knows the
// password and logs the user on with it.
func (s *subAuthentication) storePassword() Remedy {
	account := s.dirs[0].key.Effective("AnonymousUserName").Text()
	if account == "" || !typable(account) {
		account = "IUSR_computername"
	}
	return Remedy{
		Title: "Let IIS use the anonymous user's password",
		Steps: []string{
			fmt.Sprintf("Give the account %s a new password: Computer Management, Local Users and Groups, Users, Set Password.", account),
			"Enter the same password in IIS Manager: Properties, Directory Security tab, Authentication and access control, Edit. The metabase keeps it as AnonymousUserPass.",
			"Set AnonymousPasswordSync to FALSE.",
		},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(s.value.Key), Property: s.value.Property, Op: metabase.Set, Value: "FALSE"}},
	}
}

// allowSubAuth meets the three requirements of S1.
func (s *subAuthentication) allowSubAuth() Remedy {
	r := Remedy{
		Title: "Meet what sub-authentication needs",
		Steps: []string{
			"In IIS Manager: Application Pools, the pool's Properties, Identity tab: Predefined, Local System.",
			`Register Iissuba.dll: rundll32 %windir%\system32\iissuba.dll,RegisterIISSUBA`,
		},
		Risk: "every page of the pool then runs with almost all rights on the server",
	}
	for _, pool := range s.pools {
		r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(pools.Join(pool)), Property: "AppPoolIdentityType", Op: metabase.Set, Value: "0"})
	}
	if s.known != snapshot.Yes {
		r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditRegistry, Target: snapshot.RegMSV1, Property: "Auth132", Op: metabase.Set, Value: snapshot.RegistryText("IISSUBA")})
	}
	return r
}
