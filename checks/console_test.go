package checks

import (
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/iis"
)

func TestSystem32Console(t *testing.T) {
	const last = "			.stm,C:\\WINDOWS\\system32\\inetsrv\\ssinc.dll,5,GET,POST\"\n"
	maps := func(command string) fstest.MapFS {
		return layer(t, nil, last, "			.stm,C:\\WINDOWS\\system32\\inetsrv\\ssinc.dll,5,GET,POST\n			.report,"+command+",1,GET,POST\"\n")
	}
	page := func(text string) fstest.MapFS {
		return layer(t, map[string]string{"C/inetpub/wwwroot/t/a.asp": "<%\nSet shell = Server.CreateObject(\"WScript.Shell\")\n" + text + "\n%>"})
	}
	acl := func(files fstest.MapFS, entries string) fstest.MapFS {
		return evidenceFile(files, "acl.txt", `C:\WINDOWS\system32\cmd.exe BUILTIN\Administrators:F`+"\n                            "+entries+"\n")
	}
	wantRaised(t, "system32-console", []near{
		{"as installed", layer(t, nil), "", ""},
		{"the command interpreter", maps(`C:\WINDOWS\system32\cmd.exe /c %s`), "error possible /LM/W3SVC/1/ROOT: ", `.report files are run by C:\WINDOWS\system32\cmd.exe.`},
		{"in quotes, by a variable", maps(`&quot;%SystemRoot%\System32\cscript.exe&quot; %s`), "error ", "cscript.exe."},
		{"the only map of a list", layer(t, nil, atRoot, "		ScriptMaps=\".report,C:\\WINDOWS\\system32\\cmd.exe /c %s,1,GET,POST\"\n"+atRoot), "error possible /LM/W3SVC/1/ROOT: ", ".report files are run by"},
		{"its pages in one directory", layer(t, map[string]string{"C/inetpub/b/x.report": "x", "C/inetpub/wwwroot/default.htm": "x"},
			last, "			.stm,C:\\WINDOWS\\system32\\inetsrv\\ssinc.dll,5,GET,POST\n			.report,C:\\WINDOWS\\system32\\cmd.exe /c %s,1,GET,POST\"\n",
			belowRoot, key("IIsWebVirtualDir", "b", `Path="C:\inetpub\b"`)+belowRoot), "error possible /LM/W3SVC/1/ROOT/b: ", ""},
		{"a folder below", maps(`C:\WINDOWS\system32\inetsrv\x.exe %s`), "", ""},
		{"a DLL", maps(`C:\WINDOWS\system32\x.dll`), "", ""},
		{"another System32", maps(`D:\tools\system32\cmd.exe %s`), "", ""},
		{"a program of one's own", maps(`C:\programs\cmd.exe %s`), "", ""},
		{"a list that lets visitors in", acl(maps(`C:\WINDOWS\system32\cmd.exe /c %s`), `WEB01\IUSR_WEB01:R`), "", ""},
		{"a list that does not", acl(maps(`C:\WINDOWS\system32\cmd.exe /c %s`), `NT AUTHORITY\INTERACTIVE:R`), "error ", ""},
		{"a list with an unknown group", acl(maps(`C:\WINDOWS\system32\cmd.exe /c %s`), `WEB01\Reporters:R`), "", ""},
		{"Run", page(`shell.Run "cmd.exe /c dir", 0, True`), "warning possible /LM/W3SVC/1/ROOT/t/a.asp: ", "/t/a.asp starts cmd.exe, a console program"},
		{"Exec", page(`Set p = shell.Exec("%comspec% /c dir")`), "warning ", "starts %comspec%"},
		{"a path", page(`shell.Run("C:\windows\system32\ping.exe 192.0.2.1")`), "warning ", `starts C:\windows\system32\ping.exe`},
		{"a program of one's own in a page", page(`shell.Run "C:\programs\report.exe"`), "", ""},
		{"a name that begins alike", page(`shell.Run "commandline.exe"`), "", ""},
		{"another method", page(`Response.Write "cmd.exe"`), "", ""},
		{"a comment", page(`' shell.Run "cmd.exe"`), "", ""},
	})
}

// TestConsoleCallObserved: only "Permission denied" on the page itself tells of it.
func TestConsoleCallObserved(t *testing.T) {
	for row, want := range map[string]string{
		"/t/a.asp |2|800a0046|Permission_denied":     "warning observed cmd.exe",
		"/t/a.asp |2|800a000d|Type_mismatch":         "warning possible cmd.exe",
		"/t/other.asp |2|800a0046|Permission_denied": "warning possible cmd.exe",
		"/t/a.asp id=4|2|800A0046|Permission_denied": "warning observed cmd.exe",
	} {
		files := inWWW()
		files["content/C/inetpub/wwwroot/t/a.asp"] = file1(`<% CreateObject("WScript.Shell").Run "cmd.exe /c dir" %>`)
		files["ex.log"] = file1(logHead + "2003-11-04 08:00:00 W3SVC1 GET " + row + " 80 - 192.0.2.7 500 0 0\r\n")
		if got := listed(changed(t, files), "system32-console"); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %s", row, got, want)
		}
	}
}

func TestInSystem32(t *testing.T) {
	for command, want := range map[string]string{
		`C:\WINDOWS\system32\cmd.exe /c x.cmd`: `C:\WINDOWS\system32\cmd.exe`, `"c:\winnt\SYSTEM32\Find.EXE" %s`: `c:\winnt\SYSTEM32\Find.EXE`,
		`%windir%\system32\more.com`: `C:\WINDOWS\system32\more.com`, `C:\WINDOWS\system32\asp.dll`: "", `cmd.exe`: "", ``: "", `C:\WINDOWS\system32\`: "",
		`C:\WINDOWS\cmd.exe`: "", `C:\Program Files\system32\cmd.exe`: "",
	} {
		if got := iis.InSystem32(command); string(got) != want {
			t.Errorf("%q: %q, want %q", command, got, want)
		}
	}
}
