package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// failures are the events of the WWW service about one failure of a worker process:
// it ended, gave no answer to a ping, broke the protocol, took too long to start or to
// end (cc737524, cc787273).
var failures = [...]int{1009, 1010, 1011, 1012, 1013}

// abandoned is the reason of HTTP.sys for a request whose worker process quit
// (KB820729).
const abandoned = "Connection_Abandoned_By_AppPool"

// rapidFail: protection that takes the pool off line at the first crash, pools that
// logs and events show to have been taken off, and protection that cannot help.
// Crashes themselves are not in the metabase.
func rapidFail(p *pass) {
	if !p.isolated() {
		p.goneDown()
	}
	off := map[string]bool{}
	for _, s := range p.poolSettings("RapidFailProtection", switchedOff) {
		for _, pool := range s.pools {
			off[pool] = true
		}
		p.report(p.unprotected(s, "Rapid-fail protection is off for "+s.names()))
	}
	for _, s := range p.poolSettings("RapidFailProtectionMaxCrashes", anyValue) {
		s.pools = slices.DeleteFunc(s.pools, func(pool string) bool { return off[pool] })
		if n, ok := s.value.Uint(); ok && len(s.pools) > 0 {
			p.crashLimit(s, n)
		}
	}
}

// crashLimit speaks of a limit that was reached, that is one, or that cannot be
// reached.
func (p *pass) crashLimit(s *poolSetting, n uint32) {
	all := *s
	s.pools = p.wentDown(s)
	switch minutes := p.crashInterval(&all); {
	case len(s.pools) > 0 && n > 1:
		f := s.finding()
		f.Severity = Error
		f.Message = p.offLine(s, n, minutes)
		f.sign = sign{kernel: s.kernelSign("AppOffline"), event: s.eventSign(1002)}
		f.Remedies = []Remedy{moreFailures(s, n)}
		p.report(f)
	case n == 1 && s.value.IsSet():
		p.report(oneCrash(&all, len(s.pools) > 0))
	case uint64(n) > 60*uint64(minutes): // more than one a second
		p.report(p.unprotected(&all, fmt.Sprintf("Rapid-fail protection cannot help %s: no process fails %d times in %s", all.names(), n, count(int(minutes), "minute"))))
	}
}

// offLine says what was seen of pools off line, beside the limit that is set: the
// metabase counts no failures.
func (p *pass) offLine(s *poolSetting, n, minutes uint32) string {
	what := "HTTPERR shows " + s.names() + " off line"
	if len(p.seenPools(s, sign{kernel: s.kernelSign(), event: s.eventSign(1002)})) > 0 {
		what = "Rapid-fail protection turned " + s.names() + " off (event 1002)"
	}
	what += fmt.Sprintf("; the limit is %d failures of worker processes in %s. From then on HTTP.sys answers every request to it with 503 until someone starts it again",
		n, count(int(minutes), "minute"))
	failed, ids := 0, []int(nil)
	for _, g := range p.events() {
		if s.eventSign(failures[:]...)(g) {
			failed += g.Count
			ids = append(ids, g.ID)
		}
	}
	if failed == 0 {
		return what
	}
	slices.Sort(ids)
	return what + fmt.Sprintf(". The event log has %s (%s)", count(failed, "failure"), eventList(slices.Compact(ids)))
}

// eventList writes "event 1009", "events 1009, 1011".
func eventList(ids []int) string {
	text := strings.ReplaceAll(strings.Trim(fmt.Sprint(ids), "[]"), " ", ", ")
	if len(ids) == 1 {
		return "event " + text
	}
	return "events " + text
}

// goneDown tells of pools that rapid-fail protection turned off and that are not in
// this metabase: deleted, renamed, or of another server.
func (p *pass) goneDown() {
	for _, g := range p.events() {
		if g.Source != eventlog.W3SVC || g.ID != 1002 || g.Subject.Kind != eventlog.Pool || len(g.Samples) == 0 {
			continue
		}
		if _, ok := p.tree.Key(pools.Join(g.Subject.Name)); ok {
			continue
		}
		f := Finding{
			Severity: Info, At: g.Samples[0].Pos, Affects: []string{g.Subject.Name},
			Message: fmt.Sprintf("Rapid-fail protection turned application pool %s off (event 1002), but this metabase has no such pool: it was deleted or renamed since, or the events are of another server", g.Subject.Name),
			Remedies: []Remedy{{Title: "Compare the names of the pools", Steps: []string{
				"In IIS Manager: Application Pools. Nothing is to be done for a pool that was deleted on purpose."}}},
		}
		f.sign.event = func(other eventlog.Group) bool {
			return other.Source == g.Source && other.ID == g.ID && other.Subject == g.Subject
		}
		p.report(f)
	}
}

// wentDown are the pools that logs or events show to have been turned off. One whose
// account cannot log on is off line for that reason.
func (p *pass) wentDown(s *poolSetting) []string {
	down := p.seenPools(s, sign{kernel: s.kernelSign("AppOffline"), event: s.eventSign(1002)})
	return slices.DeleteFunc(down, func(pool string) bool {
		k, ok := p.tree.Key(pools.Join(pool))
		_, outside := p.outsideGroup(k)
		return ok && (outside || len(lackingIdentity(k)) > 0)
	})
}

// offline is the reason of HTTP.sys for a pool that application errors took off line
// (KB820729).
func offline(e weblog.Error) bool { return e.Reason == "AppOffline" }

// crashInterval is the time in minutes in which failures of the first pool are added
// up, 5 where it is not set (ms525610).
func (p *pass) crashInterval(s *poolSetting) uint32 {
	if n, ok := p.tree.Effective(pools.Join(s.pools[0]), "RapidFailProtectionInterval").Uint(); ok && n > 0 {
		return n
	}
	return 5
}

// moreFailures follows S1, but not in its words "or the time period": a longer time
// adds up more failures.
func moreFailures(s *poolSetting, n uint32) Remedy {
	return Remedy{
		Title: "Find what crashes; only then allow more failures",
		Steps: []string{
			"Look in the event logs for what crashes, and mend that first.",
			fmt.Sprintf("If it cannot be mended at once: Application Pools, the pool's Properties, Health tab: more Failures than %d, or a shorter Time period.", n),
			"Start the pool again.",
		},
		Edits: s.set(fmt.Sprint(2 * uint64(n))),
	}
}

func oneCrash(s *poolSetting, down bool) Finding {
	f := s.finding()
	if f.Severity = Warning; down {
		f.Severity = Error
	}
	f.Message = fmt.Sprintf("A single failure of a worker process within RapidFailProtectionInterval minutes turns %s off; "+
		"from then on HTTP.sys answers every request to it with 503 until someone starts it again", s.names())
	f.Missing = "the metabase does not record crashes; events 1009 and 1002 of source W3SVC in the System log and AppOffline in HTTPERR would show them"
	f.sign = sign{kernel: s.kernelSign("AppOffline"), event: s.eventSign(1002)}
	f.Remedies = []Remedy{{
		Title: "Allow the documented default of five failures",
		Steps: []string{
			"Look in the event logs for what crashes, and mend that first.",
			"In IIS Manager: Application Pools, the pool's Properties, Health tab, Enable rapid-fail protection: Failures 5, Time period 5.",
			"Start the pool if it is stopped.",
		},
		Edits: s.set("5"),
	}}
	return f
}

// unprotected speaks of pools whose worker processes may fail for ever.
func (p *pass) unprotected(s *poolSetting, what string) Finding {
	f := s.finding()
	f.Severity, f.Certainty = Info, Proven
	f.Message = what + ": a worker process that fails over and over is started again each time"
	f.sign = sign{kernel: s.kernelSign(abandoned), event: s.eventSign(failures[:]...)}
	if len(p.seenPools(s, f.sign)) > 0 {
		f.Severity = Warning
	}
	value := "TRUE"
	if f.Property != "RapidFailProtection" {
		value = "5"
	}
	f.Remedies = []Remedy{{
		Title: "Turn rapid-fail protection on as it is installed",
		Steps: []string{"In IIS Manager: Application Pools, the pool's Properties, Health tab: Enable rapid-fail protection, Failures 5, Time period 5."},
		Risk:  "a pool that fails five times in five minutes is then stopped and answers 503",
		Edits: s.set(value),
	}}
	return f
}
