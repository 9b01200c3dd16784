package server

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
)

// With Options.MapPorts every site has a port of its own, and what arrives there is
// taken to be for the site's own name. To the site nothing is different: its pages
// and its logs know that name. On the way out, the addresses of all sites become the
// ports that stand for them, so that a browser stays on this server.

// maxMapped bounds a page whose links are looked at.
const maxMapped = 4 << 20

// mappedPort is where the requests for one address of a site are sent.
type mappedPort struct{ scheme, port string }

// bySite makes an endpoint for each site's first plain and first secure binding
// through which requests reach it.
func (s *Server) bySite(bindings []iis.Binding) (list []*endpoint) {
	seen := map[string]*endpoint{}
	for _, b := range bindings {
		key := b.Site.Fold() + " " + strconv.FormatBool(b.Secure)
		if seen[key] != nil || !s.model.Reaches(b) {
			continue
		}
		e := &endpoint{Endpoint: Endpoint{IP: b.IP, Port: b.Port, Secure: b.Secure, Site: b.Site}, site: b.Site, name: authority(b)}
		e.usable = !b.Secure || s.hasCertificate(b)
		e.timeout = s.connectionTimeout(b.Site)
		seen[key] = e
		list = append(list, e)
	}
	for _, e := range list {
		plain, secure := seen[e.Site.Fold()+" false"], seen[e.Site.Fold()+" true"]
		e.Entry = e == plain || plain == nil
		if secure != nil && secure.usable && s.requiresSSL(e.Site) {
			e.Entry = e == secure
		}
	}
	return list
}

func (s *Server) requiresSSL(site metabase.Path) bool {
	flags := s.tree.Effective(site.Join("ROOT"), "AccessSSLFlags")
	return flags.Has("AccessSSL") || flags.Has("AccessSSL128")
}

// authority is the Host field of a request for the binding: its host name or
// address, else localhost, with a port that is not the usual one.
func authority(b iis.Binding) string {
	host := b.Host
	switch {
	case host != "":
	case strings.Contains(b.IP, ":"):
		host = "[" + b.IP + "]"
	case b.IP != "":
		host = b.IP
	default:
		host = "localhost"
	}
	return withPort(host, b.Port, b.Secure)
}

func withPort(host string, port int, secure bool) string {
	if !secure && port == 80 || secure && port == 443 {
		return host
	}
	return host + ":" + strconv.Itoa(port)
}

func schemeOf(secure bool) string {
	if secure {
		return "https"
	}
	return "http"
}

// mapURLs notes for every address of every mapped site which port stands for it.
func (s *Server) mapURLs(bindings []iis.Binding) {
	s.mapped = map[string]mappedPort{}
	for _, b := range bindings {
		for _, e := range s.endpoints {
			if !e.Site.Equal(b.Site) || e.Closed || e.Secure != b.Secure || !s.model.Reaches(b) {
				continue
			}
			_, port, _ := net.SplitHostPort(e.Addr)
			s.mapped[schemeOf(b.Secure)+"://"+strings.ToLower(authority(b))] = mappedPort{schemeOf(b.Secure), port}
		}
	}
}

// pretend makes a request that came to a mapped port one for the site's own name.
func (c *conn) pretend(h *head) {
	name := c.endpoint.name
	if name == "" {
		return
	}
	h.sent, h.host = h.hostName(), name
	if h.sent == "" {
		h.sent = c.server.options.Listen
	}
	_, port, _ := net.SplitHostPort(c.endpoint.Addr)
	own := schemeOf(c.endpoint.Secure) + "://" + bracketed(h.sent) + ":" + port
	for i := range h.fields {
		switch f := &h.fields[i]; {
		case strings.EqualFold(f.Name, "Host"):
			f.Value = name
		case strings.EqualFold(f.Name, "Referer"):
			if rest, ok := strings.CutPrefix(f.Value, own); ok {
				f.Value = schemeOf(c.endpoint.Secure) + "://" + name + rest
			}
		}
	}
}

func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// localise puts the mapped ports in the place of the sites' addresses in an answer:
// in its fields and, if it is a whole HTML page, in its text.
func (c *conn) localise(h *head, r *response) {
	if c.endpoint.name == "" {
		return
	}
	s := c.server
	html := strings.HasPrefix(strings.ToLower(fieldIn(r.fields, "Content-Type")), "text/html")
	r.fields = s.localised(r.fields, h.sent)
	if !html || r.bodyless || r.status.Code() == "206" || r.size > maxMapped || len(r.body) > maxMapped {
		return
	}
	if r.file != nil {
		text, err := io.ReadAll(io.LimitReader(r.file, r.size))
		r.file.Close()
		r.file = nil
		if err != nil {
			r.close, r.body = true, text
			return
		}
		r.body = text
	}
	if fieldIn(r.fields, "Transfer-Encoding") != "" {
		text := s.localised(plain(r.body), h.sent)
		r.body = fmt.Appendf(nil, "%x\r\n%s\r\n0\r\n\r\n", len(text), text)
		return
	}
	r.body = s.localised(r.body, h.sent)
	r.setLength(len(r.body))
}

// fieldIn is a field of an answer's head.
func fieldIn(fields []byte, name string) string {
	for line := range bytes.Lines(fields) {
		if n, v, ok := bytes.Cut(line, []byte(": ")); ok && string(n) == name {
			return string(bytes.TrimSpace(v))
		}
	}
	return ""
}

// setLength replaces Content-Length where the answer has one.
func (r *response) setLength(n int) {
	var fields []byte
	for line := range bytes.Lines(r.fields) {
		if bytes.HasPrefix(line, []byte("Content-Length: ")) {
			line = fmt.Appendf(nil, "Content-Length: %d\r\n", n)
		}
		fields = append(fields, line...)
	}
	r.fields = fields
}

// localised replaces http://name and https://name, where a port stands for them, by
// that port of the address under which the client knows this server.
func (s *Server) localised(text []byte, host string) []byte {
	var out []byte
	for {
		i := bytes.Index(text, []byte("://"))
		if i < 0 {
			return append(out, text...)
		}
		begin, end := schemeBegin(text, i), i+len("://")
		for end < len(text) && (isAlnum(text[end]) || bytes.IndexByte([]byte(".-_:[]"), text[end]) >= 0) {
			end++
		}
		url := strings.ToLower(string(bytes.TrimRight(text[begin:end], ".:")))
		to, ok := s.mapped[usualPort(url)]
		if !ok {
			out, text = append(out, text[:i+3]...), text[i+3:]
			continue
		}
		out = append(out, text[:begin]...)
		out = append(out, to.scheme+"://"+bracketed(host)+":"+to.port...)
		text = text[begin+len(url):]
	}
}

// schemeBegin is where the word before "://" begins.
func schemeBegin(text []byte, at int) int {
	for at > 0 && isAlnum(text[at-1]) {
		at--
	}
	return at
}

// usualPort takes a port off that the scheme has anyway.
func usualPort(url string) string {
	if strings.HasPrefix(url, "http://") {
		return strings.TrimSuffix(url, ":80")
	}
	return strings.TrimSuffix(url, ":443")
}
