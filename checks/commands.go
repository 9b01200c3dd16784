package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// adsutil is the metabase script that setup installs (cc775860 names its folder).
const adsutil = `cscript %SystemDrive%\Inetpub\AdminScripts\adsutil.vbs`

// Commands renders the edits as the commands to type on the server, so that what
// is printed is what was proven. A secret is shown as a word in angle brackets.
func (r Remedy) Commands() []string {
	var all []string
	for _, e := range r.Edits {
		all = append(all, commands(e)...)
	}
	return all
}

func commands(e snapshot.Edit) []string {
	path := strings.TrimPrefix(e.Target, "/LM/")
	switch {
	case strings.EqualFold(e.Property, "WebSvcExtRestrictionList"):
		return extensionCommand(e)
	case strings.EqualFold(e.Property, "MimeMap") && e.Op == metabase.Add:
		return mimeCommands(path, e.Value)
	case strings.EqualFold(e.Property, "SSLCertHash"):
		return []string{fmt.Sprintf(`cscript IISCertDeploy.vbs -c "<certificate.pfx>" -p "<password>" -i %s`, strings.ToLower(path))}
	case e.Op == metabase.Remove && e.Value == "":
		return editFile[:]
	}
	return []string{fmt.Sprintf("%s SET %s/%s %s", adsutil, path, e.Property, quoted(numeric(e)))}
}

// editFile takes out what IIS passed over when it read the file: no script can
// see it. The file may be edited while the service is stopped (cc785283).
var editFile = [...]string{
	"net stop iisadmin /y",
	`notepad %windir%\System32\inetsrv\MetaBase.xml`,
	"net start w3svc",
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

// extensionCommand allows a listed extension or adds one (cc775860, iisext.vbs).
func extensionCommand(e snapshot.Edit) []string {
	f := strings.Split(e.Value, ",")
	if e.Op == metabase.Replace || len(f) < 5 {
		return []string{"iisext /EnFile " + quoted(f[1])}
	}
	return []string{fmt.Sprintf("iisext /AddFile %s %s %s %s %s", quoted(f[1]), f[0], quoted(f[3]), f[2], quoted(f[4]))}
}

// mimeCommands append to a MimeMap, which adsutil can only replace as a whole:
// the ADSI sample of ms525631, line by line. A change of the computer's map counts
// after a restart of the service (S1).
func mimeCommands(path, entry string) []string {
	ext, mime, _ := strings.Cut(entry, ",")
	const script = `%TEMP%\mime.vbs`
	lines := []string{
		fmt.Sprintf(`echo Set o = GetObject("IIS://localhost/%s") > %s`, path, script),
		fmt.Sprintf(`echo m = o.GetEx("MimeMap") : n = UBound(m) + 1 : ReDim Preserve m(n) >> %s`, script),
		fmt.Sprintf(`echo Set m(n) = CreateObject("MimeMap") : m(n).Extension = "%s" : m(n).MimeType = "%s" >> %s`, ext, mime, script),
		fmt.Sprintf(`echo o.PutEx 2, "MimeMap", m : o.SetInfo >> %s`, script),
		"cscript //nologo " + script,
	}
	if strings.EqualFold(path, "MimeMap") {
		lines = append(lines, "net stop w3svc & net start w3svc")
	}
	return lines
}

// quoted puts a value in quotes where the command line needs them. A quote
// inside would end the argument; no setting that is rendered holds one.
func quoted(s string) string {
	s = strings.ReplaceAll(s, `"`, "")
	if s != "" && !strings.ContainsAny(s, " \t&|<>^(),;=%") {
		return s
	}
	return `"` + s + `"`
}
