package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// checkACL: a file that the request's user may not read is 401.3 (KB318380). IIS
// itself asks only for static files; ASP and server-side includes, which open their
// pages as the request's user, meet the refusal themselves, and their answer is
// inferred. ASP.NET opens files as the worker process (S1); its answer is inferred as
// well. Without a listing of the file there is no step.
func checkACL(d *decision) verdict {
	file := d.out.Target.Physical
	list, ok := d.snapshot.ACLs.Of(file)
	if _, known := d.snapshot.Content.Stat(file, d.out.Target.RootPath); !ok || known != snapshot.Yes {
		return verdict{}
	}
	user := d.out.user(d.Model)
	token, refused := UserToken(user), Status("401.3")
	switch {
	case d.out.Handler == Static, d.out.Handler == ASP, d.out.Handler == SSI:
	case d.entry != nil && runsASPNET(d.entry.Processor):
		user, _ = d.Identity(d.out.Target.Pool)
		token, refused = ProcessToken(user), "500"
	default:
		return verdict{}
	}
	why := &Because{Span: list.At, Value: string(file)}
	switch list.Allows(token, snapshot.AccessRead) {
	case snapshot.No:
		return verdict{status: refused, because: why, detail: user + " may not read " + string(file)}
	case snapshot.Unknown:
		return verdict{assumed: true, because: why, detail: user + " is assumed to be in a group that may read " + string(file)}
	}
	return verdict{detail: user + " may read " + string(file), because: why}
}

// runsASPNET reports whether a script map's processor is that of ASP.NET, whatever
// its version.
func runsASPNET(processor string) bool {
	return strings.EqualFold(source.WinPath(strings.Trim(processor, `"`)).Base(), "aspnet_isapi.dll")
}
