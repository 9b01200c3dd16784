package server

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// maxCached bounds the names that a process remembers.
const maxCached = 10000

// cached is the file that the static file cache gives for a path. The cache knows
// names in upper case only (S1, "UNIX and Linux file servers"): where a share tells
// case apart, the first file that was asked for is what later requests get. Only
// shares that are known to hold such names are looked at; elsewhere the cache
// changes nothing that a client sees.
func (x *exchange) cached(path source.WinPath) source.WinPath {
	if !x.twins(path) || x.cacheOff() {
		return path
	}
	w, name := x.process, strings.ToUpper(string(path))
	w.Lock()
	defer w.Unlock()
	if first, ok := w.cache[name]; ok {
		return first
	}
	if len(w.cache) < maxCached {
		w.cache[name] = path
	}
	return path
}

// twins reports whether the file's folder, on a share, holds names that differ by
// case only and are the file's.
func (x *exchange) twins(path source.WinPath) bool {
	if !path.IsUNC() {
		return false
	}
	dir, base := path.Dir().Fold(), path.Base()
	for _, c := range x.snapshot.Content.Clashes() {
		if c.Dir.Fold() == dir && strings.EqualFold(c.Entries[0].Path.Base(), base) {
			return true
		}
	}
	return false
}

// cacheOff reports whether the static file cache is switched off: for the virtual
// directory (MD_VR_NO_CACHE, 3007) or for all sites in the registry (S1).
func (x *exchange) cacheOff() bool {
	if x.isTrue(x.out.Target.Root, "DisableStaticFileCache") {
		return true
	}
	v, known := x.snapshot.Registry.Value(snapshot.RegInetInfo, "DisableStaticFileCache")
	n, ok := v.DWORD()
	return known == snapshot.Yes && ok && n != 0
}
