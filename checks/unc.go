package checks

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// uncCredentials: content on a share whose stored credentials cannot work, or
// that is opened with the visitor's own (S1, "UNC connections are denied access").
func uncCredentials(p *pass) {
	for _, dir := range p.directories() {
		if !dir.physical.IsUNC() {
			continue
		}
		user := dir.key.Effective("UNCUserName")
		switch {
		case user.Text() == "":
			p.report(passedThrough(p, dir))
		case !dir.key.Effective("UNCPassword").IsSet():
			p.report(noPassword(p, dir, user))
		}
	}
}

// noPassword: the share is opened with a name and no password.
func noPassword(p *pass, dir directory, user metabase.Value) Finding {
	share := dir.physical.Share()
	return Finding{
		Message: fmt.Sprintf("%s is opened as %s, but no UNCPassword is stored: every request below %s fails", share, user.Text(), dir.url),
		Span:    user.Span(), Key: dir.key.Path(), Property: user.Property, Value: user.Text(), Origin: user.Key,
		Affects: []string{dir.address(p)}, Witness: p.witness(dir, dir.url),
		sign: sign{request: dir.refusedByShare(), url: below(dir.url)},
		Remedies: []Remedy{{
			Title: "Store the password",
			Steps: []string{
				"In IIS Manager: the directory's Properties, Virtual Directory tab, Connect As: name and password of an account that the file server knows.",
				fmt.Sprintf("Give %s read permission on the share %s and on its folder.", user.Text(), share),
			},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(user.Key), Property: "UNCPassword", Op: metabase.Set, Value: "<password>"}},
		}},
	}
}

// passedThrough: no stored credentials, so the request user's go to the file
// server (S1, cc778553). A local anonymous account is unknown there unless it
// exists with the same password; NTLM cannot be passed on (KB207671).
func passedThrough(p *pass, dir directory) Finding {
	path, _ := dir.key.Own("Path")
	share := dir.physical.Share()
	who, why := dir.key.Effective("AnonymousUserName").Text(), "the file server knows that account only if it has one of the same name and password"
	if who == "" {
		who = "the anonymous account"
	}
	auth := dir.key.Effective("AuthFlags")
	if !auth.Has("AuthAnonymous") {
		who, why = "the visitor", "a logon by NTLM cannot be passed on to another computer"
	}
	return Finding{
		Severity: Warning, Certainty: Possible,
		Message: fmt.Sprintf("%s is opened with the credentials of %s, as no UNCUserName is set; %s", share, who, why),
		Missing: "whether the file server lets that account in is not in the snapshot",
		Span:    path.Span(), Key: dir.key.Path(), Property: path.Property, Value: path.Text(), Origin: path.Key,
		Affects: []string{dir.address(p)}, Witness: p.witness(dir, dir.url),
		sign: sign{request: dir.refusedByShare(), url: below(dir.url)},
		Remedies: []Remedy{{
			Title: "Store an account that the file server knows",
			Steps: []string{
				"In IIS Manager: the directory's Properties, Virtual Directory tab, Connect As: clear the check box for the authenticated user's credentials, enter name and password.",
				fmt.Sprintf("Give the account read permission on the share %s and on its folder.", share),
			},
			Edits: []snapshot.Edit{
				{Kind: snapshot.EditMetabase, Target: string(dir.key.Path()), Property: "UNCUserName", Op: metabase.Set, Value: `<DOMAIN\user>`},
				{Kind: snapshot.EditMetabase, Target: string(dir.key.Path()), Property: "UNCPassword", Op: metabase.Set, Value: "<password>"},
			},
		}},
	}
}

// refusedByShare is how rows of a share show that its file server refused. The pages
// disagree on the status: S1 and cc781042 say 500, cc781605 500.13, cc778553 401.2.
// 500.13 is also a busy server's, and 401.2 the first leg of any logon, so these count
// only where the Win32 status is that of a failed logon, or nobody had to log on.
func (d directory) refusedByShare() func(weblog.Request) bool {
	anonymous := d.key.Effective("AuthFlags").Has("AuthAnonymous")
	share := answered(d.siteID(), nil, "500.16", "500.13", "401.2")
	return func(r weblog.Request) bool {
		const logonFailure = 1326
		switch {
		case !share(r):
			return false
		case r.Substatus == 16, r.Win32 == logonFailure:
			return true
		}
		return r.Status == 401 && anonymous
	}
}
