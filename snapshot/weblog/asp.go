package weblog

import (
	"bytes"
	"strconv"
	"strings"
)

// aspError finds how classic ASP writes an error into the query column: the query,
// then |line|code|text. The code is ASP's own with "_" for blanks, sometimes with an
// error of the system after it, or the script engine's in eight hexadecimal digits:
// ASP_0131, ASP_0177_:_800401f3, 800a000d. Code is as logged, page line 0 where
// unknown.
func aspError(query []byte) (code []byte, line int, ok bool) {
	const shortest = len("|1|800a000d")
	for len(query) >= shortest {
		_, after, found := bytes.Cut(query, bar)
		if !found {
			return nil, 0, false
		}
		query = after
		number, rest, _ := bytes.Cut(query, bar)
		code, _, _ := bytes.Cut(rest[:min(len(rest), 32)], bar)
		if isPageLine(number) && isASPCode(code) {
			line, _ = strconv.Atoi(string(number))
			return code, line, true
		}
	}
	return nil, 0, false
}

var bar = []byte{'|'}

func isPageLine(b []byte) bool {
	return string(b) == "-" || len(b) <= 9 && allOf(b, isDigit)
}

func isASPCode(b []byte) bool {
	if number, ok := bytes.CutPrefix(b, []byte("ASP_")); ok {
		number, system, more := bytes.Cut(number, []byte("_:_"))
		return len(number) == 4 && allOf(number, isDigit) && (!more || isASPCode(system))
	}
	return len(b) == 8 && allOf(b, func(c byte) bool { return isHex(c | 0x20) })
}

// splitASP gives "ASP 0177" and "800401f3" for ASP_0177_:_800401f3.
func splitASP(code string) (asp, hresult string) {
	if !strings.HasPrefix(code, "ASP_") {
		return "", strings.ToLower(code)
	}
	asp, hresult, _ = strings.Cut(code, "_:_")
	return strings.Replace(asp, "_", " ", 1), strings.ToLower(hresult)
}
