package eventlog

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// A row of a log that Event Viewer of Windows Server 2003 saved: date, time,
// source, type, category, event, user, computer, description (cc780824). There is
// no header and nothing is quoted with certainty: a description that spans lines
// goes on until the next row.
const (
	plainDate = iota
	plainTime
	plainSource
	plainLevel
	_
	plainID
	plainColumns = 8 // before the description
)

var clock = source.Lazy(`^\d{1,2}[:.]\d\d`)

// plainRow reports whether a line begins a row, with the given separator or, where
// that is 0, with any.
func plainRow(line string, separator byte) (byte, bool) {
	for _, sep := range separators {
		if separator != 0 && sep != separator {
			continue
		}
		f := strings.SplitN(line, string(rune(sep)), plainColumns+1)
		if len(f) >= plainColumns && clock().MatchString(f[plainTime]) && isNumber(f[plainID]) && isDate(f[plainDate]) {
			return sep, true
		}
	}
	return 0, false
}

func (rd *reader) readPlain(separator byte) {
	var r *record
	var message strings.Builder
	flush := func() {
		if r != nil {
			r.message = unquote(message.String())
			rd.add(r)
		}
		message.Reset()
	}
	var line []byte
	for {
		at := rd.in.line
		var ok bool
		if line, ok = rd.in.readLine(line[:0], maxField); !ok {
			break
		}
		text := string(line)
		if _, ok := plainRow(text, separator); !ok {
			switch {
			case r == nil && strings.TrimSpace(text) != "":
				rd.problem(rd.in.pos(at, 1, runes(text)), "a line that is no event", "date, time, source, type, category and event", hintAgain)
			case message.Len()+len(text) < maxField:
				message.WriteString("\n" + text)
			}
			continue
		}
		flush()
		f := strings.SplitN(text, string(rune(separator)), plainColumns+1)
		r = &record{pos: rd.in.pos(at, 1, runes(text)), date: f[plainDate], time: f[plainTime], source: f[plainSource], level: f[plainLevel], id: f[plainID]}
		if len(f) > plainColumns {
			message.WriteString(f[plainColumns])
		}
	}
	flush()
	if r != nil && openQuote(r.message) {
		rd.problem(r.pos, cutQuote, "the closing quote", hintAgain)
	}
}

// openQuote reports whether a description begins with a quote that it does not close.
func openQuote(message string) bool {
	return strings.HasPrefix(message, `"`) && strings.Count(message, `"`)%2 == 1
}

// unquote takes the quotes from a description that was quoted.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return s
}
