package eventlog

import (
	"strings"
	"testing"
)

// BenchmarkSummary reads exports in which one record of ten is of IIS.
func BenchmarkSummary(b *testing.B) {
	const other = "The Windows Time service is now synchronizing the system time with the time source."
	tail := func(row string) string {
		return strings.Repeat(strings.NewReplacer("W3SVC", "W32Time", "1009", "35", crashed, other).Replace(row), 9) + row
	}
	for name, x := range map[string]struct{ head, rows string }{
		"csv":    {eventqueryHeader, tail(`"Warning","1009","3/18/2006 10:15:28 AM","W3SVC","WEB01","None","N/A","` + crashed + `"` + "\r\n")},
		"plain":  {"", tail("3/18/2006\t10:15:28 AM\tW3SVC\tWarning\tNone\t1009\tN/A\tWEB01\t" + crashed + "\r\n")},
		"xml":    {"", tail(`<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='W3SVC'/><EventID Qualifiers='32768'>1009</EventID><Level>3</Level><TimeCreated SystemTime='2012-03-18T09:15:28.000000000Z'/><Channel>System</Channel><Computer>WEB02</Computer><Security/></System><EventData><Data>P</Data><Data>2136</Data></EventData></Event>` + "\r\n")},
		"listed": {"", tail("Event[0]:\r\n  Log Name: System\r\n  Source: W3SVC\r\n  Date: 2012-03-18T10:15:28.000\r\n  Event ID: 1009\r\n  Level: Warning\r\n  Computer: WEB02\r\n  Description: \r\n" + crashed + "\r\n\r\n")},
	} {
		b.Run(name, func(b *testing.B) {
			const size = 8 << 20
			b.SetBytes(size)
			for b.Loop() {
				var s Summary
				if _, err := s.AddFile("log", endless(x.head, x.rows, size)); err != nil || s.Events == 0 {
					b.Fatal(err, s.Events)
				}
			}
		})
	}
}
