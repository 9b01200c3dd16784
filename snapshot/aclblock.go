package snapshot

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// finish turns the lines of one path into its list.
func (r *aclReader) finish() {
	block := r.block
	r.block, r.special = nil, false
	if len(block) == 0 {
		return
	}
	first := block[0].head
	cut := r.pathEnd(block)
	path := string(bytes.TrimSpace(first.Bytes()[:cut]))
	at := r.text.Span(first.Start, first.Start+len(path))
	if !source.WinPath(path).IsAbs() {
		r.add(at.Start, at.End, "a listing of a path that does not begin at a drive or a share", `C:\inetpub\wwwroot`,
			`Name the folder in full: cacls C:\inetpub\wwwroot /T`)
		return
	}
	list := &ACL{Path: source.WinPath(path), At: at}
	for i, line := range block {
		if i == 0 {
			line.head = r.text.Span(first.Start+cut, first.End)
		}
		if line.indent < 0 {
			continue // the path stood alone on its line
		}
		line.ace.Account = r.account(line.head)
		list.ACEs = append(list.ACEs, line.ace)
	}
	r.size += 1 + len(list.ACEs)
	r.lists[key(list.Path)] = list
}

// account holds each name once.
func (r *aclReader) account(head source.Span) string {
	name := strings.TrimSpace(string(head.Bytes()))
	if held, ok := r.accounts[name]; ok {
		return held
	}
	r.accounts[name] = name
	return name
}

// pathEnd parts the first line's path from its account, both of which may hold
// blanks: where the entries below are set in, that is how long the path is.
func (r *aclReader) pathEnd(block []aclLine) int {
	head := block[0].head.Bytes()
	if block[0].indent < 0 {
		return len(head)
	}
	for _, line := range block[1:] {
		if at := runeOffset(head, line.indent); at > 0 && at < len(head) && head[at-1] == ' ' {
			return at
		}
	}
	return r.guessedEnd(head)
}

// runeOffset is where the letter with that number begins, -1 beyond the end.
func runeOffset(b []byte, n int) int {
	for i := range string(b) {
		if n == 0 {
			return i
		}
		n--
	}
	return -1
}

// guessedEnd parts a path with a single entry: before an account that the listing
// names elsewhere or that is well-known, else before DOMAIN\name, whose first part
// is a computer's or domain's name in capitals, else before the last word.
func (r *aclReader) guessedEnd(head []byte) int {
	text := string(head)
	for i := max(0, len(text)-maxAccount); i < len(text); i++ { // the longest account first
		if text[i] != ' ' {
			continue
		}
		account := strings.TrimSpace(text[i+1:])
		if _, seen := r.accounts[account]; seen || AccountSID(account) != "" {
			return i + 1
		}
	}
	if m := domainAccount().FindStringIndex(text); m != nil {
		return m[0] + 1
	}
	return strings.LastIndexByte(text, ' ') + 1
}

// maxAccount bounds an account's name in a listing, in bytes: Windows allows 64
// letters, and 15 for a domain.
const maxAccount = 128

var domainAccount = source.Lazy(` (?:IIS APPPOOL|NT SERVICE|NT AUTHORITY|[A-Z0-9_-]{1,15})\\[^\\]*$`)

// looksLikeACLs recognises a listing of cacls or icacls by its first entry: a path
// and an account with its rights. head is text.
func looksLikeACLs(head []byte) bool {
	at, lines := 0, 0
	for at < len(head) && lines < 5 {
		end, next := nextLine(head, at)
		start, stop := trimmed(head, at, end)
		text := string(head[start:min(stop, start+maxLine)])
		if m := aceParts(text); m != nil && start == at && source.WinPath(text).IsAbs() {
			var e ACE
			e.read(text[m[2]:m[3]], text[m[4]:m[5]])
			return !e.unclear || strings.Contains(text, "(OI)") || strings.Contains(text, "(CI)")
		}
		if at = next; start < stop {
			lines++
		}
	}
	return false
}
