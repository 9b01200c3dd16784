package eventlog

import "testing"

// TestSubject: the documented texts with their inserts filled in. Texts from
// cc786887, cc737524, cc735151, cc735211, cc758052, cc735105, cc735314, cc781350,
// KB919790; 1039 from a published log.
func TestSubject(t *testing.T) {
	for _, test := range []struct {
		source  Source
		id      int
		message string
		want    Subject
	}{
		{W3SVC, 1002, "Application pool 'Bob's pool' is being automatically disabled due to a series of failures in the process(es) serving that application pool.", Subject{Pool, "Bob's pool"}},
		{W3SVC, 1002, "Application pool Shop Pool is being automatically disabled because of a series of failures in the processes serving that application pool.", Subject{Pool, "Shop Pool"}},
		{W3SVC, 1003, "Cannot register the URL prefix 'http://*:80/' for site '2'. The URL may be invalid. The site has been deactivated. The data field contains the error number.", Subject{Site, "2"}},
		{W3SVC, 1007, "Cannot register the URL prefix http://*:80/ for site 1. The necessary network binding might already be in use. The site has been deactivated.", Subject{Site, "1"}},
		{W3SVC, 1009, "A process serving application pool DefaultAppPool was terminated unexpectedly. The process ID was 4.", Subject{Pool, "DefaultAppPool"}},
		{W3SVC, 1010, "A process serving application pool 'P' failed to respond to a ping. The process id was '4'.", Subject{Pool, "P"}},
		{W3SVC, 1011, "A process serving application pool P suffered a fatal communication error with the WWW service. The process ID was 4.", Subject{Pool, "P"}},
		{W3SVC, 1012, "A process serving application pool P exceeded time limits during start up. The process ID was 4.", Subject{Pool, "P"}},
		{W3SVC, 1021, "The identity of application pool, 'P' is invalid. If it remains invalid when the first request for the application pool is processed, the application pool will be disabled.", Subject{Pool, "P"}},
		{W3SVC, 1039, "A process serving application pool 'DefaultAppPool' reported a failure. The process id was '4156'.", Subject{Pool, "DefaultAppPool"}},
		{W3SVC, 1041, "The 'AppPool' 'ShopPool' failed range validation for property 'AppPoolQueueLength'. The configured value '5' is outside of the range '10' to '65535'.", Subject{Pool, "ShopPool"}},
		{W3SVC, 1042, "The AppPoolCommand property set for application pool 'P' is not a valid value. The value is '7'.", Subject{Pool, "P"}},
		{W3SVC, 1057, "The identity of application pool 'P' is invalid, so the World Wide Web Publishing Service can not create a worker process", Subject{Pool, "P"}},
		{W3SVC, 1059, "A failure was encountered while launching the process serving application pool 'P'. The application pool has been disabled.", Subject{Pool, "P"}},
		{W3SVC, 1077, "A worker process with process id of '4' serving application pool 'P' has requested a recycle because it reached its virtual memory limit.", Subject{Pool, "P"}},
		{W3SVC, 1080, "The worker processes serving application pool 'P' are being recycled due to 1 or more configuration changes in the application pool properties which necessitate a restart of the processes.", Subject{Pool, "P"}},
		{W3SVC, 1117, "A worker process with process id of '4' serving application pool 'P' has requested a recycle because it reached its private bytes memory limit.", Subject{Pool, "P"}},
		{W3SVC, 1087, "The World Wide Web Publishing Service failed to properly configure the application pool queue length on app pool 'P'. The data field contains the error number.", Subject{Pool, "P"}},
		{WAS, 5041, "The 'Site' '3' failed range validation for property 'x'.", Subject{Site, "3"}},
		{WAS, 5057, "Application pool ShopPool has been disabled. Windows Process Activation Service (WAS) did not create a worker process to serve the application pool because the application pool identity is invalid.", Subject{Pool, "ShopPool"}},
		{WAS, 5186, "A worker process with process id of '4' serving application pool 'P' was shutdown due to inactivity.", Subject{Pool, "P"}},
		{W3SVCWP, 2214, `The HTTP filter DLL C:\Program Files\a b\f.dll failed to load. The data is the error.`, Subject{Filter, `C:\Program Files\a b\f.dll`}},
		{W3SVCWP, 2216, "The script that was started from the URL /cgi/slow.exe with parameters a=b&pin=12 has not responded within the configured time-out period. The HTTP server is terminating the script.", Subject{URL, "/cgi/slow.exe"}},
		{W3SVCWP, 2218, `The HTTP server encountered an error processing the server-side include file C:\inetpub\wwwroot\a.stm. The error was 2.`, Subject{File, `C:\inetpub\wwwroot\a.stm`}},
		{W3SVCWP, 2219, `The HTTP server encountered an unhandled exception while processing the ISAPI application C:\x\my.dll.`, Subject{Extension, `C:\x\my.dll`}},
		{W3SVCWP, 2220, `The HTTP server was unable to load the ISAPI application 'C:\x\my.dll'. The data is the error.`, Subject{Extension, `C:\x\my.dll`}},
		{W3SVCWP, 2221, "A server-side include file has included itself, or the maximum depth of server-side includes has been exceeded.", Subject{}},
		{W3SVCWP, 2222, `An attempt was made to load filter C:\x\raw.dll on a server instance, but it requires the SF_NOTIFY_READ_RAW_DATA filter notification so it must be loaded as a global filter.`, Subject{Filter, `C:\x\raw.dll`}},
		{W3SVCWP, 2261, `An attempt was made to load filter 'C:\x\raw.dll' but it requires the SF_NOTIFY_READ_RAW_DATA filter notification.`, Subject{Filter, `C:\x\raw.dll`}},
		{W3SVCWP, 2262, `ISAPI 'C:\WINDOWS\Microsoft.NET\Framework\v1.1.4322\aspnet_isapi.dll' reported itself as unhealthy for the following reason: 'Deadlock detected'.`, Subject{Extension, `C:\WINDOWS\Microsoft.NET\Framework\v1.1.4322\aspnet_isapi.dll`}},
		{W3SVCWP, 2268, "Could not load all ISAPI filters for site 'SHOP'. Therefore site startup aborted.", Subject{Site, "SHOP"}},
		{W3SVCWP, 2274, `ISAPI Filter 'C:\x\f.dll' could not be loaded due to a configuration problem. The current configuration only supports loading images built for a x86 processor architecture.`, Subject{Filter, `C:\x\f.dll`}},
		{ASP, 21, "Failed to retrieve the anonymous user token for ASP application /LM/W3SVC/1/ROOT/shop. Global.asa OnEnd routines will not be executed.", Subject{Application, "/LM/W3SVC/1/ROOT/shop"}},
		{ASP, 5, "Error: File /LM/W3SVC/1/ROOT/global.asa Line 12 Permission denied.", Subject{File, "/LM/W3SVC/1/ROOT/global.asa"}},
		{ASP, 9, "Warning: File /shop/list.asp?id=7 Line 3 Type mismatch.", Subject{File, "/shop/list.asp"}},
		{ASP, 5, "Error: The Template Persistent Cache initialization failed for Application Pool 'P' because of the following error.", Subject{Pool, "P"}},
		{ASP, 499, "Invalid ProgID.", Subject{}},
		{ASPNET, 1062, "It is not possible to run two different versions of ASP.NET in the same IIS process.", Subject{}},
		{W3SVC, 1009, "Ein Prozess des Anwendungspools 'P' wurde unerwartet beendet.", Subject{}},
		{W3SVC, 1009, "", Subject{}},
		{W3SVC, 1002, "Application pool '' is being automatically disabled.", Subject{}},
	} {
		if got := subject(test.source, test.id, test.message, nil); got != test.want {
			t.Errorf("%s %d: %q gives %+v, not %+v", test.source, test.id, test.message, got, test.want)
		}
	}
}

// TestSubjectInserts: without a message the insert string at the documented place.
func TestSubjectInserts(t *testing.T) {
	for _, test := range []struct {
		source  Source
		id      int
		inserts []string
		want    Subject
	}{
		{W3SVC, 1009, []string{"P", "4", "c0000005"}, Subject{Pool, "P"}},
		{W3SVC, 1007, []string{"http://*:80/", "2"}, Subject{Site, "2"}},
		{WAS, 5077, []string{"4", "P"}, Subject{Pool, "P"}},
		{W3SVC, 1041, []string{"AppPool", "P", "AppPoolQueueLength", "5", "10", "65535"}, Subject{Pool, "P"}},
		{W3SVCWP, 2216, []string{"/cgi/a.exe?x=1", "x=1"}, Subject{URL, "/cgi/a.exe"}},
		{ASP, 5, []string{"File /a.asp Line 1 Out of memory"}, Subject{File, "/a.asp"}},
		{W3SVC, 1077, []string{"4"}, Subject{}},
	} {
		if got := subject(test.source, test.id, "", test.inserts); got != test.want {
			t.Errorf("%s %d %q: %+v, not %+v", test.source, test.id, test.inserts, got, test.want)
		}
	}
}

// TestMissing: the text that Windows gives without the program's message file.
func TestMissing(t *testing.T) {
	for message, want := range map[string]Subject{
		"The description for Event ID ( 1009 ) in Source ( W3SVC ) cannot be found. The local computer may not have the necessary registry information. The following information is part of the event: ShopPool, 2136, c0000005.":     {Pool, "ShopPool"},
		"The description for Event ID '-2147482639' in Source 'W3SVC' cannot be found.  The local computer may not have the necessary registry information.  The following information is part of the event:'Shop, Pool', '2136', 'x'": {Pool, "Shop, Pool"},
		"The description for Event ID 1009 from source W3SVC cannot be found.\r\nThe following information was included with the event: \r\n\r\nShopPool\r\n2136\r\nc0000005\r\n":                                                      {Pool, "ShopPool"},
		"The description for Event ID 1009 from source W3SVC cannot be found.": {},
	} {
		e := Event{Source: W3SVC, ID: 1009}
		e.speak(&record{message: message})
		e.mask()
		if e.Subject != want {
			t.Errorf("%q gives %+v, not %+v", message, e.Subject, want)
		}
	}
}

// TestMask: users, passwords, cookies, hosts and queries never leave the package.
func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"Login with Password=hunter2; ok":                                         "Login with Password=[withheld]; ok",
		"from the URL /a.exe with parameters pin=12 x=1 has not responded within": "from the URL /a.exe with parameters [withheld] has not responded within",
		"Request URL: http://shop/a.asp?card=4111 failed":                         "Request URL: http://shop/a.asp?[withheld] failed",
		"Was it a.asp? No.":                                               "Was it a.asp? No.",
		`The user 'jane' and account "j doe" failed`:                      `The user [withheld] and account [withheld] failed`,
		`Logon of CONTOSO\jane.doe failed`:                                `Logon of [withheld] failed`,
		`User name: jane, host`:                                           `User name: [withheld], host`,
		`User host address: 192.0.2.7`:                                    `User host address: [withheld]`,
		`jane@contoso.com could not log on`:                               `[withheld] could not log on`,
		`IUSR_WEB01 has no access`:                                        `IUSR_[withheld] has no access`,
		`runs as NT AUTHORITY\NETWORK SERVICE`:                            `runs as NT AUTHORITY\NETWORK SERVICE`,
		`Cookie: ASPSESSIONIDQQ=ABC; b=c`:                                 `Cookie: [withheld]`,
		`filter DLL C:\filters\auth.dll and inetsrv\asp.dll`:              `filter DLL C:\filters\auth.dll and inetsrv\asp.dll`,
		`\\files\share\a.asp and \Device\Harddisk0`:                       `\\files\share\a.asp and \Device\Harddisk0`,
		`/LM/W3SVC/1/ROOT/global.asa Line 12 Permission denied`:           `/LM/W3SVC/1/ROOT/global.asa Line 12 Permission denied`,
		`identity of application pool 'P' is invalid, user name or wrong`: `identity of application pool 'P' is invalid, user name or wrong`,
	} {
		if got := mask(in); got != want {
			t.Errorf("%q\n is shown as %q\n not as     %q", in, got, want)
		}
	}
}

// TestInserts: those of events that are not documented may hold anything.
func TestInserts(t *testing.T) {
	e := Event{Source: W3SVC, ID: 100}
	e.speak(&record{inserts: []string{"jane", "hunter2"}})
	e.mask()
	if len(e.Inserts) != 0 || e.Text() != "" {
		t.Errorf("%q", e.Inserts)
	}
	e = Event{Source: W3SVCWP, ID: 2216}
	e.speak(&record{inserts: []string{"/a.exe", "pin=12"}})
	e.mask()
	if got := e.Text(); got != "/a.exe, [withheld]" {
		t.Errorf("%q", got)
	}
}
