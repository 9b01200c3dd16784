package metabase_test

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// TestBelow: the rest keeps its spelling, also where folded letters take another
// number of bytes.
func TestBelow(t *testing.T) {
	long := strings.Repeat("\u023a", 40)
	for _, c := range []struct{ above, path, want string }{
		{"/LM/W3SVC/1/ROOT", "/lm/w3svc/1/root/Shop/A.asp", "Shop/A.asp"},
		{"/LM/W3SVC/1/ROOT/", "/LM/W3SVC/1/ROOT", ""},
		{"/LM/W3SVC/1/ROOT", "/LM/W3SVC/1/ROOT/" + long, long},
		{"/LM/W3SVC/1/ROOT/\u2c65", "/LM/W3SVC/1/ROOT/\u023a/x", "x"},
		{"/", "/LM/x", "LM/x"},
	} {
		if got := metabase.Path(c.above).Below(metabase.Path(c.path)); got != c.want {
			t.Errorf("%s below %s: %q", c.path, c.above, got)
		}
	}
}
