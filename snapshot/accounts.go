package snapshot

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"

	"gopkg.in/ini.v1"

	"github.com/iisdoctor/iisdoctor/source"
)

// Accounts says who may log on or open a share, with which password; only fault
// folders have it. It is read from accounts.txt, an INI file whose passwords are
// invented and stand as they are, to the end of the line:
//
//	; who may log on to this server
//	[logon]
//	IUSR_SHOP = anonymous-1
//
//	; who may open a share, over the network
//	[share \\files\web]
//	CONTOSO\web = share-1
//
// A line that begins with ; or # is a comment. Account and share names compare
// without case, passwords with it.
type Accounts struct {
	logon  map[string]string            // account, folded: password
	shares map[string]map[string]string // share, folded: account, folded: password
}

const (
	accountsName = "accounts.txt"
	maxAccounts  = 64 << 10 // ini.v1 needs quadratic time
)

// CanLogOn reports whether the account exists with that password.
func (a *Accounts) CanLogOn(user, password string) bool {
	if a == nil {
		return false
	}
	known, ok := a.logon[strings.ToLower(user)]
	return ok && known == password
}

// ShareOpens reports whether the account may open the share \\server\share. A
// withheld or placeholder password counts as the right one for an account that is
// listed. A share without a section is Unknown.
func (a *Accounts) ShareOpens(share, user string, passwordSet bool) Known {
	if a == nil {
		return Unknown
	}
	may, ok := a.shares[key(source.WinPath(share))]
	if !ok {
		return Unknown
	}
	password, listed := may[strings.ToLower(user)]
	if listed && passwordSet == (password != "") {
		return Yes
	}
	return No
}

func (c *collector) readAccounts(fsys fs.FS) error {
	raw, err := readSmall(fsys, accountsName, maxAccounts)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	a, problems := parseAccounts(raw)
	c.accounts = a
	c.problems = append(c.problems, problems...)
	c.files = append(c.files, File{Path: accountsName, Kind: KindAccounts})
	return nil
}

// parseAccounts never repeats a value in a problem: it may be a password.
func parseAccounts(raw []byte) (*Accounts, []source.Problem) {
	a := &Accounts{logon: map[string]string{}, shares: map[string]map[string]string{}}
	text := source.NewText(accountsName, raw)
	file, err := ini.LoadSources(ini.LoadOptions{
		IgnoreInlineComment: true, IgnoreContinuation: true, PreserveSurroundedQuote: true, KeyValueDelimiters: "=",
	}, raw)
	if err != nil {
		return a, []source.Problem{{Pos: text.Span(0, 0).Pos(), Found: "no INI file", Expected: "[logon], [share \\\\server\\share] and account = password"}}
	}
	var problems []source.Problem
	for _, section := range file.Sections() {
		into := a.section(section.Name())
		for _, k := range section.Keys() {
			if into == nil {
				break
			}
			into[strings.ToLower(k.Name())] = k.Value()
		}
		if into == nil && (section.Name() != ini.DefaultSection || len(section.Keys()) > 0) {
			problems = append(problems, unknownSection(text, section))
		}
	}
	return a, problems
}

// section gives the accounts that a section lists, nil for an unknown one.
func (a *Accounts) section(name string) map[string]string {
	kind, rest, _ := strings.Cut(name, " ")
	share := source.WinPath(strings.TrimSpace(rest))
	switch {
	case strings.EqualFold(name, "logon"):
		return a.logon
	case strings.EqualFold(kind, "share") && share.IsUNC():
		if a.shares[key(share)] == nil {
			a.shares[key(share)] = map[string]string{}
		}
		return a.shares[key(share)]
	}
	return nil
}

func unknownSection(text *source.Text, section *ini.Section) source.Problem {
	p := source.Problem{Found: "section [" + section.Name() + "]", Expected: `[logon] or [share \\server\share]`}
	mark := "[" + section.Name() + "]"
	if section.Name() == ini.DefaultSection {
		p.Found = "an account above the first section"
		mark = section.Keys()[0].Name()
	}
	// ini.v1 gives no lines; a section name that stands twice is found at its first place.
	at := max(bytes.Index(text.Bytes(), []byte(mark)), 0)
	p.Pos = text.Span(at, at+len(mark)).Pos()
	return p
}
