package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMisspeltSecrets: a secret whose name is misspelt is reported by name, and its
// value is in no answer.
func TestMisspeltSecrets(t *testing.T) {
	names := []string{"AnonymousPasswrd", "WAMUserPas", "LogOdbcPasssword", "AdminACLs", "SesionKey", "UNCPasword"}
	text := `<?xml version="1.0"?><configuration xmlns="urn:microsoft-catalog:XML_Metabase_V64_0"><MBProperty>
<IIsWebService Location="/LM/W3SVC"></IIsWebService>
<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT" ` + strings.Join(names, `="hunter2" `) + `="hunter2" AuthFlags="no such &quot;flag&quot;">
<Custom Name="CustomPasword" ID="99999" Value="hunter2" Type="STRING" UserType="IIS_MD_UT_FILE" Attributes="NO_ATTRIBUTES"/>
</IIsWebVirtualDir></MBProperty></configuration>`
	file := filepath.Join(t.TempDir(), "MetaBase.xml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	commands := [][]string{
		{"scan", file}, {"scan", "--verbose", file}, {"scan", "-o", "json", file}, {"scan", "-o", "github", file}, {"scan", "-o", "table", file},
	}
	for _, n := range append(names, "CustomPasword") {
		commands = append(commands, []string{"why", file, "/LM/W3SVC/1/ROOT", n}, []string{"why", "-o", "json", file, "/LM/W3SVC/1/ROOT", n})
	}
	for _, args := range commands {
		var out bytes.Buffer
		if code := run(append([]string{"iisdoctor"}, args...), nil, &out, &out); code > exitFindings {
			t.Errorf("%s: exit code %d:\n%s", args, code, &out)
		}
		if strings.Contains(out.String(), "hunter2") {
			t.Errorf("%s shows a secret:\n%s", args, &out)
		}
		for _, n := range names {
			if args[0] == "scan" && !strings.Contains(out.String(), n) {
				t.Errorf("%s does not name %s", args, n)
			}
		}
	}
}
