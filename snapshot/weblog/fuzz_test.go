package weblog

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzAdd reads anything in whole, in ranges and as a stream: the same comes out.
func FuzzAdd(f *testing.F) {
	f.Add([]byte(awkward), uint16(7))
	f.Add([]byte(iis6+from+"/my page.htm a|1|ASP_0131|x 80 - 192.0.2.9 - 404 0 2\n"), uint16(100))
	f.Add([]byte("2003-04-24 00:00:31 192.0.2.9 2094 192.0.2.1 80 HTTP/1.1 GET /a b.txt 503 - ConnLimit\r\n"), uint16(50))
	f.Add([]byte(iis6+from+"/a.asp - 80 - 192.0.2.9 - 200 0 0\n"+from+"/b.htm - 80 - 192.0.2.9 - 200 0 0\n"), uint16(100))
	f.Add([]byte("#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query sc-status sc-substatus sc-win32-status time-taken\n"+
		"2003-04-24 00:00:31 192.0.2.1 GET /a - 404 0 2 31\n2003-04-24 00:00:31 192.0.2.1 GET /b - 404 0 2 16\n"), uint16(100))
	f.Add([]byte("#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n"+
		"2003-04-24 00:00:31 192.0.2.9 2094 192.0.2.1 80 HTTP/1.1 GET /a 503 1 QueueFull P\n2003-04-24 00:00:31 192.0.2.8 1 192.0.2.1 80 HTTP/1.1 GET /a 503 1 QueueFull P\n"), uint16(90))
	f.Fuzz(func(t *testing.T, log []byte, step uint16) {
		if wide(log) {
			return // the limits of a range do not apply
		}
		var inRanges, stream Summary
		got := inRanges.addRanges("f", "1", bytes.NewReader(log), int64(len(log)), int64(step)+16, 2)
		want := stream.AddStream("f", "1", bytes.NewReader(log))
		if a, b := stream.outcome(want...), inRanges.outcome(got...); !reflect.DeepEqual(a, b) {
			t.Fatalf("ranges of %d bytes (-stream +ranges):\n%s", int(step)+16, cmp.Diff(a, b))
		}
		if f := Recognise(log); f == W3C || f == HTTPERR {
			if a, b := thorough(log).outcome(), stream.outcome(); !reflect.DeepEqual(a, b) {
				t.Fatalf("(-thorough +quick):\n%s", cmp.Diff(a, b))
			}
		}
		n := stream.Totals()
		if n.Rows+n.Junk+n.NoColumns+n.OtherService+n.NotIIS > n.Lines {
			t.Fatalf("more rows than lines: %+v", n)
		}
	})
}
