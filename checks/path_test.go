package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// vdir is a key of the class with these attributes, put in at the end.
func vdir(class, name, attributes string) string {
	return "<" + class + `	Location ="/LM/W3SVC/1/ROOT/` + name + `" ` + attributes + "></" + class + ">\n</MBProperty>"
}

func TestPathMissing(t *testing.T) {
	shop := fstest.MapFS{"content/C/inetpub/wwwroot/shop/a.htm": file1("x")}
	for _, c := range []struct {
		name    string
		files   fstest.MapFS
		replace []string
		want    []string
	}{
		{"absent", shop, []string{endKeys, vdir("IIsWebVirtualDir", "shop", "")}, []string{`error proven Path; set /LM/W3SVC/1/ROOT/shop Path C:\inetpub\wwwroot\shop`}},
		{"empty", shop, []string{endKeys, vdir("IIsWebVirtualDir", "shop", `Path=""`)}, []string{`error proven Path; set /LM/W3SVC/1/ROOT/shop Path C:\inetpub\wwwroot\shop`}},
		{"no such folder either", nil, []string{endKeys, vdir("IIsWebVirtualDir", "shop", "")}, []string{`error proven Path; set /LM/W3SVC/1/ROOT/shop Path <folder>`}},
		{"of the site", nil, []string{`Path="C:\inetpub\wwwroot"`, ""}, []string{`error proven Path; set /LM/W3SVC/1/ROOT Path <folder>`}},
		{"a folder that was not collected", nil, []string{endKeys, vdir("IIsWebVirtualDir", "shop", `Path="E:\gone"`)}, nil},
		{"a directory has none", nil, []string{endKeys, vdir("IIsWebDirectory", "shop", "")}, nil},
		{"a file has none", nil, []string{endKeys, vdir("IIsWebFile", "a.asp", "")}, nil},
		{"one that redirects", nil, []string{endKeys, vdir("IIsWebVirtualDir", "go", `HttpRedirect="http://www.fabrikam.com/"`)}, nil},
		{"one that redirects other paths", nil, []string{endKeys, vdir("IIsWebVirtualDir", "go", `HttpRedirect="*;a.htm;/b.htm"`)}, []string{`error proven Path; set /LM/W3SVC/1/ROOT/go Path <folder>`}},
		{"of a stopped site", nil, []string{`Path="C:\inetpub\wwwroot"`, "", `ServerAutoStart="TRUE"`, `ServerAutoStart="FALSE"`}, nil},
	} {
		if got := listed(changed(t, c.files, c.replace...), "path-missing"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestFolderNotKnown: where no folder of the name was collected the step says so.
func TestFolderNotKnown(t *testing.T) {
	const nothing = "Nothing in the snapshot tells which folder was meant; if the directory is not needed, delete it."
	shop := []string{endKeys, vdir("IIsWebVirtualDir", "shop", "")}
	known := onlyOne(t, changed(t, fstest.MapFS{"content/C/inetpub/wwwroot/shop/a.htm": file1("x")}, shop...), "path-missing").Remedies[0].Steps
	unknown := onlyOne(t, changed(t, nil, shop...), "path-missing").Remedies[0].Steps
	if slices.Contains(known, nothing) || !slices.Contains(unknown, nothing) {
		t.Errorf("known %q, unknown %q", known, unknown)
	}
}

func TestDefaultDocumentMissing(t *testing.T) {
	const docs, on = `DefaultDoc="Default.htm,Default.asp,index.htm"`, " | EnableDefaultDoc"
	holds := func(names ...string) fstest.MapFS {
		files := fstest.MapFS{"content/C/inetpub/wwwroot/x.css": file1("x")}
		for _, name := range names {
			files["content/C/inetpub/"+name] = file1("x")
		}
		return files
	}
	folder := func(names ...string) fstest.MapFS { return holds(append(names, "wwwroot/default.htm")...) }
	logged := func(path string, files fstest.MapFS) fstest.MapFS {
		files["logs/W3SVC1/ex030311.log"] = file1("#Software: Microsoft Internet Information Services 6.0\r\n#Fields: date time s-sitename cs-method cs-uri-stem sc-status sc-substatus sc-win32-status\r\n" +
			"2003-03-11 08:00:00 W3SVC1 GET " + path + " 403 14 5\r\n")
		return files
	}
	const proven = "proven Default.htm,Default.asp,index.htm"
	const added = "; set /LM/W3SVC/1/ROOT DefaultDoc Default.htm,Default.asp,index.htm,index.html"
	for _, c := range []struct {
		name    string
		files   fstest.MapFS
		replace []string
		want    []string
	}{
		{"another name", holds("wwwroot/Index.HTML"), nil, []string{"error " + proven + added}},
		{"nothing to begin with", holds(), nil, []string{"info " + proven}},
		{"in the list", holds("wwwroot/INDEX.htm"), nil, nil},
		{"in the list with a blank", holds("wwwroot/default.asp"), []string{docs, `DefaultDoc="a.htm, default.asp"`}, nil},
		{"a folder of that name", holds("wwwroot/index.htm/x.css", "wwwroot/index.html"), nil, []string{"error " + proven + added}},
		{"browsing on", holds("wwwroot/index.html"), []string{"EnableDefaultDoc", "EnableDefaultDoc | EnableDirBrowsing"}, nil},
		{"switched off", holds("wwwroot/default.htm"), []string{on, ""}, []string{"error proven DirBrowseShowDate | DirBrowseShowTime | DirBrowseShowSize | DirBrowseShowExtension | DirBrowseShowLongDate; set /LM/W3SVC/1/ROOT DirBrowseFlags 1073741886"}},
		{"list not known", holds("wwwroot/index.html"), []string{docs, ""}, nil},
		{"folder not collected", fstest.MapFS{"content/C/inetpub/other/x.css": file1("x")}, nil, nil},
		{"wildcard map", holds("wwwroot/index.html"), []string{root, root + ` ScriptMaps="*,C:\WINDOWS\system32\inetsrv\asp.dll,1"`}, nil},
		{"wildcard map for files that exist", holds("wwwroot/index.html"), []string{root, root + ` ScriptMaps="*,C:\WINDOWS\system32\inetsrv\asp.dll,5"`}, nil},
		{"redirected", holds("wwwroot/index.html"), []string{root, root + ` HttpRedirect="/x.htm"`}, nil},
		{"another path redirected", holds("wwwroot/index.html"), []string{root, root + ` HttpRedirect="*;a.htm;/x.htm"`}, []string{"error " + proven + added}},
		{"a virtual directory", holds("wwwroot/default.htm", "help/index.html"), []string{endKeys, vdir("IIsWebVirtualDir", "help", `Path="C:\inetpub\help"`)},
			[]string{"warning " + strings.Replace(proven+added, "/ROOT", "/ROOT/help", 1)}},
		{"a folder", folder("wwwroot/help/index.html"), nil, []string{"warning " + proven + added}},
		{"a folder with a key", folder("wwwroot/help/index.html"), []string{endKeys, vdir("IIsWebDirectory", "help", "")}, []string{"warning " + strings.Replace(proven+added, "/ROOT", "/ROOT/help", 1)}},
		{"a folder deep below", folder("wwwroot/a/b/index.html"), nil, []string{"info " + proven + added}},
		{"two folders", folder("wwwroot/a/index.html", "wwwroot/b/home.htm"), nil, []string{"warning " + proven + added + ",home.htm"}},
		{"a folder with both", folder("wwwroot/a/index.html", "wwwroot/a/index.htm"), nil, nil},
		{"a folder of pictures", folder("wwwroot/a/a.gif"), nil, nil},
		{"a folder, refused", logged("/help/", folder("wwwroot/help/index.html")), nil, []string{"error observed Default.htm,Default.asp,index.htm" + added}},
		{"another path, refused", logged("/helper/", folder("wwwroot/help/index.html")), nil, []string{"warning " + proven + added}},
		{"pictures, refused", logged("/a/", folder("wwwroot/a/a.gif")), nil, []string{"info observed Default.htm,Default.asp,index.htm"}},
		{"a guard", fstest.MapFS{"content/C/inetpub/wwwroot/default.htm": file1("x"), "content/C/inetpub/wwwroot/a/index.html": file1("<html><body bgcolor=\"#FFFFFF\"></body></html>"),
			"content/C/inetpub/wwwroot/b/index.php": file1("<?php\n// Silence is golden.\n")}, nil, nil},
		{"a virtual directory of pictures", holds("wwwroot/default.htm", "help/a.png"), []string{endKeys, vdir("IIsWebVirtualDir", "help", `Path="C:\inetpub\help"`)}, nil},
	} {
		if got := listed(changed(t, c.files, c.replace...), "default-document-missing"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestBareFolderSaid: what is missing, the page that is there, and how many more folders.
func TestBareFolderSaid(t *testing.T) {
	const none, off = `C:\inetpub\wwwroot%s holds none of the default documents (Default.htm,Default.asp,index.htm), and browsing is off: a request for %s is answered 403.14`,
		"Default documents are switched off for /, and browsing is off: a request for it is answered 403.14"
	for _, c := range []struct {
		files   fstest.MapFS
		replace []string
		want    string
	}{
		{fstest.MapFS{"content/C/inetpub/wwwroot/index.html": file1("x")}, nil, fmt.Sprintf(none, "", "/") + "; it holds index.html"},
		{fstest.MapFS{"content/C/inetpub/wwwroot/x.css": file1("x")}, nil, fmt.Sprintf(none, "", "/")},
		{inWWW("x.css"), []string{" | EnableDefaultDoc", ""}, off + "; it holds default.htm"},
		{inWWW("a/index.html", "b/home.htm"), nil, fmt.Sprintf(none, `\a`, "/a/") + "; it holds index.html; the same holds for 1 more folder"},
	} {
		var got []string
		for _, f := range changed(t, c.files, c.replace...).Findings {
			if f.ID == "default-document-missing" {
				got = append(got, f.Message)
			}
		}
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%q, want %s", got, c.want)
		}
	}
}

// TestErrorPageMissing: only what is known to be missing; a folder of which a part was
// collected says nothing.
func TestErrorPageMissing(t *testing.T) {
	list := func(entries string) []string { return []string{root, root + ` HttpErrors="` + entries + `"`} }
	files := func(names ...string) fstest.MapFS {
		files := fstest.MapFS{}
		for _, name := range names {
			files["content/C/"+name] = file1("x")
		}
		return files
	}
	const twoPool, siteName, siteList = "AppIsolated=\"2\"\n\t\tAppPoolId=\"Two\"", `ServerComment="Contoso"`, `ServerComment="Contoso" HttpErrors="404,*,URL,/e/404.asp"`
	const page, www = `404,*,FILE,C:\inetpub\wwwroot\e\404.htm`, "inetpub/wwwroot/default.htm"
	back := []string{"warning proven " + page + `; replace /LM/W3SVC/1/ROOT HttpErrors 404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`}
	for _, c := range []struct {
		name    string
		files   fstest.MapFS
		replace []string
		want    []string
	}{
		{"missing", files(www), list(page), back},
		{"there", files(www, "inetpub/wwwroot/e/404.HTM"), list(page), nil},
		{"site not collected", files("other/a.htm"), list(page), nil},
		{"a status without a page of the service", files(www), list(`500,100,FILE,C:\inetpub\wwwroot\e\asp.htm`),
			[]string{`warning proven 500,100,FILE,C:\inetpub\wwwroot\e\asp.htm; remove /LM/W3SVC/1/ROOT HttpErrors 500,100,FILE,C:\inetpub\wwwroot\e\asp.htm`}},
		{"outside the sites, its folder collected", files(www, "pages/403.htm"), list(`404,*,FILE,C:\pages\404.htm`),
			[]string{`warning proven 404,*,FILE,C:\pages\404.htm; replace /LM/W3SVC/1/ROOT HttpErrors 404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`}},
		{"outside the sites, not collected", files(www), list(`404,*,FILE,C:\pages\404.htm`), nil},
		{"one page of many collected", files(www, "WINDOWS/help/iisHelp/common/404b.htm"), nil, nil},
		{"a URL that is missing", files(www), list(`404,*,URL,/e/404.asp?x`), []string{`warning proven 404,*,URL,/e/404.asp?x; replace /LM/W3SVC/1/ROOT HttpErrors 404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`}},
		{"a URL that is there", files(www, "inetpub/wwwroot/e/404.asp"), list(`404,*,URL,/e/404.asp?x`), nil},
		{"a URL in another pool", files(www, "e/404.asp"), append(list(`404,*,URL,/e/404.asp`), endKeys, vdir("IIsWebVirtualDir", "e", `Path="C:\e" AppPoolId="Two"`)),
			[]string{`warning proven 404,*,URL,/e/404.asp; replace /LM/W3SVC/1/ROOT HttpErrors 404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`}},
		{"a URL in the same pool", files(www, "e/404.asp"), append(list(`404,*,URL,/e/404.asp`), endKeys, vdir("IIsWebVirtualDir", "e", `Path="C:\e" AppPoolId="defaultapppool"`)), nil},
		{"a URL in another pool, of a plain directory", files(www, "inetpub/wwwroot/e/404.asp"), append(list(`404,*,URL,/e/404.asp?x`), endKeys, vdir("IIsWebDirectory", "e", `AppRoot="/LM/W3SVC/1/ROOT/e" AppPoolId="Two"`)),
			[]string{`warning proven 404,*,URL,/e/404.asp?x; replace /LM/W3SVC/1/ROOT HttpErrors 404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`}},
		{"a URL of the plain directory itself", files(www, "inetpub/wwwroot/e/404.asp"), []string{endKeys, vdir("IIsWebDirectory", "e", `AppRoot="/LM/W3SVC/1/ROOT/e" AppPoolId="Two" HttpErrors="404,*,URL,/e/404.asp"`)}, nil},
		{"the site's own list, a URL in the pool of its root", files(www, "inetpub/wwwroot/e/404.asp"), []string{rootPool, twoPool, siteName, siteList}, nil},
		{"the site's own list, a URL in another pool than its root", files(www, "e/404.asp"), []string{rootPool, twoPool, siteName, siteList, endKeys, vdir("IIsWebVirtualDir", "e", `Path="C:\e" AppPoolId="DefaultAppPool"`)},
			[]string{`warning proven 404,*,URL,/e/404.asp; replace /LM/W3SVC/1 HttpErrors 404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`}},
		{"another server's page", files(www), list(`404,*,URL,http://x/404.asp`), nil},
	} {
		if got := listed(changed(t, c.files, c.replace...), "error-page-missing"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestKeyAddress: a key as a client asks for it: a file by its name, anything else as a
// folder; its path where no binding leads to it.
func TestKeyAddress(t *testing.T) {
	g := newGround(mustOpen(t, layer(t, nil, belowRoot,
		key("IIsWebVirtualDir", "shop", `Path="C:\shop"`)+key("IIsWebDirectory", "shop/old", `AccessFlags="AccessRead"`)+key("IIsWebFile", "shop/a.asp", `AccessFlags="AccessRead"`)+
			"<IIsWebServer	Location =\"/LM/W3SVC/2\"\n	>\n</IIsWebServer>\n<IIsWebVirtualDir	Location =\"/LM/W3SVC/2/ROOT\"\n	>\n</IIsWebVirtualDir>\n"+belowRoot)))
	for path, want := range map[metabase.Path]string{
		"/LM/W3SVC/1/ROOT":            "http://www.contoso.com/",
		"/LM/W3SVC/1/ROOT/shop":       "http://www.contoso.com/shop/",
		"/LM/W3SVC/1/ROOT/shop/old":   "http://www.contoso.com/shop/old/",
		"/LM/W3SVC/1/ROOT/shop/a.asp": "http://www.contoso.com/shop/a.asp",
		"/LM/W3SVC/2/ROOT":            "/LM/W3SVC/2/ROOT",
	} {
		k, ok := g.tree.Key(path)
		if got := g.addressOf(k); !ok || got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// TestErrorPageSaid: the status as people write it.
func TestErrorPageSaid(t *testing.T) {
	for entry, want := range map[string]string{"404,*": "404", "404,0": "404", "404,2": "404.2", "500,100": "500.100"} {
		r := changed(t, inWWW(), root, root+` HttpErrors="`+entry+`,FILE,C:\inetpub\wwwroot\gone.htm"`)
		if got := said(r, "error-page-missing"); !strings.Contains(got, "The page for status "+want+`, C:\inetpub\wwwroot\gone.htm, does not exist`) {
			t.Errorf("%s: %q", entry, got)
		}
	}
}
