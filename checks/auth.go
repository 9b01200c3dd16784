package checks

import (
	"fmt"
	"slices"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// The kinds of authentication of AuthFlags (IIScnfg.h).
const (
	authBasic = 0x2
	authNTLM  = 0x4
	authKinds = 0x1 | authBasic | authNTLM | 0x10 | 0x40 // with anonymous access, Digest and Passport
)

// authNone: nobody can log on: AuthFlags enables no kind of authentication (401.2), or
// anonymous access is on and its account has no name (401.1, KB318380).
func authNone(p *pass) {
	for _, s := range p.settings("AuthFlags", noLogon) {
		f := s.finding()
		f.Codes = []string{"401.2"}
		f.Message = fmt.Sprintf("AuthFlags of %s enables no kind of authentication and no anonymous access: every request is refused with 401.2", s.place())
		f.Witness = p.witness(s.directory(), s.directory().url)
		f.sign = sign{request: answered(nil, "401.2"), row: p.whereInForce(s.value)}
		f.Remedies = s.letIn()
		p.report(f)
	}
	for _, s := range p.settings("AnonymousUserName", func(v metabase.Value) bool { return v.IsSet() && v.Text() == "" }) {
		if s.keys[0].Effective("AuthFlags").Has("AuthAnonymous") {
			p.report(p.nameless(s))
		}
	}
}

// noLogon reports whether AuthFlags lets nobody in.
func noLogon(v metabase.Value) bool {
	flags, ok := v.Uint()
	return v.IsSet() && ok && flags&authKinds == 0
}

// letIn offers what asks for a logon first: whether the pages are for everybody is not
// in the metabase.
func (s *setting) letIn() []Remedy {
	const tab = "In IIS Manager: Properties, Directory Security tab, Authentication and access control, Edit: select "
	v, at := s.value, s.keys[0].Path()
	return []Remedy{{
		Title: "Let users of Windows log on",
		Steps: []string{tab + "Integrated Windows authentication."},
		Edits: []snapshot.Edit{setFlags(v, at, authNTLM, 0)},
	}, {
		Title: "Let everybody in",
		Steps: []string{tab + "Enable anonymous access."},
		Risk:  "everybody who reaches the server may then read what the anonymous account may read",
		Edits: []snapshot.Edit{setFlags(v, at, 1, 0)},
	}}
}

// nameless: the anonymous account has no name where it is in force.
func (p *pass) nameless(s *setting) Finding {
	f := s.finding()
	f.Codes = []string{"401.1"}
	f.Message = fmt.Sprintf("Anonymous access is on for %s, but AnonymousUserName is empty: there is no account to log visitors on with", s.place())
	f.Witness = p.witness(s.directory(), s.directory().url)
	f.sign = sign{request: answered(nil, "401.1"), row: p.whereInForce(s.value)}
	f.Remedies = []Remedy{{
		Title: "Name the anonymous account",
		Steps: []string{
			"In IIS Manager: Properties, Directory Security tab, Authentication and access control, Edit: user name IUSR_ with the computer's name, and its password.",
			"If a key above names the account, take the empty value out instead.",
		},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(s.value.Key), Property: s.value.Property, Op: metabase.Set, Value: "<IUSR_computername>"}},
	}}
	return f
}

// authBasicClear: Basic authentication over http sends names and passwords as plain
// text. Where SSL is required the connection hides them.
func authBasicClear(p *pass) {
	var found byPlace[setting]
	open := once(p.answersPlain)
	asked := map[metabase.Key]bool{}
	basic := func(v metabase.Value) bool { return v.Has("AuthBasic") }
	ask := func(site, key metabase.Key, v metabase.Value) {
		if asked[key] || !basic(v) || demandsSSL(key.Effective("AccessSSLFlags")) || !open(site) {
			return
		}
		asked[key] = true
		s, fresh := found.get(v.Span())
		if fresh {
			s.value, s.site = v, site
		}
		s.keys = append(s.keys, key)
	}
	p.inForceBelow("AuthFlags", basic, ask)
	plain := func(v metabase.Value) bool { return !demandsSSL(v) }
	p.inForceBelow("AccessSSLFlags", plain, func(site, key metabase.Key, _ metabase.Value) { ask(site, key, key.Effective("AuthFlags")) })
	lacks := once(p.withoutSSL)
	for _, s := range found.order {
		p.report(s.clearText(lacks(s.site) == nil))
	}
}

// answersPlain reports whether other computers can ask the site over http.
func (g *ground) answersPlain(site metabase.Key) bool {
	return slices.ContainsFunc(g.model.BindingsOf(site.Path()), func(b iis.Binding) bool { return !b.Secure && !ownLoop(b) })
}

// clearText speaks of the value; servesSSL says that its site has a certificate bound.
func (s *setting) clearText(servesSSL bool) Finding {
	f := s.finding()
	f.Message = fmt.Sprintf("Basic authentication for %s without SSL: names and passwords cross the network as plain text", s.place())
	windows := Remedy{
		Title: "Use Integrated Windows authentication instead",
		Steps: []string{
			"In IIS Manager: Properties, Directory Security tab, Authentication and access control, Edit: select Integrated Windows authentication, clear Basic authentication.",
			"Where visitors come through a proxy, which passes on no such logon, keep Basic: install a certificate and require SSL.",
		},
		Edits: []snapshot.Edit{setFlags(s.value, s.keys[0].Path(), authNTLM, authBasic)},
	}
	f.Remedies = []Remedy{windows}
	if servesSSL && len(s.keys) == 1 {
		f.Remedies = []Remedy{s.requireSSL(), windows}
	}
	return f
}

func (s *setting) requireSSL() Remedy {
	at := s.keys[0].Path()
	v := s.keys[0].Effective("AccessSSLFlags")
	edit := setFlags(v, at, 0x8, 0)
	edit.Target = string(at) // where the logon is asked for, not for all that share the value
	return Remedy{
		Title: "Require SSL",
		Steps: []string{
			"In IIS Manager: Properties, Directory Security tab, Secure communications, Edit: select Require secure channel (SSL).",
			"Links must begin with https://; requests over http are then refused with 403.4.",
		},
		Edits: []snapshot.Edit{edit},
	}
}
