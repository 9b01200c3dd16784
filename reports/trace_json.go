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
	Process *processDoc `json:"process"`
}

// processDoc is the process that a CGI request starts; null for other requests.
type processDoc struct {
	Image   string     `json:"image"`
	Creator string     `json:"creator"`
	User    string     `json:"user"`
	Audit   []auditDoc `json:"audit"`
}

type auditDoc struct {
	Event   int    `json:"event"`
	Account string `json:"account"`
	Detail  string `json:"detail"`
	Written string `json:"written"` // by the collected audit policy: yes, no or unknown
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
		Process: processJSON(t.Process),
	}
}

func processJSON(p *iis.Process) *processDoc {
	if p == nil {
		return nil
	}
	return &processDoc{string(p.Image), p.Creator, p.User, each(p.Audit, func(a iis.Audited) auditDoc {
		return auditDoc{a.ID, a.Account, a.Detail, writtenWord(a.Written)}
	})}
}

func becauseJSON(b *iis.Because) *becauseDoc {
	if b == nil {
		return nil
	}
	pos := b.Span.Pos()
	return &becauseDoc{pos.File, pos.Line, pos.Column, string(b.Key), b.Property, source.MaskPasswords(b.Value)}
}
