package snapshot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A file of a folder that begins as evidence is read or is a problem, whatever NUL
// bytes and line ends have done to it.
func TestDamagedFiles(t *testing.T) {
	const (
		w3c     = "#Software: Microsoft Internet Information Services 6.0\r\n#Fields: date time cs-method cs-uri-stem sc-status\r\n"
		row     = "2004-01-31 10:00:00 GET /a.htm 404\r\n"
		http    = "#Software: Microsoft HTTP API 1.0\r\n#Fields: date time s-reason\r\n2004-01-31 10:00:00 QueueFull\r\n"
		reg     = "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\X]\r\n\"a\"=dword:1\r\n"
		acl     = "C:\\inetpub BUILTIN\\Users:(OI)(CI)R\r\n"
		rights  = "[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18\r\n[Version]\r\nRevision=1\r\n"
		urlscan = "[03-04-2004 - 10:00:00] ---------------- UrlScan.dll Initializing ----------------\r\n"
		events  = "Type,Event,Date Time,Source,ComputerName,Category,User,Description\r\nerror,1002,3/18/2006 10:15:30 AM,W3SVC,WEB01,None,N/A,x\r\n"
	)
	nuls, cr := strings.Repeat("\x00", 90_000), func(s string) string { return strings.ReplaceAll(s, "\r\n", "\r") }
	const lost = " NUL bytes, 90000 in all: what stood there is lost"
	for _, c := range []struct {
		name, body string
		kind       Kind
		problem    string // of the first; "" for none
	}{
		{"W3C, space reserved", w3c + row + nuls, KindW3C, ""},
		{"W3C, a hole", w3c + row + nuls + "\r\n" + row, KindW3C, ""},
		{"W3C, a hole before it", nuls[:30_000] + w3c + row, KindW3C, ""},
		{"HTTPERR, space reserved", http + nuls, KindHTTPERR, ""},
		{"registry", reg + strings.Repeat("; x\r\n", 200) + nuls, KindRegistry, ":205:1" + lost},
		{"a short registry", reg + nuls, KindRegistry, ":1:1 a binary file"},
		{"ACLs", strings.Repeat(acl, 20) + nuls + acl, KindACLs, ":21:1" + lost},
		{"events", events + nuls, KindEvents, ":3:1" + lost},
		{"rights", strings.Repeat(";\r\n", 300) + rights + nuls, KindSecurityPolicy, ":307:1" + lost},
		{"UrlScan log", strings.Repeat(urlscan, 10) + nuls, KindURLScanLog, ":11:1" + lost},
		{"no evidence", "hello\r\n" + strings.Repeat("\x00\x01", 500), KindUnknown, ""},

		{"W3C with CR", cr(w3c + row), KindW3C, ":1:1 lines that end in CR alone: what stands in them is not read"},
		{"HTTPERR with CR", cr(http), KindHTTPERR, ":1:1 lines that end in CR alone: what stands in them is not read"},
		{"registry with CR", cr(reg), KindRegistry, ""},
		{"ACLs with CR", cr(acl + acl), KindACLs, ""},
		{"events with CR", cr(events), KindEvents, ""},
		{"rights with CR", cr(rights), KindSecurityPolicy, ""},
		{"UrlScan log with CR", cr(urlscan), KindURLScanLog, ""},
		{"UrlScan 3 log with CR", cr("#Software: Microsoft UrlScan 3.1\r\n#Fields: Date Time x-reason\r\n2004-01-31 10:00:00 x\r\n"), KindURLScanLog, ""},
	} {
		s, err := Open(folder(t, map[string]string{"f": c.body}))
		must(t, err)
		var want []string
		if c.problem != "" {
			want = []string{"f" + c.problem}
		}
		got := problems(s)
		if c.kind == KindUnknown { // that nothing was found is another problem
			got = nil
		}
		if d := cmp.Diff(want, got[:min(1, len(got))]); s.Files[0].Kind != c.kind || len(want)+len(got) > 0 && d != "" {
			t.Errorf("%s: %v %s", c.name, s.Files, d)
		}
		if strings.Contains(c.name, "with CR") && c.problem == "" && !s.hasEvidence() {
			t.Errorf("%s: nothing was read", c.name)
		}
	}
}

// With line ends of CR alone the readers find what they find otherwise.
func TestLinesOfCR(t *testing.T) {
	s, err := Open(folder(t, map[string]string{
		"a.reg": "REGEDIT4\r\r[HKEY_LOCAL_MACHINE\\X]\r\"a\"=dword:00000007\r",
		"b.txt": "[03-04-2004 - 10:00:00] UrlScan\r[03-04-2004 - 10:00:01] Client at 192.0.2.81: URL contains extension '.exe', which is disallowed. Request will be rejected.  Site Instance='1', Raw URL='/a.exe'\r",
	}))
	must(t, err)
	v, known := s.Registry.Value(`HKLM\X`, "a")
	if n, _ := v.DWORD(); known != Yes || n != 7 || place(v.At) != "4:5 dword:00000007" {
		t.Error(known, n, place(v.At))
	}
	if len(s.URLScanLogs) != 1 || s.URLScanLogs[0].Len() != 1 || len(s.Problems) > 0 {
		t.Error(s.URLScanLogs, s.Problems)
	}
}
