package source

import "testing"

func TestLower(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "C:\\A.EXE x": "c:\\a.exe x", "ÜBER": "über",
		"\u023aB": "\u023ab", "\u212aB": "\u212ab", "\u0130X": "\u0130x", "\xff\xc8A": "\xff\xc8a", "ÄK": "äk",
	} {
		if got := Lower(in); got != want || len(got) != len(in) {
			t.Errorf("Lower(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLooksBlank(t *testing.T) {
	for _, r := range "\u115f\u1160\u3164\uffa0\u2800\ufe0f\u034f" {
		if !LooksBlank(r) {
			t.Errorf("%U is seen", r)
		}
	}
	for _, r := range "a \u1100\u3131\u2801\uffa1é日" {
		if LooksBlank(r) {
			t.Errorf("%U is not seen", r)
		}
	}
}
