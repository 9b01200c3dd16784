package checks

import (
	"fmt"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// TestSortedOnce: the rows of a group are put to their places once, however many findings
// want some of them.
func TestSortedOnce(t *testing.T) {
	group := weblog.Group[weblog.Request]{}
	for i := range 100 {
		group.URLs = append(group.URLs, weblog.URL{Path: fmt.Sprintf("/d%d/x", i%10), Count: 2})
	}
	g, asked := &ground{}, 0
	places := func(_ weblog.Request, path string) []any {
		asked++
		return []any{path[:3], "all"}
	}
	for i := range 50 {
		one := g.sortedBy("test", places, fmt.Sprintf("/d%d", i%20))
		want := int64(20)
		if i%20 >= 10 { // no such place
			want = 0
		}
		if n := one.in(&group); n != want {
			t.Errorf("/d%d: %d rows, want %d", i%20, n, want)
		}
	}
	if n := g.sortedBy("test", places, "all").in(&group); n != 200 {
		t.Errorf("%d rows in all", n)
	}
	if n := g.sortedBy("test", places, "/d1", "/d2", "/d3", "/no", "/d1").in(&group); n != 60 {
		t.Errorf("%d rows of three places", n)
	}
	if asked != 100 {
		t.Errorf("%d rows were put to their places, want each of 100 once", asked)
	}
	if x := g.sortedBy("test", places, "/d1"); !x.has(weblog.Request{}, "/d1/x") || x.has(weblog.Request{}, "/d2/x") {
		t.Error("a row alone is not told apart")
	}
	even := eachRow(func(_ weblog.Request, path string) bool { return path[2]%2 == 0 })
	if n := even.in(&group); n != 100 || !even.has(weblog.Request{}, "/d4/x") {
		t.Errorf("%d rows that are asked one by one", n)
	}
}

// TestAnswered: 404.0, 404 without the column and "404" are one; an extension must fit.
func TestAnswered(t *testing.T) {
	for _, c := range []struct {
		status, sub int
		extension   string
		want        bool
	}{
		{404, 0, ".asp", true}, {404, weblog.Absent, ".asp", true}, {404, 3, ".asp", false}, {403, 4, ".asp", true},
		{403, 14, ".asp", false}, {404, 0, ".htm", false}, {40, 4, ".asp", false},
	} {
		sign := answered([]string{".asp"}, "404", "403.4")
		if got := sign(weblog.Request{Status: c.status, Substatus: c.sub, Extension: c.extension}); got != c.want {
			t.Errorf("%d.%d %s: %v", c.status, c.sub, c.extension, got)
		}
	}
}
