package server

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
)

const sourceWP = "W3SVC-WP"

// dropLog is the filter of fault folders that takes the line out of the log, as a
// filter with SF_NOTIFY_LOG can.
const dropLog = "fault.droplog.dll"

// decision is what is to be done about a request. A site whose filters cannot be
// loaded does not start: its worker process says so in the event log when it tries.
func (s *Server) decision(r *iis.Request) *plan {
	p := s.plan(r)
	if p.rewrite(r) {
		p = s.plan(r)
	}
	if p.outcome.Stage == iis.StagePool && p.outcome.KernelReason == "AppOffline" {
		s.noProcess(p.outcome.Target.Pool)
	}
	if p.outcome.Stage == iis.StageFilters {
		if w, off := s.enter(s.poolOf(p.outcome.Target.Pool)); !off {
			s.startSite(w, p)
			s.leave(w)
		}
	}
	return p
}

// noProcess writes the events of a pool whose account cannot log on, once: its first
// request finds that out. The words of 1057 are not documented for this version.
func (s *Server) noProcess(pool string) {
	p := s.poolOf(pool)
	s.pools.Lock()
	first := !p.off
	p.off = true
	s.pools.Unlock()
	if !first {
		return
	}
	s.logs.write(s.event("Error", "W3SVC", 1057, fmt.Sprintf(
		"The identity of application pool '%s' is invalid, so the World Wide Web Publishing Service can not create a worker process to serve the application pool.", pool)))
	s.logs.write(s.event("Error", "W3SVC", 1059, fmt.Sprintf(
		"A failure was encountered while launching the process serving application pool '%s'. The application pool has been disabled.", pool)))
}

// startSite loads a site's filters into a worker process, at the first request to
// the site and not before (S1, cc739930).
func (s *Server) startSite(w *process, p *plan) {
	w.Lock()
	loaded := w.filters[p.folded]
	if !loaded {
		w.filters[p.folded] = true
	}
	w.Unlock()
	if loaded {
		return
	}
	failed, t := false, &p.outcome.Target
	for _, f := range s.model.Filters(t.Site, t.Pool) {
		switch {
		case f.RawData && t.Pool != "":
			s.logs.write(s.rawData(f))
		case f.Error == iis.ErrBadFormat:
			failed = true
			bits, _ := s.model.WorkerBits()
			s.logs.write(s.event("Error", sourceWP, 2274, fmt.Sprintf(
				"ISAPI Filter '%s' could not be loaded due to a configuration problem. The current configuration only supports loading images built for a %s processor architecture.", nameOf(f), map[int]string{32: "x86", 64: "AMD64"}[bits])))
		case f.Error != 0:
			failed = true
			s.logs.write(s.event("Error", sourceWP, 2214, fmt.Sprintf("The HTTP filter DLL %s failed to load. The data is the error.", nameOf(f))))
		}
	}
	if failed {
		s.logs.write(s.event("Error", sourceWP, 2268, fmt.Sprintf(
			"Could not load all ISAPI filters for site '%s'. Therefore site startup aborted.", s.siteName(t.Site))))
	}
}

// rawData is the event of a filter that worker process isolation mode does not
// load: 2261, for one of a single site 2222 (cc735105, cc758052). Their words are
// not documented for this version.
func (s *Server) rawData(f iis.Filter) Record {
	id := 2222
	if f.Global {
		id = 2261
	}
	return s.event("Error", sourceWP, id, fmt.Sprintf(
		"The HTTP filter DLL %s asks for SF_NOTIFY_READ_RAW_DATA, which worker process isolation mode does not support. The filter was not loaded.", nameOf(f)))
}

func nameOf(f iis.Filter) string {
	if f.Path != "" {
		return string(f.Path)
	}
	return f.Name
}

func (s *Server) siteName(site metabase.Path) string {
	if v := s.tree.Effective(site, "ServerComment"); v.IsSet() && v.Text() != "" {
		return v.Text()
	}
	return site.Name()
}

// dropsLine reports whether a filter of the site keeps requests out of the log.
func (s *Server) dropsLine(t *iis.Target) bool {
	if !s.options.Faults {
		return false
	}
	for _, f := range s.model.Filters(t.Site, t.Pool) {
		if strings.EqualFold(f.Path.Base(), dropLog) {
			return true
		}
	}
	return false
}
