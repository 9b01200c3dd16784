package snapshot

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// ReadRegistry reads one registry export: "Windows Registry Editor Version 5.00"
// or REGEDIT4. What it could not read is in the problems; the rest is kept.
func ReadRegistry(t *source.Text) (*Registry, []source.Problem) {
	r := &Registry{}
	return r, r.Read(t)
}

// Read reads a further export into r, as importing it would: a value that it sets
// replaces the earlier one, and what it deletes ([-key], "name"=-) goes.
func (r *Registry) Read(t *source.Text) []source.Problem {
	if r.keys == nil {
		r.keys, r.deleted = map[string]*regKey{}, map[string]int{}
	}
	p := regReader{Registry: r, data: t.Bytes(), text: t, problemList: problemList{text: t}}
	p.header()
	for p.at < len(p.data) && p.room() {
		p.line()
	}
	return p.all()
}

// regReader goes through one export, line by line.
type regReader struct {
	*Registry
	problemList
	text *source.Text
	data []byte
	at   int
	ansi bool
	key  *regKey // that the next values belong to; nil for none
	fold string
	lost bool // the key's line was not understood: its values are dropped silently
}

const headerHint = "Export the key again with regedit or reg export."

// header demands the first line; without it the file is read all the same.
func (p *regReader) header() {
	for p.at < len(p.data) {
		end, next := nextLine(p.data, p.at)
		start, stop := p.span(p.at, end)
		if start == stop {
			p.at = next
			continue
		}
		if ansi, ok := registryHeader(p.data[start:min(stop, start+64)]); ok {
			p.ansi, p.at = ansi, next
			return
		}
		break
	}
	p.add(p.at, p.at, "no registry export's first line", `"Windows Registry Editor Version 5.00" or REGEDIT4`, headerHint)
}

// span trims a line; joined exports have a byte order mark inside.
func (p *regReader) span(start, end int) (int, int) {
	start, end = trimmed(p.data, start, end)
	if bytes.HasPrefix(p.data[start:end], []byte("\uFEFF")) {
		return trimmed(p.data, start+len("\uFEFF"), end)
	}
	return start, end
}

func (p *regReader) room() bool {
	if p.size < maxRegistry {
		return true
	}
	p.add(p.at, p.at, "more keys and values than are read", strconv.Itoa(maxRegistry)+" at most",
		`Export single keys, such as HKLM\SYSTEM\CurrentControlSet\Services\HTTP.`)
	return false
}

func (p *regReader) line() {
	lineEnd, next := nextLine(p.data, p.at)
	start, end := p.span(p.at, lineEnd)
	p.at = next
	if start == end || p.data[start] == ';' {
		return
	}
	switch p.data[start] {
	case '[':
		p.section(start, end)
		return
	case '"', '@':
		p.value(start, end)
		return
	}
	if ansi, ok := registryHeader(p.data[start:min(end, start+64)]); ok {
		p.ansi = ansi
		return
	}
	p.add(start, end, "a line that is no key, value or comment", `[key], "name"=data or ;`, headerHint)
}

func (p *regReader) section(start, end int) {
	p.key, p.lost = nil, true
	if p.data[end-1] != ']' {
		p.add(start, end, "a key without ]", `[HKEY_LOCAL_MACHINE\...]`, headerHint)
		return
	}
	if end-start > maxKey || bytes.Count(p.data[start:end], []byte(`\`)) > maxKeyDepth {
		p.add(start, end, "a key that lies too deep", "", "")
		return
	}
	name := strings.TrimSpace(string(p.data[start+1 : end-1]))
	remove := strings.HasPrefix(name, "-")
	fold := foldKey(strings.TrimPrefix(name, "-"))
	if !strings.HasPrefix(fold, "hk") {
		p.add(start, end, "a key below no hive", "HKEY_LOCAL_MACHINE, HKEY_CLASSES_ROOT or another hive", "")
		return
	}
	if p.lost = remove; remove {
		p.remove(fold)
		return
	}
	p.key, p.fold = p.ensure(fold, p.text.Span(start, end)), fold
}

// value reads "name"=data. The line gives the name; the data may go on below it.
func (p *regReader) value(start, end int) {
	name, behind, ok := p.name(start, end)
	if !ok {
		p.add(start, end, "a value without its name in quotes", `"name"=data or @=data`, headerHint)
		return
	}
	v := RegValue{Name: name, ansi: p.ansi}
	switch {
	case behind < end && p.data[behind] == '"':
		ok = p.quoted(&v, behind)
	case behind+1 == end && p.data[behind] == '-':
		if p.key != nil {
			p.key.remove(name)
		}
		return
	default:
		ok = p.typed(&v, behind, end)
	}
	if !ok {
		return
	}
	if v.secret = isSecret(p.fold, name, v.form); v.secret {
		p.text.Hide(v.data.Start, v.data.End)
		if strings.HasSuffix(p.fold, `\validcommunities`) {
			p.text.Hide(start, end)
		}
	}
	switch {
	case p.key != nil:
		if p.key.set(v) {
			p.size++
		}
	case !p.lost:
		p.add(start, end, "a value above the first key", "[key] before it", headerHint)
	}
}

// name reads @ or "name" and what parts it from its data; behind is where that begins.
func (p *regReader) name(start, end int) (name string, behind int, ok bool) {
	behind = start + 1
	if p.data[start] == '"' {
		stop := quoteEnd(p.data[:min(end, start+maxLine)], start+1)
		if stop < 0 {
			return "", 0, false
		}
		name, behind = unescape(p.data[start+1:stop]), stop+1
	}
	behind, _ = trimmed(p.data, behind, end)
	if behind == end || p.data[behind] != '=' {
		return "", 0, false
	}
	behind, _ = trimmed(p.data, behind+1, end)
	return name, behind, true
}

// quoteEnd is where the quote that began before from ends, -1 for nowhere.
func quoteEnd(b []byte, from int) int {
	for i := from; i < len(b); i++ {
		j := bytes.IndexAny(b[i:], `"\`)
		if j < 0 {
			return -1
		}
		if i += j; b[i] == '"' {
			return i
		}
		i++
	}
	return -1
}

// quoted reads a text, which holds raw line ends where the value does.
func (p *regReader) quoted(v *RegValue, from int) bool {
	stop := quoteEnd(p.data, from+1)
	limit := stop
	if stop < 0 {
		limit = len(p.data)
	}
	if i := bytes.Index(p.data[from:limit], []byte("\n[HK")); i >= 0 {
		stop, limit = -1, from+i+1 // the next key: the quote was never closed
	}
	if stop < 0 {
		p.text.Hide(from, limit)
		p.add(from, from+1, "a text without its closing quote", `"`, headerHint)
		p.at = max(p.at, limit)
		return false
	}
	v.Type, v.form = RegString, regQuoted
	v.At, v.data = p.text.Span(from, stop+1), p.text.Span(from+1, stop)
	lineEnd, next := nextLine(p.data, stop+1)
	p.at = next
	if a, b := trimmed(p.data, stop+1, lineEnd); a < b && p.data[a] != ';' {
		p.text.Hide(a, b) // the rest of a text whose quotes are not escaped
		p.add(a, b, "something behind the closing quote", `the line's end; inside a text a quote is written \"`, headerHint)
	}
	return true
}

var regKind = source.Lazy(`^(?i:(dword)|hex(?:\(([0-9a-f]{1,8})\))?)\s*:`)

// typed reads dword: and hex: data.
func (p *regReader) typed(v *RegValue, from, end int) bool {
	m := regKind().FindSubmatch(p.data[from:min(end, from+32)])
	if m == nil {
		p.text.Hide(from, end)
		p.add(from, end, "data of no known form", `"text", dword:, hex: or hex(number):`, headerHint)
		return false
	}
	begin := from + len(m[0])
	stop := p.continued(begin, end)
	v.At, v.data = p.text.Span(from, stop), p.text.Span(begin, stop)
	if len(m[1]) > 0 {
		v.Type, v.form = RegDWORD, regNumber
		if _, err := strconv.ParseUint(string(bytes.TrimSpace(p.data[begin:min(stop, begin+32)])), 16, 32); err != nil {
			p.add(from, stop, "a DWORD that is no hexadecimal number", "up to eight digits, 0 to 9 and a to f", headerHint)
			return false
		}
		return true
	}
	v.Type = RegBinary
	if len(m[2]) > 0 {
		n, _ := strconv.ParseUint(string(m[2]), 16, 32)
		v.Type = RegType(n)
	}
	if bad, ok := walkHex(v.data.Bytes(), func(byte) {}); !ok {
		p.text.Hide(begin, stop)
		p.add(begin+bad, begin+bad+1, "data that is not hexadecimal", "bytes such as 0a,ff, and \\ before a line end", headerHint)
		return false
	}
	return true
}

// continued is where data ends whose lines end in a backslash.
func (p *regReader) continued(begin, end int) int {
	for end > begin && p.data[end-1] == '\\' && p.at < len(p.data) {
		lineEnd, next := nextLine(p.data, p.at)
		start, stop := trimmed(p.data, p.at, lineEnd)
		if start < stop && (p.data[start] == '[' || p.data[start] == '"') {
			break // the data was cut off: what follows is no part of it
		}
		end, p.at = stop, next
	}
	return end
}
