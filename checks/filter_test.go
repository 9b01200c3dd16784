package checks

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// The keys of filters in the healthy metabase.
const (
	siteFilters = "<IIsFilters	Location =\"/LM/W3SVC/1/Filters\"\n	>\n</IIsFilters>"
	allFilters  = "<IIsFilters	Location =\"/LM/W3SVC/Filters\"\n	>\n</IIsFilters>"
)

// withFilter gives a layer with one filter below holder; values are its own.
func withFilter(t *testing.T, holder, order string, values ...string) fstest.MapFS {
	t.Helper()
	at := allFilters
	if holder == "/LM/W3SVC/1/Filters" {
		at = siteFilters
	}
	filter := "<IIsFilters	Location =\"" + holder + "\"\n		FilterLoadOrder=\"" + order + "\"\n	>\n</IIsFilters>\n"
	if len(values) > 0 {
		filter += "<IIsFilter	Location =\"" + holder + "/audit\"\n		" + strings.Join(values, "\n		") + "\n	>\n</IIsFilter>"
	}
	return layer(t, nil, at, filter)
}

func TestFilterUnloadable(t *testing.T) {
	const site, all = "/LM/W3SVC/1/Filters", "/LM/W3SVC/Filters"
	const path = `FilterPath="C:\filters\audit.dll"`
	acl := func(files fstest.MapFS, entries string) fstest.MapFS {
		return evidenceFile(files, "acl.txt", `C:\filters\audit.dll BUILTIN\Administrators:F`+"\n"+entries+"\n")
	}
	with := func(files fstest.MapFS, name string) fstest.MapFS {
		return evidenceFile(files, "content/"+name, "MZ")
	}
	wantRaised(t, "filter-unloadable", []near{
		{"as installed", layer(t, nil), "", ""},
		{"nothing known of the DLL", withFilter(t, site, "audit", path), "", ""},
		{"its folder was collected without it", with(withFilter(t, site, "audit", path), "C/filters/other.dll"), "error proven /LM/W3SVC/1/Filters/audit: ", `C:\filters\audit.dll, does not exist: the site does not start`},
		{"and with it", with(withFilter(t, site, "audit", path), "C/filters/AUDIT.dll"), "", ""},
		{"another folder", with(withFilter(t, site, "audit", path), "C/other/audit.dll"), "", ""},
		{"only a name", withFilter(t, site, "audit", `FilterPath="audit.dll"`), "", ""},
		{"switched off", with(withFilter(t, site, "audit", path, `FilterEnabled="FALSE"`), "C/filters/other.dll"), "", ""},
		{"not in the order", with(withFilter(t, site, "", path), "C/filters/other.dll"), "", ""},
		{"no key", withFilter(t, all, "audit , "), "error proven /LM/W3SVC/Filters: ", "FilterLoadOrder names the ISAPI filter audit, for which there is no key: the site does not start"},
		{"a key in another case", withFilter(t, all, "AUDIT", path), "", ""},
		{"Administrators only", acl(withFilter(t, all, "audit", path), ""), "error proven /LM/W3SVC/Filters/audit: ", `does not let NT AUTHORITY\NETWORK SERVICE read it`},
		{"the group may", acl(withFilter(t, all, "audit", path), `                     WEB01\IIS_WPG:R`), "", ""},
		{"Network Service may, in German", acl(withFilter(t, all, "audit", path), `                     NT-AUTORITÄT\Netzwerkdienst:R`), "", ""},
		{"somebody who may be a group", acl(withFilter(t, all, "audit", path), `                     WEB01\Web Applications:R`), "", ""},
		{"denied to the group", acl(withFilter(t, all, "audit", path), "                     Everyone:R\n                     WEB01\\IIS_WPG:(DENY)R"), "error proven ", "not let NT AUTHORITY"},
		{"64 bits in a 32-bit process", with64(withFilter(t, all, "audit", path), true), "error proven /LM/W3SVC/Filters/audit: ", `is not built for 32 bits`},
		{"nothing known of the process", with64(withFilter(t, all, "audit", path), false), "", ""},
		{"no DLL at all", with(with64(withFilter(t, all, "audit", path), true), "C/filters/audit.dll"), "", ""},
		{"asks for raw data", acl(withFilter(t, all, "audit", path, `FilterFlags="NotifyReadRawData"`), ""), "", ""},
	})
}

// with64 puts a DLL for 64-bit processors in the filter's place, on a server whose
// worker processes are set to 32 bits or not.
func with64(files fstest.MapFS, wow bool) fstest.MapFS {
	dll := make([]byte, 128)
	copy(dll, "MZ")
	dll[0x3c] = 0x40
	copy(dll[0x40:], "PE\x00\x00\x64\x86")
	files["content/C/filters/audit.dll"] = &fstest.MapFile{Data: dll}
	if wow {
		text := string(files["MetaBase.xml"].Data)
		files["MetaBase.xml"].Data = []byte(strings.Replace(text, "		AppPoolIdentityType=\"2\"\n", "		AppPoolIdentityType=\"2\"\n		Enable32bitAppOnWin64=\"TRUE\"\n", 1))
	}
	return files
}

// TestFilterGrant: the remedy lets the worker process read, whatever denies it.
func TestFilterGrant(t *testing.T) {
	for entries, want := range map[string]string{
		"": `cacls C:\filters\audit.dll /E /G IIS_WPG:R`,
		`                     WEB01\IIS_WPG:(DENY)R`:                                                  `cacls C:\filters\audit.dll /E /P IIS_WPG:R`,
		"                     WEB01\\IIS_WPG:R\n                     NT AUTHORITY\\NETWORK SERVICE:N": `cacls C:\filters\audit.dll /E /P "NETWORK SERVICE:R"`,
		"                     Everyone:N":                                                             "",
	} {
		files := withFilter(t, "/LM/W3SVC/Filters", "audit", `FilterPath="C:\filters\audit.dll"`)
		evidenceFile(files, "acl.txt", `C:\filters\audit.dll BUILTIN\Administrators:F`+"\n"+entries+"\n")
		for _, f := range onHealthy(t, files) {
			if f.ID == "filter-unloadable" {
				if got := strings.Join(f.Remedies[0].Commands(), "|"); got != want {
					t.Errorf("%q: %s", entries, got)
				}
			}
		}
	}
}

func TestFilterRawData(t *testing.T) {
	const path = `FilterPath="C:\filters\audit.dll"`
	raw := func(order, flags string) fstest.MapFS {
		return withFilter(t, "/LM/W3SVC/1/Filters", order, path, flags)
	}
	isolated := raw("audit", `FilterFlags="NotifyReadRawData"`)
	isolated["MetaBase.xml"].Data = []byte(strings.Replace(string(isolated["MetaBase.xml"].Data), isolationOff, isolationOn, 1))
	wantRaised(t, "filter-raw-read", []near{
		{"by name", raw("audit", `FilterFlags="NotifyOrderLow | NotifyReadRawData"`), "warning possible /LM/W3SVC/1/Filters/audit: ", "The ISAPI filter audit asks for raw data"},
		{"by number", raw("audit", `FilterFlags="32768"`), "warning possible ", ""},
		{"a neighbouring flag", raw("audit", `FilterFlags="16384"`), "", ""},
		{"raw data that it sends", raw("audit", `FilterFlags="NotifySendRawData"`), "", ""},
		{"not in the order", raw("", `FilterFlags="NotifyReadRawData"`), "", ""},
		{"isolation mode", isolated, "", ""},
	})
	wantRaised(t, "filter-not-shown", []near{
		{"no state", raw("audit", `FilterEnableCache="TRUE"`), "info proven /LM/W3SVC/1/Filters/audit: ", "shows no status for the ISAPI filter audit"},
		{"loaded", raw("audit", `FilterState="1"`), "", ""},
		{"failed", raw("audit", `FilterState="4"`), "", ""},
		{"a filter of IIS itself", withFilter(t, "/LM/W3SVC/Filters", "audit", `FilterDescription="x"`), "", ""},
		{"no key", withFilter(t, "/LM/W3SVC/Filters", "audit"), "", ""},
	})
}

// TestFilterTakenOut: the other filters of the order stay, in their order.
func TestFilterTakenOut(t *testing.T) {
	for order, want := range map[string]string{
		"audit":                 "set /LM/W3SVC/1/Filters FilterLoadOrder ",
		"first, AUDIT ,,second": "set /LM/W3SVC/1/Filters FilterLoadOrder first,second",
		"audit,audits":          "set /LM/W3SVC/1/Filters FilterLoadOrder audits",
	} {
		files := withFilter(t, "/LM/W3SVC/1/Filters", order, `FilterPath="C:\filters\audit.dll"`)
		evidenceFile(files, "content/C/filters/other.dll", "MZ")
		got := ""
		for _, f := range onHealthy(t, files) {
			if f.ID == "filter-unloadable" && f.Property == "FilterPath" {
				e := f.Remedies[0].Edits[0]
				got = fmt.Sprintf("%s %s %s %s", e.Op, e.Target, e.Property, e.Value)
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", order, got, want)
		}
	}
}

// TestFilterSigns: which events and which rows of HTTPERR show that a filter did not
// load; the near misses are those of another filter, site, source or event.
func TestFilterSigns(t *testing.T) {
	const (
		site, path = "/LM/W3SVC/1/Filters", `FilterPath="C:\filters\audit.dll"`
		failed     = `W3SVC-WP|2214|The HTTP filter DLL C:\filters\AUDIT.DLL failed to load. The data is the error.`
		bits       = `W3SVC-WP|2274|ISAPI Filter 'C:\filters\audit.dll' could not be loaded due to a configuration problem.`
		aborted    = `W3SVC-WP|2268|Could not load all ISAPI filters for site '1'. Therefore site startup aborted.`
		raw        = `W3SVC-WP|2261|An attempt was made to load filter 'C:\filters\audit.dll' but it requires the SF_NOTIFY_READ_RAW_DATA filter notification.`
		global     = `W3SVC-WP|2222|An attempt was made to load filter C:\filters\audit.dll on a server instance, but it requires the SF_NOTIFY_READ_RAW_DATA filter notification so it must be loaded as a global filter.`
	)
	in := strings.Replace
	gone := func(seen fstest.MapFS, values ...string) fstest.MapFS {
		files := withFilter(t, site, "audit", append(values, path)...)
		maps.Copy(files, seen)
		return evidenceFile(files, "content/C/filters/other.dll", "MZ")
	}
	nameless := gone(kernelLog("503 - N/A -"))
	nameless["MetaBase.xml"].Data = []byte(in(string(nameless["MetaBase.xml"].Data), "		ServerComment=\"Contoso\"\n", "", 1))
	unnamed := gone(eventTable("W3SVC-WP|2268|Nicht alle ISAPI-Filter wurden geladen."))
	unnamed["MetaBase.xml"].Data = nameless["MetaBase.xml"].Data
	const seen, not = "error observed ", "error proven "
	wantRaised(t, "filter-unloadable", []near{
		{"2214 of its DLL", gone(eventTable(failed)), seen, ""},
		{"2214 of another DLL", gone(eventTable(in(failed, "AUDIT", "audit2", 1))), not, ""},
		{"2214 of a DLL of that name elsewhere", gone(eventTable(in(failed, "filters", "old", 1))), not, ""},
		{"2214 in another language", gone(eventTable("W3SVC-WP|2214|Der HTTP-Filter wurde nicht geladen.")), not, ""},
		{"2214 of another service", gone(eventTable(in(failed, "W3SVC-WP", "W3SVC", 1))), not, ""},
		{"2274", gone(eventTable(bits)), seen, ""},
		{"2274 by the filter's name", gone(eventTable(in(bits, `C:\filters\audit.dll`, "Audit", 1))), seen, ""},
		{"2274 by another name", gone(eventTable(in(bits, `C:\filters\audit.dll`, "auditor", 1))), not, ""},
		{"2268 of its site", gone(eventTable(aborted)), seen, ""},
		{"2268 of its site by its name", gone(eventTable(in(aborted, "'1'", "'CONTOSO'", 1))), seen, ""},
		{"2268 of another site", gone(eventTable(in(aborted, "'1'", "'2'", 1))), not, ""},
		{"2268 of a site that is not told", unnamed, not, ""},
		{"an event of the other failure", gone(eventTable(raw)), not, ""},
		{"503 of its site", gone(kernelLog("503 1 N/A -")), seen, ""},
		{"503 of another site", gone(kernelLog("503 2 N/A -")), not, ""},
		{"503 for another reason", gone(kernelLog("503 1 AppOffline DefaultAppPool")), not, ""},
		{"503 of no site, and the filter's has no name", nameless, not, ""},
	})
	alone := withFilter(t, site, "audit") // no key, so no DLL
	maps.Copy(alone, eventTable("W3SVC-WP|2214|Der HTTP-Filter wurde nicht geladen."))
	wantRaised(t, "filter-unloadable", []near{{"no DLL on either side", alone, not, ""}})

	const rawSeen, rawNot = "warning observed ", "warning possible "
	asks := func(row string) fstest.MapFS { return gone(eventTable(row), `FilterFlags="NotifyReadRawData"`) }
	wantRaised(t, "filter-raw-read", []near{
		{"2261", asks(raw), rawSeen, ""},
		{"2222", asks(global), rawSeen, ""},
		{"2261 in another language", asks("W3SVC-WP|2261|Ein Filter wurde nicht geladen."), rawSeen, ""},
		{"of another filter", asks(in(raw, "audit", "other", 1)), rawNot, ""},
		{"of another service", asks(in(raw, "W3SVC-WP", "W3SVC", 1)), rawNot, ""},
		{"a DLL that is not there", asks(failed), rawNot, ""},
	})
}
