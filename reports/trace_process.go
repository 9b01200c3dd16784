package reports

import (
	"strconv"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// process tells of the process that a CGI request starts, and what an administrator
// finds of it in the Security log (Gerhards, IIS Workflow).
func (p *printer) process(c *iis.Process) {
	if c == nil {
		return
	}
	p.line()
	p.line(p.bold("CGI process"))
	p.labelled("program", string(c.Image))
	p.labelled("started by", c.Creator)
	p.labelled("runs as", c.User)
	p.line()
	p.line("  ", p.dim("what the Security log tells of it"))
	for _, a := range c.Audit {
		p.para("  "+strconv.Itoa(a.ID)+"  ", a.Account+": "+a.Detail+writtenNote(a.Written), asIs)
	}
	p.para("  ", "560 needs object access auditing and an access list of the program that asks for it; 600 and 593 need process tracking. Windows Server 2003 audits neither unless it is told to. After R. Gerhards, IIS Workflow, which tells of IIS 5.1; that the pool's account stands where IIS's own did is inferred.", p.dim)
}

func writtenNote(k snapshot.Known) string {
	switch k {
	case snapshot.Yes:
		return " (the policy audits it)"
	case snapshot.No:
		return " (the policy does not audit it)"
	}
	return ""
}

func writtenWord(k snapshot.Known) string {
	switch k {
	case snapshot.Yes:
		return "yes"
	case snapshot.No:
		return "no"
	}
	return "unknown"
}
