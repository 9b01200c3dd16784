package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
)

// webDAV is what carries out PUT, and what sends the source of a page to whoever asks
// with the header Translate: f.
const webDAV = `%windir%\system32\inetsrv\httpext.dll`

// accessWriteScript: a directory that visitors may write to and whose pages run: what
// somebody puts there runs on the server. That is no documented failure, but follows
// from the two rights (cc738501).
func accessWriteScript(p *pass) {
	for _, s := range p.settings("AccessFlags", writeAndRun) {
		v, f := s.value, s.finding()
		if engine := s.ownEngine(p); engine != "" {
			p.report(leftToEngine(f, s.place(), engine))
			continue
		}
		f.Message = fmt.Sprintf("Visitors may write to %s, and what lies there may run: who puts a page there runs it on the server", s.place())
		if !p.model.Restriction(webDAV).Allowed {
			f.Message += ". WebDAV, by which most programs write, is prohibited at present"
		}
		f.Remedies = []Remedy{{
			Title: "Take Write away",
			Steps: []string{"In IIS Manager: Properties, Home Directory, Virtual Directory or Directory tab: clear Write."},
		}, {
			Title: "Let nothing run there",
			Steps: []string{"In IIS Manager: Properties, Home Directory, Virtual Directory or Directory tab, Execute permissions: None."},
			Risk:  "pages and programs that lie there now no longer work",
		}}
		f.Remedies[0].Edits = append(f.Remedies[0].Edits, setFlags(v, s.keys[0].Path(), 0, accessWrite))
		f.Remedies[1].Edits = append(f.Remedies[1].Edits, setFlags(v, s.keys[0].Path(), 0, accessScript|accessExecute))
		p.report(f)
	}
}

// leftToEngine: the program decides what is written and what runs, and may need both
// rights, as Outlook Web Access does.
func leftToEngine(f Finding, place, engine string) Finding {
	f.Severity = Info
	f.Message = fmt.Sprintf("Visitors may write to %s, and what lies there may run. %s takes every request for it first and decides what is written", place, engine)
	f.Remedies = []Remedy{{
		Title: "Leave the rights that the program needs",
		Steps: []string{
			fmt.Sprintf("Ask the manual of %s which rights it needs. Outlook Web Access of Exchange needs Read, Write, Script source access and Scripts: leave them.", engine),
		},
	}}
	return f
}

// ownEngine is the program to which script maps of * hand every request, PUT among
// them, wherever the value is in force; "" where there is none. ASP.NET is not meant:
// it hands back what it does not know.
func (s *setting) ownEngine(p *pass) (engine string) {
	for _, k := range s.keys {
		list := p.model.ScriptMaps(k.Effective("ScriptMaps"))
		i := slices.IndexFunc(list.Maps, func(m iis.ScriptMap) bool {
			return m.Extension == "*" && m.Flags&4 == 0 && m.Allows("PUT") && iis.HandlerOf(m.Processor) == iis.ISAPI && !isASPNET(m.Processor)
		})
		if i < 0 || list.Bad != nil {
			return ""
		}
		engine = engineOf(list.Maps[i].Processor)
	}
	return engine
}

func writeAndRun(v metabase.Value) bool {
	return v.Has("AccessWrite") && (v.Has("AccessScript") || v.Has("AccessExecute"))
}

// accessSourceOpen: Source access with Read or Write lets WebDAV hand out, or change,
// the source of pages instead of running them. While WebDAV is prohibited nothing
// does so.
func accessSourceOpen(p *pass) {
	for _, s := range p.settings("AccessFlags", sourceOpen) {
		if s.ownEngine(p) != "" {
			continue // WebDAV never gets the requests
		}
		v, what := s.value, "read"
		switch {
		case v.Has("AccessRead") && v.Has("AccessWrite"):
			what = "read and change"
		case v.Has("AccessWrite"):
			what = "change"
		}
		f := s.finding()
		f.Message = fmt.Sprintf("Visitors with WebDAV may %s the source of the pages of %s instead of what the pages put out", what, s.place())
		if !p.model.Restriction(webDAV).Allowed {
			f.Severity = Info
			f.Message += ", once WebDAV is allowed; at present it is prohibited"
		}
		f.Remedies = []Remedy{{
			Title: "Take Script source access away",
			Steps: []string{
				"In IIS Manager: Properties, Home Directory, Virtual Directory or Directory tab: clear Script source access.",
				"If authors need it, give it only to a site or directory where they must log on.",
			},
		}}
		f.Remedies[0].Edits = append(f.Remedies[0].Edits, setFlags(v, s.keys[0].Path(), 0, accessSource))
		p.report(f)
	}
}

func sourceOpen(v metabase.Value) bool {
	return v.Has("AccessSource") && (v.Has("AccessRead") || v.Has("AccessWrite"))
}

// remoteClosed are the rights that a flag takes from visitors who are not at the server.
var remoteClosed = [...]struct {
	right, remote, what string
	flag                uint32
}{
	{"AccessRead", "AccessNoRemoteRead", "files", accessNoRemoteRead},
	{"AccessScript", "AccessNoRemoteScript", "pages", accessNoRemoteScript},
	{"AccessExecute", "AccessNoRemoteExecute", "programs", accessNoRemoteExecute},
}

// accessNoRemote: flags by which the server itself gets what every other computer is
// refused with 403.2 (files) or 403.1 (pages and programs). Below the top of a site
// that can be meant, so it is a warning there until logs show refused visitors.
func accessNoRemote(p *pass) {
	for _, s := range p.settings("AccessFlags", closedRemotely) {
		var closed []string
		flags, all := uint32(0), uint32(0)
		for _, c := range remoteClosed {
			if all |= c.flag; s.value.Has(c.right) && s.value.Has(c.remote) {
				closed, flags = append(closed, c.what), flags|c.flag
			}
		}
		if flags == 0 || !p.servesOthers(s) {
			continue
		}
		f := s.finding()
		f.Message = fmt.Sprintf("%s of %s are sent to the server itself only: visitors from other computers are refused", capital(and(closed)), s.place())
		f.Witness = p.witness(s.directory(), s.remoteURL(p, flags))
		f.sign = sign{request: answered(nil, "403.1", "403.2"), row: p.whereInForce(s.value)}
		if own := administratorsOwn(s.value.Key); own != "" {
			f.Severity, f.Remedies = Info, []Remedy{leaveClosed(own)}
			f.Message += ". Windows 2000 sets this directory up so, for the administrator"
			p.report(f)
			continue
		}
		if _, rel, ok := splitSite(s.value.Key); ok && rel != "" && !p.forbids(s.value, 1, 2) {
			f.Severity = Warning
			f.Message += ". That is right for pages of the administrator only"
		}
		f.Remedies = []Remedy{{
			Title: "Let other computers in",
			Steps: []string{"Set AccessFlags with the command below."},
		}}
		f.Remedies[0].Edits = append(f.Remedies[0].Edits, setFlags(s.value, s.keys[0].Path(), 0, all))
		p.report(f)
	}
}

// administratorsOwn is the directory of a site in which a key lies that IIS 5.0 sets up
// for the administrator at the server, and that an upgrade keeps; "" for another.
func administratorsOwn(key metabase.Path) string {
	_, rel, _ := splitSite(key)
	top, _, _ := strings.Cut(rel, "/")
	for _, name := range [...]string{"IISAdmin", "IISHelp", "IISSamples"} {
		if strings.EqualFold(top, name) {
			return name
		}
	}
	return ""
}

func leaveClosed(name string) Remedy {
	if name == "IISSamples" {
		return Remedy{Title: "Delete the samples", Steps: []string{
			"Samples do not belong on a server that others reach. In IIS Manager: right-click IISSamples, Delete. Then delete its folder, as installed C:\\Inetpub\\iissamples.",
		}}
	}
	return Remedy{Title: "Leave it closed", Steps: []string{
		fmt.Sprintf("%s is for the administrator at the server: open it to nobody else. If you do not use it, delete the virtual directory in IIS Manager.", name),
	}}
}

func closedRemotely(v metabase.Value) bool {
	flags, _ := v.Uint()
	return flags&(accessNoRemoteRead|accessNoRemoteScript|accessNoRemoteExecute) != 0
}

// remoteURL is a request that meets the closed right: for files the directory, for
// pages and programs one that is mapped.
func (s *setting) remoteURL(p *pass, closed uint32) string {
	url := s.directory().url
	if closed&accessNoRemoteRead != 0 {
		return url
	}
	for _, m := range p.model.ScriptMaps(s.keys[0].Effective("ScriptMaps")).Maps {
		if (m.Flags&1 != 0) == (closed&accessNoRemoteScript != 0) && m.Extension != "*" {
			return url + "default" + m.Extension
		}
	}
	return url + "default.exe"
}

// servesOthers reports whether one of the sites has a binding to another address than
// that of the server's own loop.
func (p *pass) servesOthers(s *setting) bool {
	return slices.ContainsFunc(p.model.Bindings(), func(b iis.Binding) bool {
		return !ownLoop(b) &&
			slices.ContainsFunc(s.keys, func(k metabase.Key) bool { return b.Site.Contains(k.Path()) })
	})
}

// forbids reports whether rows of the logs have 403 with one of the substatuses for
// paths at which the value counts.
func (p *pass) forbids(v metabase.Value, substatuses ...int) bool {
	counts := p.whereInForce(v)
	for i := range p.requests() {
		g := &p.requests()[i]
		if g.Key.Status != 403 || !slices.Contains(substatuses, g.Key.Substatus) || counts.in(g) == 0 {
			continue
		}
		for _, u := range g.URLs[:min(len(g.URLs), maxLoggedURLs)] {
			if counts.has(g.Key, u.Path) {
				return true
			}
		}
	}
	return false
}

// and joins words: "files, pages and programs".
func and(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func capital(s string) string { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }
