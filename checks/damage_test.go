package checks

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"slices"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// corpusMetabase is a real MetaBase.xml, on machines that have the corpus.
const corpusMetabase = "../../shared/corpus/metabase/modulogrc__modSIC__metabaseSample.xml"

// metabases gives a metabase of this project and, where it is there, the real one.
func metabases(t *testing.T) map[string][]byte {
	t.Helper()
	healthy, err := fs.ReadFile(files, "healthy/MetaBase.xml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{"healthy": healthy}
	real, err := os.ReadFile(corpusMetabase)
	if err != nil {
		t.Logf("THE CORPUS IS NOT HERE: only this project's own metabase is damaged (%v)", err)
		return all
	}
	all["corpus"] = real
	return all
}

func scan(t *testing.T, data []byte) Report {
	t.Helper()
	s, err := snapshot.OpenFS(fstest.MapFS{"MetaBase.xml": {Data: data}})
	if err != nil {
		t.Fatal(err)
	}
	return Run(s)
}

// TestTruncatedIsNeverSilent: a metabase that ends early is a problem, wherever
// it ends; only the line end after the root may be missing.
func TestTruncatedIsNeverSilent(t *testing.T) {
	for name, data := range metabases(t) {
		whole := len(bytes.TrimRight(data, "\r\n \t"))
		for n := 0; n < whole; n += 1 + whole/200 {
			if r := scan(t, data[:n]); len(r.Problems) == 0 {
				t.Errorf("%s cut after %d of %d bytes raises no problem", name, n, whole)
			}
		}
		if r := scan(t, data[:whole]); len(r.Problems) != 0 {
			t.Errorf("%s: the whole file is a problem: %v", name, r.Problems)
		}
	}
}

// TestFlippedBytes: one byte changed may make another valid file, but nothing
// panics, and a changed angle bracket or quote is never silent.
func TestFlippedBytes(t *testing.T) {
	for name, data := range metabases(t) {
		for i := 0; i < len(data); i += 1 + len(data)/150 {
			for _, c := range []byte{0, '<', '"'} {
				damaged := bytes.Clone(data)
				damaged[i] = c
				r := scan(t, damaged)
				if c == 0 && len(r.Problems) == 0 {
					t.Errorf("%s: NUL at byte %d raises no problem", name, i)
				}
			}
		}
		for i, c := range data {
			if (c == '<' || c == '>') && i%29 == 0 {
				damaged := bytes.Clone(data)
				damaged[i] = ' '
				if r := scan(t, damaged); len(r.Problems) == 0 && i < len(data)-2 {
					t.Errorf("%s: %q at byte %d taken out raises no problem", name, c, i)
				}
			}
		}
	}
}

// TestEncodings: the same metabase in another encoding gives the same report.
func TestEncodings(t *testing.T) {
	for name, data := range metabases(t) {
		text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
		want := scan(t, data)
		for encoding, bytes := range map[string][]byte{
			"UTF-8": text, "UTF-8 with BOM": append([]byte("\xef\xbb\xbf"), text...),
			"UTF-16LE": wide(binary.LittleEndian, text), "UTF-16BE": wide(binary.BigEndian, text),
		} {
			got := scan(t, bytes)
			if len(got.Problems) > 0 || got.Properties != want.Properties || len(got.Findings) != len(want.Findings) {
				t.Errorf("%s as %s: %d properties, %d findings, problems %v; want %d and %d",
					name, encoding, got.Properties, len(got.Findings), got.Problems, want.Properties, len(want.Findings))
				continue
			}
			for i := range want.Findings {
				if got.Findings[i].Pos() != want.Findings[i].Pos() || got.Findings[i].ID != want.Findings[i].ID {
					t.Errorf("%s as %s: finding at %v, want %v", name, encoding, got.Findings[i].Pos(), want.Findings[i].Pos())
				}
			}
		}
	}
}

func wide(order binary.AppendByteOrder, text []byte) []byte {
	out := order.AppendUint16(nil, 0xfeff)
	for _, unit := range utf16.Encode([]rune(string(text))) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// TestFragmentIsNoPass: a metabase without any site says what could not be looked at.
func TestFragmentIsNoPass(t *testing.T) {
	r := scan(t, []byte(`<configuration><MBProperty><IIS_Global Location="."/></MBProperty></configuration>`))
	skipped, want := 0, 0
	for _, c := range All() {
		if slices.Contains(c.Needs, NeedSites) {
			want++
		}
	}
	for _, s := range r.Skipped {
		if s.Reason == "no web site in the metabase" {
			skipped++
		}
	}
	if skipped != want || want < 5 || len(r.Problems) > 0 {
		t.Errorf("%d checks skipped for want of a site, want %d: %+v", skipped, want, r)
	}
}
