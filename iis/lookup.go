package iis

import (
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// ScriptMap is one entry of ScriptMaps: ext,processor,flags[,VERB,...] (ms526052).
type ScriptMap struct {
	Extension string // ".asp", "*"
	Processor string // file and, for CGI, its arguments
	Flags     int    // 1: runs where Script is allowed; 4: the file must exist
	Verbs     []string
	Item      metabase.Item
}

// Allows reports whether the verb reaches the processor.
func (m ScriptMap) Allows(verb string) bool { return m.AllVerbs() || containsFold(m.Verbs, verb) }

// AllVerbs reports whether every verb reaches the processor: none is listed (ms526052), or
// All is, as published installers of ASP.NET MVC write it, which is not documented.
func (m ScriptMap) AllVerbs() bool { return len(m.Verbs) == 0 || containsFold(m.Verbs, "All") }

func containsFold(all []string, one string) bool {
	return slices.ContainsFunc(all, func(s string) bool { return strings.EqualFold(s, one) })
}

// NeedsExecute reports whether the map lacks the flag by which it runs where Script is
// allowed (ms526052).
func (m ScriptMap) NeedsExecute() bool { return m.Flags&1 == 0 }

// ParseScriptMap reads an entry. ok is false for one that IIS cannot use: fewer
// than three fields, flags that are no number, or a blank after a comma, which
// makes every request below the key answer 500.19 (Prete, "Why does IIS 6.0
// return an HTTP 500.19 error").
func ParseScriptMap(item metabase.Item) (m ScriptMap, ok bool) {
	f := item.Fields()
	if len(f) < 3 {
		return ScriptMap{Item: item}, false
	}
	for _, field := range f[1:] {
		if strings.HasPrefix(field, " ") || strings.HasPrefix(field, "\t") {
			return ScriptMap{Item: item, Extension: f[0]}, false
		}
	}
	flags, err := strconv.Atoi(f[2])
	if err != nil {
		return ScriptMap{Item: item, Extension: f[0]}, false
	}
	m = ScriptMap{Extension: strings.ToLower(f[0]), Processor: f[1], Flags: flags, Item: item}
	for _, verb := range f[3:] {
		if verb != "" {
			m.Verbs = append(m.Verbs, verb)
		}
	}
	return m, true
}

// ScriptMapFor finds the entry for an extension in a list in force: the first one.
func ScriptMapFor(maps []ScriptMap, ext string) *ScriptMap {
	for i := range maps {
		if maps[i].Extension == strings.ToLower(ext) {
			return &maps[i]
		}
	}
	return nil
}

// IsASPNET reports whether pages with the extension are run by ASP.NET: those that its
// registration maps without looking for a file, as listed on published servers.
func IsASPNET(ext string) bool {
	switch strings.ToLower(ext) {
	case ".aspx", ".asmx", ".ashx", ".axd", ".rem", ".soap", ".vsdisco", ".msgx", ".svc":
		return true
	}
	return false
}

// ScriptMaps reads a ScriptMaps list. bad is the first entry that IIS cannot use,
// nil where all are well-formed.
func ScriptMaps(v metabase.Value) (maps []ScriptMap, bad *metabase.Item) {
	for _, item := range v.Items() {
		m, ok := ParseScriptMap(item)
		if !ok {
			if bad == nil {
				bad = &item
			}
			continue
		}
		maps = append(maps, m)
	}
	return maps, bad
}

func isISAPI(processor string) bool {
	return strings.HasSuffix(strings.ToLower(strings.Trim(processor, `"`)), ".dll")
}

// SameFile reports whether two paths of a metabase name one file: without case and
// quotes, and with %windir% for the Windows folder, wherever that lies.
func SameFile(a, b string) bool {
	a, b = foldPath(a), foldPath(b)
	restA, envA := strings.CutPrefix(a, windir)
	restB, envB := strings.CutPrefix(b, windir)
	switch {
	case envA == envB:
		return a == b
	case envA:
		return belowWindows(b) == restA
	}
	return belowWindows(a) == restB
}

// FileNames gives what a path of a metabase is looked up by: one of the names of the one
// is one of those that are asked for the other exactly where both are the same file
// (SameFile), and never two.
func FileNames(path string) (names, asked []any) {
	path = foldPath(path)
	own, below := [2]string{"windows", "windir"}, belowWindows(path)
	if rest, env := strings.CutPrefix(path, windir); env {
		own[0], own[1], below = own[1], own[0], rest
	}
	names = []any{path}
	if below == notWindows {
		return names, names
	}
	return append(names, [2]string{own[0], below}), []any{path, [2]string{own[1], below}}
}

func foldPath(path string) string {
	return strings.Replace(strings.ToLower(strings.Trim(path, `"`)), "%systemroot%", windir, 1)
}

// windir stands for the Windows folder, wherever that lies.
const windir = "%windir%"

// notWindows follows the Windows folder of no path.
const notWindows = "\x00"

// belowWindows is what follows the Windows folder of a path, as setup names it.
func belowWindows(path string) string {
	for _, folder := range [...]string{`:\windows`, `:\winnt`} {
		if len(path) > 1 && strings.HasPrefix(path[1:], folder) {
			return path[1+len(folder):]
		}
	}
	return notWindows
}
