package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// The columns without which one refusal cannot be told from another (IIScnfg.h).
const (
	logSubstatus = 0x200000
	logWin32     = 0x800
)

// w3cFormat is the class of the W3C Extended log format, as setup writes it.
const w3cFormat = "{FF160663-DE82-11CF-BC0A-00AA006111E0}"

// logBlind: a site that writes no log, or one without the columns that tell a prohibited
// extension (404.2) from a missing MIME type (404.3) and a missing file.
func logBlind(p *pass) {
	p.loggingOff()
	p.notLogged()
	p.missingColumns()
}

// siteValues gives the values of a property that are in force at started sites and are
// wanted.
func (p *pass) siteValues(property string, wanted func(metabase.Value) bool) []*setting {
	var found byPlace[setting]
	asked := p.tree.Question(property)
	for _, s := range p.sites().all {
		if v := asked.Effective(s.key); s.starts && v.IsSet() && wanted(v) {
			use, _ := found.get(v.Span())
			use.value, use.keys = v, append(use.keys, s.key)
		}
	}
	return found.order
}

func (p *pass) loggingOff() {
	off := func(v metabase.Value) bool { n, ok := v.Uint(); return ok && n == 0 }
	for _, use := range p.siteValues("LogType", off) {
		f := use.blind(fmt.Sprintf("Logging is switched off for %s: no request of it can be looked up", use.sites()))
		f.Remedies = []Remedy{{
			Title: "Switch logging on",
			Steps: []string{"In IIS Manager: the site's Properties, Web Site tab: Enable logging, W3C Extended Log File Format."},
			Edits: []snapshot.Edit{setNumber(string(use.value.Key), use.value.Property, 1)},
		}}
		p.report(f)
	}
}

// notLogged: DontLog keeps requests below a key out of the log. For a whole site that is
// a warning; for directories of a site a fact to know, told once.
func (p *pass) notLogged() {
	parts := map[metabase.Path]*Finding{} // by site
	var order []*Finding
	for key, v := range p.tree.SettersOf("DontLog", switchedOn) {
		if !service.Contains(key.Path()) {
			continue
		}
		site, rel, below := splitSite(key.Path())
		if !below {
			p.leftOutAbove(key, v)
			continue
		}
		at, known := p.tree.Key(site)
		if !known || !startsItself(at) {
			continue
		}
		if rel == "" {
			p.report(notLogged(p, v, key))
			continue
		}
		f := parts[site]
		if f == nil {
			part := notLogged(p, v, key)
			part.Severity = Info
			f = &part
			parts[site] = f
			order = append(order, f)
		} else {
			f.Affects = append(f.Affects, string(key.Path()))
		}
	}
	for _, f := range order {
		if n := len(f.Affects) - 1; n > 0 {
			f.Message += fmt.Sprintf("; the same holds at %s", count(n, "more key"))
		}
		p.report(*f)
	}
}

// leftOutAbove speaks of DontLog at the service or a site, where a started site inherits
// it.
func (p *pass) leftOutAbove(key metabase.Key, v metabase.Value) {
	var below []site
	if at := p.sites().byPath[key.Path().Fold()]; at != nil {
		below = []site{*at}
	} else if key.Path().Equal(service) {
		below = p.sites().all
	}
	for _, s := range below {
		if s.starts && s.root != (metabase.Key{}) && s.root.Effective("DontLog").Span() == v.Span() {
			p.report(notLogged(p, v, s.root))
			return
		}
	}
}

func notLogged(p *pass, v metabase.Value, key metabase.Key) Finding {
	return Finding{
		Message: fmt.Sprintf("Requests for %s are not logged (DontLog)", p.addressOf(key)),
		Span:    v.Span(), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: v.Key, Affects: []string{string(key.Path())},
		Remedies: []Remedy{{
			Title: "Log the visits",
			Steps: []string{"In IIS Manager: Properties, Home Directory, Virtual Directory or Directory tab: Log visits."},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Set, Value: "FALSE"}},
		}},
	}
}

// missingColumns: an absent LogExtFileFlags says nothing, and other formats than W3C
// have fixed columns.
func (p *pass) missingColumns() {
	lacks := func(v metabase.Value) bool {
		n, ok := v.Uint()
		return ok && (n&logSubstatus == 0 || n&logWin32 == 0)
	}
	for _, use := range p.siteValues("LogExtFileFlags", lacks) {
		if use.noW3C() {
			continue
		}
		n, _ := use.value.Uint()
		message := fmt.Sprintf("The log of %s has no sc-substatus: a prohibited extension (404.2), an unknown type (404.3) and a missing file look the same in it", use.sites())
		f := use.blind(message)
		if n&logSubstatus != 0 {
			f.Message = fmt.Sprintf("The log of %s has no sc-win32-status, which tells why a request was refused", use.sites())
			f.Severity = Info
		}
		f.Remedies = []Remedy{{
			Title: "Log substatus and Win32 status",
			Steps: []string{"In IIS Manager: the site's Properties, Web Site tab, Logging Properties, Advanced: Protocol Substatus, Win32 Status."},
			Edits: []snapshot.Edit{setNumber(string(use.value.Key), use.value.Property, n|logSubstatus|logWin32)},
		}}
		p.report(f)
	}
}

// noW3C reports whether the sites log in another format or not at all.
func (u *setting) noW3C() bool {
	for _, site := range u.keys {
		format := site.Effective("LogPluginClsid")
		on, ok := site.Effective("LogType").Uint()
		if (!format.IsSet() || strings.EqualFold(format.Text(), w3cFormat)) && (!ok || on != 0) {
			return false
		}
	}
	return true
}

func (u *setting) sites() string {
	if len(u.keys) == 1 {
		return "site " + u.keys[0].Path().Name()
	}
	return count(len(u.keys), "site")
}

func (u *setting) blind(message string) Finding {
	v := u.value
	f := Finding{Message: message, Span: v.Span(), Key: u.keys[0].Path(), Property: v.Property, Value: v.Text(), Origin: v.Key}
	for _, key := range u.keys {
		f.Affects = append(f.Affects, string(key.Path()))
	}
	return f
}
