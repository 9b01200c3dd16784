package checks

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestSessionRecycling: which settings of a pool end its sessions, by what its pages
// are known to do. "" stands for no finding.
func TestSessionRecycling(t *testing.T) {
	const (
		uses   = `<% Session("n") = 1 %>`
		doesnt = `<% Response.Write "session" %>`
		lost   = " and what pages keep in Session is lost (/page.asp does)"
	)
	for _, c := range []struct {
		pool, page string // no page: no content
		root       string // attributes of the site's ROOT
		want       string
	}{
		{``, uses, ``, "info possible The worker process of application pool DefaultAppPool is recycled every 29 hours (1740 minutes)," + lost},
		{``, doesnt, ``, ""},
		{``, "", ``, ""},
		{`PeriodicRestartTime="30"`, uses, ``, "warning possible The worker process of application pool DefaultAppPool is recycled every 30 minutes," + lost},
		{`PeriodicRestartTime="30"`, doesnt, ``, ""},
		{`PeriodicRestartTime="30"`, "", ``, "info possible The worker process of application pool DefaultAppPool is recycled every 30 minutes, and what pages keep in Session is lost, if they keep"},
		{`PeriodicRestartTime="30"`, uses, `AspAllowSessionState="FALSE"`, ""},
		{`PeriodicRestartTime="0"`, uses, ``, ""},
		{`PeriodicRestartTime="19"`, doesnt, ``, "warning proven PeriodicRestartTime of application pool DefaultAppPool (19 minutes) is less than IdleTimeout (20 minutes)"},
		{`PeriodicRestartTime="19" IdleTimeout="many"`, doesnt, ``, "warning proven PeriodicRestartTime of application pool DefaultAppPool (19 minutes) is less than IdleTimeout (20 minutes)"},
		{`PeriodicRestartTime="19" IdleTimeout="10"`, doesnt, ``, ""},
		{`PeriodicRestartTime="30" IdleTimeout="60"`, doesnt, ``, "warning proven PeriodicRestartTime of application pool DefaultAppPool (30 minutes) is less than IdleTimeout (60 minutes)"},
		{`PeriodicRestartTime="20"`, uses, ``, "warning possible The worker process of application pool DefaultAppPool is recycled every 20 minutes"},
		{`PeriodicRestartTime="0" PeriodicRestartRequests="35000"`, uses, ``, "warning possible The worker process of application pool DefaultAppPool is recycled after every 35,000 requests," + lost},
		{`PeriodicRestartTime="0" PeriodicRestartSchedule="03:00` + "\n" + `15:00"`, uses, ``, "warning possible The worker process of application pool DefaultAppPool is recycled at 03:00, 15:00," + lost},
		{`PeriodicRestartTime="0" PeriodicRestartSchedule=""`, uses, ``, ""},
		{`PeriodicRestartTime="0" PeriodicRestartMemory="512000"`, uses, ``, "warning possible The worker process of application pool DefaultAppPool is recycled whenever it has taken 512,000 KB of virtual"},
		{`PeriodicRestartTime="0" PeriodicRestartPrivateMemory="196608"`, uses, ``, "warning possible The worker process of application pool DefaultAppPool is recycled whenever it uses 196,608 KB"},
		{`PeriodicRestartTime="0" MaxProcesses="2"`, uses, ``, "warning possible 2 worker processes share the requests of application pool DefaultAppPool (a web garden)"},
		{`PeriodicRestartTime="0" MaxProcesses="2"`, doesnt, ``, ""},
		{`PeriodicRestartTime="0"`, uses, `AspSessionTimeout="60"`, "warning possible The worker process of application pool DefaultAppPool is ended after 20 minutes without a request, before its sessions time out (60 minutes)"},
		{`PeriodicRestartTime="0" IdleTimeout="60"`, uses, `AspSessionTimeout="60"`, ""},
		{`PeriodicRestartTime="0" IdleTimeout="0"`, uses, `AspSessionTimeout="60"`, ""},
		{`PeriodicRestartTime="0" IdleTimeout="10"`, doesnt, `AspSessionTimeout="60"`, ""},
	} {
		files := fstest.MapFS{}
		if c.page != "" {
			files["content/C/inetpub/wwwroot/page.asp"] = file1(c.page)
		}
		replace := pool(c.pool)
		all := replace[:]
		if c.root != "" {
			all = append(all, root, root+" "+c.root)
		}
		got := allSaid(changed(t, files, all...), "session-recycling")
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s %s %q: %q, want %q", c.pool, c.root, c.page, got, c.want)
		}
	}
}

// TestSessionUses: pages and what they include; other pools' pages do not count.
func TestSessionUses(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"included":          {map[string]string{"a.asp": `<!--#include virtual="/inc/s.inc"-->`, "inc/s.inc": `<% x = Session("a") %>`}, true},
		"included by two":   {map[string]string{"a.asp": `<!--#include virtual="/inc/s.inc"-->`, "b.asp": `<!--#include virtual="/inc/s.inc"-->`, "inc/s.inc": `<% x = Application("a") %>`}, false},
		"an include alone":  {map[string]string{"inc/s.inc": `<% x = Session("a") %>`}, false},
		"a static page":     {map[string]string{"a.htm": `<% x = Session("a") %>`}, false},
		"in a text":         {map[string]string{"a.asp": `<p>Session</p><% ' Session %>`}, false},
		"a member of other": {map[string]string{"a.asp": `<% x = db.Session %>`}, false},
		"not for visitors":  {map[string]string{"_vti_cnf/a.asp": `<% x = Session("a") %>`}, false},
		"with other case":   {map[string]string{"a.asp": `<% SESSION.Timeout = 60 %>`}, true},
	} {
		files := fstest.MapFS{}
		for path, text := range c.files {
			files["content/C/inetpub/wwwroot/"+path] = file1(text)
		}
		change := pool(`PeriodicRestartTime="30"`)
		if got := allSaid(changed(t, files, change[0], change[1]), "session-recycling"); c.want != (got != "") {
			t.Errorf("%s: %q", name, got)
		}
	}
	off := "1,C:\\WINDOWS\\system32\\inetsrv\\asp.dll"
	change := pool(`PeriodicRestartTime="30"`)
	if got := allSaid(changed(t, nil, change[0], change[1], off, "0"+off[1:]), "session-recycling"); got != "" {
		t.Errorf("where ASP is prohibited and no page was collected: %q", got)
	}
	elsewhere := fstest.MapFS{"content/C/other/a.htm": file1("x")}
	if got := allSaid(changed(t, elsewhere), "session-recycling"); got != "" {
		t.Errorf("as installed, another folder collected: %q", got)
	}
	if got := allSaid(changed(t, elsewhere, change[0], change[1]), "session-recycling"); !strings.HasPrefix(got, "info possible") {
		t.Errorf("every 30 minutes, another folder collected: %q", got)
	}
	other := `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/Other" PeriodicRestartTime="30"></IIsApplicationPool>` + "\n<IIsFilters\tLocation =\"/LM/W3SVC/Filters\""
	got := allSaid(changed(t, fstest.MapFS{"content/C/inetpub/wwwroot/a.asp": file1(`<% x = Session("a") %>`)}, "<IIsFilters\tLocation =\"/LM/W3SVC/Filters\"", other), "session-recycling")
	if strings.Contains(got, "Other") {
		t.Errorf("another pool: %q", got)
	}
}

// TestScheduleOfOthers: the remedy must not take from another pool, whose pages keep
// nothing in Session, the schedule that both inherit.
func TestScheduleOfOthers(t *testing.T) {
	const parent, filters = `<IIsApplicationPools	Location ="/LM/W3SVC/AppPools"`, `<IIsFilters	Location ="/LM/W3SVC/Filters"`
	const other = `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/Other"></IIsApplicationPool>` + "\n"
	own := pool(`PeriodicRestartSchedule="03:00"`)
	for name, c := range map[string]struct {
		replace []string
		want    snapshot.Edit
	}{
		"another pool inherits it": {[]string{parent, parent + ` PeriodicRestartSchedule="03:00"`, filters, other + filters},
			snapshot.Edit{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/AppPools/DefaultAppPool", Property: "PeriodicRestartSchedule", Op: metabase.Set}},
		"one pool inherits it": {[]string{parent, parent + ` PeriodicRestartSchedule="03:00"`},
			snapshot.Edit{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/AppPools", Property: "PeriodicRestartSchedule", Op: metabase.Remove}},
		"its own": {[]string{own[0], own[1], filters, other + filters},
			snapshot.Edit{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/AppPools/DefaultAppPool", Property: "PeriodicRestartSchedule", Op: metabase.Remove}},
	} {
		files := fstest.MapFS{"content/C/inetpub/wwwroot/a.asp": file1(`<% x = Session("a") %>`)}
		var got []snapshot.Edit
		for _, f := range changed(t, files, c.replace...).Findings {
			if f.ID == "session-recycling" && f.Property == "PeriodicRestartSchedule" {
				got = append(got, f.Remedies[0].Edits...)
			}
		}
		if diff := cmp.Diff([]snapshot.Edit{c.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
