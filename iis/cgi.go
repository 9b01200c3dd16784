package iis

import "github.com/iisdoctor/iisdoctor/snapshot"

// cgiRights are what an account needs to start a process as somebody else: "Replace
// a process level token" and "Adjust memory quotas for a process" (cc779635).
var cgiRights = [...]string{"SeAssignPrimaryTokenPrivilege", "SeIncreaseQuotaPrivilege"}

// checkCGI: a pool whose identity lacks one of the rights cannot start a CGI
// program: 403.19 (KB943891, cc779635). The built-in accounts hold them unless the
// policy that was collected says otherwise; LocalSystem always does.
func checkCGI(d *decision) verdict {
	account, kind := d.Identity(d.out.Target.Pool)
	if d.out.Handler != CGI {
		return verdict{}
	}
	if account == LocalSystem {
		d.out.Process = d.process()
		return verdict{}
	}
	builtIn := account == localService || account == networkService
	for _, right := range cgiRights {
		why := &Because{Span: d.snapshot.Rights.At(right), Property: right}
		switch d.snapshot.Rights.Holds(right, ProcessToken(account)...) {
		case snapshot.No:
			return verdict{status: "403.19", because: why, detail: account + " does not hold the right " + right}
		case snapshot.Unknown:
			if !builtIn {
				d.out.Process = d.process()
				return verdict{assumed: true, because: because(kind), detail: account + " is assumed to hold the rights to start programs"}
			}
		}
	}
	d.out.Process = d.process()
	return verdict{detail: account + " holds the rights to start programs"}
}
