package checks

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

func TestMimeWildcard(t *testing.T) {
	const last = `.zip,application/x-zip-compressed"`
	types := func(entries string) []string {
		return []string{last, `.zip,application/x-zip-compressed
			` + entries + `"`}
	}
	inc := map[string]string{"C/inetpub/wwwroot/inc/a.inc": "x"}
	mdb := map[string]string{"C/inetpub/wwwroot/db/shop.mdb": "x"}
	atRootList := []string{atRoot, atRoot + "		MimeMap=\"*,application/octet-stream\"\n"}
	wantRaised(t, "mime-wildcard", []near{
		{"as installed", layer(t, inc), "", ""},
		{"everything", layer(t, inc, types("*,application/octet-stream")...), "warning proven /LM/MimeMap: ", "(2 files now open, the first /inc/a.inc)"},
		{"at a site", layer(t, nil, atRootList...), "warning proven /LM/W3SVC/1/ROOT: ", "The type for *"},
		{".inc", layer(t, inc, types(".INC,text/plain")...), "warning proven ", "The type for .inc makes IIS send"},
		{".config without a file", layer(t, nil, types(".config,text/xml")...), "warning proven ", "The type for .config"},
		{".asa has a script map", layer(t, nil, types(".asa,text/plain")...), "", ""},
		{"a database", layer(t, mdb), "warning proven /LM/MimeMap: ", "The type for .mdb makes IIS send files that no visitor should read (1 file now open, the first /db/shop.mdb)"},
		{"a database without Read", layer(t, mdb, rootFlags, "		AccessFlags=\"AccessScript\"\n"+atRoot), "", ""},
		{"a star in a name", layer(t, nil, types(".x*,text/plain")...), "", ""},
		{"a template", layer(t, nil, "		ServerComment=\"Anyone may read the pages of this site.\"\n", "		MimeMap=\"*,application/octet-stream\"\n"), "", ""},
	})
}

// TestRemoveMimeCommands: a type is taken out by a script that keeps the others.
func TestRemoveMimeCommands(t *testing.T) {
	r := Remedy{Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: "/LM/MimeMap", Property: "MimeMap", Op: metabase.Remove, Value: "*,application/octet-stream"}}}
	want := []string{
		`echo Set o = GetObject("IIS://localhost/MimeMap") > %TEMP%\mime.vbs`,
		`echo m = o.GetEx("MimeMap") : n = -1 >> %TEMP%\mime.vbs`,
		`echo For i = 0 To UBound(m) >> %TEMP%\mime.vbs`,
		`echo If StrComp(m(i).Extension, "*", 1) Then n = n + 1 : Set m(n) = m(i) >> %TEMP%\mime.vbs`,
		`echo Next >> %TEMP%\mime.vbs`,
		`echo If n = -1 Then o.PutEx 1, "MimeMap", 0 >> %TEMP%\mime.vbs`,
		`echo If n + 1 Then ReDim Preserve m(n) : o.PutEx 2, "MimeMap", m >> %TEMP%\mime.vbs`,
		`echo o.SetInfo >> %TEMP%\mime.vbs`,
		`cscript //nologo %TEMP%\mime.vbs`,
		`net stop w3svc & net start w3svc`,
	}
	if d := cmp.Diff(want, r.Commands()); d != "" {
		t.Error(d)
	}
}
