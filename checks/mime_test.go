package checks

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestMimeUnmapped: a file of a well-known type is a fault as soon as it is there, one
// of another type when logs ask for it; else the remedy says what it may lay open.
func TestMimeUnmapped(t *testing.T) {
	const asked = "1 GET /a.xyz - 404 3 50"
	for _, c := range []struct {
		name, file, row string
		want            string
		risk            bool
	}{
		{"a type of the list", "a.zip", "", "", false},
		{"well known", "a.json", "", "error proven MimeMap; add /LM/MimeMap MimeMap .json,application/json", false},
		{"unknown", "a.xyz", "", "warning proven MimeMap; add /LM/MimeMap MimeMap .xyz,application/octet-stream", true},
		{"unknown and asked for", "a.xyz", asked, "error observed MimeMap; add /LM/MimeMap MimeMap .xyz,application/octet-stream", false},
		{"refused for another reason", "a.xyz", strings.Replace(asked, "404 3", "404 2", 1), "warning proven MimeMap; add /LM/MimeMap MimeMap .xyz,application/octet-stream", true},
		{"of another site", "a.xyz", strings.Replace(asked, "1 GET", "2 GET", 1), "warning proven MimeMap; add /LM/MimeMap MimeMap .xyz,application/octet-stream", true},
	} {
		files := w3cLog()
		if c.row != "" {
			files = w3cLog(c.row)
		}
		r := changed(t, evidenceFile(files, "content/C/inetpub/wwwroot/"+c.file, "x"))
		if got := strings.Join(listed(r, "mime-unmapped"), "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		for _, f := range r.Findings {
			if f.ID != "mime-unmapped" {
				continue
			}
			if doubted := strings.Contains(f.Message, "Whether visitors are meant to get such files is not known"); doubted != c.risk || (f.Remedies[0].Risk != "") != c.risk || len(f.Affects) != 1 {
				t.Errorf("%s: %q with risk %q, affects %q", c.name, f.Message, f.Remedies[0].Risk, f.Affects)
			}
		}
	}
}

// TestMimeWildcardRemedies: * gives way to the types that files meant for visitors need,
// each once; what is taken out is looked for where the list is shown.
func TestMimeWildcardRemedies(t *testing.T) {
	const server, site = "the server's Properties, MIME Types", "Properties, HTTP Headers tab, MIME Types"
	content := map[string]string{
		"a.htm": "x", "b/two.json": "x", "b/one.json": "x", "c/film.xyz": "x", "inc/a.inc": "x",
		"inc/old.bak": "x", "db/shop.mdb": "x", "bin/a.woff": "x",
	}
	take := func(list, entry string) string {
		return "warning proven " + entry + "; remove " + list + " MimeMap " + entry
	}
	add := func(list string, entries ...string) (text string) {
		for _, e := range entries {
			text += "; add " + list + " MimeMap " + e
		}
		return text
	}
	const all, inc, zip = "*,application/octet-stream", ".inc,text/plain", ".zip,application/x-zip-compressed"
	const list, top = "/LM/MimeMap", "/LM/W3SVC/1/ROOT"
	mdb := take(list, ".mdb,application/x-msaccess")
	for _, c := range []struct {
		name    string
		replace []string
		want    []string
		steps   string // of the first remedy: the first of the first finding, and where
		url     string
	}{
		{"a database", nil, []string{mdb}, "Better still, move the database | " + server + ": select .mdb, Remove", "/db/shop.mdb"},
		{"includes", []string{zip, zip + "\n\t\t\t" + inc}, []string{mdb, take(list, inc)}, server + ": select .inc, Remove | " + server, "/inc/a.inc"},
		{"includes of the site", []string{root, root + ` MimeMap="` + inc + `"`}, []string{mdb, take(top, inc)}, site + ": select .inc, Remove | " + site, "/inc/a.inc"},
		{"everything", []string{zip, zip + "\n\t\t\t" + all}, []string{mdb, take(list, all) + add(list, ".json,application/json", ".xyz,application/octet-stream")}, "Look through the content | " + server + ": select *, Remove", "/inc/a.inc"},
	} {
		files := fstest.MapFS{}
		for name, text := range content {
			files["content/C/inetpub/wwwroot/"+name] = file1(text)
		}
		r := changed(t, files, c.replace...)
		if got := strings.Join(listed(r, "mime-wildcard"), "\n"); got != strings.Join(c.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.Join(c.want, "\n"))
		}
		first, where, _ := strings.Cut(c.steps, " | ")
		found := false
		for _, f := range r.Findings {
			if f.ID != "mime-wildcard" || f.Witness == nil || f.Witness.URL != "http://www.contoso.com"+c.url {
				continue
			}
			found = true
			if steps := f.Remedies[0].Steps; !strings.Contains(steps[0], first) || !strings.Contains(steps[0]+steps[1], where) {
				t.Errorf("%s: %q", c.name, steps)
			}
		}
		if !found {
			t.Errorf("%s: nothing is asked for %s", c.name, c.url)
		}
	}
}
