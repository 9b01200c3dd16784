package snapshot

import (
	"bytes"

	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
)

// look is what the first bytes of a file tell.
type look struct {
	kind       Kind
	form       archiveForm // of an archive
	what       string      // for a file that is not read: "an event log in binary form"
	hint       string      // what to do with it
	text       []byte      // the first bytes as text
	start, end int         // the stretch of text that tells, for the place of the problem
}

// archiveForm is how an archive is packed.
type archiveForm int8

const (
	noArchive archiveForm = iota
	formZip
	formTar
	formGzip // not yet looked into
	formTarGzip
)

// streamed reports whether a file of this kind is read as it comes, however long it is.
func (l look) streamed() bool {
	return l.kind == KindW3C || l.kind == KindHTTPERR || l.kind == KindEvents
}

// recognise tells a file by its first bytes, never by its name. A metabase whose
// beginning is damaged is only looked for in a file that should be one: its words
// stand in notes and manuals as well.
func recognise(head []byte, should bool) look {
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) && bytes.Contains(head[:min(len(head), 64)], []byte("[Content_Types].xml")) {
		return look{kind: KindUnknown, what: "an Office document", hint: hintBeside}
	}
	for _, m := range magics {
		if bytes.HasPrefix(head[min(m.at, len(head)):], []byte(m.bytes)) {
			return look{kind: m.kind, form: m.form, what: m.what, hint: m.hint}
		}
	}
	if f := eventlog.Recognise(head); f == eventlog.EVT || f == eventlog.EVTX {
		return look{kind: Kind(f), what: f.What()}
	}
	text, ok := plain(head)
	if !ok {
		return recogniseHoles(head, should)
	}
	text = lineEnds(text)
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case len(head) == 0:
		return look{kind: KindUnknown, what: "an empty file", hint: hintCopy}
	case len(trimmed) == 0:
		return look{kind: KindUnknown, what: "a file of blanks only", hint: hintCopy}
	case (should || trimmed[0] == '<') && !isPage(trimmed) && hasSign(text):
		return look{kind: KindMetabase}
	case trimmed[0] == '<' && eventlog.Recognise(head) == eventlog.Unknown:
		return recogniseXML(text)
	}
	return recogniseText(head, text, trimmed)
}

// recogniseHoles tells a file with many NUL bytes by what stands before the first
// behind its beginning. A text that lost a part to them is read as far as it goes,
// with a problem at the place: it must not pass for a file of no interest.
func recogniseHoles(head []byte, should bool) look {
	begin, _, _ := bytes.Cut(bytes.TrimLeft(head, "\x00"), []byte{0})
	if len(begin) > 0 {
		if l := recognise(begin, should); l.kind != KindUnknown && l.kind != KindArchive && l.what == "" {
			return l
		}
	}
	return look{kind: KindUnknown, what: "a binary file", hint: hintBinary}
}

const (
	hintCopy   = "Copy the file from the server again."
	hintPack   = "Unpack it and name the folder, or pack it as .zip or .tar.gz."
	hintBinary = "Name the MetaBase.xml of IIS 6; IIS 5 and earlier keep a binary MetaBase.bin, which is not read."
	hintBeside = "Name the server's MetaBase.xml; this file is no evidence that is read."
	hintPage   = `Name the server's MetaBase.xml, and map the folder of its pages: --map 'C:\inetpub\wwwroot=FOLDER'.`
	hintIIS7   = "IIS 7 and later have no metabase; this version reads IIS 6 only."
	hintHive   = `Export the keys on the server: reg export HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters http.reg`
)

// magics are the first bytes of files that people have beside a metabase.
var magics = []struct {
	at          int
	bytes, what string
	kind        Kind
	form        archiveForm
	hint        string
}{
	{at: 0, bytes: "PK\x03\x04", kind: KindArchive, form: formZip},
	{at: 0, bytes: "PK\x05\x06", kind: KindArchive, form: formZip},
	{at: 0, bytes: "\x1f\x8b", kind: KindArchive, form: formGzip},
	{at: 257, bytes: "ustar", kind: KindArchive, form: formTar},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", KindUnknown, 0, hintPack},
	{0, "Rar!\x1a\x07", "a RAR archive", KindUnknown, 0, hintPack},
	{0, "MSCF", "a cabinet archive", KindUnknown, 0, hintPack},
	{0, "BZh", "a bzip2 archive", KindUnknown, 0, hintPack},
	{0, "\xfd7zXZ\x00", "an xz archive", KindUnknown, 0, hintPack},
	{0, "regf", "a registry hive in binary form", KindHive, 0, hintHive},
	{0, "MZ", "a program (.exe or .dll)", KindUnknown, 0, hintBeside},
	{0, "%PDF-", "a PDF document", KindUnknown, 0, hintBeside},
	{0, "\xd0\xcf\x11\xe0", "an Office document or installer package", KindUnknown, 0, hintBeside},
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
	// Space that was reserved and never written is NUL bytes at the end. A damaged
	// metabase with one NUL in it is still text; its reader names the place.
	text := bytes.TrimRight(head, "\x00")
	return text, bytes.Count(text, []byte{0}) <= len(text)/64 && (len(text) > 0 || len(head) == 0)
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

func firstLine(b []byte) []byte {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		return b[:i]
	}
	return b
}
