package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// version of the scan's JSON; members are only ever added to it.
const version = 1

// The types below are the contract of `scan -o json`, member by member in this order.
type scanDoc struct {
	Version  int          `json:"version"`
	Files    []fileDoc    `json:"files"`
	Read     readDoc      `json:"read"`
	Findings []findingDoc `json:"findings"`
	Skipped  []skipDoc    `json:"skipped"`
	Problems []problemDoc `json:"problems"`
}

type fileDoc struct {
	Path string        `json:"path"`
	Kind snapshot.Kind `json:"kind"`
}

type readDoc struct {
	Keys          int `json:"keys"`
	Properties    int `json:"properties"`
	NotUnderstood int `json:"notUnderstood"`
}

type findingDoc struct {
	ID        string       `json:"id"`
	Codes     []string     `json:"codes"`
	Severity  string       `json:"severity"`
	Certainty string       `json:"certainty"`
	Title     string       `json:"title"`
	Message   string       `json:"message"`
	File      string       `json:"file"`
	Line      int          `json:"line"`
	Column    int          `json:"column"`
	EndColumn int          `json:"endColumn"`
	Key       string       `json:"key"`
	Property  string       `json:"property"`
	Value     string       `json:"value"`
	Origin    string       `json:"origin"`
	Affects   []string     `json:"affects"`
	Witness   *witnessDoc  `json:"witness"`
	Seen      string       `json:"seen"`
	HiddenBy  *hiddenDoc   `json:"hiddenBy"`
	Observed  *observedDoc `json:"observed"`
	Remedy    remedyDoc    `json:"remedy"`
}

type requestDoc struct {
	Method string `json:"method"`
	URL    string `json:"url"`
}

type witnessDoc struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Header string `json:"header"`
}

type hiddenDoc struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	File   string `json:"file"`
	Line   int    `json:"line"`
}

type observedDoc struct {
	Count   int      `json:"count"`
	First   string   `json:"first"`
	Last    string   `json:"last"`
	Samples []string `json:"samples"`
}

type remedyDoc struct {
	Steps    []string  `json:"steps"`
	Commands []string  `json:"commands"`
	Edits    []editDoc `json:"edits"`
}

type editDoc struct {
	Kind     string `json:"kind"`
	Target   string `json:"target"`
	Property string `json:"property"`
	Op       string `json:"op"`
	Value    string `json:"value"`
}

type skipDoc struct {
	ID      string `json:"id"`
	Reason  string `json:"reason"`
	Collect string `json:"collect"`
}

type problemDoc struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

func writeJSON(b *bytes.Buffer, r checks.Report, _ Options) error {
	return encode(b, scanDoc{
		Version:  version,
		Files:    each(r.Files, func(f snapshot.File) fileDoc { return fileDoc{f.Path, f.Kind} }),
		Read:     readDoc{r.Keys, r.Properties, r.NotUnderstood},
		Findings: each(r.Findings, findingJSON),
		Skipped:  each(r.Skipped, func(s checks.Skip) skipDoc { return skipDoc(s) }),
		Problems: each(r.Problems, problemJSON),
	})
}

func findingJSON(f checks.Finding) findingDoc {
	pos := f.Pos()
	d := findingDoc{
		ID: f.ID, Codes: list(f.Codes), Severity: string(f.Severity), Certainty: string(f.Certainty),
		Title: f.Title, Message: message(&f),
		File: pos.File, Line: pos.Line, Column: pos.Column, EndColumn: pos.EndColumn,
		Key: string(f.Key), Property: f.Property, Value: source.MaskPasswords(f.Value), Origin: string(f.Origin),
		Affects: list(f.Affects), Seen: f.Seen, Remedy: remedyJSON(f.Remedies),
	}
	if f.Witness != nil {
		d.Witness = &witnessDoc{f.Witness.Method, f.Witness.URL, f.Witness.Header}
	}
	if h := f.HiddenBy; h != nil {
		d.HiddenBy = &hiddenDoc{h.ID, h.Status, h.File, h.Line}
	}
	if o := f.Observed; o != nil {
		d.Observed = &observedDoc{o.Count, o.First, o.Last, each(o.Samples, source.MaskPasswords)}
	}
	return d
}

// remedyJSON gives the first remedy; the others follow its steps as sentences.
func remedyJSON(all []checks.Remedy) remedyDoc {
	d := remedyDoc{Steps: []string{}, Commands: []string{}, Edits: []editDoc{}}
	for i, r := range all {
		if i > 0 {
			d.Steps = append(d.Steps, alternative(r))
			continue
		}
		d.Steps = append(d.Steps, r.Steps...)
		d.Commands = append(d.Commands, r.Commands()...)
		d.Edits = each(r.Edits, func(e snapshot.Edit) editDoc {
			return editDoc{string(e.Kind), e.Target, e.Property, string(e.Op), e.Value}
		})
	}
	return d
}

// alternative is a whole remedy in one line of text.
func alternative(r checks.Remedy) string {
	parts := append([]string{"Or: " + sentence(r.Title)}, r.Steps...)
	if c := r.Commands(); len(c) > 0 {
		parts = append(parts, fmt.Sprintf("Commands: %s", strings.Join(c, " ; ")))
	}
	if r.Risk != "" {
		parts = append(parts, "Risk: "+r.Risk)
	}
	return strings.Join(parts, " ")
}

func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func problemJSON(p source.Problem) problemDoc {
	return problemDoc{p.Pos.File, p.Pos.Line, p.Pos.Column, problemText(p)}
}

// each maps a slice; the result is never nil, so that JSON shows [] and not null.
func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

func list(s []string) []string { return each(s, func(s string) string { return s }) }

// encode writes v indented. What a terminal would obey is escaped beyond what
// encoding/json does, so that printing the bytes is harmless; outside of strings
// JSON is ASCII, so only strings change.
func encode(b *bytes.Buffer, v any) error {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	for _, r := range raw.String() {
		switch {
		case !inert(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(b, `\u%04x`, r)
		}
	}
	return nil
}
