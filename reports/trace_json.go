package reports

import (
	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/source"
)

// The types below are the contract of `trace -o json`.
type traceDoc struct {
	Request requestDoc  `json:"request"`
	Target  targetDoc   `json:"target"`
	Status  string      `json:"status"`
	Reason  string      `json:"reason"`
	Because *becauseDoc `json:"because"`
	Steps   []stepDoc   `json:"steps"`
}

type targetDoc struct {
	Site         string `json:"site"`
	Pool         string `json:"pool"`
	Key          string `json:"key"`
	PhysicalPath string `json:"physicalPath"`
}

type becauseDoc struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Key      string `json:"key"`
	Property string `json:"property"`
	Value    string `json:"value"`
}

type stepDoc struct {
	Stage   string      `json:"stage"`
	Result  string      `json:"result"`
	Detail  string      `json:"detail"`
	Order   string      `json:"order"`
	Because *becauseDoc `json:"because"`
}

func traceJSON(t iis.Outcome) traceDoc {
	return traceDoc{
		Request: requestDoc{t.Request.Method, requestURL(t.Request)},
		Target: targetDoc{
			string(t.Target.Site), t.Target.Pool, string(t.Target.Key), string(t.Target.Physical),
		},
		Status:  string(t.Status),
		Reason:  t.Reason,
		Because: becauseJSON(t.Because),
		Steps: each(t.Steps, func(s iis.Step) stepDoc {
			return stepDoc{s.Stage, s.Result, source.MaskPasswords(s.Detail), string(s.Order), becauseJSON(s.Because)}
		}),
	}
}

func becauseJSON(b *iis.Because) *becauseDoc {
	if b == nil {
		return nil
	}
	pos := b.Span.Pos()
	return &becauseDoc{pos.File, pos.Line, pos.Column, string(b.Key), b.Property, source.MaskPasswords(b.Value)}
}
