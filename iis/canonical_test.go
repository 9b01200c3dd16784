package iis

import (
	"testing"
	"unicode/utf8"
)

// limitsFor are those where nothing is set.
func limitsFor() Limits {
	return Limits{
		URLSegmentMaxLength: Limit{Value: 260}, URLSegmentMaxCount: Limit{Value: 255},
		PercentUAllowed: Limit{Value: 1}, EnableNonUTF8: Limit{Value: 1}, FavorUTF8: Limit{Value: 1},
	}
}

// TestCanonical: what HTTP.sys makes of a path. Escapes and switches are those of
// KB820129; how dots, backslashes and doubled slashes go away is inferred.
func TestCanonical(t *testing.T) {
	for _, row := range []struct{ path, want, refused string }{
		{"/", "/", ""},
		{"/a/b.htm", "/a/b.htm", ""},
		{"/a/", "/a/", ""},
		{"//a///b", "/a/b", ""},
		{`/a\b`, "/a/b", ""},
		{"/a%5cb", "/a/b", ""},
		{"/a/./b/../c", "/a/c", ""},
		{"/a/..", "/", ""},
		{"/%2e%2E/a", "", "Forbidden"},
		{"/..", "", "Forbidden"},
		{"/a/../../b", "", "Forbidden"},
		{"/%61%2Fb", "/a/b", ""},
		{"/a%20b", "/a b", ""},
		{"/%25", "/%", ""},
		{"/%2525", "/%25", ""}, // once, not twice
		{"/%", "", "URL"},
		{"/%4", "", "URL"},
		{"/%zz", "", "URL"},
		{"/%+1", "", "URL"},
		{"/%00", "", "URL"},
		{"/%c3%a9", "/é", ""},
		{"/%e9", "/é", ""},  // ANSI
		{"/%80", "/€", ""},  // Windows-1252
		{"/%81", "", "URL"}, // no character there
		{"/%u00e9", "/é", ""},
		{"/%U20AC", "/€", ""},
		{"/%uD83D%uDE00", "/😀", ""},
		{"/%uD83D", "", "URL"},
		{"/%uD83Dx", "", "URL"},
		{"/%uDE00%uD83D", "", "URL"},
		{"/%u12", "", "URL"},
		{"/%u+123", "", "URL"},
		{"/%u0001", "", "URL"},
		{"/a\x7fb", "", "URL"},
		{"a", "", "URL"},
		{"", "", "URL"},
	} {
		l := limitsFor()
		got, r := l.canonical(row.path)
		if got != row.want || r.reason != row.refused {
			t.Errorf("%q: %q, %q; want %q, %q", row.path, got, r.reason, row.want, row.refused)
		}
	}
}

// TestCanonicalSwitches: FavorUTF8 0 takes UTF-8 for ANSI, EnableNonUTF8 0 takes
// nothing else than UTF-8 (KB820129).
func TestCanonicalSwitches(t *testing.T) {
	ansi, strict := limitsFor(), limitsFor()
	ansi.FavorUTF8.Value, strict.EnableNonUTF8.Value = 0, 0
	if got, r := ansi.canonical("/%c3%a9"); got != "/Ã©" || !r.ok() {
		t.Errorf("FavorUTF8 0: %q, %v", got, r)
	}
	if got, r := strict.canonical("/%c3%a9"); got != "/é" || !r.ok() {
		t.Errorf("EnableNonUTF8 0: %q, %v", got, r)
	}
	if _, r := strict.canonical("/%e9"); r.reason != "URL" || r.limit != &strict.EnableNonUTF8 {
		t.Errorf("EnableNonUTF8 0: %v", r)
	}
}

// FuzzCanonical: whatever comes, the result is a path of UTF-8 without dots, and
// decoding it again changes nothing more than its escapes.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{"/", "/a/../b", "/%2e%2e/", "/%u00e9", `\`, "/%e9%5c..", "/a/./", "/%uD83D%uDE00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		l := limitsFor()
		got, r := l.canonical(path)
		if !r.ok() {
			return
		}
		if got == "" || got[0] != '/' || !utf8.ValidString(got) {
			t.Errorf("%q gives %q", path, got)
		}
		again, r := l.canonical(escapePercent(got))
		if !r.ok() || again != got {
			t.Errorf("%q gives %q, then %q (%s)", path, got, again, r.reason)
		}
	})
}

func escapePercent(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] == '%' {
			out = append(out, "%25"...)
		} else {
			out = append(out, s[i])
		}
	}
	return string(out)
}
