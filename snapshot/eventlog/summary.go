package eventlog

import (
	"cmp"
	"io"
	"slices"

	"github.com/iisdoctor/iisdoctor/source"
)

// Bounds of a summary. Which groups are given up beyond them does not depend on the
// order of the files.
const (
	maxGroups  = 4096
	maxSamples = 3
)

// Summary counts the events of any number of files in groups. Adding files in
// another order, or merging summaries of parts, gives the same summary.
// The zero Summary is ready.
type Summary struct {
	Events int // events of IIS
	Others int // records of other sources

	groups map[groupKey]*group
	cut    bool
}

// Sample is one event of a group, masked.
type Sample struct {
	Pos  source.Pos
	Time Time
	Text string
}

// Group is the events of one source and ID about one subject.
type Group struct {
	Source  Source
	ID      int
	Subject Subject
	Count   int
	// First and Last are the earliest and the latest where ByTime, else the first
	// and the last by file name and line: an export may begin with the newest.
	First, Last Time
	ByTime      bool
	Samples     []Sample // the first by file name and line
}

type groupKey struct {
	source  Source
	id      int
	subject Subject
}

func (k groupKey) compare(o groupKey) int {
	return cmp.Or(cmp.Compare(k.source, o.source), cmp.Compare(k.id, o.id),
		cmp.Compare(k.subject.Kind, o.subject.Kind), cmp.Compare(k.subject.Name, o.subject.Name))
}

// ends are the least and the greatest event by some order.
type ends struct{ first, last Sample }

func (e *ends) add(s Sample, compare func(a, b Sample) int) {
	if e.first.Pos.Line == 0 || compare(s, e.first) < 0 {
		e.first = s
	}
	if e.last.Pos.Line == 0 || compare(s, e.last) > 0 {
		e.last = s
	}
}

// The orders in which ends are kept.
type order int

const (
	byPlace order = iota
	byUTC
	asWritten
	monthFirst // until the file's order of day and month is settled
	dayFirst
	orders
)

type group struct {
	count   int
	ends    [orders]ends
	known   [orders]int // events that have a place in the order
	samples []Sample
}

func comparePlace(a, b Sample) int {
	return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
}

func compareTime(a, b Sample) int {
	return cmp.Or(a.Time.When.Compare(b.Time.When), comparePlace(a, b))
}

// AddFile reads one export into the summary. After an error the summary is as before.
func (s *Summary) AddFile(name string, r io.Reader) (Result, error) {
	var part Summary
	res, err := read(name, r, part.add)
	if err != nil {
		return res, err
	}
	part.Others = res.Others
	part.settle(res.Dates)
	s.Merge(&part)
	return res, nil
}

// add counts an event of a file whose order of day and month is not settled yet.
func (s *Summary) add(e *Event) {
	g := s.group(groupKey{e.Source, e.ID, e.Subject})
	s.Events++
	g.count++
	g.put(byPlace, Sample{Pos: e.Pos, Time: e.Time})
	for _, reading := range []struct {
		order order
		dates DateOrder
	}{{monthFirst, MonthFirst}, {dayFirst, DayFirst}} {
		if t := e.Time.In(reading.dates); t.Zone == AsWritten {
			g.put(reading.order, Sample{Pos: e.Pos, Time: t})
		}
	}
	if e.Time.Zone == UTC {
		g.put(byUTC, Sample{Pos: e.Pos, Time: e.Time})
	}
	if sample := (Sample{Pos: e.Pos, Time: e.Time}); g.wants(sample) {
		e.mask()
		sample.Text = e.Text()
		g.sample(sample)
	}
	s.bound(2 * maxGroups)
}

func (g *group) put(o order, s Sample) {
	compare := compareTime
	if o == byPlace {
		compare = comparePlace
	}
	g.known[o]++
	g.ends[o].add(s, compare)
}

// wants reports whether the event is among the first of the group.
func (g *group) wants(s Sample) bool {
	return len(g.samples) < maxSamples || comparePlace(s, g.samples[maxSamples-1]) < 0
}

func (g *group) sample(s Sample) {
	g.samples = append(g.samples, s)
	slices.SortFunc(g.samples, comparePlace)
	g.samples = g.samples[:min(len(g.samples), maxSamples)]
}

// settle takes the reading of the dates that the whole file allows. Where it leaves
// both, only what reads the same both ways has a place in time.
func (s *Summary) settle(dates DateOrder) {
	for _, g := range s.groups {
		switch {
		case dates == MonthFirst:
			g.ends[asWritten], g.known[asWritten] = g.ends[monthFirst], g.known[monthFirst]
		case dates == DayFirst:
			g.ends[asWritten], g.known[asWritten] = g.ends[dayFirst], g.known[dayFirst]
		case g.ends[monthFirst] == g.ends[dayFirst] && g.known[monthFirst] == g.known[dayFirst]:
			g.ends[asWritten], g.known[asWritten] = g.ends[monthFirst], g.known[monthFirst]
		}
		for _, o := range []order{monthFirst, dayFirst} {
			g.ends[o], g.known[o] = ends{}, 0
		}
		for i := range g.samples {
			g.samples[i].Time = g.samples[i].Time.In(dates)
		}
		g.ends[byPlace].first.Time = g.ends[byPlace].first.Time.In(dates)
		g.ends[byPlace].last.Time = g.ends[byPlace].last.Time.In(dates)
	}
}

// Merge adds what another summary counted.
func (s *Summary) Merge(o *Summary) {
	s.Events, s.Others, s.cut = s.Events+o.Events, s.Others+o.Others, s.cut || o.cut
	for k, from := range o.groups {
		g := s.group(k)
		g.count += from.count
		for i := range orders {
			if from.known[i] == 0 {
				continue
			}
			known := g.known[i] + from.known[i]
			g.put(i, from.ends[i].first)
			g.put(i, from.ends[i].last)
			g.known[i] = known
		}
		for _, sample := range from.samples {
			g.sample(sample)
		}
	}
	s.bound(maxGroups)
}

func (s *Summary) group(k groupKey) *group {
	if s.groups == nil {
		s.groups = map[groupKey]*group{}
	}
	g := s.groups[k]
	if g == nil {
		g = &group{}
		s.groups[k] = g
	}
	return g
}

// bound gives up groups once there are more than limit: those of the events with
// the most subjects, so that a thousand pages in one event do not crowd out
// another. More groups only ever move one back in this order, so what was given up
// can never come back, and what is kept is exact.
func (s *Summary) bound(limit int) {
	if len(s.groups) <= limit {
		return
	}
	type ranked struct {
		groupKey
		rank int // among the subjects of its event
	}
	keys := make([]ranked, 0, len(s.groups))
	for i, k := range s.keys() {
		r := ranked{groupKey: k}
		if i > 0 && keys[i-1].source == k.source && keys[i-1].id == k.id {
			r.rank = keys[i-1].rank + 1
		}
		keys = append(keys, r)
	}
	slices.SortStableFunc(keys, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	for _, k := range keys[maxGroups:] {
		delete(s.groups, k.groupKey)
	}
	s.cut = true
}

func (s *Summary) keys() []groupKey {
	keys := make([]groupKey, 0, len(s.groups))
	for k := range s.groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, groupKey.compare)
	return keys
}

// Cut reports whether groups were given up: Events counts their events, no group does.
func (s *Summary) Cut() bool { return s.cut }

// Groups gives the groups, sorted by source, ID and subject.
func (s *Summary) Groups() []Group {
	var out []Group
	for _, k := range s.keys() {
		g := s.groups[k]
		e, byTime := g.ends[byPlace], false
		for _, o := range []order{byUTC, asWritten} {
			if g.known[o] == g.count {
				e, byTime = g.ends[o], true
			}
		}
		out = append(out, Group{
			Source: k.source, ID: k.id, Subject: k.subject, Count: g.count,
			First: e.first.Time, Last: e.last.Time, ByTime: byTime, Samples: slices.Clone(g.samples),
		})
	}
	return out
}
