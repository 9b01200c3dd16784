package server

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/iis"
)

// TestPlan: what a plan holds is what Decide says, whoever asked before.
func TestPlan(t *testing.T) {
	for _, site := range []string{"", `AuthFlags="AuthBasic"`, `AccessFlags="AccessRead | AccessNoRemoteRead"`, `MaxRequestEntityAllowed="10"`} {
		srv := newServer(fixture(t, site, ""), Options{})
		r := rand.New(rand.NewPCG(4, 4))
		one := func(of ...string) string { return of[r.IntN(len(of))] }
		for range 2000 {
			q := iis.Request{
				Method: one("GET", "GET", "HEAD", "POST", "PUT"), IP: iis.AnyAddress, Port: 80,
				Host: one("www.contoso.com", "www.contoso.com", "other", ""), Query: one("", "a=1", strings.Repeat("q", 16380)),
				Path:     one("/", "/hello.txt", "/HELLO.TXT", "/data.json", "/page.asp", "/none.txt", "/noread/a.htm", "/sub", "/../x"),
				HeadSize: 100 + r.IntN(3)*8142, ClientIP: one("192.0.2.1", "127.0.0.1"),
			}
			if r.IntN(3) == 0 {
				q.Header = []iis.Field{{Name: "Content-Length", Value: one("5", "50")}}
			}
			if r.IntN(6) == 0 {
				q.User, q.Password = "shop", "secret"
			}
			got, want := srv.plan(&q).outcome, srv.model.Decide(q)
			if got.Request = q; !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v:\n got %+v\nwant %+v", q, got, want)
			}
		}
		if n := len(srv.plans.young); n == 0 || n > 4*3*9*2 {
			t.Errorf("%d plans are kept", n)
		}
	}
}

// TestPlanOnce: alike requests are decided once, others each for itself.
func TestPlanOnce(t *testing.T) {
	srv := newServer(fixture(t, "", ""), Options{})
	decided := 0
	srv.decide = func(r iis.Request) (iis.Outcome, bool) {
		decided++
		return srv.model.DecideAlike(r)
	}
	ask := func(path, user, query string) {
		srv.plan(&iis.Request{Method: "GET", IP: iis.AnyAddress, Port: 80, Path: path, Query: query, User: user, HeadSize: 100})
	}
	for _, row := range []struct {
		path, user, query string
		decided           int
	}{
		{"/hello.txt", "", "", 1},
		{"/hello.txt", "", "a=1", 1},
		{"/HELLO.txt", "", "", 2},
		{"/hello.txt", "", "", 2},
		{"/hello.txt", "shop", "", 3}, // credentials are never kept
		{"/hello.txt", "shop", "", 4},
		{"/" + strings.Repeat("l", longestPlan), "", "", 5},
		{"/" + strings.Repeat("l", longestPlan), "", "", 6},
	} {
		if ask(row.path, row.user, row.query); decided != row.decided {
			t.Fatalf("%q as %q: %d decisions, want %d", row.path, row.user, decided, row.decided)
		}
	}
	for i := range 3 * maxPlans {
		ask(fmt.Sprintf("/%d", i), "", "")
		ask("/hello.txt", "", "")
	}
	if want := 6 + 3*maxPlans; decided != want {
		t.Errorf("%d decisions, want %d: what is asked for all the time is kept", decided, want)
	}
	if n := len(srv.plans.young) + len(srv.plans.old); n > 2*maxPlans {
		t.Errorf("%d plans are kept", n)
	}
}
