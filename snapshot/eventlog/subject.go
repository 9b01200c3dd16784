package eventlog

import (
	"strings"
)

// SubjectKind is what an event speaks of.
type SubjectKind string

// The kinds of subjects.
const (
	NoSubject   SubjectKind = ""
	Pool        SubjectKind = "application pool"
	Site        SubjectKind = "site"        // its number
	Filter      SubjectKind = "filter"      // the DLL or the filter's name
	Extension   SubjectKind = "ISAPI"       // the DLL
	URL         SubjectKind = "URL"         // without its query
	File        SubjectKind = "file"        // as the message names it, a URL path or a metabase path
	Application SubjectKind = "application" // a metabase path such as /LM/W3SVC/1/ROOT
)

// Subject is what an event speaks of. The zero Subject means that the message is
// not of a documented wording, for instance because it is in another language.
type Subject struct {
	Kind SubjectKind
	Name string
}

// wording tells where the documented text of some events names its subject.
type wording struct {
	ids    []int
	kind   SubjectKind
	insert int      // the insert string that holds it, from 1; 0 where that is not documented
	after  string   // the words before it
	until  []string // the words after it, where it may stand unquoted
	secret int      // an insert string that must be withheld: a query, a host
}

// poolEnds are the words that follow a pool's name in texts that do not quote it
// (cc786887; 5021, 5057 and 5059 of Windows Process Activation Service).
var poolEnds = []string{
	" is ", " was ", " were ", " are ", " has ", " have ", " terminated", " failed", " suffered", " exceeded", " reported", " from ", " to ", ". ", ", ",
}

// Pool events of the WWW service: cc786887, cc737524, cc735211, cc735151; those of
// WAS are the same plus 4000 (dd349270, cc735206). 1074 to 1077, 1078 and 1117 name
// the process first. The order in 1021, 1039, 1057, 1078, 1079 and 1117 is that of
// the later texts.
var poolEvents = []wording{
	{ids: []int{1002, 1009, 1010, 1011, 1012, 1013, 1021, 1026, 1027, 1039, 1042, 1057, 1059, 1079, 1080, 1084, 1085, 1086, 1089}, kind: Pool, insert: 1, after: "application pool", until: poolEnds},
	{ids: []int{1087}, kind: Pool, insert: 1, after: "app pool", until: poolEnds},
	{ids: []int{1074, 1075, 1076, 1077, 1078, 1117}, kind: Pool, insert: 2, after: "application pool", until: poolEnds},
	{ids: []int{1003, 1004, 1007}, kind: Site, insert: 2, after: "for site", until: []string{". "}},
}

// workerEvents are those of a worker process: cc758052, cc735105, cc735119, cc735314.
var workerEvents = []wording{
	{ids: []int{2214}, kind: Filter, insert: 1, after: "filter DLL", until: []string{" failed"}},
	{ids: []int{2222, 2261}, kind: Filter, insert: 1, after: "load filter", until: []string{" on a server", " but "}},
	{ids: []int{2223}, kind: Filter, insert: 1, after: "the filter", until: []string{" was "}},
	{ids: []int{2274}, kind: Filter, insert: 1, after: "ISAPI Filter", until: []string{" could not"}},
	{ids: []int{2216}, kind: URL, insert: 1, after: "from the URL", until: []string{" with parameters"}, secret: 2},
	{ids: []int{2218}, kind: File, insert: 1, after: "include file", until: []string{". The error"}},
	{ids: []int{2219, 2220}, kind: Extension, insert: 1, after: "ISAPI application", until: []string{". The ", stop}},
	{ids: []int{2262, 2263}, kind: Extension, insert: 1, after: "ISAPI", until: []string{" reported"}},
	{ids: []int{2268}, kind: Site, insert: 1, after: "for site", until: []string{". "}},
	{ids: []int{2269}, kind: Pool, insert: 1, after: "app pool", until: []string{", PID"}},
	{ids: []int{2221}},
}

// aspEvents are those of asp.dll (cc781350, cc735219). The generic texts "Error: %1."
// hold a sentence of their own; templateFile finds the page in it.
var aspEvents = []wording{
	{ids: []int{21, 22}, kind: Application, insert: 1, after: "ASP application", until: []string{". Global", stop}},
	{ids: []int{23}, kind: Application, insert: 1, after: "for application", until: []string{". ", stop}},
	{ids: []int{5, 6, 7, 8, 9, 16, 17, 18, 19, 20, 499}},
}

// documented gives the wording of an event.
func documented(s Source, id int) (wording, bool) {
	var in []wording
	switch s {
	case W3SVC:
		in = poolEvents
	case WAS:
		in, id = poolEvents, id-4000
	case W3SVCWP:
		in = workerEvents
	case ASP:
		in = aspEvents
	case ASPNET:
		return wording{}, id == 1062
	}
	for _, w := range in {
		for _, known := range w.ids {
			if known == id {
				return w, true
			}
		}
	}
	// 1041 and 5041 are documented too, but begin with their subject.
	return wording{}, (s == W3SVC || s == WAS) && id == rangeEvent
}

// rangeEvent is "The '%1' '%2' failed range validation for property '%3'. ..." (cc735211).
const rangeEvent = 1041

// subject finds what an event speaks of, in its insert strings or its message.
func subject(s Source, id int, message string, inserts []string) Subject {
	w, _ := documented(s, id)
	switch {
	case (s == W3SVC && id == rangeEvent) || (s == WAS && id == rangeEvent+4000):
		return rangeSubject(message, inserts)
	case w.kind != NoSubject && w.insert > 0 && w.insert <= len(inserts):
		return subjectOf(w.kind, inserts[w.insert-1])
	case w.kind != NoSubject:
		name, ok := nameAfter(message, w.after, w.until)
		if !ok {
			return Subject{}
		}
		return subjectOf(w.kind, name)
	case s == ASP:
		return pageSubject(strings.Join(append([]string{message}, inserts...), " "))
	case s == W3SVC || s == WAS:
		if name, ok := nameAfter(message, "application pool", nil); ok {
			return subjectOf(Pool, name)
		}
	}
	return Subject{}
}

// maxSubject bounds a subject's name in bytes: file names are the longest, and
// Windows allows them 260 characters.
const maxSubject = 300

// subjectOf makes a subject of a name that is neither empty nor absurd.
func subjectOf(kind SubjectKind, name string) Subject {
	name = strings.TrimSpace(name)
	if kind == URL || kind == File {
		name, _, _ = strings.Cut(name, "?")
	}
	if name == "" || len(name) > maxSubject {
		return Subject{}
	}
	return Subject{Kind: kind, Name: name}
}

// nameAfter gives what follows some words: between quotes, or up to one of the
// words in until. Names may hold quotes, so a quote ends only before a blank,
// punctuation or the end.
func nameAfter(text, after string, until []string) (string, bool) {
	rest := text
	for range 8 { // no documented text names the word as often
		i := indexFold(rest, after)
		if i < 0 {
			return "", false
		}
		rest = strings.TrimLeft(rest[i+len(after):], ", ")
		if name, ok := quoted(rest); ok {
			return name, true
		}
		if end := first(rest, until); end > 0 {
			return rest[:end], true
		}
	}
	return "", false
}

// stop among the words that end a name is the full stop that ends the message.
const stop = "."

// first is where the first of some words stands, within the length of a name.
func first(s string, words []string) int {
	end := -1
	s = s[:min(len(s), maxSubject+40)]
	for _, w := range words {
		i := strings.Index(s, w)
		if w == stop {
			i = -1
			if end < 0 && strings.HasSuffix(s, stop) {
				i = len(s) - len(stop)
			}
		}
		if i >= 0 && (end < 0 || i < end) {
			end = i
		}
	}
	return end
}

// quoted gives the quoted name that s begins with.
func quoted(s string) (string, bool) {
	if s == "" || s[0] != '\'' && s[0] != '"' {
		return "", false
	}
	for i := 1; i < len(s); i++ {
		if s[i] == s[0] && (i+1 == len(s) || strings.IndexByte(" .,;:)", s[i+1]) >= 0) {
			return s[1:i], true
		}
	}
	return "", false
}

// indexFold is strings.Index without regard to the case of ASCII letters.
func indexFold(s, word string) int {
	begins := word[0] | 0x20
	for i := 0; i+len(word) <= len(s); i++ {
		if s[i]|0x20 == begins && strings.EqualFold(s[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// rangeSubject reads event 1041: kind and name of the key come first.
func rangeSubject(message string, inserts []string) Subject {
	kind, name := "", ""
	if len(inserts) >= 2 {
		kind, name = inserts[0], inserts[1]
	} else if head, _, ok := strings.Cut(message, " failed range validation"); ok {
		parts := strings.Split(head, "'")
		if len(parts) == 5 { // The 'kind' 'name'
			kind, name = parts[1], parts[3]
		}
	}
	if strings.Contains(strings.ToLower(kind), "pool") {
		return subjectOf(Pool, name)
	}
	if strings.Contains(strings.ToLower(kind), "site") {
		return subjectOf(Site, name)
	}
	return Subject{}
}

// pageSubject finds the page in ASP's generic texts, "Error: File NAME Line N ...",
// or the pool. The inner sentence is not documented; these two forms are met in
// published logs.
func pageSubject(text string) Subject {
	if i := strings.Index(text, "File "); i >= 0 {
		rest := text[i+len("File "):]
		if end := first(rest, []string{" Line ", ", Line ", " line "}); end > 0 {
			return subjectOf(File, rest[:end])
		}
	}
	if name, ok := nameAfter(text, "Application Pool", nil); ok {
		return subjectOf(Pool, name)
	}
	return Subject{}
}
