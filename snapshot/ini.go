package snapshot

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"gopkg.in/ini.v1"

	"github.com/iisdoctor/iisdoctor/source"
)

// iniSection is one section of an INI file with the places of its lines: ini.v1
// reads values but gives no positions.
type iniSection struct {
	name  string        // as written
	head  source.Span   // its [name]
	lines []source.Span // neither blank nor comment, without blanks around
}

// maxINI bounds the lines of one section that are read, in bytes: ini.v1 needs
// quadratic time, and the sections read here hold a few dozen lines.
const maxINI = 64 << 10

// iniSections splits a text into sections; of those that want rejects only the
// name is kept. What stands above the first section is left out.
func iniSections(t *source.Text, p *problemList, want func(name string) bool) []iniSection {
	var out []iniSection
	b, size, keep := t.Bytes(), 0, false
	for at := 0; at < len(b); {
		lineEnd, next := nextLine(b, at)
		start, end := trimmed(b, at, lineEnd)
		at = next
		switch {
		case start == end || b[start] == ';':
		case b[start] == '[' && end-start <= maxKey && bytes.IndexByte(b[start:end], ']') > 0:
			if len(out) == maxSections {
				p.add(start, end, "more sections than are read", "", "")
				return out
			}
			stop := start + bytes.IndexByte(b[start:end], ']')
			name := strings.TrimSpace(string(b[start+1 : stop]))
			out = append(out, iniSection{name: name, head: t.Span(start, stop+1)})
			size, keep = 0, want(name)
		case keep && size+end-start > maxINI:
			p.add(start, end, "a section that is longer than is read", "64 KB at most", "")
			keep = false
		case keep:
			size += end - start + 2
			last := &out[len(out)-1]
			last.lines = append(last.lines, t.Span(start, end))
		}
	}
	return out
}

// maxSections bounds the sections of one file.
const maxSections = 4096

// iniValue is one name=value line.
type iniValue struct {
	Name, Value string
	At          source.Span // the value, or the name where the value is empty
	empty       bool
}

// values reads the section's name=value lines through ini.v1; a name that stands
// twice gives two values. tail tells where a value's comment begins, -1 for none.
func (s iniSection) values(p *problemList, tail func(value []byte) int) []iniValue {
	var buf bytes.Buffer
	places := map[string][]iniValue{} // by name, folded: the places in order
	var names []string
	for _, line := range s.lines {
		if buf.Len() > maxINI { // of sections that stand twice
			p.add(line.Start, line.End, "a section that is longer than is read", "64 KB at most", "")
			break
		}
		v, value, ok := iniPlace(line, tail)
		if !ok {
			p.add(line.Start, line.End, "a line that is no setting, in ["+printable(s.name)+"]", "name=value", "")
			continue
		}
		buf.WriteString(v.Name + "=" + value + "\n")
		fold := strings.ToLower(v.Name)
		if places[fold] == nil {
			names = append(names, fold)
		}
		places[fold] = append(places[fold], v)
	}
	file, err := ini.LoadSources(ini.LoadOptions{
		Insensitive: true, IgnoreInlineComment: true, IgnoreContinuation: true, PreserveSurroundedQuote: true,
		KeyValueDelimiters: "=", AllowShadows: true, AllowDuplicateShadowValues: true,
	}, buf.Bytes())
	if err != nil {
		p.add(s.head.Start, s.head.End, "a section that is not in INI form", "name=value lines", "")
		return nil
	}
	var out []iniValue
	for _, fold := range names {
		k, err := file.Section("").GetKey(fold)
		if err != nil {
			continue
		}
		texts := k.ValueWithShadows() // leaves empty values out
		for _, v := range places[fold] {
			if !v.empty && len(texts) > 0 {
				v.Value, texts = texts[0], texts[1:]
			}
			out = append(out, v)
		}
	}
	return out
}

// iniPlace takes a line apart at its first =. It refuses what ini.v1 would fail
// the whole section for.
func iniPlace(line source.Span, tail func([]byte) int) (v iniValue, value string, ok bool) {
	b := line.Bytes()
	eq := bytes.IndexByte(b, '=')
	if eq <= 0 || b[0] == '#' || b[0] == '"' || b[0] == '[' || b[0] == '`' {
		return v, "", false
	}
	end := len(b)
	if cut := tail(b[eq+1:]); cut >= 0 {
		end = eq + 1 + cut
	}
	from, to := trimmed(b, eq+1, end)
	if from < to && (b[from] == '`' || bytes.HasPrefix(b[from:to], []byte(`"""`))) {
		return v, "", false
	}
	_, nameEnd := trimmed(b, 0, eq)
	v.Name, v.empty = string(b[:nameEnd]), from == to
	v.At = line.Text.Span(line.Start+from, line.Start+to)
	if v.empty {
		v.At = line.Text.Span(line.Start, line.Start+nameEnd)
	}
	return v, string(b[from:to]), true
}

// printable shortens a name from a file to what a message may hold.
func printable(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// inOrder gives values as they stand in the file.
func inOrder(values map[string]iniValue) []iniValue {
	out := slices.Collect(maps.Values(values))
	slices.SortFunc(out, func(a, b iniValue) int { return a.At.Start - b.At.Start })
	return out
}
