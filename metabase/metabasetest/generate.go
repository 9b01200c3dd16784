// Package metabasetest makes metabases of any size for benchmarks and tests. All in
// them is invented; shapes and lengths are those of real files.
package metabasetest

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Generate writes a MetaBase.xml with that many sites, some 10 KB each: a pool, the
// site, its root with lists, virtual directories, directories and files. The same
// number gives the same bytes.
func Generate(w io.Writer, sites int) error {
	g := &generator{w: bufio.NewWriterSize(w, 1<<16)}
	g.head()
	for n := 1; n <= sites; n++ {
		g.pool(n)
	}
	for n := 1; n <= sites; n++ {
		g.site(n)
	}
	g.print("</MBProperty>\r\n</configuration>\r\n")
	return g.w.Flush() // reports the first error of any write
}

type generator struct{ w *bufio.Writer }

func (g *generator) print(format string, args ...any) { fmt.Fprintf(g.w, format, args...) }

// key writes one key; attributes come as name, value pairs.
func (g *generator) key(class, location string, attributes ...string) {
	g.open(class, location, attributes...)
	g.print("</%s>\r\n", class)
}

func (g *generator) open(class, location string, attributes ...string) {
	g.print("<%s\tLocation =\"%s\"\r\n", class, location)
	for i := 0; i+1 < len(attributes); i += 2 {
		g.print("\t\t%s=\"%s\"\r\n", attributes[i], attributes[i+1])
	}
	g.print("\t>\r\n")
}

// list joins entries the way IIS writes a MULTISZ.
func list(entries ...string) string { return strings.Join(entries, "\r\n\t\t\t") }

// hex is a string of hexadecimal digits as secrets have it; it decodes to nothing.
func hex(n, seed int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		seed = (seed*1103515245 + 12345) & 0x7fffffff
		b[i] = digits[seed>>16&15]
	}
	return string(b)
}

func (g *generator) head() {
	g.print("<?xml version =\"1.0\"?>\r\n<configuration xmlns=\"urn:microsoft-catalog:XML_Metabase_V64_0\">\r\n<MBProperty>\r\n")
	g.key("IIS_Global", ".", "BINSchemaTimeStamp", hex(16, 1), "ChangeNumber", "2048", "HistoryMajorVersionNumber", "12", "SessionKey", hex(320, 2), "XMLSchemaTimeStamp", hex(16, 3))
	g.key("IIS_ROOT", "/", "AdminACL", hex(480, 4))
	g.key("IIsComputer", "/LM", "EnableEditWhileRunning", "0", "EnableHistory", "1", "MaxBandwidth", "4294967295", "MaxHistoryFiles", "10")
	g.key("IIsMimeMap", "/LM/MimeMap", "MimeMap", list(".htm,text/html", ".html,text/html", ".css,text/css", ".txt,text/plain", ".js,application/x-javascript", ".gif,image/gif", ".jpg,image/jpeg", ".png,image/png", ".ico,image/x-icon", ".pdf,application/pdf", ".zip,application/x-zip-compressed", ".doc,application/msword"))
	g.open("IIsWebService", "/LM/W3SVC",
		"AdminACL", hex(480, 5), "AllowKeepAlive", "TRUE", "AnonymousUserName", "IUSR_WEB01", "AnonymousUserPass", hex(160, 6),
		"AppPoolId", "DefaultAppPool", "AspEnableParentPaths", "FALSE", "AspRequestQueueMax", "3000", "AspSessionTimeout", "20", "AuthFlags", "AuthAnonymous",
		"CGITimeout", "300", "ConnectionTimeout", "120", "DefaultDoc", "Default.htm,Default.asp,index.htm",
		"DirBrowseFlags", "DirBrowseShowDate | DirBrowseShowTime | DirBrowseShowSize | DirBrowseShowExtension | DirBrowseShowLongDate | EnableDefaultDoc",
		"HttpErrors", httpErrors, "IIs5IsolationModeEnabled", "FALSE", "LogExtFileFlags", logFields, "MaxConnections", "4294967295",
		"ScriptMaps", scriptMaps, "WebSvcExtRestrictionList",
		list("0,*.dll", "0,*.exe", `1,C:\WINDOWS\system32\inetsrv\asp.dll,0,ASP,Active Server Pages`, `0,C:\WINDOWS\system32\inetsrv\httpodbc.dll,0,HTTPODBC,Internet Data Connector`, `1,C:\WINDOWS\system32\inetsrv\ssinc.dll,0,SSINC,Server Side Includes`))
	g.custom("MD_SERVER_COMMENT_COLOUR", 50001, "blue", "STRING", "INHERIT")
	g.print("</IIsWebService>\r\n")
	g.key("IIsApplicationPools", "/LM/W3SVC/AppPools", "AppPoolIdentityType", "2", "AppPoolQueueLength", "1000", "IdleTimeout", "20", "MaxProcesses", "1", "PeriodicRestartTime", "1740", "RapidFailProtection", "TRUE", "RapidFailProtectionInterval", "5", "RapidFailProtectionMaxCrashes", "5")
	g.key("IIsApplicationPool", "/LM/W3SVC/AppPools/DefaultAppPool", "AppPoolAutoStart", "TRUE")
}

func (g *generator) custom(name string, id int, value, kind, attributes string) {
	g.print("\t<Custom\r\n\t\tName=\"%s\"\r\n\t\tID=\"%d\"\r\n\t\tValue=\"%s\"\r\n\t\tType=\"%s\"\r\n\t\tUserType=\"IIS_MD_UT_SERVER\"\r\n\t\tAttributes=\"%s\"\r\n\t/>\r\n", name, id, value, kind, attributes)
}

func (g *generator) pool(n int) {
	g.key("IIsApplicationPool", fmt.Sprintf("/LM/W3SVC/AppPools/Pool%d", n),
		"AppPoolAutoStart", "TRUE", "AppPoolIdentityType", "3", "AppPoolQueueLength", "1000", "CPULimit", "0", "IdleTimeout", "20",
		"LogEventOnRecycle", "AppPoolRecycleTime | AppPoolRecycleMemory | AppPoolRecyclePrivateMemory", "PeriodicRestartTime", "1740",
		"PeriodicRestartSchedule", list("03:00", "15:00"), "WAMUserName", fmt.Sprintf(`CONTOSO\pool%d`, n), "WAMUserPass", hex(160, n))
}

func (g *generator) site(n int) {
	at := fmt.Sprintf("/LM/W3SVC/%d", n)
	host := fmt.Sprintf("www.customer%d.example", n)
	folder := fmt.Sprintf(`D:\Inetpub\customers\%03d\%s`, n%1000, host)
	// One site in a hundred has lost its certificate, so that SSL cannot be served.
	certificate := []string{"SSLCertHash", hex(40, n)}
	if n%100 == 0 {
		certificate = nil
	}
	g.key("IIsWebServer", at, append(certificate,
		"AppPoolId", fmt.Sprintf("Pool%d", n), "DefaultDoc", "Default.htm,Default.asp,index.htm,iisstart.htm", "LogExtFileFlags", logFields,
		"LogFileDirectory", `D:\LogFiles`, "LogFilePeriod", "1", "LogPluginClsid", "{FF160663-DE82-11CF-BC0A-00AA006111E0}",
		"SecureBindings", fmt.Sprintf("10.%d.%d.%d:443:", n>>16, n>>8&255, n&255), "ServerAutoStart", "TRUE", "ServerBindings", list(":80:"+host, fmt.Sprintf(":80:customer%d.example", n), fmt.Sprintf("10.%d.%d.%d:8080:", n>>16, n>>8&255, n&255)),
		"ServerComment", fmt.Sprintf("Customer %d &amp; Sons &lt;shop&gt;", n))...)
	g.key("IIsFilters", at+"/Filters", "AdminACL", hex(240, n+7))
	g.key("IIsWebVirtualDir", at+"/ROOT",
		"AccessFlags", "AccessRead | AccessScript", "AnonymousUserName", fmt.Sprintf("IUSR_CUST%d", n), "AnonymousUserPass", hex(160, n+9),
		"AppFriendlyName", "Default Application", "AppIsolated", "2", "AppRoot", at+"/ROOT", "AuthFlags", "AuthAnonymous | AuthNTLM",
		"DirBrowseFlags", "DirBrowseShowDate | DirBrowseShowTime | DirBrowseShowSize | DirBrowseShowExtension | EnableDefaultDoc",
		"HttpErrors", httpErrors, "Path", folder, "ScriptMaps", scriptMaps)
	g.key("IIsWebVirtualDir", at+"/ROOT/legacy", "AppFriendlyName", "legacy", "AppRoot", at+"/ROOT/legacy", "AdminACL", hex(480, n+3),
		"HttpErrors", httpErrors, "Path", folder+`\legacy`, "ScriptMaps", scriptMaps)
	for i, vdir := range []string{"shop", "images", "cgi-bin", "downloads", "intranet"} {
		g.virtualDir(at+"/ROOT/"+vdir, folder, vdir, n*10+i)
	}
	for i := range 6 {
		g.key("IIsWebDirectory", fmt.Sprintf("%s/ROOT/shop/part%d", at, i), "AccessFlags", "AccessRead", "DontLog", "FALSE", "AspScriptTimeout", "120")
	}
	g.key("IIsWebFile", at+"/ROOT/shop/admin.asp", "AuthFlags", "AuthNTLM", "AccessSSLFlags", "AccessSSL | AccessSSL128")
}

// virtualDir writes a directory; "intranet" lies on a share, and one in a hundred
// of those has a user name without its password.
func (g *generator) virtualDir(location, folder, name string, n int) {
	attributes := []string{
		"AccessFlags", "AccessRead | AccessScript", "AppFriendlyName", name, "AppIsolated", "2", "AppRoot", location, "AspEnableParentPaths", "FALSE",
		"AspScriptErrorMessage", "The page &quot;" + name + "&quot; failed. Please call the help desk.", "HttpExpires", "D, 0x15180"}
	if name != "intranet" {
		g.key("IIsWebVirtualDir", location, append(attributes, "Path", folder+`\`+name)...)
		return
	}
	attributes = append(attributes, "Path", fmt.Sprintf(`\\files%d.example\web\%d`, n%16, n), "UNCUserName", `CONTOSO\web`)
	if n/10%100 != 50 {
		attributes = append(attributes, "UNCPassword", hex(160, n))
	}
	g.key("IIsWebVirtualDir", location, attributes...)
}

var (
	scriptMaps = list(
		`.asp,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`, `.cer,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`,
		`.cdx,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`, `.asa,C:\WINDOWS\system32\inetsrv\asp.dll,5,GET,HEAD,POST,TRACE`,
		`.idc,C:\WINDOWS\system32\inetsrv\httpodbc.dll,5,GET,POST`, `.shtm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST`,
		`.shtml,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST`, `.stm,C:\WINDOWS\system32\inetsrv\ssinc.dll,5,GET,POST`,
		`.aspx,C:\WINDOWS\Microsoft.NET\Framework\v1.1.4322\aspnet_isapi.dll,1,GET,HEAD,POST,DEBUG`,
		`.asmx,C:\WINDOWS\Microsoft.NET\Framework\v1.1.4322\aspnet_isapi.dll,1,GET,HEAD,POST,DEBUG`,
		`.config,C:\WINDOWS\Microsoft.NET\Framework\v1.1.4322\aspnet_isapi.dll,5,GET,HEAD,POST,DEBUG`)
	httpErrors = list(
		`400,*,FILE,C:\WINDOWS\help\iisHelp\common\400.htm`, `401,1,FILE,C:\WINDOWS\help\iisHelp\common\401-1.htm`, `401,2,FILE,C:\WINDOWS\help\iisHelp\common\401-2.htm`,
		`403,1,FILE,C:\WINDOWS\help\iisHelp\common\403-1.htm`, `403,4,FILE,C:\WINDOWS\help\iisHelp\common\403-4.htm`, `404,*,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`,
		`404,2,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`, `404,3,FILE,C:\WINDOWS\help\iisHelp\common\404b.htm`, `405,*,FILE,C:\WINDOWS\help\iisHelp\common\405.htm`,
		`406,*,FILE,C:\WINDOWS\help\iisHelp\common\406.htm`, `407,*,FILE,C:\WINDOWS\help\iisHelp\common\407.htm`, `412,*,FILE,C:\WINDOWS\help\iisHelp\common\412.htm`,
		`414,*,FILE,C:\WINDOWS\help\iisHelp\common\414.htm`, `415,*,FILE,C:\WINDOWS\help\iisHelp\common\415.htm`, `500,13,FILE,C:\WINDOWS\help\iisHelp\common\500-13.htm`,
		`500,12,FILE,C:\WINDOWS\help\iisHelp\common\500-12.htm`, `500,16,FILE,C:\WINDOWS\help\iisHelp\common\500.htm`)
	logFields = "LogExtFileDate | LogExtFileTime | LogExtFileClientIp | LogExtFileUserName | LogExtFileSiteName | LogExtFileServerIp | LogExtFileMethod | LogExtFileUriStem | LogExtFileUriQuery | LogExtFileHttpStatus | LogExtFileWin32Status | LogExtFileServerPort | LogExtFileUserAgent | LogExtFileHttpSubStatus"
)
