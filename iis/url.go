package iis

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
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
