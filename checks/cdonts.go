package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// mailPages are the pages that one call concerns.
type mailPages struct {
	finding *Finding
	pages   []file
	more    int // pages that are not listed
}

// maxNamed bounds the pages that all calls name together: a file of many calls may be
// included by many pages.
const maxNamed = 100_000

// cdontsRemoved: pages that create an object of CDONTS, which Windows Server 2003 no
// longer has (S1, "Collaboration Data Objects for Windows NT Server fail"). One
// finding per call, which may stand in an include file of many pages.
func cdontsRemoved(p *pass) {
	var found byPlace[mailPages]
	named := 0
	for _, f := range p.contentFiles() {
		if !f.isASP() || !f.meant() {
			continue
		}
		for _, call := range p.calls(f) {
			if call.Name != asp.CreateObject || !p.goneWithCDONTS(call.Argument) {
				continue
			}
			m, _ := found.get(call.Span)
			if named++; named > maxNamed && len(m.pages) > 0 {
				m.more++
			} else {
				m.pages = append(m.pages, f)
			}
			if m.finding == nil || m.finding.Missing != "" && doubt(call) == "" {
				m.finding = noCDONTS(p, f, call)
			}
		}
	}
	for _, m := range found.order {
		f := m.finding
		for _, page := range m.pages {
			f.Affects = append(f.Affects, page.url)
		}
		if m.more > 0 {
			f.Message += fmt.Sprintf(" (%s more that make the call are not listed)", count(m.more, "page"))
		}
		f.sign = sign{row: p.pages(m.pages), request: func(r weblog.Request) bool {
			return slices.Contains(f.Codes, r.ASP) || slices.Contains(f.Codes, r.HResult)
		}}
		p.report(*f)
	}
}

// goneWithCDONTS reports whether a class was one of CDONTS and is not registered by
// hand, as far as the registry was collected.
func (p *pass) goneWithCDONTS(class string) bool {
	if _, ok := cutFold(class, "CDONTS."); !ok {
		return false
	}
	_, known := p.snapshot.Registry.ClassServer(class)
	return known != snapshot.Yes
}

func noCDONTS(p *pass, f file, call iis.Call) *Finding {
	code, words := "800a01ad", "error 800a01ad"
	if call.OnServer {
		code, words = "ASP 0177", "ASP 0177"
	}
	message := fmt.Sprintf("%s creates %s, and Windows Server 2003 has no CDONTS any more: the page stops with %s", call.In.URL, call.Argument, words)
	switch {
	case strings.HasPrefix(call.Guarded, "On Error"):
		message = fmt.Sprintf("%s creates %s, and Windows Server 2003 has no CDONTS any more: the page goes on without an error, and no mail is sent", call.In.URL, call.Argument)
	case doubt(call) != "":
		message += " when it gets there"
	}
	return &Finding{
		Codes: []string{code}, Message: message, Missing: doubt(call), Span: call.Span,
		Witness: p.witness(f.dir, f.url), Remedies: []Remedy{convertToCDO(call.In, call.Span)},
	}
}

func convertToCDO(in iis.Page, at source.Span) Remedy {
	return Remedy{Title: "Convert the page to CDO", Steps: []string{
		fmt.Sprintf(`In %s, line %d, create CDO.Message instead.`, in.URL, at.Pos().Line),
		"From, To, Cc, Bcc and Subject keep their names. Body becomes TextBody, or HTMLBody where BodyFormat was 0; AttachFile becomes AddAttachment; Send takes no arguments.",
		"If the server has no SMTP service of its own, name one in the message's Configuration.Fields: sendusing 2 (cdoSendUsingPort) and smtpserver.",
	}}
}
