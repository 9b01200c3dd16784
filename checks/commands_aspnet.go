package checks

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// registersASPNET reports whether an edit adds an entry for the DLL of ASP.NET, as its
// registration does.
func registersASPNET(e snapshot.Edit) bool {
	f := strings.Split(e.Value, ",")
	return e.Kind == snapshot.EditMetabase && e.Op == metabase.Add && len(f) > 2 && isASPNET(f[1])
}

// aspnetRegiis is the tool that makes the maps: aspnet_regiis beside the DLL, or that of
// Windows Communication Foundation. -i makes them at the service and at every site and
// moves applications with an earlier version, -sn at one key and not below it (cc776509,
// ms732012). The path is the snapshot's: nothing is run from elsewhere than a version's
// own folder.
func aspnetRegiis(path, entry string) []string {
	f := strings.Split(entry, ",")
	if !isFramework(f[1]) {
		return nil
	}
	everywhere := strings.EqualFold(path, "W3SVC")
	switch wcf := strings.EqualFold(f[0], wcfPage); {
	case wcf && everywhere:
		return []string{serviceModelReg(f[1]) + " -i"}
	case wcf:
		return []string{serviceModelReg(f[1]) + " " + argument("-sn:"+path)}
	case everywhere:
		return []string{regiis(f[1]) + " -i"}
	}
	return []string{regiis(f[1]) + " -sn " + argument(path)}
}

// isFramework knows the DLL of ASP.NET where the .NET Framework puts it.
func isFramework(dll string) bool { return frameworkDLL().MatchString(dll) }

var frameworkDLL = source.Lazy(`(?i)^(?:[a-z]:\\(?:windows|winnt)|%windir%|%systemroot%)\\Microsoft\.NET\\Framework(?:64)?\\v\d+\.\d+\.\d+\\aspnet_isapi\.dll$`)

// tool writes the path of a tool beside such a DLL, whose variable is meant.
func tool(path source.WinPath) string {
	if strings.Contains(string(path), " ") {
		return `"` + string(path) + `"`
	}
	return string(path)
}

func regiis(engine string) string {
	return tool(programOf(engine).Dir().Join("aspnet_regiis.exe"))
}

// serviceModelReg lies in the folder of .NET 3.0 where ASP.NET 2.0 runs the services, from
// .NET 4 on beside the DLL.
func serviceModelReg(engine string) string {
	folder := programOf(engine).Dir()
	if strings.EqualFold(folder.Base(), secondVersion) {
		folder = folder.Dir().Join(`v3.0`).Join(`Windows Communication Foundation`)
	}
	return tool(folder.Join("ServiceModelReg.exe"))
}

// registerOnly is what goes before maps that are made at single keys where the DLL is not
// yet known to IIS: -ir registers it and leaves all maps as they are.
func registerOnly(edits []snapshot.Edit) (lines []string) {
	everywhere := map[string]bool{}
	for _, e := range edits {
		if !registersASPNET(e) {
			continue
		}
		f := strings.Split(e.Value, ",")
		engine := source.WinPath(f[1]).Fold()
		switch {
		case e.Property == "ScriptMaps" && strings.EqualFold(e.Target, string(service)) && !strings.EqualFold(f[0], wcfPage):
			everywhere[engine] = true
		case e.Property == "WebSvcExtRestrictionList" && len(edits) > 1 && !everywhere[engine] && isFramework(f[1]):
			lines = append(lines, regiis(f[1])+" -ir")
		}
	}
	return lines
}
