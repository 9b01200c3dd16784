package iis

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/source"
)

// TestRedirectMatchOfLetters: letters that take more bytes in lower case.
func TestRedirectMatchOfLetters(t *testing.T) {
	for _, c := range []struct{ wildcard, rel, want string }{
		{"/*.htm", strings.Repeat("\u023a", 9) + ".htm", strings.Repeat("\u023a", 9)},
		{"/A*B", "a\u212ab", "\u212a"},
		{"/\u212a*", "\u212ax", "x"},
	} {
		rule := newRule(c.wildcard, "/x")
		got, ok := rule.match(c.rel, source.Lower(c.rel))
		if !ok || len(got) != 1 || got[0] != c.want {
			t.Errorf("%q in %q: %q, %v", c.wildcard, c.rel, got, ok)
		}
	}
}

// TestRedirect: the forms of HttpRedirect that cc757144 names, and the variables of
// the redirect reference in IIS Manager's help.
func TestRedirect(t *testing.T) {
	for _, c := range []struct {
		name, mark, value string
		url               string
		status, location  string
	}{
		{"another server", "ROOT", "http://www.fabrikam.com", "http://localhost/a/b.htm?x=1", "302", "http://www.fabrikam.com/a/b.htm?x=1"},
		{"exactly", "ROOT", "http://www.fabrikam.com/new.htm, EXACT_DESTINATION", "http://localhost/a/b.htm?x=1", "302", "http://www.fabrikam.com/new.htm"},
		{"permanent", "ROOT", "http://www.fabrikam.com,EXACT_DESTINATION,PERMANENT,", "http://localhost/", "301", "http://www.fabrikam.com"},
		{"temporary", "ROOT", "http://www.fabrikam.com/,temporary", "http://localhost/a", "307", "http://www.fabrikam.com/a"},
		{"below the key alone", "SHOP", "http://shop.fabrikam.com", "http://localhost/shop/x/y.htm", "302", "http://shop.fabrikam.com/x/y.htm"},
		{"not above the key", "SHOP", "http://shop.fabrikam.com", "http://localhost/page.htm", "200", ""},
		{"a path of this server", "SHOP", "/newshop", "http://localhost:8080/shop/a.htm", "400", ""},
		{"a path", "SHOP", "/newshop", "http://localhost/shop/a.htm", "302", "http://localhost/newshop/a.htm"},
		{"a child", "ROOT", "/new,CHILD_ONLY", "http://localhost/page.htm", "302", "http://localhost/new/page.htm"},
		{"what is in the child", "ROOT", "/new,CHILD_ONLY", "http://localhost/new/page.htm", "200", ""},
		{"a name that begins like it", "ROOT", "/new,CHILD_ONLY", "http://localhost/newer/page.htm", "302", "http://localhost/new/newer/page.htm"},
		{"wildcards", "ROOT", "*;*.htm;/old/$0.asp;*.doc;!", "http://localhost/a/b.HTM", "302", "http://localhost/old/a/b.asp"},
		{"the second rule: none", "ROOT", "*;*.htm;/old/$0.asp;*.doc;!", "http://localhost/b.doc", "404", ""},
		{"no rule", "ROOT", "*;*.htm;/old/$0.asp", "http://localhost/b.css", "200", ""},
		{"two wildcards", "ROOT", "*;/s*/p*.css;/$1/$0", "http://localhost/shop/print.css", "302", "http://localhost/rint/hop"},
		{"variables", "ROOT", "http://fabrikam.com$V?from=$P,EXACT_DESTINATION", "http://localhost/a?b=c", "302", "http://fabrikam.com/a?from=b=c"},
		{"the whole query", "SHOP", "http://fabrikam.com/$S$Q", "http://localhost/shop/a?b", "302", "http://fabrikam.com/a?b"},
		{"empty", "ROOT", "", "http://localhost/page.htm", "200", ""},
		{"at the site it has no effect", "SITE", "http://www.fabrikam.com", "http://localhost/page.htm", "200", ""},
		{"at the service it has no effect", "SERVICE", "http://www.fabrikam.com", "http://localhost/page.htm", "200", ""},
		{"nothing ends the field", "ROOT", "http://www.fabrikam.com&#xD;&#xA;/$S,EXACT_DESTINATION", "http://localhost/a%20b", "302", "http://www.fabrikam.com/a%20b"},
		{"a comma in the destination", "ROOT", "http://www.fabrikam.com/a,b,EXACT_DESTINATION", "http://localhost/", "302", "http://www.fabrikam.com/a,b"},
	} {
		m := with(t, map[string]string{c.mark: `HttpRedirect="` + c.value + `"`},
			map[string]string{"C/inetpub/wwwroot/page.htm": "x", "C/inetpub/wwwroot/new/page.htm": "x", "C/inetpub/wwwroot/b.css": "x", "D/shop/a.htm": "x"})
		o := ask(t, m, "GET", c.url)
		code := o.Status.Code()
		if code != c.status || o.Location != c.location {
			t.Errorf("%s: %s %q; want %s %q", c.name, o.Status, o.Location, c.status, c.location)
		}
	}
}

// TestRedirectReadOnce: a value is read once for all paths that it is held against.
func TestRedirectReadOnce(t *testing.T) {
	m := with(t, map[string]string{"ROOT": `HttpRedirect="*;/a*;/b;*.old;!"`}, nil)
	v := m.tree.Effective("/LM/W3SVC/1/ROOT", "HttpRedirect")
	for range 3 {
		for path, want := range map[string]bool{"/apple": true, "/pear": false, "/pear.old": false} {
			if m.Redirects(v, "/LM/W3SVC/1/ROOT", path) != want {
				t.Errorf("%s: want %v", path, want)
			}
		}
	}
	rules := &m.redirections.kept[0].made.rules[0]
	if m.Redirects(v, "/LM/W3SVC/1/ROOT", "/x"); len(m.redirections.kept) != 1 || rules != &m.redirections.kept[0].made.rules[0] {
		t.Error("the value was read again")
	}
}
