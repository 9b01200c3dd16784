package snapshot

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Access are rights to a file or folder; the bits are those of winnt.h, so that
// the letters of cacls and icacls and their lists of single rights compare.
type Access uint32

// The rights that IIS needs, and the sets that listings have letters for.
const (
	AccessRead    Access = 0x1  // FILE_READ_DATA, FILE_LIST_DIRECTORY
	AccessWrite   Access = 0x2  // FILE_WRITE_DATA, FILE_ADD_FILE
	AccessAppend  Access = 0x4  // FILE_APPEND_DATA, FILE_ADD_SUBDIRECTORY
	AccessExecute Access = 0x20 // FILE_EXECUTE, FILE_TRAVERSE
	AccessDelete  Access = 0x10000

	genericRead    Access = 0x120089
	genericWrite   Access = 0x120116
	genericExecute Access = 0x1200A0
	modify         Access = 0x1301BF
	fullControl    Access = 0x1F01FF
)

// Inheritance are the flags of an entry.
type Inheritance uint8

// The flags, with their letters in listings.
const (
	ObjectInherit    Inheritance = 1 << iota // (OI) files below inherit it
	ContainerInherit                         // (CI) folders below inherit it
	InheritOnly                              // (IO) it does not count for the folder itself
	NoPropagate                              // (NP) only one level below inherits it
	Inherited                                // (I) it comes from above
)

// ACE is one entry of an access control list.
type ACE struct {
	Account string // as listed: BUILTIN\Users, WEB01\IUSR_WEB01, Jeder
	Deny    bool
	Rights  Access
	Flags   Inheritance
	At      source.Span

	unclear bool // rights or flags that were not understood: it may allow or deny anything
}

// ACL is the list of one file or folder.
type ACL struct {
	Path source.WinPath
	ACEs []ACE
	At   source.Span // the path
}

// ACLs are the listings of cacls and icacls. A nil ACLs knows nothing.
type ACLs struct {
	lists map[string]*ACL // by path, folded
	size  int             // paths and entries held
}

// maxACLs bounds paths and entries together.
const maxACLs = 1 << 20

// Of gives the list of exactly this path. A path that is not listed has none: what
// it inherits from a listed folder is not worked out.
func (l *ACLs) Of(p source.WinPath) (*ACL, bool) {
	if l == nil {
		return nil, false
	}
	a, ok := l.lists[key(p)]
	return a, ok
}

// Listed reports whether the path itself is listed.
func (l *ACLs) Listed(p source.WinPath) bool {
	_, ok := l.Of(p)
	return ok
}

// Allows reports whether a token with these accounts (the user and every group it
// is in, by name or SID) has all of want. The caller gives the groups: for any
// token S-1-1-0 (Everyone); for one with a logon S-1-5-11 (Authenticated Users)
// and S-1-5-32-545 (Users); for an application pool IIS_WPG (KB812614).
//
// Yes and No are given only where the listing decides: the path is listed, and no
// entry that could change the answer is for an account that the token may be in.
// Well-known groups, IIS_WPG, and accounts named IUSR_ or IWAM_ are taken as absent
// from the token unless they are among accounts; any other account may be a group.
func (l *ACLs) Allows(p source.WinPath, accounts []string, want Access) Known {
	list, ok := l.Of(p)
	if !ok {
		return Unknown
	}
	return list.Allows(accounts, want)
}

// Allows is ACLs.Allows for this list. The entries count in canonical order, which
// Windows itself writes: a list's own before inherited ones, of each the denials first.
func (a *ACL) Allows(accounts []string, want Access) Known {
	best, worst := lookout{left: want}, lookout{left: want} // where what is unknown turns out well, and badly
	for _, e := range a.canonical() {
		in := e.applies(accounts)
		switch {
		case e.Flags&InheritOnly != 0 || in == No:
		case e.unclear:
			best.meets(false, fullControl)
			worst.meets(true, fullControl)
		case in == Yes:
			best.meets(e.Deny, e.Rights)
			worst.meets(e.Deny, e.Rights)
		case e.Deny:
			worst.meets(true, e.Rights)
		default:
			best.meets(false, e.Rights)
		}
	}
	switch {
	case worst.left == 0 && !worst.denied:
		return Yes
	case best.left != 0 || best.denied:
		return No
	}
	return Unknown
}

// canonical gives the entries in the order in which they count.
func (a *ACL) canonical() []ACE {
	rank := func(e ACE) int {
		r := 0
		if e.Flags&Inherited != 0 {
			r = 2
		}
		if !e.Deny {
			r++
		}
		return r
	}
	out := slices.Clone(a.ACEs)
	slices.SortStableFunc(out, func(a, b ACE) int { return rank(a) - rank(b) })
	return out
}

// lookout is an access check on its way through a list: an entry grants what it
// allows of what is still wanted, or ends it by denying some of that.
type lookout struct {
	left   Access
	denied bool
}

func (l *lookout) meets(deny bool, rights Access) {
	switch {
	case !deny && !l.denied:
		l.left &^= rights
	case deny && l.left&rights != 0:
		l.denied = true
	}
}

// applies reports whether the entry is for one of the accounts.
func (e ACE) applies(accounts []string) Known {
	answer := No
	for _, a := range accounts {
		switch sameAccount(e.Account, a) {
		case Yes:
			return Yes
		case Unknown:
			answer = Unknown
		}
	}
	if answer == Unknown || AccountSID(e.Account) == "" && !isUser(e.Account) {
		return Unknown
	}
	return No
}

// isUser reports whether an account is known to be no group that others are in, or
// is the pool's group, whose members the caller knows.
func isUser(account string) bool {
	_, name, _ := cutDomain(account)
	name = strings.ToUpper(name)
	return strings.HasPrefix(name, "IUSR_") || strings.HasPrefix(name, "IWAM_") || name == "IIS_WPG"
}

// Paths gives the listed paths in a fixed order.
func (l *ACLs) Paths() []source.WinPath {
	if l == nil {
		return nil
	}
	var out []source.WinPath
	for _, a := range l.lists {
		out = append(out, a.Path)
	}
	slices.SortFunc(out, func(a, b source.WinPath) int { return strings.Compare(key(a), key(b)) })
	return out
}
