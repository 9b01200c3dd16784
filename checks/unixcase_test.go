package checks

import (
	"testing"
	"testing/fstest"
)

func TestUnixCase(t *testing.T) {
	// A share with two files that differ by case only; a map of Go tells them apart.
	share := func(path, attributes, one, two string) fstest.MapFS {
		files := layer(t, nil, belowRoot, key("IIsWebVirtualDir", "files", `Path="`+path+`"`+attributes)+belowRoot)
		for _, name := range []string{one, two} {
			files["content/UNC/files/web/"+name] = &fstest.MapFile{Data: []byte(name)}
		}
		return files
	}
	const web = `\\files\web`
	reg := func(files fstest.MapFS, data string) fstest.MapFS {
		files["a.reg"] = &fstest.MapFile{Data: []byte("Windows Registry Editor Version 5.00\r\n\r\n" +
			"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\InetInfo\\Parameters]\r\n\"DisableStaticFileCache\"=" + data + "\r\n")}
		return files
	}
	wantRaised(t, "unix-case", []near{
		{"two cases", share(web, "", "A.htm", "a.htm"), "error proven /LM/W3SVC/1/ROOT/files: ", `\\files\web holds A.htm and a.htm,`},
		{"in a folder", share(web, "", "x/A.gif", "x/a.GIF"), "error proven ", ""},
		{"one case", share(web, "", "a.htm", "b.htm"), "", ""},
		{"cache off", share(web, "\n		DisableStaticFileCache=\"TRUE\"", "A.htm", "a.htm"), "", ""},
		{"cache on, and said so", share(web, "\n		DisableStaticFileCache=\"0\"", "A.htm", "a.htm"), "error proven ", ""},
		{"cache off in the registry", reg(share(web, "", "A.htm", "a.htm"), "dword:00000001"), "", ""},
		{"binary, as S1 says", reg(share(web, "", "A.htm", "a.htm"), "hex:01"), "", ""},
		{"0 in the registry", reg(share(web, "", "A.htm", "a.htm"), "dword:00000000"), "error proven ", ""},
		{"pages of ASP", share(web, "", "A.asp", "a.asp"), "", ""},
		{"files that are not meant", share(web, "", "A.inc", "a.inc"), "", ""},
		{"another share", share(`\\files\other`, "", "A.htm", "a.htm"), "", ""},
	})
}

// TestCacheOffWhere: the first remedy writes at the key that says otherwise, else at the
// virtual directory of the share.
func TestCacheOffWhere(t *testing.T) {
	const start = `		AllowKeepAlive="TRUE"`
	for _, c := range []struct{ service, want string }{
		{start, "set /LM/W3SVC/1/ROOT/files DisableStaticFileCache TRUE"},
		{start + ` DisableStaticFileCache="FALSE"`, "set /LM/W3SVC DisableStaticFileCache TRUE"},
	} {
		files := fstest.MapFS{"content/UNC/files/web/A.htm": file1("x"), "content/UNC/files/web/a.htm": file1("x")}
		f := onlyOne(t, changed(t, files, start, c.service, endKeys, vdir("IIsWebVirtualDir", "files", `Path="\\files\web"`)), "unix-case")
		if got := editsOf(f.Remedies[0]); len(got) != 1 || got[0] != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
