package checks

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestHeaderTooLarge(t *testing.T) {
	with := func(values string, rows ...string) fstest.MapFS {
		files := evidenceFile(layer(t, nil), "r.reg", "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters]\n"+values+"\n")
		log := "#Software: Microsoft HTTP API 1.0\n#Version: 1.0\n#Date: 2005-03-01 00:00:00\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n"
		for _, reason := range rows {
			log += "2005-03-01 10:00:00 192.0.2.1 4010 192.0.2.80 80 HTTP/1.1 GET / 400 - " + reason + " -\n"
		}
		if len(rows) > 0 {
			evidenceFile(files, "logs/HTTPERR/httperr1.log", log)
		}
		return files
	}
	const whole, field = `"MaxRequestBytes"=dword:`, `"MaxFieldLength"=dword:`
	wantRaised(t, "header-too-large", []near{
		{"no registry", layer(t, nil), "", ""},
		{"another key of the registry", evidenceFile(layer(t, nil), "r.reg", "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\n\"MaxRequestBytes\"=dword:0\n"), "", ""},
		{"nothing set", with(""), "", ""},
		{"both as installed", with(whole + "00004000\n" + field + "00004000"), "", ""},
		{"both raised", with(whole + "00010000\n" + field + "0000fffe"), "", ""},
		{"zero", with(whole + "00000000"), "error proven ", "MaxRequestBytes is 0, which is out of range (256 to 16777216): HTTP.sys then takes 256 bytes"},
		{"below the lowest field", with(field + "0000003f"), "error proven ", "MaxFieldLength is 63, which is out of range"},
		{"the lowest field", with(field + "00000040"), "warning proven ", "MaxFieldLength is 64 bytes, less than the default"},
		{"above the highest field", with(whole + "00020000\n" + field + "0000ffff"), "warning ", "MaxFieldLength is 65535, which is out of range"},
		{"a little less than the default", with(whole + "00003fff"), "warning proven ", "MaxRequestBytes is 16383 bytes, less than the default of 16384: requests with large cookies"},
		{"and refused", with(whole+"00003fff", "RequestLength"), "error observed ", "HTTPERR shows requests refused"},
		{"refused for it under the other name", with(whole+"00003fff", "FieldLength", "RequestLength"), "error observed ", "MaxRequestBytes is 16383 bytes"},
		{"field raised alone", with(field + "00008000"), "warning proven ", "MaxRequestBytes (16384 bytes in force) is less than MaxFieldLength (32768)"},
		{"refused with the defaults", with("", "FieldLength"), "warning observed ", "larger than MaxFieldLength, 16384 bytes"},
		{"refused for both", with("", "FieldLength", "RequestLength"), "warning observed ", "larger than MaxRequestBytes, 16384 bytes (RequestLength); HTTPERR shows requests refused because they are larger than MaxFieldLength"},
		{"refused for something else", with("", "Hostname", "URL_Length"), "", ""},
		{"no number", with(`"MaxRequestBytes"="0"`), "", ""},
	})
}

// TestHeaderRemedies: both limits become 32 KB; a larger one stays, the limit of the
// whole head is never left below that of a field, and neither above its range.
func TestHeaderRemedies(t *testing.T) {
	const at = `set HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters `
	for _, c := range []struct{ values, want string }{
		{`"MaxRequestBytes"=dword:00003fff`, "warning proven 16383; " + at + "MaxRequestBytes REG_DWORD 32768; " + at + "MaxFieldLength REG_DWORD 32768"},
		{`"MaxFieldLength"=dword:00008000`, "warning proven MaxRequestBytes; " + at + "MaxRequestBytes REG_DWORD 32768"},
		{`"MaxFieldLength"=dword:0000fffe`, "warning proven MaxRequestBytes; " + at + "MaxRequestBytes REG_DWORD 65534"},
		{"\"MaxRequestBytes\"=dword:00008000\n\"MaxFieldLength\"=dword:0000fffe", "warning proven 32768; " + at + "MaxRequestBytes REG_DWORD 65534"},
		{"\"MaxRequestBytes\"=dword:00020000\n\"MaxFieldLength\"=dword:00010000", "warning proven 65536; " + at + "MaxFieldLength REG_DWORD 65534"},
		{`"MaxRequestBytes"=dword:01000001`, "warning possible 16777217; " + at + "MaxRequestBytes REG_DWORD 16777216; " + at + "MaxFieldLength REG_DWORD 32768"},
	} {
		files := fstest.MapFS{"r.reg": file1("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters]\n" + c.values + "\n")}
		if got := strings.Join(listed(changed(t, files), "header-too-large"), "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.values, got, c.want)
		}
	}
}

// TestHeadersRefused: rows of HTTPERR are told of without the registry's limits too,
// without a command that might lower them; other refusals of HTTP.sys are grouped.
func TestHeadersRefused(t *testing.T) {
	for _, c := range []struct {
		name        string
		rows        []string
		large, left string
	}{
		{"no log", nil, "", ""},
		{"a request", []string{"400 1 RequestLength -"}, "warning observed HTTPERR shows requests refused because their headers are too large (1 × RequestLength). The limit MaxRequestBytes is not known: the registry was not collected; the default is 16384 bytes", ""},
		{"a field", []string{"400 1 FieldLength -", "400 - FieldLength -", "400 1 RequestLength -"}, "warning observed HTTPERR shows requests refused because their headers are too large (1 × RequestLength, 2 × FieldLength). The limit MaxRequestBytes or MaxFieldLength is", ""},
		{"scanners", []string{"400 - BadRequest -", "400 - Verb -", "400 - BadRequest -", "505 - Version_N/S -"}, "", "info observed 4 × 400 BadRequest, 400 Verb, 505 Version_N/S (the log names no site): what scanners and broken clients send"},
		{"not only scanners", []string{"400 1 URL -", "413 1 EntityTooLarge -"}, "", "info observed 1 × 400 URL on site 1: what scanners and broken clients send, no fault of the server by itself\ninfo observed 1 × 413 EntityTooLarge on site 1: not explained"},
		{"timers", []string{"- 1 Timer_ConnectionIdle -", "- - RequestLength -"}, "", ""},
	} {
		r := changed(t, kernelLog(c.rows...))
		if got := allSaid(r, "header-too-large"); !strings.HasPrefix(got, c.large) || c.large == "" && got != "" {
			t.Errorf("%s: %q, want %q", c.name, got, c.large)
		}
		if got := allSaid(r, "answer-unexplained"); !strings.HasPrefix(got, c.left) || c.left == "" && got != "" {
			t.Errorf("%s: left over %q, want %q", c.name, got, c.left)
		}
		for _, f := range r.Findings {
			if f.ID == "header-too-large" && (f.Pos().File == "" || len(f.Remedies[0].Edits) > 0) {
				t.Errorf("%s: at %q with edits %v", c.name, f.Pos(), f.Remedies[0].Edits)
			}
		}
	}
}

// TestHeaderWitness: the fields that the witness sends are too large by little.
func TestHeaderWitness(t *testing.T) {
	for _, c := range []struct {
		together     bool
		whole, field uint32
		want         string
		fields       int
	}{
		{false, 32768, 16384, "Cookie: (16385 bytes)", 1},
		{true, 16384, 16384, "2 × Cookie: (8256 bytes)", 2},
		{true, 256, 256, "2 × Cookie: (192 bytes)", 2},
		{true, 16384, 64, "328 × Cookie: (50 bytes)", 328},
		{true, 16777216, 65534, "", 0},
	} {
		w := &Witness{}
		w.sends(c.together, c.whole, c.field)
		if w.Header != c.want || len(w.fields) != c.fields || (w.unreachable == "") != (c.want != "") {
			t.Errorf("%+v: %q, %d fields, %q", c, w.Header, len(w.fields), w.unreachable)
		}
		for _, f := range w.fields {
			if strings.Trim(f.Value, "x") != "" || len(f.Value) == 0 {
				t.Errorf("%+v: %d bytes", c, len(f.Value))
			}
		}
	}
}
