package snapshot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func testRegistry(t *testing.T) *Registry {
	t.Helper()
	r, problems := ReadRegistry(fixture(t, "http.reg"))
	problems = append(problems, r.Read(fixture(t, "classes.reg"))...)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return r
}

func TestRegistryValues(t *testing.T) {
	r := testRegistry(t)
	for _, c := range []struct {
		key, name string
		known     Known
		at        string
		number    uint32
		isNumber  bool
		texts     []string
	}{
		{RegHTTP, "MaxFieldLength", Yes, "5:18 dword:00008000", 32768, true, nil},
		{`hkey_local_machine\system\controlset001\SERVICES\http\parameters`, "maxfieldlength", Unknown, "none", 0, false, nil},
		{`HKLM\SYSTEM\ControlSet002\Services\HTTP\Parameters`, "maxfieldlength", Yes, "5:18 dword:00008000", 32768, true, nil},
		{`HKEY_LOCAL_MACHINE\SYSTEM\CURRENTCONTROLSET\Services\HTTP\Parameters\`, "maxfieldlength", Yes, "5:18 dword:00008000", 32768, true, nil},
		{RegHTTP, "ErrorLoggingDir", Yes, `7:19 "D:\\logs \"old\"\\"`, 0, false, []string{`D:\logs "old"\`}},
		{RegHTTP, "", Yes, `8:3 "default value"`, 0, false, []string{"default value"}},
		{RegHTTP, "UrlSegmentMaxLength", No, "none", 0, false, nil},
		{RegHTTP + `\UrlAclInfo`, "x", No, "none", 0, false, nil},
		{`HKLM\SYSTEM\CurrentControlSet\Services\W3SVC`, "x", Unknown, "none", 0, false, nil},
		{RegInetInfo, "DisableStaticFileCache", Yes, "11:26 hex:01", 1, true, nil},
		{RegInetInfo, "PoolThreadLimit", Yes, "12:19 hex(4):10,00,00,00", 16, true, nil},
		{RegInetInfo, "DispatchEntries", Yes, "13:19 hex(7):4c,00,44,00,41,00,50,00,53,00,56,00,43,00,00,00,57,00,\\\r\n  33,00,53,00,56,00,43,00,00,00,00,00", 0, false, []string{"LDAPSVC", "W3SVC"}},
		{RegInetInfo, "InstallPath", Yes, "15:15 hex(2):25,00,53,00,79,00,73,00,25,00,\\\r\n  5c,00,78,00,00,00", 0, false, []string{`%Sys%\x`}},
		{RegInetInfo, "Big", Yes, "17:7 hex(b):01,00,00,00,00,00,00,00", 0, false, nil},
		{RegInetInfo, "DefaultPassword", Yes, `18:19 "Invented-1"`, 0, false, nil},
		{RegInetInfo, "LimitBlankPasswordUse", Yes, "19:25 dword:00000001", 1, true, nil},
		{RegMSV1, "Auth132", Yes, `13:11 "IISSUBA"`, 0, false, []string{"IISSUBA"}},
		{`HKCR\.WEBM`, "content type", Yes, `23:16 "video/webm"`, 0, false, []string{"video/webm"}},
		{`HKLM\Software\Classes\.webm`, "", Yes, `22:3 "WebM"`, 0, false, []string{"WebM"}},
	} {
		v, known := r.Value(c.key, c.name)
		n, isNumber := v.DWORD()
		if known != c.known || place(v.At) != c.at || n != c.number || isNumber != c.isNumber {
			t.Errorf("%s %s: %v %s %d %v", c.key, c.name, known, place(v.At), n, isNumber)
		}
		if d := cmp.Diff(c.texts, v.Strings()); d != "" {
			t.Errorf("%s %s: %s", c.key, c.name, d)
		}
	}
}

func TestRegistrySecrets(t *testing.T) {
	text := source.NewText("f.reg", []byte("REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\n"+
		"\"DefaultPassword\"=\"s3cret\"\n\"SvcPwd\"=hex:73,33,\\\n  63\n\"ApiToken\"=\"\"\n\"Name\"=\"shown\"\n"+
		"[HKLM\\SYSTEM\\CurrentControlSet\\Services\\SNMP\\Parameters\\ValidCommunities]\n\"s3cret\"=dword:4\n"+
		"[HKLM\\SECURITY\\Policy\\Secrets]\n@=\"s3cret\"\n\"Broken\"=\"s3cret\" s3cret\"\n\"Odd\"=sz:s3cret\n"))
	r, problems := ReadRegistry(text)
	for _, c := range []struct {
		name        string
		secret, set bool
	}{{"DefaultPassword", true, true}, {"SvcPwd", true, true}, {"ApiToken", true, false}, {"Name", false, true}} {
		v, _ := r.Value(`HKLM\SOFTWARE\X`, c.name)
		_, shown := v.Str()
		if v.Secret() != c.secret || v.Set() != c.set || shown == c.secret || v.Secret() && v.Bytes() != nil {
			t.Errorf("%s: secret %v, set %v, shown %v", c.name, v.Secret(), v.Set(), shown)
		}
	}
	for line := 3; line <= 13; line++ {
		if e, ok := text.Excerpt(source.Pos{Line: line, Column: 1, EndColumn: 2}); !ok || strings.Contains(e.Line, "s3cret") {
			t.Errorf("line %d shows %q", line, e.Line)
		}
	}
	for _, p := range problems {
		if strings.Contains(p.Message(), "s3cret") {
			t.Error(p)
		}
	}
}

func TestRegistryClasses(t *testing.T) {
	r := testRegistry(t)
	if v, known := r.ClassServer("cdonts.newmail"); known != Yes || cmp.Diff([]string{`C:\win\cdonts.dll`}, v.Strings()) != "" {
		t.Errorf("CDONTS.NewMail %v %q", known, v.Strings())
	}
	if _, known := r.ClassServer("CDO.Message"); known != Unknown {
		t.Errorf("a class of no export: %v", known)
	}
	r.Read(source.NewText("all.reg", []byte("REGEDIT4\n[HKEY_CLASSES_ROOT]\n")))
	if _, known := r.ClassServer("CDO.Message"); known != No {
		t.Errorf("a class that a whole export does not hold: %v", known)
	}
	var none *Registry
	if _, known := none.ContentType(".webm"); known != Unknown || none.HasKey("HKLM") != Unknown || none.Values("HKLM") != nil {
		t.Error("no registry knows nothing")
	}
}

func TestRegistryDeletes(t *testing.T) {
	r, problems := ReadRegistry(source.NewText("f.reg", []byte("REGEDIT4\n[HKLM\\A]\n\"x\"=dword:1\n\"y\"=dword:2\n[HKLM\\A\\B]\n\"z\"=dword:3\n"+
		"[HKLM\\A]\n\"x\"=-\n\"y\"=dword:4\n[-HKLM\\A\\B]\n\"lost\"=dword:1\n[HKLM\\C\\D]\n\"z\"=dword:1\n[-HKLM\\C]\n[HKLM\\C\\D]\n\"new\"=dword:5\n")))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		key, name string
		known     Known
		number    uint32
	}{
		{`HKLM\A`, "x", No, 0}, {`HKLM\A`, "y", Yes, 4}, {`HKLM\A\B`, "z", No, 0}, {`HKLM\A\B`, "lost", No, 0},
		{`HKLM\C\D`, "z", No, 0}, {`HKLM\C\D`, "new", Yes, 5}, {`HKLM\C`, "x", No, 0}, {`HKLM\E`, "x", Unknown, 0},
	} {
		v, known := r.Value(c.key, c.name)
		if n, _ := v.DWORD(); known != c.known || n != c.number {
			t.Errorf("%s %s: %v %d", c.key, c.name, known, n)
		}
	}
}

func TestRegistryProblems(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"REGEDIT4\r\n\r\n[HKLM\\A]\r\n\"a\"=dword:ff\r\n; c\r\n", nil},
		{"\r\n Windows Registry Editor Version 5.00 \r\n[HKLM\\A]\n\"a\" = \"x\" ; c\n", nil},
		{"REGEDIT4\n[HKLM\\A]\n\"a\"=\"two\nlines\"\n\"b\"=\"\\\"\"\n", nil},
		{"[HKLM\\A]\n", []string{"1:1 no registry export's first line"}},
		{"REGEDIT4\n[HKLM\\A\n\"a\"=dword:1\n[X\\Y]\n", []string{"2:1 a key without ]", "4:1 a key below no hive"}},
		{"REGEDIT4\n\"a\"=dword:1\n[HKLM\\A]\nx\n  \"a\"\n\"a\"=dword:123456789\n\"b\"=dword:\n\"c\"=hex:0g\n\"d\"=hex:000\n\"e\"=e\n", []string{
			"2:1 a value above the first key", "4:1 a line that is no key, value or comment", "5:3 a value without its name in quotes",
			"6:5 a DWORD that is no hexadecimal number", "7:5 a DWORD that is no hexadecimal number", "8:10 data that is not hexadecimal",
			"9:11 data that is not hexadecimal", "10:5 data of no known form",
		}},
		{"REGEDIT4\n[HKLM\\A]\n\"a\"=\"x\n\n[HKLM\\B]\n\"b\"=\"y\"\n", []string{`3:5 a text without its closing quote`}},
		{"REGEDIT4\n[HKLM\\A]\n\"a\"=\"x\" y\n\"b\"=\"z", []string{`3:9 something behind the closing quote`, `4:5 a text without its closing quote`}},
		{"REGEDIT4\n[HKLM\\A]\n\"a\"=hex:00,\\\n[HKLM\\B]\n\"b\"=hex:00,\\\n", nil},
	} {
		_, problems := ReadRegistry(source.NewText("f.reg", []byte(c.text)))
		if d := cmp.Diff(c.want, said(problems)); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
	}
}
