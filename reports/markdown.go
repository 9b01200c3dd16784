package reports

import (
	"regexp"
	"strings"
	"sync"
)

// markdown writes the little Markdown of the checks' words for a terminal:
// paragraphs and list entries wrapped, code lines as they are.
func (p *printer) markdown(text string) {
	m := &block{printer: p}
	for _, l := range strings.Split(strings.Trim(text, "\n"), "\n") {
		m.take(strings.TrimRight(l, " \r"))
	}
	m.end()
}

// block collects the lines of one paragraph or list entry.
type block struct {
	*printer
	marker string // of a list entry, with its blanks
	words  []string
	fenced bool
}

func (m *block) take(l string) {
	trimmed := strings.TrimSpace(l)
	switch {
	case strings.HasPrefix(trimmed, "```"):
		m.end()
		m.fenced = !m.fenced
	case m.fenced:
		m.line("    ", m.code(visibleCode(l)))
	case trimmed == "":
		m.end()
		m.line()
	case len(m.words) == 0 && (strings.HasPrefix(l, "    ") || strings.HasPrefix(l, "\t")):
		m.line("    ", m.code(visibleCode(strings.TrimPrefix(strings.TrimPrefix(l, "\t"), "    "))))
	case strings.HasPrefix(l, "|"): // a table: its layout is its own
		m.end()
		m.line("  ", Visible(l))
	case strings.HasPrefix(l, "#"):
		m.end()
		m.para("  ", plainText(strings.TrimLeft(l, "# ")), m.bold)
	default:
		if mark := patterns().item.FindString(l); mark != "" {
			m.end()
			m.marker, l = mark, l[len(mark):]
		}
		m.words = append(m.words, strings.TrimSpace(l))
	}
}

// end writes what was collected.
func (m *block) end() {
	if len(m.words) > 0 {
		m.para("  "+strings.TrimLeft(m.marker, " "), plainText(strings.Join(m.words, " ")), asIs)
	}
	m.marker, m.words = "", nil
}

// visibleCode keeps tabs as blanks: code is there to be copied.
func visibleCode(l string) string { return Visible(strings.ReplaceAll(l, "\t", "    ")) }

// patterns are the marks of Markdown; they are compiled when explain needs them,
// because every start of the program would pay for it.
var patterns = sync.OnceValue(func() (m struct{ item, link, autoLink, strong, starred, scored *regexp.Regexp }) {
	m.item = regexp.MustCompile(`^ {0,3}([-*+]|[0-9]{1,3}[.)]) +`)
	m.link = regexp.MustCompile(`\[([^\[\]]*)\]\(([^()\s]*)\)`)
	m.autoLink = regexp.MustCompile(`<(https?://[^<>\s]*)>`)
	m.strong = regexp.MustCompile(`\*\*(\S(?:[^*]*\S)?)\*\*`)
	m.starred = regexp.MustCompile(`\*([^\s*](?:[^*]*[^\s*])?)\*`)
	m.scored = regexp.MustCompile(`(^|[^\pL\pN_])_([^\s_](?:[^_]*[^\s_])?)_([^\pL\pN_]|$)`)
	return m
})

// plainText takes the marks of Markdown out of a paragraph; what stands between
// backticks stays as it is.
func plainText(s string) string {
	var b strings.Builder
	var codes []string
	for {
		from, to, run := codeSpan(s)
		if from < 0 {
			break
		}
		b.WriteString(s[:from] + "\x00")
		codes = append(codes, strings.TrimSpace(s[from+run:to-run]))
		s = s[to:]
	}
	b.WriteString(s)
	is := patterns()
	text := is.link.ReplaceAllStringFunc(b.String(), func(l string) string {
		m := is.link.FindStringSubmatch(l)
		if m[1] == "" || m[1] == m[2] {
			return m[2]
		}
		return m[1] + " (" + m[2] + ")"
	})
	text = is.autoLink.ReplaceAllString(text, "$1")
	text = is.strong.ReplaceAllString(text, "$1")
	text = is.starred.ReplaceAllString(text, "$1")
	text = is.scored.ReplaceAllString(text, "$1$2$3")
	for _, c := range codes {
		text = strings.Replace(text, "\x00", c, 1)
	}
	return text
}

// codeSpan finds the first stretch between two equal runs of backticks; from is
// -1 where there is none.
func codeSpan(s string) (from, to, run int) {
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '`')
		if i < 0 {
			return -1, 0, 0
		}
		from = at + i
		run = len(s[from:]) - len(strings.TrimLeft(s[from:], "`"))
		fence := s[from : from+run]
		for next := from + run; ; {
			j := strings.Index(s[next:], fence)
			if j < 0 {
				break
			}
			next += j
			length := len(s[next:]) - len(strings.TrimLeft(s[next:], "`"))
			if length == run {
				return from, next + run, run
			}
			next += length
		}
		at = from + run
	}
}
