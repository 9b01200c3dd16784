package iis

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// checkPage is what ASP finds before the first statement runs (include files),
// and the statements whose failure is documented.
func checkPage(d *decision) verdict {
	if d.out.Handler != ASP || d.known != snapshot.Yes {
		return verdict{}
	}
	parents := d.value("AspEnableParentPaths")
	allowed, _ := parents.Bool()
	p := pageCheck{d: d, parents: parents, allowed: allowed}
	if v := p.includes(); v != nil {
		return *v
	}
	v := p.calls()
	if v != nil {
		p.d.out.ASP = v.asp
		return *v
	}
	detail := "the page and its include files are read"
	if p.doubt != "" {
		detail += "; " + p.doubt
	}
	return verdict{detail: detail, assumed: p.assumed}
}

// pageCheck carries what is the same for a page and all files it includes.
type pageCheck struct {
	d       *decision
	parents metabase.Value // AspEnableParentPaths
	allowed bool
	assumed bool
	doubt   string // what is assumed of the script
}

// includes meets the include directives in order; the first that fails ends the
// request. nil means that all are found.
func (p *pageCheck) includes() *verdict {
	directives, complete := p.d.Directives(p.page())
	p.assumed = !complete
	for _, inc := range directives {
		switch {
		case !inc.Virtual && inc.HasParentPath() && !p.allowed:
			return p.fail(inc.Span, inc.In.URL, ASPError{Code: "ASP 0131", Title: "Disallowed Parent Path", // KB226474
				Detail: fmt.Sprintf("The Include file '%s' cannot contain '..' to indicate the parent directory.", inc.Include.Target)})
		case inc.Found == snapshot.Unknown:
			p.assumed = true
		case inc.Found == snapshot.No:
			return p.fail(inc.Span, inc.In.URL, ASPError{Code: "ASP 0126", Title: "Include file not found",
				Detail: fmt.Sprintf("The include file '%s' was not found.", inc.Include.Target)})
		case inc.Cyclic:
			return p.fail(inc.Span, inc.In.URL, ASPError{Code: "ASP 0135", Title: "Cyclic Include",
				Detail: fmt.Sprintf("The file '%s' is included by itself (perhaps indirectly).", inc.Include.Target)})
		}
	}
	return nil
}

// calls meets the calls whose failure is documented, in the page and in its include
// files: Server.MapPath("..") while parent paths are off (ASP 0175), CreateObject of a
// class that is not registered. One that may not run, or whose error the page may pass
// over, leaves the request to go on, which is an assumption.
func (p *pageCheck) calls() *verdict {
	for _, call := range p.d.Calls(p.page()) {
		e, what := p.failure(call)
		switch {
		case what == "":
		case call.Guarded != "":
			p.doubt = what + " is assumed not to stop it: " + call.Guarded
		case call.Conditional:
			p.doubt = what + " inside an If, a procedure or a loop is assumed not to run"
		default:
			v := p.fail(call.Span, call.In.URL, e)
			if call.Name == asp.CreateObject {
				v.because = &Because{Span: call.Span, Property: call.Name, Value: call.Argument}
			}
			return v
		}
	}
	p.assumed = p.assumed || p.doubt != ""
	return nil
}

// failure is the error of a call when it runs, and the call in words; "" for one that
// does not fail.
func (p *pageCheck) failure(call Call) (e ASPError, what string) {
	switch {
	case call.Name == asp.MapPath && !p.allowed && call.HasParentPath():
		return ASPError{Category: "Server.MapPath()", Code: "ASP 0175 : 80004005", Title: "Disallowed Path Characters",
			Detail: "The '..' characters are not allowed in the Path parameter for the MapPath method."}, "Server.MapPath with .."
	case call.Name == asp.CreateObject && p.d.Class(call.Argument) == snapshot.No:
		return NoClass(call.Argument, call.OnServer), "CreateObject of " + call.Argument
	}
	return e, ""
}

func (p *pageCheck) page() Page {
	t := p.d.out.Target
	return Page{t.Site, t.Physical, t.RootPath, t.URL}
}

// fail ends the request with status 500 and an ASP error; the setting decides,
// the page's line is the place. IIS 6 logs substatus 0.
func (p *pageCheck) fail(at source.Span, url string, e ASPError) *verdict {
	if e.Category == "" {
		e.Category = "Active Server Pages"
	}
	e.URL, e.Line = url, at.Pos().Line
	p.d.out.ASP = &e
	why := because(p.parents)
	why.Span = at
	return &verdict{asp: &e, status: "500", detail: fmt.Sprintf("%s, %s: %s", e.Code, e.Title, e.Detail), because: why, assumed: p.assumed}
}
