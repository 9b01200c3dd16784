package checks

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	framework = `C:\WINDOWS\Microsoft.NET\Framework\`
	dotNet1   = framework + `v1.1.4322\aspnet_isapi.dll`
	dotNet2   = framework + `v2.0.50727\aspnet_isapi.dll`
)

// inWWW is content below the site's ROOT.
func inWWW(names ...string) fstest.MapFS {
	files := fstest.MapFS{"content/C/inetpub/wwwroot/default.htm": file1("x")}
	for _, name := range names {
		files["content/C/inetpub/wwwroot/"+name] = file1("x")
	}
	return files
}

func TestASPNETUnregistered(t *testing.T) {
	at := func(key, ext, dll string) string {
		return "; add " + key + " ScriptMaps " + ext + "," + dll + ",1,GET,HEAD,POST,DEBUG"
	}
	allow := func(version string) string {
		name := "ASP.NET " + version
		return "; add /LM/W3SVC WebSvcExtRestrictionList 1," + framework + version + `\aspnet_isapi.dll,0,` + name + "," + name
	}
	for _, c := range []struct {
		name    string
		files   fstest.MapFS
		replace []string
		want    []string
	}{
		{"never registered", inWWW("a.aspx", "s.asmx"), nil, []string{"error proven ScriptMaps" + at("/LM/W3SVC", ".aspx", dotNet1) + at("/LM/W3SVC", ".asmx", dotNet1) + allow("v1.1.4322")}},
		{"pages of 2.0", inWWW("a.aspx", "x.master"), nil, []string{"error proven ScriptMaps" + at("/LM/W3SVC", ".aspx", dotNet2) + allow("v2.0.50727")}},
		{"known to the restriction list", inWWW("a.aspx"), []string{"\t\t\t0,*.exe\n", "\t\t\t0,*.exe\n\t\t\t0," + dotNet2 + ",0,X,Y\n"},
			[]string{"error proven ScriptMaps" + at("/LM/W3SVC", ".aspx", dotNet2) + "; replace /LM/W3SVC WebSvcExtRestrictionList 1," + dotNet2 + ",0,X,Y"}},
		{"hidden by the site's list", inWWW("a.aspx"), append(mapsAt(aspMap), "ScriptMaps=\".asp,", "ScriptMaps=\".aspx,"+dotNet2+",1,GET\n\t\t\t.asp,", "0,*.dll", "1,*.dll"),
			[]string{"error proven ScriptMaps" + at("/LM/W3SVC/1/ROOT", ".aspx", dotNet2)}},
		{"the engine of the list itself", inWWW("a.ashx"), append(mapsAt(aspMap, ".aspx,"+dotNet2+",1,GET,POST"), "\t\t\t0,*.exe\n", "\t\t\t0,*.exe\n\t\t\t1,"+dotNet1+",0,X,Y\n\t\t\t1,"+dotNet2+",0,X,Z\n"),
			[]string{"error proven ScriptMaps" + at("/LM/W3SVC/1/ROOT", ".ashx", dotNet2)}},
		{"a service in a site on 2.0", inWWW("x.svc"), append(mapsAt(aspMap, ".aspx,"+dotNet2+",1,GET,POST"), "0,*.dll", "1,*.dll"),
			[]string{"error proven ScriptMaps" + at("/LM/W3SVC/1/ROOT", ".svc", dotNet2)}},
		{"a service in a site on 1.1", inWWW("x.svc"), append(mapsAt(aspMap, ".aspx,"+dotNet1+",1,GET,POST"), "0,*.dll", "1,*.dll"),
			[]string{"error proven ScriptMaps" + at("/LM/W3SVC/1/ROOT", ".svc", dotNet2)}},
		{"another version is in use", inWWW("a.aspx"), []string{"\t\t\t0,*.exe\n", "\t\t\t0,*.exe\n\t\t\t1," + dotNet2 + ",0,X,Y\n", endKeys, vdir("IIsWebVirtualDir", "old", `ScriptMaps=".aspx,`+dotNet1+`,1,GET,POST"`)},
			[]string{"error proven ScriptMaps" + at("/LM/W3SVC/1/ROOT", ".aspx", dotNet2)}},
		{"the same version is in use", inWWW("a.aspx"), []string{"\t\t\t0,*.exe\n", "\t\t\t0,*.exe\n\t\t\t1," + dotNet2 + ",0,X,Y\n", endKeys, vdir("IIsWebVirtualDir", "old", `ScriptMaps=".aspx,`+dotNet2+`,1,GET,POST"`)},
			[]string{"error proven ScriptMaps" + at("/LM/W3SVC", ".aspx", dotNet2)}},
		{"registered", inWWW("a.aspx"), mapsAt(".aspx," + dotNet1 + ",1,GET,POST"), nil},
		{"no such page", inWWW("a.asp", "web.config", "x.aspx.cs", "bin/x.aspx"), nil, nil},
	} {
		if got := listed(changed(t, c.files, c.replace...), "aspnet-unregistered"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestASPNETRegistration: what the finding says, and which tool is to be run: -i moves
// every application, -sn only the one that is named; neither maps .svc.
func TestASPNETRegistration(t *testing.T) {
	const everywhere, here, services = "Run aspnet_regiis.exe -i of", "Run aspnet_regiis.exe -sn of", "ServiceModelReg.exe"
	const nobody, replaced = "No script map hands .aspx to ASP.NET", "The script maps of /LM/W3SVC/1/ROOT replace those above and lack .aspx of ASP.NET"
	own := mapsAt(aspMap, ".ashx,"+dotNet2+",1,GET,POST")
	for _, c := range []struct {
		name, page, message string
		replace             []string
		tools               []string
	}{
		{"never registered", "a.aspx", nobody, nil, []string{everywhere}},
		{"a list that lacks it", "a.aspx", nobody, own, []string{here}},
		{"a list that hides it", "a.aspx", replaced, append(own, "ScriptMaps=\".asp,", "ScriptMaps=\".aspx,"+dotNet2+",1,GET\n\t\t\t.asp,"), []string{here}},
		{"another version in use", "a.aspx", nobody, []string{endKeys, vdir("IIsWebVirtualDir", "old", `ScriptMaps=".aspx,`+dotNet2+`,1,GET,POST"`), "0,*.exe", "0,*.exe\n\t\t\t1," + dotNet1 + ",0,X,Y"}, []string{here}},
		{"a service", "a.svc", "No script map hands .svc to ASP.NET", nil, []string{services}},
	} {
		var f Finding
		for _, f = range changed(t, inWWW(c.page), c.replace...).Findings {
			if f.ID == "aspnet-unregistered" {
				break
			}
		}
		var tools []string
		for _, tool := range []string{everywhere, here, services} {
			if strings.Contains(strings.Join(f.Remedies[0].Steps, " "), tool) {
				tools = append(tools, tool)
			}
		}
		if !strings.HasPrefix(f.Message, c.message+":") || !slices.Equal(tools, c.tools) {
			t.Errorf("%s: %s; %q", c.name, f.Message, f.Remedies[0].Steps)
		}
	}
}

func TestASPNETMixed(t *testing.T) {
	files := func(shop string, more ...string) fstest.MapFS {
		f := inWWW("a.aspx")
		f["content/C/inetpub/shop/"+shop] = file1("x")
		for _, name := range more {
			f["content/C/inetpub/"+name] = file1("x")
		}
		return f
	}
	news := func(pool, engine string) string {
		return key("IIsWebVirtualDir", "news", `Path="C:\inetpub\wwwroot\news" AppRoot="/LM/W3SVC/1/ROOT/news" AppPoolId="`+pool+`" ScriptMaps=".aspx,`+engine+`,1,GET,POST"`)
	}
	plain := key("IIsWebDirectory", "news", `AppRoot="/LM/W3SVC/1/ROOT/news" ScriptMaps=".aspx,`+dotNet2+`,1,GET,POST"`)
	const second = "<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/Two\"></IIsApplicationPool>\n"
	both := func(shop string, more ...string) []string {
		list := mapsAt(aspMap, ".aspx,"+dotNet1+",1,GET,POST")
		return append(append(list, endKeys, vdir("IIsWebVirtualDir", "shop", `Path="C:\inetpub\shop" `+shop)), more...)
	}
	const app, two = `AppRoot="/LM/W3SVC/1/ROOT/shop" `, `ScriptMaps=".aspx,` + dotNet2 + `,1,GET,POST"`
	const place = " .aspx," + dotNet2 + ",1,GET,POST"
	const own = "; set /LM/W3SVC/1/ROOT/shop AppPoolId ASP.NET v2.0.50727; set /LM/W3SVC/AppPools/ASP.NET v2.0.50727 KeyType IIsApplicationPool"
	for _, c := range []struct {
		name    string
		files   fstest.MapFS
		replace []string
		want    []string
	}{
		{"two versions", files("b.aspx"), both(app + two), []string{"error proven" + place + own}},
		{"content not collected", nil, both(app + two), []string{"warning possible" + place + own}},
		{"one has no pages of ASP.NET", files("b.htm"), both(app + two), nil},
		{"no application of its own", files("b.aspx"), both(two), nil},
		{"the same version by another name", files("b.aspx"), both(app + `ScriptMaps=".aspx,%windir%\microsoft.net\framework\V1.1.4322\ASPNET_isapi.dll,1,GET,POST"`), nil},
		{"different pools", files("b.aspx"), both(app + two + ` AppPoolId="Two"`), nil},
		{"two applications of the other version", files("b.aspx", "wwwroot/news/c.aspx"), both(app+two, belowRoot, news("DefaultAppPool", dotNet2)+belowRoot),
			[]string{"error proven" + place + strings.Replace(own, "/shop", "/news", 1), "error proven" + place + own}},
		{"an application at a plain directory", files("b.htm", "wwwroot/news/c.aspx"), both(app, belowRoot, plain+belowRoot), []string{"error proven" + place + strings.Replace(own, "/shop", "/news", 1)}},
		{"its pages not collected", fstest.MapFS{}, both(app, belowRoot, plain+belowRoot), []string{"warning possible" + place + strings.Replace(own, "/shop", "/news", 1)}},
		{"a plain directory without pages of ASP.NET", files("b.htm", "wwwroot/news/c.htm"), both(app, belowRoot, plain+belowRoot), nil},
		{"a plain directory in the application above", files("b.htm", "wwwroot/news/c.aspx"), both(app, belowRoot, strings.Replace(plain, "ROOT/news\" S", "ROOT\" S", 1)+belowRoot), nil},
		{"pages of ASP.NET only at the plain directory", inWWW("news/c.aspx"), both(``, belowRoot, plain+belowRoot), nil},
		{"a pool of its version", files("b.aspx", "wwwroot/news/c.aspx"), both(app+two, belowRoot, second+news("Two", dotNet2)+belowRoot), []string{"error proven" + place + "; set /LM/W3SVC/1/ROOT/shop AppPoolId Two"}},
		{"a pool of another version", files("b.aspx", "wwwroot/news/c.aspx"), both(app+two, belowRoot, second+news("Two", dotNet1)+belowRoot), []string{"error proven" + place + own}},
		{"a pool without ASP.NET", files("b.aspx"), both(app+two, belowRoot, second+belowRoot), []string{"error proven" + place + "; set /LM/W3SVC/1/ROOT/shop AppPoolId Two"}},
		{"in IIS 5.0 isolation mode", files("b.aspx"), both(app+two, `IIs5IsolationModeEnabled="FALSE"`, `IIs5IsolationModeEnabled="TRUE"`), nil},
	} {
		if got := listed(changed(t, c.files, c.replace...), "aspnet-mixed"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	events := files("b.aspx")
	events["events.csv"] = file1("\"Type\",\"Event\",\"Date Time\",\"Source\",\"ComputerName\",\"Category\",\"User\",\"Description\"\r\n" +
		"\"Error\",\"1062\",\"2003-11-04 08:00:00\",\"ASP.NET 2.0.50727.0\",\"WEB01\",\"None\",\"N/A\",\"It is not possible to run two different versions of ASP.NET in the same IIS process.\"\r\n")
	if got := listed(changed(t, events, both(app+two)...), "aspnet-mixed"); len(got) != 1 || !strings.HasPrefix(got[0], "error observed") {
		t.Errorf("with its event: %q", got)
	}
}
