package iis

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/iisdoctor/iisdoctor/snapshot"
)

// registered is a snapshot with values of HTTP\Parameters; "" for no export at all.
func registered(t *testing.T, values string) *snapshot.Snapshot {
	t.Helper()
	files := fstest.MapFS{"MetaBase.xml": {Data: []byte(strings.NewReplacer("@SERVICE@", "", "@SITE@", "", "@ROOT@", "", "@SHOP@", "", "@KEYS@", "", "@POOL@", "").Replace(server))}}
	if values != "" {
		files["http.reg"] = &fstest.MapFile{Data: []byte("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters]\n" + values + "\n")}
	}
	s, err := snapshot.OpenFS(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Problems {
		t.Fatalf("problem in the fixture: %s", p)
	}
	return s
}

// TestLimits: defaults and ranges of KB820129; what holds beyond a range is inferred,
// but for MaxRequestBytes 0, of which a refusal is published.
func TestLimits(t *testing.T) {
	const other = `"Other"=dword:00000001`
	for _, row := range []struct {
		values   string
		pick     func(Limits) Limit
		value    int
		decided  string // the registry value that decided
		set      bool
		evidence string // the bytes at its place
	}{
		{"", func(l Limits) Limit { return l.MaxRequestBytes }, 16384, "MaxRequestBytes", false, ""},
		{other, func(l Limits) Limit { return l.MaxRequestBytes }, 16384, "MaxRequestBytes", false, `[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\HTTP\Parameters]`},
		{`"MaxRequestBytes"=dword:00008000`, func(l Limits) Limit { return l.MaxRequestBytes }, 32768, "MaxRequestBytes", true, "dword:00008000"},
		{`"MaxRequestBytes"=dword:00000100`, func(l Limits) Limit { return l.MaxRequestBytes }, 256, "MaxRequestBytes", true, "dword:00000100"},
		{`"MaxRequestBytes"=dword:000000ff`, func(l Limits) Limit { return l.MaxRequestBytes }, 256, "MaxRequestBytes", true, "dword:000000ff"},
		{`"MaxRequestBytes"=dword:00000000`, func(l Limits) Limit { return l.MaxFieldLength }, 256, "MaxRequestBytes", true, "dword:00000000"},
		{`"MaxRequestBytes"=dword:01000000`, func(l Limits) Limit { return l.MaxRequestBytes }, 16777216, "MaxRequestBytes", true, "dword:01000000"},
		{`"MaxRequestBytes"=dword:ffffffff`, func(l Limits) Limit { return l.MaxRequestBytes }, 16777216, "MaxRequestBytes", true, "dword:ffffffff"},
		{"", func(l Limits) Limit { return l.MaxFieldLength }, 16384, "MaxFieldLength", false, ""},
		{`"MaxFieldLength"=dword:00000040`, func(l Limits) Limit { return l.MaxFieldLength }, 64, "MaxFieldLength", true, "dword:00000040"},
		{`"MaxFieldLength"=dword:0000003f`, func(l Limits) Limit { return l.MaxFieldLength }, 64, "MaxFieldLength", true, "dword:0000003f"},
		{"\"MaxFieldLength\"=dword:0000fffe\n\"MaxRequestBytes\"=dword:00010000", func(l Limits) Limit { return l.MaxFieldLength }, 65534, "MaxFieldLength", true, "dword:0000fffe"},
		{"\"MaxFieldLength\"=dword:0000ffff\n\"MaxRequestBytes\"=dword:00010000", func(l Limits) Limit { return l.MaxFieldLength }, 65534, "MaxFieldLength", true, "dword:0000ffff"},
		{"\"MaxFieldLength\"=dword:00004000\n\"MaxRequestBytes\"=dword:00002000", func(l Limits) Limit { return l.MaxFieldLength }, 8192, "MaxRequestBytes", true, "dword:00002000"},
		{`"MaxFieldLength"=dword:00008000`, func(l Limits) Limit { return l.MaxFieldLength }, 16384, "MaxRequestBytes", false, `[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\HTTP\Parameters]`},
		{"", func(l Limits) Limit { return l.URLSegmentMaxLength }, 260, "UrlSegmentMaxLength", false, ""},
		{`"UrlSegmentMaxLength"=dword:00000000`, func(l Limits) Limit { return l.URLSegmentMaxLength }, 0, "UrlSegmentMaxLength", true, "dword:00000000"},
		{`"UrlSegmentMaxLength"=dword:00007fff`, func(l Limits) Limit { return l.URLSegmentMaxLength }, 32766, "UrlSegmentMaxLength", true, "dword:00007fff"},
		{"", func(l Limits) Limit { return l.URLSegmentMaxCount }, 255, "UrlSegmentMaxCount", false, ""},
		{`"UrlSegmentMaxCount"=dword:00004000`, func(l Limits) Limit { return l.URLSegmentMaxCount }, 16383, "UrlSegmentMaxCount", true, "dword:00004000"},
		{"", func(l Limits) Limit { return l.AllowRestrictedChars }, 0, "AllowRestrictedChars", false, ""},
		{`"AllowRestrictedChars"=dword:00000002`, func(l Limits) Limit { return l.AllowRestrictedChars }, 1, "AllowRestrictedChars", true, "dword:00000002"},
		{"", func(l Limits) Limit { return l.PercentUAllowed }, 1, "PercentUAllowed", false, ""},
		{`"percentuallowed"=dword:00000000`, func(l Limits) Limit { return l.PercentUAllowed }, 0, "PercentUAllowed", true, "dword:00000000"},
		{"", func(l Limits) Limit { return l.EnableNonUTF8 }, 1, "EnableNonUTF8", false, ""},
		{"", func(l Limits) Limit { return l.FavorUTF8 }, 1, "FavorUTF8", false, ""},
		{"", func(l Limits) Limit { return l.MaxConnections }, 0, "MaxConnections", false, ""},
		{`"MaxConnections"=dword:00000400`, func(l Limits) Limit { return l.MaxConnections }, 1024, "MaxConnections", true, "dword:00000400"},
		{`"MaxConnections"=dword:00000001`, func(l Limits) Limit { return l.MaxConnections }, 1024, "MaxConnections", true, "dword:00000001"},
		{`"MaxConnections"=dword:ffffffff`, func(l Limits) Limit { return l.MaxConnections }, 2031616, "MaxConnections", true, "dword:ffffffff"},
	} {
		got := row.pick(LimitsOf(registered(t, row.values)))
		if got.Value != row.value || got.Name != row.decided || got.Set != row.set || strings.TrimSpace(string(got.At.Bytes())) != row.evidence {
			t.Errorf("%q: %d by %s (set %v) at %q, want %d by %s (set %v) at %q",
				row.values, got.Value, got.Name, got.Set, got.At.Bytes(), row.value, row.decided, row.set, row.evidence)
		}
	}
}

// TestLimitDecides: the model names the registry value that refused a request.
func TestLimitDecides(t *testing.T) {
	for _, row := range []struct {
		values, url, field string
		status             Status
		reason, property   string
	}{
		{`"MaxFieldLength"=dword:00000040`, "http://x/", strings.Repeat("v", 61), "200", "", ""}, // "A: " and 61
		{`"MaxFieldLength"=dword:00000040`, "http://x/", strings.Repeat("v", 62), "400", "FieldLength", "MaxFieldLength"},
		{`"MaxFieldLength"=dword:00000040`, "http://x/" + strings.Repeat("u", 64), "", "414", "URL_Length", "MaxFieldLength"},
		{`"MaxRequestBytes"=dword:00000000`, "http://x/", strings.Repeat("v", 300), "400", "FieldLength", "MaxRequestBytes"},
		{`"UrlSegmentMaxLength"=dword:00000003`, "http://x/abcd", "", "400", "URL", "UrlSegmentMaxLength"},
		{`"UrlSegmentMaxCount"=dword:00000001`, "http://x/a/b", "", "400", "URL", "UrlSegmentMaxCount"},
		{`"PercentUAllowed"=dword:00000000`, "http://x/%u0041", "", "400", "URL", "PercentUAllowed"},
		{"", "http://x/../a", "", "403", "Forbidden", ""},
	} {
		s := registered(t, row.values)
		r, err := ParseURL("GET", row.url)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = []Field{{Name: "A", Value: row.field}}
		out := New(s).Decide(r)
		if row.status == "200" {
			if out.KernelReason != "" {
				t.Errorf("%s %s: refused for %s", row.values, row.url, out.KernelReason)
			}
			continue
		}
		property := ""
		if out.Because != nil {
			property = out.Because.Property
			if out.Because.Span.IsZero() || out.Because.Key != snapshot.RegHTTP {
				t.Errorf("%s: decided at %q of %s", row.values, out.Because.Span.Bytes(), out.Because.Key)
			}
		}
		if out.Status != row.status || out.KernelReason != row.reason || property != row.property || out.Handler != HTTPSys {
			t.Errorf("%s %s: %s %s by %q, want %s %s by %q", row.values, row.url, out.Status, out.KernelReason, property, row.status, row.reason, row.property)
		}
	}
}
