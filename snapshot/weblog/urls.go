package weblog

import (
	"hash/maphash"
	"slices"
)

// ownURLs are the URLs that a reader has counted and not handed in. One row in ten
// may have failed, so this is a table of its own: the place of a URL follows from its
// bytes as they stand in the row, without making a key of them.
type ownURLs struct {
	places []*ownURL // a power of two, at most half of them taken; a URL is at its place or soon after
	count  int
}

// ownURL counts the rows of one URL in one group.
type ownURL struct {
	hash  uint64
	group *tally
	url
	count int64
}

// urlSeed is another in each run: no log can be made of URLs that meet in one place.
var urlSeed = maphash.MakeSeed()

// find gives the URL of a group, nil where it was not met, and its hash.
func (o *ownURLs) find(t *tally, path []byte, line int) (*ownURL, uint64) {
	hash := maphash.Bytes(urlSeed, path) ^ (t.number+uint64(line)<<32)*0x9e3779b97f4a7c15
	if o.count == 0 {
		return nil, hash
	}
	mask := uint64(len(o.places) - 1)
	for place := hash & mask; ; place = (place + 1) & mask {
		u := o.places[place]
		if u == nil || u.hash == hash && u.group == t && u.line == line && u.path == string(path) {
			return u, hash
		}
	}
}

// add takes in a URL that was not found.
func (o *ownURLs) add(u *ownURL) {
	if 2*(o.count+1) > len(o.places) {
		old := o.places
		o.places = make([]*ownURL, max(2*len(old), 64))
		for _, u := range old {
			if u != nil {
				o.put(u)
			}
		}
	}
	o.put(u)
	o.count++
}

func (o *ownURLs) put(u *ownURL) {
	mask := uint64(len(o.places) - 1)
	place := u.hash & mask
	for o.places[place] != nil {
		place = (place + 1) & mask
	}
	o.places[place] = u
}

// countURL counts the row's URL and gives its place.
func (r *reader) countURL(g *groups, t *tally, path []byte, line int) *ownURL {
	u, hash := g.urls.find(t, path, line)
	if u == nil {
		if kept := plain(path); !slices.Equal(kept, path) {
			path = kept
			u, hash = g.urls.find(t, path, line)
		}
	}
	if u != nil {
		u.count++
		return u
	}
	u = &ownURL{hash: hash, group: t, url: url{string(path), line}, count: 1}
	g.urls.add(u)
	r.full = r.full || g.urls.count >= maxOwnURLs
	return u
}

// handIn adds the URLs to the groups of a summary.
func (o *ownURLs) handIn() {
	for _, u := range o.places {
		if u != nil {
			u.group.into.countURL(u.url, u.count)
		}
	}
}
