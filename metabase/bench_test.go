package metabase_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/metabase/metabasetest"
	"github.com/iisdoctor/iisdoctor/source"
)

// benchSites gives some 20 MB.
const benchSites = 2000

func large(tb testing.TB, sites int) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := metabasetest.Generate(&b, sites); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// BenchmarkRead reads 20 MB with every position: decoding, tree and index.
func BenchmarkRead(b *testing.B) {
	raw := large(b, benchSites)
	metabase.Builtin()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		text, p := source.Decode("MetaBase.xml", raw)
		if p != nil {
			b.Fatal(p)
		}
		if _, ps := metabase.Read(text, nil); len(ps) > 0 {
			b.Fatal(ps[0])
		}
	}
}

// BenchmarkEncodingXML only passes over the same bytes with the standard library.
func BenchmarkEncodingXML(b *testing.B) {
	raw := large(b, benchSites)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		d := xml.NewDecoder(bytes.NewReader(raw))
		for {
			if _, err := d.RawToken(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkXmllint parses the same bytes with libxml2, as a process.
func BenchmarkXmllint(b *testing.B) {
	program, err := exec.LookPath("xmllint")
	if err != nil {
		b.Skip("SKIPPED: xmllint is not installed (package libxml2-utils)")
	}
	raw := large(b, benchSites)
	file := filepath.Join(b.TempDir(), "MetaBase.xml")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if out, err := exec.Command(program, "--noout", "--huge", file).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
}

func BenchmarkEffective(b *testing.B) {
	text, _ := source.Decode("MetaBase.xml", large(b, benchSites))
	tree, _ := metabase.Read(text, nil)
	b.ReportAllocs()
	for b.Loop() {
		tree.Effective("/LM/W3SVC/777/ROOT/shop/part3/page.asp", "AspEnableParentPaths")
	}
}
