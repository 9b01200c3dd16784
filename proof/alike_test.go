package proof

import (
	"reflect"
	"testing"

	"github.com/iisdoctor/iisdoctor/iis"
)

// differ gives requests for the same URL that differ in what alike requests need not
// share, and in what they must.
func differ(r iis.Request) []iis.Request {
	var all []iis.Request
	for _, size := range []int{0, 200, 16384, 16385} {
		for _, query := range []string{"", "a=1", "x=<script>../..;cmd.exe"} {
			for _, fields := range [][]iis.Field{nil, {{Name: "Content-Length", Value: "999999999"}},
				{{Name: "Translate", Value: "f"}, {Name: "User-Agent", Value: "u"}, {Name: "Cookie", Value: "c"}}} {
				for _, client := range []string{"192.0.2.1", "127.0.0.1"} {
					for _, method := range []string{"GET", "POST", "PROPFIND"} {
						q := r
						q.HeadSize, q.Query, q.Header, q.ClientIP, q.Method = size, query, fields, client, method
						all = append(all, q)
					}
				}
			}
		}
	}
	q := r
	q.HeadSize, q.User, q.Password = 200, "nobody", "wrong"
	return append(all, q)
}

// TestAlike: on every fault folder a decision that is said to hold for alike requests
// is what Decide says of each of them.
func TestAlike(t *testing.T) {
	each(t, func(t *testing.T, f *Fault) {
		model := iis.New(f.Broken)
		kept := map[iis.Alike]iis.Outcome{}
		for _, url := range requests(f, model) {
			r, err := iis.ParseURL("GET", url)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range differ(r) {
				want, alike := model.DecideAlike(q)
				a, ok := model.Alike(&q)
				if got, held := kept[a]; ok && held {
					if got.Request = q; !reflect.DeepEqual(got, want) {
						t.Fatalf("%s %s with %v: kept %s at %s, decided %s at %s", q.Method, url, q.Header, got.Status, got.Stage, want.Status, want.Stage)
					}
				}
				if alike {
					kept[a] = want
				}
			}
		}
	})
}
