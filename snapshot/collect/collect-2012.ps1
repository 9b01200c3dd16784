<#
Collects what iisdoctor reads from a Windows server with IIS 7 or later (Windows Server
2008 R2 and later; 2008 where PowerShell is installed).

  powershell -NoProfile -ExecutionPolicy Bypass -File collect-2012.ps1 [-Folder F] [-Days N] [-Zip]

  -Folder  a new folder for what is collected; .\iisdoctor-collect if not given
  -Days    how many days of logs and events to take; 7 if not given, 0 for none
  -Zip     also pack the folder into F.zip, where PowerShell 5 or later is installed

Run it as an administrator on the server, then hand the folder to iisdoctor:
  iisdoctor scan FOLDER

What it does, in plain words:
- It reads and copies. It changes nothing on the server, stops and starts nothing, asks
  nothing, sends nothing anywhere, and writes only below FOLDER, which must not exist
  yet, and FOLDER.zip.
- config\     applicationHost.config and redirection.config. Each password and key that is
              set is written as [withheld]; an empty one stays empty, because that is a
              fault worth finding.
- content\    the folders of all web sites, as content\C\inetpub\... A file of more than
              1 MB, a database, a backup and a key file are there by name only, as an empty
              file; left-out.txt has their names and sizes. In pages, web.config and other
              configuration files the passwords that can be told as such (pwd=...,
              password="...") are written as [withheld]. Also the DLLs of modules and
              ISAPI extensions, by name only.
- logs\       W3C and HTTPERR logs of the last days. They hold what visitors asked for,
              with addresses, names and queries: give -Days 0, or look at them, before you
              hand them to anyone.
- registry\   the values IIS and HTTP.sys obey. security\ the user rights. acl\ who may
              read the content. firewall\ the Windows Firewall. http\ certificates and
              reservations of HTTP.sys. urlscan\ UrlScan's settings and logs. events\ what
              IIS and ASP reported.
- report.txt  what was collected, what is not on this server, and what failed.

Exit code: 0 everything was collected, 1 something could not be (it says what), 2 nothing
was done.
#>
param(
    [string]$Folder = 'iisdoctor-collect',
    [int]$Days = 7,
    [switch]$Zip
)
$ErrorActionPreference = 'Stop'

$Withheld = '[withheld]'
$MaxFile = 1MB       # a larger content file is kept by name
$MaxTotal = 500MB    # of content in all: later files are kept by name
$MaxFiles = 100000   # content files in all
$MaxLog = 256MB      # of one log file
$MaxEvents = 20000   # of one log
$Texts = 'asp asa inc asax ascx ashx asmx aspx master cshtml vbhtml config cs vb js json xml php pl vbs wsf cmd bat ps1 txt'.Split(' ')
$Never = 'mdb accdb mdf ldf ndf sdf dbf bak sql dmp pfx p12 pem key snk pvk udl dsn ini reg htpasswd pwd'.Split(' ')
$Bytes = [Text.Encoding]::GetEncoding(28591)   # a character for each byte, so that nothing else changes

$Failures = New-Object Collections.ArrayList
$Seen = @{}
$Total = 0
$Count = 0

# Assert-Inside guards every function that writes: only what is collected is written.
function Assert-Inside([string]$Path) {
    $inside = $Root + [IO.Path]::DirectorySeparatorChar
    if (-not $Path.StartsWith($inside, [StringComparison]::Ordinal) -or $Path -match '[\\/]\.\.([\\/]|$)') { throw "$Path is not below $Root" }
}

function New-Folder([string]$Path) {
    Assert-Inside $Path
    [void][IO.Directory]::CreateDirectory($Path)
}

function Save-Text([string]$Path, [string]$Text, $Encoding) {
    Assert-Inside $Path
    [IO.File]::WriteAllText($Path, $Text, $Encoding)
}

function Copy-Whole([string]$From, [string]$Path) {
    Assert-Inside $Path
    [IO.File]::Copy($From, $Path, $false)
}

function Add-Line([string]$Name, [string]$Text) {
    $path = Join-Path $Root $Name
    Assert-Inside $path
    [IO.File]::AppendAllText($path, $Text + "`r`n", [Text.Encoding]::UTF8)
}

function Write-Report([string]$Text) { Add-Line 'report.txt' $Text }

function Write-Failure([string]$Text) {
    [void]$Failures.Add($Text)
    Write-Report "FAILED: $Text"
}

# Invoke-Part runs one part; what goes wrong in it does not stop the others.
function Invoke-Part([string]$What, [scriptblock]$Part) {
    Write-Host $What
    try { & $Part } catch { Write-Failure "$What - $($_.Exception.Message)" }
}

# Save-Output keeps what a program of Windows prints.
function Save-Output([string]$What, [string]$Name, [scriptblock]$Program) {
    $ErrorActionPreference = 'Continue'   # a line on standard error is no end
    $output = Join-Path $Root $Name
    try {
        $lines = & $Program 2>$null
        $code = $LASTEXITCODE
        Save-Text $output (($lines -join "`r`n") + "`r`n") ([Text.Encoding]::UTF8)
        if ($code -ne 0) { Write-Failure "$What, or a part of it: exit code $code" } else { Write-Report "collected: $What" }
    } catch { Write-Failure "$What - $($_.Exception.Message)" }
}

# Get-Encoding tells how to read a file so that it can be written again unchanged: by its
# byte order mark, else byte for byte. It is null for binary data.
function Get-Encoding([byte[]]$Data) {
    if ($Data.Length -ge 2 -and $Data[0] -eq 255 -and $Data[1] -eq 254) { return [Text.Encoding]::Unicode }
    if ($Data.Length -ge 2 -and $Data[0] -eq 254 -and $Data[1] -eq 255) { return [Text.Encoding]::BigEndianUnicode }
    if ([Array]::IndexOf($Data, [byte]0) -ge 0) { return $null }
    return $Bytes
}

function Hide-Values([string]$Text, [string]$Pattern) {
    return [regex]::Replace($Text, '(?i)' + $Pattern, '${1}' + $Withheld)
}

# Hide-Secrets hides what can be told to be a password; empty values stay as they are.
function Hide-Secrets([string]$Text) {
    $words = '(?:password|passwd|passphrase|pwd|accountkey|sharedaccesskey)'
    # in connection strings and queries: ;Pwd=x;
    $t = Hide-Values $Text ('((?:;\s*|["''?&][ \t]*)(?:Jet OLEDB:)?(?:Database |User )?' + $words + '[ \t]*=[ \t]*)[^;"''&<>\r\n]+')
    # as texts: dbPassword = "x", Session("pwd") = "x", password="x"
    $t = Hide-Values $t ('((?:' + $words + '\w*|pass)["''\])]{0,3}\s*[=:]\s*")(?!\s*[&+])[^"\r\n]+(?=")')
    $t = Hide-Values $t ('((?:' + $words + '\w*|pass)["''\])]{0,3}\s*[=:]\s*'')(?!["&+])[^''\r\n]+(?='')')
    # in .config files: <add key="DbPassword" value="x"/>, <machineKey>, what IIS encrypts
    $t = Hide-Values $t ('(<add\s+(?:key|name)\s*=\s*"[^"]*(?:' + $words + '|secret|apikey|token)[^"]*"\s+value\s*=\s*")[^"]+(?=")')
    $t = Hide-Values $t '((?:validationKey|decryptionKey|sessionKey)\s*=\s*")[^"]+(?=")'
    return Hide-Values $t '(=\s*")\[enc:[^"]+(?=")'
}

# Save-Masked copies a text without its secrets; it reports false for binary data.
function Save-Masked([string]$From, [string]$Path) {
    $data = [IO.File]::ReadAllBytes($From)
    $encoding = Get-Encoding $data
    if ($encoding -eq $null) { return $false }
    $skip = $encoding.GetPreamble().Length
    $text = $encoding.GetString($data, $skip, $data.Length - $skip)
    $masked = Hide-Secrets $text
    Save-Text $Path $masked $encoding
    if ($masked -cne $text) { Write-Report "masked: $From" }
    return $true
}

# Get-Target is where a path of the server lies in the folder: content\C\... or
# content\UNC\server\share\...; it is empty for any other path,
# such as \\.\BackOfficeStorage, the mailboxes of Exchange.
function Get-Target([string]$Path) {
    if ($Path -match '^([A-Za-z]):\\(.+)$') { return Join-Path $Root ('content\' + $Matches[1].ToUpper() + '\' + $Matches[2]) }
    if ($Path -match '^\\\\([^\\.?][^\\]*\\[^\\]+.*)$') { return Join-Path $Root ('content\UNC\' + $Matches[1]) }
    return ''
}

# Save-File copies a content file, masked if it is text; or keeps its name, as an empty file.
function Save-File($File, [string]$Path, [bool]$Whole) {
    if ([IO.File]::Exists($Path)) { return }
    $script:Count++
    $kind = $File.Extension.TrimStart('.').ToLower()
    $taken = $false
    try {
        if ($Whole -and $File.Length -le $MaxFile -and $script:Total + $File.Length -le $MaxTotal -and $Never -notcontains $kind) {
            $script:Total += $File.Length
            if ($Texts -contains $kind) { $taken = Save-Masked $File.FullName $Path } else { Copy-Whole $File.FullName $Path; $taken = $true }
        }
    } catch { Write-Failure "$($File.FullName) - $($_.Exception.Message)" }
    if ($taken) { return }
    try {
        Save-Text $Path '' $Bytes
        if ($File.Length -gt 0) { Add-Line 'left-out.txt' "$($File.FullName) = ($($File.Length) bytes)" }
    } catch { Write-Failure "the name of $($File.FullName) - $($_.Exception.Message)" }
}

# Save-Folder copies a folder and what is below it, but no link to another folder, not the
# folder that is being collected into, and no folder twice.
function Save-Folder($Directory, [int]$Depth) {
    $name = $Directory.FullName.TrimEnd('\')
    if ($Seen.ContainsKey($name) -or $name -eq $Root -or $Depth -gt 100 -or $script:Count -gt $MaxFiles) { return }
    $Seen[$name] = $true
    if ($Depth -gt 0 -and ($Directory.Attributes -band [IO.FileAttributes]::ReparsePoint)) {
        Write-Failure "content of ${name}: a link to another folder"
        return
    }
    try {
        New-Folder (Get-Target $name)
        foreach ($file in $Directory.GetFiles()) { Save-File $file (Get-Target $file.FullName) $true }
        foreach ($below in $Directory.GetDirectories()) { Save-Folder $below ($Depth + 1) }
    } catch { Write-Failure "content of $name - $($_.Exception.Message)" }
}

# Save-Recent copies the logs of a folder that were written in the last days.
function Save-Recent([string]$From, [string]$Name) {
    if ($Days -eq 0 -or -not [IO.Directory]::Exists($From)) { return }
    $into = Join-Path $Root $Name
    New-Folder $into
    foreach ($file in (New-Object IO.DirectoryInfo $From).GetFiles('*.log')) {
        if ($file.LastWriteTime -lt $Since) { continue }
        if ($file.Length -gt $MaxLog) { Write-Failure "$($file.FullName): larger than $MaxLog bytes"; continue }
        try { Copy-Shared $file.FullName (Join-Path $into $file.Name) } catch { Write-Failure "$($file.FullName) - $($_.Exception.Message)" }
    }
    Write-Report "collected: logs of $From"
}

# Copy-Shared copies a log that HTTP.sys may hold open for writing.
function Copy-Shared([string]$From, [string]$Path) {
    Assert-Inside $Path
    $in = [IO.File]::Open($From, 'Open', 'Read', 'ReadWrite')
    try {
        $out = [IO.File]::Open($Path, 'CreateNew', 'Write')
        try {
            $buffer = New-Object byte[] 65536
            while (($n = $in.Read($buffer, 0, $buffer.Length)) -gt 0) { $out.Write($buffer, 0, $n) }
        } finally { $out.Close() }
    } finally { $in.Close() }
}

# Get-Values gives the values of attributes in applicationHost.config, each once, with
# variables such as %SystemDrive% in place.
function Get-Values([string]$Query) {
    if ($Config -eq $null) { return @() }
    $all = @{}
    foreach ($node in $Config.SelectNodes($Query)) {
        $value = [Environment]::ExpandEnvironmentVariables($node.Value).TrimEnd('\')
        if ($value -ne '') { $all[$value] = $true }
    }
    return @($all.Keys | Sort-Object)
}

function Save-Config {
    $from = Join-Path $System 'inetsrv\config\applicationHost.config'
    if (-not [IO.File]::Exists($from)) { throw "$from is not there: is IIS installed?" }
    if (-not (Save-Masked $from (Join-Path $Root 'config\applicationHost.config'))) { throw "$from holds binary data" }
    Write-Report 'collected: applicationHost.config'
    $redirection = Join-Path $System 'inetsrv\config\redirection.config'
    if ([IO.File]::Exists($redirection)) { [void](Save-Masked $redirection (Join-Path $Root 'config\redirection.config')) }
    $read = New-Object Xml.XmlDocument
    $read.XmlResolver = $null
    $read.Load($from)
    $script:Config = $read
}

function Save-Content {
    foreach ($path in @(Get-Values '//sites/site/application/virtualDirectory/@physicalPath')) {
        if ((Get-Target $path) -eq '') {
            Write-Failure "content of ${path}: a whole drive, or no folder; copy what matters by hand"
        } elseif (-not [IO.Directory]::Exists($path)) {
            Write-Report "not on this server, or not readable: content of $path"
        } else {
            [void]$Roots.Add($path)
            Save-Folder (New-Object IO.DirectoryInfo $path) 0
            Write-Report "collected: content of $path"
        }
    }
    if ($Count -gt $MaxFiles) { Write-Failure "content: more than $MaxFiles files, the rest is left out" }
}

# Save-Neighbours keeps the DLLs that the configuration speaks of, by name. Where one is
# missing, another file of its folder shows that the folder was looked at.
function Save-Neighbours {
    foreach ($path in @(Get-Values '//globalModules/add/@image | //handlers/add/@scriptProcessor | //isapiFilters/filter/@path | //isapiCgiRestriction/add/@path')) {
        $path = $path.Split('|')[0]
        $target = Get-Target $path
        if ($target -eq '' -or $path -notmatch '\\.+\\' -or -not [IO.Directory]::Exists([IO.Path]::GetDirectoryName($path))) { continue }
        New-Folder ([IO.Path]::GetDirectoryName($target))
        if ([IO.File]::Exists($path)) { Save-File (New-Object IO.FileInfo $path) $target $false; continue }
        foreach ($file in (New-Object IO.DirectoryInfo ([IO.Path]::GetDirectoryName($path))).GetFiles()) {
            Save-File $file (Get-Target $file.FullName) $false
            break
        }
    }
}

function Save-UrlScan {
    $n = 0
    foreach ($path in @(Get-Values '//isapiFilters/filter/@path')) {
        $from = [IO.Path]::GetDirectoryName($path)
        if ($path -notmatch 'urlscan' -or -not [IO.File]::Exists("$from\UrlScan.ini")) { continue }
        $n++
        New-Folder (Join-Path $Root "urlscan\$n")
        Copy-Whole "$from\UrlScan.ini" (Join-Path $Root "urlscan\$n\UrlScan.ini")
        Save-Recent $from "urlscan\$n"
        Save-Recent "$from\logs" "urlscan\$n"
        Write-Report "collected: UrlScan of $from"
    }
    if ($n -eq 0) { Write-Report 'not on this server: UrlScan' }
}

function Save-Logs {
    $places = @(Get-Values '//sites//logFile/@directory | //log/*/@directory') + [Environment]::ExpandEnvironmentVariables('%SystemDrive%\inetpub\logs\LogFiles')
    foreach ($place in ($places | Sort-Object -Unique)) {
        if (-not [IO.Directory]::Exists($place)) { continue }
        foreach ($below in (New-Object IO.DirectoryInfo $place).GetDirectories('W3SVC*')) { Save-Recent $below.FullName ('logs\' + $below.Name) }
    }
    $errors = [Microsoft.Win32.Registry]::GetValue('HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\HTTP\Parameters', 'ErrorLoggingDir', $null)
    if (-not $errors) { $errors = Join-Path $System 'LogFiles' }
    Save-Recent (Join-Path ([Environment]::ExpandEnvironmentVariables($errors)) 'HTTPERR') 'logs\HTTPERR'
}

function Save-Registry {
    $services = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services'
    Save-Key "$services\HTTP\Parameters" 'http-parameters'
    Save-Key "$services\InetInfo\Parameters" 'inetinfo-parameters'
    Save-Key "$services\W3SVC\Parameters" 'w3svc-parameters'
    Save-Key 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0' 'msv1_0'
    Save-Key "$services\SharedAccess\Parameters\FirewallPolicy" 'firewall-policy'
    Save-Key 'HKEY_CLASSES_ROOT\CDONTS.NewMail' 'cdonts-newmail'
}

function Save-Key([string]$Key, [string]$Name) {
    $ErrorActionPreference = 'Continue'
    $path = Join-Path $Root "registry\$Name.reg"
    Assert-Inside $path
    reg.exe query $Key >$null 2>$null
    if ($LASTEXITCODE -ne 0) {
        # The key without a value tells iisdoctor that it was looked at.
        Save-Text $path "Windows Registry Editor Version 5.00`r`n`r`n; not on this server:`r`n[$Key]`r`n" $Bytes
        Write-Report "not on this server: registry $Key"
        return
    }
    reg.exe export $Key $path >$null 2>$null
    if ([IO.File]::Exists($path)) { Write-Report "collected: registry $Key" } else { Write-Failure "registry $Key" }
}

function Save-Rights {
    $ErrorActionPreference = 'Continue'
    $path = Join-Path $Root 'security\user-rights.inf'
    Assert-Inside $path
    secedit.exe /export /areas USER_RIGHTS /cfg $path /log (Join-Path $Root 'security\secedit.log') /quiet >$null 2>$null
    if ([IO.File]::Exists($path)) { Write-Report 'collected: user rights' } else { Write-Failure 'user rights: secedit /export wrote no file' }
}

function Save-Access {
    $n = 0
    foreach ($path in $Roots) {
        $n++
        Save-Output "access control lists of $path" "acl\content-$n.txt" { icacls.exe $path /T /C }
    }
    $dlls = Join-Path $System 'inetsrv\*.dll'
    Save-Output 'access control lists of inetsrv' 'acl\inetsrv.txt' { icacls.exe $dlls /C }
}

function Save-Network {
    Save-Output 'firewall profiles' 'firewall\profiles.txt' { netsh.exe advfirewall show allprofiles }
    Save-Output 'firewall rules' 'firewall\rules.txt' { netsh.exe advfirewall firewall show rule name=all dir=in }
    Save-Output 'certificates of HTTP.sys' 'http\sslcert.txt' { netsh.exe http show sslcert }
    Save-Output 'reservations of HTTP.sys' 'http\urlacl.txt' { netsh.exe http show urlacl }
}

# Save-Events writes the events of IIS and ASP as wevtutil would.
function Save-Events {
    foreach ($log in 'System', 'Application') {
        $lines = New-Object Collections.ArrayList
        [void]$lines.Add('<Events>')
        $found = Get-WinEvent -FilterHashtable @{ LogName = $log; StartTime = $Since } -ErrorAction SilentlyContinue -ErrorVariable wrong
        foreach ($e in @($wrong)) { if ($e -and "$($e.FullyQualifiedErrorId)" -notlike 'NoMatchingEventsFound*') { Write-Failure "events of $log - $e" } }
        $events = @($found | Where-Object { $_ -and $_.ProviderName -match '^(W3SVC|W3SVC-WP|WAS|HTTP|Active Server Pages|ASP\.NET.*|Microsoft-Windows-(IIS-.*|WAS|HttpEvent|HttpService))$' } | Select-Object -First $MaxEvents)
        foreach ($e in $events) { [void]$lines.Add($e.ToXml()) }
        [void]$lines.Add('</Events>')
        Save-Text (Join-Path $Root "events\$log.xml") ($lines -join "`r`n") ([Text.Encoding]::UTF8)
        Write-Report "collected: $($lines.Count - 2) events of $log"
    }
}

$Root = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder).TrimEnd('\', '/')
if ($Days -lt 0) { Write-Host 'usage: -Days is a number of days, 0 for none'; exit 2 }
if ($env:PROCESSOR_ARCHITEW6432) { Write-Host 'This is a 32-bit PowerShell, which sees other files than IIS does; use the 64-bit one'; exit 2 }
if (Test-Path -LiteralPath $Root) { Write-Host "$Root exists already; name a folder that does not: -Folder NAME"; exit 2 }
try {
    [void][IO.Directory]::CreateDirectory($Root)
    foreach ($name in 'config', 'content', 'logs', 'registry', 'security', 'acl', 'firewall', 'http', 'urlscan', 'events') { New-Folder (Join-Path $Root $name) }
} catch { Write-Host "$Root cannot be made; name another folder: -Folder NAME"; exit 2 }

$Since = (Get-Date).AddDays(-$Days)
$Config = $null
$Roots = New-Object Collections.ArrayList
$System = Join-Path $env:windir 'System32'
Write-Report 'What was collected for iisdoctor, by collect-2012.ps1'
Write-Host "Collecting into $Root"

Invoke-Part 'Configuration' { Save-Config }
Invoke-Part 'Content' { Save-Content }
Invoke-Part 'DLLs' { Save-Neighbours }
Invoke-Part 'UrlScan' { Save-UrlScan }
if ($Days -gt 0) {
    Invoke-Part 'Logs' { Save-Logs }
    Invoke-Part 'Events' { Save-Events }
}
Invoke-Part 'Registry' { Save-Registry }
Invoke-Part 'User rights' { Save-Rights }
Invoke-Part 'Access control lists' { Save-Access }
Invoke-Part 'Firewall and HTTP.sys' { Save-Network }
if ($Zip) {
    if (Get-Command Compress-Archive -ErrorAction SilentlyContinue) {
        Invoke-Part 'Archive' { Compress-Archive -Path (Join-Path $Root '*') -DestinationPath "$Root.zip" }
    } else { Write-Failure 'the archive: this PowerShell cannot make one, pack the folder by hand' }
}

Write-Host ''
if ($Failures.Count -eq 0) { Write-Host "Everything was collected: $Root"; exit 0 }
Write-Host 'Some things could not be collected:'
foreach ($text in $Failures) { Write-Host "  $text" }
Write-Host "What could be is in $Root"
exit 1
