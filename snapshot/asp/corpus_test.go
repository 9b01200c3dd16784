package asp

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/source"
)

// Real pages of five real sites. There every "#include" is a directive, so a plain
// search must agree with the scanner; block headers and ends must match too.
func TestCorpus(t *testing.T) {
	dir := filepath.FromSlash("../../../shared/corpus/asp")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the corpus of real ASP pages is not beside this repository; nothing real was scanned")
	}
	naive := regexp.MustCompile(`(?i)#\s*include`)
	pages, includes, parents := 0, 0, 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, _ := source.DecodeANSI(path, raw)
		if text == nil {
			t.Errorf("%s is no text", path)
			return nil
		}
		p := Scan(text)
		pages++
		if want := len(naive.FindAllIndex(raw, -1)); len(p.Includes) != want {
			t.Errorf("%s: %d includes, a plain search finds %d", path, len(p.Includes), want)
		}
		for _, i := range p.Includes {
			includes++
			if i.HasParentPath() {
				parents++
			}
		}
		if opened := openBlocks(text); opened != 0 && !strings.HasSuffix(path, "uploadimages.asp") {
			t.Errorf("%s: %d blocks left open", path, opened)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pages, %d includes, %d of them through a parent path", pages, includes, parents)
}

// openBlocks is how many blocks of the <% %> script are open at the end of a page.
func openBlocks(text *source.Text) int {
	s := &scanner{page: &Page{Text: text}, data: text.Bytes()}
	s.script = &script{page: s.page}
	for at := 0; at < len(s.data); {
		i := strings.IndexByte(string(s.data[at:min(len(s.data), at+1)]), '<')
		if i < 0 {
			at++
			continue
		}
		at = s.tag(at)
	}
	return s.script.depth
}
