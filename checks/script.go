package checks

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// mimeCommands append to a MimeMap, which adsutil can only replace as a whole: the
// ADSI sample of ms525631, line by line.
func mimeCommands(path, entry string) []string {
	ext, mime, _ := strings.Cut(entry, ",")
	return echoed("mime", path,
		`m = o.GetEx("MimeMap") : n = UBound(m) + 1 : ReDim Preserve m(n)`,
		`Set m(n) = CreateObject("MimeMap") : m(n).Extension = `+literal(ext)+` : m(n).MimeType = `+literal(mime),
		`o.PutEx 2, "MimeMap", m : o.SetInfo`)
}

// removeMime takes an extension out of a MimeMap: the others move up. A list that
// would be empty is cleared.
func removeMime(path, entry string) []string {
	ext, _, _ := strings.Cut(entry, ",")
	return echoed("mime", path,
		`m = o.GetEx("MimeMap") : n = -1`,
		`For i = 0 To UBound(m)`,
		`If StrComp(m(i).Extension, `+literal(ext)+`, 1) Then n = n + 1 : Set m(n) = m(i)`,
		`Next`,
		`If n = -1 Then o.PutEx 1, "MimeMap", 0`,
		`If n + 1 Then ReDim Preserve m(n) : o.PutEx 2, "MimeMap", m`,
		`o.SetInfo`)
}

// setScript sets a property to a value that no argument can carry.
func setScript(path, property string, values []string, list bool) []string {
	var texts []string
	for _, v := range values {
		texts = append(texts, literal(v))
	}
	if list {
		return echoed("set", path, "o.PutEx 2, "+literal(property)+", Array("+strings.Join(texts, ", ")+") : o.SetInfo")
	}
	return echoed("set", path, "o.Put "+literal(property)+", "+texts[0]+" : o.SetInfo")
}

// addScript appends an entry to a list of texts.
func addScript(path, property, entry string) []string {
	return echoed("list", path,
		"a = o.GetEx("+literal(property)+") : n = UBound(a) + 1 : ReDim Preserve a(n)",
		"a(n) = "+literal(entry),
		"o.PutEx 2, "+literal(property)+", a : o.SetInfo")
}

// replaceScript replaces the entry whose second field is file.
func replaceScript(path, property, file, entry string) []string {
	return echoed("list", path,
		"a = o.GetEx("+literal(property)+")",
		"For i = 0 To UBound(a)",
		`If StrComp(Split(a(i) + ",,", ",")(1), `+literal(file)+", 1) = 0 Then a(i) = "+literal(entry),
		"Next",
		"o.PutEx 2, "+literal(property)+", a : o.SetInfo")
}

// replaceEntry replaces the entries that the edit names.
func replaceEntry(path string, e snapshot.Edit) []string {
	return echoed("list", path,
		"a = o.GetEx("+literal(e.Property)+")",
		"For i = 0 To UBound(a)",
		"If "+names(e)+" = 0 Then a(i) = "+literal(e.Value),
		"Next",
		"o.PutEx 2, "+literal(e.Property)+", a : o.SetInfo")
}

// removeEntry keeps all other entries.
func removeEntry(path string, e snapshot.Edit) []string {
	return echoed("list", path,
		"a = o.GetEx("+literal(e.Property)+") : n = -1 : ReDim b(UBound(a))",
		"For i = 0 To UBound(a)",
		"If Not "+names(e)+" = 0 Then n = n + 1 : b(n) = a(i)",
		"Next",
		"ReDim Preserve b(n) : o.PutEx 2, "+literal(e.Property)+", b : o.SetInfo")
}

// names compares the i-th entry with the part of the edit's entry that names it.
func names(e snapshot.Edit) string {
	key := metabase.EntryName(e.Property, e.Value)
	if key == e.Value {
		return "StrComp(a(i), " + literal(e.Value) + ", 1)"
	}
	key += ","
	return "StrComp(Left(a(i), " + strconv.Itoa(len(utf16.Encode([]rune(key)))) + "), " + literal(key) + ", 1)"
}

// echoed writes a script of these lines, each about the object o, and runs it. The
// command prompt sees quotes where VBScript sees them, so that what stands between
// them is text to both; outside of them no line has a special character.
func echoed(name, path string, lines ...string) []string {
	file := `%TEMP%\` + name + `.vbs`
	out := []string{"echo Set o = GetObject(" + literal("IIS://localhost/"+path) + ") > " + file}
	for _, l := range lines {
		out = append(out, "echo "+l+" >> "+file)
	}
	return append(out, "cscript //nologo "+file)
}

// literal writes a text as VBScript does. A % would name a variable of the command
// prompt, and a letter outside of ASCII would be written in another code page than
// it is read in: they are given by number.
func literal(s string) string {
	parts := []string{}
	plain := strings.Builder{}
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, `"`+plain.String()+`"`)
			plain.Reset()
		}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		switch {
		case u == '"':
			plain.WriteString(`""`)
		case u == '%' || u >= 0x7F:
			flush()
			parts = append(parts, "ChrW("+strconv.Itoa(int(u))+")")
		default:
			plain.WriteByte(byte(u))
		}
	}
	flush()
	if len(parts) == 0 {
		return `""`
	}
	return strings.Join(parts, " + ")
}
