package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// Groups of every token, and of one with a logon.
const (
	everyone           = "S-1-1-0"
	authenticatedUsers = "S-1-5-11"
	users              = "S-1-5-32-545"
)

// LocalSystem is the account that may do everything.
const LocalSystem = `NT AUTHORITY\SYSTEM`

const (
	localService   = `NT AUTHORITY\LOCAL SERVICE`
	networkService = `NT AUTHORITY\NETWORK SERVICE`
)

// UserToken is a user's account with the groups that every logon is in.
func UserToken(user string) []string {
	return []string{user, everyone, authenticatedUsers, users}
}

// ProcessToken is the account of a worker process with its groups: IIS_WPG has the
// accounts that pools may run as (KB812614); LocalSystem is an administrator.
func ProcessToken(account string) []string {
	token := append(UserToken(account), "IIS_WPG")
	if account == LocalSystem {
		token = append(token, "S-1-5-32-544")
	}
	return token
}

// Identity is the account that a pool's processes run as, and the value that says
// so (AppPoolIdentityType, cc736455: NetworkService where it is not set). Without a
// pool, in IIS 5.0 isolation mode, it is LocalSystem, as inetinfo runs.
func (m *Model) Identity(pool string) (account string, from metabase.Value) {
	if pool == "" {
		return LocalSystem, metabase.Value{}
	}
	key := metabase.Path("/LM/W3SVC/AppPools").Join(pool)
	kind := m.tree.Effective(key, "AppPoolIdentityType")
	n, ok := kind.Uint()
	switch {
	case ok && n == 0:
		return LocalSystem, kind
	case ok && n == 1:
		return localService, kind
	case ok && n == 3:
		return m.tree.Effective(key, "WAMUserName").Text(), kind
	}
	return networkService, kind
}

// user is the account under which a request opens files: the anonymous user, or
// whoever logged on.
func (o *Outcome) user(m *Model) string {
	if o.Request.User != "" && !m.tree.Effective(o.Target.Key, "AuthFlags").Has("AuthAnonymous") {
		return o.Request.User
	}
	return m.tree.Effective(o.Target.Key, "AnonymousUserName").Text()
}

// Token is the account under which a request opens files, with its groups.
func (m *Model) Token(o *Outcome) []string { return UserToken(o.user(m)) }

// SubAuthentication is whether the anonymous user can log on without a password.
type SubAuthentication struct {
	Used    bool // AnonymousPasswordSync is TRUE
	Fails   bool
	Assumed bool // the registry was not collected
	Detail  string
	Value   metabase.Value
}

// SubAuthentication: with AnonymousPasswordSync the logon needs a worker process
// that runs as LocalSystem and iissuba.dll, registered as sub-authentication package
// 132 (S1, cc739654). Where AnonymousPasswordSync is set nowhere it is taken as
// FALSE, as a clean installation has it (cc783654).
func (m *Model) SubAuthentication(key metabase.Path, pool string) (s SubAuthentication) {
	s.Value = m.tree.Effective(key, "AnonymousPasswordSync")
	if on, ok := s.Value.Bool(); !ok || !on || !s.Value.IsSet() {
		return s
	}
	s.Used = true
	if account, _ := m.Identity(pool); account != LocalSystem {
		s.Fails, s.Detail = true, "AnonymousPasswordSync needs a worker process that runs as LocalSystem; this one runs as "+account
		return s
	}
	dll, known := m.subPackage()
	switch {
	case !known:
		s.Assumed, s.Detail = true, "iissuba.dll is assumed to be registered for sub-authentication"
	case !strings.HasPrefix(strings.ToLower(dll), "iissuba"):
		s.Fails, s.Detail = true, "AnonymousPasswordSync needs iissuba.dll, which is not registered for sub-authentication"
	default:
		s.Detail = "the anonymous user is logged on by sub-authentication"
	}
	return s
}
