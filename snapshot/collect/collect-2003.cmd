@echo off
rem ----------------------------------------------------------------------------
rem  Collects what iisdoctor reads from a Windows Server 2003 with IIS 6.
rem
rem    collect-2003.cmd [FOLDER] [DAYS]
rem
rem    FOLDER  a new folder for what is collected; .\iisdoctor-collect if not given
rem    DAYS    how many days of logs and events to take; 7 if not given, 0 for none
rem
rem  Run it as an administrator on the server, then hand FOLDER to iisdoctor:
rem    iisdoctor scan FOLDER
rem
rem  What it does, in plain words:
rem  - It reads and copies. It changes nothing on the server, stops and starts
rem    nothing, asks nothing, sends nothing anywhere, and writes only below FOLDER,
rem    which must not exist yet.
rem  - metabase\   MetaBase.xml and MBSchema.xml. Each password, administrator list
rem                and key that is set is written as [withheld]; an empty one stays
rem                empty, because that is a fault worth finding.
rem  - content\    the folders of all web sites, as content\C\Inetpub\... A file of
rem                more than 1 MB, a database, a backup and a key file are there by
rem                name only, as an empty file; left-out.txt has their names and
rem                sizes. In pages and configuration files the passwords that can be
rem                told as such (pwd=..., Password = "...") are written as [withheld].
rem                Also the error pages, and the ISAPI DLLs by name only.
rem  - logs\       W3C and HTTPERR logs of the last DAYS days. They hold what visitors
rem                asked for, with addresses, names and queries: give 0 as DAYS, or
rem                look at them, before you hand them to anyone.
rem  - registry\   the values IIS and HTTP.sys obey. security\ the user rights, and who
rem                is in the group IIS_WPG. acl\ who may read the content. firewall\
rem                the Windows Firewall. urlscan\ UrlScan's settings and logs. events\
rem                what IIS and ASP reported.
rem  - report.txt  what was collected, what is not on this server, and what failed.
rem
rem  Masking is done by collect.vbs, which this file writes into FOLDER from the
rem  lines that begin with three colons at its end: read them there.
rem
rem  Exit code: 0 everything was collected, 1 something could not be (it says what),
rem  2 nothing was done.
rem ----------------------------------------------------------------------------
setlocal EnableExtensions DisableDelayedExpansion

if "%~1"=="/?" goto usage
if "%~1"=="-h" goto usage
if "%~1"=="--help" goto usage
if not "%~3"=="" goto usage
set "OUT=%~1"
if "%OUT%"=="" set "OUT=iisdoctor-collect"
for %%F in ("%OUT%\.") do set "OUT=%%~fF"
set "DAYS=%~2"
if "%DAYS%"=="" set "DAYS=7"
echo %DAYS%| findstr /r /x "[0-9][0-9]*" >nul
if errorlevel 1 goto usage
set "INETSRV=%SystemRoot%\System32\inetsrv"
set "SERVICES=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services"
set "FAILED="

if defined PROCESSOR_ARCHITEW6432 goto other
if exist "%OUT%" goto exists
mkdir "%OUT%" 2>nul
if not exist "%OUT%" goto nofolder
for %%D in (metabase content logs registry security acl firewall urlscan events) do mkdir "%OUT%\%%D"
set "REPORT=%OUT%\report.txt"
echo What was collected for iisdoctor, by collect-2003.cmd>"%REPORT%"
echo Collecting into %OUT%

rem --- metabase, content, logs, UrlScan, events: by a script, it has to mask ---
for /f "tokens=1* delims= " %%A in ('findstr /b /c:"::: " "%~f0"') do >>"%OUT%\collect.vbs" echo %%B
cscript //nologo "%OUT%\collect.vbs" "%OUT%" %DAYS%
if errorlevel 1 set "FAILED=1"
if not exist "%OUT%\script-ended.txt" call :failed "metabase, content, logs and events: the script did not run to its end, is Windows Script Host allowed?"

rem --- registry ---
echo Registry
call :registry "%SERVICES%\HTTP\Parameters" http-parameters
call :registry "%SERVICES%\InetInfo\Parameters" inetinfo-parameters
call :registry "%SERVICES%\W3SVC\Parameters" w3svc-parameters
call :registry "HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0" msv1_0
call :registry "%SERVICES%\SharedAccess\Parameters\FirewallPolicy" firewall-policy
call :registry "HKEY_CLASSES_ROOT\CDONTS.NewMail" cdonts-newmail
for /f "tokens=2 delims={}" %%C in ('reg query "HKEY_CLASSES_ROOT\CDONTS.NewMail\CLSID" /ve 2^>nul') do call :registry "HKEY_CLASSES_ROOT\CLSID\{%%C}" cdonts-class

rem --- user rights ---
echo User rights
secedit /export /areas USER_RIGHTS /cfg "%OUT%\security\user-rights.inf" /log "%OUT%\security\secedit.log" /quiet >nul 2>&1
if exist "%OUT%\security\user-rights.inf" (call :collected "user rights") else call :failed "user rights: secedit /export wrote no file"

rem --- who may run worker processes ---
echo Group IIS_WPG
net localgroup IIS_WPG >"%OUT%\security\iis_wpg.txt" 2>nul
if errorlevel 1 (call :failed "the members of the group IIS_WPG") else call :collected "the members of the group IIS_WPG"

rem --- who may read the content; roots.txt was written by the script ---
echo Access control lists
if exist "%OUT%\roots.txt" for /f "delims=" %%R in ('type "%OUT%\roots.txt"') do call :acl "%%R"
cacls "%INETSRV%\*.dll" >"%OUT%\acl\inetsrv.txt" 2>nul
if errorlevel 1 call :failed "access control lists of %INETSRV%"

rem --- Windows Firewall, there from Service Pack 1 on ---
echo Windows Firewall
call :firewall config
call :firewall state

rem --- the end ---
echo.
if defined FAILED goto incomplete
echo Everything was collected: %OUT%
exit /b 0

:incomplete
echo Some things could not be collected:
findstr /b /c:"FAILED" "%REPORT%"
echo What could be is in %OUT%
exit /b 1

:usage
echo usage: %~nx0 [FOLDER] [DAYS]
echo   FOLDER  a new folder for what is collected; .\iisdoctor-collect if not given
echo   DAYS    days of logs and events to take; 7 if not given, 0 for none
exit /b 2

:exists
echo %OUT% exists already; name a folder that does not: %~nx0 FOLDER
exit /b 2

:nofolder
echo %OUT% cannot be made; name another folder: %~nx0 FOLDER
exit /b 2

:other
echo This is a 32-bit command prompt, which sees other files than IIS does; use the 64-bit one
exit /b 2

rem --- parts ---
:registry
reg query %1 >nul 2>&1
if errorlevel 1 goto noregistry
reg export %1 "%OUT%\registry\%~2.reg" >nul 2>&1
if not exist "%OUT%\registry\%~2.reg" goto badregistry
call :collected "registry %~1"
exit /b 0
:noregistry
rem The key without a value tells iisdoctor that it was looked at.
>"%OUT%\registry\%~2.reg" echo Windows Registry Editor Version 5.00
>>"%OUT%\registry\%~2.reg" echo.
>>"%OUT%\registry\%~2.reg" echo ; not on this server:
>>"%OUT%\registry\%~2.reg" echo [%~1]
>>"%REPORT%" echo not on this server: registry %~1
exit /b 0
:badregistry
call :failed "registry %~1"
exit /b 0

:acl
>>"%OUT%\acl\content.txt" 2>nul cacls %1 /T /C
if errorlevel 1 goto badacl
call :collected "access control lists of %~1"
exit /b 0
:badacl
call :failed "access control lists of %~1, or of a part of it"
exit /b 0

:firewall
netsh firewall show %1 >"%OUT%\firewall\%1.txt" 2>&1
if errorlevel 1 goto nofirewall
call :collected "firewall %1"
exit /b 0
:nofirewall
>>"%REPORT%" echo not on this server: netsh firewall show %1
exit /b 0

:collected
>>"%REPORT%" echo collected: %~1
exit /b 0

:failed
set "FAILED=1"
>>"%REPORT%" echo FAILED: %~1
exit /b 0

rem --- collect.vbs, each line behind three colons ---
::: ' Written by collect-2003.cmd. Copies the metabase, the content, the logs and the
::: ' events of IIS 6 into the folder that it is given, without the secrets in them.
::: Option Explicit
::: Const Withheld = "[withheld]"
::: Const MaxFile = 1048576      ' bytes: a larger content file is kept by name
::: Const MaxTotal = 524288000   ' bytes of content in all: later files are kept by name
::: Const MaxFiles = 100000      ' content files in all
::: Const MaxLog = 268435456     ' bytes of one log file
::: Const MaxEvents = 20000
::: Const Bytes = "iso-8859-1"   ' a character for each byte, so that nothing else changes
::: Const Texts = " asp asa inc asax ascx ashx asmx aspx config cs vb js json xml php pl vbs wsf cmd bat txt "
::: Const Never = " mdb accdb mdf ldf ndf sdf dbf bak sql dmp pfx p12 pem key snk pvk udl dsn ini reg htpasswd pwd "
::: Dim fso, shell, outDir, days, since, report, leftOut, failures
::: Dim total, files, enough, seen, extensions, metabase
::: Set fso = CreateObject("Scripting.FileSystemObject")
::: Set shell = CreateObject("WScript.Shell")
::: outDir = WScript.Arguments(0)
::: days = CLng(WScript.Arguments(1))
::: since = Now - days
::: Set report = fso.OpenTextFile(outDir & "\report.txt", 8, True)
::: Set seen = CreateObject("Scripting.Dictionary")
::: seen.CompareMode = 1
::: Set extensions = CreateObject("Scripting.Dictionary")
::: extensions.CompareMode = 1
::: failures = 0
::: total = 0
::: files = 0
::: enough = False
::: metabase = ""
::: Main
::: report.Close
::: fso.CreateTextFile(outDir & "\script-ended.txt", True).Close
::: If failures > 0 Then WScript.Quit 1
::: WScript.Quit 0
::: '
::: Sub Main()
:::   On Error Resume Next
:::   WScript.Echo "Metabase"
:::   TakeMetabase
:::   Check "the metabase"
:::   WScript.Echo "Content"
:::   Set leftOut = fso.CreateTextFile(outDir & "\left-out.txt", True, True)
:::   TakeContent
:::   Check "the content"
:::   TakeNeighbours
:::   Check "the folders of ISAPI DLLs and error pages"
:::   leftOut.Close
:::   TakeTypes
:::   Check "the content types of the registry"
:::   WScript.Echo "UrlScan"
:::   TakeUrlScan
:::   Check "UrlScan"
:::   If days = 0 Then Exit Sub
:::   WScript.Echo "Logs"
:::   TakeLogs
:::   Check "the logs"
:::   WScript.Echo "Events"
:::   TakeEvents
:::   Check "the events"
::: End Sub
::: '
::: ' Check notes an error that a part could not handle itself.
::: Sub Check(what)
:::   If Err.Number <> 0 Then Failed what & ": " & Err.Description & " (" & Hex(Err.Number) & ")"
:::   Err.Clear
::: End Sub
::: '
::: Sub Failed(what)
:::   failures = failures + 1
:::   Say "FAILED: " & what
::: End Sub
::: '
::: ' Say writes to the report; a name that its code page cannot hold must not end the run.
::: Sub Say(what)
:::   On Error Resume Next
:::   report.WriteLine what
:::   If Err.Number <> 0 Then report.WriteLine Plain(what)
::: End Sub
::: '
::: Function Plain(text)
:::   Dim i, c
:::   Plain = ""
:::   For i = 1 To Len(text)
:::     c = Mid(text, i, 1)
:::     If AscW(c) < 32 Or AscW(c) > 126 Then c = "?"
:::     Plain = Plain & c
:::   Next
::: End Function
::: '
::: Function ReadText(path, charset)
:::   Dim s
:::   Set s = CreateObject("ADODB.Stream")
:::   s.Type = 2
:::   s.Charset = charset
:::   s.Open
:::   s.LoadFromFile path
:::   ReadText = s.ReadText(-1)
:::   s.Close
::: End Function
::: '
::: Sub WriteText(path, charset, text)
:::   Dim s
:::   Set s = CreateObject("ADODB.Stream")
:::   s.Type = 2
:::   s.Charset = charset
:::   s.Open
:::   s.WriteText text
:::   s.SaveToFile path, 2
:::   s.Close
::: End Sub
::: '
::: ' CharsetOf tells how to read a file so that it can be written again unchanged:
::: ' by its byte order mark, else byte for byte. It is empty for binary data.
::: Function CharsetOf(text)
:::   CharsetOf = Bytes
:::   If Len(text) < 2 Then Exit Function
:::   If AscW(Left(text, 1)) = 255 And AscW(Mid(text, 2, 1)) = 254 Then
:::     CharsetOf = "unicode"
:::   ElseIf InStr(text, Chr(0)) > 0 Then
:::     CharsetOf = ""
:::   End If
::: End Function
::: '
::: Function Mask(text, pattern)
:::   Dim re
:::   Set re = New RegExp
:::   re.Global = True
:::   re.IgnoreCase = True
:::   re.Pattern = pattern
:::   Mask = re.Replace(text, "$1" & Withheld)
::: End Function
::: '
::: ' MaskMetabase hides the secrets that are set; empty values stay as they are.
::: Function MaskMetabase(text)
:::   Dim names, part, secret, t
:::   names = "(?!PasswordChangeFlags|PasswordCacheTTL|PasswordExpirePrenotifyDays|AnonymousPasswordSync|AuthNotifyPwdExp|Passive|Passport)"
:::   names = names & "(?:[\w.-]*(?:Pass|Pwd)[\w.-]*|AdminACL|AdminACLBin|SessionKey)"
:::   t = Mask(text, "(\s" & names & "\s*=\s*"")[^""]+(?="")")
:::   t = Mask(t, "(\s" & names & "\s*=\s*')[^']+(?=')")
:::   ' <Custom> elements: by their name, their number, or because they say SECURE.
:::   part = "(?:""[^""]*""|'[^']*'|[^'"">])*?"
:::   secret = "\s(?:Attributes\s*=\s*[""'](?:[^""']*SECURE|[0-9]*[2367][""'])|Name\s*=\s*[""']" & names & "[""']"
:::   secret = secret & "|ID\s*=\s*[""'](?:3003|4010|5015|6021|6027|6286|7502|9999|36949|36958|41191|45462|49384)[""'])"
:::   t = Mask(t, "(<Custom\b(?=" & part & secret & ")" & part & "\sValue\s*=\s*"")[^""]+(?="")")
:::   t = Mask(t, "(<Custom\b(?=" & part & secret & ")" & part & "\sValue\s*=\s*')[^']+(?=')")
:::   ' Passwords of other programs inside a value, such as a connection string.
:::   MaskMetabase = Mask(t, "((?:password|passwd|pwd)\s*=\s*(?:&quot;)?)[^;""'&\s<>]+")
::: End Function
::: '
::: ' MaskContent hides what can be told to be a password in a page or a configuration.
::: Function MaskContent(text)
:::   Dim t, words
:::   words = "(?:password|passwd|passphrase|pwd|accountkey|sharedaccesskey)"
:::   ' in connection strings and queries: ;Pwd=x;
:::   t = Mask(text, "((?:;\s*|[""'?&][ \t]*)(?:Jet OLEDB:)?(?:Database |User )?" & words & "[ \t]*=[ \t]*)[^;""'&<>\r\n]+")
:::   ' as texts: dbPassword = "x", Session("pwd") = "x", password="x"
:::   t = Mask(t, "((?:" & words & "\w*|pass)[""'\])]{0,3}\s*[=:]\s*"")(?!\s*[&+])[^""\r\n]+(?="")")
:::   t = Mask(t, "((?:" & words & "\w*|pass)[""'\])]{0,3}\s*[=:]\s*')(?![""&+])[^'\r\n]+(?=')")
:::   ' in .config files: <add key="DbPassword" value="x"/>, <machineKey>
:::   t = Mask(t, "(<add\s+(?:key|name)\s*=\s*""[^""]*(?:" & words & "|secret|apikey|token)[^""]*""\s+value\s*=\s*"")[^""]+(?="")")
:::   MaskContent = Mask(t, "((?:validationKey|decryptionKey|sessionKey)\s*=\s*"")[^""]+(?="")")
::: End Function
::: '
::: Sub TakeMetabase()
:::   Dim from, text, charset
:::   from = shell.ExpandEnvironmentStrings("%SystemRoot%\System32\inetsrv\")
:::   If Not fso.FileExists(from & "MetaBase.xml") Then
:::     Failed from & "MetaBase.xml is not there: is IIS 6 installed?"
:::     Exit Sub
:::   End If
:::   text = ReadText(from & "MetaBase.xml", Bytes)
:::   charset = CharsetOf(text)
:::   If charset = "" Then
:::     Failed from & "MetaBase.xml: it holds binary data, so that its secrets cannot be masked"
:::     Exit Sub
:::   End If
:::   If charset <> Bytes Then text = ReadText(from & "MetaBase.xml", charset)
:::   WriteText outDir & "\metabase\MetaBase.xml", charset, MaskMetabase(text)
:::   metabase = text
:::   If charset = Bytes Then metabase = ReadText(from & "MetaBase.xml", "utf-8")
:::   fso.CopyFile from & "MBSchema.xml", outDir & "\metabase\MBSchema.xml"
:::   Say "collected: metabase"
::: End Sub
::: '
::: ' Values gives what a pattern's first group finds in the metabase, each once.
::: Function Values(pattern)
:::   Dim re, m, found, v
:::   Set found = CreateObject("Scripting.Dictionary")
:::   found.CompareMode = 1
:::   Set re = New RegExp
:::   re.Global = True
:::   re.IgnoreCase = True
:::   re.Pattern = pattern
:::   For Each m In re.Execute(metabase)
:::     v = Replace(Replace(Replace(m.SubMatches(0), "&quot;", """"), "&apos;", "'"), "&amp;", "&")
:::     v = shell.ExpandEnvironmentStrings(v)
:::     If Right(v, 1) = "\" Then v = Left(v, Len(v) - 1)
:::     If v <> "" And Not found.Exists(v) Then found.Add v, True
:::   Next
:::   Values = found.Keys
::: End Function
::: '
::: ' Target is where a path of the server lies in the folder: content\C\... or
::: ' content\UNC\server\share\...; it is empty for any other path,
::: ' such as \\.\BackOfficeStorage, the mailboxes of Exchange.
::: Function Target(path)
:::   Target = ""
:::   If Left(path, 2) = "\\" And InStr(".?", Mid(path, 3, 1)) = 0 Then Target = outDir & "\content\UNC" & Mid(path, 2)
:::   If Mid(path, 2, 2) = ":\" Then Target = outDir & "\content\" & UCase(Left(path, 1)) & Mid(path, 3)
::: End Function
::: '
::: Function MakeFolder(path)
:::   On Error Resume Next
:::   If Not fso.FolderExists(path) Then
:::     MakeFolder fso.GetParentFolderName(path)
:::     fso.CreateFolder path
:::   End If
:::   MakeFolder = fso.FolderExists(path)
::: End Function
::: '
::: Sub TakeContent()
:::   Dim root, roots
:::   Set roots = fso.CreateTextFile(outDir & "\roots.txt", True, True)
:::   For Each root In Values("Location\s*=\s*""/LM/W3SVC/[0-9]+/ROOT[^""]*""[^>]*?\sPath\s*=\s*""([^""]+)""")
:::     If Len(root) < 4 Or Target(root) = "" Then
:::       Failed "content of " & root & ": a whole drive, or no folder; copy what matters by hand"
:::     ElseIf Not fso.FolderExists(root) Then
:::       Say "not on this server, or not readable: content of " & root
:::     Else
:::       roots.WriteLine root
:::       TakeFolder fso.GetFolder(root), 0
:::       Say "collected: content of " & root
:::     End If
:::   Next
:::   roots.Close
:::   If enough Then Failed "content: more than " & MaxFiles & " files, the rest is left out"
::: End Sub
::: '
::: ' TakeFolder copies a folder and what is below it, but no link to another folder,
::: ' not the folder that is being collected into, and no folder twice.
::: Sub TakeFolder(folder, depth)
:::   On Error Resume Next
:::   Dim f, attributes
:::   If seen.Exists(folder.Path) Or LCase(folder.Path) = LCase(outDir) Or depth > 100 Then Exit Sub
:::   attributes = 0
:::   attributes = folder.Attributes   ' by itself: an error in a condition would count as true
:::   Err.Clear
:::   If depth > 0 And (attributes And 1024) <> 0 Then
:::     Failed "content of " & folder.Path & ": a link to another folder"
:::     Exit Sub
:::   End If
:::   seen.Add folder.Path, True
:::   If Not MakeFolder(Target(folder.Path)) Then
:::     Failed "content of " & folder.Path & ": the name is too long"
:::     Exit Sub
:::   End If
:::   Err.Clear
:::   For Each f In folder.Files
:::     If Err.Number <> 0 Then Exit For
:::     If enough Then Exit Sub
:::     TakeFile f, Target(f.Path), True
:::   Next
:::   Check "content of " & folder.Path
:::   For Each f In folder.SubFolders
:::     If Err.Number <> 0 Then Exit For
:::     TakeFolder f, depth + 1
:::   Next
:::   Check "folders of " & folder.Path
::: End Sub
::: '
::: ' TakeFile copies a file, masked if it is text; or keeps its name, as an empty file.
::: Sub TakeFile(f, copy, whole)
:::   On Error Resume Next
:::   Dim ext, size
:::   If fso.FileExists(copy) Then Exit Sub
:::   files = files + 1
:::   If files > MaxFiles Then enough = True
:::   ext = LCase(fso.GetExtensionName(f.Path))
:::   If ext <> "" And Not extensions.Exists(ext) Then extensions.Add ext, True
:::   size = f.Size
:::   If Not whole Or size > MaxFile Or total + size > MaxTotal Or InStr(Never, " " & ext & " ") > 0 Then
:::     KeepName f, copy
:::   ElseIf InStr(Texts, " " & ext & " ") > 0 Then
:::     TakePage f, copy
:::     total = total + size
:::   Else
:::     fso.CopyFile f.Path, copy
:::     total = total + size
:::   End If
:::   Check f.Path
:::   If Not fso.FileExists(copy) Then KeepName f, copy
:::   Err.Clear
::: End Sub
::: '
::: Sub KeepName(f, copy)
:::   fso.CreateTextFile(copy, True).Close
:::   If f.Size > 0 Then leftOut.WriteLine f.Path & " = (" & f.Size & " bytes)"
::: End Sub
::: '
::: Sub TakePage(f, copy)
:::   Dim text, charset, masked
:::   If f.Size = 0 Then
:::     KeepName f, copy
:::     Exit Sub
:::   End If
:::   text = ReadText(f.Path, Bytes)
:::   charset = CharsetOf(text)
:::   If charset = "" Then
:::     KeepName f, copy
:::     Exit Sub
:::   End If
:::   If charset <> Bytes Then text = ReadText(f.Path, charset)
:::   masked = MaskContent(text)
:::   If masked = text Then
:::     fso.CopyFile f.Path, copy
:::   Else
:::     WriteText copy, charset, masked
:::     Say "masked: " & f.Path
:::   End If
::: End Sub
::: '
::: ' TakeNeighbours keeps the ISAPI DLLs by name and the error pages that the metabase
::: ' speaks of. Where one is missing, another file of its folder shows that the folder
::: ' was looked at.
::: Sub TakeNeighbours()
:::   Dim path, folder, f
:::   For Each path In Values("((?:[A-Z]:|%\w+%)\\[^,;""|<>?*\r\n]+\.(?:dll|exe|htm|html|asp))")
:::     folder = fso.GetParentFolderName(path)
:::     If Len(folder) > 3 And fso.FolderExists(folder) And Target(folder) <> "" Then
:::       If Not MakeFolder(Target(folder)) Then
:::         Failed path & ": the name is too long"
:::       ElseIf fso.FileExists(path) Then
:::         TakeFile fso.GetFile(path), Target(path), InStr(" htm html asp ", " " & LCase(fso.GetExtensionName(path)) & " ") > 0
:::       Else
:::         For Each f In fso.GetFolder(folder).Files
:::           TakeFile f, Target(f.Path), False
:::           Exit For
:::         Next
:::       End If
:::     End If
:::   Next
::: End Sub
::: '
::: ' TakeTypes keeps the MIME types that the registry has for the extensions found.
::: Sub TakeTypes()
:::   On Error Resume Next
:::   Dim out, ext, kind
:::   Set out = fso.CreateTextFile(outDir & "\registry\content-types.reg", True, True)
:::   out.WriteLine "Windows Registry Editor Version 5.00"
:::   out.WriteLine ""
:::   For Each ext In extensions.Keys
:::     kind = ""
:::     kind = shell.RegRead("HKCR\." & ext & "\Content Type")
:::     Err.Clear
:::     out.WriteLine "[HKEY_CLASSES_ROOT\." & ext & "]"
:::     If kind <> "" Then out.WriteLine """Content Type""=""" & Replace(Replace(kind, "\", "\\"), """", "\""") & """"
:::     out.WriteLine ""
:::   Next
:::   out.Close
::: End Sub
::: '
::: Sub TakeUrlScan()
:::   Dim path, folder, n
:::   n = 0
:::   For Each path In Values("\sFilterPath\s*=\s*""([^""]*urlscan[^""]*)""")
:::     folder = fso.GetParentFolderName(path)
:::     If fso.FileExists(folder & "\UrlScan.ini") Then
:::       n = n + 1
:::       MakeFolder outDir & "\urlscan\" & n
:::       fso.CopyFile folder & "\UrlScan.ini", outDir & "\urlscan\" & n & "\UrlScan.ini"
:::       TakeRecent folder, outDir & "\urlscan\" & n
:::       TakeRecent folder & "\logs", outDir & "\urlscan\" & n
:::       Say "collected: UrlScan of " & folder
:::     End If
:::   Next
:::   If n = 0 Then Say "not on this server: UrlScan"
::: End Sub
::: '
::: ' TakeRecent copies the logs of a folder that were written in the last days.
::: Sub TakeRecent(from, into)
:::   On Error Resume Next
:::   Dim f
:::   If days = 0 Or Not fso.FolderExists(from) Then Exit Sub
:::   MakeFolder into
:::   For Each f In fso.GetFolder(from).Files
:::     If LCase(fso.GetExtensionName(f.Path)) = "log" And f.DateLastModified >= since Then
:::       If f.Size > MaxLog Then
:::         Failed f.Path & ": larger than " & MaxLog & " bytes"
:::       Else
:::         fso.CopyFile f.Path, into & "\" & f.Name
:::       End If
:::     End If
:::     Check f.Path
:::   Next
:::   Say "collected: logs of " & from
::: End Sub
::: '
::: Sub TakeLogs()
:::   On Error Resume Next
:::   Dim system, base, folder, errors, re
:::   Set re = New RegExp
:::   re.IgnoreCase = True
:::   re.Pattern = "^W3SVC[0-9]*$"
:::   system = shell.ExpandEnvironmentStrings("%SystemRoot%\System32\LogFiles")
:::   For Each base In WithDefault(Values("\sLogFileDirectory\s*=\s*""([^""]+)"""), system)
:::     If fso.FolderExists(base) Then
:::       For Each folder In fso.GetFolder(base).SubFolders
:::         If re.Test(folder.Name) Then TakeRecent folder.Path, outDir & "\logs\" & folder.Name
:::       Next
:::     End If
:::   Next
:::   errors = ""
:::   errors = shell.RegRead("HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters\ErrorLoggingDir")
:::   Err.Clear
:::   If errors = "" Then errors = system
:::   TakeRecent shell.ExpandEnvironmentStrings(errors) & "\HTTPERR", outDir & "\logs\HTTPERR"
::: End Sub
::: '
::: Function WithDefault(list, extra)
:::   Dim d, v
:::   Set d = CreateObject("Scripting.Dictionary")
:::   d.CompareMode = 1
:::   For Each v In list
:::     If Not d.Exists(v) Then d.Add v, True
:::   Next
:::   If Not d.Exists(extra) Then d.Add extra, True
:::   WithDefault = d.Keys
::: End Function
::: '
::: ' TakeEvents writes the events of IIS and ASP as eventquery.vbs would, but with
::: ' dates that do not depend on the server's language, and without names.
::: Sub TakeEvents()
:::   Dim wmi, query, out, e, n
:::   Set wmi = GetObject("winmgmts:\\.\root\cimv2")
:::   query = "SELECT * FROM Win32_NTLogEvent WHERE (Logfile='System' OR Logfile='Application') AND TimeWritten>='"
:::   query = query & Year(since) & Two(Month(since)) & Two(Day(since)) & "000000.000000+000' AND (SourceName='W3SVC' OR SourceName='W3SVC-WP'"
:::   query = query & " OR SourceName='WAS' OR SourceName='HTTP' OR SourceName='Active Server Pages' OR SourceName LIKE 'ASP.NET%')"
:::   Set out = fso.CreateTextFile(outDir & "\events\events.csv", True, True)
:::   out.WriteLine """Type"",""Event"",""Date Time"",""Source"",""ComputerName"",""Category"",""User"",""Description"""
:::   n = 0
:::   For Each e In wmi.ExecQuery(query, "WQL", 48)
:::     out.WriteLine Quoted(e.Type) & "," & Quoted(e.EventCode) & "," & Quoted(e.TimeGenerated) & "," & Quoted(e.SourceName) & ",""-"",""None"",""N/A""," & Quoted(e.Message)
:::     n = n + 1
:::     If n >= MaxEvents Then Exit For
:::   Next
:::   out.Close
:::   Say "collected: " & n & " events"
::: End Sub
::: '
::: Function Two(n)
:::   Two = Right("0" & n, 2)
::: End Function
::: '
::: Function Quoted(v)
:::   Quoted = """"""
:::   If Not IsNull(v) Then Quoted = """" & Replace(Trim(v), """", """""") & """"
::: End Function
