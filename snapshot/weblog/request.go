package weblog

import (
	"bytes"
	"strconv"
)

// request counts a W3C row.
func (r *reader) request(f *fields, stamp uint64) bool {
	result := r.result(f)
	if !result.ok {
		return false
	}
	origin := r.origin(f)
	if !origin.mine {
		r.totals.OtherService++
		return true
	}
	path := value(f.get(partStem))
	if r.layout.whole {
		path = pathOf(path)
	}
	if t, isSample := r.count(origin, result, path, f.get(partQuery), stamp); isSample {
		r.sampleOf(t, f, path, stamp)
	}
	return true
}

// count adds a request to its group, and reports whether it is to be a sample of it.
func (r *reader) count(origin *origin, result *result, path, query []byte, stamp uint64) (*tally, bool) {
	key := id{codes: result.codes, words: origin.words | uint64(r.words.extension(path))<<16}
	asp, line, isASP := aspError(query)
	if isASP {
		key.words |= uint64(r.words.number(asp))
	}
	t := r.requests.find(key)
	if result.status >= 400 || isASP {
		r.countURL(&r.requests, t, path, line)
	}
	r.totals.Rows++
	r.full = r.full || len(r.words.texts) > maxOwnWords || len(r.requests.all) > maxOwnGroups
	return t, t.note(stamp, r.off, r.layout.flags)
}

// sampleOf remembers a W3C row in its group.
func (r *reader) sampleOf(t *tally, f *fields, path []byte, stamp uint64) {
	r.sample(t, stamp, string(clip(f.get(partMethod))), string(plain(path)), string(f.get(partStatus)), string(f.get(partSubstatus)), string(f.get(partWin32)))
}

// request gives the key that count has packed.
func (w *words) request(k id) Request {
	r := Request{
		Status:    int(k.codes >> 50),
		Substatus: int(k.codes>>33&(1<<17-1)) - 1,
		Win32:     int64(k.codes&(1<<33-1)) - 1,
		Site:      w.texts[k.words>>48],
		Method:    w.texts[k.words>>32&0xffff],
		Extension: w.texts[k.words>>16&0xffff],
	}
	r.ASP, r.HResult = splitASP(w.texts[k.words&0xffff])
	return r
}

// siteOf gives the word for the site's number, and false for another service.
// Without the column it is what the caller knows.
func (r *reader) siteOf(name []byte) (uint32, bool) {
	if value(name) == nil {
		return r.site, !r.file.otherService
	}
	n := r.words.siteOf(r.words.number(name))
	return n, n != otherService
}

// siteOf gives the number of the word 1 for that of the word W3SVC1.
func (w *words) siteOf(name uint32) uint32 {
	if int(name) < len(w.sites) && w.sites[name] > 0 {
		return w.sites[name] - 1
	}
	site := uint32(otherService)
	if text, ok := siteNumber(w.texts[name]); ok {
		site = w.number([]byte(text))
	}
	for int(name) >= len(w.sites) {
		w.sites = append(w.sites, 0)
	}
	w.sites[name] = site + 1
	return site
}

const otherService = 1 << 31

// pathOf is the path in a cs-uri-stem or cs-uri column; nil for "-".
func pathOf(stem []byte) []byte {
	if i := bytes.IndexByte(stem, '?'); i >= 0 {
		stem = stem[:i]
	}
	return value(stem)
}

// value is a field's text, nil for the "-" of an empty one.
func value(b []byte) []byte {
	if len(b) == 1 && b[0] == '-' || len(b) == 0 {
		return nil
	}
	return b
}

// clip bounds what a sample shows of a method.
func clip(b []byte) []byte { return b[:min(len(b), maxWord)] }

// number reads a field; Absent for a missing column or "-".
func number(b []byte, limit int64) (int64, bool) {
	if value(b) == nil {
		return Absent, true
	}
	if len(b) > 11 {
		return 0, false
	}
	n := int64(0)
	for _, c := range b {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, n <= limit
}

// win32Status reads a Win32 status. Some logs hold it as a signed number, which is
// the same 32 bits; nothing else in a row is signed.
func win32Status(b []byte) (int64, bool) {
	if len(b) < 2 || b[0] != '-' {
		return number(b, 1<<32-1)
	}
	n, err := strconv.ParseInt(string(b), 10, 32)
	return n & (1<<32 - 1), err == nil && n < 0
}
