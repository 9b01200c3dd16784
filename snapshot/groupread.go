package snapshot

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

const (
	maxMembers = 10_000
	maxMember  = 512 // bytes of a member's line; a domain and an account have 15 and 20 letters, a SID fewer than 200
)

// ReadWorkerGroup reads what net localgroup IIS_WPG printed. In every language of
// Windows that is a line that ends in the group's name, a line of dashes, the members
// one a line, and a sentence with an empty line behind it.
func ReadWorkerGroup(t *source.Text) (*WorkerGroup, []source.Problem) {
	p := problemList{text: t}
	g := &WorkerGroup{byName: map[string][]Holder{}, unsure: map[string]bool{}}
	start, end, from, ok := groupList(t.Bytes())
	if !ok {
		g.cut = true
		p.add(0, 0, "no list of the group "+WorkerGroupName, "the output of net localgroup "+WorkerGroupName, "")
		return g, p.all()
	}
	g.at = t.Span(start, end)
	lines, closed := memberLines(t, from)
	switch n := len(lines); {
	case n > maxMembers+1: // members says so
	case n > 0 && isSentence(string(lines[n-1].Bytes()), closed):
		lines = lines[:n-1]
	default:
		g.cut = true
		p.add(from, from, "a list of members that looks cut off", "the sentence that net writes last", "List the group again: net localgroup "+WorkerGroupName+" > iis_wpg.txt")
	}
	g.members(lines, &p)
	return g, p.all()
}

func (g *WorkerGroup) members(lines []source.Span, p *problemList) {
	for i, at := range lines {
		switch account := string(at.Bytes()); {
		case i == maxMembers:
			g.cut = true
			p.add(at.Start, at.End, "more members than are read", "", "")
			return
		case len(account) > maxMember:
			g.cut = true
			p.add(at.Start, at.End, "a line that is too long for an account", "", "")
		default:
			g.add(Holder{Account: account, SID: AccountSID(account), At: at})
		}
	}
}

// memberLines are the lines below the dashes; closed reports that an empty one ends
// them, not the end of the file.
func memberLines(t *source.Text, at int) (lines []source.Span, closed bool) {
	b := t.Bytes()
	for at < len(b) && len(lines) <= maxMembers+1 {
		lineEnd, next := nextLine(b, at)
		start, end := trimmed(b, at, lineEnd)
		if start == end {
			return lines, true
		}
		lines = append(lines, t.Span(start, end))
		at = next
	}
	return lines, false
}

// isSentence reports whether a line is the sentence that net ends with: no account's
// name ends in a full stop. Chinese and Japanese have one that the code page of a
// console writes as other letters, so beyond ASCII the empty line behind it tells.
func isSentence(line string, closed bool) bool {
	return strings.HasSuffix(line, ".") || strings.HasSuffix(line, "\u3002") ||
		closed && strings.ContainsFunc(line, func(r rune) bool { return r >= 0x80 })
}

// maxHeader is how many lines may stand between the group's name and the dashes: its
// comment, and the heading of the members.
const maxHeader = 8

// groupList finds the list: the line that names the group, and where its members begin.
func groupList(b []byte) (start, end, from int, ok bool) {
	left := 0
	for at := 0; at < len(b); left-- {
		lineEnd, next := nextLine(b, at)
		s, e := trimmed(b, at, lineEnd)
		at = next
		switch line := b[s:min(e, s+maxMember)]; {
		case namesGroup(line):
			start, end, left = s, e, maxHeader
		case left > 0 && len(line) >= 20 && len(bytes.Trim(line, "-")) == 0:
			return start, end, next, true
		}
	}
	return 0, 0, 0, false
}

// namesGroup recognises "Alias name     IIS_WPG", but no prompt with a command.
func namesGroup(line []byte) bool {
	head := len(line) - len(WorkerGroupName)
	return head > 1 && isBlank(line[head-1]) && strings.EqualFold(string(line[head:]), WorkerGroupName) && !bytes.ContainsAny(line[:head], ">:;=\"'")
}

// looksLikeWorkerGroup recognises the output of net localgroup IIS_WPG. head is text.
func looksLikeWorkerGroup(head []byte) bool {
	_, _, _, ok := groupList(head)
	return ok
}
