package snapshot

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Real files of real servers: each folder of the corpus holds one kind, but for the
// files named here. A file that is not read is declined with words and a hint.
func TestCorpus(t *testing.T) {
	dir := filepath.FromSlash("../../shared/corpus")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the corpus of real files is not beside this repository; nothing real was recognised")
	}
	const part = "web-config: a web.config or a part of an applicationHost.config"
	odd := map[string]string{
		"srdYkambara__monzennakacho_220302__applicationHost.config": "unknown: an XML file with the root element <httpCompression>",
		"Chocobog__askSalty__applicationHost.config":                part,
		"Mattza__SL2__applicationHost.config":                       part,
		"amundead__lab__applicationHost.config":                     part,
		"web.config":                                                "web-config: ",
		"Web.config":                                                "web-config: ",
	}
	for folder, want := range map[string]string{
		"metabase": "metabase", "mbschema": "metabase-schema", "reg": "registry", "secedit": "security-policy", "urlscan": "urlscan-ini",
		"w3c": "w3c-log", "httperr": "httperr-log",
		"apphost": "applicationhost-config: ", "webconfig": "web-config: a web.config", "iis7schema": "iis7-schema: an IIS_schema.xml",
		"evtx": "evtx: an event log in binary form", "asp": "unknown: ",
	} {
		files, kinds := 0, map[string]int{}
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			want := want
			if other := odd[filepath.Base(path)]; other != "" {
				want = other
			}
			s, err := Open(path)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				return nil
			}
			files++
			f := s.Files[0]
			got := string(f.Kind)
			kinds[got]++
			if f.Note != "" {
				got += ": " + f.Note
				if len(s.Problems) != 1 || s.Problems[0].Hint == "" {
					t.Errorf("%s is declined without a reason: %v", path, s.Problems)
				}
			}
			if !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
			return nil
		})
		if err != nil || files == 0 {
			t.Errorf("%s: %d files, %v", folder, files, err)
		}
		t.Logf("%-10s %3d files %v", folder, files, kinds)
	}
}

// The real pages as the content of a server: all are listed, and all are text.
func TestCorpusContent(t *testing.T) {
	dir := filepath.FromSlash("../../shared/corpus")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the corpus of real files is not beside this repository; no real content was read")
	}
	s, err := OpenWith(Options{
		Paths: []string{filepath.Join(dir, "metabase", "modulogrc__modSIC__metabaseSample.xml")},
		Maps:  []Map{{`C:\inetpub`, filepath.Join(dir, "asp")}},
	})
	must(t, err)
	files := 0
	s.Content.Walk(`c:\inetpub`, func(e Entry) bool {
		files++
		if text, err := s.Content.Text(e.Path); err != nil || len(text.Bytes()) == 0 && e.Size > 3 {
			t.Error(e.Path, err)
		}
		return true
	})
	if files != 356 || len(s.Problems) > 0 {
		t.Error(files, s.Problems)
	}
}
