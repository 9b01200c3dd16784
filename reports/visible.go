package reports

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/iisdoctor/iisdoctor/source"
)

// Visible makes a text from a snapshot safe and honest on a terminal: control
// characters become their pictures (ESC is ␛, a line end is ␊), characters that
// reorder or hide text are spelled (\u{202e}), bytes that are no UTF-8 too (\xff).
func Visible(s string) string {
	if printable(s) || !strings.ContainsFunc(s, unseen) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < ' ':
			b.WriteRune('\u2400' + r)
		case r == 0x7f:
			b.WriteRune('\u2421')
		case inert(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// printable spares most texts a closer look.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func unseen(r rune) bool { return r < ' ' || r == utf8.RuneError || inert(r) }

// inert reports a character above the space that a terminal or a reader would
// obey instead of showing it: C1 controls, format characters (bidi controls, zero
// width, tags), the Unicode line separators, and letters that look like nothing.
func inert(r rune) bool {
	return r >= 0x7f && r <= 0x9f || r > 0x9f && (unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || source.LooksBlank(r))
}

// What programs that run a build take for a command to them: GitHub Actions a line that
// begins with :: (blanks before it do not count; "Workflow commands for GitHub Actions")
// and, as Azure Pipelines does, ##[ and ##vso[ wherever it stands.
var uncommand = strings.NewReplacer("##[", `#\u{23}[`, "##vso[", `#\u{23}vso[`)

func commanding(s string) bool {
	return strings.Contains(s, "::") || strings.Contains(s, "##[") || strings.Contains(s, "##vso[")
}

// Uncommanded spells in finished lines what a build would obey instead of showing it: a
// value from a snapshot may have been brought to the start of a line by wrapping.
func Uncommanded(lines string) string {
	all := strings.Split(lines, "\n")
	for i, l := range all {
		if rest := strings.TrimLeftFunc(l, unicode.IsSpace); strings.HasPrefix(rest, "::") {
			all[i] = l[:len(l)-len(rest)] + `\u{3a}` + rest[1:]
		}
	}
	return uncommand.Replace(strings.Join(all, "\n"))
}
