package snapshot

import (
	"strings"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/source"
)

// ReadACLs reads what cacls /T or icacls /T printed.
func ReadACLs(t *source.Text) (*ACLs, []source.Problem) {
	l := &ACLs{}
	return l, l.Read(t)
}

// Read reads a further listing into l; a path that it lists replaces the earlier
// list of that path.
func (l *ACLs) Read(t *source.Text) []source.Problem {
	if l.lists == nil {
		l.lists = map[string]*ACL{}
	}
	r := aclReader{ACLs: l, problemList: problemList{text: t}, data: t.Bytes(), accounts: map[string]string{}}
	for at := 0; at < len(r.data); {
		end, next := nextLine(r.data, at)
		r.line(at, end)
		if at = next; l.size > maxACLs {
			r.add(at, at, "more paths and entries than are read", "", "List single folders.")
			break
		}
	}
	r.finish()
	return r.all()
}

// aclReader goes through one listing.
type aclReader struct {
	*ACLs
	problemList
	data     []byte
	block    []aclLine         // of one path: its first line, then the lines below it
	special  bool              // names of single rights may follow
	accounts map[string]string // those seen, so that equal names are held once
}

// aclLine is one entry that may still have a path before its account.
type aclLine struct {
	ace    ACE
	head   source.Span // what stands before the colon: account, or path and account
	indent int         // in letters
}

// line sorts the lines of both programs: a path at the margin, entries below it
// set in, names of single rights below a special entry, a blank line between paths.
func (r *aclReader) line(lineStart, lineEnd int) {
	start, end := trimmed(r.data, lineStart, lineEnd)
	switch {
	case start == end:
		r.special = false
		return
	case end-start > maxLine:
		r.add(start, end, "a line that is too long", "", "")
		return
	}
	text := string(r.data[start:end])
	if right, ok := singleRights[text]; ok && r.special && len(r.block) > 0 {
		r.block[len(r.block)-1].ace.Rights |= right
		return
	}
	margin := start == lineStart
	if margin {
		r.finish()
	}
	m := aceParts(text)
	switch {
	case m != nil:
		r.entry(start, text, m, utf8.RuneCount(r.data[lineStart:start]))
	case margin && isPath(text):
		r.block = []aclLine{{head: r.text.Span(start, end), indent: -1}}
	case isTail(text):
	default:
		r.add(start, end, "a line that is no access control entry", `path account:rights, as cacls and icacls print it`,
			"Save the output of cacls or icacls as it is.")
	}
}

// aceTail is what follows the account: flags and lists in brackets, or the one
// letter of cacls.
var aceTail = source.Lazy(`:\s*((?:\([^()]*\)\s*)*)([NRWCF]?)$`)

// aceParts finds the places of aceTail and of its two groups, nil for a line that
// is no entry.
func aceParts(text string) []int {
	if text == "" || !strings.HasSuffix(text, ")") && !strings.ContainsAny(text[len(text)-1:], "NRWCF") || !strings.Contains(text, ":") {
		return nil
	}
	if m := aceTail().FindStringSubmatchIndex(text); m != nil && (m[3] > m[2] || m[5] > m[4]) {
		return m
	}
	return nil
}

func (r *aclReader) entry(start int, text string, m []int, indent int) {
	groups, letter := text[m[2]:m[3]], text[m[4]:m[5]]
	ace := ACE{At: r.text.Span(start, start+len(text))}
	r.special = ace.read(groups, letter)
	if ace.unclear {
		r.add(start+m[2], start+m[3], "rights that are not known: "+printable(groups), "the abbreviations of cacls or icacls in English", "")
	}
	r.block = append(r.block, aclLine{ace: ace, head: r.text.Span(start, start+m[0]), indent: indent})
}

// read takes "(OI)(CI)(IO)(RX)" or "(OI)F" apart. It reports whether names of
// single rights follow: "(special access:)", a text that is localised.
func (e *ACE) read(groups, letter string) (special bool) {
	if letter != "" {
		e.letters(letter, caclsRights)
	}
	known := letter != ""
	for _, g := range strings.FieldsFunc(groups, func(c rune) bool { return c == '(' || c == ')' }) {
		g = strings.TrimSpace(g)
		flag, isFlag := aclFlags[g]
		switch {
		case g == "":
		case isFlag:
			e.Flags |= flag
		case denyWords[strings.ToUpper(g)]:
			e.Deny = true
		case strings.HasSuffix(g, ":"):
			special, known = true, true
		case e.letters(g, icaclsRights):
			known = true
		default:
			e.unclear = true
		}
	}
	e.unclear = e.unclear || !known
	return special
}

// letters adds a list of rights such as "R,W"; N stands for no access: the denial
// of everything.
func (e *ACE) letters(list string, rights map[string]Access) bool {
	var sum Access
	for _, word := range strings.Split(list, ",") {
		right, ok := rights[strings.ToUpper(strings.TrimSpace(word))]
		if !ok {
			return false
		}
		sum |= right
	}
	if list == "N" {
		e.Deny = true
	}
	e.Rights |= sum
	return true
}

var aclFlags = map[string]Inheritance{
	"OI": ObjectInherit, "CI": ContainerInherit, "IO": InheritOnly, "NP": NoPropagate, "I": Inherited, "ID": Inherited,
}

// denyWords mark a denial; cacls translates the word.
var denyWords = map[string]bool{"DENY": true, "VERWEIGERN": true, "REFUSER": true, "DENEGAR": true, "NEGA": true, "NEGAR": true}

// caclsRights are the letters of cacls (its own help); its R includes execution.
var caclsRights = map[string]Access{
	"N": fullControl, "R": genericRead | genericExecute, "W": genericWrite, "C": modify, "F": fullControl,
}

// icaclsRights are the abbreviations of icacls (cc753525).
var icaclsRights = map[string]Access{
	"N": fullControl, "F": fullControl, "M": modify, "RX": genericRead | genericExecute, "R": genericRead, "W": genericWrite,
	"D": AccessDelete, "DE": AccessDelete, "RC": 0x20000, "WDAC": 0x40000, "WO": 0x80000, "S": 0x100000, "AS": 0x1000000, "MA": fullControl,
	"GR": genericRead, "GW": genericWrite, "GE": genericExecute, "GA": fullControl,
	"RD": AccessRead, "WD": AccessWrite, "AD": AccessAppend, "REA": 0x8, "WEA": 0x10, "X": AccessExecute, "DC": 0x40, "RA": 0x80, "WA": 0x100,
}

// singleRights are the names that cacls lists below a special entry.
var singleRights = map[string]Access{
	"FILE_READ_DATA": AccessRead, "FILE_WRITE_DATA": AccessWrite, "FILE_APPEND_DATA": AccessAppend, "FILE_READ_EA": 0x8, "FILE_WRITE_EA": 0x10,
	"FILE_EXECUTE": AccessExecute, "FILE_DELETE_CHILD": 0x40, "FILE_READ_ATTRIBUTES": 0x80, "FILE_WRITE_ATTRIBUTES": 0x100,
	"FILE_GENERIC_READ": genericRead, "FILE_GENERIC_WRITE": genericWrite, "FILE_GENERIC_EXECUTE": genericExecute,
	"GENERIC_READ": genericRead, "GENERIC_WRITE": genericWrite, "GENERIC_EXECUTE": genericExecute, "GENERIC_ALL": fullControl,
	"DELETE": AccessDelete, "READ_CONTROL": 0x20000, "WRITE_DAC": 0x40000, "WRITE_OWNER": 0x80000, "SYNCHRONIZE": 0x100000,
	"STANDARD_RIGHTS_ALL": 0x1F0000, "STANDARD_RIGHTS_REQUIRED": 0xF0000, "ACCESS_SYSTEM_SECURITY": 0x1000000, "MAXIMUM_ALLOWED": fullControl,
}

// isPath reports whether a line without an entry is the path of those below it.
func isPath(text string) bool {
	return source.WinPath(text).IsAbs() && !strings.ContainsAny(text[min(2, len(text)):], `:*?"<>|`)
}

// isTail knows the lines that belong to a listing and name no entry: the last line
// of icacls with its two counts, and files that could not be opened, whose lists
// stay unknown.
func isTail(text string) bool {
	lower := strings.ToLower(strings.TrimSuffix(text, "."))
	return strings.HasSuffix(lower, "access is denied") || strings.HasPrefix(lower, "access denied") ||
		strings.HasPrefix(lower, "processed file: ") || !strings.Contains(text, `\`) && tailCounts().MatchString(text)
}

var tailCounts = source.Lazy(`\d[^:\d]*\s\d`)
