package checks

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// limit is a setting that ends requests which need more than it allows.
type limit struct {
	property string
	usual    uint32 // as installed
	doubtful uint32 // below it a value is doubted without evidence
	shows    func(weblog.Request) bool
	asp      bool   // only for paths that a script map gives to ASP
	event    int    // of W3SVC-WP, that names the page; 0 for none
	stopped  string // what happened to requests; %s is the value
	low      string // what is to be feared of a low value; %s is the value
	missing  string
	raised   func(n uint32) uint64 // the value to try next
	remedy   Remedy                // without edits; %s in its first step is the new value
}

// limited reports the values of a limit that logs show to be too low, and those that
// are set lower than usual. other are remedies beside raising it. It gives the places.
func (p *pass) limited(l limit, other ...Remedy) (said []source.Span) {
	low := func(v metabase.Value) bool { n, ok := v.Uint(); return ok && n < l.doubtful }
	if !slices.ContainsFunc(p.requests(), func(g weblog.Group[weblog.Request]) bool { return l.shows(g.Key) }) &&
		!slices.ContainsFunc(p.events(), l.named) && !p.anywhere(l.property, low) {
		return nil // most servers: nothing is worth a look at every site
	}
	for _, s := range p.settings(l.property, anyValue) {
		n, ok := s.value.Uint()
		if !ok || !s.value.IsSet() {
			n = l.usual
		}
		f := settingFinding(s.value)
		f.Origin = origin(s.value)
		if !s.value.IsSet() {
			f.Key = s.keys[0].Path()
		}
		f.sign = sign{request: l.shows, row: p.inForce(s, l.asp)}
		to := uint64(l.usual)
		urls, dirs := p.hit(f.sign)
		at := s.nearest(dirs)
		if len(at) == 0 {
			at = append(at, cmp.Or(f.Origin, service))
		}
		urls = append(urls, p.onlyNamed(s, &l, urls)...)
		switch {
		case len(urls) > 0:
			f.Severity, f.Affects = Error, urls
			f.Message = fmt.Sprintf(l.stopped, thousands(int(n))) + fmt.Sprintf(" (%s, the first %s)", count(len(urls), "page"), urls[0])
			if n >= l.usual {
				to = l.raised(n)
			}
		case s.value.IsSet() && n < l.doubtful:
			f.Affects, f.Missing = s.paths(), l.missing
			f.Message = fmt.Sprintf(l.low, thousands(int(n)))
		default:
			continue
		}
		f.sign.event = func(g eventlog.Group) bool { return l.named(g) && containsFold(urls, g.Subject.Name) }
		f.Remedies = append([]Remedy{l.raise(to, at)}, other...)
		p.report(f)
		said = append(said, f.Span)
	}
	return said
}

// anywhere reports whether some key sets the property to what is wanted.
func (p *pass) anywhere(property string, wanted func(metabase.Value) bool) bool {
	for range p.tree.SettersOf(property, wanted) {
		return true
	}
	return false
}

// raise sets the limit at each place.
func (l *limit) raise(to uint64, at []metabase.Path) Remedy {
	r := l.remedy
	r.Steps = slices.Clone(r.Steps)
	r.Steps[0] = fmt.Sprintf(r.Steps[0], fmt.Sprint(to))
	for _, key := range at {
		r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(key), Property: l.property, Op: metabase.Set, Value: fmt.Sprint(to)})
	}
	return r
}

// inForce is a sign that wants paths for which just this value holds, perhaps only
// pages of ASP.
func (p *pass) inForce(s *setting, asp bool) pathRows {
	wanted := any(s.value.Span())
	if !s.value.IsSet() {
		wanted = s.site.Path().Fold()
	}
	return p.sortedBy("limit "+s.value.Property, func(r weblog.Request, path string) []any {
		d, ok := p.dirOf(r.Site, path)
		if !ok {
			return nil
		}
		key := d.site.Path().Join("ROOT").Join(path)
		if asp && !p.isASP(key, r.Extension) {
			return nil
		}
		if v := p.tree.Effective(key, s.value.Property); v.IsSet() {
			return []any{v.Span()}
		}
		return []any{d.site.Path().Fold()}
	}, wanted)
}

// isASP reports whether a script map gives the extension to ASP.
func (p *pass) isASP(key metabase.Path, ext string) bool {
	entry := p.model.ScriptMaps(p.tree.Effective(key, "ScriptMaps")).For(ext)
	return entry != nil && iis.HandlerOf(entry.Processor) == iis.ASP
}

// hit gives the paths in the logs that show a sign, and the virtual directories in
// which they lie.
func (p *pass) hit(of sign) (urls []string, dirs []metabase.Path) {
	for i := range p.requests() {
		g := &p.requests()[i]
		if !of.request(g.Key) || of.row.in(g) == 0 {
			continue
		}
		for _, u := range g.URLs[:min(len(g.URLs), maxLoggedURLs)] {
			d, ok := p.dirOf(g.Key.Site, u.Path)
			if !ok || !of.row.has(g.Key, u.Path) {
				continue
			}
			if !slices.Contains(urls, u.Path) {
				urls = append(urls, u.Path)
			}
			if key := d.key.Path(); !slices.ContainsFunc(dirs, key.Equal) {
				dirs = append(dirs, key)
			}
		}
	}
	return urls, dirs
}

// nearest are the places to change the value for some directories: where it is set,
// if that is not above them, else the directories themselves.
func (s *setting) nearest(dirs []metabase.Path) (at []metabase.Path) {
	for _, d := range dirs {
		if s.value.IsSet() && d.Contains(s.value.Key) {
			d = s.value.Key
		}
		if !slices.ContainsFunc(at, d.Equal) {
			at = append(at, d)
		}
	}
	return at
}

// named reports whether it is an event of a worker process that names a page.
func (l *limit) named(g eventlog.Group) bool {
	return l.event != 0 && g.Source == eventlog.W3SVCWP && g.ID == l.event && g.Subject.Kind == eventlog.URL
}

// onlyNamed are the pages beside those of the logs that events name. No event tells the
// site: the value must be the one in force for that path in every started site.
func (p *pass) onlyNamed(s *setting, l *limit, logged []string) (urls []string) {
	for _, g := range p.events() {
		if !l.named(g) || containsFold(logged, g.Subject.Name) || len(urls) >= maxLoggedURLs {
			continue
		}
		if !slices.ContainsFunc(p.sites().all, func(at site) bool {
			return at.starts && p.tree.Effective(at.key.Path().Join("ROOT").Join(g.Subject.Name), l.property).Span() != s.value.Span()
		}) {
			urls = append(urls, g.Subject.Name)
		}
	}
	return urls
}
