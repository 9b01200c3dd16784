package snapshot

import (
	"bytes"
	"iter"
	"net/netip"
	"strings"
	"time"

	"github.com/iisdoctor/iisdoctor/source"
)

// UrlScanLog is one log of UrlScan: UrlScan.log, UrlScan.MMDDYY.log or with a
// process ID, in the own format of 2.x or the W3C format of 3.x.
type UrlScanLog struct {
	text *source.Text
	w3c  bool
	rows int
}

// UrlScanRow is one request that UrlScan refused or would have refused. Query and
// full client address never leave the reader.
type UrlScanRow struct {
	Time     time.Time     // local time of the server in 2.x, UTC in 3.x
	Client   string        // masked: 192.0.2.x
	Site     string        // the site's number
	Method   string        // 3.x only
	Path     string        // of the URL as sent
	Kind     UrlScanReason // what the request was refused for
	Subject  string        // what the reason names: ".exe", "..", "OPTIONS", "translate:"
	Reason   string        // the log's own words
	Rejected bool          // false where UrlScan only logs

	at source.Span
}

// Pos is where the row stands. There is no span: an excerpt would show the query.
func (r UrlScanRow) Pos() source.Pos { return r.at.Pos() }

// UrlScanReason says which part of UrlScan.ini refused a request.
type UrlScanReason string

// The reasons, after the sections and options that cause them.
const (
	UrlScanExtension     UrlScanReason = "extension"
	UrlScanSequence      UrlScanReason = "sequence"
	UrlScanQuery         UrlScanReason = "query-sequence"
	UrlScanVerb          UrlScanReason = "verb"
	UrlScanHeader        UrlScanReason = "header"
	UrlScanDot           UrlScanReason = "dot-in-path"
	UrlScanHighBit       UrlScanReason = "high-bit"
	UrlScanLength        UrlScanReason = "length"
	UrlScanNormalization UrlScanReason = "normalization"
	UrlScanRules         UrlScanReason = "rule"
	UrlScanOther         UrlScanReason = "other"
)

// ReadUrlScanLog reads a log of UrlScan. It keeps the text, not the rows: Rows
// takes them apart when they are asked for.
func ReadUrlScanLog(t *source.Text) (*UrlScanLog, []source.Problem) {
	l := &UrlScanLog{text: t}
	p := problemList{text: t}
	fields := []string(nil)
	l.lines(func(line source.Span) bool {
		b := line.Bytes()
		switch {
		case b[0] == '#':
			l.w3c = true
			fields = w3cFields(b, fields)
		case l.w3c:
			if _, ok := w3cRow(line, fields); ok {
				l.rows++
			} else {
				p.add(line.Start, line.End, "a row that does not fit #Fields", "a field for each name", "")
			}
		case isStamped(b):
			if _, ok := plainRow(line); ok {
				l.rows++
			}
		default:
			p.add(line.Start, line.End, "a line without date and time", "[MM-DD-YYYY - HH:MM:SS] and a message", "")
		}
		return true
	})
	return l, p.all()
}

// Len is the number of rows.
func (l *UrlScanLog) Len() int { return l.rows }

// Rows gives the rows in the order of the file.
func (l *UrlScanLog) Rows() iter.Seq[UrlScanRow] {
	return func(yield func(UrlScanRow) bool) {
		fields := []string(nil)
		l.lines(func(line source.Span) bool {
			if line.Bytes()[0] == '#' {
				fields = w3cFields(line.Bytes(), fields)
				return true
			}
			row, ok := plainRow(line)
			if l.w3c {
				row, ok = w3cRow(line, fields)
			}
			return !ok || yield(row)
		})
	}
}

// lines gives the lines that are not blank, until f returns false.
func (l *UrlScanLog) lines(f func(source.Span) bool) {
	b := l.text.Bytes()
	for at := 0; at < len(b); {
		lineEnd, next := nextLine(b, at)
		start, end := trimmed(b, at, lineEnd)
		at = next
		if start < end && !f(l.text.Span(start, end)) {
			return
		}
	}
}

const stampLayout = "01-02-2006 - 15:04:05"

func isStamped(b []byte) bool {
	return len(b) > len(stampLayout)+1 && b[0] == '[' && b[len(stampLayout)+1] == ']' && b[3] == '-' && b[6] == '-'
}

// plainRow reads a request line of UrlScan 2.x:
//
//	[04-30-2002 - 17:10:08] Client at 192.0.2.81: URL contains sequence 'jj', which
//	is disallowed. Request will be rejected.  Site Instance='1', Raw URL='/jj/x'
//
// The other lines tell how UrlScan was configured when it was loaded.
func plainRow(line source.Span) (UrlScanRow, bool) {
	b := line.Bytes()
	const mark = "] Client at "
	if !isStamped(b) || !bytes.HasPrefix(b[len(stampLayout)+1:], []byte(mark)) {
		return UrlScanRow{}, false
	}
	stamp, err := time.Parse(stampLayout, string(b[1:len(stampLayout)+1]))
	if err != nil {
		return UrlScanRow{}, false
	}
	rest := b[len(stampLayout)+1+len(mark):]
	client, rest, ok := bytes.Cut(rest[:min(len(rest), maxRow)], []byte(": "))
	if !ok {
		return UrlScanRow{}, false
	}
	row := UrlScanRow{Time: stamp, Client: maskClient(string(client)), at: line, Rejected: true}
	message, tail, _ := bytes.Cut(rest, []byte("Site Instance='"))
	site, tail, _ := bytes.Cut(tail, []byte("'"))
	row.Site = string(site)
	if _, url, ok := bytes.Cut(tail, []byte("Raw URL='")); ok {
		row.Path = urlPath(strings.TrimSuffix(string(url), "'"))
	}
	reason, _, rejected := strings.Cut(string(message), " Request will be rejected")
	row.Reason, row.Rejected = printable(strings.TrimSpace(reason)), rejected
	row.Kind, row.Subject = reasonOf(reason)
	return row, true
}

// maxRow bounds what of one row is looked at: UrlScan writes URLs of up to 128 KB.
const maxRow = 256 << 10

func w3cFields(b []byte, before []string) []string {
	const directive = "#fields:"
	if len(b) < len(directive) || len(b) > maxLine || !strings.EqualFold(string(b[:len(directive)]), directive) {
		return before
	}
	return strings.Fields(strings.ToLower(string(b[len(directive):])))
}

// w3cRow reads a row of UrlScan 3.x. The names of the fields are those of its
// #Fields line: Date Time c-ip s-siteid cs-method cs-uri x-action x-reason ...
func w3cRow(line source.Span, fields []string) (UrlScanRow, bool) {
	b := line.Bytes()
	cells := strings.Fields(string(b[:min(len(b), maxRow)]))
	if len(fields) == 0 || len(cells) < len(fields) {
		return UrlScanRow{}, false
	}
	cell := map[string]string{}
	for i, name := range fields {
		cell[name] = cells[i]
	}
	stamp, err := time.Parse("2006-01-02 15:04:05", cell["date"]+" "+cell["time"])
	if err != nil {
		return UrlScanRow{}, false
	}
	row := UrlScanRow{
		Time: stamp, Client: maskClient(cell["c-ip"]), Site: cell["s-siteid"], Method: cell["cs-method"],
		Path: urlPath(cell["cs-uri"]), Rejected: strings.EqualFold(cell["x-action"], "Rejected"), at: line,
	}
	reason := strings.ReplaceAll(cell["x-reason"], "+", " ")
	row.Kind, _ = reasonOf(reason)
	row.Reason = printable(reason)
	switch row.Kind {
	case UrlScanExtension, UrlScanSequence, UrlScanVerb, UrlScanQuery, UrlScanHeader:
		// x-control is the line of UrlScan.ini, cs-data would be the request's.
		if row.Subject = cell["x-control"]; row.Subject == "-" {
			row.Subject = ""
		}
	}
	return row, true
}

// reasonOf sorts the messages of both versions by the words they have in common;
// a text in quotes is what the message is about.
func reasonOf(message string) (UrlScanReason, string) {
	_, quoted, _ := strings.Cut(message, "'")
	subject := ""
	if i := strings.LastIndexByte(quoted, '\''); i >= 0 {
		subject = quoted[:i]
	}
	lower := strings.ToLower(strings.Replace(message, "'"+subject+"'", "''", 1))
	for _, r := range []struct {
		word string
		kind UrlScanReason
	}{
		{"in the path", UrlScanDot}, {"dot in path", UrlScanDot}, {"high bit", UrlScanHighBit},
		{"too long", UrlScanLength}, {"length", UrlScanLength}, {"exceed", UrlScanLength},
		{"normaliz", UrlScanNormalization}, {"second pass", UrlScanNormalization},
		{"query string", UrlScanQuery}, {"sequence", UrlScanSequence}, {"extension", UrlScanExtension},
		{"verb", UrlScanVerb}, {"header", UrlScanHeader}, {"rule", UrlScanRules},
	} {
		if strings.Contains(lower, r.word) {
			if r.kind == UrlScanDot || r.kind == UrlScanLength || r.kind == UrlScanQuery && subject != "" && len(subject) > maxSubject {
				subject = ""
			}
			return r.kind, printable(subject)
		}
	}
	return UrlScanOther, ""
}

const maxSubject = 60

// maskClient keeps of an address what tells networks apart.
func maskClient(client string) string {
	addr, err := netip.ParseAddr(strings.TrimSpace(client))
	switch {
	case err != nil:
		return "x"
	case addr.Is4():
		s := addr.String()
		return s[:strings.LastIndexByte(s, '.')] + ".x"
	}
	p, _ := addr.WithZone("").Prefix(48)
	return strings.TrimSuffix(p.Addr().String(), "::") + "::x"
}

// urlPath is the path of a URL, without its query.
func urlPath(url string) string {
	path, _, _ := strings.Cut(url, "?")
	return path
}

// looksLikeUrlScanLog recognises a log of UrlScan. head is text.
func looksLikeUrlScanLog(head []byte) bool {
	lower := bytes.ToLower(bytes.TrimLeft(head, " \t\r\n"))
	if bytes.HasPrefix(lower, []byte("#")) {
		return bytes.Contains(lower, []byte("urlscan")) || bytes.Contains(lower, []byte("x-reason"))
	}
	return isStamped(lower) && (bytes.Contains(lower, []byte("urlscan")) || bytes.Contains(lower, []byte("] client at ")))
}
