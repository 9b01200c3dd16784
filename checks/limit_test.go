package checks

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// w3cLog is a W3C log; each row is "site method stem query status substatus win32".
func w3cLog(rows ...string) fstest.MapFS {
	text := logHead
	for i, row := range rows {
		f := strings.Fields(row)
		text += fmt.Sprintf("2003-11-04 08:00:%02d W3SVC%s %s %s %s 80 - 192.0.2.7 %s %s %s\r\n", i, f[0], f[1], f[2], f[3], f[4], f[5], f[6])
	}
	return fstest.MapFS{"logs/ex.log": file1(text)}
}

// TestLimits: which rows and which values speak of a limit of ASP or CGI, and where
// the first remedy sets what. The settings stand at the site's ROOT (service: at the
// service); "" stands for no finding.
func TestLimits(t *testing.T) {
	const (
		buffer = "1 GET /big.asp |-|ASP_0251_:_80004005|Response_Buffer_Limit_Exceeded 500 0 0"
		slow   = "1 GET /slow.asp |4|ASP_0113|Script_timed_out 500 0 0"
		read   = "1 POST /up.asp |4|ASP_0104_:_80004005|Operation_not_Allowed 500 0 0"
	)
	for _, c := range []struct {
		id, root, row string
		want, edit    string
	}{
		{"asp-buffer-limit", ``, "", "", ""},
		{"asp-buffer-limit", ``, buffer, "error observed Pages that buffer more than 4,194,304 bytes of their answer stop with ASP 0251 (1 page, the first /big.asp)", "/LM/W3SVC/1/ROOT 8388608"},
		{"asp-buffer-limit", `AspBufferingLimit="65536"`, buffer, "error observed Pages that buffer more than 65,536", "/LM/W3SVC/1/ROOT 4194304"},
		{"asp-buffer-limit", `AspBufferingLimit="65536"`, slow, "warning possible ASP may buffer only 65,536 bytes", "/LM/W3SVC/1/ROOT 4194304"},
		{"asp-buffer-limit", `AspBufferingLimit="4194303"`, "", "warning possible ASP may buffer only 4,194,303 bytes", "/LM/W3SVC/1/ROOT 4194304"},
		{"asp-buffer-limit", `AspBufferingLimit="4194304"`, "", "", ""},
		{"asp-buffer-limit", ``, strings.Replace(buffer, "1 GET", "2 GET", 1), "", ""},
		{"asp-buffer-limit", ``, "1 GET /big.asp - 500 0 0", "", ""},
		{"asp-post-limit", ``, "1 POST /up.asp - 403 0 0", "error observed Uploads and forms of more than 204,800 bytes to pages of ASP are refused (1 page, the first /up.asp)", "/LM/W3SVC/1/ROOT 1048576"},
		{"asp-post-limit", ``, read, "error observed Uploads and forms", "/LM/W3SVC/1/ROOT 1048576"},
		{"asp-post-limit", `AspMaxRequestEntityAllowed="2000000"`, read, "error observed Uploads and forms", "/LM/W3SVC/1/ROOT 8000000"},
		{"asp-post-limit", `AspMaxRequestEntityAllowed="1000"`, "", "warning possible Pages of ASP take only 1,000 bytes", "/LM/W3SVC/1/ROOT 204800"},
		{"asp-post-limit", ``, "1 GET /up.asp - 403 0 0", "", ""},
		{"asp-post-limit", ``, "1 POST /up.asp - 403 1 5", "", ""},
		{"asp-post-limit", ``, "1 POST /up.htm - 403 0 0", "", ""},
		{"asp-post-limit", ``, "1 POST /up.asp - 413 0 0", "", ""},
		{"asp-post-limit", ``, "1 POST /text.asp |9|ASP_0107_:_80004005|Data_size_too_large 500 0 0", "error observed /text.asp was sent a form field of more than 100 KB", ""},
		{"asp-post-limit", ``, "2 POST /text.asp |9|ASP_0107_:_80004005|Data_size_too_large 500 0 0", "", ""},
		{"script-timeout", ``, slow, "error observed Pages of ASP that run for more than 90 seconds", "/LM/W3SVC/1/ROOT 180"},
		{"script-timeout", `AspScriptTimeout="29"`, "", "warning possible Pages of ASP may run for only 29 seconds", "/LM/W3SVC/1/ROOT 90"},
		{"script-timeout", `AspScriptTimeout="30"`, "", "", ""},
		{"script-timeout", `AspScriptTimeout="30"`, slow, "error observed Pages of ASP that run for more than 30 seconds", "/LM/W3SVC/1/ROOT 90"},
		{"script-timeout", ``, "1 GET /cgi-bin/a.exe - 502 1 0", "error observed CGI programs that run for more than 300 seconds are ended (502.1) (1 page, the first /cgi-bin/a.exe)", "/LM/W3SVC/1/ROOT 600"},
		{"script-timeout", `CGITimeout="20"`, "", "warning possible CGI programs may run for only 20 seconds", "/LM/W3SVC/1/ROOT 300"},
		{"script-timeout", ``, "1 GET /cgi-bin/a.exe - 502 2 0", "", ""},
	} {
		files := w3cLog()
		if c.row != "" {
			files = w3cLog(c.row)
		}
		var replace []string
		if c.root != "" {
			replace = []string{root, root + " " + c.root}
		}
		r := changed(t, files, replace...)
		if got := allSaid(r, c.id); c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s %s %q: %q, want %q", c.id, c.root, c.row, got, c.want)
		}
		edit := ""
		for _, f := range r.Findings {
			if f.ID == c.id && len(f.Remedies[0].Edits) > 0 {
				edit = f.Remedies[0].Edits[0].Target + " " + f.Remedies[0].Edits[0].Value
			}
		}
		if edit != c.edit {
			t.Errorf("%s %s %q: edit %q, want %q", c.id, c.root, c.row, edit, c.edit)
		}
	}
}

// TestLimitPlaces: rows below a key that has a value of its own speak of that value
// alone, others of the one above; where no key sets one the site's root is the place.
func TestLimitPlaces(t *testing.T) {
	const row = " |-|ASP_0251_:_80004005|Response_Buffer_Limit_Exceeded 500 0 0"
	shop := `<IIsWebDirectory	Location ="/LM/W3SVC/1/ROOT/shop" AspBufferingLimit="5000000"></IIsWebDirectory>` + "\n<IIsApplicationPools"
	places := func(r Report) (all []string) {
		for _, f := range r.Findings {
			if f.ID == "asp-buffer-limit" {
				all = append(all, fmt.Sprintf("%s at %s: %s for %v", f.Key, f.Span.Bytes(), f.Remedies[0].Edits[0].Target, f.Affects))
			}
		}
		return all
	}
	r := changed(t, w3cLog("1 GET /shop/all.asp"+row, "1 GET /list.asp"+row), "<IIsApplicationPools", shop)
	want := "/LM/W3SVC at 4194304: /LM/W3SVC/1/ROOT for [/list.asp]; /LM/W3SVC/1/ROOT/shop at 5000000: /LM/W3SVC/1/ROOT/shop for [/shop/all.asp]"
	if got := strings.Join(places(r), "; "); got != want {
		t.Errorf("places %s, want %s", got, want)
	}
	r = changed(t, w3cLog("1 GET /list.asp"+row), "\t\tAspBufferingLimit=\"4194304\"\n", "")
	if got := strings.Join(places(r), "; "); !strings.HasPrefix(got, "/LM/W3SVC/1/ROOT at <IIsWebVirtualDir") || !strings.HasSuffix(got, ": /LM/W3SVC/1/ROOT for [/list.asp]") {
		t.Errorf("without a value: %s", got)
	}
	r = changed(t, w3cLog("1 GET /shop/all.asp"+row), "\t\tAspBufferingLimit=\"4194304\"\n", "", "<IIsApplicationPools", shop)
	if got, want := strings.Join(places(r), "; "), "/LM/W3SVC/1/ROOT/shop at 5000000: /LM/W3SVC/1/ROOT/shop for [/shop/all.asp]"; got != want {
		t.Errorf("a value below none: %s, want %s", got, want)
	}
}

// TestPostsWithoutSubstatus: a log without the column does not tell which 403 it was.
func TestPostsWithoutSubstatus(t *testing.T) {
	const head = "#Software: Microsoft Internet Information Services 6.0\r\n#Fields: date time s-sitename cs-method cs-uri-stem cs-uri-query sc-status\r\n"
	files := fstest.MapFS{"logs/ex.log": file1(head + "2003-11-04 08:00:00 W3SVC1 POST /up.asp - 403\r\n")}
	if got := allSaid(changed(t, files), "asp-post-limit"); got != "" {
		t.Errorf("%q", got)
	}
	files = fstest.MapFS{"logs/ex.log": file1(head + "2003-11-04 08:00:00 W3SVC1 POST /up.asp |4|ASP_0104_:_80004005|Operation_not_Allowed 500\r\n")}
	if got := allSaid(changed(t, files), "asp-post-limit"); !strings.HasPrefix(got, "error observed") {
		t.Errorf("ASP 0104: %q", got)
	}
}

// TestLargeFieldPlace: the place is the page's line where the page was collected, else
// the row of the log.
func TestLargeFieldPlace(t *testing.T) {
	files := w3cLog("1 POST /text.asp |2|ASP_0107_:_80004005|Data_size_too_large 500 0 0")
	for _, page := range []string{"", "<html>\r\n<%= Request.Form(\"t\") %>\r\n</html>"} {
		want := "logs/ex.log:3:1"
		if page != "" {
			files["content/C/inetpub/wwwroot/text.asp"] = file1(page)
			want = "content/C/inetpub/wwwroot/text.asp:2:1"
		}
		for _, f := range changed(t, files).Findings {
			if f.ID == "asp-post-limit" && f.Pos().String() != want {
				t.Errorf("place %s, want %s", f.Pos(), want)
			}
		}
	}
}

// TestUploads: pages that read uploads themselves, as information, unless more is
// known or the limit was raised.
func TestUploads(t *testing.T) {
	const page = `<% b = Request.BinaryRead(Request.TotalBytes) %>`
	for _, c := range []struct {
		name, root, path, text, row string
		want                        string
	}{
		{"as installed", ``, "up.asp", page, "", "info possible Uploads to 1 page of ASP (the first /up.asp) may have at most 204,800 bytes"},
		{"included", ``, "up.asp", `<!--#include file="class.inc"-->`, "", "info possible Uploads to 1 page of ASP (the first /up.asp)"},
		{"raised", `AspMaxRequestEntityAllowed="204801"`, "up.asp", page, "", ""},
		{"no number", `AspMaxRequestEntityAllowed="much"`, "up.asp", page, "", "info possible Uploads to 1 page of ASP (the first /up.asp) may have at most 204,800 bytes"},
		{"seen", ``, "up.asp", page, "1 POST /up.asp - 403 0 0", "error observed Uploads and forms"},
		{"lowered", `AspMaxRequestEntityAllowed="1000"`, "up.asp", page, "", "warning possible Pages of ASP take only 1,000 bytes"},
		{"in a comment", ``, "up.asp", `<% ' Request.BinaryRead %>`, "", ""},
		{"another object's", ``, "up.asp", `<% b = stream.BinaryRead(1) %>`, "", ""},
		{"no page of ASP", ``, "up.htm", page, "", ""},
	} {
		files := w3cLog()
		if c.row != "" {
			files = w3cLog(c.row)
		}
		files["content/C/inetpub/wwwroot/"+c.path] = file1(c.text)
		files["content/C/inetpub/wwwroot/class.inc"] = file1(page)
		var replace []string
		if c.root != "" {
			replace = []string{root, root + " " + c.root}
		}
		got := allSaid(changed(t, files, replace...), "asp-post-limit")
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	up := fstest.MapFS{"content/C/inetpub/wwwroot/up.asp": file1(page)}
	if f := onlyOne(t, changed(t, up, `AspMaxRequestEntityAllowed="204800"`, ""), "asp-post-limit"); f.Key != "/LM/W3SVC/1/ROOT" || f.Origin != "" {
		t.Errorf("set nowhere: %q from %q", f.Key, f.Origin)
	}
	if f := onlyOne(t, changed(t, up), "asp-post-limit"); f.Origin != "/LM/W3SVC" {
		t.Errorf("set at the service: %q from %q", f.Key, f.Origin)
	}
}

// TestLimitWithoutUsual: a low value is doubted also where no key has a usual one, and
// nothing is said where every value is usual.
func TestLimitWithoutUsual(t *testing.T) {
	const usual = `AspBufferingLimit="4194304"`
	for value, want := range map[string]string{"65536": "warning possible ASP may buffer only 65,536 bytes", "4194303": "warning possible ASP may", "4194304": "", "9000000": ""} {
		if got := allSaid(changed(t, nil, usual, strings.Replace(usual, "4194304", value, 1)+" "), "asp-buffer-limit"); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

// TestLimitEvents: event 2216 of W3SVC-WP names a program that was ended (cc758052). It
// counts beside the rows of the log, and for that program also without them.
func TestLimitEvents(t *testing.T) {
	const ended = "W3SVC-WP|2216|The script that was started from the URL /cgi-bin/a.exe with parameters x has not responded within the configured time-out period. The HTTP server is terminating the script."
	for _, c := range []struct {
		row, event string
		count      int
	}{
		{"1 GET /cgi-bin/a.exe - 502 1 0", ended, 2},
		{"1 GET /CGI-BIN/A.EXE - 502 1 0", ended, 2},
		{"1 GET /cgi-bin/b.exe - 502 1 0", ended, 2},
		{"1 GET /cgi-bin/a.exe - 502 1 0", strings.Replace(ended, "W3SVC-WP", "W3SVC", 1), 1},
		{"1 GET /cgi-bin/a.exe - 502 1 0", strings.Replace(ended, "2216", "2214", 1), 1},
		{"1 GET /cgi-bin/a.exe |4|ASP_0113|Script_timed_out 500 0 0", ended, 1},
	} {
		files := w3cLog(c.row)
		maps.Copy(files, eventTable(c.event))
		for _, f := range changed(t, files).Findings {
			if f.ID == "script-timeout" && (f.Observed == nil || f.Observed.Count != c.count) {
				t.Errorf("%s, %s: %+v, want %d", c.row, c.event, f.Observed, c.count)
			}
		}
	}
}

// TestLimitEventsAlone: without a log the event shows the limit that is in force at its
// program in every site, as it does not tell the site.
func TestLimitEventsAlone(t *testing.T) {
	const ended = "W3SVC-WP|2216|The script that was started from the URL /cgi-bin/a.exe with parameters x has not responded within the configured time-out period. The HTTP server is terminating the script."
	const usual, observed = `CGITimeout="300"`, "error observed CGI programs that run for more than "
	second := func(values string) string {
		return `<IIsWebServer	Location ="/LM/W3SVC/2" ServerBindings=":81:" ` + values + "></IIsWebServer>\n<IIsWebVirtualDir	Location =\"/LM/W3SVC/2/ROOT\"></IIsWebVirtualDir>\n</MBProperty>"
	}
	for _, c := range []struct {
		event, want, edit string
		replace           []string
	}{
		{ended, observed + "300 seconds are ended (502.1) (1 page, the first /cgi-bin/a.exe)", "/LM/W3SVC 600", nil},
		{ended, observed + "20 seconds", "/LM/W3SVC 300", []string{usual, `CGITimeout="20"`}},
		{ended, observed + "300 seconds", "/LM/W3SVC 600", []string{usual, ""}},
		{ended, observed + "300 seconds", "/LM/W3SVC 600", []string{endKeys, second("")}},
		{ended, "", "", []string{endKeys, second(`CGITimeout="400"`)}},
		{ended, observed + "300 seconds", "/LM/W3SVC 600", []string{endKeys, second(`CGITimeout="400" ServerAutoStart="FALSE"`)}},
		{ended, "warning possible CGI programs may run for only 20 seconds", "/LM/W3SVC/2 300", []string{endKeys, second(`CGITimeout="20"`)}},
		{strings.Replace(ended, "2216", "2214", 1), "", "", nil},
		{"W3SVC-WP|2216|Das Skript wurde beendet.", "", "", nil},
	} {
		r := changed(t, eventTable(c.event), c.replace...)
		if got := allSaid(r, "script-timeout"); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" || strings.Contains(got, "\n") {
			t.Errorf("%q: %q, want %q", c.replace, got, c.want)
		}
		for _, f := range r.Findings {
			if f.ID == "script-timeout" && (len(f.Remedies[0].Edits) != 1 || f.Remedies[0].Edits[0].Target+" "+f.Remedies[0].Edits[0].Value != c.edit) {
				t.Errorf("%q: %v, want %s", c.replace, f.Remedies[0].Edits, c.edit)
			}
		}
	}
}
