package weblog

// A server has few different methods, sites and results, and a row says them in the
// same bytes each time. A memo holds what was read from such bytes last, so that
// most rows are compared instead of read.

// origin is what the columns from s-sitename to cs-method say; where no site is
// logged, the text begins with the column before the method.
type origin struct {
	text   string
	layout *layout

	mine  bool   // the row is of a Web site
	words uint64 // of site and method, packed
}

// origin reads the site and the method of a row, or remembers them.
func (r *reader) origin(f *fields) *origin {
	from, to := f.at[r.layout.origin&15].from(), f.at[partMethod].to()
	if r.layout.origin == partSkip || to-from < 8 || to-from > 2*maxWord {
		r.otherOrigin = r.readOrigin(f)
		return &r.otherOrigin
	}
	text := f.row[from:to]
	place := spread(letters(text))
	o := &r.words.origins[place]
	if o.text != string(text) && o.text != "" {
		place ^= 1 // the next where another has the first
		o = &r.words.origins[place]
	}
	if o.text != string(text) || o.layout != r.layout {
		*o = r.readOrigin(f)
		o.text, o.layout = string(text), r.layout
	}
	r.words.remember(text, uint8(place))
	return o
}

func (r *reader) readOrigin(f *fields) origin {
	method := f.get(partMethod)
	site, mine := r.siteOf(f.get(partSite))
	if !mine || len(method) > 0 && method[0] == '[' { // FTP numbers its sessions: [1]USER
		return origin{}
	}
	return origin{mine: true, words: uint64(site)<<48 | uint64(r.words.number(value(method)))<<32}
}

// result is what sc-status, sc-substatus and sc-win32-status say.
type result struct {
	letters uint64
	length  int

	ok     bool
	status int
	codes  uint64 // all three, packed
}

// result reads the result of a row, or remembers it: where its columns follow each
// other, all of it is mostly no longer than "404 3 50".
func (r *reader) result(f *fields) *result {
	from, to := f.at[partStatus].from(), f.at[r.layout.results&15].to()
	length := to - from
	if r.layout.results == partSkip || length < 1 || length > 8 || to < 8 {
		r.otherResult = readResult(f)
		return &r.otherResult
	}
	letters := lastEight(f.row[:to]) >> (8 * (8 - length))
	e := r.words.result(letters, length)
	if e.letters != letters || e.length != length {
		*e = readResult(f)
		e.letters, e.length = letters, length
	}
	return e
}

// result gives the memo that holds a result or is to hold it.
func (w *words) result(letters uint64, length int) *result {
	place := spread(letters)
	e := &w.results[place]
	if (e.letters != letters || e.length != length) && e.length != 0 {
		e = &w.results[place^1] // the next where another has the first
	}
	return e
}

func readResult(f *fields) result {
	status, ok := number(f.get(partStatus), 999)
	substatus, ok2 := number(f.get(partSubstatus), 1<<16-1)
	win32, ok3 := win32Status(f.get(partWin32))
	if !ok || !ok2 || !ok3 || status < 0 {
		return result{}
	}
	return result{ok: true, status: int(status), codes: uint64(status)<<50 | uint64(substatus+1)<<33 | uint64(win32+1)}
}
