package eventlog

import (
	"bytes"
	"path"
	"strings"
)

// Format is the form of an exported event log.
type Format string

// The formats. EVT and EVTX are recognised and declined.
const (
	Unknown Format = ""
	CSV     Format = "csv"    // a table with a header: eventquery.vbs, Export-Csv, Event Viewer of Vista and later
	Tab     Format = "tab"    // the same, separated by tabs
	Plain   Format = "plain"  // Event Viewer of Windows Server 2003: nine columns, no header (cc780824)
	XML     Format = "xml"    // wevtutil qe /f:xml, Event Viewer
	Listed  Format = "listed" // "label: value": wevtutil qe /f:text, Format-List, a copy from Event Viewer
	EVT     Format = "evt"    // the binary log of Windows Server 2003
	EVTX    Format = "evtx"   // the binary log of Vista and later
)

// headSize is how much of a file is looked at.
const headSize = 16 << 10

// What names the format for a person.
func (f Format) What() string {
	switch f {
	case CSV:
		return "an event log exported as CSV"
	case Tab, Plain, Listed:
		return "an event log exported as text"
	case XML:
		return "an event log exported as XML"
	case EVT:
		return "an event log in binary form (.evt)"
	case EVTX:
		return "an event log in binary form (.evtx)"
	}
	return "a file that is no event log"
}

// Recognise tells an export by the first bytes of the file, never by its name. It
// needs 16 KB, or the whole file.
func Recognise(head []byte) Format {
	switch {
	case bytes.HasPrefix(head, []byte("ElfFile\x00")):
		return EVTX
	case len(head) >= 8 && string(head[4:8]) == "LfLe":
		return EVT
	}
	lines := headLines(head)
	text := strings.TrimLeft(strings.Join(lines, "\n"), " \t\n")
	if strings.HasPrefix(text, "<") {
		return recogniseXML(text)
	}
	if b := findTable(lines); b.format != Unknown {
		return b.format
	}
	if recogniseListed(lines) {
		return Listed
	}
	return Unknown
}

// headLines gives the first lines of a file as text.
func headLines(head []byte) []string {
	in := newInput("", bytes.NewReader(head[:min(len(head), headSize)]))
	var lines []string
	for len(lines) < 64 {
		b, ok := in.readLine(nil, headSize)
		if !ok {
			break
		}
		lines = append(lines, string(b))
	}
	return lines
}

// eventSchema is the namespace of exported events (Windows Event Log schema).
const eventSchema = "schemas.microsoft.com/win/2004/08/events/event"

func recogniseXML(text string) Format {
	s := newScanner(newInput("", strings.NewReader(text)))
	for {
		t := s.next()
		switch {
		case t.kind == endOfFile:
			return Unknown
		case t.kind != startTag:
		case t.name == "Events":
			if strings.Contains(text, "<Event ") || strings.Contains(text, "<Event>") || strings.Contains(text, ":Event ") || !strings.Contains(text, "</") || emptyEvents(text) {
				return XML
			}
			return Unknown
		case t.name == "Event" && (strings.Contains(text, eventSchema) || strings.Contains(text, "<System>") || strings.Contains(text, ":System>")):
			return XML
		default:
			return Unknown
		}
	}
}

// emptyEvents reports whether the root has nothing in it: an export without events.
func emptyEvents(text string) bool {
	_, inside, _ := strings.Cut(text, "<Events")
	_, inside, ok := strings.Cut(inside, ">")
	return ok && (strings.TrimSpace(inside) == "" || strings.HasPrefix(strings.TrimSpace(inside), "</Events"))
}

// Declined says what a file is that is not read, and the command that exports it.
func Declined(f Format, name string) (found, hint string) {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch f {
	case EVTX:
		return f.What(), `Export it: wevtutil qe "` + base + `" /lf:true /f:RenderedXml /e:Events /uni:true > "` + stem + `.xml"`
	case EVT:
		return f.What(), `Export it on the server: cscript //nologo %SystemRoot%\System32\eventquery.vbs /l ` + logOf(stem) + ` /fo csv /v > ` + logOf(stem) + `.csv` +
			` (from the file, on Vista and later, in PowerShell: Get-WinEvent -Path '` + strings.ReplaceAll(base, "'", "''") + `' -Oldest | Export-Csv '` +
			strings.ReplaceAll(stem, "'", "''") + `.csv' -Encoding UTF8)`
	}
	return f.What(), `Export the System and the Application log: cscript //nologo %SystemRoot%\System32\eventquery.vbs /l System /fo csv /v > System.csv, or wevtutil qe System /f:RenderedXml /e:Events /uni:true > System.xml`
}

// logOf gives the log that Windows Server 2003 keeps in a file of this name.
func logOf(stem string) string {
	switch strings.ToLower(stem) {
	case "appevent", "application":
		return "Application"
	}
	return "System"
}
