package iis

import "github.com/iisdoctor/iisdoctor/snapshot"

// subPackage is the DLL registered as sub-authentication package 132; known is
// false where the registry does not say.
func (m *Model) subPackage() (dll string, known bool) {
	v, found := m.snapshot.Registry.Value(snapshot.RegMSV1, "Auth132")
	if found == snapshot.Unknown {
		return "", false
	}
	dll, _ = v.Str()
	return dll, true
}

// checkAnonymousLogon: a sub-authentication that cannot work is a failed logon,
// 401.1 (cc783654); so is, by inference from the name of 401.1, an anonymous account
// without a name.
func checkAnonymousLogon(d *decision) verdict {
	if !d.anonymousAllowed() {
		return verdict{}
	}
	if v := d.value("AnonymousUserName"); v.IsSet() && v.Text() == "" {
		return verdict{status: "401.1", detail: "AnonymousUserName is empty: there is no account to log on with", because: because(v)}
	}
	s := d.SubAuthentication(d.out.Target.Key, d.out.Target.Pool)
	switch {
	case !s.Used:
		return verdict{}
	case s.Fails:
		return verdict{status: "401.1", detail: s.Detail, because: because(s.Value)}
	}
	return verdict{detail: s.Detail, because: because(s.Value), assumed: s.Assumed}
}
