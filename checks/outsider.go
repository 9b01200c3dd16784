package checks

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// listGroup shows who may run worker processes.
const listGroup = "net localgroup " + snapshot.WorkerGroupName

// outsider is an account that is known not to be in IIS_WPG, and the pools that are to
// run as it.
type outsider struct {
	user  metabase.Value
	pools []metabase.Key
}

// outsideGroup reports whether a pool is to run as a user who is known not to be in the
// group IIS_WPG, and gives the value that names the user.
func (p *pass) outsideGroup(pool metabase.Key) (user metabase.Value, is bool) {
	if p.snapshot.WorkerGroup == nil || !specificUser(pool) {
		return metabase.Value{}, false
	}
	user = pool.Effective("WAMUserName")
	return user, p.snapshot.WorkerGroup.Has(user.Text()) == snapshot.No
}

func (o *outsider) finding(p *pass) Finding {
	at := p.snapshot.WorkerGroup.At().Pos()
	f := Finding{
		Message: fmt.Sprintf("The worker processes of %s are to run as %s, which is not in the group IIS_WPG (listed at %s:%d): none can start, and every request is answered 503",
			poolNames(o.pools), o.user.Text(), at.File, at.Line),
		Span: o.user.Span(), Key: o.pools[0].Path(), Property: o.user.Property, Value: o.user.Text(), Origin: o.user.Key,
		Remedies: []Remedy{{
			Title: "Add the account to the group IIS_WPG",
			Steps: []string{
				"In Computer Management: Local Users and Groups, Groups, IIS_WPG, Add. On a domain controller: Active Directory Users and Computers, IIS_WPG, Members.",
				"Start the pool again: Application Pools, the pool, Start.",
			},
			Edits: p.joinGroup(o.user.Text()),
		}},
	}
	network := toNetworkService(o.pools[0].Path())
	for _, pool := range o.pools[1:] {
		network.Edits = append(network.Edits, toNetworkService(pool.Path()).Edits...)
	}
	f.Remedies = append(f.Remedies, network)
	p.notStarted(&f, o.pools)
	return f
}

// joinGroup adds an account to IIS_WPG that is known not to be in it.
func (p *pass) joinGroup(account string) []snapshot.Edit {
	if p.snapshot.WorkerGroup.Has(account) != snapshot.No {
		return nil
	}
	return []snapshot.Edit{{Kind: snapshot.EditGroup, Target: snapshot.WorkerGroupName, Op: metabase.Add, Value: account}}
}
