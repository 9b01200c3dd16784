package metabase

import (
	"fmt"
	"strconv"
	"strings"
)

// The generated table is one string, parsed on first use: a program that never
// asks the schema pays nothing at start-up. A line is a property,
//
//	name TAB id TAB type TAB attributes TAB min TAB max TAB flags TAB default
//
// or, behind "=", a class with the indexes of its properties as ranges. Attributes
// are letters: I inherit, S secure, V volatile. A property without a default has
// no last field.

var (
	tableEscape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "`", `\q`)
	tableUnescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\q`, "`")
)

// Table writes the schema in the form that the generated file holds.
func (s *Schema) Table() string {
	var b strings.Builder
	for _, p := range s.facts {
		fmt.Fprintf(&b, "%s\t%d\t%s\t%s\t%d\t%d\t", p.Name, p.ID, p.Type, p.letters(), p.Min, p.Max)
		for i, f := range p.Flags {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "%s=%d", f.Name, f.Value)
		}
		if p.HasDefault() {
			b.WriteString("\t" + tableEscape.Replace(p.Default))
		}
		b.WriteByte('\n')
	}
	for _, c := range s.classes {
		fmt.Fprintf(&b, "=%s\t%s\n", c.name, ranges(c.knows))
	}
	return b.String()
}

func (p *PropertyFacts) letters() string {
	out := ""
	for _, a := range []struct {
		set    bool
		letter string
	}{{p.Inherit, "I"}, {p.Secure, "S"}, {p.Volatile, "V"}} {
		if a.set {
			out += a.letter
		}
	}
	return out
}

// ranges writes 1 2 3 7 as "1-3 7".
func ranges(list []int32) string {
	var out []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		part := strconv.Itoa(int(list[i]))
		if j > i {
			part += "-" + strconv.Itoa(int(list[j]))
		}
		out = append(out, part)
		i = j + 1
	}
	return strings.Join(out, " ")
}

// parseTable reads what Table writes. The table is generated, so a line that does
// not fit is left out; a test compares the whole.
func parseTable(table string) *Schema {
	s := newSchema()
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if class, ok := strings.CutPrefix(line, "="); ok {
			name, list, _ := strings.Cut(class, "\t")
			s.class(name).knows = parseRanges(list)
			continue
		}
		if f := strings.Split(line, "\t"); len(f) >= 7 {
			s.add(parseFacts(f))
		}
	}
	return s
}

func parseFacts(f []string) PropertyFacts {
	number := func(s string) uint32 {
		n, _ := strconv.ParseUint(s, 10, 32)
		return uint32(n)
	}
	p := PropertyFacts{
		Name: f[0], ID: number(f[1]), Type: parseType(f[2]), Min: number(f[4]), Max: number(f[5]),
		Inherit: strings.Contains(f[3], "I"), Secure: strings.Contains(f[3], "S"), Volatile: strings.Contains(f[3], "V"),
		noDefault: len(f) == 7,
	}
	if !p.noDefault {
		p.Default = tableUnescape.Replace(f[7])
	}
	if f[6] != "" {
		for flag := range strings.SplitSeq(f[6], ",") {
			name, value, _ := strings.Cut(flag, "=")
			p.Flags = append(p.Flags, Flag{name, number(value)})
		}
	}
	p.List = p.Type == MultiSz || p.Type == MimeMapType
	return p
}

func parseRanges(list string) []int32 {
	var out []int32
	for part := range strings.FieldsSeq(list) {
		from, to, isRange := strings.Cut(part, "-")
		first, _ := strconv.Atoi(from)
		last := first
		if isRange {
			last, _ = strconv.Atoi(to)
		}
		for n := first; n <= last; n++ {
			out = append(out, int32(n))
		}
	}
	return out
}
