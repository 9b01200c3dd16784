package checks

import (
	"strings"
	"testing"
)

// TestWildcardNamedOnce: a wildcard map takes files of many extensions and is one map.
func TestWildcardNamedOnce(t *testing.T) {
	files := layer(t, map[string]string{"C/inetpub/wwwroot/a.gif": "x", "C/inetpub/wwwroot/b.css": "x", "C/inetpub/wwwroot/c.js": "x"},
		atRoot, "		ScriptMaps=\".x,C:\\tools\\wild.dll,1,GET,POST\n			*,C:\\tools\\wild.dll,1\"\n"+atRoot)
	for _, got := range raised(t, "extension-prohibited", files) {
		if strings.HasPrefix(got, "error") {
			if !strings.Contains(got, "requests for .x, * are refused, and it is needed") {
				t.Error(got)
			}
			return
		}
	}
	t.Error("not found")
}
