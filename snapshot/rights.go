package snapshot

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Rights are the user rights of a security policy in INF form: an export of the
// server's policy (secedit /export) or a template of a group policy.
type Rights struct {
	template bool
	cut      bool                // an export whose end is missing
	section  source.Span         // [Privilege Rights]; zero where the file has none
	held     map[string][]Holder // by privilege, folded
	places   map[string]source.Span
	audit    map[string]string // values of [Event Audit] by category, folded
	partly   map[string]bool   // rights that only an edit granted: who else holds them is unknown
}

// Holder is one account that holds a right.
type Holder struct {
	Account string      // as written: a name, or a SID without its *
	SID     string      // "" for a name that is not well-known
	At      source.Span // its entry in the list
}

// Name is what a person calls the account: the name of a well-known SID, else the
// account as written.
func (h Holder) Name() string {
	if name := AccountName(h.SID); name != "" {
		return name
	}
	return h.Account
}

// ReadRights reads the [Privilege Rights] of a security policy.
func ReadRights(t *source.Text) (*Rights, []source.Problem) {
	p := problemList{text: t}
	r := &Rights{held: map[string][]Holder{}, places: map[string]source.Span{}, audit: map[string]string{}}
	r.template = strings.HasSuffix(strings.ToLower(t.Name()), "gpttmpl.inf")
	version := false
	for _, s := range iniSections(t, &p, func(name string) bool { return isRights(name) || isAudit(name) }) {
		version = version || strings.EqualFold(s.name, "Version")
		r.template = r.template || templateSections[strings.ToLower(s.name)]
		if isAudit(s.name) {
			for _, v := range s.values(&p, noTail) {
				r.audit[strings.ToLower(v.Name)] = strings.TrimSpace(v.Value)
			}
		}
		if !isRights(s.name) {
			continue
		}
		r.template = r.template || version // an export ends with [Version]
		r.section = s.head
		for _, v := range s.values(&p, noTail) {
			fold := strings.ToLower(v.Name)
			r.places[fold] = v.At
			r.held[fold] = append(r.held[fold], holders(v)...)
		}
	}
	b := t.Bytes()
	noLineEnd := !r.section.IsZero() && !bytes.HasSuffix(b, []byte("\n"))
	if r.cut = !r.template && (!version || noLineEnd); r.cut {
		p.add(len(b), len(b), "an export that looks cut off", "[Version], which secedit writes last, and a line end",
			`Export the policy again: secedit /export /areas USER_RIGHTS /cfg rights.inf`)
	}
	return r, p.all()
}

func isRights(name string) bool { return strings.EqualFold(name, "Privilege Rights") }

func noTail([]byte) int { return -1 }

// templateSections are what only templates hold: an export of the user rights, and
// of all areas that secedit knows by default, has none of them.
var templateSections = map[string]bool{
	"registry keys": true, "file security": true, "service general setting": true, "group membership": true,
}

// holders takes "*S-1-5-19,*S-1-5-20,CONTOSO\web" apart.
func holders(v iniValue) []Holder {
	var out []Holder
	at := v.At.Start
	for _, part := range strings.Split(v.Value, ",") {
		b := v.At.Text.Bytes()
		start, end := trimmed(b, min(at, v.At.End), min(at+len(part), v.At.End))
		at += len(part) + 1
		account := strings.Trim(strings.TrimSpace(part), `"`)
		if account == "" {
			continue
		}
		account = strings.TrimPrefix(account, "*")
		out = append(out, Holder{Account: account, SID: AccountSID(account), At: v.At.Text.Span(start, end)})
	}
	return out
}

// Template reports whether the file is a template, not an export.
func (r *Rights) Template() bool { return r != nil && r.template }

// Holders gives who holds a privilege (SeAssignPrimaryTokenPrivilege). It reports
// false where the file does not say: an export leaves out privileges that nobody
// holds, a template those that it does not define, a cut export any.
func (r *Rights) Holders(privilege string) ([]Holder, bool) {
	if r == nil || r.section.IsZero() {
		return nil, false
	}
	list, ok := r.held[strings.ToLower(privilege)]
	if _, empty := r.places[strings.ToLower(privilege)]; empty {
		ok = true
	}
	return list, ok || !r.template && !r.cut
}

// Holds reports whether one of the accounts holds the privilege: the account
// itself and the groups it is in, each by SID or name. It is Unknown where the
// file does not say, or names a SID that may be one of them.
func (r *Rights) Holds(privilege string, accounts ...string) Known {
	list, ok := r.Holders(privilege)
	if !ok {
		return Unknown
	}
	answer := No
	if r.cut || r.partly[strings.ToLower(privilege)] {
		answer = Unknown
	}
	for _, h := range list {
		for _, a := range accounts {
			switch sameAccount(h.Account, a) {
			case Yes:
				return Yes
			case Unknown:
				answer = Unknown
			}
		}
	}
	return answer
}

// At is where a privilege is granted: its list, the section for one that nobody
// holds, zero for a file without rights.
func (r *Rights) At(privilege string) source.Span {
	if r == nil {
		return source.Span{}
	}
	if at, ok := r.places[strings.ToLower(privilege)]; ok {
		return at
	}
	return r.section
}

// looksLikeRights recognises a security policy by a section that only these have.
// head is text.
func looksLikeRights(head []byte) bool {
	for at := 0; at < len(head); {
		end, next := nextLine(head, at)
		start, stop := trimmed(head, at, end)
		at = next
		switch strings.ToLower(string(head[start:min(stop, start+maxSectionName)])) {
		case "[privilege rights]", "[system access]", "[event audit]", "[registry values]", "[service general setting]", "[group membership]", "[kerberos policy]":
			return true
		case `signature="$chicago$"`:
			// A security template without settings; driver files write $Windows NT$ or
			// have sections of their own above.
			return bytes.Contains(bytes.ToLower(head), []byte("[unicode]"))
		}
	}
	return false
}

const maxSectionName = 64
