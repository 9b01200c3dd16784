package iis

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// refused tells why HTTP.sys does not accept a URL: the status, the reason in its
// error log (KB820729), what a person should know, and the limit that decided, if any.
type refused struct {
	status Status
	reason string
	detail string
	limit  *Limit
}

// ok reports that nothing is refused.
func (r refused) ok() bool { return r.reason == "" }

func badURL(detail string) refused { return refused{status: "400", reason: "URL", detail: detail} }

// canonical decodes the path with the limits that hold where nothing sets them.
func canonical(path string) (decoded, reason string) {
	l := Limits{
		URLSegmentMaxLength: Limit{Value: 260}, URLSegmentMaxCount: Limit{Value: 255},
		PercentUAllowed: Limit{Value: 1}, EnableNonUTF8: Limit{Value: 1}, FavorUTF8: Limit{Value: 1},
	}
	decoded, r := l.canonical(path)
	return decoded, r.reason
}

// canonical decodes the path as HTTP.sys does before it routes: percent escapes,
// backslashes, empty segments, dots (KB820129). That a path above the root is what
// KB820729 calls a forbidden element is inferred.
func (l *Limits) canonical(path string) (decoded string, r refused) {
	if !strings.HasPrefix(path, "/") {
		return "", badURL("the URL does not begin with a slash")
	}
	text, r := l.decode(path)
	if !r.ok() {
		return "", r
	}
	var out []string
	for name := range strings.SplitSeq(strings.ReplaceAll(text, `\`, "/"), "/") {
		switch {
		case l.URLSegmentMaxLength.Value != 0 && len(name) > l.URLSegmentMaxLength.Value && l.URLSegmentMaxLength.Exceeded(characters(name)):
			return "", l.over(&l.URLSegmentMaxLength, "a part of the path has more than %d characters")
		case name == "" || name == ".":
		case name == ".." && len(out) == 0:
			return "", refused{status: "403", reason: "Forbidden", detail: "the path leads above the root"}
		case name == "..":
			out = out[:len(out)-1]
		default:
			out = append(out, name)
		}
	}
	if l.URLSegmentMaxCount.Exceeded(len(out)) {
		return "", l.over(&l.URLSegmentMaxCount, "the path has more than %d parts")
	}
	decoded = "/" + strings.Join(out, "/")
	if strings.HasSuffix(text, "/") && len(out) > 0 {
		decoded += "/"
	}
	return decoded, refused{}
}

func (l *Limits) over(limit *Limit, format string) refused {
	r := badURL(fmt.Sprintf(format, limit.Value) + ": " + limit.Name)
	r.limit = limit
	return r
}

// characters counts as Windows does, in units of UTF-16.
func characters(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// decode gives the path's characters, and refuses those that AllowRestrictedChars
// is about.
func (l *Limits) decode(path string) (text string, r refused) {
	if plain(path) {
		return path, refused{}
	}
	raw, r := l.unescape(path)
	if !r.ok() {
		return "", r
	}
	text = string(raw)
	switch valid := utf8.ValidString(text); {
	case !valid && !l.EnableNonUTF8.On():
		return "", refused{status: "400", reason: "URL", detail: "the URL is not UTF-8: EnableNonUTF8", limit: &l.EnableNonUTF8}
	case !valid || !l.FavorUTF8.On() && l.EnableNonUTF8.On():
		text = ansi(text)
	}
	if l.AllowRestrictedChars.On() {
		return text, refused{}
	}
	for _, c := range text {
		if c < 0x20 || c >= 0x7f && c <= 0x9f {
			r := badURL("the URL holds an escaped control character: AllowRestrictedChars")
			r.limit = &l.AllowRestrictedChars
			return "", r
		}
	}
	return text, refused{}
}

// plain reports that there is nothing to decode.
func plain(path string) bool {
	for i := range len(path) {
		if c := path[i]; c == '%' || c < 0x20 || c >= 0x7f {
			return false
		}
	}
	return true
}

// unescape resolves %hh and, where PercentUAllowed is not 0, %uHHHH.
func (l *Limits) unescape(path string) ([]byte, refused) {
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); {
		c := path[i]
		switch {
		case c < 0x20 || c == 0x7f:
			return nil, badURL("the URL holds a control character")
		case c != '%':
			b = append(b, c)
			i++
		case i+1 < len(path) && (path[i+1] == 'u' || path[i+1] == 'U'):
			if !l.PercentUAllowed.On() {
				r := badURL("the URL holds %u: PercentUAllowed")
				r.limit = &l.PercentUAllowed
				return nil, r
			}
			char, n := percentU(path[i:])
			if n == 0 {
				return nil, badURL("the URL holds a %u that is no character")
			}
			b = utf8.AppendRune(b, char)
			i += n
		default:
			n, ok := hex(path, i+1, 2)
			if !ok {
				return nil, badURL("the URL holds a % that is no escape")
			}
			b = append(b, byte(n))
			i += 3
		}
	}
	return b, refused{}
}

// percentU reads %uHHHH, or two of them for a character beyond U+FFFF. n is how
// much of s it took, 0 where it is no character.
func percentU(s string) (char rune, n int) {
	first, ok := hex(s, 2, 4)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(rune(first)) {
		return rune(first), 6
	}
	if len(s) < 12 || s[6] != '%' || s[7]|0x20 != 'u' {
		return 0, 0
	}
	second, ok := hex(s, 8, 4)
	char = utf16.DecodeRune(rune(first), rune(second))
	if !ok || char == utf8.RuneError {
		return 0, 0
	}
	return char, 12
}

// hex reads n hexadecimal digits at an offset.
func hex(s string, at, n int) (uint64, bool) {
	if at+n > len(s) || s[at] == '+' || s[at] == '-' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[at:at+n], 16, 32)
	return v, err == nil
}

// ansi takes bytes as Windows-1252, the code page of Western servers; a server's
// own is not in a snapshot.
func ansi(s string) string {
	runes := make([]rune, 0, len(s))
	for i := range len(s) {
		c := rune(s[i])
		if c >= 0x80 && c <= 0x9f {
			c = western[c-0x80]
		}
		runes = append(runes, c)
	}
	return string(runes)
}

// western are the characters of Windows-1252 from 80 to 9F; five are unused.
var western = [32]rune{
	0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
	0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
}
