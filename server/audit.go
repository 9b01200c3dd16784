package server

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// workerImage is the program of a worker process.
const workerImage = `C:\WINDOWS\system32\inetsrv\w3wp.exe`

// auditStart writes what the Security log tells when a CGI program is started, and
// auditEnd when it has ended, where the collected policy audits that (S2: 560, 600,
// 593). That an access list of the image asks for 560 is assumed: listings of access
// lists do not show what they audit.
func (x *exchange) auditStart() (pid int) {
	p := x.out.Process
	if p == nil {
		return 0
	}
	x.pools.Lock()
	x.pools.pid += 4
	pid = 1200 + x.pools.pid
	x.pools.Unlock()
	for _, e := range p.Audit {
		switch e.ID {
		case 560:
			x.audit(e, "Object Access", opened(p, x.process.pid))
		case 600:
			x.audit(e, "Detailed Tracking", assigned(p, x.process.pid, pid))
		}
	}
	return pid
}

func (x *exchange) auditEnd(pid int) {
	p := x.out.Process
	if p == nil {
		return
	}
	for _, e := range p.Audit {
		if e.ID == 593 {
			x.audit(e, "Detailed Tracking", ended(p, pid))
		}
	}
}

func (x *exchange) audit(e iis.Audited, category, text string) {
	if e.Written != snapshot.Yes {
		return
	}
	when := x.options.Now().UTC().Format("2006-01-02 15:04:05")
	x.logs.write(Record{Kind: Event, Line: fmt.Sprintf(`"Success Audit","%d","%s","Security","SERVER","%s","%s","%s"`,
		e.ID, when, category, e.Account, strings.ReplaceAll(text, `"`, `""`))})
}

// opened is event 560 as published samples show it, its line ends as blanks; what
// this server has no number for is "-".
func opened(p *iis.Process, worker int) string {
	domain, name := accountParts(p.Creator)
	return fmt.Sprintf("Object Open: Object Server: Security Object Type: File Object Name: %s Handle ID: - Operation ID: - Process ID: %d Image File Name: %s Primary User Name: %s Primary Domain: %s Primary Logon ID: - Client User Name: - Client Domain: - Client Logon ID: - Accesses: SYNCHRONIZE Execute/Traverse Privileges: - Restricted SID Count: 0",
		p.Image, worker, workerImage, name, domain)
}

// assigned is event 600 as published samples show it.
func assigned(p *iis.Process, worker, pid int) string {
	domain, name := accountParts(p.Creator)
	targetDomain, target := accountParts(p.User)
	return fmt.Sprintf("A process was assigned a primary token. Assigning Process Information: Process ID: %d Image File Name: %s Primary User Name: %s Primary Domain: %s Primary Logon ID: - New Process Information: Process ID: %d Image File Name: %s Target User Name: %s Target Domain: %s Target Logon ID: -",
		worker, workerImage, name, domain, pid, p.Image, target, targetDomain)
}

// ended is event 593 in the form of 592 (KB221212); its own words are inferred.
func ended(p *iis.Process, pid int) string {
	domain, name := accountParts(p.User)
	return fmt.Sprintf("A process has exited: Process ID: %d Image File Name: %s User Name: %s Domain: %s Logon ID: -", pid, p.Image, name, domain)
}

// accountParts takes DOMAIN\name apart.
func accountParts(account string) (domain, name string) {
	domain, name, ok := strings.Cut(account, `\`)
	if !ok {
		return "-", account
	}
	return domain, name
}
