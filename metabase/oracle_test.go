package metabase_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// The oracle is encoding/xml. It is lax about what these words begin: attributes
// twice, several roots, text around the root, no root at all, the XML declaration;
// and it knows nothing of keys. There the reader may complain alone.
var lax = []string{
	"attribute ", "the property ", "a second root", "text ", "a document type", "<?x", "<?X", "version=", "encoding=", "standalone=", "an XML declaration",
	"elements nested too deep", "no blank before", "the key ", "the element <", "<Custom>", "<configuration>", "an empty file", "the end of the file", "the root element", "\"<?\" ", "\"<!\" ",
	"the declared encoding", "byte 0x", "half a", "a binary file", "a ZIP", "a gzip", "an event log", "a Windows", "a PDF", "an image", "UTF-32",
}

// wellFormed asks the oracle.
func wellFormed(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// oracleDump gives what encoding/xml finds: keys and their values, without places.
func oracleDump(doc []byte) (out []string) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth := 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return out
		}
		switch x := token.(type) {
		case xml.StartElement:
			depth++
			switch depth {
			case 3:
				out = append(out, oracleKey(x)...)
			case 4:
				out = append(out, oracleCustom(x))
			}
		case xml.EndElement:
			depth--
		}
	}
}

func oracleKey(x xml.StartElement) []string {
	out := []string{""}
	for _, a := range x.Attr {
		name := a.Name.Local
		if a.Name.Space != "" {
			name = a.Name.Space + ":" + name
		}
		switch {
		case name == "Location":
			out[0] = x.Name.Local + " " + a.Value
		case name != "xmlns" && a.Name.Space != "xmlns" && a.Name.Space != "xml":
			out = append(out, fmt.Sprintf("  %s %q", name, a.Value))
		}
	}
	return out
}

func oracleCustom(x xml.StartElement) string {
	said := map[string]string{}
	for _, a := range x.Attr {
		if a.Name.Space == "" {
			said[a.Name.Local] = a.Value
		}
	}
	if said["Name"] == "" {
		said["Name"] = said["ID"]
	}
	return fmt.Sprintf("  %s %q", said["Name"], said["Value"])
}

// ourDump is dump without places, secrets read from the text itself.
func ourDump(tree *metabase.Tree) (out []string) {
	for k := range tree.Keys() {
		out = append(out, k.Class()+" "+string(k.Path()))
		for v := range k.Properties() {
			text := v.Text()
			if v.Secret() {
				text = unescape(string(v.Span().Bytes()))
			}
			out = append(out, fmt.Sprintf("  %s %q", v.Written, text))
		}
	}
	return out
}

// unescape decodes a value with the oracle's own means.
func unescape(raw string) string {
	var x struct {
		V string `xml:"v,attr"`
	}
	quote := `"`
	if strings.Contains(raw, quote) {
		quote = "'"
	}
	if err := xml.Unmarshal([]byte("<a v="+quote+raw+quote+"/>"), &x); err != nil {
		return err.Error()
	}
	return x.V
}

// check reads raw and compares with the oracle.
func check(t *testing.T, raw []byte) {
	t.Helper()
	text, problem := source.Decode("m.xml", raw)
	if text == nil {
		if problem == nil {
			t.Fatal("neither text nor problem")
		}
		return
	}
	tree, problems := metabase.Read(text, nil)
	if problem != nil {
		problems = append([]source.Problem{*problem}, problems...)
	}
	checkPlaces(t, text, tree, problems)
	err := wellFormed(text.Bytes())
	switch {
	case len(problems) == 0 && err != nil:
		if !oddName(tree, text.Bytes()) {
			t.Fatalf("read without a problem; the oracle says %v\n%q", err, raw)
		}
	case len(problems) == 0:
		if diff := cmp.Diff(oracleDump(text.Bytes()), ourDump(tree)); diff != "" && !oddName(tree, text.Bytes()) {
			t.Fatalf("%s\n%q", diff, raw)
		}
	case err == nil && !allLax(problems, text.Bytes()):
		t.Fatalf("the oracle has no objection to %v\n%q", problems, raw)
	}
}

func allLax(problems []source.Problem, doc []byte) bool {
	for _, p := range problems {
		ok := false
		for _, prefix := range lax {
			ok = ok || strings.HasPrefix(p.Found, prefix) || strings.Contains(p.Found, "> in <configuration>") || strings.Contains(p.Found, "in the XML declaration")
		}
		if ok || strings.HasPrefix(p.Found, "the character U+") && uncheckedPlace(doc, p.Pos) {
			return true // what follows a problem may be its consequence
		}
	}
	return false
}

// uncheckedPlace reports whether a place lies in a comment or an instruction, where
// encoding/xml checks no characters.
func uncheckedPlace(doc []byte, p source.Pos) bool {
	off := 0
	for range p.Line - 1 {
		off += bytes.IndexByte(doc[off:], '\n') + 1
	}
	before := doc[:off+len(string([]rune(string(doc[off:]))[:p.Column-1]))]
	in := func(open, end string) bool {
		return bytes.LastIndex(before, []byte(open)) > bytes.LastIndex(before, []byte(end))
	}
	return in("<!--", "-->") || in("<?", "?>")
}

// oddName reports whether the file has names about which XML's editions and
// namespaces differ: beyond ASCII, or with odd colons.
func oddName(tree *metabase.Tree, doc []byte) bool {
	return bytes.Contains(doc, []byte("::")) || bytes.ContainsFunc(doc, func(r rune) bool { return r >= 0x80 }) || bytes.Count(doc, []byte(":")) > 20 ||
		oddColon(doc)
}

func oddColon(doc []byte) bool {
	for word := range bytes.FieldsFuncSeq(doc, func(r rune) bool { return strings.ContainsRune(" \t\r\n<>='\"/?", r) }) {
		if bytes.Count(word, []byte(":")) > 1 || bytes.HasPrefix(word, []byte(":")) || bytes.HasSuffix(word, []byte(":")) {
			return true
		}
	}
	return false
}

// checkPlaces follows every place and every answer of the tree.
func checkPlaces(t *testing.T, text *source.Text, tree *metabase.Tree, problems []source.Problem) {
	t.Helper()
	lines := bytes.Count(text.Bytes(), []byte("\n")) + 1
	inside := func(s source.Span, what string) {
		t.Helper()
		if s.Start < 0 || s.End < s.Start || s.End > len(text.Bytes()) {
			t.Fatalf("%s: span %d..%d of %d", what, s.Start, s.End, len(text.Bytes()))
		}
		p := s.Pos()
		if e, ok := text.Excerpt(p); !ok || p.Line > lines || p.Column < 1 || p.EndColumn < p.Column || e.Start+e.Length > len([]rune(e.Line)) {
			t.Fatalf("%s: place %v, excerpt %+v", what, p, e)
		}
	}
	for _, p := range problems {
		if _, ok := text.Excerpt(p.Pos); !ok || p.Pos.Line < 1 || p.Pos.Line > lines || p.Pos.Column < 1 || p.Pos.EndColumn < p.Pos.Column || p.Found == "" {
			t.Fatalf("problem at %+v: %s", p.Pos, p.Message())
		}
	}
	for k := range tree.Keys() {
		inside(k.Span(), "key")
		if found, ok := tree.Key(k.Path()); !ok || found != k {
			t.Fatalf("key %q is not found again", k.Path())
		}
		for v := range k.Properties() {
			inside(v.Span(), v.Property)
			inside(v.NameSpan(), v.Property+" name")
			for _, i := range v.Items() {
				inside(i.Span, v.Property+" item")
			}
			v.Bool()
			v.Uint()
			if got := k.Effective(v.Property); got != v && v.Usable() {
				t.Fatalf("%s: own %+v, effective %+v", v.Property, v, got)
			}
		}
	}
	tree.Sites()
	tree.Lists("/LM/W3SVC/1/ROOT/x", "MimeMap")
}

// fixtures are whole files to begin from.
func fixtures(tb testing.TB) [][]byte {
	tb.Helper()
	out := [][]byte{[]byte(keys(server)), large(tb, 1)}
	for _, pattern := range []string{"../testdata/*/*etabase.xml", "../testdata/*/*etaBase.xml", "../checks/*/*etaBase.xml"} {
		files, _ := filepath.Glob(pattern)
		for _, f := range files {
			if raw, err := os.ReadFile(f); err == nil {
				out = append(out, raw)
			}
		}
	}
	return out
}

// Files with random damage: the reader and the oracle must agree.
func TestAgainstEncodingXML(t *testing.T) {
	seeds := fixtures(t)
	for _, raw := range seeds {
		check(t, raw)
	}
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"<", ">", "\"", "'", "&", ";", "/", "=", " ", "\n", "\r\n", "&amp;", "&#65;", "&bad;", "<!--", "-->", "--", "<?x?>", "<![CDATA[", "]]>", "</A>", "<A Location='/q'/>", "\x00", "\x01", "\xFF", "é", "x"}
	for range 400 {
		doc := bytes.Clone(seeds[0])
		for range 1 + r.IntN(3) {
			i, j := r.IntN(len(doc)), r.IntN(30)
			piece := pieces[r.IntN(len(pieces))]
			switch r.IntN(3) {
			case 0: // put in
				doc = append(doc[:i:i], append([]byte(piece), doc[i:]...)...)
			case 1: // leave out
				doc = append(doc[:i:i], doc[min(len(doc), i+j):]...)
			default: // write over
				copy(doc[i:], piece)
			}
		}
		check(t, doc)
	}
}

// A file that ends early must never pass silently, wherever it ends.
func TestTruncated(t *testing.T) {
	whole := keys(server)
	document := len(strings.TrimSpace(whole)) // what follows the root may be missing
	for n := range document {
		if problems := readRaw([]byte(whole[:n])); len(problems) == 0 {
			t.Fatalf("cut off after %d bytes: no problem\n%q", n, whole[max(0, n-40):n])
		}
	}
	wide := utf16LE(whole)
	for n := range 2 + 2*document {
		if problems := readRaw(wide[:n]); len(problems) == 0 {
			t.Fatalf("UTF-16 cut off after %d bytes: no problem", n)
		}
	}
}

func readRaw(raw []byte) []source.Problem {
	text, p := source.Decode("m.xml", raw)
	if p != nil {
		return []source.Problem{*p}
	}
	_, problems := metabase.Read(text, nil)
	return problems
}

func utf16LE(s string) []byte {
	out := []byte{0xFF, 0xFE}
	for _, r := range s { // the fixture has no letters beyond the basic plane
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

// Another encoding changes no answer and no place.
func TestEncodingsReadTheSame(t *testing.T) {
	plain, _ := read(t, keys(server))
	for name, raw := range map[string][]byte{
		"UTF-16":            utf16LE(keys(server)),
		"UTF-16 unmarked":   utf16LE(keys(server))[2:],
		"UTF-8 with a mark": append([]byte("\xEF\xBB\xBF"), keys(server)...),
	} {
		tree, problems := read(t, string(raw))
		if len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		if diff := cmp.Diff(dump(plain), dump(tree)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, raw := range fixtures(f) {
		f.Add(raw)
	}
	f.Add([]byte("<configuration><MBProperty><A Location='/a'><Custom Name='x' ID='6021' Value='&#13;\r\n'/></A></MBProperty></configuration>"))
	f.Fuzz(check)
}

func FuzzReadSchema(f *testing.F) {
	f.Add([]byte(ownSchema))
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, _ := source.Decode("MBSchema.xml", raw)
		if text == nil {
			return
		}
		s, problems := metabase.ReadSchema(text)
		for _, p := range problems {
			if _, ok := text.Excerpt(p.Pos); !ok {
				t.Fatalf("problem at %+v", p.Pos)
			}
		}
		for _, class := range s.Classes() {
			for _, p := range s.ClassProperties(class) {
				s.Allows(class, p)
				s.InForce(p)
			}
		}
	})
}

// Real files, where they are beside the repository.
func TestCorpus(t *testing.T) {
	files, _ := filepath.Glob("../../shared/corpus/metabase/*.xml")
	if len(files) == 0 {
		t.Skip("SKIPPED: no real metabases beside the repository")
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if problems := readRaw(raw); len(problems) > 0 {
			t.Errorf("%s: %v", file, problems)
		}
		check(t, raw)
		text, _ := source.Decode(file, raw)
		n := len(bytes.TrimSpace(text.Bytes()))
		for i := 0; i < n; i += 1 + n/4000 {
			if problems := readRaw(text.Bytes()[:i]); len(problems) == 0 {
				t.Errorf("%s cut off after %d bytes: no problem", file, i)
			}
		}
	}
}
