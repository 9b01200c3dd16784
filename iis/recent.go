package iis

import (
	"sync"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// maxRecent is how many lists of one kind a model keeps after they were read. Questions
// about one list follow each other; to keep all would cost more than the file.
const maxRecent = 8

// recent keeps what was made of the list values that were asked for last: a list of
// thousands of entries is read once, not once for each request that meets it. The zero
// value is empty. It is safe for concurrent use.
type recent[T any] struct {
	mu   sync.Mutex
	kept []remembered[T] // the one that was asked for last comes first
}

type remembered[T any] struct {
	at   place
	made T
}

// place tells the values of one tree apart: edits that create keys share a span.
type place struct {
	span     source.Span
	key      metabase.Path
	property string
}

// of gives what read makes of the value.
func (r *recent[T]) of(v metabase.Value, read func(metabase.Value) T) T {
	at := place{v.Span(), v.Key, v.Property}
	if made, ok := r.find(at); ok {
		return made
	}
	made := read(v)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) < maxRecent {
		r.kept = append(r.kept, remembered[T]{})
	}
	r.first(len(r.kept)-1, remembered[T]{at, made})
	return made
}

func (r *recent[T]) find(at place) (made T, ok bool) {
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
func (r *recent[T]) first(i int, one remembered[T]) {
	copy(r.kept[1:], r.kept[:i])
	r.kept[0] = one
}
