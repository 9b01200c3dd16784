package reports

import "github.com/iisdoctor/iisdoctor/metabase"

// The types below are the contract of `why -o json`.
type whyDoc struct {
	Key      string    `json:"key"`
	Property string    `json:"property"`
	Value    string    `json:"value"`
	Kind     string    `json:"kind"`
	From     string    `json:"from"` // the key that sets it, "" where none does
	File     string    `json:"file"`
	Line     int       `json:"line"`
	Column   int       `json:"column"`
	Chain    []linkDoc `json:"chain"`
}

type linkDoc struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	InForce bool   `json:"inForce"`
}

func whyJSON(from origin) whyDoc {
	pos := from.value.span.Pos()
	d := whyDoc{
		Key: from.key, Property: from.property, Value: from.value.text,
		File: pos.File, Line: pos.Line, Column: pos.Column,
		Chain: each(from.chain, func(s setting) linkDoc {
			pos := s.span.Pos()
			return linkDoc{s.key, s.text, pos.File, pos.Line, pos.Column, from.inForce(s)}
		}),
	}
	d.Kind, d.From = kindWord(from.value.kind), from.value.key
	if !from.value.set() {
		d.From = "" // the key is only where it would be written
	}
	return d
}

func kindWord(k metabase.Kind) string {
	switch k {
	case metabase.Own:
		return "own"
	case metabase.Inherited:
		return "inherited"
	case metabase.Default:
		return "default"
	}
	return "absent"
}
