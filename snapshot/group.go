package snapshot

import (
	"maps"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// WorkerGroupName is the group of the accounts that application pools may run as
// (KB812614). On a domain controller it is a group of the domain.
const WorkerGroupName = "IIS_WPG"

// WorkerGroup says who is in IIS_WPG, as net localgroup lists it. A nil WorkerGroup
// knows only the accounts that need not be in it.
type WorkerGroup struct {
	at     source.Span         // the line that names the group
	byName map[string][]Holder // the members, by their names without a domain, folded
	unsure map[string]bool     // members that may be groups, folded
	all    bool                // a member that every account belongs to
	cut    bool                // the end of the list is missing
}

// alwaysIn run worker processes by what they are: SYSTEM, LOCAL SERVICE and NETWORK
// SERVICE (cc736455).
var alwaysIn = []string{"S-1-5-18", "S-1-5-19", "S-1-5-20"}

// everybody are groups of which every account is a member: Everyone and
// Authenticated Users.
var everybody = []string{"S-1-1-0", "S-1-5-11"}

// administrator is the built-in account, folded as names are.
var administrator = foldAccount("Administrator")

// Has reports whether an account is in the group, by itself or by a group that is. A
// list names groups like accounts and does not say who is in them, so it is Unknown
// where the account is not listed and a member may be a group. It is Unknown too for
// names that a list writes otherwise: user@domain, and letters beyond ASCII; and for the
// built-in administrator, who has by another group what this one gives.
func (g *WorkerGroup) Has(account string) Known {
	_, name, _ := cutDomain(account)
	switch {
	case slices.Contains(alwaysIn, AccountSID(account)):
		return Yes
	case g == nil || name == "":
		return Unknown
	case g.all:
		return Yes
	}
	for _, m := range g.byName[foldAccount(name)] {
		if sameAccount(m.Account, account) == Yes {
			return Yes
		}
	}
	if g.cut || len(g.unsure) > 0 || foldAccount(name) == administrator || strings.ContainsFunc(account, func(r rune) bool { return r == '@' || r >= 0x80 }) {
		return Unknown
	}
	return No
}

// At is the line that names the group, zero without a list.
func (g *WorkerGroup) At() source.Span {
	if g == nil {
		return source.Span{}
	}
	return g.at
}

// add notes a member.
func (g *WorkerGroup) add(m Holder) {
	_, name, _ := cutDomain(m.Account)
	fold := foldAccount(name)
	g.byName[fold] = append(g.byName[fold], m)
	switch {
	case slices.Contains(everybody, m.SID):
		g.all = true
	case !slices.Contains(alwaysIn, m.SID) && !isUser(m.Account):
		g.unsure[foldAccount(m.Account)] = true
	}
}

// settle takes the names under which pools of the same server run for users: nobody
// can log on as a group.
func (g *WorkerGroup) settle(t *metabase.Tree) {
	for pool := range t.Children("/LM/W3SVC/AppPools") {
		user, _ := pool.Own("WAMUserName")
		_, name, _ := cutDomain(user.Text())
		for _, m := range g.byName[foldAccount(name)] {
			if sameAccount(m.Account, user.Text()) == Yes {
				delete(g.unsure, foldAccount(m.Account))
			}
		}
	}
}

// with gives the group after the edits; g itself stays as it is.
func (g *WorkerGroup) with(edits []Edit) *WorkerGroup {
	if g == nil || len(edits) == 0 {
		return g
	}
	after := *g
	after.byName = maps.Clone(g.byName)
	for _, e := range edits {
		_, name, _ := cutDomain(e.Value)
		if e.Op == metabase.Add && strings.EqualFold(e.Target, WorkerGroupName) && name != "" {
			fold := foldAccount(name)
			after.byName[fold] = append(slices.Clone(after.byName[fold]), Holder{Account: e.Value, SID: AccountSID(e.Value), At: g.at})
		}
	}
	return &after
}
