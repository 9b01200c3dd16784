package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// StageMapping is the stage at which the URL is mapped to a file; a refusal there means
// that there is no path.
const StageMapping = "URL mapping"

// mapURL turns the URL into a physical path: the virtual directory's own Path and
// what follows its name in the URL. That a virtual directory without one is answered
// 404, rather than mapped below the folder of the one above it, is inferred, and so is
// that one which redirects its requests needs none.
func mapURL(d *decision) verdict {
	t := &d.out.Target
	path := d.tree.Effective(t.Root, "Path")
	if path.Kind != metabase.Own || path.Text() == "" {
		if v := d.value("HttpRedirect"); d.Redirects(v, d.site.Path().Join("ROOT"), t.URL) {
			return verdict{detail: "the virtual directory has no Path, and needs none for what it redirects", because: because(v)}
		}
		return verdict{status: "404", detail: "the virtual directory has no Path", because: d.lacksPath()}
	}
	t.RootPath = source.WinPath(path.Text()).Clean()
	t.Physical = t.RootPath.Join(strings.ReplaceAll(t.Root.Below(t.Key), "/", `\`))
	t.App = d.application()
	return verdict{detail: string(t.Physical), because: because(path)}
}

// lacksPath is the empty Path, or the key that has none.
func (d *decision) lacksPath() *Because {
	key, _ := d.tree.Key(d.out.Target.Root)
	if v, ok := key.Own("Path"); ok {
		return because(v)
	}
	return &Because{Span: key.Span(), Key: key.Path(), Property: "Path"}
}

// application is the application's starting point, which AppRoot names.
func (d *decision) application() (app metabase.Path) {
	root := d.value("AppRoot")
	if k, ok := d.tree.Key(metabase.Path(root.Text())); ok && root.IsSet() {
		return k.Path()
	}
	return d.site.Path().Join("ROOT")
}

// checkUNC opens a share with the stored credentials (S1, "UNC connections are
// denied access"). Without accounts a stored password counts as valid, and the
// step says that this is assumed.
func checkUNC(d *decision) verdict {
	t := d.out.Target
	if !t.RootPath.IsUNC() {
		return verdict{}
	}
	user := d.tree.Effective(t.Root, "UNCUserName")
	if user.Text() == "" {
		return d.passThrough()
	}
	password := d.tree.Effective(t.Root, "UNCPassword")
	switch {
	case !password.IsSet():
		return verdict{status: "500.16", because: because(user),
			detail: "UNCUserName is set without a valid UNCPassword"}
	case d.snapshot.Accounts == nil:
		return verdict{assumed: true, because: because(user),
			detail: "the stored UNC password is assumed to be valid for " + user.Text()}
	case d.snapshot.Accounts.ShareOpens(t.RootPath.Share(), user.Text(), true) == snapshot.No:
		return verdict{status: "500.16", because: because(user),
			detail: "the file server refuses the stored UNC credentials"}
	}
	return verdict{detail: "the share opens with the credentials of " + user.Text(), because: because(user)}
}

// passThrough: without UNCUserName the request user's own credentials go to the
// file server (S1, cc778553). Whether they suffice only the file server knows.
func (d *decision) passThrough() verdict {
	who := d.value("AnonymousUserName").Text()
	if d.out.Request.User != "" && !d.anonymousAllowed() {
		who = d.out.Request.User
	}
	if d.snapshot.Accounts != nil &&
		d.snapshot.Accounts.ShareOpens(d.out.Target.RootPath.Share(), who, true) == snapshot.No {
		return verdict{status: "401.3", because: because(d.tree.Effective(d.out.Target.Root, "Path")),
			detail: "the file server refuses " + who}
	}
	return verdict{assumed: true, because: because(d.tree.Effective(d.out.Target.Root, "Path")),
		detail: "the share is assumed to open with the request user's own credentials"}
}
