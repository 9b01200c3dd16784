package iis

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseURL reads the URL of a trace or a proof. An IP address as host is also the
// destination address. Errors: a text that is no http or https URL with a host.
func ParseURL(method, text string) (Request, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	scheme = strings.ToLower(scheme)
	if !ok || (scheme != "http" && scheme != "https") {
		return Request{}, fmt.Errorf("%q is no URL; expected http://host/path", text)
	}
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	r := Request{Method: method, Secure: scheme == "https", Port: 80}
	if r.Secure {
		r.Port = 443
	}
	if err := r.setAuthority(authority); err != nil {
		return Request{}, fmt.Errorf("%q: %w", text, err)
	}
	path, _, _ = strings.Cut(path, "#")
	r.Path, r.Query, _ = strings.Cut(path, "?")
	if r.Path == "" {
		r.Path = "/"
	}
	return r, nil
}

func (r *Request) setAuthority(authority string) error {
	u, err := url.Parse("http://" + authority)
	if err != nil || u.Hostname() == "" {
		return errors.New("the host is not understood; expected a name or an IP address")
	}
	if u.User != nil {
		return errors.New("a user name in the URL is not sent by browsers; use --user")
	}
	r.Host = u.Hostname()
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("port %s is not between 1 and 65535", port)
		}
		r.Port = n
	}
	if net.ParseIP(r.Host) != nil {
		r.IP = r.Host
	}
	return nil
}

// limits of HTTP.sys that hold where its registry key says nothing (KB820129).
const (
	maxRequestBytes  = 16384
	maxFieldLength   = 16384
	maxSegmentLength = 260
	maxSegments      = 255
)

// canonical decodes the path as HTTP.sys does before it routes: percent escapes,
// backslashes, empty segments, dots. refused is the HTTPERR reason where it does
// not accept the URL (KB820729, KB820129).
func canonical(path string) (decoded, refused string) {
	if !strings.HasPrefix(path, "/") {
		return "", "URL"
	}
	text, ok := unescape(path)
	if !ok {
		return "", "URL"
	}
	if !utf8.ValidString(text) {
		text = latin1(text) // EnableNonUTF8 is 1 unless set
	}
	var out []string
	for name := range strings.SplitSeq(strings.ReplaceAll(text, `\`, "/"), "/") {
		switch {
		case len(name) > maxSegmentLength:
			return "", "URL"
		case name == "" || name == ".":
		case name == "..":
			if len(out) == 0 {
				return "", "URL" // above the root
			}
			out = out[:len(out)-1]
		default:
			out = append(out, name)
		}
	}
	if len(out) > maxSegments {
		return "", "URL"
	}
	decoded = "/" + strings.Join(out, "/")
	if strings.HasSuffix(text, "/") && len(out) > 0 {
		decoded += "/"
	}
	return decoded, ""
}

// unescape resolves %hh; a control character is refused, as AllowRestrictedChars
// is 0 unless set (KB820129).
func unescape(path string) (string, bool) {
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' {
			if i+2 >= len(path) {
				return "", false
			}
			n, err := strconv.ParseUint(path[i+1:i+3], 16, 8)
			if err != nil {
				return "", false
			}
			c, i = byte(n), i+2
		}
		if c < 0x20 || c == 0x7f {
			return "", false
		}
		b = append(b, c)
	}
	return string(b), true
}

func latin1(s string) string {
	runes := make([]rune, 0, len(s))
	for i := range len(s) {
		runes = append(runes, rune(s[i]))
	}
	return string(runes)
}
