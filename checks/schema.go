package checks

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// owned are properties whose wrong values another check reports.
var owned = map[string]bool{"AppPoolQueueLength": true}

// metabaseValue: a value that its property cannot hold. IIS ignores it and goes
// on with the inherited value or the default.
func metabaseValue(p *pass) {
	for key, v := range p.tree.Values(hasForm, misfits) {
		if p.full() {
			return
		}
		facts := v.Facts()
		fault, wrong := valueFault(v, facts)
		if fault == "" {
			continue
		}
		p.report(Finding{
			Message: fmt.Sprintf("%s at %s: %s", v.Property, key.Path(), fault),
			Span:    narrow(v.Span(), wrong), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: key.Path(),
			Affects:  []string{string(key.Path())},
			Remedies: []Remedy{correctValue(v, facts, key.Path())},
		})
	}
}

// hasForm wants properties that hold only some texts: switches, numbers and flags.
func hasForm(_ string, v metabase.Value) bool {
	facts := v.Facts()
	return facts != nil && (facts.Type == metabase.Bool || facts.Type == metabase.DWord) && !v.Secret() && !owned[facts.Name]
}

// misfits lets the millions of good values pass.
func misfits(v metabase.Value) bool {
	facts := v.Facts()
	if !v.Usable() {
		return true
	}
	if facts.Type != metabase.DWord || len(facts.Flags) > 0 || facts.Min == 0 && facts.Max == 0 {
		return false
	}
	n, ok := v.Uint()
	return ok && (n < facts.Min || facts.Max > 0 && n > facts.Max)
}

// narrow is the place of a word inside a value, so that the caret stands below the
// one flag that is wrong.
func narrow(span source.Span, word string) source.Span {
	if i := bytes.Index(span.Bytes(), []byte(word)); i >= 0 && word != "" {
		return span.Text.Span(span.Start+i, span.Start+i+len(word))
	}
	return span
}

// valueFault says what is wrong with a value, "" where nothing is, and which word
// of it, "" for the whole.
func valueFault(v metabase.Value, facts *metabase.PropertyFacts) (fault, word string) {
	if facts.Type == metabase.DWord && len(facts.Flags) > 0 {
		return flagFault(strings.TrimSpace(v.Text()), facts)
	}
	return plainFault(v, facts), ""
}

func plainFault(v metabase.Value, facts *metabase.PropertyFacts) string {
	text := strings.TrimSpace(v.Text())
	switch facts.Type {
	case metabase.Bool:
		if _, ok := v.Bool(); !ok {
			return fmt.Sprintf("%q is neither TRUE nor FALSE", text)
		}
	case metabase.DWord:
		n, ok := v.Uint()
		switch {
		case !ok:
			return fmt.Sprintf("%q is no number from 0 to 4294967295", text)
		case n < facts.Min && facts.Max > 0:
			return fmt.Sprintf("%d is below the range %d to %d", n, facts.Min, facts.Max)
		case n < facts.Min:
			return fmt.Sprintf("%d is below the smallest value %d", n, facts.Min)
		case facts.Max > 0 && n > facts.Max:
			return fmt.Sprintf("%d is above the range %d to %d", n, facts.Min, facts.Max)
		}
	}
	return ""
}

// flagFault finds the first flag name that the property does not have. A number of
// 32 bits is always accepted, with a sign too: the schema states no range for flags.
func flagFault(text string, facts *metabase.PropertyFacts) (fault, word string) {
	if _, err := strconv.ParseInt(text, 0, 32); err == nil {
		return "", ""
	}
	var names []string
	for _, f := range facts.Flags {
		names = append(names, f.Name)
	}
	for name := range strings.SplitSeq(text, "|") {
		name = strings.TrimSpace(name)
		if _, err := strconv.ParseUint(name, 0, 32); err == nil || containsFold(names, name) {
			continue
		}
		if near := source.Nearest(name, names); near != "" {
			return fmt.Sprintf("%q is no flag of %s; did you mean %s?", name, facts.Name, near), name
		}
		return fmt.Sprintf("%q is no flag of %s; it has %s", name, facts.Name, strings.Join(names, ", ")), name
	}
	return "", ""
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// correctValue mends a flag list by its nearest names, drops any other value so
// that the inherited one or the default counts.
func correctValue(v metabase.Value, facts *metabase.PropertyFacts, key metabase.Path) Remedy {
	edit := snapshot.Edit{Kind: snapshot.EditMetabase, Target: string(key), Property: v.Property, Op: metabase.Remove}
	r := Remedy{Title: "Take the value out", Steps: []string{
		fmt.Sprintf("Write a value that %s can hold, or take it out so that the inherited value or the default counts.", v.Property), stopsMore}}
	if mended := mendFlags(v.Text(), facts); mended != "" {
		edit.Op, edit.Value = metabase.Set, mended
		r = Remedy{Title: "Correct the flag name", Steps: []string{fmt.Sprintf("Set %s to %s.", v.Property, mended)}}
	}
	r.Edits = []snapshot.Edit{edit}
	return r
}

// mendFlags replaces unknown flag names by their nearest known ones; "" where one
// has none.
func mendFlags(text string, facts *metabase.PropertyFacts) string {
	var names, out []string
	for _, f := range facts.Flags {
		names = append(names, f.Name)
	}
	for name := range strings.SplitSeq(text, "|") {
		name = strings.TrimSpace(name)
		if !containsFold(names, name) {
			if name = source.Nearest(name, names); name == "" {
				return ""
			}
		}
		out = append(out, name)
	}
	return strings.Join(out, " | ")
}

// metabaseProperty: a property that the schema does not know (a misspelling, or
// one of another product) or that the key's class does not hold.
func metabaseProperty(p *pass) {
	schema := p.tree.Schema()
	stray := func(class string, v metabase.Value) bool {
		_, known := schema.Property(v.Property)
		return !v.Custom() && !(known && schema.Allows(class, v.Property))
	}
	near := map[string]string{} // the nearest known name of each unknown one
	names := schema.Names()
	for key, v := range p.tree.Values(stray, anyValue) {
		if p.full() {
			return
		}
		if _, asked := near[v.Property]; !asked {
			near[v.Property] = source.Nearest(v.Property, names)
		}
		p.report(strayProperty(schema, v, key, near[v.Property]))
	}
}

func strayProperty(schema *metabase.Schema, v metabase.Value, key metabase.Key, near string) Finding {
	facts, known := schema.Property(v.Property)
	if !known {
		return unknownProperty(v, key, near)
	}
	return Finding{
		Message: fmt.Sprintf("%s does not belong on a key of class %s; IIS ignores it there", facts.Name, key.Class()),
		Span:    v.NameSpan(), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: key.Path(),
		Affects:  []string{string(key.Path())},
		Remedies: []Remedy{removeProperty(v, key.Path(), "Set it on a key of a class that holds it, then take it out here.")},
	}
}

func unknownProperty(v metabase.Value, key metabase.Key, near string) Finding {
	f := Finding{
		Severity: Info,
		Message:  fmt.Sprintf("%s is no property that the schema knows; IIS ignores it", v.Property),
		Span:     v.NameSpan(), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: key.Path(),
		Affects:  []string{string(key.Path())},
		Remedies: []Remedy{removeProperty(v, key.Path(), "Take it out, or bring the MBSchema.xml of the server along if a product extended the schema.")},
	}
	if near != "" {
		f.Message += fmt.Sprintf("; did you mean %s?", near)
		f.Remedies[0].Steps = append([]string{fmt.Sprintf("If %s was meant, write it so.", near)}, f.Remedies[0].Steps...)
	}
	return f
}

// stopsMore goes with editFile: IIS Admin carries more than the Web service.
const stopsMore = "Stopping IIS Admin also stops FTP, SMTP and whatever else depends on it: note what net start lists before, and start that again too."

func removeProperty(v metabase.Value, key metabase.Path, step string) Remedy {
	return Remedy{Title: "Take the property out", Steps: []string{step, stopsMore}, Edits: []snapshot.Edit{
		{Kind: snapshot.EditMetabase, Target: string(key), Property: v.Property, Op: metabase.Remove}}}
}
