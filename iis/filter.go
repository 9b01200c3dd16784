package iis

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// StagePool is the stage at which the application pool takes the request.
const StagePool = "application pool"

// StageFilters is the stage at which ISAPI filters are loaded; the server writes
// events where it decides.
const StageFilters = "ISAPI filters"

// Filter is one ISAPI filter that is to be loaded for a site.
type Filter struct {
	Name    string
	Key     metabase.Path
	Path    source.WinPath // the DLL, "" where its key says none
	Flags   metabase.Value // FilterFlags: the notifications that it asks for
	Global  bool           // for all sites
	RawData bool           // asks for SF_NOTIFY_READ_RAW_DATA
	Error   uint32         // the Windows error of loading it; 0 where nothing is known against it
	Because *Because       // what Error rests on
}

// Errors of loading a DLL, as the data of event 2214 shows them.
const (
	ErrNotFound uint32 = 2
	ErrAccess   uint32 = 5

	ErrBadFormat uint32 = 193 // built for another processor
)

// Filters gives the filters of a site in the order in which they load: those for
// all sites first (FilterLoadOrder, cc759096). One that is switched off
// (FilterEnabled) is left out.
func (m *Model) Filters(site metabase.Path, pool string) []Filter {
	all := m.filtersOf("/LM/W3SVC/Filters", pool, true)
	return append(all, m.filtersOf(site.Join("Filters"), pool, false)...)
}

func (m *Model) filtersOf(key metabase.Path, pool string, global bool) (list []Filter) {
	holder, ok := m.tree.Key(key)
	if !ok {
		return nil
	}
	order, _ := holder.Own("FilterLoadOrder")
	for name := range strings.SplitSeq(order.Text(), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		f := Filter{Name: name, Key: key.Join(name), Global: global}
		k, ok := m.tree.Key(f.Key)
		if !ok {
			f.Error, f.Because = ErrNotFound, because(order)
			list = append(list, f)
			continue
		}
		if on, set := k.Own("FilterEnabled"); set {
			if enabled, ok := on.Bool(); ok && !enabled {
				continue
			}
		}
		m.readFilter(&f, k, pool)
		list = append(list, f)
	}
	return list
}

// readFilter fills what the filter's key says and what is known of its DLL: missing
// where other files of its folder were collected, out of reach where an access list
// says so (S1: the ACL must allow IIS_WPG). A key without FilterPath, as setup
// writes for compression, names a filter of IIS itself.
func (m *Model) readFilter(f *Filter, k metabase.Key, pool string) {
	path, ok := k.Own("FilterPath")
	f.Path = source.WinPath(ExpandPath(path.Text()))
	f.Flags, _ = k.Own("FilterFlags")
	f.RawData = f.Flags.Has("NotifyReadRawData")
	if !ok || f.Path == "" || !f.Path.IsAbs() {
		return
	}
	account, _ := m.Identity(pool)
	_, known := m.snapshot.Content.Stat(f.Path, f.Path.Dir())
	switch {
	case known == snapshot.No:
		f.Error, f.Because = ErrNotFound, because(path)
	case m.snapshot.ACLs.Allows(f.Path, ProcessToken(account), snapshot.AccessRead) == snapshot.No:
		f.Error = ErrAccess
		list, _ := m.snapshot.ACLs.Of(f.Path)
		f.Because = &Because{Span: list.At, Value: string(f.Path)}
	case m.OtherBits(f.Path):
		f.Error, f.Because = ErrBadFormat, because(path)
	}
}

// ExpandPath resolves the variables under which setup writes paths: %windir% and
// %SystemRoot%, which are taken for C:\WINDOWS. Quotes and blanks around it are dropped.
func ExpandPath(path string) string {
	path = strings.Trim(strings.TrimSpace(path), `"`)
	for _, name := range [...]string{"%windir%", "%systemroot%"} {
		if len(path) >= len(name) && strings.EqualFold(path[:len(name)], name) {
			return `C:\WINDOWS` + path[len(name):]
		}
	}
	return path
}

// checkFilters: on IIS 6.0 a filter that cannot be loaded keeps its whole site from
// starting: 503 (S1; Wang, "IIS 6 and ISAPI filters that fail to load"). One that
// asks for raw data is not loaded in worker process isolation mode; the site goes on
// without it (S1, ms525612). The reason in the HTTP error log is not documented.
func checkFilters(d *decision) verdict {
	filters := d.Filters(d.out.Target.Site, d.out.Target.Pool)
	for _, f := range filters {
		switch {
		case f.RawData && d.out.Target.Pool != "":
		case f.Error != 0:
			d.out.KernelReason = "N/A"
			return verdict{status: "503", because: f.Because,
				detail: fmt.Sprintf("the ISAPI filter %s cannot be loaded, so the site does not start", f.Name)}
		}
	}
	for _, f := range filters {
		if f.RawData && d.out.Target.Pool != "" {
			return verdict{because: because(f.Flags),
				detail: fmt.Sprintf("the ISAPI filter %s asks for raw data and is not loaded in worker process isolation mode", f.Name)}
		}
	}
	if len(filters) == 0 {
		return verdict{}
	}
	return verdict{detail: fmt.Sprintf("%d ISAPI filters are loaded at the first request", len(filters))}
}
