package source

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// foreign finds passwords of other programs in a line that is shown: connection
// strings, registry neighbours, comments, pages' code, and attributes that were never
// read because the file is broken before them. What XML writes as an entity counts as
// the character that it means. What begins with one of the texts of own is no secret.
func foreign(line []byte, own ...string) []hiddenRange {
	p := decodeEntities(line)
	var found []hiddenRange
	named := maySpeakOf(p.data, secretStems[:])
	for _, begins := range secretBegins {
		if !begins.may(p.data, named) {
			continue
		}
		for _, m := range begins.pattern().FindAllSubmatchIndex(p.data, -1) {
			if !beginsWithAny(p.data[m[2]:], own) {
				found = p.hide(found, m[2])
			}
		}
	}
	if bytes.IndexByte(p.data, '@') >= 0 {
		for _, m := range inAddress().FindAllSubmatchIndex(p.data, -1) {
			found = append(found, hiddenRange{start: p.at(m[2]), end: p.at(m[3])})
		}
	}
	if !named || bytes.IndexByte(p.data, '<') < 0 {
		return inOrder(found)
	}
	for _, m := range inTag().FindAllIndex(p.data, -1) {
		if tag := p.data[m[0]:m[1]]; secretWord().Match(tag) {
			for _, v := range tagValue().FindAllIndex(tag, -1) {
				found = p.hide(found, m[0]+v[1])
			}
		}
	}
	return inOrder(found)
}

func inOrder(found []hiddenRange) []hiddenRange {
	slices.SortStableFunc(found, func(a, b hiddenRange) int { return a.start - b.start })
	return joined(found)
}

// secretStems are what every secretName, pin and token holds.
var secretStems = [...]string{"pas", "pw", "pin", "adminacl", "secret", "credential", "key", "token"}

// openStem is of the expression that looks for no name.
var openStem = [...]string{".open"}

// maySpeakOf reports whether a line holds one of the stems. Most lines do not, and the
// expressions cost a hundred times as much. They take other letters than ASCII for k and
// s too, so a line with any such letter may.
func maySpeakOf(line []byte, stems []string) bool {
	first := uint32(0) // a bit for each letter that a stem begins with, in either case
	for _, stem := range stems {
		first |= 1 << (stem[0] & 31)
	}
	for i, c := range line {
		if c >= utf8.RuneSelf {
			return true
		}
		if first>>(c&31)&1 == 0 {
			continue
		}
		for _, stem := range stems {
			if c|0x20 == stem[0] && beginsFold(line[i:], stem) {
				return true
			}
		}
	}
	return false
}

func beginsFold(b []byte, word string) bool {
	return len(b) >= len(word) && strings.EqualFold(string(b[:len(word)]), word)
}

func beginsWithAny(b []byte, texts []string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return bytes.HasPrefix(b, []byte(t)) })
}

// MaskPasswords replaces what follows "password=", "pwd=" and the like.
func MaskPasswords(line string) string { return MaskSentence(line) }

// MaskSentence is MaskPasswords for a sentence that quotes a snapshot: what begins with
// one of the sentence's own texts stays. "No type for .pwd: IIS serves" names no password.
func MaskSentence(line string, own ...string) string {
	data := []byte(line)
	found := foreign(data, own...)
	if len(found) == 0 {
		return line
	}
	var b strings.Builder
	at := 0
	for _, r := range found {
		b.Write(data[at:r.start])
		b.WriteString(Withheld)
		at = r.end
	}
	b.Write(data[at:])
	return b.String()
}

// Secrets are the texts that MaskPasswords replaces, without their quotes.
func Secrets(line string) (all []string) {
	for _, r := range foreign([]byte(line)) {
		if s := strings.Trim(line[r.start:r.end], `"'\{}`); s != "" && s != Withheld {
			all = append(all, s)
		}
	}
	return all
}

// secretName is how programs call what is secret. Names may be misspelt and numbered;
// PasswordSync and the like, which are no secrets, go on too long.
const secretName = `(?:pas+w[a-z]{0,4}|pas+|passphrase|passcode|pwd|pw|api[_-]?key|adminacl[a-z]{0,4}|ses+ion_?key|secret[a-z]{0,4}|credentials?)`

// secretBegin is one way in which a secret is announced.
type secretBegin struct {
	signs   string // a line without any of them has none
	named   bool   // by a secretName, pin or token
	pattern func() *regexp.Regexp
}

// may reports whether the expression may find something in a line; named says whether
// the line may hold a name.
func (b *secretBegin) may(line []byte, named bool) bool {
	if !bytes.ContainsAny(line, b.signs) {
		return false
	}
	return b.named && named || !b.named && maySpeakOf(line, openStem[:])
}

// secretBegins are the words right before a secret: a name and its sign, an option of
// a command, a call, the two arguments of ADO's Open before the password. The empty group is
// where the secret begins.
var secretBegins = [...]secretBegin{
	{"=:%", true, Lazy(`(?i)(?:` + secretName + `[\d_]*(?:\\?["')\]])*\s*(?:[=:]|%3d)|(?:pin|token)\d*(?:\\?["')\]])*\s*(?:=|%3d))\s*()`)},
	{"(", true, Lazy(`(?i)` + secretName + `\d*\s*\(\s*()["']`)},
	{"-", true, Lazy(`(?i)(?:^|[\s"',])--?(?:` + secretName + `|pin|token)\s+()`)},
	{`"`, false, Lazy(`(?i)\.open\s*\(?\s*(?:"[^"]*"|[\w.()]+)\s*,\s*(?:"[^"]*"|[\w.()]+)\s*,\s*()"`)},
}

var (
	inAddress  = Lazy(`://[^/\s:@"'<>]*:([^/\s"'<>]+)@`)
	inTag      = Lazy(`(?i)<(?:param|input|add)\s[^<>]*`)
	secretWord = Lazy(`(?i)(?:` + secretName + `|token)\d*(?:["'\s]|$)`)
	tagValue   = Lazy(`(?i)\svalue\s*=\s*`)
)

// plainLine is a line whose entities are replaced.
type plainLine struct {
	data  []byte
	whole []byte // the line
	from  []int  // where each byte of data stands in whole; nil where both are the same
}

func decodeEntities(line []byte) plainLine {
	p := plainLine{data: line, whole: line}
	if bytes.IndexByte(line, '&') < 0 || bytes.IndexByte(line, ';') < 0 {
		return p
	}
	p.data, p.from = make([]byte, 0, len(line)), make([]int, 0, len(line))
	for i := 0; i < len(line); {
		n, text := 1, line[i:i+1]
		if end := bytes.IndexByte(line[i:min(len(line), i+maxEntity)], ';'); line[i] == '&' && end > 0 {
			if decoded := html.UnescapeString(string(line[i : i+end+1])); decoded[0] != '&' || end == len("&amp") {
				n, text = end+1, []byte(decoded)
			}
		}
		for range text {
			p.from = append(p.from, i)
		}
		p.data = append(p.data, text...)
		i += n
	}
	return p
}

// maxEntity is as long as a character's number is written with zeros before it.
const maxEntity = 16

// at is where the byte i of the data stands in the line.
func (p plainLine) at(i int) int {
	switch {
	case p.from == nil:
		return i
	case i >= len(p.from):
		return len(p.whole)
	}
	return p.from[i]
}

// isEntity reports whether the byte i of the data was written as an entity.
func (p plainLine) isEntity(i int) bool {
	return p.from != nil && p.whole[p.from[i]] == '&' && p.at(i+1)-p.from[i] != 1
}

// hide adds the secret that begins at start.
func (p plainLine) hide(found []hiddenRange, start int) []hiddenRange {
	if end := p.secretEnd(start); end > start {
		found = append(found, hiddenRange{start: p.at(start), end: p.at(end)})
	}
	return found
}

// secretEnd is the end of the secret that begins at start: rather too late than too
// early.
func (p plainLine) secretEnd(start int) int {
	rest := p.data[start:]
	for _, opening := range [...]string{`\"`, `""`, `"`, `'`, `{`} {
		if !bytes.HasPrefix(rest, []byte(opening)) || opening == `""` && (len(rest) == 2 || bytes.IndexByte([]byte(" \t\r,;)>/&:"), rest[2]) >= 0) {
			continue
		}
		closing := opening
		if opening == "{" {
			closing = "}"
		}
		return start + len(opening) + closed(rest[len(opening):], closing)
	}
	return p.bareEnd(start)
}

// closed is the end of a quoted text behind its closing quote: one that is doubled or
// stands behind a backslash belongs to the text.
func closed(s []byte, closing string) int {
	for at := 0; ; {
		i := bytes.Index(s[at:], []byte(closing))
		if i < 0 {
			return len(s)
		}
		end := at + i + len(closing)
		single := len(closing) == 1
		switch {
		case single && end < len(s) && s[end] == closing[0]:
			at = end + 1
		case single && at+i > 0 && s[at+i-1] == '\\' && bytes.Contains(s[end:], []byte(closing)):
			at = end
		default:
			return end
		}
	}
}

// bareEnd is the end of a text without quotes. An ampersand ends it before the next
// name of a query; a call of a function takes the rest of the statement with it.
func (p plainLine) bareEnd(start int) int {
	rest := p.data[start:]
	for i, c := range rest {
		switch {
		case p.isEntity(start+i) && c != '&':
		case c == '&' && nextName().Match(rest[i:]), c == ' ', c == '\t', c == '\r', c == '\n', c == ';', c == ',', c == '<', c == '>':
			return start + i
		case c == '"' && bytes.IndexByte(rest[:i], '(') >= 0:
			if end := bytes.Index(rest, []byte("%>")); end > 0 {
				return start + end
			}
			return len(p.data)
		case c == '"':
			return start + i
		}
	}
	return len(p.data)
}

var nextName = Lazy(`^&[\w.-]+=`)
