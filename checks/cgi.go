package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// processRights are what an account needs to start a process as somebody else, with
// the names that Local Security Policy shows (S1, cc779635).
var processRights = [...]struct{ privilege, name string }{
	{"SeAssignPrimaryTokenPrivilege", "Replace a process level token"},
	{"SeIncreaseQuotaPrivilege", "Adjust memory quotas for a process"},
}

// cgiUse is a CGI program, or a script map to one, and the account whose process is
// to start it.
type cgiUse struct {
	dir     directory
	url     string
	pool    string
	account string
}

// lackingRights is one place of the security policy where accounts are missing.
type lackingRights struct {
	rights   []int // in processRights
	accounts []string
	uses     []cgiUse
}

// cgiRights: the pool that CGI programs run in works under an account without the
// rights to start them (S1, "CGI processes will not start").
func cgiRights(p *pass) {
	if p.isolated() {
		return
	}
	var found byPlace[lackingRights]
	var places []source.Span
	for _, use := range p.cgiUses() {
		for i, right := range processRights {
			if use.account == localSystem || p.snapshot.Rights.Holds(right.privilege, iis.ProcessToken(use.account)...) != snapshot.No {
				continue
			}
			at := p.snapshot.Rights.At(right.privilege)
			l, fresh := found.get(at)
			if fresh {
				places = append(places, at)
			}
			l.note(i, use)
		}
	}
	for i, l := range found.order {
		p.report(l.finding(p, places[i]))
	}
}

// cgiUses are the CGI programs of the content, and for pools without one the script
// maps that lead to a program: IIS is installed without any.
func (p *pass) cgiUses() (all []cgiUse) {
	seen := map[string]bool{} // pools
	add := func(d directory, key metabase.Path, url string) {
		pool, account := p.runsAs(key)
		seen[strings.ToLower(pool)] = true
		all = append(all, cgiUse{d, url, pool, account})
	}
	for _, f := range p.contentFiles() {
		if processor := f.processor(); processor != "" && f.meant() && iis.HandlerOf(processor) == iis.CGI {
			add(f.dir, f.key, f.url)
		}
	}
	lists := p.tree.Question("ScriptMaps")
	for _, d := range p.served() {
		maps := p.factsOf(lists.Effective(d.key)).maps
		i := slices.IndexFunc(maps, func(m iis.ScriptMap) bool { return iis.HandlerOf(m.Processor) == iis.CGI })
		if i < 0 {
			continue
		}
		if pool, _ := p.runsAs(d.key.Path()); !seen[strings.ToLower(pool)] {
			add(d, d.key.Path(), d.url+"default"+strings.TrimPrefix(maps[i].Extension, "*"))
		}
	}
	return all
}

func (l *lackingRights) note(right int, use cgiUse) {
	if !slices.Contains(l.rights, right) {
		l.rights = append(l.rights, right)
	}
	if !containsFold(l.accounts, use.account) {
		l.accounts = append(l.accounts, use.account)
	}
	if !slices.Contains(l.uses, use) {
		l.uses = append(l.uses, use)
	}
}

func (l *lackingRights) finding(p *pass, at source.Span) Finding {
	var names, pools []string
	for _, i := range l.rights {
		names = append(names, fmt.Sprintf("%q (%s)", processRights[i].name, processRights[i].privilege))
	}
	for _, use := range l.uses {
		if !containsFold(pools, use.pool) {
			pools = append(pools, use.pool)
		}
	}
	f := Finding{
		Message: fmt.Sprintf("%s, as whom application pool %q runs, lacks the right %s: its CGI programs are not started, and requests for them are answered 403.19",
			l.accounts[0], pools[0], strings.Join(names, " and ")),
		Span: at, Property: processRights[l.rights[0]].privilege, Value: strings.TrimSpace(string(at.Bytes())),
		Witness:  p.witness(l.uses[0].dir, l.uses[0].url),
		Remedies: []Remedy{l.grant(p)},
		sign: sign{request: answered(nil, "403.19"), row: eachRow(func(r weblog.Request, path string) bool {
			d, ok := p.dirOf(r.Site, path)
			if !ok {
				return false
			}
			pool, _ := p.runsAs(d.site.Path().Join("ROOT").Join(path))
			return containsFold(pools, pool)
		})},
	}
	for _, use := range l.uses {
		f.Affects = append(f.Affects, use.url)
	}
	return f
}

func (l *lackingRights) grant(p *pass) Remedy {
	r := Remedy{Title: "Give the account the right", Steps: []string{
		"Administrative Tools, Local Security Policy, Local Policies, User Rights Assignment: open the right, Add User or Group, enter the account.",
		"Without ntrights, which comes with the Windows Server 2003 Resource Kit Tools: add the account to the line of the right in an export of secedit, then run secedit /configure /db rights.sdb /cfg rights.inf /areas USER_RIGHTS.",
	}}
	for _, account := range l.accounts {
		r.Edits = append(r.Edits, p.joinGroup(account)...)
		if p.snapshot.WorkerGroup.Has(account) == snapshot.Unknown {
			r.Steps = append(r.Steps, fmt.Sprintf("Make sure that the account is in the group IIS_WPG, which %s shows: %s %s /add", listGroup, listGroup, account))
		}
	}
	r.Steps = append(r.Steps, "Restart the application pool: rights count from the next logon on.")
	for _, i := range l.rights {
		for _, account := range l.accounts {
			r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditRight, Target: processRights[i].privilege, Op: metabase.Add, Value: account})
		}
	}
	return r
}
