package server

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/source"
)

// rewriter is the filter of fault folders that changes URLs before they are mapped, as
// a filter with SF_NOTIFY_PREPROC_HEADERS can (ms525878). Its rules stand beside its
// DLL, in Fault.Rewrite.txt: "/product/ /product.asp?id=" on a line. The first whose
// first part begins the path puts the second in its place.
const (
	rewriter     = "fault.rewrite.dll"
	rewriteRules = "Fault.Rewrite.txt"
)

// rewriteRule is one line of the rules.
type rewriteRule struct{ from, to string }

// rewriters are the rules of each rewriting filter of a site, in the order in which
// the filters are called: each gets what the one before it made of the URL (Gerhards,
// IIS Workflow: several decodes may happen).
func (s *Server) rewriters(t *iis.Target) (filters [][]rewriteRule) {
	if !s.options.Faults {
		return nil
	}
	for _, f := range s.model.Filters(t.Site, t.Pool) {
		if !strings.EqualFold(f.Path.Base(), rewriter) {
			continue
		}
		if text, err := s.snapshot.Content.Text(f.Path.Dir().Join(rewriteRules)); err == nil {
			filters = append(filters, rulesOf(text))
		}
	}
	return filters
}

func rulesOf(text *source.Text) (rules []rewriteRule) {
	for line := range strings.Lines(string(text.Bytes())) {
		if f := strings.Fields(line); len(f) == 2 && strings.HasPrefix(f[0], "/") && strings.HasPrefix(f[1], "/") {
			rules = append(rules, rewriteRule{f[0], f[1]})
		}
	}
	return rules
}

// rewrite changes the request as the filters of its site do and reports whether one
// did. One that HTTP.sys or UrlScan refuses comes to none. That the log then shows
// the new URL is inferred.
func (p *plan) rewrite(r *iis.Request) (changed bool) {
	if o := &p.outcome; len(p.rewrites) == 0 || o.Handler == iis.HTTPSys || o.Stage == "UrlScan" {
		return false
	}
	for _, rules := range p.rewrites {
		for _, rule := range rules {
			rest, ok := strings.CutPrefix(r.Path, rule.from)
			if !ok {
				continue
			}
			path, query, asks := strings.Cut(rule.to+rest, "?")
			if asks && r.Query != "" {
				query += "&"
			}
			r.Path, r.Query, changed = path, query+r.Query, true
			break
		}
	}
	return changed
}
