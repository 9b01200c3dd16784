package iis

import (
	"fmt"
	"net"
	"strings"
)

// checkIP: IPSecurity is an undocumented binary value. Where it is set the
// client is assumed to pass.
func checkIP(d *decision) verdict {
	v := d.value("IPSecurity")
	if !v.IsSet() || v.Text() == "" {
		return verdict{}
	}
	return verdict{assumed: true, because: because(v),
		detail: "IPSecurity is set; its format is not public, the client is assumed to be let in"}
}

// checkSSL: 403.4 where SSL is required and the request came without (KB318380).
// A required client certificate is taken as sent, which is said.
func checkSSL(d *decision) verdict {
	v := d.value("AccessSSLFlags")
	switch {
	case !v.Has("AccessSSL") && !v.Has("AccessSSL128"):
		return verdict{}
	case !d.out.Request.Secure:
		return verdict{status: "403.4", detail: "SSL is required and the request came over http", because: because(v)}
	case v.Has("AccessSSLRequireCert"):
		return verdict{assumed: true, because: because(v), detail: "a client certificate is required and assumed to be sent"}
	}
	return verdict{detail: "SSL is required and used", because: because(v)}
}

func (d *decision) anonymousAllowed() bool { return d.value("AuthFlags").Has("AuthAnonymous") }

// authKinds are the kinds of authentication a site can offer, in the order in
// which IIS 6 lists them to the client.
var authKinds = [...]struct{ flag, name string }{
	{"AuthNTLM", "Integrated Windows"}, {"AuthMD5", "Digest"}, {"AuthBasic", "Basic"}, {"AuthPassport", "Passport"},
}

// checkAuthentication: 401.2 where the request's credentials fit no enabled kind,
// 401.1 where the logon fails (KB318380).
func checkAuthentication(d *decision) verdict {
	v := d.value("AuthFlags")
	if d.anonymousAllowed() {
		return verdict{detail: "anonymous access is allowed", because: because(v)}
	}
	var offered []string
	for _, k := range authKinds {
		if v.Has(k.flag) {
			offered = append(offered, k.name)
		}
	}
	r := d.out.Request
	switch {
	case len(offered) == 0:
		return verdict{status: "401.2", detail: "AuthFlags enables no kind of authentication", because: because(v)}
	case r.User == "":
		return verdict{status: "401.2", because: because(v),
			detail: "anonymous access is off; the server asks for " + strings.Join(offered, " or ") + " authentication"}
	case r.Trusted:
		return verdict{detail: "logged on as " + r.User, because: because(v)}
	case !v.Has("AuthBasic"):
		return verdict{status: "401.2", detail: "Basic credentials were sent, but Basic authentication is off", because: because(v)}
	case d.snapshot.Accounts == nil:
		return verdict{assumed: true, detail: "the password of " + r.User + " is assumed to be right", because: because(v)}
	case !d.snapshot.Accounts.CanLogOn(r.User, r.Password):
		return verdict{status: "401.1", detail: "the logon of " + r.User + " fails", because: because(v)}
	}
	return verdict{detail: "logged on as " + r.User, because: because(v)}
}

// checkAccess: a mapped file needs Script (or Execute where its map says so), a
// program Execute, a static file Read (KB318380 for 403.1 and 403.2; ms526052 for
// the map's flag). A wildcard map without that flag is written by published
// installers for sites with Script alone, and they run: whether it needs Execute is open.
func checkAccess(d *decision) verdict {
	v := d.value("AccessFlags")
	need, remote, status := "AccessRead", "AccessNoRemoteRead", Status("403.2")
	switch {
	case d.program, d.entry != nil && d.entry.NeedsExecute() && d.entry.Extension != "*":
		need, remote, status = "AccessExecute", "AccessNoRemoteExecute", "403.1"
	case d.entry != nil:
		need, remote, status = "AccessScript", "AccessNoRemoteScript", "403.1"
	}
	if !v.Has(need) && !(need == "AccessScript" && v.Has("AccessExecute")) {
		return verdict{status: status, detail: fmt.Sprintf("%s is not among the access flags", need), because: because(v)}
	}
	if v.Has(remote) && !local(d.out.Request.ClientIP) {
		return verdict{status: status, detail: fmt.Sprintf("%s shuts out remote clients", remote), because: because(v)}
	}
	if d.entry != nil && d.entry.NeedsExecute() && !v.Has("AccessExecute") {
		return verdict{assumed: true, because: because(v),
			detail: "the wildcard map lacks the flag 1 and so asks for AccessExecute; it is assumed to run with AccessScript, as published sites do"}
	}
	return verdict{detail: need + " is allowed", because: because(v)}
}

func local(client string) bool {
	ip := net.ParseIP(client)
	return ip != nil && ip.IsLoopback()
}

// static are the methods that IIS 6 knows for static content; of OPTIONS and TRACE
// the server itself takes care.
var staticMethods = map[string]bool{"GET": true, "HEAD": true, "OPTIONS": true, "TRACE": true}

// checkVerb: a verb that the map does not list is 403.1 (KB318380); on static
// content POST is 405, any other 501 (KB247643).
func checkVerb(d *decision) verdict {
	method := d.out.Request.Method
	if d.entry != nil {
		if d.entry.Allows(method) {
			return verdict{}
		}
		return verdict{status: "403.1", because: becauseEntry(d.maps.value, d.entry.Item),
			detail: fmt.Sprintf("the script map for %s does not list %s", d.entry.Extension, method)}
	}
	switch {
	case d.program || staticMethods[method]:
		return verdict{}
	case method == "POST":
		return verdict{status: "405", detail: "POST is not allowed on static content"}
	}
	return verdict{status: "501", detail: method + " is not implemented for static content"}
}
