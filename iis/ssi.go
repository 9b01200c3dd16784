package iis

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// StageSSI is the stage at which a page with server-side includes is refused; the
// server writes an event where it decides.
const StageSSI = "server-side include"

// checkSSI: #include file="../..." while parent paths are off makes a page of
// ssinc.dll answer 404 (S1, "Parent paths").
func checkSSI(d *decision) verdict {
	if d.out.Handler != SSI || d.known != snapshot.Yes {
		return verdict{}
	}
	t := d.out.Target
	parents := d.value("AspEnableParentPaths")
	allowed, _ := parents.Bool()
	directives, complete := d.Directives(Page{t.Site, t.Physical, t.RootPath, t.URL})
	for _, inc := range directives {
		complete = complete && inc.Found != snapshot.Unknown
		if inc.Virtual || !inc.HasParentPath() || allowed {
			continue
		}
		why := because(parents)
		why.Span = inc.Span
		return verdict{status: "404", because: why,
			detail: fmt.Sprintf("the include file %q cannot contain '..' while parent paths are off", inc.Include.Target)}
	}
	return verdict{detail: "the page and its include files are read", assumed: !complete}
}
