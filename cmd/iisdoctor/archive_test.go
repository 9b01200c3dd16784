package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// packed FORM ARCHIVE FOLDER packs the files of a folder.
func packed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: packed FORM ARCHIVE FOLDER")
	}
	var raw bytes.Buffer
	ts.Check(packers[args[0]](&raw, os.DirFS(ts.MkAbs(args[2]))))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), raw.Bytes(), 0o666))
}

// packers write a tree as an archive.
var packers = map[string]func(io.Writer, fs.FS) error{
	"zip": func(w io.Writer, tree fs.FS) error {
		z := zip.NewWriter(w)
		return errors.Join(z.AddFS(tree), z.Close())
	},
	"zip-stored": packStored,
	"tar":        packTar,
	"tar.gz": func(w io.Writer, tree fs.FS) error {
		g := gzip.NewWriter(w)
		return errors.Join(packTar(g, tree), g.Close())
	},
}

func packTar(w io.Writer, tree fs.FS) error {
	t := tar.NewWriter(w)
	return errors.Join(t.AddFS(tree), t.Close())
}

// packStored compresses nothing and has no entries for folders.
func packStored(w io.Writer, tree fs.FS) error {
	z := zip.NewWriter(w)
	err := fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		entry, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return err
		}
		_, err = entry.Write(data)
		return err
	})
	return errors.Join(err, z.Close())
}

// evidence is what lies beside the shop's metabase and content: each kind that is
// read, and one that is not.
var evidence = map[string]string{
	"LogFiles/W3SVC1/ex040301.log": "#Software: Microsoft Internet Information Services 6.0\r\n#Version: 1.0\r\n#Date: 2004-03-01 08:00:00\r\n" +
		"#Fields: date time s-sitename cs-method cs-uri-stem cs-uri-query s-port c-ip sc-status sc-substatus sc-win32-status\r\n" +
		"2004-03-01 08:00:01 W3SVC1 GET /stock.json - 80 192.0.2.7 404 3 50\r\n" +
		"2004-03-01 08:00:02 W3SVC1 GET /basket/view.asp |7|ASP_0131|Disallowed_Parent_Path 80 192.0.2.7 500 0 0\r\n" +
		"2004-03-01 08:00:03 W3SVC1 GET /no-such-page.htm - 80 192.0.2.8 403 14 5\r\n",
	"LogFiles/HTTPERR/httperr1.log": "#Software: Microsoft HTTP API 1.0\r\n#Version: 1.0\r\n#Date: 2004-03-01 08:00:00\r\n" +
		"#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n" +
		"2004-03-01 08:00:04 192.0.2.9 2094 192.0.2.2 80 HTTP/1.1 GET /news.stm 503 4 AppOffline LegacyPool\r\n",
	"LogFiles/W3SVC2/nc040301.log": "192.0.2.7 - - [01/Mar/2004:10:00:01 +0100] \"GET /default.asp HTTP/1.1\" 200 1234\r\n",
	"events/System.csv": "\"Type\",\"Event\",\"Date Time\",\"Source\",\"ComputerName\",\"Category\",\"User\",\"Description\"\r\n" +
		"\"Error\",\"1002\",\"3/1/2004 8:00:04 AM\",\"W3SVC\",\"HFWEB01\",\"None\",\"N/A\",\"Application pool 'LegacyPool' is being automatically disabled due to a series of failures in the process(es) serving that application pool.\"\r\n",
	"registry/http.reg": "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters]\r\n\"MaxFieldLength\"=dword:00004000\r\n",
	"notes.txt":         "Call the provider back on Monday.\r\n",
}

// TestSameFromArchives wants the same bytes from a folder and from every archive of it.
func TestSameFromArchives(t *testing.T) {
	t.Setenv("COLUMNS", "")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../testdata/shop")); err != nil {
		t.Fatal(err)
	}
	for name, text := range evidence {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range []string{"json", "text", "github"} {
		want := scanned(t, format, dir)
		if format == "json" {
			for _, part := range []string{`"certainty": "observed"`, `"kind": "w3c-log"`, `"kind": "httperr-log"`, `"kind": "ncsa-log"`, `"kind": "event-log"`, `"kind": "registry"`, `"kind": "unknown"`} {
				if !bytes.Contains(want, []byte(part)) {
					t.Errorf("the report of the folder lacks %s", part)
				}
			}
		}
		for form, pack := range packers {
			name := filepath.Join(t.TempDir(), "collected") // recognised by what it holds
			var raw bytes.Buffer
			if err := pack(&raw, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, raw.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(scanned(t, format, name))); diff != "" {
				t.Errorf("%s of %s (-folder +archive):\n%s", format, form, diff)
			}
		}
	}
}

func scanned(t *testing.T, format, path string) []byte {
	t.Helper()
	var out, talk bytes.Buffer
	if code := run([]string{"iisdoctor", "scan", "-o", format, path}, nil, &out, &talk); code != exitFindings || talk.Len() > 0 {
		t.Fatalf("%s: exit code %d\n%s%s", path, code, &talk, &out)
	}
	return out.Bytes()
}
