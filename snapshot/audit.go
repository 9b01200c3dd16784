package snapshot

import "strings"

// Categories of an audit policy, as [Event Audit] of a security policy names them.
const (
	AuditObjectAccess    = "AuditObjectAccess"    // event 560
	AuditProcessTracking = "AuditProcessTracking" // events 592, 593 and 600
)

func isAudit(name string) bool { return strings.EqualFold(name, "Event Audit") }

// Audits reports whether the policy writes successes of a category to the Security
// log: 1 audits successes, 2 failures, 3 both. It is Unknown where the file does not
// say; an export of the user rights alone does not.
func (r *Rights) Audits(category string) Known {
	if r == nil {
		return Unknown
	}
	switch r.audit[strings.ToLower(category)] {
	case "1", "3":
		return Yes
	case "0", "2":
		return No
	}
	return Unknown
}
