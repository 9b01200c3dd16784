package checks

import (
	"fmt"
	"slices"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// Settings of the timers of HTTP.sys as installed (ms525597, ms525223), and from where
// on a setting is doubted: times in seconds that a slow line or a browser between two
// clicks needs, and the bytes a second of a modem.
const (
	installedIdle, mostIdle = 120, 65535
	installedRate           = 240
	hurriedIdle             = 10
	hurriedHead             = 10
	shortHead               = 30
	modemRate               = 4000
)

// Reasons of HTTP.sys for connections that it ends by a timer (KB820729).
const (
	idleTimer = "Timer_ConnectionIdle"
	bodyTimer = "Timer_EntityBody"
	poolTimer = "Timer_AppPool"
	headTimer = "Timer_HeaderWait"
	rateTimer = "Timer_MinBytesPerSecond"
)

// idleConnection: a ConnectionTimeout that IIS replaces, or that is shorter than what
// clients need (S1, "Client requests error-out or time-out").
func idleConnection(p *pass) {
	unusual := func(v metabase.Value) bool { n, ok := v.Uint(); return ok && (n < installedIdle || n > mostIdle) }
	if !p.anywhere("ConnectionTimeout", unusual) {
		return
	}
	for _, s := range p.settings("ConnectionTimeout", setByKey) {
		n, ok := s.value.Uint()
		if !ok || !s.value.IsSet() {
			continue
		}
		f := settingFinding(s.value)
		f.Affects = s.paths()
		f.sign.kernel = s.timedOut(idleTimer, bodyTimer, poolTimer)
		switch {
		case n < 1 || n > mostIdle:
			f.Certainty, f.sign.kernel = Proven, nil
			f.Message = fmt.Sprintf("The connection time-out of %d seconds is outside of the range 1 to %d: IIS takes %d", n, mostIdle, installedIdle)
		case n < hurriedIdle:
			f.Message = fmt.Sprintf("Connections to %s are ended after %s without a byte: slow clients are cut off, kept connections are of little use", s.place(), count(int(n), "second"))
			f.Missing = "the HTTP error log (HTTPERR) would show Timer_ConnectionIdle, Timer_EntityBody or Timer_AppPool if clients are cut off"
		case n < installedIdle:
			f.sign.kernel = s.timedOut(bodyTimer, poolTimer)
			f.Message = fmt.Sprintf("Requests to %s were given up after the connection time-out of %s, which is less than the usual two minutes", s.place(), count(int(n), "second"))
			if !p.inKernelLog(f.sign.kernel) {
				continue
			}
		default:
			continue
		}
		f.Remedies = []Remedy{setBack(s.value, "120", "Wait the usual two minutes",
			"In IIS Manager: the site's Properties, Web Site tab: Connection timeout 120 seconds.")}
		p.report(f)
	}
}

// headerWait: a HeaderWaitTimeout in which slow clients cannot send their headers.
func headerWait(p *pass) {
	v := p.tree.Effective(service, "HeaderWaitTimeout")
	n, ok := v.Uint()
	if !ok || !v.IsSet() || n == 0 || n >= shortHead {
		return
	}
	f := settingFinding(v)
	f.sign.kernel = timer(headTimer)
	if n >= hurriedHead && !p.inKernelLog(f.sign.kernel) {
		return
	}
	f.Message = fmt.Sprintf("A client has %s to send all headers of its request: slow ones are reset", count(int(n), "second"))
	f.Missing = "the HTTP error log (HTTPERR) would show Timer_HeaderWait if clients are reset"
	f.Remedies = []Remedy{setBack(v, "120", "Give clients two minutes for their headers",
		"IIS Manager does not show this setting; use the command.")}
	p.report(f)
}

// slowDownload: a MinFileBytesPerSec that clients on slow lines do not reach.
func slowDownload(p *pass) {
	v := p.tree.Effective(service, "MinFileBytesPerSec")
	n, ok := v.Uint()
	if !ok || !v.IsSet() || n <= installedRate {
		return
	}
	f := settingFinding(v)
	f.sign.kernel = timer(rateTimer)
	f.Severity = Error
	if !p.inKernelLog(f.sign.kernel) {
		if f.Severity = Warning; n < modemRate {
			return
		}
	}
	f.Message = fmt.Sprintf("HTTP.sys ends connections on which less than %s bytes a second move: clients on slow lines cannot finish their downloads", thousands(int(n)))
	f.Missing = "the HTTP error log (HTTPERR) would show Timer_MinBytesPerSecond if downloads are cut off"
	f.Remedies = []Remedy{setBack(v, "240", "Ask for no more than the usual 240 bytes a second",
		"IIS Manager does not show this setting; use the command.")}
	p.report(f)
}

// settingFinding begins what is said of a value that is set.
func settingFinding(v metabase.Value) Finding {
	return Finding{Severity: Warning, Span: v.Span(), Key: v.Key, Property: v.Property, Value: v.Text(), Origin: v.Key}
}

func setBack(v metabase.Value, to, title, step string) Remedy {
	return Remedy{Title: title, Steps: []string{step},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(v.Key), Property: v.Property, Op: metabase.Set, Value: to}}}
}

// timer is a sign in HTTPERR. Most rows of timers name no site.
func timer(reasons ...string) func(weblog.Error) bool {
	return func(e weblog.Error) bool { return slices.Contains(reasons, e.Reason) }
}

// timedOut is a timer's sign for the sites where the setting is in force.
func (s *setting) timedOut(reasons ...string) func(weblog.Error) bool {
	sites := map[string]bool{"": true}
	for _, key := range s.keys {
		site, _, _ := splitSite(key.Path())
		sites[site.Name()] = true
	}
	return func(e weblog.Error) bool { return slices.Contains(reasons, e.Reason) && sites[e.Site] }
}

func (p *pass) inKernelLog(wanted func(weblog.Error) bool) bool {
	return slices.ContainsFunc(p.kernelErrors(), func(g weblog.Group[weblog.Error]) bool { return wanted(g.Key) })
}
