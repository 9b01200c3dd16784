package server

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// head is a request's line and header fields, as HTTP.sys understood them. After a
// refusal it holds what was understood before it.
type head struct {
	method, target, version string // as sent: GET, /a?b=c, HTTP/1.1
	path, query             string
	host                    string // the Host field with its port
	sent                    string // at a mapped port: the host under which the client knows this server
	fields                  []iis.Field
	size                    int // bytes including the blank line

	old     bool // HTTP/1.0
	close   bool // the connection ends after the answer
	expect  bool // Expect: 100-continue
	chunked bool
	length  int64 // Content-Length; 0 where there is none

	at []fieldAt // places of the fields while the head comes in
}

// fieldAt is the place of one field in the bytes of the head.
type fieldAt struct{ name, colon, value, end int }

// take takes one line of the head, at off and without its CRLF. last reports the
// blank line that ends the head; blank lines before the request line are passed over.
func (h *head) take(line []byte, off int) (last bool, r *refusal) {
	switch {
	case len(line) == 0:
		return h.method != "", nil
	case h.method == "":
		return false, h.requestLine(line)
	}
	return false, h.field(line, off)
}

// requestLine takes the first line without its CRLF.
func (h *head) requestLine(line []byte) *refusal {
	verb, rest, ok := bytes.Cut(line, []byte{' '})
	if !ok || !isVerb(verb) {
		return badVerb
	}
	h.method = known(verb)
	i := bytes.LastIndexByte(rest, ' ')
	if i < 0 {
		h.target = string(rest)
		return badRequest
	}
	h.target, h.version = string(rest[:i]), known(rest[i+1:])
	if r := h.readVersion(); r != nil {
		return r
	}
	return h.readTarget()
}

// known spares a copy of the words that nearly every request has.
func known(word []byte) string {
	for _, w := range [...]string{"GET", "HTTP/1.1", "HEAD", "POST", "HTTP/1.0"} {
		if string(word) == w {
			return w
		}
	}
	return string(word)
}

// maxVerb is the length of the verb column in the HTTP error log (KB820729); that a
// longer verb is refused is inferred.
const maxVerb = 255

// tooLong reports a line, complete with its CR or not, that is over the limit for a
// field, or whose URL is.
func (h *head) tooLong(line []byte, limit int) bool {
	if h.method != "" {
		return len(bytes.TrimSuffix(line, cr)) > limit
	}
	verb, url, ok := bytes.Cut(line, []byte{' '})
	if !ok {
		return len(verb) > max(limit, maxVerb+1)
	}
	if i := bytes.LastIndexByte(url, ' '); i >= 0 {
		url = url[:i]
	}
	return len(url) > limit
}

var cr = []byte{'\r'}

// overlong is the answer to a line that tooLong reports.
func (h *head) overlong() *refusal {
	if h.method == "" {
		return longURL
	}
	return longField
}

// isVerb refuses lower-case letters with the separators (KB828726).
func isVerb(verb []byte) bool {
	for _, c := range verb {
		if !isToken(c) || (c >= 'a' && c <= 'z') {
			return false
		}
	}
	return len(verb) > 0 && len(verb) <= maxVerb
}

func (h *head) readVersion() *refusal {
	number, ok := strings.CutPrefix(h.version, "HTTP/")
	major, minor, dot := strings.Cut(number, ".")
	if !ok || !dot || !allDigits(major) || !allDigits(minor) {
		h.version = ""
		return badRequest
	}
	if strings.TrimLeft(major, "0") != "1" {
		return badVersion
	}
	h.old = strings.TrimLeft(minor, "0") == ""
	h.close = h.old
	return nil
}

// readTarget takes /path?query, or http://host/path as a proxy would get it.
func (h *head) readTarget() *refusal {
	for i := range len(h.target) {
		if c := h.target[i]; c <= ' ' || c == 0x7f {
			return badURL
		}
	}
	rest := h.target
	if scheme, after, ok := strings.Cut(rest, "://"); ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")) {
		i := strings.IndexAny(after, "/?")
		if i < 0 {
			i = len(after)
		}
		h.host, rest = after[:i], after[i:]
		if !isHost(h.host) {
			return badHostname
		}
		if rest == "" || rest[0] == '?' {
			rest = "/" + rest
		}
	}
	if rest == "*" && h.method == "OPTIONS" {
		rest = "/"
	}
	if rest == "" || rest[0] != '/' {
		return badURL
	}
	h.path, h.query, _ = strings.Cut(rest, "?")
	return nil
}

// field takes one header line of the head at off, without its CRLF.
func (h *head) field(line []byte, off int) *refusal {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return badHeader
	}
	for _, c := range line[:colon] {
		if !isToken(c) { // a blank at the line's begin (a folded field) as well
			return badHeader
		}
	}
	start, end := colon+1, len(line)
	for start < end && isBlank(line[start]) {
		start++
	}
	for end > start && isBlank(line[end-1]) {
		end--
	}
	for _, c := range line[start:end] {
		if c < ' ' && c != '\t' || c == 0x7f {
			return badValue
		}
	}
	h.at = append(h.at, fieldAt{off, off + colon, off + start, off + end})
	return nil
}

// finish makes the fields from the complete bytes of the head and reads those that
// concern HTTP.sys.
func (h *head) finish(raw []byte) *refusal {
	text := string(raw)
	h.size = len(raw)
	h.fields = make([]iis.Field, len(h.at))
	for i, at := range h.at {
		h.fields[i] = iis.Field{Name: text[at.name:at.colon], Value: text[at.value:at.end]}
	}
	if r := h.readHost(); r != nil {
		return r
	}
	if h.get("Connection") != "" {
		h.readConnection()
	}
	h.expect = !h.old && strings.EqualFold(h.get("Expect"), "100-continue")
	return h.readLength()
}

// get is the first field of that name, "" where there is none.
func (h *head) get(name string) string {
	for i := range h.fields {
		if f := &h.fields[i]; len(f.Name) == len(name) && strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// count tells how many fields have that name.
func (h *head) count(name string) (n int) {
	for i := range h.fields {
		if f := &h.fields[i]; len(f.Name) == len(name) && strings.EqualFold(f.Name, name) {
			n++
		}
	}
	return n
}

// readHost demands exactly one Host field from HTTP/1.1 (RFC 2616 14.23); the host
// of an absolute URL wins over it.
func (h *head) readHost() *refusal {
	n := h.count("Host")
	value := h.get("Host")
	if n > 1 || (n == 0 && !h.old) || (n == 1 && value == "" && !h.old) || (value != "" && !isHost(value)) {
		return badHostname
	}
	if h.host == "" {
		h.host = value
	}
	return nil
}

func (h *head) readConnection() {
	for i := range h.fields {
		if !strings.EqualFold(h.fields[i].Name, "Connection") {
			continue
		}
		for option := range strings.SplitSeq(h.fields[i].Value, ",") {
			switch option = strings.TrimSpace(option); {
			case strings.EqualFold(option, "close"):
				h.close = true
				return
			case h.old && strings.EqualFold(option, "keep-alive"):
				h.close = false
			}
		}
	}
}

// readLength settles where the body ends. What could be read in two ways is
// refused: the next request must never be taken from a body.
func (h *head) readLength() *refusal {
	codings, lengths := h.count("Transfer-Encoding"), h.count("Content-Length")
	if codings > 0 {
		if codings > 1 || !strings.EqualFold(h.get("Transfer-Encoding"), "chunked") {
			return badCoding
		}
		if lengths > 0 || h.old {
			return badRequest
		}
		h.chunked = true
		return nil
	}
	if lengths == 0 {
		if h.method == "POST" || h.method == "PUT" {
			return needLength
		}
		return nil
	}
	value := h.get("Content-Length")
	if lengths > 1 || !allDigits(value) {
		return badNumber
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return largeEntity // a number beyond 63 bits
	}
	h.length = n
	return nil
}

// hostName is the host without its port.
func (h *head) hostName() string {
	i := strings.LastIndexByte(h.host, ':')
	if i < 0 || strings.HasSuffix(h.host, "]") {
		return strings.Trim(h.host, "[]")
	}
	return strings.Trim(h.host[:i], "[]")
}

// isHost accepts a name, an IPv4 address or an IPv6 one in brackets, and a port.
func isHost(s string) bool {
	name, port := s, ""
	if strings.HasPrefix(s, "[") {
		i := strings.IndexByte(s, ']')
		if i < 2 || strings.Trim(s[1:i], "0123456789abcdefABCDEF:.%") != "" {
			return false
		}
		name, port = "v6", s[i+1:]
	} else if i := strings.IndexByte(s, ':'); i >= 0 {
		name, port = s[:i], s[i:]
	}
	if port != "" && (port[0] != ':' || !isPort(port[1:])) {
		return false
	}
	for i := range len(name) {
		if !hostLetters[name[i]] {
			return false
		}
	}
	return name != "" && len(name) <= 255
}

// hostLetters are those of a host name; bytes of names beyond ASCII are left alone.
var hostLetters = func() (is [256]bool) {
	for c := range is {
		is[c] = c >= 0x80 || isAlnum(byte(c)) || c == '.' || c == '-' || c == '_'
	}
	return is
}()

func isPort(s string) bool {
	if s == "" {
		return true
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0 && allDigits(s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// isToken reports whether a byte may stand in a verb or a field name (RFC 2616 2.2).
func isToken(c byte) bool { return tokens[c] }

var tokens = func() (is [256]bool) {
	for c := range is {
		is[c] = isAlnum(byte(c)) || strings.IndexByte("!#$%&'*+-.^_`|~", byte(c)) >= 0
	}
	return is
}()
