package weblog

// error counts an HTTPERR row.
func (r *reader) error(f *fields, stamp uint64) bool {
	port, ok := number(f.get(partPort), 1<<16-1)
	end := r.ending(f)
	if !ok || !end.ok {
		return false
	}
	if end.site <= 0 && notIIS(port) {
		r.totals.NotIIS++
		r.rule(f, nil, nil)
		return true
	}
	status := end.status
	key := id{codes: uint64(max(status, 0))<<16 | uint64(max(port, 0)), words: end.words}
	t := r.errors.find(key)
	if t.note(stamp, r.off, 0) {
		r.errorSample(t, f, stamp)
	}
	var u *ownURL
	if path := pathOf(f.get(partStem)); status >= 400 && path != nil {
		u = r.countURL(&r.errors, t, path, 0)
	}
	r.rule(f, t, u)
	r.totals.Rows++
	r.full = r.full || len(r.words.texts) > maxOwnWords || len(r.errors.all) > maxOwnGroups
	return true
}

// errorSample remembers an HTTPERR row in its group.
func (r *reader) errorSample(t *tally, f *fields, stamp uint64) {
	path := pathOf(f.get(partStem))
	r.sample(t, stamp, string(clip(f.get(partMethod))), string(plain(path)), string(f.get(partStatus)), string(clip(f.get(partReason))))
}

// ending is what a row says from its status on. A server has few different ones.
type ending struct {
	text   string
	layout *layout

	ok           bool
	status, site int64
	words        uint64 // of site, reason and queue, packed
}

// ending reads the end of a row, or remembers it.
func (r *reader) ending(f *fields) *ending {
	from, to := f.at[partStatus].from(), max(f.at[partSite].to(), f.at[partReason].to(), f.at[partQueue].to())
	if !r.layout.ending || to-from < 8 || to-from > 2*maxWord {
		e := r.readEnding(f)
		return &e
	}
	text := f.row[from:to]
	e := &r.words.endings[spread(letters(text))]
	if e.text != string(text) || e.layout != r.layout {
		*e = r.readEnding(f)
		e.text, e.layout = string(text), r.layout
	}
	return e
}

func (r *reader) readEnding(f *fields) ending {
	var e ending
	var ok, ok2 bool
	e.status, ok = number(f.get(partStatus), 999)
	e.site, ok2 = number(f.get(partSite), 1<<32-1)
	e.ok = ok && ok2 && (value(f.get(partReason)) != nil || e.status >= 0)
	if e.ok {
		e.words = uint64(r.words.number(value(f.get(partSite))))<<32 |
			uint64(r.words.number(value(f.get(partReason))))<<16 |
			uint64(r.words.number(value(f.get(partQueue))))
	}
	return e
}

// error gives the key that error has packed.
func (w *words) error(k id) Error {
	return Error{
		Status: int(k.codes >> 16),
		Port:   int(k.codes & 0xffff),
		Site:   w.texts[k.words>>32&0xffff],
		Reason: w.texts[k.words>>16&0xffff],
		Queue:  w.texts[k.words&0xffff],
	}
}

// notIIS lists ports on which other programs listen through HTTP.sys: Web services
// for devices, remote management, UPnP and media sharing (Microsoft, Service
// overview and network port requirements for Windows). A row with a site is IIS's
// whatever its port.
func notIIS(port int64) bool {
	switch port {
	case 5357, 5358, 5985, 5986, 47001, 2869, 10243:
		return true
	}
	return false
}
