package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// uncCredentials: content on a share whose stored credentials cannot work, or
// that is opened with the visitor's own (S1, "UNC connections are denied access").
func uncCredentials(p *pass) {
	missing := map[source.Span]*Finding{} // by the user name, which several directories may inherit
	var order []source.Span
	for _, dir := range p.served() {
		if !dir.physical.IsUNC() {
			continue
		}
		user := dir.key.Effective("UNCUserName")
		switch {
		case user.Text() == "":
			if f, ok := passedThrough(p, dir); ok {
				p.report(f)
			}
		case dir.key.Effective("UNCPassword").IsSet():
		case missing[user.Span()] != nil:
			f := missing[user.Span()]
			f.Affects = append(f.Affects, dir.address(p))
		default:
			f := noPassword(p, dir, user)
			missing[user.Span()] = &f
			order = append(order, user.Span())
		}
	}
	for _, at := range order {
		p.report(*missing[at])
	}
}

// noPassword: the share is opened with a name and no password.
func noPassword(p *pass, dir directory, user metabase.Value) Finding {
	share := dir.physical.Share()
	return Finding{
		Message: fmt.Sprintf("%s is opened as %s, but no UNCPassword is stored: every request below %s fails", share, user.Text(), dir.url),
		Span:    user.Span(), Key: dir.key.Path(), Property: user.Property, Value: user.Text(), Origin: user.Key,
		Affects: []string{dir.address(p)}, Witness: p.witness(dir, dir.url),
		sign: sign{request: refusedByShare, row: p.within(dir)},
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
// server (S1, cc778553). ok is false where these can work: an anonymous account of a
// domain, or Basic authentication, which can be passed on (KB207671).
func passedThrough(p *pass, dir directory) (Finding, bool) {
	who, why := strangers(dir.key)
	if who == "" {
		return Finding{}, false
	}
	path, _ := dir.key.Own("Path")
	share := dir.physical.Share()
	return Finding{
		Severity: Warning, Certainty: Possible,
		Message: fmt.Sprintf("%s is opened with the credentials of %s, as no UNCUserName is set; %s", share, who, why),
		Missing: "whether the file server lets that account in is not in the snapshot",
		Span:    path.Span(), Key: dir.key.Path(), Property: path.Property, Value: path.Text(), Origin: path.Key,
		Affects: []string{dir.address(p)}, Witness: p.witness(dir, dir.url),
		sign: sign{request: refusedByShare, row: p.within(dir)},
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
	}, true
}

// strangers are the request users whom a file server does not know: a local
// anonymous account, unless it has one of the same name and password there, and
// whoever logs on by NTLM, which cannot be passed on (KB207671). "" for none.
func strangers(key metabase.Key) (who, why string) {
	auth := key.Effective("AuthFlags")
	account := key.Effective("AnonymousUserName").Text()
	switch {
	case auth.Has("AuthAnonymous") && strings.ContainsAny(account, `\@`):
		return "", ""
	case auth.Has("AuthAnonymous") && account == "":
		return "the anonymous account", "the file server knows a local account only if it has one of the same name and password"
	case auth.Has("AuthAnonymous"):
		return account, "the file server knows a local account only if it has one of the same name and password"
	case auth.Has("AuthNTLM"):
		return "the visitor", "a logon by NTLM cannot be passed on to another computer"
	}
	return "", ""
}

// refusedByShare is how rows of a share show that its file server refused. The pages
// disagree on the status: S1 and cc781042 say 500, cc781605 500.13, cc778553 401.2.
// 500.13 is also a busy server's and 401.2 the first leg of any logon: these count
// only with the Win32 status of a failed logon.
func refusedByShare(r weblog.Request) bool {
	const logonFailure = 1326
	return statusOf(r) == "500.16" || r.Win32 == logonFailure && (statusOf(r) == "500.13" || statusOf(r) == "401.2")
}
