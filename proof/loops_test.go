package proof

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/server"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// TestMain lets this test binary be the CGI program that the server starts.
func TestMain(m *testing.M) {
	server.CGIMain()
	flag.Parse()
	if given := flag.Lookup("test.parallel"); given != nil && given.Value.String() == given.DefValue {
		given.Value.Set("6") // most of these tests wait for timers
	}
	os.Exit(m.Run())
}

// each runs a loop over all fault folders.
func each(t *testing.T, loop func(*testing.T, *Fault)) {
	t.Helper()
	for _, c := range checks.All() {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			f, err := Load(c)
			if err != nil {
				t.Fatal(err)
			}
			loop(t, f)
		})
	}
}

// TestClaim: the broken snapshot answers as documented and the check finds it;
// after each remedy alone the answers are those promised and the check is silent.
func TestClaim(t *testing.T) {
	each(t, func(t *testing.T, f *Fault) {
		for _, p := range f.Broken.Problems {
			t.Errorf("problem in the fixture: %s", p)
		}
		r, err := f.Run()
		if err != nil {
			t.Fatal(err)
		}
		for _, why := range r.Faults {
			t.Error(why)
		}
		if f.Check.ConfigOnly != (len(f.Spec.Broken) == 0) {
			t.Error("configuration-only checks have no requests, all others have some")
		}
		if len(f.Spec.Remedies) == 0 && f.Check.Severity != checks.Info { // information has nothing to mend
			t.Error("proof.txt has no remedy")
		}
		if !f.Check.ConfigOnly && !f.Check.ByValue && !documentedCode(f) {
			t.Errorf("no expectation in broken names one of the codes %v", f.Check.Codes)
		}
	})
}

// documentedCode reports whether the typed answers of the broken snapshot hold one
// of the check's codes.
func documentedCode(f *Fault) bool {
	for _, r := range f.Spec.Broken {
		for _, e := range r.Expect {
			if e.Kind == "count" {
				_, e, _ = e.counted()
			}
			first, rest, _ := strings.Cut(e.Text, " ")
			code := first
			switch e.Kind {
			case "asp":
				code = "ASP " + first
			case "event":
				code = "event " + first
			case "httperr":
				code = rest // the reason
			case "refused":
				code = string(iis.NoConnection)
			}
			if slices.Contains(f.Check.Codes, code) {
				return true
			}
		}
	}
	return false
}

// TestSilence: a healthy server raises nothing at warning or above, nor does a
// remedied one, except what proof.txt lists; the first remedy raises nothing.
func TestSilence(t *testing.T) {
	healthy, err := checks.Healthy()
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.OpenFS(healthy)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range loud(s) {
		t.Errorf("healthy: %s %s %s", x.Pos(), x.ID, x.Message)
	}
	each(t, func(t *testing.T, f *Fault) {
		findings := f.findings(f.Broken)
		for _, section := range f.Spec.Remedies {
			if section.Remedy == 1 && len(section.Raises) > 0 {
				t.Error("the first remedy must raise nothing")
			}
			after, _, err := f.Mend(findings, section.Remedy)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range loud(after) {
				if !slices.Contains(section.Raises, x.ID) {
					t.Errorf("remedy %d raises %s %s %s", section.Remedy, x.Pos(), x.ID, x.Message)
				}
			}
		}
	})
}

func loud(s *snapshot.Snapshot) []checks.Finding {
	return slices.DeleteFunc(checks.Run(s).Findings, func(x checks.Finding) bool { return x.Severity == checks.Info })
}

// TestOnlyItsOwn: a fault folder holds one fault; what it raises besides must be
// information.
func TestOnlyItsOwn(t *testing.T) {
	each(t, func(t *testing.T, f *Fault) {
		for _, x := range loud(f.Broken) {
			if x.ID != f.Check.ID {
				t.Errorf("also raises %s %s %s", x.Pos(), x.ID, x.Message)
			}
		}
	})
}

// TestCompleteness: every answer of 400 and above on a broken snapshot is
// explained by a finding at the place that decided it.
func TestCompleteness(t *testing.T) {
	each(t, func(t *testing.T, f *Fault) {
		model := iis.New(f.Broken)
		places := map[any]bool{}
		for _, x := range checks.Run(f.Broken).Findings {
			places[x.Span] = true
		}
		asked := 0
		for _, url := range requests(f, model) {
			r, err := iis.ParseURL("GET", url)
			if err != nil {
				t.Fatal(err)
			}
			out := model.Decide(r)
			asked++
			if !out.Status.Failed() || expected(model, out) {
				continue
			}
			if out.Because == nil || !places[out.Because.Span] {
				t.Errorf("%s answers %s (%s) and no finding explains it", url, out.Status, out.Reason)
			}
		}
		if asked < 3 {
			t.Errorf("only %d requests were asked", asked)
		}
	})
}

// requests are those of proof.txt, one for each content file and one for each
// script map.
func requests(f *Fault, model *iis.Model) []string {
	var urls []string
	for _, r := range f.Spec.Broken {
		if r.URL != "" {
			urls = append(urls, r.URL)
		}
	}
	for _, site := range f.Broken.Metabase.Sites() {
		for _, root := range f.Broken.Content.Roots() {
			f.Broken.Content.Walk(root, func(e snapshot.Entry) bool {
				if url, ok := urlOf(f, model, site.Path(), e); ok {
					urls = append(urls, url)
				}
				return true
			})
		}
		root := site.Path().Join("ROOT")
		maps, _ := iis.ScriptMaps(f.Broken.Metabase.Effective(root, "ScriptMaps"))
		for _, m := range maps {
			if url, _, why := model.Reach(site.Path(), root, "/anything"+m.Extension); why == "" {
				urls = append(urls, url)
			}
		}
	}
	return urls
}

// expected are refusals that are no fault: an absent name, what is not meant for
// visitors, a site that asks for a logon, http where https is bound.
func expected(model *iis.Model, out iis.Outcome) bool {
	switch {
	case out.Status == "404" && out.Stage == "file":
		return true
	case out.Status == "404.3" && out.Target.Physical.Ext() == ".inc":
		return true
	case out.Status == "500.15", out.Status == "401.2":
		return true
	case out.Status == "403.4":
		secure := out.Request
		secure.Secure, secure.Port = true, 443
		return !model.Decide(secure).Status.Failed()
	case out.KernelReason == "Hostname" && out.Request.Secure:
		return true // nothing is bound for https; over http the cause is shown
	}
	return false
}

// urlOf is the URL under which a virtual directory of the site serves the file.
func urlOf(f *Fault, model *iis.Model, site metabase.Path, e snapshot.Entry) (string, bool) {
	for key := range f.Broken.Metabase.Keys() {
		v, ok := key.Own("Path")
		dir := source.WinPath(v.Text()).Clean()
		if !ok || !site.Contains(key.Path()) || !e.Path.Within(dir) {
			continue
		}
		rel := strings.ReplaceAll(string(e.Path.Clean())[len(dir):], `\`, "/")
		alias := strings.TrimPrefix(string(key.Path()), string(site.Join("ROOT")))
		url, _, why := model.Reach(site, key.Path(), alias+rel)
		return url, why == ""
	}
	return "", false
}
