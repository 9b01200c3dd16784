package proof

import (
	"strings"
	"testing"
)

func TestParseSpec(t *testing.T) {
	s, err := ParseSpec(`# words
variant extension .json
variant inherit AspEnableParentPaths
broken
request GET http://x/a.json
  status 404.3   [D: S1, "a [quoted] title"]
  nolog [I: why]
remedy 2 raises a-b, c
request POST http://x/
  body lacks <% [I: because]
`)
	if err != nil {
		t.Fatal(err)
	}
	if s.Extension != ".json" || s.Inherit != "AspEnableParentPaths" || len(s.Broken) != 1 || len(s.Remedies) != 1 {
		t.Fatalf("%+v", s)
	}
	first := s.Broken[0].Expect
	if first[0] != (Expectation{"status", "404.3", `S1, "a [quoted] title"`, true}) || first[1] != (Expectation{"nolog", "", "why", false}) {
		t.Errorf("%+v", first)
	}
	r := s.Remedies[0]
	if r.Remedy != 2 || strings.Join(r.Raises, "|") != "a-b|c" || r.Requests[0].Method != "POST" || r.Requests[0].Expect[0].Text != "lacks <%" {
		t.Errorf("%+v", r)
	}
}

// TestParseSpecRefuses: above all an expectation without a source.
func TestParseSpecRefuses(t *testing.T) {
	head := "broken\nrequest GET http://x/\n"
	for _, text := range []string{
		"", "# nothing\n", head + "status 200\n", head + "status 200 [S1]\n", head + "status 200 [D:]\n", head + "status 200 [X: y]\n",
		head + "colour red [D: x]\n", "status 200 [D: x]\n", "broken\nstatus 200 [D: x]\n", "request GET http://x/\n",
		"broken\nrequest GET\n", "remedy first\n", "remedy 0\n", "variant drive C\n",
	} {
		if s, err := ParseSpec(text); err == nil {
			t.Errorf("%q is accepted: %+v", text, s)
		} else if text != "" && text[0] != '#' && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%q: the error names no line: %v", text, err)
		}
	}
}
