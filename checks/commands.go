package checks

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// The scripts that setup installs (cc775860 names the folder of the first).
const (
	adsutil = `cscript %SystemDrive%\Inetpub\AdminScripts\adsutil.vbs`
	iisext  = `cscript %SystemRoot%\System32\iisext.vbs`
)

// Commands renders the edits as the commands to type on the server, so that what
// is printed is what was proven. A secret is shown as a word in angle brackets.
// None are given where one of the edits cannot be typed safely: then the steps
// speak alone, since half of a remedy may be worse than none.
func (r Remedy) Commands() []string {
	var last, restarts []string
	all := registerOnly(r.Edits)
	registered := false
	for _, e := range r.Edits {
		if registered && registersASPNET(e) && e.Property == "WebSvcExtRestrictionList" {
			e.Op = metabase.Replace // aspnet_regiis has made the entry; it is allowed now
		}
		registered = registered || registersASPNET(e)
		lines := commands(e)
		if lines == nil || holdsSecret(e.Value) {
			return nil
		}
		if !slices.Equal(lines, last) { // one look at a file serves all of its edits
			all = append(all, lines...)
		}
		last = lines
		for _, l := range restart(e) {
			if !slices.Contains(restarts, l) {
				restarts = append(restarts, l)
			}
		}
	}
	return append(all, restarts...)
}

// holdsSecret reports a value that cannot be printed whole.
func holdsSecret(value string) bool {
	return strings.Contains(value, source.Withheld) || source.MaskPasswords(value) != value
}

// commands gives the lines of one edit, nil where there are no safe ones.
func commands(e snapshot.Edit) (lines []string) {
	switch e.Kind {
	case snapshot.EditMetabase:
		lines = metabaseCommands(e)
	case snapshot.EditRegistry:
		lines = registryCommands(e)
	case snapshot.EditRight:
		lines = rightCommands(e)
	case snapshot.EditGroup:
		lines = groupCommands(e)
	case snapshot.EditACL:
		lines = aclCommands(e)
	case snapshot.EditURLScan:
		lines = urlScanFile[:]
	case snapshot.EditFirewall:
		lines = firewallCommands(e)
	}
	if slices.ContainsFunc(lines, func(l string) bool { return len(l) > maxLine }) {
		return nil
	}
	return lines
}

// metabaseCommands sets properties with adsutil, or with the tool or the script
// that a property needs.
func metabaseCommands(e snapshot.Edit) []string {
	path, ok := cutFold(e.Target, "/LM/")
	value := strings.ReplaceAll(e.Value, `"`, "")
	if e.Op == metabase.Set && isList(e.Property) {
		value = strings.ReplaceAll(value, "\n", "")
	}
	if !ok || !plainPath(path) || !typable(e.Target) || !typable(e.Property) || !typable(value) {
		return nil
	}
	var lines []string
	switch {
	case e.Op == metabase.Remove && e.Value == "" && isList(e.Property):
		lines = []string{adsutil + " DELETE " + argument(path+"/"+e.Property)}
	case e.Op == metabase.Remove && e.Value == "":
		lines = editFile[:]
	case strings.EqualFold(e.Property, "KeyType") && e.Op == metabase.Set:
		lines = []string{adsutil + " CREATE " + argument(path) + " " + argument(e.Value)}
	case strings.EqualFold(e.Property, "SSLCertHash"):
		lines = []string{`cscript IISCertDeploy.vbs -c "<certificate.pfx>" -p "<password>" -i ` + argument(strings.ToLower(path))}
	case strings.EqualFold(e.Property, "MimeMap") && e.Op == metabase.Add:
		lines = mimeCommands(path, e.Value)
	case strings.EqualFold(e.Property, "MimeMap") && e.Op == metabase.Remove:
		lines = removeMime(path, e.Value)
	case strings.EqualFold(e.Property, "ScriptMaps") && registersASPNET(e):
		lines = aspnetRegiis(path, e.Value)
	case strings.EqualFold(e.Property, "WebSvcExtRestrictionList") && e.Op != metabase.Set:
		lines = extensionCommands(path, e)
	case e.Op == metabase.Add && strings.EqualFold(e.Property, "Path"): // makes a virtual directory
		lines = append([]string{adsutil + " CREATE_VDIR " + argument(path)}, setCommands(path, e)...)
	case e.Op == metabase.Set, e.Op == metabase.Add && strings.EqualFold(e.Property, "SecureBindings"): // added only where there are none
		lines = setCommands(path, e)
	case isList(e.Property) && !strings.EqualFold(e.Property, "MimeMap"):
		lines = listCommands(path, e)
	}
	lines = append(lines, afterwards(path, e, lines)...)
	return lines
}

// listCommands change one entry of a list of texts, which adsutil can only set as a
// whole.
func listCommands(path string, e snapshot.Edit) []string {
	switch e.Op {
	case metabase.Add:
		return addScript(path, e.Property, e.Value)
	case metabase.Replace:
		return replaceEntry(path, e)
	case metabase.Remove:
		return removeEntry(path, e)
	}
	return nil
}

// afterwards is what has to follow an edit before it counts.
func afterwards(path string, e snapshot.Edit, lines []string) []string {
	switch {
	case lines == nil || e.Op != metabase.Set:
	case strings.EqualFold(e.Property, "AppPoolAutoStart") && strings.EqualFold(e.Value, "TRUE"):
		return []string{adsutil + " SET " + argument(path+"/AppPoolCommand") + " 1"} // 1 starts the pool (IIScnfg.h)
	}
	return nil
}

// maxLine bounds a line at the command prompt (KB830473).
const maxLine = 2047

// typable reports whether a name can stand in a command: a quote or a control
// character would end its argument, and what follows would run as a command. People
// paste into PowerShell too, which has more quotes, and runs what a $ or a ` brings in.
func typable(s string) bool {
	return !(strings.Contains(s, "$") && variable().MatchString(s)) && !strings.ContainsFunc(s, func(r rune) bool {
		return strings.ContainsRune(quotes, r) || r >= '\uFF01' && r <= '\uFF5E' || !unicode.IsPrint(r) || source.LooksBlank(r)
	})
}

// quotes are those of the command prompt and of PowerShell, letters that become one in
// the code page of a batch file (as all full-width signs become their plain ones), and
// what stands for a byte that was none.
const quotes = "\"`\u201C\u201D\u201E\u201F\u02BA\u2033\uFFFD"

// variable finds a $ that PowerShell obeys; the one that ends the name of a hidden
// share is text.
var variable = source.Lazy(`\$[\pL\pN_({:?^$]`)

// plainPath reports whether a key's path has no names that lead elsewhere: a pool or a
// filter whose name holds a slash would be another key.
func plainPath(path string) bool {
	names := strings.Split(path, "/")
	for _, name := range names {
		if name == "" || name == "." || name == ".." || strings.Contains(name, `\`) {
			return false
		}
	}
	for i, name := range names {
		if (strings.EqualFold(name, "AppPools") && i == 1 || strings.EqualFold(name, "Filters") && i <= 2) && len(names) > i+2 {
			return false
		}
	}
	return true
}

// isOption reports whether a script would take the text for an option of its own.
func isOption(s string) bool { return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "-") }

// editFile takes out what IIS passed over when it read the file: no script can
// see it. The file may be edited while the service is stopped (cc785283).
var editFile = [...]string{
	"net stop iisadmin /y",
	`notepad %windir%\System32\inetsrv\MetaBase.xml`,
	"net start w3svc",
}

// setCommands sets a property, a list with one argument for each entry. A script
// host hands no quote on to its script, and takes // for an option of its own: such
// a value is set by a script that holds it.
func setCommands(path string, e snapshot.Edit) []string {
	values := []string{numeric(e)}
	list := isList(e.Property)
	if list {
		values = entries(e.Value)
	}
	if slices.ContainsFunc(values, func(v string) bool { return !typable(v) || strings.HasPrefix(v, "//") }) {
		return setScript(path, e.Property, values, list)
	}
	var line strings.Builder
	line.WriteString(adsutil + " SET " + argument(path+"/"+e.Property))
	for _, v := range values {
		if line.Len() > maxLine { // too long to be typed, whatever follows
			break
		}
		line.WriteString(" " + argument(v))
	}
	return []string{line.String()}
}

func isList(property string) bool {
	facts, ok := metabase.Builtin().Property(property)
	return ok && facts.List
}

// entries are the lines of a list's value.
func entries(value string) []string {
	var all []string
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// numeric writes flag names as the number that adsutil takes for them.
func numeric(e snapshot.Edit) string {
	facts, ok := metabase.Builtin().Property(e.Property)
	if !ok || len(facts.Flags) == 0 {
		return e.Value
	}
	var sum uint32
	for name := range strings.SplitSeq(e.Value, "|") {
		i := slices.IndexFunc(facts.Flags, func(f metabase.Flag) bool { return strings.EqualFold(f.Name, strings.TrimSpace(name)) })
		if i < 0 {
			return e.Value
		}
		sum |= facts.Flags[i].Value
	}
	return strconv.FormatUint(uint64(sum), 10)
}

// extensionCommands allow a listed extension or add one (cc775860, iisext.vbs). The
// command line of a CGI program holds quotes, so a script changes the list.
func extensionCommands(path string, e snapshot.Edit) []string {
	f := strings.Split(e.Value, ",")
	switch {
	case len(f) < 2 || e.Op == metabase.Remove || slices.ContainsFunc(f, isOption):
		return nil
	case !typable(e.Value) && e.Op == metabase.Replace:
		return replaceScript(path, e.Property, f[1], e.Value)
	case !typable(e.Value):
		return addScript(path, e.Property, e.Value)
	case e.Op == metabase.Replace:
		return []string{iisext + " /EnFile " + argument(f[1])}
	case len(f) < 5:
		return nil
	}
	line := iisext + " /AddFile"
	for _, field := range []string{f[1], f[0], f[3], f[2], f[4]} {
		line += " " + argument(field)
	}
	return []string{line}
}

// argument writes an argument of a script at the command prompt, in quotes where it
// needs them. Inside quotes only % still counts there: such an argument is written
// with a caret before every special character, and one behind each %, so that what
// stands between two of them names no variable.
func argument(s string) string {
	const special = `&|<>^()%!`
	switch {
	case s != "" && !strings.ContainsAny(s, " \t&|<>^(),;=%"):
		return s
	case !strings.Contains(s, "%"):
		return `"` + s + `"`
	}
	var b strings.Builder
	b.WriteString(`^"`)
	behind := false
	for _, r := range s {
		if behind || strings.ContainsRune(special, r) {
			b.WriteByte('^')
		}
		b.WriteRune(r)
		behind = r == '%'
	}
	b.WriteString(`^"`)
	return b.String()
}
