package checks

import (
	"fmt"
	"strings"
	"sync"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// Defaults of IIS 6.0 in minutes (ms525914, MBSchema.xml).
const (
	installedAge     = 1740
	installedIdleEnd = 20
)

// ends is a reason for which IIS ends a worker process that is in order, and how a
// setting says so.
type ends struct {
	property string
	event    int // of the WWW service, 0 for none
	says     func(v metabase.Value, n uint32) string
	to       string // the value that switches it off, "" to take it out
	step     string
}

// reasons are in the order of the tabs of IIS Manager. Events: 1077 is KB919790's; the
// numbers of the others are inferred from the later 5074 to 5076 (dd349270).
var reasons = [...]ends{
	{"PeriodicRestartTime", 1074, func(_ metabase.Value, n uint32) string { return "every " + minutes(n) }, "0",
		"Recycling tab: clear Recycle worker processes (in minutes)."},
	{"PeriodicRestartRequests", 1075, func(_ metabase.Value, n uint32) string { return "after every " + thousands(int(n)) + " requests" }, "0",
		"Recycling tab: clear Recycle worker process (number of requests)."},
	{"PeriodicRestartSchedule", 1076, func(v metabase.Value, _ uint32) string { return "at " + strings.Join(entries(v.Text()), ", ") }, "",
		"Recycling tab: clear Recycle worker processes at the following times."},
	{"PeriodicRestartMemory", 1077, func(_ metabase.Value, n uint32) string {
		return "whenever it has taken " + thousands(int(n)) + " KB of virtual memory"
	}, "0", "Recycling tab: clear Maximum virtual memory."},
	{"PeriodicRestartPrivateMemory", 1117, func(_ metabase.Value, n uint32) string {
		return "whenever it uses " + thousands(int(n)) + " KB of memory"
	}, "0", "Recycling tab: clear Maximum used memory."},
}

// sessionRecycling: application pools whose worker processes are ended in order while
// pages of theirs keep state in Session (S1, "Worker process recycling drops
// application session state").
func sessionRecycling(p *pass) {
	uses := sync.OnceValue(p.sessionUses)
	for _, reason := range reasons {
		for _, s := range p.poolSettings(reason.property, reason.isSet) {
			n, _ := s.value.Uint()
			if reason.event == 1074 && p.bothRevert(s, n) {
				continue
			}
			f := p.losesSessions(s, uses, reason.event == 1074 && n == installedAge)
			if f == nil {
				continue
			}
			f.Message = fmt.Sprintf("The worker process of %s is recycled %s, and what pages keep in Session is lost", s.names(), reason.says(s.value, n)) + f.Message
			f.Codes = []string{fmt.Sprintf("event %d", reason.event)}
			f.sign.event = s.eventSign(reason.event)
			f.Remedies = []Remedy{neverEnd(s, reason), keepElsewhere}
			p.report(*f)
		}
	}
	webGardens(p, uses)
	idlesOut(p, uses)
}

// isSet reports whether a key sets the reason and does not switch it off.
func (e ends) isSet(v metabase.Value) bool {
	if e.to == "" {
		return v.IsSet() && len(entries(v.Text())) > 0
	}
	n, _ := v.Uint()
	return v.IsSet() && n != 0
}

// bothRevert reports an age below IdleTimeout, for which both count as not set
// (ms525914).
func (p *pass) bothRevert(s *poolSetting, age uint32) bool {
	idle, ok := p.tree.Effective(pools.Join(s.pools[0]), "IdleTimeout").Uint()
	if !ok {
		idle = installedIdleEnd
	}
	if age >= idle {
		return false
	}
	f := s.finding()
	f.Severity, f.Certainty, f.Codes = Warning, Proven, []string{}
	f.Message = fmt.Sprintf("PeriodicRestartTime of %s (%s) is less than IdleTimeout (%s): IIS takes neither, but %d and %d minutes",
		s.names(), minutes(age), minutes(idle), installedAge, installedIdleEnd)
	f.Remedies = []Remedy{{Title: "Do not recycle by time", Steps: []string{"In IIS Manager: Application Pools, the pool's Properties, " + reasons[0].step}, Edits: s.set("0")}}
	p.report(f)
	return true
}

// losesSessions begins the finding for the pools of a setting whose pages use Session;
// nil where none does. Its Message is the end of the sentence. Where content is
// missing, or the setting is the installed one, it is only information.
func (p *pass) losesSessions(s *poolSetting, uses func() map[string]*sessionUse, installed bool) *Finding {
	if installed && p.snapshot.Content.Empty() {
		return nil
	}
	var hit []string
	var urls []string
	unknown := false
	for _, pool := range s.pools {
		switch use := uses()[strings.ToLower(pool)]; {
		case use == nil:
		case len(use.pages) > 0:
			hit = append(hit, pool)
			for _, page := range use.pages {
				urls = append(urls, page.url)
			}
		case use.unknown:
			unknown = true
		}
	}
	if len(hit) > 0 {
		s.pools = hit
		f := s.finding()
		f.Severity, f.Affects = Warning, urls
		if installed {
			f.Severity = Info
		}
		f.Message = fmt.Sprintf(" (%s does)", urls[0])
		f.Missing = "events of source W3SVC in the System log would show it happening"
		return &f
	}
	if !unknown || installed {
		return nil
	}
	f := s.finding()
	f.Severity = Info
	f.Message = ", if they keep anything there"
	f.Missing = "whether pages use Session; collect the folders of the sites"
	return &f
}

func neverEnd(s *poolSetting, reason ends) Remedy {
	r := Remedy{
		Title: "Do not recycle the pool for that reason",
		Steps: []string{"In IIS Manager: Application Pools, the pool's Properties, " + reason.step},
		Risk:  "memory that an application leaks is then given back only when the pool is recycled by hand",
	}
	if reason.to == "" && len(s.pools) == s.all {
		r.Edits = []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(s.value.Key), Property: s.value.Property, Op: metabase.Remove}}
	} else { // pools that are not meant may inherit the value: those that are get one of their own
		r.Edits = s.set(reason.to)
	}
	return r
}

var keepElsewhere = Remedy{Title: "Keep the state outside of the worker process", Steps: []string{
	"Store what must outlive a recycling in a database, by a number that the visitor's cookie holds.",
	`ASP.NET can keep Session in a service of its own: <sessionState mode="StateServer"> in web.config.`,
}}

// webGardens: several worker processes share the requests of a pool, each with
// sessions of its own.
func webGardens(p *pass, uses func() map[string]*sessionUse) {
	several := func(v metabase.Value) bool { n, _ := v.Uint(); return n > 1 }
	for _, s := range p.poolSettings("MaxProcesses", several) {
		n, _ := s.value.Uint()
		if f := p.losesSessions(s, uses, false); f != nil {
			f.Message = fmt.Sprintf("%d worker processes share the requests of %s (a web garden), and none knows what pages keep in the Session of another", n, s.names()) + f.Message
			f.Codes = []string{}
			f.Missing = "no log or event shows it; a visitor's counter in Session jumps back"
			f.Remedies = []Remedy{{Title: "Let one worker process serve the pool", Steps: []string{
				"In IIS Manager: Application Pools, the pool's Properties, Performance tab, Web garden: Maximum number of worker processes 1."},
				Edits: s.set("1")}, keepElsewhere}
			p.report(*f)
		}
	}
}

// idlesOut: a process without requests is ended before its sessions time out. An
// AspSessionTimeout that is not set says nothing: it is 20 minutes as installed.
func idlesOut(p *pass, uses func() map[string]*sessionUse) {
	if p.snapshot.Content.Empty() {
		return
	}
	ended := func(v metabase.Value) bool { n, _ := v.Uint(); return n != 0 && v.IsSet() }
	for _, s := range p.poolSettings("IdleTimeout", ended) {
		n, _ := s.value.Uint()
		longest := uint32(0)
		for _, pool := range s.pools {
			if use := uses()[strings.ToLower(pool)]; use != nil && len(use.pages) > 0 {
				longest = max(longest, use.minutes)
			}
		}
		if longest <= n {
			continue
		}
		if f := p.losesSessions(s, uses, false); f != nil {
			f.Message = fmt.Sprintf("The worker process of %s is ended after %s without a request, before its sessions time out (%s): what pages keep in Session is lost",
				s.names(), minutes(n), minutes(longest)) + f.Message
			f.Codes = []string{}
			f.Missing = "no log or event shows it"
			f.Remedies = []Remedy{{Title: "Let the process wait as long as its sessions", Steps: []string{
				"In IIS Manager: Application Pools, the pool's Properties, Performance tab: Shutdown worker processes after being idle for " + minutes(longest) + "."},
				Edits: s.set(fmt.Sprint(longest))}, keepElsewhere}
			p.report(*f)
		}
	}
}

// minutes writes "1 minute", "29 hours (1740 minutes)".
func minutes(n uint32) string {
	if n >= 120 && n%60 == 0 {
		return fmt.Sprintf("%d hours (%d minutes)", n/60, n)
	}
	return count(int(n), "minute")
}
