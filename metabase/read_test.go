package metabase_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// read reads a metabase that stands in the test.
func read(t *testing.T, xml string) (*metabase.Tree, []source.Problem) {
	t.Helper()
	text, p := source.Decode("m.xml", []byte(xml))
	if p != nil {
		t.Fatal(p)
	}
	return metabase.Read(text, nil)
}

// keys wraps keys into the envelope of the file; the first one begins at line 3.
func keys(xml string) string {
	return "<?xml version =\"1.0\"?>\n<configuration xmlns=\"urn:microsoft-catalog:XML_Metabase_V64_0\"><MBProperty>\n" + xml + "\n</MBProperty></configuration>\n"
}

// dump writes what was read: key, place, values with their places.
func dump(tree *metabase.Tree) []string {
	var out []string
	for k := range tree.Keys() {
		p := k.Span().Pos()
		out = append(out, fmt.Sprintf("%s %s %d:%d-%d", k.Class(), k.Path(), p.Line, p.Column, p.EndColumn))
		for v := range k.Properties() {
			at, name := v.Span().Pos(), v.NameSpan().Pos()
			out = append(out, fmt.Sprintf("  %s (%s %d:%d-%d) %d:%d-%d %q", v.Property, v.Written, name.Line, name.Column, name.EndColumn, at.Line, at.Column, at.EndColumn, v.Text()))
		}
	}
	return out
}

func TestReadAccepts(t *testing.T) {
	for _, c := range []struct {
		name, xml string
		want      []string
	}{
		{"as IIS writes it", keys("<IIsWebServer\tLocation =\"/LM/W3SVC/1\"\n\t\tServerComment=\"Köln &amp; Söhne\"\n\t\tServerBindings=\":80:\n\t\t\t:81:\"\n\t>\n</IIsWebServer>"), []string{
			"IIsWebServer /LM/W3SVC/1 3:1-38",
			`  ServerComment (ServerComment 4:3-16) 4:18-34 "Köln & Söhne"`,
			`  ServerBindings (ServerBindings 5:3-17) 5:19-23 ":80:\n\t\t\t:81:"`}},
		{"Windows line ends", keys("<IIsWebServer Location=\"/LM/W3SVC/1\"\r\n  ServerBindings=\":80:\r\n:81:\"\r\n></IIsWebServer>\r\n"), []string{
			"IIsWebServer /LM/W3SVC/1 3:1-37", `  ServerBindings (ServerBindings 4:3-17) 4:19-23 ":80:\n:81:"`}},
		{"single quotes, a tag that closes itself, blanks around =", keys(`<IIsWebServer Location = '/LM/W3SVC/1' ServerComment = 'say "hi"' />`), []string{
			"IIsWebServer /LM/W3SVC/1 3:1-39", `  ServerComment (ServerComment 3:40-53) 3:57-65 "say \"hi\""`}},
		{"no declaration, no namespace, a comment", "<!-- edited -->\n<configuration>\n<MBProperty><!-- a <b> & c --></MBProperty></configuration>", nil},
		{"a prefix", `<m:configuration xmlns:m="urn:x"><m:MBProperty><m:IIS_ROOT Location="/" AdminEmail="a@b.example"/></m:MBProperty></m:configuration>`, []string{
			"IIS_ROOT / 1:48-72", `  AdminEmail (AdminEmail 1:73-83) 1:85-96 "a@b.example"`}},
		{"instructions", "<?xml version='1.0' encoding='utf-8' standalone='yes' ?><?mso x?><configuration><MBProperty/></configuration><!-- end -->\n\n", nil},
		{"unknown class and property are kept", keys(`<MyClass Location="/LM/Mine" Colour="blue"/>`), []string{
			"MyClass /LM/Mine 3:1-29", `  Colour (Colour 3:30-36) 3:38-42 "blue"`}},
		{"references", keys(`<A Location="/a&#47;b" AdminName="&lt;&gt;&apos;&quot;&#65;&#x1D11E;&#10;x"/>`), []string{
			"A /a/b 3:1-23", `  AdminName (AdminName 3:24-33) 3:35-75 "<>'\"A𝄞\nx"`}},
		{"custom, known by its ID", keys("<A Location=\"/a\">\n<Custom Name=\"Unknown_3001\" ID=\"3001\" Value=\"C:\\x\" Type=\"STRING\" UserType=\"IIS_MD_UT_FILE\" Attributes=\"INHERIT\"/>\n</A>"), []string{
			"A /a 3:1-17", `  Path (Unknown_3001 4:15-27) 4:46-50 "C:\\x"`}},
		{"custom, known by name only", keys("<A Location=\"/a\"><Custom ID=\"70001\" Name=\"Mine\" Value=\"1\"></Custom></A>"), []string{
			"A /a 3:1-17", `  Mine (Mine 3:43-47) 3:56-57 "1"`}},
		{"custom without a name", keys(`<A Location="/a"><Custom ID="6014" Value="x"/></A>`), []string{
			"A /a 3:1-17", `  ScriptMaps (6014 3:30-34) 3:43-44 "x"`}},
		{"custom without a value", keys(`<A Location="/a"><Custom Name="Mine" ID="70001"/></A>`), []string{
			"A /a 3:1-17", `  Mine (Mine 3:32-36) 3:25-25 ""`}},
		{"UNCAuthenticationPassthrough", keys(`<A Location="/a"><Custom Name="x" ID="3006" Value="1"/></A>`), []string{
			"A /a 3:1-17", `  UNCAuthenticationPassthrough (x 3:32-33) 3:52-53 "1"`}},
		{"several MBProperty", `<configuration><MBProperty><A Location="/a"/></MBProperty><MBProperty><B Location="/b"/></MBProperty></configuration>`, []string{
			"A /a 1:28-44", "B /b 1:71-87"}},
		{"letters beyond ASCII in names", keys(`<Schlüssel Location="/a" Größe="1"/>`), []string{
			"Schlüssel /a 3:1-25", `  Größe (Größe 3:26-31) 3:33-34 "1"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, problems := read(t, c.xml)
			if len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			if diff := cmp.Diff(c.want, dump(tree)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadProblems(t *testing.T) {
	const ok = `<B Location="/b"/>`
	for _, c := range []struct {
		name, xml string
		at        string   // line:column of the first problem, or of the last
		found     string   // the beginning of its words
		kept      []string // paths of the keys that were read
	}{
		{"a path of many levels", keys(`<A Location="/a` + strings.Repeat("/a", 255) + `"/><A Location="/a` + strings.Repeat("/a", 256) + `"/>` + ok), "3:542", "a key path of 257 levels and 514 bytes", []string{strings.Repeat("/a", 256), "/b"}},
		{"a path of many bytes", keys(ok + `<A Location="/` + strings.Repeat("a", 32<<10) + `"/>`), "3:32", "a key path of 1 levels and 32769 bytes", []string{"/b"}},
		// The file as a whole.
		{"empty", "", "1:1", "an empty file", nil},
		{"blank", "  \n ", "2:2", "the end of the file", nil},
		{"comment only", "<!-- x -->", "1:11", "the end of the file", nil},
		{"plain text", "Location = /LM", "1:1", "text before the root element", nil},
		{"another root", "<metabase/>", "1:1", "the root element <metabase>", nil},
		{"the schema", "<?xml version='1.0'?>\n<MetaData xmlns='x'/>", "2:1", "the root element <MetaData>, the schema MBSchema.xml", nil},
		{"web.config", "<configuration>\n <system.web/></configuration>", "2:2", "<system.web> in <configuration>: this is a web.config", nil},
		{"no MBProperty", "<configuration></configuration>", "1:1", "<configuration> without <MBProperty>", nil},
		{"two roots", "<configuration><MBProperty>" + ok + "</MBProperty></configuration>\n<configuration/>", "2:1", "a second root element <configuration>", []string{"/b"}},
		{"text after the root", keys(ok) + "x", "5:1", "text after the root element", []string{"/b"}},
		{"an end tag after the root", keys(ok) + "</MBProperty>", "5:1", "</MBProperty>, which closes nothing", []string{"/b"}},
		{"a reference after the root", keys(ok) + "&amp;", "5:1", "text after the root element", []string{"/b"}},
		{"DTD", "<!DOCTYPE configuration [<!ENTITY x 'y'>]><configuration/>", "1:1", "a document type declaration", nil},
		{"a declaration that is not first", " <?xml version='1.0'?><configuration/>", "1:2", "<?xml in the middle of the file", nil},
		{"version 1.1", "<?xml version='1.1'?><configuration/>", "1:7", `version="1.1" in the XML declaration`, nil},
		{"no version", "<?xml encoding='utf-8'?><configuration/>", "1:7", `encoding="utf-8" in the XML declaration`, nil},
		{"an empty declaration", "<?xml ?><configuration/>", "1:1", "an XML declaration without version", nil},
		{"a broken declaration", "<?xml version=1.0?><configuration/>", "1:1", "an XML declaration that is not understood", nil},
		{"an instruction that never ends", "<?xml version='1.0'>", "1:1", "<?xml that never ends", nil},

		// Tags.
		{"mismatched", keys("<A Location='/a'></B>"), "3:18", "</B>", []string{"/a"}},
		{"upper and lower case", keys("<A Location='/a'></a>"), "3:18", "</a>", []string{"/a"}},
		{"a missing end tag", "<configuration><MBProperty>\n" + ok + "\n<A Location='/a'>\n</MBProperty></configuration>", "4:1", "</MBProperty>", []string{"/b", "/a"}},
		{"cut off between keys", "<configuration><MBProperty>" + ok + "\n", "2:1", "the end of the file inside <MBProperty> of line 1", []string{"/b"}},
		{"cut off inside a tag", "<configuration><MBProperty>" + ok + "\n<A Location='/a' ", "2:18", "the end of the file inside the tag <A> of line 2", []string{"/b"}},
		{"cut off inside a value", "<configuration><MBProperty>" + ok + "\n<A Location='/a", "2:13", "the value of Location never ends", []string{"/b"}},
		{"cut off after =", "<configuration><MBProperty><A Location=", "1:40", "the end of the file inside the tag <A>", nil},
		{"< before a letter", keys("< A/>"), "3:1", `"<" that begins no tag`, nil},
		{"a tag in a tag", keys("<A <B"), "3:4", `"<" inside a tag`, nil},
		{"a lone slash", keys("<A Location='/a' / >"), "3:18", `"/" inside a tag`, nil},
		{"an end tag with more in it", keys("<A Location='/a'></A x>"), "3:18", "</A without its >", []string{"/a"}},
		{"nested too deep", "<configuration><MBProperty>" + "<A>" + strings.Repeat("<B>", 253) + "\n<C>", "2:1", "elements nested too deep", nil},

		// Attributes.
		{"no value", keys("<A Location/>"), "3:4", "the attribute Location without a value", nil},
		{"no quotes", keys("<A Location=/a />"), "3:13", "the value of Location without quotes", nil},
		{"no blank between", keys("<A Location='/a'Path='x'/>"), "3:17", "no blank before the next attribute", nil},
		{"a quote too many", keys("<A Location='/a'' />"), "3:17", "a quote where an attribute should begin", nil},
		{"a missing closing quote", keys("<A Location='/a'\n Path=\"C:\\x\n ID=\"5\"/>"), "4:7", "the value of Path runs into the next attribute", nil},
		{"< in a value", keys("<A Location='/a'\n Path=\"a<b\"/>"), "4:9", `"<" in the value of Path, begun at line 4`, nil},
		{"a bare ampersand", keys("<A Location='/a' Path=\"a & b\"/>"), "3:26", `"&" without its semicolon`, nil},
		{"an entity without semicolon", keys("<A Location='/a' Path=\"a&amp b\"/>"), "3:25", `"&amp" without its semicolon`, nil},
		{"an unknown entity", keys("<A Location='/a' Path=\"&nbsp;\"/>"), "3:24", "the unknown entity &nbsp;", nil},
		{"a character XML forbids", keys("<A Location='/a' Path=\"&#0;\"/>"), "3:24", "the character reference &#0;", nil},
		{"a number out of range", keys("<A Location='/a' Path=\"&#x110000;\"/>"), "3:24", "the character reference &#x110000;", nil},
		{"half a surrogate pair", keys("<A Location='/a' Path=\"&#xD800;\"/>"), "3:24", "the character reference &#xD800;", nil},
		{"no digits", keys("<A Location='/a' Path=\"&#x;\"/>"), "3:24", "the unknown entity &#x;", nil},
		{"a control character", keys("<A Location='/a' Path=\"a\x01\"/>"), "3:25", "the character U+0001", nil},
		{"a non-character", keys("<A Location='/a' Path=\"\uFFFF\"/>"), "3:24", "the character U+FFFF", nil},
		{"twice", keys("<A Location='/a' Path='x'\n Path='y'/>"), "4:2", "attribute Path twice in one element", []string{"/a"}},
		{"Location twice", keys("<A Location='/a' Location='/b'/>"), "3:18", "attribute Location twice in one element", []string{"/a"}},
		{"xmlns twice", "<configuration xmlns='a' xmlns='b'><MBProperty/></configuration>", "1:26", "attribute xmlns twice", nil},
		{"in another spelling", keys("<A Location='/a' Path='x' PATH='y'/>"), "3:27", "the property Path twice at one key", []string{"/a"}},
		{"as attribute and custom", keys("<A Location='/a' Path='x'><Custom Name='y' ID='3001' Value='z'/></A>"), "3:41", "the property Path twice at one key", []string{"/a"}},

		// Comments and text.
		{"a comment that never ends", keys("<!-- x"), "3:1", "a comment that never ends", nil},
		{"two hyphens in a comment", keys("<!-- a -- b -->"), "3:8", `"--" inside a comment`, nil},
		{"a control character in a comment", keys("<!-- \x02 -->"), "3:6", "the character U+0002", nil},
		{"a declaration in the middle", keys("<!ELEMENT x>"), "3:1", `"<!" that begins no comment`, nil},
		{"CDATA that never ends", keys("<![CDATA[ x"), "3:1", "a CDATA section that never ends", nil},
		{"text between keys", keys("stray\n" + ok), "3:1", "text between elements", []string{"/b"}},
		{"a > too early", keys("<A Location='/a'>\n Path='x'>\n</A>"), "4:2", "text between elements", []string{"/a"}},
		{"CDATA between keys", keys("<![CDATA[x]]>" + ok), "3:1", "text between elements", []string{"/b"}},
		{"]]> in text", keys("a]]>"), "3:2", `"]]>" in text`, nil},
		{"an unknown entity in text", keys("&nbsp;"), "3:1", "the unknown entity &nbsp;", nil},

		// Keys.
		{"no Location", keys("<A Path='x'/>\n" + ok), "3:1", "the key <A> without Location", []string{"/b"}},
		{"the same path twice", keys("<A Location='/LM/x'/>\n<A Location='/lm/X/' Path='y'/>" + ok), "4:14", "the key /lm/X/ a second time, first in line 3", []string{"/LM/x", "/b"}},
		{"a key inside a key", keys("<A Location='/a'>\n <B Location='/c'><D/></B></A>" + ok), "4:2", "the element <B> inside a key", []string{"/a", "/b"}},
		{"custom without name and ID", keys("<A Location='/a'><Custom Value='x'/></A>"), "3:18", "<Custom> without Name and ID", []string{"/a"}},
		{"an element in Custom", keys("<A Location='/a'><Custom Name='x' ID='70001'><b/></Custom></A>"), "3:46", "the element <b> inside <Custom>", []string{"/a"}},
		{"an element beside MBProperty", "<configuration>\n<MBProperty>" + ok + "</MBProperty>\n<Other><x/></Other></configuration>", "3:1", "the element <Other> in <configuration>", []string{"/b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, problems := read(t, c.xml)
			if len(problems) == 0 {
				t.Fatal("no problem")
			}
			p := problems[len(problems)-1]
			if !strings.HasPrefix(p.Found, c.found) {
				p = problems[0]
			}
			if at := fmt.Sprintf("%d:%d", p.Pos.Line, p.Pos.Column); at != c.at || !strings.HasPrefix(p.Found, c.found) || p.Pos.File != "m.xml" {
				t.Errorf("got %s: %s\nwant %s: %s", at, p.Message(), c.at, c.found)
			}
			var kept []string
			for k := range tree.Keys() {
				kept = append(kept, string(k.Path()))
			}
			if diff := cmp.Diff(c.kept, kept); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A file of another kind must not drown the reader in problems.
func TestReadBoundsProblems(t *testing.T) {
	_, problems := read(t, keys(strings.Repeat("<A/>\n", 5000)))
	if len(problems) != 101 || problems[100].Found != "more problems" {
		t.Errorf("got %d problems", len(problems))
	}
}

func TestCounts(t *testing.T) {
	tree, _ := read(t, keys(`<A Location="/a" Path="x" Colour="blue"><Custom Name="x" ID="70001" Value="1"/><Custom Name="y" ID="6014" Value="1"/></A><A Location="/a" Odd="1"/><A Odd="2"/><B Location="/b"/>`))
	if k, p, n := tree.Counts(); k != 2 || p != 4 || n != 2 {
		t.Errorf("got %d keys, %d properties, %d not understood", k, p, n)
	}
}
