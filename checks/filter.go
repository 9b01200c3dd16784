package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// filter is one ISAPI filter that FilterLoadOrder names.
type filter struct {
	name  string
	order metabase.Value // the FilterLoadOrder that names it
	key   metabase.Key   // its own; zero where there is none
	known bool           // it has a key
	path  metabase.Value // FilterPath
	dll   source.WinPath
	sites []directory // the roots of the sites that it is loaded for
}

// filters are those of all sites and of single ones, in their order. One that is
// switched off is left out.
func (p *pass) filters() (all []filter) {
	own := p.withFilters()
	if len(own) == 0 {
		return nil
	}
	var roots []directory
	for _, d := range p.served() {
		if d.url == "/" {
			roots = append(roots, d)
		}
	}
	all = p.filtersAt(service.Join("Filters"), roots)
	for _, d := range roots {
		if own[d.site.Path().Fold()] {
			all = append(all, p.filtersAt(d.site.Path().Join("Filters"), []directory{d})...)
		}
	}
	return all
}

// withFilters are the service and the sites, folded, that have a list of filters: few
// of many.
func (p *pass) withFilters() map[string]bool {
	own := map[string]bool{}
	for key := range p.tree.Setters("FilterLoadOrder") {
		own[key.Path().Parent().Fold()] = true
	}
	return own
}

func (p *pass) filtersAt(holder metabase.Path, sites []directory) (all []filter) {
	k, ok := p.tree.Key(holder)
	if !ok || len(sites) == 0 {
		return nil
	}
	order, _ := k.Own("FilterLoadOrder")
	for _, name := range strings.Split(order.Text(), ",") {
		f := filter{name: strings.TrimSpace(name), order: order, sites: sites}
		if f.name == "" {
			continue
		}
		if f.key, f.known = p.tree.Key(holder.Join(f.name)); f.known {
			if v, set := f.key.Own("FilterEnabled"); set {
				if on, understood := v.Bool(); understood && !on {
					continue
				}
			}
			f.path, _ = f.key.Own("FilterPath")
			f.dll = source.WinPath(iis.ExpandPath(f.path.Text()))
		}
		all = append(all, f)
	}
	return all
}

// filterUnloadable: a filter that cannot be loaded keeps its sites from starting (S1,
// "ISAPI filter does not show up as loaded in UI": requests then receive a 503).
func filterUnloadable(p *pass) {
	seen := map[source.Span]bool{}
	for _, f := range p.filters() {
		finding, ok := p.unloadable(f)
		if ok && !seen[finding.Span] {
			seen[finding.Span] = true
			p.report(finding)
		}
	}
}

func (p *pass) unloadable(f filter) (Finding, bool) {
	if raw, _ := f.flags(); raw && !p.isolated() {
		return Finding{}, false // it is not even tried
	}
	x := Finding{Key: f.order.Key}
	switch {
	case !f.known:
		x.Message = fmt.Sprintf("FilterLoadOrder names the ISAPI filter %s, for which there is no key", f.name)
		x.Span, x.Property, x.Value, x.Origin = f.order.Span(), f.order.Property, f.name, f.order.Key
		if p.counted(f.order).whole < maxWhole {
			x.Value = f.order.Text()
		}
	case !f.dll.IsAbs():
		return x, false // a filter of IIS itself
	case p.missingFile(f.dll):
		x.Message = fmt.Sprintf("The DLL of the ISAPI filter %s, %s, does not exist", f.name, f.dll)
		x.Span, x.Key, x.Property, x.Value, x.Origin = f.path.Span(), f.key.Path(), f.path.Property, f.path.Text(), f.key.Path()
	case p.model.OtherBits(f.dll):
		bits, _ := p.model.WorkerBits()
		x.Message = fmt.Sprintf("The DLL of the ISAPI filter %s, %s, is not built for %d bits, as which the worker processes run", f.name, f.dll, bits)
		x.Span, x.Key, x.Property, x.Value, x.Origin = f.path.Span(), f.key.Path(), f.path.Property, f.path.Text(), f.key.Path()
	default:
		denied, account := p.deniedTo(f)
		if denied == nil {
			return x, false
		}
		x.Message = fmt.Sprintf("The access list of %s, the DLL of the ISAPI filter %s, does not let %s read it, as whom the worker processes run", f.dll, f.name, account)
		x.Span, x.Key, x.Property, x.Value, x.Origin = denied.At, f.key.Path(), f.path.Property, string(denied.Path), f.key.Path()
		x.Remedies = []Remedy{p.grantGroup(f.dll, account)}
	}
	x.Remedies = append(x.Remedies, f.takeOut(p))
	x.Message += fmt.Sprintf(": %s not start, and every request is answered 503", plural(len(f.sites), "the site does", "%d sites do"))
	x.Witness = p.witness(f.sites[0], "/")
	x.sign = f.sign()
	for _, d := range f.sites {
		x.Affects = append(x.Affects, d.address(p))
	}
	return x, true
}

// plural writes one, or many with its number.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}

// missingFile reports whether a file outside of the sites is known not to exist.
func (g *ground) missingFile(path source.WinPath) bool {
	_, known := g.snapshot.Content.Stat(path, path.Dir())
	return known == snapshot.No
}

// deniedTo is the access list of the filter's DLL where it shuts a site's worker
// process out, and the account of that process.
func (p *pass) deniedTo(f filter) (list *snapshot.ACL, account string) {
	list, ok := p.snapshot.ACLs.Of(f.dll)
	if !ok {
		return nil, ""
	}
	for _, d := range f.sites {
		if _, account = p.runsAs(d.key.Path()); list.Allows(iis.ProcessToken(account), snapshot.AccessRead) == snapshot.No {
			return list, account
		}
	}
	return nil, ""
}

// grantGroup lets the worker processes read a file: by the group IIS_WPG, or, where
// an entry of the list itself denies the account, in the place of that entry.
func (p *pass) grantGroup(path source.WinPath, account string) Remedy {
	r := Remedy{
		Title: "Let IIS_WPG read the file",
		Steps: []string{fmt.Sprintf("In Explorer: Properties of %s, Security tab: add the group IIS_WPG with Read and Read & Execute, and take out what denies it.", path)},
	}
	alone := *p.snapshot
	alone.ACLs = alone.ACLs.Only(path)
	for _, e := range []snapshot.Edit{
		{Property: "IIS_WPG", Op: metabase.Add}, {Property: "IIS_WPG", Op: metabase.Set}, {Property: account, Op: metabase.Set},
	} {
		e.Kind, e.Target, e.Value = snapshot.EditACL, string(path), "R"
		after := alone.Apply([]snapshot.Edit{e})
		if after.ACLs.Allows(path, iis.ProcessToken(account), snapshot.AccessRead) == snapshot.Yes {
			r.Edits = []snapshot.Edit{e}
			break
		}
	}
	return r
}

// takeOut leaves the filter out of the order in which filters are loaded. Only the first
// findings of an order say what it is then.
func (f filter) takeOut(p *pass) Remedy {
	r := Remedy{
		Title: "Take the filter out, or install it again",
		Steps: []string{
			"If the site needs the filter, install it again for this version of Windows; nothing else is then to do.",
			"If not: in IIS Manager, Properties of the site (or of Web Sites), ISAPI Filters tab: remove it. Restart IIS.",
		},
		Risk: "what the filter did is no longer done: make sure that it did not protect the site",
	}
	if order := p.counted(f.order); order.whole < maxWhole {
		order.whole++
		r.Edits = []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(f.order.Key), Property: f.order.Property, Op: metabase.Set, Value: f.others()}}
	}
	return r
}

// others is the order in which filters are loaded without this one.
func (f filter) others() string {
	var rest []string
	for _, name := range strings.Split(f.order.Text(), ",") {
		if name = strings.TrimSpace(name); name != "" && !strings.EqualFold(name, f.name) {
			rest = append(rest, name)
		}
	}
	return strings.Join(rest, ",")
}

// sign is how the filter's failure shows: events 2214 with its DLL and 2268 with a
// site, and 503 in HTTPERR for one of its sites.
func (f filter) sign() sign {
	var numbers, names []string
	for _, d := range f.sites {
		numbers = append(numbers, d.site.Path().Name())
		if comment := d.site.Effective("ServerComment").Text(); comment != "" {
			names = append(names, comment)
		}
	}
	names = append(names, numbers...)
	return sign{
		kernel: func(e weblog.Error) bool {
			return e.Status == 503 && e.Reason == "N/A" && slices.Contains(numbers, e.Site)
		},
		event: func(g eventlog.Group) bool {
			switch {
			case g.Source != eventlog.W3SVCWP:
				return false
			case g.ID == 2268:
				return containsFold(names, g.Subject.Name)
			}
			return (g.ID == 2214 || g.ID == 2274) && f.isNamed(g.Subject.Name)
		},
	}
}

// isNamed reports whether an event speaks of this filter: by its DLL or its name.
func (f filter) isNamed(name string) bool {
	return strings.EqualFold(name, f.name) || iis.SameFile(name, string(f.dll)) && name != ""
}

// flags reports whether the filter asks for SF_NOTIFY_READ_RAW_DATA, and the value
// that says so.
func (f filter) flags() (raw bool, v metabase.Value) {
	if !f.known {
		return false, v
	}
	v, _ = f.key.Own("FilterFlags")
	return v.Has("NotifyReadRawData"), v
}

// filterRawData: a filter that needs raw data does not load in worker process
// isolation mode (S1, ms525612).
func filterRawData(p *pass) {
	if p.isolated() {
		return
	}
	for _, f := range p.filters() {
		raw, v := f.flags()
		if !raw {
			continue
		}
		x := Finding{
			Message: fmt.Sprintf("The ISAPI filter %s asks for raw data (SF_NOTIFY_READ_RAW_DATA), which does not exist in worker process isolation mode: it is not loaded, and the sites run without it", f.name),
			Missing: "only the event log shows that the filter was not loaded: 2222 or 2261 of W3SVC-WP in the Application log",
			Span:    v.Span(), Key: f.key.Path(), Property: v.Property, Value: v.Text(), Origin: f.key.Path(),
			sign: sign{event: func(g eventlog.Group) bool {
				return g.Source == eventlog.W3SVCWP && (g.ID == 2222 || g.ID == 2261) && (g.Subject.Name == "" || f.isNamed(g.Subject.Name))
			}},
			Remedies: []Remedy{isolationMode(), f.takeOut(p)},
		}
		for _, d := range f.sites {
			x.Affects = append(x.Affects, d.address(p))
		}
		p.report(x)
	}
}

func isolationMode() Remedy {
	return Remedy{
		Title: "Ask the vendor for a filter that does without raw data; only if there is none, run IIS in IIS 5.0 isolation mode",
		Steps: []string{
			"Ask the vendor of the filter for an update for IIS 6.0. With it nothing else is to do.",
			"Otherwise, in IIS Manager: Web Sites, Properties, Service tab: select Run WWW service in IIS 5.0 isolation mode. Restart the WWW service.",
		},
		Risk:  "the whole server then has no application pools: no recycling, no health checks, and one failing application can stop all sites",
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(service), Property: "IIs5IsolationModeEnabled", Op: metabase.Set, Value: "TRUE"}},
	}
}

// filterNotShown: a filter without FilterState was never loaded so far, which is how
// IIS 6.0 works: it loads filters at the first request to a site (S1, cc739930).
func filterNotShown(p *pass) {
	for _, f := range p.filters() {
		if !f.known || !f.dll.IsAbs() {
			continue
		}
		if _, set := f.key.Own("FilterState"); set {
			continue
		}
		p.report(Finding{
			Certainty: Proven,
			Message:   fmt.Sprintf("IIS Manager shows no status for the ISAPI filter %s: it is loaded at the first request to a site, and no request has come since it was installed", f.name),
			Span:      f.key.Span(), Key: f.key.Path(), Property: "FilterState", Origin: f.key.Path(),
			Remedies: []Remedy{{Title: "Ask for a page, then look again", Steps: []string{
				"Ask for any page of the site, then refresh the ISAPI Filters tab of its Properties: a green arrow is a filter that was loaded, a red one a filter that failed.",
			}}},
		})
	}
}
