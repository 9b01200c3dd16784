package source

import "testing"

func TestWinPath(t *testing.T) {
	for _, c := range []struct {
		path             WinPath
		clean, base, ext string
		dir, share       string
		absolute, isUNC  bool
	}{
		{`C:\inetpub\wwwroot`, `C:\inetpub\wwwroot`, "wwwroot", "", `C:\inetpub`, "", true, false},
		{`c:/inetpub//wwwroot/Default.ASP`, `c:\inetpub\wwwroot\Default.ASP`, "Default.ASP", ".asp", `c:\inetpub\wwwroot`, "", true, false},
		{`C:\a\..\..\b\.\c\`, `C:\b\c`, "c", "", `C:\b`, "", true, false},
		{`C:\`, `C:\`, "", "", `C:\`, "", true, false},
		{`C:`, `C:\`, "", "", `C:\`, "", true, false},
		{`\\server\share\web\x.htm`, `\\server\share\web\x.htm`, "x.htm", ".htm", `\\server\share\web`, `\\server\share`, true, true},
		{`//server/share/../../x`, `\\server\share\x`, "x", "", `\\server\share\`, `\\server\share`, true, true},
		{`\\server\share`, `\\server\share\`, "", "", `\\server\share\`, `\\server\share`, true, true},
		{`\\.\BackOfficeStorage\contoso.com\MBX`, `\\.\BackOfficeStorage\contoso.com\MBX`, "MBX", "", `\\.\BackOfficeStorage\contoso.com`, "", true, false},
		{`//./BackOfficeStorage`, `\\.\BackOfficeStorage\`, "", "", `\\.\BackOfficeStorage\`, "", true, false},
		{`\\?\Volume{1}\web`, `\\?\Volume{1}\web`, "web", "", `\\?\Volume{1}\`, "", true, false},
		{`\\?\C:\web\x.htm`, `C:\web\x.htm`, "x.htm", ".htm", `C:\web`, "", true, false},
		{`\\?\unc\server\share\x`, `\\server\share\x`, "x", "", `\\server\share\`, `\\server\share`, true, true},
		{`\\.server\share`, `\\.server\share\`, "", "", `\\.server\share\`, `\\.server\share`, true, true},
		{`scripts\a.b.cgi`, `scripts\a.b.cgi`, "a.b.cgi", ".cgi", `scripts`, "", false, false},
		{`\windows`, `\windows`, "windows", "", `\`, "", false, false},
		{``, ``, "", "", "", "", false, false},
		{`C:\dot.dir\file`, `C:\dot.dir\file`, "file", "", `C:\dot.dir`, "", true, false},
	} {
		p := c.path
		if got := string(p.Clean()); got != c.clean {
			t.Errorf("%q.Clean() = %q, want %q", p, got, c.clean)
		}
		if p.Base() != c.base || p.Ext() != c.ext || string(p.Dir()) != c.dir || p.Share() != c.share || p.IsAbs() != c.absolute || p.IsUNC() != c.isUNC {
			t.Errorf("%q: base %q, ext %q, dir %q, share %q, absolute %v, UNC %v", p, p.Base(), p.Ext(), p.Dir(), p.Share(), p.IsAbs(), p.IsUNC())
		}
	}
}

func TestWinPathRelations(t *testing.T) {
	if got := WinPath(`C:\inetpub`).Join("wwwroot", `..\x`, "y.asp"); got != `C:\inetpub\x\y.asp` {
		t.Errorf("Join: %q", got)
	}
	if WinPath(`C:\INETPUB\`).Fold() != WinPath(`c:/inetpub`).Fold() {
		t.Error("Fold: the same folder twice")
	}
	for _, c := range []struct {
		path, dir WinPath
		want      bool
	}{
		{`C:\inetpub\wwwroot`, `c:\INETPUB`, true},
		{`C:\inetpub`, `C:\inetpub\`, true},
		{`C:\inetpub2`, `C:\inetpub`, false},
		{`C:\inetpub\..\windows`, `C:\inetpub`, false},
		{`D:\x`, `D:\`, true},
		{`\\S\Share\x`, `\\s\share`, true},
	} {
		if got := c.path.Within(c.dir); got != c.want {
			t.Errorf("%q within %q: %v", c.path, c.dir, got)
		}
	}
}
