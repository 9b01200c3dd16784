package weblog

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// table holds the groups of one kind of log.
//
// Its size is bounded so that the order in which rows arrive does not matter. What
// is kept is always "the first n in a fixed order", never "the first n that came":
// the more is known, the fewer URLs a group may keep and the later a group stands,
// so what stays in the end had never left. The only other state, over, is "there
// are more than MaxGroups groups", which once true remains so.
type table[K key[K]] struct {
	groups map[K]*tally
	over   bool  // groups were dropped
	beyond int64 // the rows of dropped groups
}

// key orders groups.
type key[K any] interface {
	comparable
	rank() uint64        // which groups are kept where there are too many: the lowest
	compare(other K) int // for reading
}

func (t *table[K]) mergeTable(o *table[K]) {
	t.over = t.over || o.over
	t.beyond += o.beyond
	for k, g := range o.groups {
		t.add(k, g)
	}
	t.bound()
}

// add merges a group and gives what it went into; bound must follow.
func (t *table[K]) add(k K, g *tally) *tally {
	have := t.groups[k]
	if have == nil {
		if t.groups == nil {
			t.groups = map[K]*tally{}
		}
		have = &tally{}
		t.groups[k] = have
	}
	have.merge(g)
	return have
}

// bound drops what is too much.
func (t *table[K]) bound() {
	t.dropGroups()
	level := MaxURLs
	if t.over {
		level = minURLs // else a group since dropped could have taken room from others
	}
	for ; ; level /= 2 {
		total := 0
		for _, g := range t.groups {
			total += min(len(g.urls), level)
		}
		if total <= maxAllURLs || level <= minURLs {
			break
		}
	}
	for _, g := range t.groups {
		g.lowestURLs(level)
	}
}

func (t *table[K]) dropGroups() {
	if len(t.groups) <= MaxGroups {
		return
	}
	t.over = true
	type ranked struct {
		rank uint64
		key  K
	}
	all := make([]ranked, 0, len(t.groups))
	for k := range t.groups {
		all = append(all, ranked{k.rank(), k})
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), a.key.compare(b.key))
	})
	for _, r := range all[MaxGroups:] {
		t.beyond += t.groups[r.key].count
		delete(t.groups, r.key)
	}
}

func (t *table[K]) list() []Group[K] {
	keys := make([]K, 0, len(t.groups))
	for k := range t.groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, K.compare)
	list := make([]Group[K], 0, len(keys))
	for _, k := range keys {
		list = append(list, group(k, t.groups[k]))
	}
	return list
}

func (k Request) compare(o Request) int {
	return cmp.Or(compareSites(k.Site, o.Site), cmp.Compare(k.Status, o.Status), cmp.Compare(k.Substatus, o.Substatus),
		cmp.Compare(k.Win32, o.Win32), strings.Compare(k.Method, o.Method), strings.Compare(k.Extension, o.Extension),
		strings.Compare(k.ASP, o.ASP), strings.Compare(k.HResult, o.HResult))
}

func (k Error) compare(o Error) int {
	return cmp.Or(compareSites(k.Site, o.Site), cmp.Compare(k.Status, o.Status), strings.Compare(k.Reason, o.Reason),
		strings.Compare(k.Queue, o.Queue), cmp.Compare(k.Port, o.Port))
}

// compareSites puts site 2 before site 10.
func compareSites(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// rank puts ordinary groups first: what clients may invent, methods and extensions,
// must not push out what the server does.
func (k Request) rank() uint64 {
	h := fnv(fnvStart, k.Site, k.Method, k.Extension, k.ASP, k.HResult,
		strconv.Itoa(k.Status), strconv.Itoa(k.Substatus), strconv.FormatInt(k.Win32, 10)) >> 1
	if len(k.Method) > len("PROPPATCH") || len(k.Extension) > len(".config") {
		h |= 1 << 63
	}
	return h
}

func (k Error) rank() uint64 {
	return fnv(fnvStart, k.Site, k.Reason, k.Queue, strconv.Itoa(k.Status), strconv.Itoa(k.Port))
}

const fnvStart = 0xcbf29ce484222325

// fnv is a hash that is the same in every run (FNV-1a, then mixed so that its high
// bits are as good as its low ones).
func fnv(h uint64, words ...string) uint64 {
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * 0x100000001b3
		}
		h = (h ^ 0xff) * 0x100000001b3
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}
