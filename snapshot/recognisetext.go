package snapshot

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

const (
	hintW3C      = "Set the site's log format to W3C extended (LogPluginClsid) for the next logs; only that has the substatus, which tells the failures apart."
	hintFirewall = "Hand over the firewall's settings instead: netsh firewall show config > firewall.txt"
)

// recognisers know their own format; raw is the file's first bytes, text the same
// as text without the blanks before it. The stricter ones stand first.
var recognisers = []struct {
	kind Kind
	is   func(raw, text []byte) bool
}{
	{KindRegistry, func(_, text []byte) bool { return looksLikeRegistry(text) }},
	{KindURLScanLog, func(_, text []byte) bool { return looksLikeUrlScanLog(beginning(text)) }},
	{KindHTTPERR, func(raw, _ []byte) bool { return weblog.Recognise(raw) == weblog.HTTPERR }},
	{KindW3C, func(raw, _ []byte) bool { return weblog.Recognise(raw) == weblog.W3C }},
	{KindSecurityPolicy, func(_, text []byte) bool { return looksLikeRights(text) }},
	{KindURLScanINI, func(_, text []byte) bool { return looksLikeUrlScan(text) }},
	{KindWorkerGroup, func(_, text []byte) bool { return looksLikeWorkerGroup(text) }},
	{KindACLs, func(_, text []byte) bool { return looksLikeACLs(text) }},
	{KindEvents, func(raw, _ []byte) bool { return eventlog.Recognise(raw) != eventlog.Unknown }},
	{KindFirewall, func(_, text []byte) bool { return looksLikeFirewall(text) }},
}

// recogniseText tells a text file by the words of a whole format, or by its first
// line that is not blank.
func recogniseText(raw, text, trimmed []byte) look {
	for _, r := range recognisers {
		if r.is(raw, trimmed) {
			return look{kind: r.kind}
		}
	}
	start := len(text) - len(trimmed)
	end := start + len(firstLine(trimmed))
	l := look{kind: KindUnknown, what: "a text file that is no evidence", hint: hintBeside, text: text, start: start, end: end}
	switch f := weblog.Recognise(raw); {
	case f == weblog.IISFormat:
		l.kind, l.what, l.hint = KindIISLog, "a log in the Microsoft IIS format", hintW3C
	case f == weblog.NCSA:
		l.kind, l.what, l.hint = KindNCSALog, "a log in the NCSA common format", hintW3C
	case isFirewallLog(beginning(trimmed)):
		l.kind, l.what, l.hint = KindFirewallLog, "a log of the Windows Firewall", hintFirewall
	case trimmed[0] == '{':
		l.what = "a JSON file"
	}
	return l
}

func isFirewallLog(beginning []byte) bool {
	lower := strings.ToLower(string(beginning))
	return strings.HasPrefix(lower, "#") && (strings.Contains(lower, "#software: microsoft windows firewall") || strings.Contains(lower, " action protocol src-ip"))
}

// beginning is what of a log tells its format: the lines that begin with # and stand
// together, or the first row. The rows hold what clients sent, so any words.
func beginning(text []byte) []byte {
	at := 0
	for at < len(text) && (text[at] == '#' || at == 0) {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return text
		}
		at += i + 1
	}
	return text[:at]
}
