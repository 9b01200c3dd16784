package snapshot

import (
	"bytes"
	"regexp"
	"strings"
)

// look is what the first bytes of a file tell.
type look struct {
	kind       Kind   // metabase, schema or unknown
	what       string // for an unknown file: "an event log in binary form"
	hint       string // what to do with it
	text       []byte // the first bytes as text
	start, end int    // the stretch of text that tells, for the place of the problem
}

// recognise tells a file by its content, never by its name.
func recognise(head []byte) look {
	for _, m := range magics {
		if bytes.HasPrefix(head[min(m.at, len(head)):], []byte(m.bytes)) {
			return look{kind: KindUnknown, what: m.what, hint: m.hint}
		}
	}
	text, ok := plain(head)
	if !ok {
		return look{kind: KindUnknown, what: "a binary file", hint: hintBinary}
	}
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case len(head) == 0:
		return look{kind: KindUnknown, what: "an empty file", hint: hintCopy}
	case len(trimmed) == 0:
		return look{kind: KindUnknown, what: "a file of blanks only", hint: hintCopy}
	case hasSign(text):
		return look{kind: KindMetabase}
	case trimmed[0] == '<':
		return recogniseXML(text)
	}
	return recogniseText(text, trimmed)
}

const (
	hintCopy   = "Copy the file from the server again."
	hintPack   = "Unpack it and name the folder."
	hintBinary = "Name the MetaBase.xml of IIS 6; IIS 5 and earlier keep a binary MetaBase.bin, which is not read."
	hintBeside = "Name the server's MetaBase.xml; this file is no evidence that is read yet."
	hintIIS7   = "IIS 7 and later have no metabase; this version reads IIS 6 only."
)

// magics are the first bytes of files that people have beside a metabase.
var magics = []struct {
	at          int
	bytes, what string
	hint        string
}{
	{0, "PK\x03\x04", "a ZIP archive", hintPack},
	{0, "PK\x05\x06", "an empty ZIP archive", hintPack},
	{0, "\x1f\x8b", "a gzip archive", hintPack},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", hintPack},
	{0, "Rar!\x1a\x07", "a RAR archive", hintPack},
	{0, "MSCF", "a cabinet archive", hintPack},
	{257, "ustar", "a tar archive", hintPack},
	{0, "ElfFile\x00", "an event log in binary form (.evtx)", hintBeside},
	{4, "LfLe", "an event log in binary form (.evt)", hintBeside},
	{0, "regf", "a registry hive in binary form", hintBeside},
	{0, "MZ", "a program (.exe or .dll)", hintBeside},
	{0, "%PDF-", "a PDF document", hintBeside},
	{0, "\xd0\xcf\x11\xe0", "an Office document or installer package", hintBeside},
}

// plain gives the bytes as text good enough to tell what they are: the low bytes
// of UTF-16, else the bytes themselves. It reports false for binary data.
func plain(head []byte) ([]byte, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		head = head[3:]
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return narrow(head[2:], 0), true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return narrow(head[2:], 1), true
	case len(head) > 3 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return narrow(head, 0), true
	case len(head) > 3 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return narrow(head, 1), true
	}
	// A damaged metabase with one NUL in it is still text; its reader names the place.
	return head, bytes.Count(head, []byte{0}) <= len(head)/64
}

// narrow keeps every second byte, beginning with the one at low, where the other is 0.
func narrow(wide []byte, low int) []byte {
	out := make([]byte, 0, len(wide)/2)
	for i := 0; i+1 < len(wide); i += 2 {
		b := wide[i+low]
		if wide[i+1-low] != 0 {
			b = '?'
		}
		out = append(out, b)
	}
	return out
}

// textSigns are the first lines of other evidence.
var textSigns = []struct{ begins, what string }{
	{"#software: microsoft http api", "an HTTPERR log of HTTP.sys"},
	{"#software: microsoft internet information services", "a W3C log"},
	{"#fields:", "a W3C log"},
	{"#version:", "a W3C log"},
	{"#date:", "a W3C log"},
	{"windows registry editor", "a registry export"},
	{"regedit4", "a registry export"},
	{"[options]", "an INI file, perhaps UrlScan.ini"},
	{"[unicode]", "a security policy export (secedit)"},
	{"[system access]", "a security policy export (secedit)"},
	{"[privilege rights]", "a security policy export (secedit)"},
	{"{", "a JSON file"},
}

// logLine begins a line of a W3C or HTTPERR log.
var logLine = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d `)

func recogniseText(text, trimmed []byte) look {
	start := len(text) - len(trimmed)
	end := start + len(firstLine(trimmed))
	first := strings.ToLower(string(trimmed[:end-start]))
	l := look{kind: KindUnknown, what: "a text file that is no XML", hint: hintBeside, text: text, start: start, end: end}
	if logLine.MatchString(first) {
		l.what = "a log without its #Fields line"
	}
	for _, s := range textSigns {
		if strings.HasPrefix(first, s.begins) {
			l.what = s.what
			break
		}
	}
	return l
}

func firstLine(b []byte) []byte {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		return b[:i]
	}
	return b
}
