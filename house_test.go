// Package iisdoctor_test holds what is true of the module as a whole.
package iisdoctor_test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/iisdoctor/iisdoctor/"

// doors names for each module of others the one package that may import it, so that
// it can be replaced in one place. Modules that only tests need are not listed.
var doors = map[string]string{
	"golang.org/x/text":                 "source",
	"github.com/xrash/smetrics":         "source",
	"gopkg.in/ini.v1":                   "snapshot",
	"github.com/urfave/cli":             "cmd/iisdoctor",
	"golang.org/x/term":                 "cmd/iisdoctor",
	"github.com/fatih/color":            "reports",
	"github.com/olekukonko/tablewriter": "reports",
}

// floors numbers the floors of the house by the first folder of a package, from
// below. A package imports from lower floors, or from its own folder.
var floors = map[string]int{
	"source": 1, "metabase": 2, "snapshot": 3, "iis": 4, "checks": 5, "server": 5, "proof": 6, "reports": 7, "cmd": 8,
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if words[0]+"/" == module {
			continue // this test
		}
		from := strings.TrimPrefix(words[0], module)
		if floors[folder(from)] == 0 {
			t.Errorf("%s is on no floor", from)
		}
		for _, to := range words[1:] {
			if inner, ok := strings.CutPrefix(to, module); ok {
				if folder(inner) != folder(from) && floors[folder(inner)] >= floors[folder(from)] {
					t.Errorf("%s imports %s, which is not below it", from, inner)
				}
			} else if strings.Contains(folder(to), ".") {
				used[throughDoor(t, from, to)] = true
			}
		}
	}
	for name := range doors {
		if !used[name] {
			t.Errorf("nothing imports %s: it has no place in the list", name)
		}
	}
}

// throughDoor gives the module that a package of others belongs to.
func throughDoor(t *testing.T, from, to string) string {
	t.Helper()
	for name, door := range doors {
		if to == name || strings.HasPrefix(to, name+"/") {
			if door != from {
				t.Errorf("%s imports %s, whose only door is %s", from, to, door)
			}
			return name
		}
	}
	t.Errorf("%s imports %s, for which no package is named", from, to)
	return ""
}

// folder is the first folder of an import path.
func folder(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}
