package checks

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestWhereRemediesWrite: a remedy writes where the value is set, and where nothing sets
// it at the key that misses it.
func TestWhereRemediesWrite(t *testing.T) {
	const (
		serviceParents = "		AspEnableParentPaths=\"FALSE\"\n"
		serviceAuth    = "		AuthFlags=\"AuthAnonymous\"\n		CGITimeout"
		rootAuth       = "		AuthFlags=\"AuthAnonymous\"\n		Path="
		poolStart      = `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/DefaultAppPool"`
	)
	upwards := fstest.MapFS{"content/C/inetpub/wwwroot/t/u/a.asp": file1(`<!--#include file="..\x.inc"-->`), "content/C/inetpub/wwwroot/t/x.inc": file1("x")}
	application := func(attributes string) string { return vdir("IIsWebDirectory", "t", attributes) }
	below := func(app, directory string) string {
		return strings.TrimSuffix(application(app), endKeys) + vdir("IIsWebDirectory", "t/u", directory)
	}
	const appT = `AppRoot="/LM/W3SVC/1/ROOT/t"`
	for _, c := range []struct {
		name, id string
		files    fstest.MapFS
		replace  []string
		origin   string
		edits    []string // of the remedy with this number
		number   int
	}{
		{"parent paths, off at the service", "parent-paths", upwards, nil, "/LM/W3SVC", []string{"set /LM/W3SVC/1/ROOT AspEnableParentPaths TRUE"}, 1},
		{"parent paths, set nowhere", "parent-paths", upwards, []string{serviceParents, ""}, "", []string{"set /LM/W3SVC/1/ROOT AspEnableParentPaths TRUE"}, 1},
		{"parent paths of an application", "parent-paths", upwards, []string{endKeys, application(appT)}, "/LM/W3SVC", []string{"set /LM/W3SVC/1/ROOT/t AspEnableParentPaths TRUE"}, 1},
		{"parent paths of an application that has no key", "parent-paths", upwards, []string{endKeys, application(`AppRoot="/LM/W3SVC/1/ROOT/gone"`)}, "/LM/W3SVC", []string{"set /LM/W3SVC/1/ROOT AspEnableParentPaths TRUE"}, 1},
		{"parent paths, without applications", "parent-paths", upwards, []string{"		AppRoot=\"/LM/W3SVC/1/ROOT\"\n", ""}, "/LM/W3SVC", []string{"set /LM/W3SVC/1/ROOT AspEnableParentPaths TRUE"}, 1},
		{"parent paths, off below the application", "parent-paths", upwards, []string{endKeys, below(appT, `AspEnableParentPaths="FALSE"`)}, "/LM/W3SVC/1/ROOT/t/u", []string{"set /LM/W3SVC/1/ROOT/t/u AspEnableParentPaths TRUE"}, 1},
		{"parent paths, off above the application", "parent-paths", upwards, []string{root, root + ` AspEnableParentPaths="FALSE"`, endKeys, application(appT)}, "/LM/W3SVC/1/ROOT", []string{"set /LM/W3SVC/1/ROOT/t AspEnableParentPaths TRUE"}, 1},
		{"Basic at the service", "auth-basic-clear", nil, []string{serviceAuth, strings.Replace(serviceAuth, "AuthAnonymous", "AuthBasic", 1), rootAuth, "		Path="}, "/LM/W3SVC", []string{"set /LM/W3SVC AuthFlags 4"}, 0},
		{"Basic at the root", "auth-basic-clear", nil, []string{rootAuth, strings.Replace(rootAuth, "AuthAnonymous", "AuthBasic", 1)}, "/LM/W3SVC/1/ROOT", []string{"set /LM/W3SVC/1/ROOT AuthFlags 4"}, 0},
		{"protection off", "rapid-fail", nil, []string{poolStart, poolStart + ` RapidFailProtection="FALSE"`}, "/LM/W3SVC/AppPools/DefaultAppPool", []string{"set /LM/W3SVC/AppPools/DefaultAppPool RapidFailProtection TRUE"}, 0},
		{"protection out of reach", "rapid-fail", nil, []string{poolStart, poolStart + ` RapidFailProtectionMaxCrashes="301"`}, "/LM/W3SVC/AppPools/DefaultAppPool", []string{"set /LM/W3SVC/AppPools/DefaultAppPool RapidFailProtectionMaxCrashes 5"}, 0},
	} {
		f := onlyOne(t, changed(t, c.files, c.replace...), c.id)
		if got := editsOf(f.Remedies[c.number]); !slices.Equal(got, c.edits) || string(f.Origin) != c.origin {
			t.Errorf("%s: %q with origin %q, want %q with %q", c.name, got, f.Origin, c.edits, c.origin)
		}
	}
}

// TestKeyOfPoolSetting: a value speaks of the key that sets it, a default of its pool.
func TestKeyOfPoolSetting(t *testing.T) {
	const crashes = `RapidFailProtectionMaxCrashes="5"`
	gone := func() fstest.MapFS { return kernelLog("503 1 AppOffline DefaultAppPool") }
	for _, c := range []struct {
		name        string
		files       fstest.MapFS
		replace     []string
		key, origin string
	}{
		{"for all pools", nil, []string{crashes, `RapidFailProtectionMaxCrashes="1"`}, "/LM/W3SVC/AppPools", "/LM/W3SVC/AppPools"},
		{"set nowhere", gone(), []string{crashes, ""}, "/LM/W3SVC/AppPools/DefaultAppPool", ""},
		{"for one pool", gone(), []string{`AppPoolAutoStart="TRUE"`, `AppPoolAutoStart="TRUE" ` + crashes}, "/LM/W3SVC/AppPools/DefaultAppPool", "/LM/W3SVC/AppPools/DefaultAppPool"},
	} {
		if f := onlyOne(t, changed(t, c.files, c.replace...), "rapid-fail"); string(f.Key) != c.key || string(f.Origin) != c.origin {
			t.Errorf("%s: %q from %q, want %q from %q", c.name, f.Key, f.Origin, c.key, c.origin)
		}
	}
}

// TestVirtualInclude: a file inside the site can be named without "..", one outside of it
// can not.
func TestVirtualInclude(t *testing.T) {
	const prohibited, allowed = `0,C:\WINDOWS\system32\inetsrv\ssinc.dll`, `1,C:\WINDOWS\system32\inetsrv\ssinc.dll`
	for _, c := range []struct{ id, name, target, step string }{
		{"ssi-parent-path", "a.stm", `..\x.inc`, `In /t/a.stm, line 2, write #include virtual="/x.inc" instead of #include file="..\x.inc".`},
		{"ssi-parent-path", "a.stm", `..\..\x.inc`, ""},
		{"parent-paths", "a.asp", `..\x.inc`, `In /t/a.asp, line 2, write #include virtual="/x.inc" instead of #include file="..\x.inc".`},
		{"parent-paths", "a.asp", `..\..\x.inc`, ""},
	} {
		include := `<!--#include file="` + c.target + `"-->`
		f := onlyOne(t, changed(t, fstest.MapFS{"content/C/inetpub/wwwroot/t/" + c.name: file1("x\n" + include + include + include),
			"content/C/inetpub/wwwroot/x.inc": file1("x"), "content/C/inetpub/x.inc": file1("x")}, prohibited, allowed), c.id)
		step := ""
		if len(f.Remedies) == 2 {
			step = f.Remedies[0].Steps[0]
		}
		if step != c.step || !strings.HasSuffix(f.Message, " (2 more in this file)") {
			t.Errorf("%s, %s: %q, %s", c.name, c.target, step, f.Message)
		}
		if one := onlyOne(t, changed(t, fstest.MapFS{"content/C/inetpub/wwwroot/t/" + c.name: file1(include), "content/C/inetpub/wwwroot/x.inc": file1("x")}, prohibited, allowed), c.id); strings.Contains(one.Message, "more in this file") {
			t.Errorf("a single one: %s", one.Message)
		}
	}
}
