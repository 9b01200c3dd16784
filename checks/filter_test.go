package checks

import (
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
