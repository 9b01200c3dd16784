package eventlog

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	const layout = "2006-01-02 15:04:05.999"
	for _, test := range []struct {
		text  string
		utc   bool
		zone  Zone
		when  string // month first where ambiguous
		other string // day first where ambiguous
	}{
		{text: "2012-03-18T09:15:28.000000000Z", utc: true, zone: UTC, when: "2012-03-18 09:15:28"},
		{text: "2012-03-18T09:15:28.5", utc: true, zone: UTC, when: "2012-03-18 09:15:28.5"},
		{text: "2012-03-18T09:15:28+01:00", zone: UTC, when: "2012-03-18 08:15:28"},
		{text: "2012-03-18T09:15:28.125", zone: AsWritten, when: "2012-03-18 09:15:28.125"},
		{text: "2006/03/18 10:15:28", zone: AsWritten, when: "2006-03-18 10:15:28"},
		{text: "18.03.2006 10:15:28", zone: AsWritten, when: "2006-03-18 10:15:28"},
		{text: "2006. 03. 18. 10:15:28", zone: AsWritten, when: "2006-03-18 10:15:28"},
		{text: "18.3.06 10.15.28", zone: AsWritten, when: "2006-03-18 10:15:28"},
		{text: "20060318101528.000000+060", zone: UTC, when: "2006-03-18 09:15:28"},
		{text: "3/18/2006 12:15:28 AM", when: "2006-03-18 00:15:28"},
		{text: "3/18/2006 12:15:28\u202fPM", when: "2006-03-18 12:15:28"},
		{text: "\u200e3/\u200e18/\u200e2006 1:15:28 p.m.", when: "2006-03-18 13:15:28"},
		{text: "18/03/2006 22:15", other: "2006-03-18 22:15:00"},
		{text: "3/4/2006 22:15", when: "2006-03-04 22:15:00", other: "2006-04-03 22:15:00"},
		{text: "03-04-2006 22:15:01", when: "2006-03-04 22:15:01", other: "2006-04-03 22:15:01"},
		{text: "3/3/2006", zone: AsWritten, when: "2006-03-03 00:00:00"},
		{text: "2006-02-30 10:00:00"},
		{text: "2006-02-28 25:00:00"},
		{text: "3/18/2006 13:15:28 PM"},
		{text: "3/18/2006 1:15:28 nachm."},
		{text: "30/30/2006 10:00"},
		{text: "18.03/2006"},
		{text: "Saturday"},
		{text: ""},
	} {
		got := parseTime(test.text, test.utc)
		when := got.When
		if got.Zone == Unordered {
			when = got.monthFirst
		}
		if got.Zone != test.zone || show(when, layout) != test.when || show(got.dayFirst, layout) != test.other && got.Zone == Unordered {
			t.Errorf("%q: zone %d, %s, %s", test.text, got.Zone, show(when, layout), show(got.dayFirst, layout))
		}
	}
}

func show(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	if s := t.Format(layout); len(s) > len("2006-01-02 15:04:05") || t.Nanosecond() == 0 {
		return s
	}
	return t.String()
}

func TestEventID(t *testing.T) {
	for text, want := range map[string]int{
		"1009": 1009, " 1009 ": 1009, "2147484657": 1009, "-2147482639": 1009, "3221227740": 2268, "0xC00003F1": 1009, "1,009": 1009, "0": 0,
		"": -1, "x": -1, "99999999999": -1, "-99999999999": -1, "1.5": -1,
	} {
		got, ok := eventID(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q is %d, not %d", text, got, want)
		}
	}
}

func TestSourceOf(t *testing.T) {
	for name, want := range map[string]Source{
		"W3SVC": W3SVC, "w3svc": W3SVC, "Microsoft-Windows-IIS-W3SVC": W3SVC, "W3SVC-WP": W3SVCWP, "Microsoft-Windows-IIS-W3SVC-WP": W3SVCWP,
		"Microsoft-Windows-IIS-WMSVC": W3SVCWP, "WAS": WAS, "Microsoft-Windows-WAS": WAS, "Active Server Pages": ASP,
		"ASP.NET": ASPNET, "ASP.NET 1.1.4322.0": ASPNET, "ASP.NET 2.0.50727.0": ASPNET, "ASP.NETX": noSource, "W3SVC2": noSource, "W3LOGSVC": noSource, "": noSource,
	} {
		if got := sourceOf(name, 2214); got != want {
			t.Errorf("%q is %q, not %q", name, got, want)
		}
	}
	if got := sourceOf("Microsoft-Windows-IIS-WMSVC", 1007); got != noSource {
		t.Errorf("the management service is %q", got)
	}
}
