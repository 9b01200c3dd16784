package checks

import (
	"testing"
	"testing/fstest"
)

// flagged is the healthy server with other flags at its root.
func flagged(t *testing.T, flags string, replace ...string) fstest.MapFS {
	return layer(t, nil, append([]string{rootFlags, "		AccessFlags=\"" + flags + "\"\n" + atRoot}, replace...)...)
}

// below is the healthy server with a virtual directory whose folder holds files.
func below(t *testing.T, flags string, files map[string]string, more ...string) fstest.MapFS {
	content := map[string]string{}
	for name, text := range files {
		content["C/inetpub/area/"+name] = text
	}
	attributes := append([]string{`AccessFlags="` + flags + `"`, `Path="C:\inetpub\area"`}, more...)
	return layer(t, content, belowRoot, key("IIsWebVirtualDir", "area", attributes...)+belowRoot)
}

// rows adds rows of a log of site 1, "/path 403 2".
func rows(files fstest.MapFS, lines string) fstest.MapFS {
	files["logs/W3SVC1/ex.log"] = &fstest.MapFile{Data: []byte(
		"#Software: Microsoft Internet Information Services 6.0\r\n#Fields: date time cs-uri-stem sc-status sc-substatus\r\n2003-11-04 08:00:00 " + lines + "\r\n")}
	return files
}

func TestAccessNoRead(t *testing.T) {
	css := map[string]string{"a.css": "x"}
	both := map[string]string{"a.css": "x", "a.asp": "<% x = 1 %>"}
	wantRaised(t, "access-no-read", []near{
		{"as installed", layer(t, nil), "", ""},
		{"none at the root", flagged(t, "AccessScript"), "error proven /LM/W3SVC/1/ROOT: ", "AccessFlags lacks AccessRead for site 1: 3 files, the first /default.htm, are refused with 403.2"},
		{"no flag at all", flagged(t, "0"), "error proven ", ""},
		{"Execute is no Read", flagged(t, "AccessExecute | AccessScript | AccessWrite"), "error proven ", ""},
		{"a folder of files", below(t, "AccessScript", css), "info proven /LM/W3SVC/1/ROOT/area: ", "for /area of site 1: /area/a.css is refused with 403.2. That is right for files that are not meant"},
		{"a folder closed on purpose", below(t, "0", map[string]string{"readme.txt": "x", "shop.mdb": "x"}), "info proven ", "allow it only if pages link to them"},
		{"a closed folder that is asked for", rows(below(t, "0", css), "/area/a.css 403 2"), "error observed ", ""},
		{"results of forms", below(t, "0", map[string]string{"_private/form.txt": "x"}), "", ""},
		{"a folder of pages", below(t, "AccessScript", both), "info proven ", "right where only programs are to run"},
		{"a folder of pages whose files are asked for", rows(below(t, "AccessScript", both), "/area/a.css 403 2"), "error observed ", ""},
		{"another row", rows(below(t, "AccessScript", both), "/area/a.css 403 1"), "info proven ", ""},
		{"a row of another directory", rows(below(t, "AccessScript", both), "/b.css 403 2"), "info proven ", ""},
		{"pages only", below(t, "AccessScript", map[string]string{"a.asp": "x"}), "", ""},
		{"files that are not meant", below(t, "AccessScript", map[string]string{"a.inc": "x", "web.config": "x"}), "", ""},
		{"only in the log", rows(below(t, "AccessScript", nil), "/area/b.css 403 2"), "error observed ", "/area/b.css is refused"},
	})
}

func TestAccessNoScript(t *testing.T) {
	page := map[string]string{"a.asp": "<% x = 1 %>"}
	both := map[string]string{"a.asp": "<% x = 1 %>", "a.htm": "x"}
	wild := func(access, flags string) fstest.MapFS {
		return flagged(t, access, atSite, atSite+"		ScriptMaps=\"*,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,"+flags+",All\"\n")
	}
	const asp, execute = `.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5`, `.asp,C:\WINDOWS\system32\inetsrv\asp.dll,4`
	wantRaised(t, "access-no-script", []near{
		{"as installed", layer(t, nil), "", ""},
		{"none at the root", flagged(t, "AccessRead"), "error proven /LM/W3SVC/1/ROOT: ", "lacks AccessScript for site 1: /hello.asp is refused with 403.1"},
		{"Execute has Script", flagged(t, "AccessRead | AccessExecute"), "", ""},
		{"a map that wants Execute", layer(t, nil, asp, execute), "error proven ", "lacks AccessExecute for site 1"},
		{"a wildcard map that wants Execute", wild("AccessRead | AccessScript", "0"), "info possible ", "nothing is to be done unless"},
		{"the same, and visitors are refused", rows(wild("AccessRead | AccessScript", "0"), "/a.asp 403 1"), "error observed ", "lacks AccessExecute for site 1"},
		{"a wildcard map, and no Script", wild("AccessRead", "0"), "error proven ", "lacks AccessScript for site 1"},
		{"a wildcard map with Script", wild("AccessRead | AccessScript", "1"), "", ""},
		{"a wildcard map with Execute", wild("AccessRead | AccessExecute", "0"), "", ""},
		{"a folder of pages", below(t, "AccessRead", page), "error proven /LM/W3SVC/1/ROOT/area: ", "for /area of site 1: /area/a.asp is refused"},
		{"a folder of files", below(t, "AccessRead", both), "info proven ", "right where files are only to be read"},
		{"an application", below(t, "AccessRead", both, `AppRoot="/LM/W3SVC/1/ROOT/area"`), "error proven ", ""},
		{"the application above", below(t, "AccessRead", both, `AppRoot="/LM/W3SVC/1/ROOT"`), "info proven ", ""},
		{"a folder of files whose pages are asked for", rows(below(t, "AccessRead", both), "/area/a.asp 403 1"), "error observed ", ""},
		{"a folder for uploads", below(t, "AccessRead | AccessWrite", page), "", ""},
		{"files only", below(t, "AccessRead", map[string]string{"a.htm": "x"}), "", ""},
	})
}

func TestAccessRisks(t *testing.T) {
	const prohibited, allowed = `0,C:\WINDOWS\system32\inetsrv\httpext.dll`, `1,C:\WINDOWS\system32\inetsrv\httpext.dll`
	const exchange = `ScriptMaps="*,C:\Exchsrvr\bin\davex.dll,1"`
	wantRaised(t, "access-write-script", []near{
		{"as installed", layer(t, nil), "", ""},
		{"Write and Script", flagged(t, "AccessRead | AccessWrite | AccessScript"), "warning proven /LM/W3SVC/1/ROOT: ", "may write to site 1, and what lies there may run"},
		{"Write and Execute", below(t, "6", nil), "warning proven /LM/W3SVC/1/ROOT/area: ", "prohibited at present"},
		{"WebDAV is allowed", flagged(t, "515", prohibited, allowed), "warning proven ", "runs it on the server"},
		{"Write and Read", flagged(t, "AccessRead | AccessWrite"), "", ""},
		{"Exchange", below(t, "535", nil, exchange), "info proven /LM/W3SVC/1/ROOT/area: ", "davex.dll takes every request"},
		{"Exchange for one verb", below(t, "535", nil, `ScriptMaps="*,C:\x\davex.dll,1,GET"`), "warning proven ", ""},
		{"a map for files that exist", below(t, "535", nil, `ScriptMaps="*,C:\x\davex.dll,5"`), "warning proven ", ""},
		{"a map of one extension", below(t, "535", nil, `ScriptMaps=".eml,C:\x\davex.dll,1"`), "warning proven ", ""},
		{"everything to ASP.NET", below(t, "535", nil, `ScriptMaps="*,C:\WINDOWS\Microsoft.NET\Framework\v2.0.50727\aspnet_isapi.dll,1"`), "warning proven ", ""},
		{"Script and Source", flagged(t, "AccessRead | AccessSource | AccessScript"), "", ""},
		{"NoRemoteWrite is no Write", flagged(t, "AccessRead | AccessScript | AccessNoRemoteWrite"), "", ""},
	})
	wantRaised(t, "access-source", []near{
		{"as installed", layer(t, nil, prohibited, allowed), "", ""},
		{"Source and Read", flagged(t, "AccessRead | AccessSource", prohibited, allowed), "warning proven /LM/W3SVC/1/ROOT: ", "may read the source of the pages of site 1 instead"},
		{"Source and Write", flagged(t, "AccessWrite | AccessSource", prohibited, allowed), "warning proven ", "may change the source"},
		{"all three", flagged(t, "AccessRead | AccessWrite | AccessSource", prohibited, allowed), "warning proven ", "may read and change the source"},
		{"WebDAV is prohibited", flagged(t, "AccessRead | AccessSource"), "info proven ", "at present it is prohibited"},
		{"Exchange", below(t, "535", nil, exchange), "", ""},
		{"Source alone", flagged(t, "AccessSource", prohibited, allowed), "", ""},
	})
}

func TestAccessNoRemote(t *testing.T) {
	const bindings = "		ServerBindings=\":80:www.contoso.com\n			:80:\"\n"
	named := func(path string) fstest.MapFS {
		return layer(t, nil, belowRoot, key("IIsWebVirtualDir", path, `AccessFlags="4097"`, `Path="C:\inetpub\area"`)+belowRoot)
	}
	wantRaised(t, "access-no-remote", []near{
		{"as installed", layer(t, nil), "", ""},
		{"30209", flagged(t, "30209"), "error proven /LM/W3SVC/1/ROOT: ", "Files and pages of site 1 are sent to the server itself only"},
		{"pages", flagged(t, "AccessRead | AccessScript | AccessNoRemoteScript"), "error proven ", "Pages of site 1 are sent"},
		{"programs", flagged(t, "AccessRead | AccessExecute | AccessNoRemoteExecute"), "error proven ", "Programs of site 1 are sent"},
		{"NoRemoteWrite only", flagged(t, "AccessRead | AccessScript | AccessNoRemoteWrite"), "", ""},
		{"a right that nobody has", flagged(t, "AccessRead | AccessScript | AccessNoRemoteExecute"), "", ""},
		{"a directory", below(t, "4097", map[string]string{"default.htm": "x"}), "warning proven /LM/W3SVC/1/ROOT/area: ", "right for pages of the administrator only"},
		{"a row of another status", rows(below(t, "4097", map[string]string{"default.htm": "x"}), "/area/a.css 404 2"), "warning proven ", ""},
		{"a directory that is asked for", rows(below(t, "4097", nil), "/area/a.css 403 2"), "error observed ", ""},
		{"the administration of Windows 2000", named("IISAdmin/x"), "info possible ", "Windows 2000 sets"},
		{"its samples that are asked for", rows(named("iissamples"), "/iissamples/a.css 403 2"), "info ", "Windows 2000 sets"},
		{"a name that begins alike", named("IISAdministration"), "warning possible ", ""},
		{"a site that is stopped", flagged(t, "30209", atSite, "		ServerAutoStart=\"FALSE\"\n"), "", ""},
		{"a site for the server itself", flagged(t, "30209", bindings, "		ServerBindings=\"127.0.0.1:80:\"\n"), "", ""},
	})
}

// TestLeaveClosed: nothing is offered that opens the administration to everybody.
func TestLeaveClosed(t *testing.T) {
	for path, title := range map[string]string{"IISHelp": "Leave it closed", "iisadmin": "Leave it closed", "IISSamples": "Delete the samples", "area": "Let other computers in"} {
		files := layer(t, nil, belowRoot, key("IIsWebVirtualDir", path, `AccessFlags="4097"`, `Path="C:\inetpub\area"`)+belowRoot)
		found := false
		for _, f := range onHealthy(t, files) {
			if f.ID == "access-no-remote" {
				r := f.Remedies[0]
				found = len(f.Remedies) == 1 && r.Title == title && (len(r.Edits) > 0) == (path == "area")
			}
		}
		if !found {
			t.Errorf("%s: want only %q", path, title)
		}
	}
}

// TestExchangeFolder: a device of this computer is no share, and nothing is offered that
// takes a right from Outlook Web Access.
func TestExchangeFolder(t *testing.T) {
	for path, want := range map[string]int{`\\.\BackOfficeStorage\contoso.com\MBX`: 0, `\\files\mbx`: 1} {
		files := layer(t, nil, belowRoot, key("IIsWebVirtualDir", "mail", `AccessFlags="535"`, `AuthFlags="AuthNTLM"`,
			`Path="`+path+`"`, `ScriptMaps="*,C:\Exchsrvr\bin\davex.dll,1"`)+belowRoot)
		if got := raised(t, "unc-credentials", files); len(got) != want {
			t.Errorf("%s: %q", path, got)
		}
		for _, f := range onHealthy(t, files) {
			if f.Property == "AccessFlags" && len(f.Remedies[0].Edits) > 0 {
				t.Errorf("%s: %s offers %v", path, f.ID, f.Remedies[0].Edits)
			}
		}
	}
}

// TestAccessRemedies: a remedy keeps the flags that are no part of the fault.
func TestAccessRemedies(t *testing.T) {
	for flags, want := range map[string]string{
		"AccessRead | AccessExecute | AccessScript | AccessWrite": "517 3",
		"30209":        "1537",
		"AccessScript": "513",
	} {
		got := ""
		for _, f := range onHealthy(t, flagged(t, flags)) {
			for _, r := range f.Remedies {
				if f.Property == "AccessFlags" {
					got += " " + r.Edits[0].Value
				}
			}
		}
		if got != " "+want {
			t.Errorf("%s: set to%s, want %s", flags, got, want)
		}
	}
}
