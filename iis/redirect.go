package iis

import (
	"net/url"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// redirection is a value of HttpRedirect (cc757144): "Destination,Flag" or
// "*;Wildcard;Destination;Wildcard;Destination,Flag".
type redirection struct {
	rules  []redirectRule
	exact  bool // EXACT_DESTINATION: the rest of the URL is not added
	child  bool // CHILD_ONLY: not for what already lies below the destination
	status Status
}

type redirectRule struct {
	wildcard, destination string
	parts                 []string // of the wildcard between its asterisks, in lower case
}

func newRule(wildcard, destination string) redirectRule {
	r := redirectRule{wildcard: wildcard, destination: destination}
	if wildcard != "" {
		r.parts = strings.Split(strings.TrimPrefix(source.Lower(wildcard), "/"), "*")
	}
	return r
}

// parseRedirect reads a value. It names no redirect where the destination is empty.
func parseRedirect(text string) redirection {
	r := redirection{status: "302"}
	words := strings.Split(text, ",")
	last := len(words)
	for ; last > 1; last-- {
		switch flag := strings.ToUpper(strings.TrimSpace(words[last-1])); flag {
		case "EXACT_DESTINATION":
			r.exact = true
		case "CHILD_ONLY":
			r.child = true
		case "PERMANENT":
			r.status = "301"
		case "TEMPORARY":
			r.status = "307"
		case "":
		default:
			r.rules = rulesOf(strings.Join(words[:last], ","))
			return r
		}
	}
	r.rules = rulesOf(strings.Join(words[:last], ","))
	return r
}

func rulesOf(text string) (rules []redirectRule) {
	text = strings.TrimSpace(text)
	rest, wild := strings.CutPrefix(text, "*;")
	if !wild {
		if text != "" {
			rules = append(rules, newRule("", text))
		}
		return rules
	}
	parts := strings.Split(rest, ";")
	for i := 0; i+1 < len(parts); i += 2 {
		rules = append(rules, newRule(strings.TrimSpace(parts[i]), strings.TrimSpace(parts[i+1])))
	}
	return rules
}

// checkRedirect sends the client elsewhere where HttpRedirect is in force. Its place
// among the stages, and that the query goes along where the destination is not exact,
// are inferred.
func checkRedirect(d *decision) verdict {
	v := d.value("HttpRedirect")
	to, found := d.redirectOf(v, d.site.Path().Join("ROOT"), d.out.Target.URL)
	switch {
	case !found:
		return verdict{}
	case to.stays:
		return verdict{detail: "HttpRedirect leaves this URL alone", because: because(v)}
	}
	d.out.Handler, d.out.Location = Redirect, d.destination(to)
	return verdict{status: to.status, answer: true, because: because(v), detail: "the client is sent to " + d.out.Location}
}

// redirected is a path to which a redirect applies.
type redirected struct {
	redirection
	rule    redirectRule
	rel     string   // the path below the key of the value
	matched []string // what each asterisk stood for
	stays   bool     // the redirect excepts the path
}

// of holds a path of a site, whose root is given, against the redirect that a key sets.
func (r redirection) of(key, root metabase.Path, path string) (to redirected, found bool) {
	to.redirection = r
	to.rel = strings.TrimPrefix(path[min(len(key)-len(root), len(path)):], "/")
	low := source.Lower(to.rel)
	for i := range to.rules {
		if to.matched, found = to.rules[i].match(to.rel, low); found {
			to.rule = to.rules[i]
			to.stays = strings.HasPrefix(to.rule.destination, "!") || to.child && underPath(path, to.rule.destination)
			return to, true
		}
	}
	return to, false
}

// Redirects reports whether HttpRedirect, as it is in force at a path of the site with
// that root, sends every request for the path elsewhere.
func (m *Model) Redirects(v metabase.Value, root metabase.Path, path string) bool {
	to, found := m.redirectOf(v, root, path)
	return found && !to.stays
}

// redirectOf holds a path of a site, whose root is given, against the value in force
// there. Values at the service or a site have no effect (cc757144).
func (m *Model) redirectOf(v metabase.Value, root metabase.Path, path string) (to redirected, found bool) {
	if !v.IsSet() || !root.Contains(v.Key) {
		return to, false
	}
	return m.redirections.of(placeOf(v), func() redirection { return parseRedirect(v.Text()) }).of(v.Key, root, path)
}

// match holds the path below the key against a rule's wildcard and gives what each
// asterisk stood for. A rule without wildcard takes every path.
func (r *redirectRule) match(rel, low string) (matched []string, ok bool) {
	if r.wildcard == "" {
		return nil, true
	}
	parts := r.parts
	if !strings.HasPrefix(low, parts[0]) {
		return nil, false
	}
	at := len(parts[0])
	for i, part := range parts[1:] {
		n := strings.Index(low[at:], part)
		if i == len(parts)-2 { // the last text must stand at the end
			n = len(low) - len(part) - at
		}
		if n < 0 || !strings.HasPrefix(low[at+n:], part) {
			return nil, false
		}
		matched = append(matched, rel[at:at+n])
		at += n + len(part)
	}
	return matched, at == len(low)
}

// destination is the URL that the client is sent to. The variables are those of IIS
// Manager's help, "Redirect reference".
func (d *decision) destination(r redirected) string {
	request := d.apart()
	query := request.Query
	mark := query
	if query != "" {
		mark = "?" + query
	}
	pairs := []string{"$S", escaped(r.rel), "$P", query, "$Q", mark, "$V", escaped(d.out.Target.URL)}
	for i := range min(len(r.matched), 10) {
		pairs = append(pairs, "$"+string(rune('0'+i)), escaped(r.matched[i]))
	}
	to := strings.NewReplacer(pairs...).Replace(r.rule.destination)
	if to == r.rule.destination && !r.exact && r.rule.wildcard == "" {
		to = strings.TrimSuffix(to, "/") + "/" + escaped(r.rel) + mark
	}
	to = strings.Map(printing, to)
	if strings.HasPrefix(to, "/") {
		to = d.here() + to
	}
	return to
}

// escaped writes a decoded path as a URL holds it.
func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// printing drops what would end the header field.
func printing(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// here is the beginning of the URL by which the client came.
func (d *decision) here() string {
	b := Binding{Secure: d.out.Request.Secure, Port: d.out.Request.Port, Host: d.out.Request.Host, IP: d.out.Request.IP}
	return b.URL("")
}

// underPath reports whether a URL's path is the destination or lies below it.
func underPath(path, destination string) bool {
	return strings.HasPrefix(destination, "/") && metabase.Path(strings.TrimSuffix(destination, "/")).Contains(metabase.Path(path))
}
