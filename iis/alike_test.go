package iis

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// pick is one of several.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// anyRequest is a request among few enough that many are alike.
func anyRequest(r *rand.Rand) Request {
	q := Request{
		Method:   pick(r, "GET", "GET", "GET", "GET", "HEAD", "POST", "BREW"),
		Secure:   r.IntN(8) == 0,
		IP:       pick(r, AnyAddress, AnyAddress, AnyAddress, AnyAddress, "192.0.2.80", ""),
		Port:     pick(r, 80, 80, 80, 80, 80, 80, 443),
		Host:     pick(r, "x", "x", "x", "x", ""),
		Path:     pick(r, "/", "/default.htm", "/DEFAULT.htm", "/hello.asp", "/data.json", "/none.htm", "/shop", "/shop/list.htm", "/tool.exe", "/sum.pl", "/a/../..", "/%64efault.htm", "/"+strings.Repeat("p", 300)),
		Query:    pick(r, "", "", "q=1", "q=<script>", strings.Repeat("q", 16384-len("/default.htm?")), strings.Repeat("q", 16384)),
		HeadSize: pick(r, 100, 200, 300, 400, 16384, 16385, 0),
		ClientIP: pick(r, "192.0.2.1", "192.0.2.1", "192.0.2.1", "127.0.0.1"),
		User:     pick(r, "", "", "", "", "shop", "nobody"),
	}
	if q.User != "" {
		q.Password, q.Trusted = pick(r, "right", "wrong"), r.IntN(2) == 0
	}
	for _, f := range [...]Field{{"Host", "x"}, {"User-Agent", "a"}, {"Cookie", "c=1"}, {"Content-Length", "300000"}, {"Content-Length", "5"},
		{"Translate", "f"}, {"Range", "bytes=0-0"}, {"X-Long", strings.Repeat("l", 17000)}} {
		if r.IntN(4) == 0 {
			q.Header = append(q.Header, f)
		}
	}
	return q
}

// alikeServers differ in what their answers rest on.
func alikeServers(t *testing.T) []*Model {
	lone := func(service string) map[string]string { return map[string]string{"SERVICE": service} }
	list := []*Model{
		with(t, nil, page),
		with(t, lone(`MaxRequestEntityAllowed="200000"`), page),
		with(t, lone(`AuthFlags="AuthBasic"`), page),
		with(t, map[string]string{"ROOT": `AccessFlags="AccessRead | AccessNoRemoteRead | AccessExecute"`}, page),
		with(t, map[string]string{"ROOT": `AccessSSLFlags="AccessSSL"`, "SITE": `SecureBindings=":443:"`}, page),
		with(t, map[string]string{"KEYS": urlscanFilter}, page),
		with(t, map[string]string{"KEYS": urlscanFilter}, page),
	}
	(evidence{urlscan: lockdown}).addTo(t, list[len(list)-1].snapshot)
	return list
}

// TestAlike: where DecideAlike says so, every request with the same Alike is decided
// the same by stages that see all of it.
func TestAlike(t *testing.T) {
	for i, m := range alikeServers(t) {
		r := rand.New(rand.NewPCG(4, uint64(i)))
		kept := map[Alike]Outcome{}
		again := 0
		for range 2000 {
			q := anyRequest(r)
			whole := (&decision{Model: m, whole: &q, out: Outcome{Request: q}}).decide()
			whole.Request = q
			a, ok := m.Alike(&q)
			if o, held := kept[a]; ok && held {
				again++
				if o.Request = q; !reflect.DeepEqual(o, whole) {
					t.Fatalf("server %d, %+v: kept %+v, decided %+v", i, q, o, whole)
				}
			}
			o, alike := m.DecideAlike(q)
			if !reflect.DeepEqual(o, whole) {
				t.Fatalf("server %d, %+v: %+v, with all in sight %+v", i, q, o, whole)
			}
			if alike {
				kept[a] = o
			}
		}
		if again < 50 {
			t.Errorf("server %d: only %d requests were alike", i, again)
		}
	}
}

// TestAlone: what must be decided by itself.
func TestAlone(t *testing.T) {
	list := alikeServers(t)
	plain, scanned := list[0], list[len(list)-1]
	at := Request{Method: "GET", IP: AnyAddress, Port: 80, Path: "/default.htm", HeadSize: 100}
	for _, row := range []struct {
		name  string
		m     *Model
		with  func(*Request)
		alike bool
	}{
		{"a plain request", plain, func(*Request) {}, true},
		{"with a query", plain, func(r *Request) { r.Query = "q" }, true},
		{"of another method", plain, func(r *Request) { r.Method = "BREW" }, true},
		{"credentials", plain, func(r *Request) { r.User = "shop" }, false},
		{"a password alone", plain, func(r *Request) { r.Password = "x" }, false},
		{"not read from a connection", plain, func(r *Request) { r.HeadSize = 0 }, false},
		{"a head as long as can be", plain, func(r *Request) { r.HeadSize = 16384 }, true},
		{"a head that is too long", plain, func(r *Request) { r.HeadSize = 16385 }, false},
		{"a body", plain, func(r *Request) { r.Method, r.Path = "POST", "/hello.asp" }, false},
		{"UrlScan looks at all of it", scanned, func(*Request) {}, false},
	} {
		r := at
		row.with(&r)
		if _, alike := row.m.DecideAlike(r); alike != row.alike {
			t.Errorf("%s: alike %v", row.name, alike)
		}
	}
}
