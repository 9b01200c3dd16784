package iis

import "github.com/iisdoctor/iisdoctor/snapshot"

// checkACL: a static file that the request's user may not read is 401.3 (KB318380).
// IIS itself asks only for static files; a mapped page meets the refusal in its
// handler. Without a listing of the file there is no step.
func checkACL(d *decision) verdict {
	if d.out.Handler != Static || d.known != snapshot.Yes {
		return verdict{}
	}
	file := d.out.Target.Physical
	list, ok := d.snapshot.ACLs.Of(file)
	if !ok {
		return verdict{}
	}
	user := d.out.user(d.Model)
	why := &Because{Span: list.At, Value: string(file)}
	switch list.Allows(UserToken(user), snapshot.AccessRead) {
	case snapshot.No:
		return verdict{status: "401.3", because: why, detail: user + " may not read " + string(file)}
	case snapshot.Unknown:
		return verdict{assumed: true, because: why, detail: user + " is assumed to be in a group that may read " + string(file)}
	}
	return verdict{detail: user + " may read " + string(file), because: why}
}
