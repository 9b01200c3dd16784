package checks

import (
	"fmt"
)

// Bounds of AppPoolQueueLength and what takes the place of a number beyond them
// (ms524493; cc783070 for 1000 since Service Pack 1 and 4000 before). smallQueue is
// where a queue is doubted without evidence.
const (
	leastQueue, mostQueue = 10, 65535
	installedQueue        = 1000
	largerQueue           = 4000
	smallQueue            = 100
)

// queueFull: an application pool whose queue in HTTP.sys was full by the HTTP error
// log, is small, or has a length that IIS replaces (S1, "Client requests receive 503
// error").
func queueFull(p *pass) {
	for _, s := range p.poolSettings("AppPoolQueueLength", anyValue) {
		n, ok := s.value.Uint()
		if !ok {
			n = installedQueue
		}
		seen := p.seenPools(s, sign{kernel: s.kernelSign("QueueFull")})
		full, to := len(seen) > 0, uint64(installedQueue)
		if full {
			s.pools = seen
		}
		f := s.finding()
		f.sign = sign{kernel: s.kernelSign("QueueFull")}
		switch {
		case s.value.IsSet() && (n < leastQueue || n > mostQueue):
			f.Severity = Warning
			f.Message = fmt.Sprintf("The queue length %d of %s is outside of the range %d to %d: IIS takes %d instead and writes event 1041",
				n, s.names(), leastQueue, mostQueue, installedQueue)
			f.sign.event = s.eventSign(1041)
			if f.Certainty = Proven; full {
				f.Severity = Error
			}
		case full:
			f.Message = fmt.Sprintf("The queue of %s was full: with more than %d requests waiting and in process HTTP.sys answers 503", s.names(), n)
			to = longerQueue(n)
		case s.value.IsSet() && n < smallQueue:
			f.Severity = Warning
			f.Message = fmt.Sprintf("The queue of %s takes only %d requests, waiting and in process together; every further one is answered 503", s.names(), n)
			f.Missing = "the HTTP error log (HTTPERR) would show QueueFull if it happens"
		default:
			continue
		}
		f.Remedies = lengthenQueue(s, to)
		p.report(f)
	}
}

// longerQueue is the length to try next: what setup writes, what it wrote before
// Service Pack 1, then twice as much.
func longerQueue(n uint32) uint64 {
	switch {
	case n < installedQueue:
		return installedQueue
	case n < largerQueue:
		return largerQueue
	}
	return min(2*uint64(n), mostQueue)
}

// lengthenQueue sets another length. A queue that is as long as can be leaves only
// the pages to look at.
func lengthenQueue(s *poolSetting, to uint64) []Remedy {
	find := Remedy{Title: "Find what keeps the requests waiting", Steps: []string{
		"A queue fills when pages take long: look at time-taken in the W3C log, and at what those pages wait for.",
		"ASP pages also wait inside the worker process, in AspRequestQueueMax: that one answers 500 Server Too Busy.",
	}}
	if n, ok := s.value.Uint(); ok && n == mostQueue {
		return []Remedy{find}
	}
	return []Remedy{{
		Title: fmt.Sprintf("Let %d requests wait", to),
		Steps: []string{
			fmt.Sprintf("In IIS Manager: Application Pools, the pool's Properties, Performance tab: select Limit the kernel request queue to, and type %d.", to),
			"Then find out why requests wait: a longer queue only makes visitors wait longer if the pages stay slow.",
		},
		Edits: s.set(fmt.Sprint(to)),
	}, find}
}
