package server

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// TestHTTPRedirect: the four flags' statuses and the field that names the place
// (cc757144); the query goes along where the destination is not exact.
func TestHTTPRedirect(t *testing.T) {
	for _, test := range []struct{ value, line, location string }{
		{"http://www.fabrikam.com", "HTTP/1.1 302 Redirect", "http://www.fabrikam.com/hello.txt?a=b"},
		{"http://www.fabrikam.com/new,EXACT_DESTINATION,PERMANENT", "HTTP/1.1 301 Moved Permanently", "http://www.fabrikam.com/new"},
		{"/new,EXACT_DESTINATION,TEMPORARY", "HTTP/1.1 307 Temporary Redirect", "http://www.contoso.com/new"},
	} {
		set := snapshot.Edit{Kind: snapshot.EditMetabase, Target: "/LM/W3SVC/1/ROOT", Property: "HttpRedirect", Op: metabase.Set, Value: test.value}
		srv := start(t, fixture(t, "", "").Apply([]snapshot.Edit{set}), Options{})
		got := get(t, srv, "/hello.txt?a=b")
		if !strings.HasPrefix(got, test.line+"\r\n") || !strings.Contains(got, "\r\nLocation: "+test.location+"\r\n") {
			t.Errorf("%s: %q", test.value, got)
		}
	}
}
