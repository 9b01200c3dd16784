package iis

import (
	"sync"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// maxRecent is how many lists of one kind, and how many pages, a model keeps after they
// were read. Questions about one follow each other; to keep all would cost more than the
// files.
const maxRecent = 8

// recent keeps what was made of the values or pages that were asked for last: a list of
// thousands of entries is read once, not once for each request that meets it. The zero
// value is empty. It is safe for concurrent use.
type recent[K comparable, T any] struct {
	mu   sync.Mutex
	kept []remembered[K, T] // the one that was asked for last comes first
}

type remembered[K comparable, T any] struct {
	at   K
	made T
}

// place tells the values of one tree apart: edits that create keys share a span.
type place struct {
	span     source.Span
	key      metabase.Path
	property string
}

func placeOf(v metabase.Value) place { return place{v.Span(), v.Key, v.Property} }

// of gives what was made for at, or makes it.
func (r *recent[K, T]) of(at K, makes func() T) T {
	if made, ok := r.find(at); ok {
		return made
	}
	made := makes()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) < maxRecent {
		r.kept = append(r.kept, remembered[K, T]{})
	}
	r.first(len(r.kept)-1, remembered[K, T]{at, made})
	return made
}

func (r *recent[K, T]) find(at K) (made T, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, one := range r.kept {
		if one.at == at {
			r.first(i, one)
			return one.made, true
		}
	}
	return made, false
}

// first puts one at the front; those before the place i make room.
func (r *recent[K, T]) first(i int, one remembered[K, T]) {
	copy(r.kept[1:], r.kept[:i])
	r.kept[0] = one
}
