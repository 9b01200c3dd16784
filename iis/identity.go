package iis

import (
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// checkIdentity: the worker process of a pool that is to run as a specific user is not
// started where name or password is not stored, or where the user is not in the group
// IIS_WPG (Microsoft's guide to upgrading to IIS 6.0; K2 KB000095). The pool is disabled (events 1057 and 1059); the
// reason in the HTTP error log is inferred. Without a list of the group there is no
// step for it.
func (d *decision) checkIdentity(key metabase.Key) verdict {
	pool := "application pool " + d.out.Target.Pool
	if v, lacks := noIdentity(key); lacks {
		d.out.KernelReason = "AppOffline"
		return verdict{status: "503", detail: "the " + pool + " has no account to run as (" + v.Property + " is not set)", because: because(v)}
	}
	group := d.snapshot.WorkerGroup
	if !asSpecificUser(key) || group == nil {
		return verdict{}
	}
	user := key.Effective("WAMUserName")
	switch group.Has(user.Text()) {
	case snapshot.No:
		d.out.KernelReason = "AppOffline"
		return verdict{status: "503", detail: "the " + pool + " is to run as " + user.Text() + ", which is not in the group IIS_WPG", because: because(user)}
	case snapshot.Unknown:
		return verdict{assumed: true, because: because(user), detail: user.Text() + ", as whom the " + pool + " runs, is assumed to be in the group IIS_WPG, by itself or by another group"}
	}
	return verdict{}
}

func asSpecificUser(pool metabase.Key) bool {
	n, ok := pool.Effective("AppPoolIdentityType").Uint()
	return ok && n == 3
}

// noIdentity reports a pool that is to run as a specific user whose name or password
// is not stored.
func noIdentity(pool metabase.Key) (lack metabase.Value, lacks bool) {
	if !asSpecificUser(pool) {
		return metabase.Value{}, false
	}
	if user := pool.Effective("WAMUserName"); user.Text() == "" {
		return user, true
	}
	password := pool.Effective("WAMUserPass")
	return password, !password.IsSet()
}
