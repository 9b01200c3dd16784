package snapshot

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// UrlScan is one UrlScan.ini, of UrlScan 2.x or 3.x.
type UrlScan struct {
	options  map[string]iniValue
	limits   map[string]iniValue
	lists    map[string][]UrlScanEntry // by section, folded; an empty section has an empty list
	sections map[string]source.Span
	Rules    []UrlScanRule // those of RuleList, in its order
}

// UrlScanEntry is one line of a list section: a verb, ".exe", "translate:", "..".
type UrlScanEntry struct {
	Text string
	At   source.Span
}

// UrlScanRule is one rule of UrlScan 3: texts that it looks for, and where.
type UrlScanRule struct {
	Name        string
	At          source.Span // its section
	AppliesTo   []string    // extensions; empty for all requests
	ScanHeaders []string
	Deny        []UrlScanEntry // the lines of its DenyDataSection

	ScanURL, ScanQueryString, ScanAllRaw, DenyUnescapedPercent bool
}

// ReadUrlScan reads a UrlScan.ini.
func ReadUrlScan(t *source.Text) (*UrlScan, []source.Problem) {
	p := problemList{text: t}
	u := &UrlScan{options: map[string]iniValue{}, limits: map[string]iniValue{}, lists: map[string][]UrlScanEntry{}, sections: map[string]source.Span{}}
	sections := map[string]iniSection{}
	for _, s := range iniSections(t, &p, func(string) bool { return true }) {
		fold := strings.ToLower(s.name)
		if first, twice := sections[fold]; twice {
			// UrlScan's own answer is not documented; both parts are taken.
			first.lines = append(first.lines, s.lines...)
			sections[fold] = first
			continue
		}
		sections[fold], u.sections[fold] = s, s.head
	}
	u.settings(u.options, sections["options"], &p)
	u.settings(u.limits, sections["requestlimits"], &p)
	for _, name := range urlScanLists {
		fold := strings.ToLower(name)
		if s, ok := sections[fold]; ok {
			u.lists[fold] = entries(s)
		}
	}
	u.rules(sections, &p)
	u.judge(&p)
	return u, p.all()
}

// settings reads a section of name=value lines; of a name that stands twice the
// first counts, as in all Windows INI files.
func (u *UrlScan) settings(into map[string]iniValue, s iniSection, p *problemList) {
	for _, v := range s.values(p, commentTail) {
		if fold := strings.ToLower(v.Name); into[fold].Name == "" {
			into[fold] = v
		}
	}
}

// commentTail is where " ; comment" begins, behind a blank or at the start.
func commentTail(b []byte) int {
	for i, c := range b {
		if c == ';' && (i == 0 || isBlank(b[i-1])) {
			return i
		}
	}
	return -1
}

// entries reads a list section: one entry a line, without its comment.
func entries(s iniSection) []UrlScanEntry {
	out := []UrlScanEntry{}
	for _, line := range s.lines {
		b := line.Bytes()
		end := len(b)
		if cut := commentTail(b); cut >= 0 {
			end = cut
		}
		if start, end := trimmed(b, 0, end); start < end {
			out = append(out, UrlScanEntry{Text: string(b[start:end]), At: line.Text.Span(line.Start+start, line.Start+end)})
		}
	}
	return out
}

// rules reads the sections that RuleList names, and the lists that those name.
func (u *UrlScan) rules(sections map[string]iniSection, p *problemList) {
	const most = 256
	list := u.options["rulelist"]
	for i, name := range commaList(list.Value) {
		s, ok := sections[strings.ToLower(name)]
		if !ok || i == most {
			p.add(list.At.Start, list.At.End, "a rule without its section in RuleList", "["+printable(name)+"]", "")
			continue
		}
		own := map[string]iniValue{}
		u.settings(own, s, p)
		rule := UrlScanRule{
			Name: name, At: s.head,
			AppliesTo: commaList(own["appliesto"].Value), ScanHeaders: commaList(own["scanheaders"].Value),
			ScanURL: own["scanurl"].on(), ScanQueryString: own["scanquerystring"].on(), ScanAllRaw: own["scanallraw"].on(),
			DenyUnescapedPercent: own["denyunescapedpercent"].on(),
		}
		if deny := own["denydatasection"]; deny.Value != "" {
			data, ok := sections[strings.ToLower(deny.Value)]
			if !ok {
				p.add(deny.At.Start, deny.At.End, "a DenyDataSection that the file does not hold", "["+printable(deny.Value)+"]", "")
			}
			rule.Deny = entries(data)
		}
		u.Rules = append(u.Rules, rule)
	}
}

func (v iniValue) on() bool {
	n, err := strconv.Atoi(v.Value)
	return err == nil && n != 0
}

func commaList(s string) []string {
	var out []string
	for _, part := range strings.Split(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// judge names options that UrlScan does not know and values it cannot use.
func (u *UrlScan) judge(p *problemList) {
	for _, v := range inOrder(u.options) {
		fold := strings.ToLower(v.Name)
		_, flag := urlScanFlags[fold]
		_, text := urlScanTexts[fold]
		switch {
		case flag && v.Value != "0" && v.Value != "1":
			p.add(v.At.Start, v.At.End, v.Name+" with a value that is neither 0 nor 1", "0 or 1", "")
		case !flag && !text:
			hint := ""
			if near := source.Nearest(fold, optionNames()); near != "" {
				hint = "Did you mean " + near + "?"
			}
			p.add(v.At.Start, v.At.End, "an option that UrlScan does not know: "+printable(v.Name), "", hint)
		}
	}
	for _, v := range inOrder(u.limits) {
		if n, err := strconv.ParseInt(v.Value, 10, 64); err != nil || n < 0 {
			p.add(v.At.Start, v.At.End, "a limit that is no number: "+printable(v.Name), "a number of bytes", "")
		}
	}
}

// Flag gives a switch of [Options]: as written, else its documented default;
// Unknown where documents disagree about that. The place is that of the value, or
// of [Options] for a default.
func (u *UrlScan) Flag(name string) (Known, source.Span) {
	fold := strings.ToLower(name)
	if v, ok := u.options[fold]; ok {
		return known(v.on()), v.At
	}
	return urlScanFlags[fold], u.sections["options"]
}

// Option gives a text of [Options], or its documented default.
func (u *UrlScan) Option(name string) (string, source.Span) {
	fold := strings.ToLower(name)
	if v, ok := u.options[fold]; ok && (v.Value != "" || fold != "rejectresponseurl") {
		return v.Value, v.At
	}
	return urlScanTexts[fold], u.sections["options"]
}

// LoggingOnly reports whether UrlScan refuses nothing and only logs: the value
// /~* of RejectResponseUrl (UrlScan 2 Reference).
func (u *UrlScan) LoggingOnly() bool {
	url, _ := u.Option("RejectResponseUrl")
	return url == "/~*"
}

// Limit gives a limit of [RequestLimits] in bytes: MaxAllowedContentLength, MaxUrl,
// MaxQueryString or Max-Header-Name. It reports false where nothing is limited: a
// header without a line or with 0.
func (u *UrlScan) Limit(name string) (int64, source.Span, bool) {
	fold := strings.ToLower(name)
	if v, ok := u.limits[fold]; ok {
		n, err := strconv.ParseInt(v.Value, 10, 64)
		return n, v.At, err == nil && (n > 0 || !strings.HasPrefix(fold, "max-"))
	}
	n, ok := urlScanLimits[fold]
	return n, u.sections["requestlimits"], ok
}

// List gives the entries of a list section such as DenyExtensions; false for a
// section that the file does not hold.
func (u *UrlScan) List(section string) ([]UrlScanEntry, bool) {
	list, ok := u.lists[strings.ToLower(section)]
	return list, ok
}

// Find looks an entry up in a list section: extensions, headers and denied verbs
// without case, the verbs of AllowVerbs with it (UrlScan 2 Reference).
func (u *UrlScan) Find(section, text string) (UrlScanEntry, bool) {
	for _, e := range u.lists[strings.ToLower(section)] {
		if sameEntry(section, e.Text, text) {
			return e, true
		}
	}
	return UrlScanEntry{}, false
}

func sameEntry(section, a, b string) bool {
	return a == b || !strings.EqualFold(section, "AllowVerbs") && strings.EqualFold(a, b)
}

// Section is where a section begins; zero for one that the file does not hold.
func (u *UrlScan) Section(name string) source.Span { return u.sections[strings.ToLower(name)] }

// looksLikeUrlScan recognises a UrlScan.ini by a section name that only it has, or
// by an option below [Options]. head is text.
func looksLikeUrlScan(head []byte) bool {
	lower := bytes.ToLower(head)
	for at := 0; at < len(lower); {
		end, next := nextLine(lower, at)
		start, stop := trimmed(lower, at, end)
		at = next
		line := lower[start:stop]
		if len(line) > 2 && line[0] == '[' && line[len(line)-1] == ']' && isList(string(line[1:len(line)-1])) {
			return true
		}
		for _, sign := range []string{"useallowverbs", "useallowextensions", "normalizeurlbeforescan", "allowdotinpath"} {
			if bytes.HasPrefix(line, []byte(sign)) && bytes.Contains(line, []byte("=")) {
				return true
			}
		}
	}
	return false
}
