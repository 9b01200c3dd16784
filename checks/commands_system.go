package checks

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// registryCommands set or delete one value with reg.exe. A name or text that begins
// with a slash would be taken for an option.
func registryCommands(e snapshot.Edit) []string {
	kind, data, ok := snapshot.ReadRegistryData(e.Value)
	key := strings.TrimRight(e.Target, `\`)
	if _, below := cutFold(key, "HK"); !below || !typable(key) || !typable(e.Property) || strings.HasPrefix(e.Property, "/") {
		return nil
	}
	name := " /v " + program(e.Property)
	if e.Property == "" {
		name = " /ve"
	}
	switch {
	case e.Op == metabase.Remove:
		return []string{"reg delete " + quoted(key) + name + " /f"}
	case e.Op != metabase.Set || !ok || !typable(data) || strings.HasPrefix(data, "/"):
		return nil
	}
	return []string{"reg add " + quoted(key) + name + " /t " + kind + " /d " + program(data) + " /f"}
}

// rightCommands grant or revoke a user right with ntrights, which comes with the
// Windows Server 2003 Resource Kit Tools: Windows itself has no command for it.
func rightCommands(e snapshot.Edit) []string {
	sign, known := map[metabase.Op]string{metabase.Add: "+r ", metabase.Remove: "-r "}[e.Op]
	account, ok := accountArgument(e.Value)
	if !known || !ok || e.Target == "" || strings.ContainsFunc(e.Target, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }) {
		return nil
	}
	return []string{"ntrights " + sign + e.Target + " -u " + program(account)}
}

// groupCommands add an account to a local group. The computer's own accounts go
// without its name.
func groupCommands(e snapshot.Edit) []string {
	account, ok := accountArgument(e.Value)
	account = strings.TrimPrefix(account, `.\`)
	if e.Op != metabase.Add || !ok || account == "" || !strings.EqualFold(e.Target, snapshot.WorkerGroupName) {
		return nil
	}
	return []string{listGroup + " " + program(account) + " /add"}
}

// aclCommands edit an access list with cacls, which keeps the other entries with /E
// and goes down a folder with /T.
func aclCommands(e snapshot.Edit) []string {
	option, known := map[metabase.Op]string{metabase.Add: " /G ", metabase.Set: " /P ", metabase.Remove: " /R "}[e.Op]
	account, ok := accountArgument(e.Property)
	path := source.WinPath(e.Target)
	if !known || !ok || !path.IsAbs() || !typable(e.Target) || strings.ContainsAny(e.Target, "*?") {
		return nil
	}
	line := "cacls " + program(string(path.Clean()))
	if strings.HasSuffix(e.Target, `\`) {
		line += " /T"
	}
	if e.Op != metabase.Remove {
		letters := "RWCF"
		if e.Op == metabase.Set {
			letters += "N"
		}
		if len(e.Value) != 1 || !strings.Contains(letters, e.Value) {
			return nil
		}
		account += ":" + e.Value
	}
	return []string{line + " /E" + option + program(account)}
}

// accountArgument is an account as the tools of Windows Server 2003 take it: by
// name. ok is false for a SID without a known name, and for what is no name.
func accountArgument(account string) (name string, ok bool) {
	if sid := snapshot.AccountSID(account); sid != "" {
		account = snapshot.AccountName(sid)
	}
	return account, account != "" && typable(account) && !strings.ContainsAny(account, `:/*?`) && !strings.HasPrefix(account, "-")
}

// urlScanFile opens the settings of UrlScan, for which there is no command.
var urlScanFile = [...]string{`notepad %windir%\System32\inetsrv\urlscan\UrlScan.ini`}

// urlScanStep says what to change in UrlScan.ini.
func urlScanStep(e snapshot.Edit) string {
	in := fmt.Sprintf("In [%s] of UrlScan.ini ", e.Target)
	switch {
	case e.Property != "" && e.Op == metabase.Set:
		return in + fmt.Sprintf("write %s=%s.", e.Property, e.Value)
	case e.Property != "":
		return in + fmt.Sprintf("take out the line %s=.", e.Property)
	case e.Op == metabase.Add:
		return in + fmt.Sprintf("add the line %s", e.Value)
	}
	return in + fmt.Sprintf("take out the line %s", e.Value)
}

// firewallCommands open a port in every profile, or allow exceptions in one that is on
// (netsh firewall, Windows Server 2003 with Service Pack 1). set opmode also turns the
// firewall on, and so names the profile: another may be off on purpose.
func firewallCommands(e snapshot.Edit) []string {
	protocol, port, ok := snapshot.ReadFirewallPort(e.Target)
	switch {
	case e.Target == snapshot.FirewallExceptions && e.Op == metabase.Set && e.Value == "ENABLE":
		profile, known := map[string]string{"domain": "DOMAIN", "standard": "STANDARD", "public": "CURRENT"}[e.Property]
		if !known {
			return nil
		}
		return []string{"netsh firewall set opmode mode=ENABLE exceptions=ENABLE profile=" + profile}
	case !ok || e.Op != metabase.Add || e.Value == "" || strings.ContainsFunc(e.Value, notPlain):
		return nil
	}
	return []string{fmt.Sprintf("netsh firewall add portopening protocol=%s port=%d name=%s mode=ENABLE scope=ALL profile=ALL", protocol, port, program(e.Value))}
}

// notPlain reports what is no part of a plain name.
func notPlain(r rune) bool {
	return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' '
}

// restart are the commands after which an edit counts, once behind all edits.
func restart(e snapshot.Edit) []string {
	switch {
	case e.Kind == snapshot.EditURLScan:
		return []string{"iisreset"} // read when the filter is loaded
	case e.Kind == snapshot.EditRegistry && strings.EqualFold(e.Target, snapshot.RegHTTP):
		return []string{"net stop http /y", "net start w3svc"} // KB820129
	case e.Kind == snapshot.EditRegistry && strings.EqualFold(e.Target, snapshot.RegInetInfo):
		return []string{"iisreset"}
	case e.Kind == snapshot.EditMetabase && (strings.EqualFold(e.Property, "FilterLoadOrder") || strings.EqualFold(e.Property, "IIs5IsolationModeEnabled")):
		return []string{"iisreset"}
	case e.Kind == snapshot.EditMetabase && strings.EqualFold(e.Target, "/LM/MimeMap"):
		return []string{"net stop w3svc & net start w3svc"} // S1: the computer's map counts after a restart
	}
	return nil
}

// program writes an argument of a program: of backslashes before a closing quote
// the program takes every second one.
func program(s string) string {
	if argument(s) == s {
		return s
	}
	return argument(s + s[len(strings.TrimRight(s, `\`)):])
}

// quoted writes an argument in quotes whether it needs them or not.
func quoted(s string) string {
	if a := program(s); a != s {
		return a
	}
	return `"` + s + `"`
}
