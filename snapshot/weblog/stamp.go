package weblog

import (
	"encoding/binary"
	"fmt"
)

// A stamp is a time as digits, 20030424000031: it compares as the time does, and
// zone, leap seconds and month lengths never come into it. The times of both logs
// are UTC (KB820729, cc786596). Rows without any date get one after all others.
const (
	dayStamp = 1_000_000 // one in the date's last digit
	noDate   = 99_999_999 * dayStamp
	noTime   = noDate + 999_999 // neither date nor time
)

// parseStamp reads 2003-04-24 and 00:00:31.
func parseStamp(date, clock []byte) (uint64, bool) {
	d, ok := parseDate(date)
	t, ok2 := parseClock(clock)
	return d + t, ok && ok2
}

// parseDate gives the stamp of a day's beginning.
func parseDate(b []byte) (uint64, bool) {
	if len(b) != 10 || b[4] != '-' || b[7] != '-' {
		return 0, false
	}
	n := uint64(0)
	for i, c := range b {
		if i == 4 || i == 7 {
			continue
		}
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	month, day := n/100%100, n%100
	return n * dayStamp, month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// parseClock gives 00:00:31 as 31: eight bytes at once, since every row has one.
func parseClock(b []byte) (uint64, bool) {
	if len(b) != 8 {
		return 0, false
	}
	const zeros, colons = 0x30303a30303a3030, 0x00003a00003a0000
	v := binary.BigEndian.Uint64(b)
	if v&0xf0f0fff0f0fff0f0 != zeros {
		return 0, false
	}
	v -= zeros
	d := v + 0x0606060606060606
	if d&0xf0f0f0f0f0f0f0f0 != 0 { // a digit above 9
		return 0, false
	}
	hour := v>>56*10 + v>>48&15
	minute := v>>32&15*10 + v>>24&15
	second := v>>8&15*10 + v&15
	return hour*10000 + minute*100 + second, hour < 24 && minute < 60 && second < 61
}

// stampText writes a stamp as the log does.
func stampText(s uint64) string {
	if s == noTime {
		return ""
	}
	date, clock := s/dayStamp, s%dayStamp
	text := fmt.Sprintf("%02d:%02d:%02d", clock/10000, clock/100%100, clock%100)
	if s >= noDate {
		return text
	}
	return fmt.Sprintf("%04d-%02d-%02d %s", date/10000, date/100%100, date%100, text)
}
